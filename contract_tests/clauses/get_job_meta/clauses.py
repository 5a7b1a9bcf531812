"""What the interface says about `get_job_meta`, one clause a sentence.

Their ids begin with `meta.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import LIFECYCLE, USERS, Promises

_PROMISE: Final = Promises("get_job_meta, and what lies between it and the server's state")

CLAUSES: Final = (
    _PROMISE.must(
        "meta.dict",
        "stated",
        LIFECYCLE,
        "get_job_meta returns a dict.",
        words="get_job_meta, signature; get_job_meta, Returns",
    ),
    _PROMISE.must(
        "meta.keys",
        "implied",
        LIFECYCLE,
        "A job's meta has at least job_id, name, status, submitter_name and submit_time.",
        "the keys the meta is put together from",
        words="get_job_meta, Returns",
    ),
    _PROMISE.must(
        "meta.job-id",
        "implied",
        LIFECYCLE,
        "The job_id in a job's meta is the id it was asked by.",
        words="get_job_meta, Args: job_id",
    ),
    _PROMISE.must(
        "meta.name",
        "implied",
        LIFECYCLE,
        "The name in a job's meta is the one of its definition.",
        words="get_job_meta, Get the meta info",
    ),
    _PROMISE.must(
        "meta.status",
        "implied",
        LIFECYCLE,
        "The status in a job's meta is a str that is not empty.",
        words="get_job_meta, Get the meta info",
    ),
    _PROMISE.must(
        "meta.callers-copy",
        "implied",
        LIFECYCLE,
        "A meta belongs to the caller: changing it, at any depth, changes nothing about the job.",
        "whether the stored meta itself is handed out",
        words="get_job_meta, Returns",
    ),
    _PROMISE.must(
        "meta.snapshot",
        "implied",
        LIFECYCLE,
        "A meta is a snapshot: it does not change after it was returned.",
        "whether a live or cached dict is handed out",
        words="get_job_meta, Returns",
    ),
    _PROMISE.must(
        "meta.no-effect",
        "implied",
        LIFECYCLE,
        "Reading a job's meta has no effect on any job.",
        words="get_job_meta, Get the meta info",
    ),
    _PROMISE.must(
        "meta.fresh",
        "implied",
        LIFECYCLE,
        "A meta tells the job's state at the time of the call, not of an earlier one.",
        "caches between the caller and the server",
        words="get_job_meta, Get the meta info",
    ),
    _PROMISE.must(
        "meta.sessions-agree",
        "implied",
        USERS,
        "Two sessions of a user read the same meta at the same time.",
        words="get_job_meta, Get the meta info",
    ),
)
