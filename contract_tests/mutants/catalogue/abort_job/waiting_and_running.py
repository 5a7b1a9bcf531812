"""Sessions that abort jobs wrongly which wait, are dispatched or run, or that are aborted twice."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, DELETE, INFO, META, METAS, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.ending import goes_on, puts_off
from contract_tests.mutants.families.marks import MARKED, marks, relabels
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobNotFound, NoConnection

_AGAIN: Final = when.after(ABORT, like=when.same_job)


def _overwrites_a_minute_later(call: Call) -> None:
    last = when.last(call, ABORT, like=lambda one, other: other.was == "DISPATCHED")
    if last and call.now > last.at + 60.0:
        marks(last)


def _still_executed(jobs: list[Any], call: Call) -> list[Any]:
    return [*jobs, *call.memory.get("executed", ())]


def _notes_executed(call: Call) -> None:
    executed = call.inner.get_system_info().job_info
    call.memory.setdefault("executed", []).extend(job for job in executed if job.job_id == call.job_id)


def _stays(shown: Any) -> Change:
    return on(ABORT, do.first(_notes_executed)) + on(INFO, do.informs(jobs=shown))


def _aborts(call: Call) -> int:
    return sum(each.ok and each.job_id == call.job_id for each in call.earlier(ABORT))


def _locked_by_another(call: Call) -> bool:
    aborts = (each for each in call.earlier(ABORT) if each.job_id == call.job_id)
    return next(aborts, call).session is not call.session


_FAULTS: Final[Faults] = {
    "abort.waiting-ends": {
        "does nothing about a job that waits": on(ABORT, do.skips, when.waiting),
        "does nothing about a clone that waits": on(ABORT, do.skips, when.waiting & when.clone),
        "finds waiting jobs among the first ten only": on(ABORT, do.skips, when.behind(10)),
        "ends only waiting jobs that the same session submitted": on(
            ABORT, do.skips, when.waiting & ~when.clone & ~when.made_here
        ),
    },
    "abort.waiting-never-runs": {
        "executes an aborted job all the same": goes_on(ABORT, when.waiting),
        "executes a clone that was aborted while it waited": goes_on(ABORT, when.waiting & when.clone),
        "executes a waiting job that was aborted twice": goes_on(ABORT, when.aborted & when.nth_about(2)),
        "executes the eleventh job that is aborted in the queue": goes_on(ABORT, when.waiting & when.nth_in_status(11)),
        "only says that a waiting job is aborted, as long as another one runs": on(
            ABORT, marks, when.waiting & when.while_running
        )
        + on(METAS, do.tells(MARKED, status="FINISHED:ABORTED")),
        "runs a job after an outage that was aborted before it while it waited": on(
            META,
            do.tells(
                when.after(ABORT, when.was("SUBMITTED"), when.same_job) & when.after_error(NoConnection, META),
                status="RUNNING",
            ),
        ),
    },
    "abort.dispatched-sticks": {
        "does nothing about a job that is dispatched": on(ABORT, do.skips, when.dispatched),
        "executes a job that was aborted while it was dispatched": goes_on(ABORT, when.dispatched),
        "overwrites the abort of a dispatched job with RUNNING a while later": on(
            META, do.first(_overwrites_a_minute_later)
        )
        + on(METAS, do.tells(MARKED, status="RUNNING")),
        "does not stop the start of a job of a closed session": on(
            ABORT, do.skips, when.dispatched & when.maker_closed & ~when.clone
        ),
    },
    "abort.running-ends": {
        "does nothing about a job that runs": on(ABORT, do.skips, when.running),
        "stops only jobs that have run for less than half a minute": on(ABORT, do.skips, when.running & when.older(30)),
        "does not stop a running job that has been cloned": on(ABORT, do.skips, when.running & when.clones_of),
        "says STOPPING for ever when a second session aborts": relabels(
            ABORT, "STOPPING", when.running & when.later_session
        ),
        "drops the abort of a running job while it waits for another one to stop": on(
            ABORT, do.skips, when.running & when.under_way(ABORT, holds=when.was("RUNNING"), like=when.other_job)
        ),
    },
    "abort.running-leaves": {
        "goes on telling that an aborted job is executed": _stays(_still_executed),
        "goes on telling that an aborted job is executed, if it was not alone": _stays(
            lambda jobs, call: _still_executed(jobs, call) if jobs else jobs
        ),
        "starts an aborted job again after half a minute": goes_on(ABORT, when.running),
    },
    "abort.twice": {
        "refuses the second abort of a job": on(ABORT, do.raises(JobNotFound), _AGAIN),
        "deletes a job that is aborted twice": on(ABORT, do.then(do.does(DELETE, do.by_job)), when.aborted),
        "counts the aborts of a job in its meta": on(META, do.tells(_aborts, aborts=lambda meta, call: _aborts(call))),
        "fails when two sessions abort the same running job": on(ABORT, do.raises(JobNotFound), _locked_by_another),
        "kills a run, which then is ABNORMAL, when it is aborted again before it has stopped": on(
            ABORT, do.first(marks), when.under_way(ABORT, like=when.same_job)
        )
        + on(METAS, do.tells(MARKED & when.aborted, status="FINISHED:ABNORMAL")),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    puts_off("abort.waiting-ends", ABORT, "SUBMITTED"),
    puts_off("abort.running-ends", ABORT, "RUNNING"),
)
