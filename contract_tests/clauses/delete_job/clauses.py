"""What the interface says about `delete_job`, one clause a sentence.

Their ids begin with `delete.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import ERRORS, LIFECYCLE, Promises, each_method
from contract_tests.contract.interface import JOB_METHODS

_PROMISE: Final = Promises("delete_job, and every place that remembers a job")

CLAUSES: Final = (
    _PROMISE.must("delete.returns-none", "stated", LIFECYCLE, "delete_job returns None."),
    _PROMISE.must("delete.waiting", "stated", LIFECYCLE, "A job that has not started can be deleted."),
    _PROMISE.must(
        "delete.running",
        "stated",
        LIFECYCLE,
        "A job that is being executed can be deleted: it is stopped first.",
        "a refusal of running jobs (JobNotDone)",
    ),
    _PROMISE.must(
        "delete.dispatched", "stated", LIFECYCLE, "A job that is dispatched but not running yet can be deleted."
    ),
    _PROMISE.must("delete.done", "stated", LIFECYCLE, "A job that is done can be deleted, however it ended."),
    _PROMISE.must("delete.never-runs", "implied", LIFECYCLE, "A deleted job is never executed afterwards."),
    _PROMISE.must("delete.system-info", "implied", LIFECYCLE, "System info does not name a deleted job."),
    _PROMISE.must("delete.list", "implied", LIFECYCLE, "A deleted job is in no list."),
    _PROMISE.must("delete.files", "stated", LIFECYCLE, "Nothing of a deleted job is left on the server."),
    _PROMISE.must("delete.others", "implied", LIFECYCLE, "Deleting a job touches no other job, its clones included."),
    *each_method(
        "delete.then",
        JOB_METHODS,
        "implied",
        ERRORS,
        "{method} of a deleted job raises JobNotFound.",
        "what is remembered of a deleted job",
    ),
)
