"""The proof: every fault is caught by its own clause, tells its story and can be repeated; no innocent is accused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from contract_tests import repro
from contract_tests.catalogue import CATALOGUE
from contract_tests.failure_text import failure_text
from contract_tests.proof.faulty import all_faults
from contract_tests.proof.innocent import all_innocents
from contract_tests.proof.matrix import (
    FaultResult,
    InnocentResult,
    Proof,
    on_own_clause,
    prove,
    try_innocent,
)
from contract_tests.proof.registry import Variant, VariantTable
from contract_tests.proof.wrapper import Wrapper
from contract_tests.resolve import REFERENCE, factory
from contract_tests.run import run_suite
from contract_tests.runner import RunSettings
from contract_tests.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

FAULTS = all_faults()
INNOCENTS = all_innocents()


def test_there_are_faults_for_every_clause() -> None:
    """At least one for each judged clause, and more than 150 in all."""
    broken = {fault.clause for fault in FAULTS}

    assert [clause.id for clause in CATALOGUE if clause.judged and clause.id not in broken] == []
    assert len(FAULTS) >= 150


def test_there_are_enough_innocents() -> None:
    """At least 40 ways to be different and right."""
    assert len(INNOCENTS) >= 40


def test_names_are_unique_and_lead_to_the_system() -> None:
    """A variant can be named on the command line, by its module and class."""
    names = [variant.name for variant in (*FAULTS, *INNOCENTS)]

    assert len(names) == len(set(names))
    for variant in (*FAULTS, *INNOCENTS):
        system = variant.system
        assert factory(f"{system.__module__}:{system.__qualname__}") is system, variant.name


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_caught_told_and_repeated(fault: Variant, tmp_path: Path) -> None:
    """Its own clause is violated, by a check of its own; the text has the facts; the script shows it again."""
    results = on_own_clause(fault)

    told = [(result.check, str(result.verdict), result.message) for result in results]
    assert "violated" in [verdict for _, verdict, _ in told], told
    failure = next(result for result in results if result.verdict is Verdict.VIOLATED)
    name = f"{fault.system.__module__}:{fault.system.__qualname__}"
    text = failure_text(failure, name, 0)
    for fact in (fault.clause, CATALOGUE[fault.clause].statement, failure.expected, failure.observed, "look at:"):
        assert fact
        assert fact in text
    assert failure.operations
    script = repro.read(repro.write(failure, name, 0, tmp_path))
    held = {"check": script.check, "inputs": json.dumps(script.inputs), "system": script.system}
    tries = 1 if fault.clause not in ("submit.concurrent", "life.concurrent") else 20  # threads race anew every time
    assert 1 in (repro.main(held, []) for _ in range(tries))
    assert repro.main(held, ["--system", REFERENCE]) == 0


SOME = (
    "facade",
    "numbered-ids",
    "few-keys",
    "subclassed-exceptions",
    "sorted-by-status",
    "slow-replies",
    "only-sessions",
    "one-user",
)
"""Innocents that differ most from each other; ``flare-contract prove`` tries them all, and thoroughly."""


@pytest.mark.parametrize("name", SOME)
def test_an_innocent_is_spared(name: str) -> None:
    """Nothing is held against it."""
    innocent = next(variant for variant in INNOCENTS if variant.name == name)

    report = run_suite(innocent.system, RunSettings(1))

    assert [(failure.clause.id, failure.message) for failure in report.failures] == []


def test_a_wrong_fault_is_refused() -> None:
    """A fault of no clause, or a second one of the same name, is a mistake in the catalogue."""
    table = VariantTable()
    table.fault("delete.running", "keeps it")(type("Keeper", (Wrapper,), {}))

    with pytest.raises(ValueError, match="no clause"):
        table.fault("no.clause", "breaks nothing")
    with pytest.raises(ValueError, match="two variants"):
        table.fault("delete.running", "keeps it")(type("Keeper", (Wrapper,), {}))


def test_a_proof_counts_what_it_found() -> None:
    """It is proven only when all faults are caught, nobody is accused, no clause and no check is left out."""
    caught = FaultResult("a", "delete.running", "", True, "violated", ["delete.running"])
    survivor = FaultResult("b", "delete.running", "", False, "met", [])
    accused = InnocentResult("c", "", ["list.own"])

    assert (Proof([caught, survivor], []).killed, Proof([caught], [accused]).accused) == (1, 1)
    assert not Proof([caught], []).proven  # no fault for all the other clauses
    assert "delete.running" not in Proof([caught], []).uncovered
    assert "delete.running" not in Proof([caught], []).idle
    assert Proof([caught], []).idle != []
    assert Proof([caught], [], whole=False).proven  # of a part nothing is said about the rest
    assert [problem.partition(":")[0] for problem in Proof([survivor], [accused], whole=False).problems] == [
        "survives",
        "accused",
    ]


def test_the_matrix_lists_what_else_a_fault_breaks() -> None:
    """One fault, run against the whole suite in processes of their own."""
    fault = next(fault for fault in FAULTS if fault.clause == "delete.running")

    proof = prove([fault], [], jobs=1)

    assert proof.faults[0].killed
    assert set(proof.faults[0].also) & {"delete.system-info", "delete.never-runs", "monitor.callback-deletes"}
    assert fault.clause not in proof.faults[0].also


def test_an_accused_innocent_is_named() -> None:
    """What is held against a system that does break something is listed."""
    fault = next(fault for fault in FAULTS if fault.clause == "delete.running")

    found = try_innocent(Variant("not-so-innocent", "", "", fault.system, ("delete",)))

    assert "delete.running" in found.accused
    assert all(CATALOGUE[clause].judged for clause in found.accused)
