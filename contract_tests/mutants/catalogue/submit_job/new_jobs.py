"""Sessions that do not list or run new jobs, know no meta of them, or the wrong submitter or time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, LIST, META, METAS, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.families.folders import same_folder, submits_copy
from contract_tests.mutants.families.occasions import A_DAY, OF_METAS, wrong_on
from contract_tests.mutants.variant import Faults, mutants
from contract_tests.system.job_folders import NEVER_ENOUGH
from flare_sim.spec import InvalidJobDefinition, JobNotFound

# --- lists and metas --------------------------------------------------------------------------------------------------


def _changes_of_session(call: Call) -> Any:
    changes = call.earlier(SUBMIT, CLONE, ABORT, DELETE)
    return repr(dict(call.given)), sum(each.session is call.session for each in changes)


def _lists_not(where: Holds, holds: Holds = when.always) -> Change:
    return on(LIST, do.leaves_out(where), holds)


def _knows_not(where: Holds) -> Change:
    return on(META, do.then_raises(JobNotFound, "no such job"), where)


_KNOWN: Final[Faults] = {
    "submit.listed": {
        "lists a job only when the next one was submitted": _lists_not(when.newest_submitted),
        "does not list the newest job in detail": _lists_not(when.newest_submitted, when.detailed),
        "does not list the newest job for everyone": _lists_not(when.newest_submitted, when.everyone),
        "never lists the eleventh job": _lists_not(when.submitted(11)),
        "does not list the job submitted after a deletion": _lists_not(when.submission(when.latest(DELETE, SUBMIT))),
        "keeps a list per session until that session changes something": on(
            LIST, do.remembers(_changes_of_session, here=True)
        ),
        "lists no job that came after a refused one": _lists_not(
            when.submission(when.after_error(InvalidJobDefinition, SUBMIT))
        ),
        "does not list a job that was submitted right after a running one was aborted": _lists_not(
            when.submission(when.latest(ABORT, SUBMIT, holds=when.was("RUNNING")))
        ),
        "lists jobs of the last week": _lists_not(when.older(7 * A_DAY)),
    },
    "submit.meta": {
        "knows a job's meta only once the job was listed": _knows_not(~when.told_by(LIST)),
        "knows a job's meta only in the session that submitted it": _knows_not(~when.made_here),
        "knows the metas of the last ten jobs": _knows_not(lambda call: call.job_id in when.born(call, SUBMIT)[:-10]),
        "fails to read the meta of a job that came after a deleted one": on(
            META, do.then_raises(KeyError), when.after(DELETE) & when.newest_submitted
        ),
        "knows no meta of a job that was submitted more than an hour ago": _knows_not(when.older(3_600)),
        "lets nobody read the meta of another user's job": _knows_not(when.others),
    },
}

# --- who submitted it -------------------------------------------------------------------------------------------------

_Who = Callable[[dict[str, Any], Call], Any]


def _owner(who: str | _Who, where: Holds = when.always, points: str | tuple[str, ...] = METAS) -> Change:
    return on(points, do.tells(where, submitter_name=who))


def _made(call: Call) -> Any:
    return call.birth


def _last_submitter(meta: dict[str, Any], call: Call) -> Any:
    return next((each.user for each in [*call.earlier(SUBMIT)][::-1]), call.user)


def _who_aborted(meta: dict[str, Any], call: Call) -> Any:
    last = when.last(call, ABORT, like=when.same_job)
    return last.user if last else meta["submitter_name"]


def _of_the_monitored(meta: dict[str, Any], call: Call) -> Any:
    monitored = call.about(_made(call).outer.job_id).job
    return monitored.submitter if monitored else meta.get("submitter_name")


def _of_root(meta: dict[str, Any]) -> dict[str, Any]:
    return {**meta, "submitter_name": "root"}


_OWNERS: Final[Faults] = {
    "submit.owner": {
        "calls the first user the submitter of everything": _owner(lambda meta, call: call.system.users[0]),
        "calls whoever reads the meta the submitter": _owner(lambda meta, call: call.user),
        "calls the user of the last session opened the submitter of new jobs": _owner(
            lambda meta, call: when.last(_made(call), "open_session").answer.user, when.birth(when.always)
        ),
        "gives all jobs to whoever submitted last": _owner(_last_submitter),
        "names the role in place of the user from the third job on": _owner(
            "project_admin", ~when.clone & when.beyond(2)
        ),
        "names whoever aborted a job last as its submitter": _owner(_who_aborted, points=META),
        "lists every job as one of the user who lists": _owner(lambda meta, call: call.user, points=LIST),
        "books a job that is submitted in a callback to the submitter of the monitored job": _owner(
            _of_the_monitored, when.submission(when.in_callback)
        ),
    },
}

# --- when it was submitted --------------------------------------------------------------------------------------------


def _time(told: Callable[[float, Call], Any], where: Holds = when.always) -> Change:
    return on(META, do.tells(where, submit_time=lambda meta, call: told(meta["submit_time"], call)))


def _of_first(told: float, call: Call) -> float:
    made = _made(call)
    first = next((each for each in made.earlier(SUBMIT) if each.ok and same_folder(each, made)), None)
    return first.at if first else told


def _an_hour_earlier(meta: dict[str, Any]) -> dict[str, Any]:
    return {**meta, "submit_time": meta["submit_time"] - 3_600}


_TIMES: Final[Faults] = {
    "submit.time": {
        "dates jobs by the machine's clock, not the server's": _time(lambda told, call: time.time()),  # noqa: TID251
        "tells the submit time as text": _time(lambda told, call: call.answer.get("submit_time_iso", "")),
        "tells the submit time in milliseconds": _time(lambda told, call: told * 1000),
        "tells the time of reading as the submit time": _time(lambda told, call: call.now),
        "dates a job by the opening of its session": _time(
            lambda told, call: _made(call).session.opened.at, when.submission(when.always)
        ),
        "dates a job anew when it is done": _time(
            lambda told, call: call.memory.setdefault(call.job_id, call.now), when.done
        ),
        "is an hour off, as it mixes local time and Greenwich time": _time(lambda told, call: told + 3_600),
        "dates every job of a folder like the first one": _time(_of_first, when.submission(when.always)),
        "cuts a fraction of a second off submit_time": _time(lambda told, call: float(int(told))),
        "rounds submit_time to whole seconds": _time(lambda told, call: float(round(told))),
    },
}

# --- whether it runs --------------------------------------------------------------------------------------------------

_ABORTS: Final = do.then(do.does(ABORT, lambda call: call.answer))


def _aborts(number: Callable[[int], bool]) -> Change:
    """Abort the submissions whose number is one of those."""
    picked = do.does(ABORT, lambda call: call.answer if number(len(when.born(call, SUBMIT))) else None)
    return on(SUBMIT, do.then(picked))


def _inherits_end(call: Call) -> Any:
    job = call.go()
    earlier = [call.about(each.answer) for each in call.earlier(SUBMIT) if each.ok and same_folder(call, each)]
    call.memory[job] = any(when.done(each) for each in earlier)
    return job


def _never_runs(holds: Holds = when.always) -> Change:
    """Jobs that are told to be SUBMITTED, and aborted behind the scenes."""
    return on(SUBMIT, _ABORTS, holds) + on(META, do.tells(when.submission(holds), status="SUBMITTED"))


def _runs_long(call: Call) -> bool:
    metas = (each for each in call.earlier(META) if each.ok and when.same_job(call, each))
    return any(each.answer["status"] == "RUNNING" and call.now - each.at > 600 for each in metas)


def _waits_where(holds: Callable[[dict[str, Any], Call], bool]) -> Change:
    return on(
        SUBMIT, submits_copy(lambda meta, call: {**meta, "min_clients": NEVER_ENOUGH} if holds(meta, call) else meta)
    )


def _names_all(meta: dict[str, Any], call: Call) -> bool:
    return sorted(meta.get("mandatory_clients") or ()) == sorted(call.system.client_names)


_RUNS: Final[Faults] = {
    "submit.not-done": {
        "tells of a new job that it is done until it was looked at": on(
            METAS, do.tells(~when.told_by(*METAS), status="FINISHED:COMPLETED")
        ),
        "gives a job the end of an earlier job of the same folder": on(SUBMIT, _inherits_end)
        + on(METAS, do.tells(lambda call: call.memory.get(call.job_id), status="FINISHED:COMPLETED")),
        "begins with the status FINISHED:NONE": on(METAS, do.tells(when.waiting, status="FINISHED:NONE")),
        "aborts the job that is submitted after an abort": on(SUBMIT, _ABORTS, when.latest(ABORT, SUBMIT)),
        "aborts every eleventh job": _aborts(lambda number: number == 11),
    },
    "submit.runs": {
        "never runs a job": _never_runs(),
        "runs one job only": _never_runs(when.after(SUBMIT)),
        "runs jobs of the first user only": _never_runs(~when.user(1)),
        "runs nothing more once a job was deleted": _never_runs(when.after(DELETE)),
        "ends jobs that run for more than ten minutes": on(
            META, do.then(do.does(ABORT, lambda call: call.job_id)), when.running & _runs_long
        ),
        "runs nothing more for a while after an error": _never_runs(when.after_error(InvalidJobDefinition, SUBMIT)),
        "gives up every sixth job": _aborts(lambda number: number % 6 == 0),
        "never schedules a job that needs as many clients as there are": _waits_where(
            lambda meta, call: meta.get("min_clients") == len(call.system.client_names)
        ),
        "never schedules a job that names all clients as mandatory": _waits_where(_names_all),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _KNOWN,
    _OWNERS,
    _TIMES,
    _RUNS,
    wrong_on(OF_METAS, "submit.owner", "names root for the submitter", META, _of_root),
    wrong_on(OF_METAS, "submit.time", "is an hour off", META, _an_hour_earlier),
)
