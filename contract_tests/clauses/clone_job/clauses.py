"""What the interface says about `clone_job`, one clause a sentence.

Their ids begin with `clone.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import LIFECYCLE, USERS, Promises

_PROMISE: Final = Promises("clone_job, and what the new job is made from")

CLAUSES: Final = (
    _PROMISE.must(
        "clone.returns-id", "stated", LIFECYCLE, "clone_job returns the new job's id: a str that is not empty."
    ),
    _PROMISE.must("clone.new-id", "stated", LIFECYCLE, "A clone has an id that no job had before."),
    _PROMISE.must(
        "clone.definition",
        "implied",
        LIFECYCLE,
        "A clone has the original's name, deploy map, resource specification, minimum and mandatory clients.",
        "which keys of the meta are carried over",
    ),
    _PROMISE.must(
        "clone.starts-over",
        "implied",
        LIFECYCLE,
        "A clone starts at the beginning, whatever state the original is in.",
        "whether status or run times are carried over",
    ),
    _PROMISE.must("clone.listed", "implied", LIFECYCLE, "A clone is in its owner's list from then on."),
    _PROMISE.must("clone.original-untouched", "implied", LIFECYCLE, "Cloning changes nothing about the original."),
    _PROMISE.must("clone.runs", "implied", LIFECYCLE, "The clone of a finished job is run to its end."),
    _PROMISE.must(
        "clone.apart-on-abort",
        "implied",
        LIFECYCLE,
        "Aborting a clone leaves its original alone, and the other way round.",
        "what clone and original share",
    ),
    _PROMISE.must(
        "clone.apart-on-delete",
        "implied",
        LIFECYCLE,
        "Deleting a clone leaves its original alone, and the other way round.",
        "what clone and original share",
    ),
    _PROMISE.must("clone.owner", "implied", USERS, "The submitter of a clone is the user who cloned."),
)
