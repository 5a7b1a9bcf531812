"""Sessions in which a method answers for a deleted job, or raises another error than JobNotFound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, DOWNLOAD, META, MONITOR, SUBMIT, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.families import failures
from contract_tests.mutants.families.folders import folder
from contract_tests.mutants.families.occasions import MISSING_KINDS
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InvalidArgumentError, JobNotFound, MonitorReturnCode


def _keeps_meta(call: Call) -> None:
    meta = call.meta
    call.go()
    call.memory[call.job_id] = meta


_ANSWERS: Final[Mapping[str, Effect]] = {
    CLONE: lambda call: f"clone-of-{call.job_id}",
    META: lambda call: dict(call.memory[call.job_id]),
    DOWNLOAD: do.gives("/nowhere"),
    ABORT: do.skips,
    DELETE: do.skips,
    MONITOR: do.gives(MonitorReturnCode.JOB_FINISHED),
}
"""What a method says of a deleted job."""

_ANSWERED: Final[Mapping[str, Holds]] = {
    "a deleted job": when.always,
    "a deleted clone": when.origin,
    "the eleventh job that was deleted": lambda call: _deleted(call)[10:11] == [call.job_id],
    "a deleted job that had been killed": when.after(DELETE, when.was("FINISHED:ABNORMAL"), when.same_job),
    "the job deleted last, until the next one is submitted": lambda call: not call.inner.list_jobs(),
}

_RAISED: Final[Mapping[str, type[Exception]]] = {
    "an exception of its own": failures.look_alike("NotFound"),
    "another of the interface": InvalidArgumentError,
}


def _deleted(call: Call) -> list[Any]:
    return [each.job_id for each in call.earlier(DELETE) if each.ok]


def _of_deleted(method: str) -> Faults:
    answers = {
        f"{method} answers for {which}": on(method, _ANSWERS[method], when.deleted & holds) + on(DELETE, _keeps_meta)
        for which, holds in _ANSWERED.items()
    }
    errors = {
        f"{method} of a deleted job raises {which}": on(method, do.raises(error), when.deleted)
        for which, error in _RAISED.items()
    }
    return {failures.clause_of("delete.then", method): {**answers, **errors}}


def _a_clone(call: Call) -> Any:
    return next((job.job_id for job in call.jobs if job.cloned_from == call.job_id), None)


def _was_submitted(call: Call) -> bool:
    return call.birth is not None and call.birth.point == SUBMIT


def _told_before(like: Any) -> Effect:
    """What the method answered before."""

    def effect(call: Call) -> Any:
        told = when.last(call, call.point, like=like)
        assert told is not None
        return told.answer

    return effect


_NOT_HERE: Final = when.deleted & ~when.after(DELETE, like=when.same_reader)

_FAULTS: Final[Faults] = {
    "delete.then.clone-job": {
        "clones a deleted job from its clone": on(CLONE, do.about(_a_clone), when.deleted),
        "clones a job that another session has deleted from the folder it was made of": on(
            CLONE, lambda call: call.inner.submit_job(folder(call)), _NOT_HERE & when.made_here & _was_submitted
        ),
    },
    "delete.then.get-job-meta": {
        "serves the meta of a deleted job to sessions that have read it before": on(
            META, _told_before(when.same_reader), _NOT_HERE & when.after(META, like=when.same_reader)
        ),
    },
    "delete.then.download-job-result": {
        "gives the folder of a download made before the job was deleted": on(
            DOWNLOAD, _told_before(when.same_job), when.deleted & when.after(DOWNLOAD, like=when.same_job)
        ),
    },
    "delete.then.abort-job": {
        "aborts a deleted job silently half a minute later": on(
            ABORT,
            do.skips,
            when.after(DELETE, like=lambda one, other: when.same_job(one, other) and one.now - other.at > 20),
        ),
    },
    "delete.then.delete-job": {
        "takes the second deletion of a job for done": on(DELETE, do.swallows(JobNotFound, when=when.deleted)),
    },
}

MUTANTS: Final = mutants(
    __name__,
    *(_of_deleted(method) for method in JOB_METHODS),
    _FAULTS,
    failures.with_timeout(JobNotFound, "delete.then"),
    failures.wrong(JOB_METHODS, MISSING_KINDS[::-1], JobNotFound, "delete.then", _was_submitted),
)
