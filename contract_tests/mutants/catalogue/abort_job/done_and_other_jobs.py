"""Sessions whose abort_job returns something, or does something to jobs that are done, or to other jobs."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, DOWNLOAD, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.relatives import among, orphan, siblings
from contract_tests.mutants.families.marks import relabels
from contract_tests.mutants.families.occasions import OF_CALLS_ABOUT_A_JOB, bound_to_threads, wrong_on
from contract_tests.mutants.families.results import emptied
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobNotDone, JobNotFound

_WHEN_DONE: Final = when.after(ABORT, when.was("FINISHED"), when.same_job)
_MANY: Final = 3
"""Jobs that are executed at one time."""


def _of_the_same_name(call: Call) -> list[str]:
    known = call.job
    return [job.job_id for job in call.jobs if known and job.name == known.name and job != known]


def _started_last_of_many(call: Call) -> Any:
    others = [job.job_id for job in call.inner.get_system_info().job_info if job.job_id != call.job_id]
    return others[-1] if len(others) >= _MANY else None


_FAULTS: Final[Faults] = {
    "abort.returns-none": {
        "returns the server's message": on(ABORT, do.answers_of(lambda answer, call: f"job {call.job_id} was aborted")),
        "returns False for a job that was done already": on(ABORT, do.answers(lambda answer: False), when.done),
        "raises JobNotDone for a job that failed": on(ABORT, do.raises(JobNotDone), when.failed),
        "returns the meta when a clone that runs is aborted": on(
            ABORT, do.answers_of(lambda answer, call: call.meta), when.running & when.clone
        ),
    },
    "abort.done-no-effect": {
        "marks a completed job as aborted": relabels(ABORT, "FINISHED:ABORTED", when.completed),
        "marks a job that was killed as aborted, when it is aborted the third time": relabels(
            ABORT, "FINISHED:ABORTED", when.killed & when.nth_about(3)
        ),
        "runs a job that was given up once more when it is aborted": relabels(ABORT, "SUBMITTED", when.given_up),
        "refuses to abort a completed job": on(ABORT, do.raises(JobNotFound), when.completed),
        "deletes a failed job that is aborted": on(ABORT, do.then(do.does(DELETE, do.by_job)), when.failed),
        "loses the result of a job that is aborted after its end": on(DOWNLOAD, do.raises(JobNotFound), _WHEN_DONE),
        "submits a completed clone once more when it is aborted": on(
            ABORT, do.then(do.does(CLONE, do.by_job)), when.completed & when.clone
        ),
        "throws away what a job left when it is aborted once it is done": on(DOWNLOAD, emptied, _WHEN_DONE),
        "aborts the clones that wait of a job that is done": on(
            ABORT, do.also(among(when.clones_of, when.waiting)), when.done
        ),
    },
    "abort.others": {
        "aborts every job of the same name": on(ABORT, do.then(do.does(ABORT, _of_the_same_name))),
        "aborts the clones of an aborted job": on(ABORT, do.also(when.clones_of)),
        "aborts the original of an aborted clone": on(ABORT, do.also(when.origin)),
        "stops everything that runs when a running job is aborted": on(
            ABORT, do.then(do.does(ABORT, do.those(when.running))), when.running
        ),
        "aborts the waiting jobs of other users with a job that waits": on(
            ABORT, do.then(do.does(ABORT, do.those(when.waiting & when.others))), when.waiting
        ),
        "stops the job that was started last as well, when many are executed": on(
            ABORT, do.also(_started_last_of_many), when.running
        ),
        "aborts all clones of a deleted job when one of them is aborted": on(
            ABORT, do.first(do.does(ABORT, siblings)), orphan
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    wrong_on(OF_CALLS_ABOUT_A_JOB, "abort.returns-none", "returns True from abort_job", ABORT, lambda answer: True),
    bound_to_threads("abort.returns-none", ABORT),
)
