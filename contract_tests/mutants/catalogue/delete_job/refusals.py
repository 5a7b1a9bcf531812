"""Sessions that refuse to delete, or whose delete_job returns something."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import DELETE, DOWNLOAD, LIST, MONITOR, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.marks import MARKED, marks
from contract_tests.mutants.families.occasions import OF_CALLS_ABOUT_A_JOB, bound_to_threads, wrong_on
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, JobNotDone, JobNotFound

_REFUSES: Final = do.raises(JobNotDone, "the job can't be deleted")
_FAILS: Final = do.raises(InternalError, "there is no workspace")


def _answers_meta(call: Call) -> Any:
    meta = call.meta
    call.go()
    return meta


def _clones_left(answer: Any, call: Call) -> Any:
    return sum(job.cloned_from == call.job_id for job in call.jobs) or None


def _fetched_elsewhere(call: Call) -> bool:
    fetched = when.last(call, DOWNLOAD, like=when.same_job)
    return fetched is not None and fetched.session is not call.session


_FAULTS: Final[Faults] = {
    "delete.returns-none": {
        "returns True": on(DELETE, do.answers(lambda answer: True)),
        "returns the meta of a deleted job that had failed": on(DELETE, _answers_meta, when.failed),
        "returns how many of a job's clones are left": on(DELETE, do.answers_of(_clones_left)),
    },
    "delete.waiting": {
        "refuses to delete a job that waits": on(DELETE, _REFUSES, when.waiting),
        "refuses to delete a job that waits and has a clone": on(DELETE, _REFUSES, when.waiting & when.clones_of),
        "only hides a job that waits from the list": on(DELETE, marks, when.waiting) + on(LIST, do.leaves_out(MARKED)),
    },
    "delete.running": {
        "refuses to delete a job that runs, as servers of NVFLARE 2.3 do": on(DELETE, _REFUSES, when.running),
        "refuses to delete a job that runs beside another": on(
            DELETE, _REFUSES, when.running & when.another_job(when.running)
        ),
        "refuses to delete a running job of a closed session": on(
            DELETE, _REFUSES, when.running & when.maker_closed & ~when.clone
        ),
        "refuses to delete a running job that somebody monitors": on(
            DELETE, _REFUSES, when.running & when.under_way(MONITOR, like=when.same_job)
        ),
    },
    "delete.dispatched": {
        "refuses to delete a job that is dispatched": on(DELETE, _REFUSES, when.dispatched),
        "fails to delete a clone that is dispatched": on(DELETE, _FAILS, when.dispatched & when.clone),
    },
    "delete.done": {
        "refuses to delete a job that was given up": on(DELETE, _REFUSES, when.given_up),
        "refuses to delete a job that was killed": on(DELETE, _REFUSES, when.killed),
        "refuses to delete a completed job whose result was downloaded": on(
            DELETE, _REFUSES, when.exists & when.after(DOWNLOAD, like=when.same_job)
        ),
        "does not find the eleventh job that is done": on(DELETE, do.raises(JobNotFound), when.done & when.behind(10)),
        "refuses to delete a job whose result another session has downloaded": on(
            DELETE, _REFUSES, when.exists & _fetched_elsewhere
        ),
        "can't delete a clone that could not be run, for want of its workspace": on(
            DELETE, _FAILS, when.clone & when.status("FINISHED:FAILED_TO_RUN")
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    wrong_on(OF_CALLS_ABOUT_A_JOB, "delete.returns-none", "returns True from delete_job", DELETE, lambda answer: True),
    bound_to_threads("delete.waiting", DELETE),
)
