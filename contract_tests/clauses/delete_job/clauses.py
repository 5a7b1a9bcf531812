"""What the interface says about `delete_job`, one clause a sentence.

Their ids begin with `delete.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import ERRORS, LIFECYCLE, Promises, each_method
from contract_tests.contract.interface import JOB_METHODS

_PROMISE: Final = Promises("delete_job, and every place that remembers a job")

CLAUSES: Final = (
    _PROMISE.must(
        "delete.returns-none",
        "stated",
        LIFECYCLE,
        "delete_job returns None.",
        words="delete_job, Returns",
    ),
    _PROMISE.must(
        "delete.waiting",
        "implied",
        LIFECYCLE,
        "A job that has not started can be deleted.",
        words="delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "delete.running",
        "stated",
        LIFECYCLE,
        "A job that is being executed can be deleted: it is stopped first.",
        "a refusal of running jobs (JobNotDone)",
        words="delete_job, If the job is being executed",
    ),
    _PROMISE.must(
        "delete.dispatched",
        "implied",
        LIFECYCLE,
        "A job that is dispatched but not running yet can be deleted.",
        words="delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "delete.done",
        "implied",
        LIFECYCLE,
        "A job that is done can be deleted, however it ended.",
        words="delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "delete.never-runs",
        "implied",
        LIFECYCLE,
        "A deleted job is never executed afterwards.",
        words="delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "delete.system-info",
        "implied",
        LIFECYCLE,
        "System info does not name a deleted job.",
        words="delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "delete.list",
        "implied",
        LIFECYCLE,
        "A deleted job is in no list.",
        words="delete_job, Delete the specified job",
    ),
    _PROMISE.must(
        "delete.files",
        "stated",
        LIFECYCLE,
        "Nothing of a deleted job is left on the server.",
        words="delete_job, Everything of the job",
    ),
    _PROMISE.must(
        "delete.others",
        "implied",
        LIFECYCLE,
        "Deleting a job touches no other job, its clones included.",
        words="delete_job, Delete the specified job",
    ),
    *each_method(
        "delete.then",
        JOB_METHODS,
        "implied",
        ERRORS,
        "{method} of a deleted job raises JobNotFound.",
        "what is remembered of a deleted job",
        words="delete_job, Delete the specified job; JobNotFound",
    ),
)
