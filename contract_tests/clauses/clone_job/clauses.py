"""What the interface says about `clone_job`, one clause a sentence.

Their ids begin with `clone.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import LIFECYCLE, USERS, Promises

_PROMISE: Final = Promises("clone_job, and what the new job is made from")

CLAUSES: Final = (
    _PROMISE.must(
        "clone.returns-id",
        "stated",
        LIFECYCLE,
        "clone_job returns the new job's id: a str that is not empty.",
        words="clone_job, signature; clone_job, Returns",
    ),
    _PROMISE.must(
        "clone.new-id",
        "stated",
        LIFECYCLE,
        "A clone has an id that no job had before.",
        words="clone_job, Create a new job; clone_job, Returns",
    ),
    _PROMISE.must(
        "clone.definition",
        "implied",
        LIFECYCLE,
        "A clone has the original's name, deploy map, resource specification, minimum and mandatory clients.",
        "which keys of the meta are carried over",
        words="clone_job, Create a new job",
    ),
    _PROMISE.must(
        "clone.starts-over",
        "implied",
        LIFECYCLE,
        "A clone starts at the beginning, whatever state the original is in.",
        "whether status or run times are carried over",
        words="clone_job, Create a new job",
    ),
    _PROMISE.must(
        "clone.listed",
        "implied",
        LIFECYCLE,
        "A clone is in its owner's list from then on.",
        words="clone_job, Create a new job; list_jobs, Args: all",
    ),
    _PROMISE.must(
        "clone.original-untouched",
        "implied",
        LIFECYCLE,
        "Cloning changes nothing about the original.",
        words="clone_job, Create a new job",
    ),
    _PROMISE.must(
        "clone.runs",
        "implied",
        LIFECYCLE,
        "The clone of a finished job is run to its end.",
        words="clone_job, Create a new job",
    ),
    _PROMISE.must(
        "clone.apart-on-abort",
        "implied",
        LIFECYCLE,
        "Aborting a clone leaves its original alone, and the other way round.",
        "what clone and original share",
        words="clone_job, Create a new job",
    ),
    _PROMISE.must(
        "clone.apart-on-delete",
        "implied",
        LIFECYCLE,
        "Deleting a clone leaves its original alone, and the other way round.",
        "what clone and original share",
        words="clone_job, Create a new job",
    ),
    _PROMISE.must(
        "clone.owner",
        "implied",
        USERS,
        "The submitter of a clone is the user who cloned.",
        words="clone_job, Create a new job; list_jobs, Args: all",
    ),
)
