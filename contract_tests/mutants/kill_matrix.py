"""The kill matrix: the suite run on every mutant and every conforming variant, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks, check_called, checks_of
from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.distribution.engine import Engine, flat
from contract_tests.engine import processes
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import PROFILES, RunSettings
from contract_tests.engine.suite_run import fitting, reference_factory
from contract_tests.mutants import reachability
from contract_tests.mutants.conforming.pairs import JOINED
from contract_tests.mutants.input_sampling import in_turn, likeliest, nearest
from contract_tests.mutants.systems import by_name, called
from contract_tests.mutants.variant import Variant
from contract_tests.scenario.check import STATEFUL, WALK, Check
from contract_tests.system import temporary_folders
from contract_tests.system.system import System

OWN: Final = PROFILES["default"]
"""Examples for the checks of the clause a mutant breaks: those of a default run."""

_FOR_CONFORMING_VARIANTS: Final = {"": OWN, STATEFUL: 2, WALK: PROFILES["quick"]}
"""Examples for conforming variants by the kind of check, unless thoroughly; of fewer none would be a whole walk."""

_VERY_MANY: Final = 200
"""Calls that take a check longer than a hundred others."""

_HELD_AGAINST: Final = {*FAILING, Verdict.SUITE_ERROR}


@dataclass
class MutantResult:
    """What the suite says of a mutant.

    Attributes:
        name, clause, difference: the mutant.
        killed: whether its clause is violated, by a check of its own, through an assertion of that check.
        by: the checks that killed it; some of them where nobody wants to know every one.
        verdict: the verdict on its clause.
        also: the other clauses that are not kept.
    """

    name: str
    clause: str
    difference: str
    killed: bool
    verdict: str
    by: list[str]
    also: list[str] = field(default_factory=list)


@dataclass
class ConformingVariantResult:
    """What the suite says of a conforming variant; ``accused`` names the clauses held against it, wrongly."""

    name: str
    difference: str
    accused: list[str]


@dataclass
class KillMatrix:
    """The kill matrix.

    Attributes:
        mutants, conforming_variants: what came of every one that was tried.
        whole: whether all were tried; only then can it be told that a clause has no mutant, or that a check kills none.
    """

    mutants: list[MutantResult]
    conforming_variants: list[ConformingVariantResult]
    whole: bool = True

    @property
    def killed(self) -> int:
        """How many mutants were killed."""
        return sum(mutant.killed for mutant in self.mutants)

    @property
    def accused(self) -> int:
        """How many conforming variants are accused."""
        return sum(bool(variant.accused) for variant in self.conforming_variants)

    @property
    def uncovered(self) -> list[str]:
        """The judged clauses that no mutant breaks."""
        broken = {mutant.clause for mutant in self.mutants}
        return [clause.id for clause in CATALOGUE if self.whole and clause.judged and clause.id not in broken]

    @property
    def idle(self) -> list[str]:
        """The checks of judged clauses that kill no mutant of their clause."""
        killers = {check for mutant in self.mutants for check in mutant.by}
        judged = [check.id for check in all_checks() if self.whole and CATALOGUE[check.clause].judged]
        return [check for check in judged if check not in killers]

    @property
    def problems(self) -> list[str]:
        """All that keeps the suite from being proven, a line each."""
        return [
            *(
                f"survived: {mutant.name} ({mutant.clause}: {mutant.verdict})"
                for mutant in self.mutants
                if not mutant.killed
            ),
            *(f"accused: {one.name} ({', '.join(one.accused)})" for one in self.conforming_variants if one.accused),
            *(f"no mutant breaks {clause}" for clause in self.uncovered),
            *(f"kills no mutant: {check}" for check in self.idle),
        ]

    @property
    def proven(self) -> bool:
        """Whether all mutants are killed, no conforming variant is accused, and every clause and check has a mutant."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The matrix as JSON can hold it."""
        told = ("killed", "accused", "uncovered", "idle", "problems", "proven")
        return {**asdict(self), **{name: getattr(self, name) for name in told}}


def on_own_clause(mutant: Variant, seed: int = 0, *, shrink: bool = True) -> Iterator[CheckResult]:
    """What the checks of the clause that a mutant breaks say of it, one after the other."""
    for check in checks_of(mutant.clause):
        yield _judged(check, mutant, seed, shrink=shrink)


def up_to_the_kill(mutant: Variant, seed: int = 0, *, shrink: bool = True) -> Iterator[CheckResult]:
    """The same, in another order, until a check has killed it.

    Most mutants are killed by the check that was added with them: the last ones come first, walks and the state machine
    at the end.
    """
    latest_first = checks_of(mutant.clause)[::-1]
    for check in sorted(latest_first, key=lambda check: bool(check.kind)):
        result = _judged(check, mutant, seed, shrink=shrink)
        yield result
        if result.verdict is Verdict.VIOLATED:
            return


def _judged(check: Check, mutant: Variant, seed: int, *, shrink: bool = False) -> CheckResult:
    return run_check(check, mutant.system, RunSettings(OWN, seed), reference_factory(), shrink=shrink)


def try_mutant(
    mutant: Variant, *, others: bool = True, every: bool = True, seed: int = 0, thorough: bool = False
) -> MutantResult:
    """Run the suite on a mutant: its own clause as in any run, the others, unless thoroughly, on few inputs.

    Unless it is to be known of ``every`` check whether it kills the mutant, one that does is enough.
    """
    own = list((on_own_clause if every else up_to_the_kill)(mutant, seed, shrink=False))
    violated = [result for result in own if result.verdict is Verdict.VIOLATED]
    decisive = [*violated, *own][0]
    also = _others(mutant, decisive.inputs, seed, thorough) if others else []
    by = [result.check for result in violated]
    return MutantResult(mutant.name, mutant.clause, mutant.difference, bool(by), decisive.verdict.value, by, also)


def _others(mutant: Variant, like: Mapping[str, Any], seed: int, thorough: bool) -> list[str]:
    """The other judged clauses that a mutant does not keep.

    Walks and the state machine are left to a thorough look: there are other checks of all their clauses.
    """
    changed = reachability.changed(mutant.system)
    settings = RunSettings(PROFILES["quick"], seed)

    def breaks(check: Check) -> bool:
        if thorough:
            return _breaks_in_search(check, mutant.system, changed, settings)
        return _breaks_on(check, nearest(check, like, seed), mutant.system, changed)

    others = (clause.id for clause in CATALOGUE if clause.judged and clause.id != mutant.clause)
    return [
        clause
        for clause in others
        if any(breaks(check) for check in (checks_of(clause) if thorough else likeliest(clause, like, mutant.clause)))
    ]


_Changed = frozenset[str] | None


def _breaks_in_search(check: Check, system: type[System], changed: _Changed, settings: RunSettings) -> bool:
    if not _meet(changed, partial(reachability.reached_in_all, check.id, settings)):
        return False
    return run_check(check, system, settings, shrink=False).verdict in _HELD_AGAINST


def _breaks_on(check: Check, inputs: dict[str, Any], system: type[System], changed: _Changed) -> bool:
    met = _meet(changed, partial(reachability.reached, check, inputs))
    return met and try_inputs(check, inputs, system).verdict in _HELD_AGAINST


def _meet(changed: _Changed, reached: Callable[[], frozenset[str]]) -> bool:
    """Whether what is reached can differ on a variant from what it is on the plain wrapper.

    A variant that changes nothing that is known of is tried on everything: the plain wrapper itself is one.
    """
    return not changed or bool(changed & reached())


def try_conforming_variant(
    variant: Variant, *, seed: int = 0, thorough: bool = False, turn: int = 0
) -> ConformingVariantResult:
    """Run the suite on a conforming variant, thoroughly on all that is listed, else on what it is the turn of.

    Of walks and of checks that make very many calls it is every fourth's turn, of a pair of variants that of every
    other check.
    """
    changed = reachability.changed(variant.system)
    settings = {
        kind: fitting(RunSettings(OWN if thorough else examples, seed), variant.system)
        for kind, examples in _FOR_CONFORMING_VARIANTS.items()
    }
    accused: dict[str, None] = {}
    for number, check in enumerate(all_checks()):
        if variant.parts and CATALOGUE[check.clause].part not in variant.parts:
            continue
        if not thorough and (number - turn) % _share(check, pair=JOINED in variant.name, seed=seed):
            continue
        if thorough or check.kind:
            accuses = _breaks_in_search(check, variant.system, changed, settings[check.kind])
        else:
            inputs = in_turn(check, turn, seed)
            accuses = any(_breaks_on(check, these, variant.system, changed) for these in inputs)
        if accuses:
            accused[check.clause] = None
    return ConformingVariantResult(variant.name, variant.difference, list(accused))


def _share(check: Check, *, pair: bool, seed: int) -> int:
    """Every how many conforming variants it is a check's turn."""
    if check.kind == WALK or (not check.kind and reachability.calls(check, in_turn(check, 0, seed)[0]) > _VERY_MANY):
        return 4
    return 2 if pair else 1


def _first_killed(check_id: str, seed: int) -> tuple[str, str]:
    """A check, and the first mutant of its clause that it kills; empty if it kills none."""
    check = check_called(check_id)
    mutants = (one for one in by_name().values() if one.clause == check.clause)
    killed = (one.name for one in mutants if _judged(check, one, seed).verdict is Verdict.VIOLATED)
    try:
        return check_id, next(killed, "")
    finally:
        temporary_folders.clear()


def _try(name: str, others: bool, every: bool, seed: int, thorough: bool) -> MutantResult | ConformingVariantResult:
    variant = called(name)
    try:
        if variant.clause:
            return try_mutant(variant, others=others, every=every, seed=seed, thorough=thorough)
        places = [list(by_name()).index(one) for one in name.split(JOINED)]
        # Each of a pair is tried on everything by itself; thoroughly there are more pairs.
        thorough = thorough and len(places) == 1
        return try_conforming_variant(variant, seed=seed, thorough=thorough, turn=places[0] + seed)
    finally:
        temporary_folders.clear()


def _mixed(names: list[str]) -> list[str]:
    """Names in another order, the same every time, so that how long the rest takes can be told from the start."""
    golden = 0.6180339887498949  # the fractional parts of its multiples are spread evenly, whatever their number
    return [names[at] for at in sorted(range(len(names)), key=lambda at: at * golden % 1.0)]


def prove(
    mutants: Iterable[Variant],
    conforming_variants: Iterable[Variant],
    *,
    others: bool = True,
    every: bool = True,
    thorough: bool = False,
    seed: int = 0,
    jobs: int | None = None,
    engine: Engine | None = None,
    whole: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> KillMatrix:
    """Run the kill matrix on ``jobs`` processes (one per core when left out); ``progress`` is told of every variant.

    With an ``engine`` that does the work. What ``others`` and ``every`` leave out only says of each mutant what else it
    breaks, and which other checks kill it, too.

    It takes minutes. ``thorough``, it takes hours: conforming variants are tried on everything a default run tries,
    unless they are pairs, and mutants on everything that a quick run does.

    Raises:
        Lost, GivenUp: a variant ended the process it was tried in.
        OutOfReach: there is nobody in the engine who does the work.
    """
    names = [variant.name for variant in (*mutants, *conforming_variants)]
    found: dict[str, MutantResult | ConformingVariantResult] = {}

    def done(task: Callable[[str], Any], items: list[str]) -> Iterable[Any]:
        return flat(engine, task, items) if engine else processes.in_order(task, items, jobs or os.cpu_count() or 1)

    with temporary_folders.in_memory():
        for result in done(partial(_try, others=others, every=every, seed=seed, thorough=thorough), _mixed(names)):
            found[result.name] = result
            progress()
        results = [found[name] for name in names]
        matrix = KillMatrix(
            [result for result in results if isinstance(result, MutantResult)],
            [result for result in results if isinstance(result, ConformingVariantResult)],
            whole,
        )
        if not every:
            tried = {result.name: result for result in matrix.mutants}
            untried = set(matrix.uncovered)
            unseen = [check for check in matrix.idle if check_called(check).clause not in untried]
            for check, name in done(partial(_first_killed, seed=seed), unseen):
                if name in tried:
                    tried[name].by.append(check)
    return matrix
