"""The matrix: every mutant is killed by its own clause and can be repeated; no conforming variant is accused."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import check_called, checks_of
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import reference_factory
from contract_tests.mutants import kill_matrix
from contract_tests.mutants.catalogue import all_mutants
from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.mutants.kill_matrix import (
    OWN,
    ConformingVariantResult,
    KillMatrix,
    MutantResult,
    prove,
    try_conforming_variant,
    try_mutant,
    up_to_the_kill,
)
from contract_tests.mutants.variant import Variant
from contract_tests.report import reproducer
from contract_tests.report.failures.text import failure_text
from contract_tests.scenario.check import STATEFUL, WALK, Check
from contract_tests.system.lookup import REFERENCE

ROOT = Path(__file__).parents[3]
MUTANTS = all_mutants()
CONFORMING = all_conforming_variants()


def run_script(path: Path, *arguments: str) -> int:
    """Run a script as Python does, but in this process, and return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(path), *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(path), run_name="__main__")
    return int(str(ended.value.code))


FIRSTS = {mutant.clause: mutant for mutant in reversed(MUTANTS)}
TOLD = [mutant for number, mutant in enumerate(MUTANTS) if number % 3 == 0 or mutant is FIRSTS[mutant.clause]]
"""Those of which is seen, too, what is told of them: the first of every clause, and a third of the others."""
_TOLD = {mutant.name for mutant in TOLD}
OTHERS = [mutant for mutant in MUTANTS if mutant.name not in _TOLD]


INSIDE = re.compile(r" at 0x[0-9a-f]|contract_tests\.(?!mutants\.)|Traceback|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What a failure never shows: addresses, classes of the suite, ids of jobs that have a number."""


@pytest.mark.slow
@pytest.mark.parametrize("mutant", OTHERS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_killed(mutant: Variant) -> None:
    """Its own clause is violated, by a check of its own."""
    results = list(up_to_the_kill(mutant, shrink=False))

    assert results[-1].verdict is Verdict.VIOLATED, [(one.check, str(one.verdict), one.message) for one in results]


@pytest.mark.slow
@pytest.mark.parametrize("mutant", TOLD, ids=lambda mutant: mutant.name)
def test_a_mutant_is_killed_told_and_repeated(
    mutant: Variant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own clause is violated, by a check of its own; the text has the facts; the script shows it again."""
    results = list(up_to_the_kill(mutant))
    failure = results[-1]
    assert failure.verdict is Verdict.VIOLATED, [(each.check, str(each.verdict), each.message) for each in results]
    name = f"{mutant.system.__module__}:{mutant.system.__qualname__}"
    text = failure_text(failure, name, RunSettings())
    clause = CATALOGUE[mutant.clause]
    for fact in (clause.id, clause.statement, clause.look, failure.expected, failure.observed, *failure.operations):
        assert fact
        assert fact in text
    assert failure.expected != failure.observed
    assert 1 <= len(failure.operations) <= 41
    told = [_own_words(line) for line in (failure.expected, failure.observed, *failure.operations)]
    assert [line for line in told if INSIDE.search(line)] == []
    script = reproducer.write(failure, name, RunSettings(), tmp_path)
    capsys.readouterr()
    assert run_script(script) == 1
    said = capsys.readouterr().out
    assert "FAILED: " in said
    assert clause.statement in said
    assert run_script(script, "--system", REFERENCE) == 0
    assert capsys.readouterr().out.startswith("FIXED")


def _own_words(line: str) -> str:
    """A line of a failure without what the implementation put into its errors and texts."""
    return re.sub(r"""(?<!n)'[^']*'|"[^"]*"|raised \w+: .*""", "", line)


def killers(clause: str) -> Iterator[tuple[Variant, Check]]:
    """The mutants of a clause, each with every check that kills it."""
    for mutant in MUTANTS:
        if mutant.clause == clause:
            yield from ((mutant, check_called(check)) for check in try_mutant(mutant, others=False).by)


@pytest.mark.slow
def test_scripts_run_as_they_are_written(tmp_path: Path) -> None:
    """Of a property, a walk and the state machine: a Python of its own shows the failure, and exits 1."""
    for clause, kind in (("delete.running", ""), ("meta.keys", WALK), ("life.model", STATEFUL)):
        mutant, check = next((mutant, check) for mutant, check in killers(clause) if check.kind == kind)
        failure = run_check(check, mutant.system, RunSettings(OWN), reference_factory())
        name = f"{mutant.system.__module__}:{mutant.system.__qualname__}"
        script = reproducer.write(failure, name, RunSettings(), tmp_path / clause)
        done = subprocess.run(
            [sys.executable, str(script)], cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8"
        )
        assert (done.returncode, "FAILED: " in done.stdout) == (1, True), mutant.name


SOME = (
    "architecture/is-a-facade-that-does-not-inherit-from-sessionspec",
    "ids/numbers-its-jobs",
    "presentation/leaves-out-of-metas-what-the-contract-does-not-name",
    "errors/raises-subclasses-of-the-interfaces-exceptions",
    "lists/lists-jobs-by-status",
    "delays/answers-every-request-a-tenth-of-a-second-later",
    "systems/offers-nothing-but-sessions",
    "systems/has-one-user-only",
    "ids/calls-its-jobs-1-2-3",
    "presentation/tells-in-a-meta-when-it-was-told",
    "presentation/adds-a-new-object-to-every-meta",
    "presentation/approves-jobs-that-were-submitted-a-moment-later",
    "errors/raises-errors-that-are-several-of-the-interfaces-exceptions-at-once",
    "architecture/does-everything-in-a-thread-callbacks-as-well",
    "delays/takes-a-third-of-a-second-for-every-call",
    "delays/tries-for-ten-seconds-before-it-says-that-there-is-no-connection",
    "servers/runs-one-job-at-a-time",
    "servers/looks-for-jobs-to-schedule-twice-a-minute",
)
"""Conforming variants that differ most from each other; ``flare-contract prove`` tries them all."""


@pytest.mark.slow
@pytest.mark.parametrize("name", SOME)
def test_a_conforming_variant_is_not_accused(name: str) -> None:
    """Nothing is held against it."""
    variant = next(variant for variant in CONFORMING if variant.name == name)

    assert try_conforming_variant(variant, turn=SOME.index(name)).accused == []


@pytest.mark.parametrize(
    ("check", "pair", "share"),
    [
        ("close.again", False, 1),
        ("close.again", True, 2),
        ("submit.listed/always", False, 4),
        ("life.model", False, 1),
        ("submit.new-id/many", True, 4),
        ("submit.concurrent", False, 4),
    ],
)
def test_what_takes_long_is_shared_out(check: str, pair: bool, share: int) -> None:
    """Every check has its turn after four variants, the plain ones with each."""
    assert kill_matrix._share(check_called(check), pair=pair, seed=0) == share


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("delays/takes-a-twentieth-of-a-second-for-a-call-and-none-to-poll", "meta.callers-copy"),
        ("servers/wants-no-job-to-be-longer-than-20-s", "monitor.timeout/every length"),
        ("servers/wants-no-job-to-be-longer-than-20-s", "monitor.callback-false-at-once/every call"),
    ],
)
def test_what_was_held_against_a_conforming_variant_once_is_no_more(name: str, check: str) -> None:
    """A job may start between two lists where calls take time; and a short one may be done before the next poll."""
    variant = next(variant for variant in CONFORMING if variant.name == name)

    result = run_check(check_called(check), variant.system, RunSettings(), shrink=False)

    assert result.verdict is Verdict.MET, result.message


def test_a_kill_matrix_counts_what_it_found() -> None:
    """It is proven only when all mutants are killed, nobody is accused, no clause and no check is left out."""
    killed = MutantResult("a", "delete.running", "", True, "violated", ["delete.running"])
    survivor = MutantResult("b", "delete.running", "", False, "met", [])
    accused = ConformingVariantResult("c", "", ["list.own"])

    assert (KillMatrix([killed, survivor], []).killed, KillMatrix([killed], [accused]).accused) == (1, 1)
    assert not KillMatrix([killed], []).proven  # no mutant for all the other clauses
    assert "delete.running" not in KillMatrix([killed], []).uncovered
    assert "delete.running" not in KillMatrix([killed], []).idle
    assert KillMatrix([killed], []).idle != []
    assert KillMatrix([killed], [], whole=False).proven  # of a part nothing is said about the rest
    assert [problem.partition(":")[0] for problem in KillMatrix([survivor], [accused], whole=False).problems] == [
        "survived",
        "accused",
    ]


@pytest.mark.slow
def test_the_matrix_lists_what_else_a_mutant_breaks() -> None:
    """One mutant, run against the whole suite in processes of their own."""
    mutant = next(mutant for mutant in MUTANTS if mutant.clause == "delete.running")

    matrix = prove([mutant], [], jobs=1)

    assert matrix.mutants[0].killed
    assert set(matrix.mutants[0].also) & {"delete.system-info", "delete.never-runs", "monitor.callback-deletes"}
    assert mutant.clause not in matrix.mutants[0].also


def test_a_matrix_is_in_the_order_of_its_mutants() -> None:
    """They are tried in another one, so that how long the rest takes can be told."""
    tried = MUTANTS[:5]

    matrix = prove(tried, [], others=False, jobs=1)

    assert [mutant.name for mutant in matrix.mutants] == [mutant.name for mutant in tried]


def test_one_check_that_kills_a_mutant_is_enough_where_nobody_wants_to_know_all() -> None:
    """Checks that have killed none by then look for one, so that it is known which ones kill none at all."""
    mutants = [mutant for mutant in MUTANTS if mutant.clause == "delete.running"]

    every = prove(mutants, [], others=False, jobs=1, whole=True)
    enough = prove(mutants, [], others=False, every=False, jobs=1, whole=True)

    assert {check.id for check in checks_of("delete.running")}.isdisjoint({*every.idle, *enough.idle})
    assert [mutant.killed for mutant in enough.mutants] == [True] * len(mutants)
    assert sum(len(mutant.by) for mutant in enough.mutants) < sum(len(mutant.by) for mutant in every.mutants)


@pytest.mark.slow
def test_the_clauses_held_against_a_variant_are_named() -> None:
    """What is held against a system that does break something is listed."""
    mutant = next(mutant for mutant in MUTANTS if mutant.clause == "delete.running")

    found = try_conforming_variant(Variant("not-so-conforming", "", "", mutant.system, __name__, ("delete",)))

    assert "delete.running" in found.accused
    assert all(CATALOGUE[clause].judged for clause in found.accused)


@pytest.mark.slow
def test_a_thorough_kill_matrix_finds_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """All inputs of a clause find what few of them don't; the clause itself is judged the same."""
    mutant = next(
        mutant
        for mutant in MUTANTS
        if mutant.name == "clone.starts-over/refuses-to-clone-a-job-that-could-not-be-deployed"
    )
    others = [clause for clause in CATALOGUE if clause.part in ("clone", "list")]
    monkeypatch.setattr(kill_matrix, "CATALOGUE", others)

    few, all_of_them = (try_mutant(mutant, thorough=thorough) for thorough in (False, True))

    assert (few.killed, few.by) == (all_of_them.killed, all_of_them.by)
    assert set(few.also) < set(all_of_them.also)
