"""What the interface says about the life of a job, across all methods, one clause a sentence.

Their ids begin with `life.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import FAULTS, LIFECYCLE, USERS, Promises

_PROMISE: Final = Promises("the steps of a job's life, and everything that takes one")
_STEPS: Final = "; ".join(
    f"abort_job, {passage}"
    for passage in ("If job is not started yet", "If the job is being executed", "If the job is already done")
)

CLAUSES: Final = (
    _PROMISE.must(
        "life.order",
        "implied",
        LIFECYCLE,
        "A job's status goes from submitted over dispatched and running to finished.",
        words=_STEPS,
    ),
    _PROMISE.must(
        "life.no-step-back",
        "implied",
        LIFECYCLE,
        "A job's status never steps back.",
        words=_STEPS,
    ),
    _PROMISE.must(
        "life.final",
        "implied",
        LIFECYCLE,
        "The status of a finished job never changes again.",
        words="abort_job, If the job is already done",
    ),
    *(
        _PROMISE.should(
            f"life.ends.{how}",
            "observed",
            LIFECYCLE,
            f"A job that {text} ends as FINISHED:{status}.",
            "the status names",
        )
        for how, text, status in (
            ("completed", "runs to its end", "COMPLETED"),
            ("aborted", "is aborted", "ABORTED"),
            ("exception", "fails on the server", "EXECUTION_EXCEPTION"),
            ("abnormal", "is killed", "ABNORMAL"),
            ("unschedulable", "could not be scheduled in the tries it has", "CAN_NOT_SCHEDULE"),
            ("not-deployed", "cannot be deployed", "FAILED_TO_RUN"),
        )
    ),
    _PROMISE.must(
        "life.side-by-side",
        "implied",
        LIFECYCLE,
        "Jobs live side by side: the fate of one is not the fate of another.",
        words="abort_job, Abort the specified job; delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "life.model",
        "implied",
        USERS,
        "Any sequence of calls, from any sessions of any users, agrees with a small model of these clauses.",
        "state kept outside the server: caches, counters, what an earlier call left behind",
        words="SessionSpec",
    ),
    _PROMISE.must(
        "life.concurrent",
        "implied",
        FAULTS,
        "Calls from several threads at once lose nothing: each has the effect it has alone.",
        "what the threads share",
        words="SessionSpec",
    ),
)
