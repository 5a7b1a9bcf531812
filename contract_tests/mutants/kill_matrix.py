"""The kill matrix: the suite run on every faulty and every innocent system, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks, checks_of
from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine import processes
from contract_tests.engine.runner import PROFILES, CheckResult, RunSettings, run_check, try_inputs
from contract_tests.engine.suite_run import fitting, reference_factory
from contract_tests.mutants import reach
from contract_tests.mutants.memory_folders import temporary_folders_in_memory
from contract_tests.mutants.sampling import in_turn, likeliest, nearest
from contract_tests.mutants.variant import Variant
from contract_tests.scenario.check import STATEFUL, WALK, Check
from contract_tests.system import job_folders
from contract_tests.system.system import System

OWN: Final = PROFILES["default"]
"""Examples for the checks of the clause a fault breaks: those of a default run."""

_FOR_INNOCENTS: Final = {"": OWN, STATEFUL: 2, WALK: PROFILES["quick"]}
"""Examples for innocents by the kind of check, unless thoroughly; of any fewer none would be a whole walk."""

_HELD_AGAINST: Final = {*FAILING, Verdict.SUITE_ERROR}


@dataclass
class FaultResult:
    """What the suite says of a faulty system.

    Attributes:
        name, clause, story: the fault.
        killed: whether its clause is violated, by a check of its own, through an assertion of that check.
        by: the checks that found it.
        verdict: the verdict on its clause.
        also: the other clauses that are not kept.
    """

    name: str
    clause: str
    story: str
    killed: bool
    verdict: str
    by: list[str]
    also: list[str] = field(default_factory=list)


@dataclass
class InnocentResult:
    """What the suite says of an innocent system; ``accused`` names the clauses held against it, wrongly."""

    name: str
    story: str
    accused: list[str]


@dataclass
class Proof:
    """The kill matrix.

    Attributes:
        faults, innocents: what came of every system that was tried.
        whole: whether all were tried; only then can it be told that a clause has no fault, or a check no use.
    """

    faults: list[FaultResult]
    innocents: list[InnocentResult]
    whole: bool = True

    @property
    def killed(self) -> int:
        """How many faults are caught."""
        return sum(fault.killed for fault in self.faults)

    @property
    def accused(self) -> int:
        """How many innocents are accused."""
        return sum(bool(innocent.accused) for innocent in self.innocents)

    @property
    def uncovered(self) -> list[str]:
        """The judged clauses that no fault breaks."""
        broken = {fault.clause for fault in self.faults}
        return [clause.id for clause in CATALOGUE if self.whole and clause.judged and clause.id not in broken]

    @property
    def idle(self) -> list[str]:
        """The checks of judged clauses that catch no fault of their clause."""
        killers = {check for fault in self.faults for check in fault.by}
        judged = [check.id for check in all_checks() if self.whole and CATALOGUE[check.clause].judged]
        return [check for check in judged if check not in killers]

    @property
    def problems(self) -> list[str]:
        """All that keeps the suite from being proven, a line each."""
        return [
            *(f"survives: {fault.name} ({fault.clause}: {fault.verdict})" for fault in self.faults if not fault.killed),
            *(f"accused: {one.name} ({', '.join(one.accused)})" for one in self.innocents if one.accused),
            *(f"no fault breaks {clause}" for clause in self.uncovered),
            *(f"catches no fault: {check}" for check in self.idle),
        ]

    @property
    def proven(self) -> bool:
        """Whether every fault is caught, no innocent accused, no clause without a fault and no check without a use."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """The matrix as JSON can hold it."""
        told = ("killed", "accused", "uncovered", "idle", "problems", "proven")
        return {**asdict(self), **{name: getattr(self, name) for name in told}}


def on_own_clause(fault: Variant, seed: int = 0, *, shrink: bool = True) -> Iterator[CheckResult]:
    """What the checks of the clause that a fault breaks say of it, one after the other."""
    settings = RunSettings(OWN, seed)
    for check in checks_of(fault.clause):
        yield run_check(check, fault.system, settings, reference_factory(), shrink=shrink)


def try_fault(fault: Variant, *, others: bool = True, seed: int = 0, thorough: bool = False) -> FaultResult:
    """Run the suite on a faulty system: its own clause as in any run, the others, unless thoroughly, on few inputs."""
    own = list(on_own_clause(fault, seed, shrink=False))
    violated = [result for result in own if result.verdict is Verdict.VIOLATED]
    decisive = [*violated, *own][0]
    also = _others(fault, decisive.inputs, seed, thorough) if others else []
    by = [result.check for result in violated]
    return FaultResult(fault.name, fault.clause, fault.story, bool(by), decisive.verdict.value, by, also)


def _others(fault: Variant, like: Mapping[str, Any], seed: int, thorough: bool) -> list[str]:
    """The other judged clauses that a fault does not keep.

    Walks and the state machine are left to a thorough look: there are other checks of all their clauses.
    """
    changed = reach.changed(fault.system)
    settings = RunSettings(PROFILES["quick"], seed)

    def breaks(check: Check) -> bool:
        if thorough:
            return _breaks_in_search(check, fault.system, changed, settings)
        return _breaks_on(check, nearest(check, like, seed), fault.system, changed)

    others = (clause.id for clause in CATALOGUE if clause.judged and clause.id != fault.clause)
    return [
        clause
        for clause in others
        if any(breaks(check) for check in (checks_of(clause) if thorough else likeliest(clause, like)))
    ]


_Changed = frozenset[str] | None


def _breaks_in_search(check: Check, system: type[System], changed: _Changed, settings: RunSettings) -> bool:
    if not _meet(changed, partial(reach.reached_in_all, check.id, settings)):
        return False
    return run_check(check, system, settings, shrink=False).verdict in _HELD_AGAINST


def _breaks_on(check: Check, inputs: dict[str, Any], system: type[System], changed: _Changed) -> bool:
    met = _meet(changed, partial(reach.reached, check, inputs))
    return met and try_inputs(check, inputs, system).verdict in _HELD_AGAINST


def _meet(changed: _Changed, reached: Callable[[], frozenset[str]]) -> bool:
    """Whether what is reached can differ on a variant from what it is on the honest wrapper.

    A variant that changes nothing that is known of is tried on everything: the honest wrapper itself is one.
    """
    return not changed or bool(changed & reached())


def try_innocent(innocent: Variant, *, seed: int = 0, thorough: bool = False, turn: int = 0) -> InnocentResult:
    """Run the suite on an innocent system, thoroughly on all that is listed, else on what it is the turn of.

    Of walks it is every other check's turn.
    """
    changed = reach.changed(innocent.system)
    settings = {
        kind: fitting(RunSettings(OWN if thorough else examples, seed), innocent.system)
        for kind, examples in _FOR_INNOCENTS.items()
    }
    accused: dict[str, None] = {}
    for number, check in enumerate(all_checks()):
        if innocent.parts and CATALOGUE[check.clause].part not in innocent.parts:
            continue
        if check.kind == WALK and not thorough and number % 2 != turn % 2:
            continue
        if thorough or check.kind:
            accuses = _breaks_in_search(check, innocent.system, changed, settings[check.kind])
        else:
            inputs = in_turn(check, turn, seed)
            accuses = any(_breaks_on(check, these, innocent.system, changed) for these in inputs)
        if accuses:
            accused[check.clause] = None
    return InnocentResult(innocent.name, innocent.story, list(accused))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Variant]:
    from contract_tests.mutants.catalogue import all_faults
    from contract_tests.mutants.conforming import all_innocents

    return {variant.name: variant for variant in (*all_faults(), *all_innocents())}


def _try(name: str, others: bool, seed: int, thorough: bool) -> FaultResult | InnocentResult:
    variant = _by_name()[name]
    try:
        if variant.clause:
            return try_fault(variant, others=others, seed=seed, thorough=thorough)
        return try_innocent(variant, seed=seed, thorough=thorough, turn=list(_by_name()).index(name))
    finally:
        job_folders.clear()


def _mixed(names: list[str]) -> list[str]:
    """Names in another order, the same every time, so that how long the rest takes can be told from the start."""
    golden = 0.6180339887498949  # the fractional parts of its multiples are spread evenly, whatever their number
    return [names[at] for at in sorted(range(len(names)), key=lambda at: at * golden % 1.0)]


def prove(
    faults: Iterable[Variant],
    innocents: Iterable[Variant],
    *,
    others: bool = True,
    thorough: bool = False,
    seed: int = 0,
    jobs: int | None = None,
    whole: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> Proof:
    """Run the kill matrix on ``jobs`` processes (one per core when left out); ``progress`` is told of every system.

    It takes minutes. ``thorough``, it takes an hour: innocents are tried on everything a default run tries, and faults
    on everything that a quick run does.

    Raises:
        Lost: a system ended the process it was tried in.
    """
    names = [variant.name for variant in (*faults, *innocents)]
    task = partial(_try, others=others, seed=seed, thorough=thorough)
    found: dict[str, FaultResult | InnocentResult] = {}
    with temporary_folders_in_memory():
        for result in processes.in_order(task, _mixed(names), jobs or os.cpu_count() or 1):
            found[result.name] = result
            progress()
    results = [found[name] for name in names]
    return Proof(
        [result for result in results if isinstance(result, FaultResult)],
        [result for result in results if isinstance(result, InnocentResult)],
        whole,
    )
