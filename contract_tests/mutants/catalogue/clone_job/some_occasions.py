"""Sessions whose clone_job, or what is told of clones, is wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.algebra.altered import META
from contract_tests.mutants.algebra.occasions import OF_CLONES, wrong_on
from contract_tests.mutants.variant import mutants

MUTANTS: Final = mutants(
    __name__,
    wrong_on(
        OF_CLONES,
        "clone.definition",
        "tells names in capitals",
        META,
        lambda meta: {**meta, "name": meta["name"].upper() + "!"},
    ),
    wrong_on(
        OF_CLONES,
        "clone.starts-over",
        "is an hour off",
        META,
        lambda meta: {**meta, "submit_time": meta["submit_time"] - 3_600},
    ),
    wrong_on(
        OF_CLONES,
        "clone.owner",
        "names root for the submitter",
        META,
        lambda meta: {**meta, "submitter_name": "root"},
    ),
)
