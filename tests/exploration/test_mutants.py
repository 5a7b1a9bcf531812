"""Exploration is put to the proof: mutants that it takes a sequence to notice are found by sequences of four calls."""

from __future__ import annotations

import sys

import pytest

from contract_tests.exploration.alphabet import Alphabet
from contract_tests.exploration.explorer import Explorer, remembering
from contract_tests.mutants.catalogue import all_mutants
from contract_tests.mutants.variant import Variant

DEEP = [
    mutant
    for mutant in all_mutants()
    if mutant.clause == "life.model"
    or mutant.name == "outage.recovery/does-not-submit-any-more-after-an-outage-it-has-noticed"
]


@pytest.mark.parametrize("mutant", DEEP, ids=lambda mutant: mutant.name)
def test_a_mutant_of_sequences_is_found(mutant: Variant) -> None:
    """Whatever it remembers of calls that were made; two of them are not found where that is not told apart."""
    fault = "outage" if mutant.clause.startswith("outage") else ""

    found = Explorer(mutant.system, Alphabet(fault=fault), remembering).explore(4)

    assert found.failure is not None
    sys.stdout.write(f"{len(found.levels) + 1} calls: {found.failure}\n")
