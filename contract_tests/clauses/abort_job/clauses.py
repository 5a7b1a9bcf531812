"""What the interface says about `abort_job`, one clause a sentence.

Their ids begin with `abort.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import LIFECYCLE, Promises

_PROMISE: Final = Promises("abort_job, and what goes on in the job meanwhile")

CLAUSES: Final = (
    _PROMISE.must(
        "abort.returns-none",
        "stated",
        LIFECYCLE,
        "abort_job returns None.",
        words="abort_job, Returns",
    ),
    _PROMISE.must(
        "abort.done-no-effect",
        "stated",
        LIFECYCLE,
        "Aborting a job that is done has no effect at all.",
        words="abort_job, If the job is already done",
    ),
    _PROMISE.must(
        "abort.waiting-ends",
        "implied",
        LIFECYCLE,
        "A job aborted before it started becomes a finished one.",
        words="abort_job, If job is not started yet",
    ),
    _PROMISE.must(
        "abort.waiting-never-runs",
        "stated",
        LIFECYCLE,
        "A job aborted before it started never runs.",
        words="abort_job, If job is not started yet",
    ),
    _PROMISE.must(
        "abort.dispatched-sticks",
        "implied",
        LIFECYCLE,
        "The abort of a job that is dispatched but not running yet sticks: it ends and never runs.",
        "a start that was under way when the abort came",
        words="abort_job, If job is not started yet; abort_job, If the job is being executed",
    ),
    _PROMISE.must(
        "abort.running-ends",
        "stated",
        LIFECYCLE,
        "A job aborted while it runs stops and becomes a finished one.",
        words="abort_job, If the job is being executed",
    ),
    _PROMISE.must(
        "abort.running-leaves",
        "implied",
        LIFECYCLE,
        "A job aborted while it ran is executed no more.",
        words="abort_job, If the job is being executed",
    ),
    _PROMISE.must(
        "abort.twice",
        "implied",
        LIFECYCLE,
        "Aborting a job twice is the same as aborting it once.",
        words="abort_job, If the job is already done",
    ),
    _PROMISE.must(
        "abort.others",
        "implied",
        LIFECYCLE,
        "Aborting a job touches no other job.",
        words="abort_job, Abort the specified job",
    ),
)
