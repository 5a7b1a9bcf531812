"""What the interface says about the life of a job, across all methods, one clause a sentence.

Their ids begin with `life.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import FAULTS, LIFECYCLE, USERS, Promises

_PROMISE: Final = Promises("the steps of a job's life, and everything that takes one")

CLAUSES: Final = (
    _PROMISE.must(
        "life.order",
        "implied",
        LIFECYCLE,
        "A job's status goes from submitted over dispatched and running to finished.",
    ),
    _PROMISE.must("life.no-step-back", "implied", LIFECYCLE, "A job's status never steps back."),
    _PROMISE.must("life.final", "implied", LIFECYCLE, "The status of a finished job never changes again."),
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
        "life.side-by-side", "implied", LIFECYCLE, "Jobs live side by side: the fate of one is not the fate of another."
    ),
    _PROMISE.must(
        "life.model",
        "implied",
        USERS,
        "Any sequence of calls, from any sessions of any users, agrees with a small model of these clauses.",
        "state kept outside the server: caches, counters, what an earlier call left behind",
    ),
    _PROMISE.must(
        "life.concurrent",
        "implied",
        FAULTS,
        "Calls from several threads at once lose nothing: each has the effect it has alone.",
        "what the threads share",
    ),
)
