"""Sessions in which jobs leave out steps of their life, go back, end wrongly, or change when they are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DOWNLOAD, LIST, META, METAS, MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions import Condition, same_job
from contract_tests.mutants.families import clients
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import NoConnection


def _told(status: Any, where: Holds = when.always) -> Change:
    return on(METAS, do.tells(where, status=status))


def _is_number(number: int) -> Condition:
    """Of the how manieth of the jobs that are there, from 1."""
    return Condition(
        f"for job {number}", lambda call: [job.job_id for job in call.jobs[number - 1 : number]] == [call.job_id]
    )


def _look(holds: Callable[[int], bool]) -> Condition:
    """At those looks at a job, counted from 1, of whose number something is true; only those are counted it is for."""

    def is_look(call: Call) -> bool:
        call.memory[call.job_id] = call.memory.get(call.job_id, 0) + 1
        return holds(call.memory[call.job_id])

    return Condition("at some looks", is_look)


def _seen_for(seconds: float) -> Condition:
    """Of a job for which this was first asked so many seconds ago."""
    return Condition(
        f"seen for {seconds:g} s", lambda call: call.now - call.memory.setdefault(call.job_id, call.now) > seconds
    )


def _kept_for_five_seconds(meta: dict[str, Any], call: Call) -> Any:
    if call.job_id not in call.own or call.now - call.own[call.job_id][1] > 5:
        call.own[call.job_id] = meta["status"], call.now
    return call.own[call.job_id][0]


def _of_the_list_before(meta: dict[str, Any], call: Call) -> Any:
    before, call.memory[call.job_id] = call.memory.get(call.job_id, meta["status"]), meta["status"]
    return before


def _missed(call: Call) -> bool:
    """Whether the session's look before met an outage."""
    looks = [each for each in call.earlier(META) if each.session is call.session]
    return bool(looks) and isinstance(looks[-1].error, NoConnection)


def _ended_before_session(call: Call) -> bool:
    end = call.job.end_time if call.job else None
    return end is not None and end < call.session.opened.at


_SWAPPED: Final = {"RUNNING": "DISPATCHED", "DISPATCHED": "RUNNING"}

_STEPS: Final[Faults] = {
    "life.order": {
        "does not know the status DISPATCHED": _told("SUBMITTED", when.dispatched),
        "tells RUNNING of a job that is dispatched": _told("RUNNING", when.dispatched),
        "tells DISPATCHED of a job that runs": _told("DISPATCHED", when.running),
        "tells DISPATCHED of a job that waits": _told("DISPATCHED", when.waiting),
        "tells RUNNING before DISPATCHED": _told(lambda meta, call: _SWAPPED.get(meta["status"], meta["status"])),
        "leaves a step out for clones": _told("RUNNING", when.dispatched & when.clone),
        "leaves a step out for the second job": _told("SUBMITTED", when.dispatched & _is_number(2)),
        "leaves a step out for jobs of other users": _told("DISPATCHED", when.running & when.others),
        "leaves a step out for the eleventh job": _told("DISPATCHED", when.running & _is_number(11)),
    },
    "life.no-step-back": {
        "tells a session the status it was told five seconds ago": _told(_kept_for_five_seconds),
        "tells of a done job that it runs, at the second look after its end": _told(
            "RUNNING", when.done & _look(lambda number: number == 2)
        ),
        "tells SUBMITTED at every eleventh look": _told("SUBMITTED", _look(lambda number: number % 11 == 0)),
        "tells SUBMITTED of a job that was cloned": _told("SUBMITTED", when.clones_of),
        "tells of a job that it is dispatched while somebody monitors it again": _told(
            "DISPATCHED", when.running & when.after(MONITOR, like=same_job)
        ),
        "tells of an aborted job that it runs until it has been looked at": _told(
            "RUNNING", when.aborted & _look(lambda number: number == 3)
        ),
        "tells in the list what was so at the list before": on(LIST, do.tells(status=_of_the_list_before)),
        "tells SUBMITTED at the first look of a session that has seen an outage": on(
            META, do.tells((when.dispatched | when.running) & _missed, status="SUBMITTED")
        ),
        "says SUBMITTED again of a running job when all its clients have dropped out": _told(
            "SUBMITTED", when.running & clients.all_gone
        ),
    },
    "life.final": {
        "tells ABORTED of a done job that was aborted": _told(
            "FINISHED:ABORTED", when.done & when.after(ABORT, like=same_job)
        ),
        **{
            f"changes the status of a done job in {method}": _told(
                "FINISHED:ARCHIVED", when.done & when.after(method, like=same_job)
            )
            for method in (CLONE, DOWNLOAD, MONITOR)
        },
        "tells another status of a job that has been done for a minute": _told(
            "FINISHED:ARCHIVED", when.done & _seen_for(60)
        ),
        "tells ABANDONED of a job that has been done for a day": _told(
            "FINISHED:ABANDONED", when.done & _seen_for(86_400)
        ),
        "tells COMPLETED of an aborted job in the end": _told("FINISHED:COMPLETED", when.aborted & _seen_for(300)),
        "tells COMPLETED of a failed job an hour later": _told("FINISHED:COMPLETED", when.failed & _seen_for(3_600)),
        "tries a job again it had given up": _told(
            "SUBMITTED", when.status("FINISHED:CAN_NOT_SCHEDULE") & _seen_for(1_000)
        ),
        "tells a new session that a done job was abandoned": _told(
            "FINISHED:ABANDONED", when.done & _ended_before_session
        ),
    },
    "life.ends.aborted": {
        "tells COMPLETED of a job that was aborted while it was dispatched": _told(
            "FINISHED:COMPLETED", when.aborted & when.after(ABORT, when.was("DISPATCHED"), like=same_job)
        ),
        "abandons a job that another user aborts": _told(
            "FINISHED:ABANDONED", when.done & when.after(ABORT, when.others & ~when.was("FINISHED"), like=same_job)
        ),
    },
}

_ENDS: Final[Mapping[str, str]] = {
    "completed": "COMPLETED",
    "aborted": "ABORTED",
    "exception": "EXECUTION_EXCEPTION",
    "abnormal": "ABNORMAL",
    "unschedulable": "CAN_NOT_SCHEDULE",
    "not-deployed": "FAILED_TO_RUN",
}


def _ends_wrongly(how: str, status: str) -> Faults:
    right = when.status(f"FINISHED:{status}")
    other = "FINISHED:COMPLETED" if status == "ABNORMAL" else "FINISHED:ABNORMAL"
    return {
        f"life.ends.{how}": {
            f"tells {other} of a job that ends {status}": _told(other, right),
            f"tells FINISHED and no more of a job that ends {status}": _told("FINISHED", right),
            f"tells {other} of a clone that ends {status}": _told(other, right & when.clone),
            f"tells {other} of another user's job that ends {status}": _told(other, right & when.others),
        }
    }


MUTANTS: Final = mutants(__name__, _STEPS, *(_ends_wrongly(how, status) for how, status in _ENDS.items()))
