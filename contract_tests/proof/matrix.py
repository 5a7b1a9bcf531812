"""The kill matrix: the suite run on every faulty and every innocent system, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from contract_tests.catalogue import CATALOGUE
from contract_tests.checks import all_checks, checks_of
from contract_tests.proof.registry import Variant
from contract_tests.run import reference_factory
from contract_tests.runner import PROFILES, CheckResult, RunSettings, run_check
from contract_tests.verdict import FAILING, Verdict

OWN: Final = PROFILES["default"]
"""Examples for the checks of the clause a fault breaks: those of a default run."""

OTHERS: Final = PROFILES["quick"]
"""Examples for all other checks, whose verdicts are only listed."""


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
    """The kill matrix."""

    faults: list[FaultResult]
    innocents: list[InnocentResult]
    idle: list[str] = field(default_factory=list)

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
        return [clause.id for clause in CATALOGUE if clause.judged and clause.id not in broken]

    @property
    def proven(self) -> bool:
        """Whether every fault is caught, no innocent accused, and every clause tried with a fault."""
        return self.killed == len(self.faults) and not self.accused and not self.uncovered

    def as_dict(self) -> dict[str, Any]:
        """The matrix as JSON can hold it."""
        return {**asdict(self), "killed": self.killed, "accused": self.accused, "uncovered": self.uncovered}


def try_fault(fault: Variant, *, others: bool = True, seed: int = 0) -> tuple[FaultResult, list[CheckResult]]:
    """Run the suite on a faulty system; also returns the results of its own clause's checks."""
    own = [
        run_check(check, fault.system, RunSettings(OWN, seed), reference_factory()) for check in checks_of(fault.clause)
    ]
    by = [result.check for result in own if result.verdict is Verdict.VIOLATED]
    verdict = next((result.verdict for result in own if result.verdict is Verdict.VIOLATED), own[0].verdict)
    found = FaultResult(fault.name, fault.clause, fault.story, bool(by), verdict.value, by)
    if others:
        found.also = list(dict.fromkeys(_not_kept(fault, seed)))
    return found, own


def _not_kept(fault: Variant, seed: int) -> Iterator[str]:
    for check in all_checks():
        if check.clause != fault.clause and CATALOGUE[check.clause].judged:
            result = run_check(check, fault.system, RunSettings(OTHERS, seed), shrink=False)
            if result.verdict in FAILING:
                yield check.clause


def try_innocent(innocent: Variant, seed: int = 0) -> InnocentResult:
    """Run the whole suite on an innocent system."""
    from contract_tests.run import run_suite

    clauses = [clause.id for clause in CATALOGUE if clause.part in innocent.parts] if innocent.parts else None
    report = run_suite(innocent.system, RunSettings(OWN, seed), clauses=clauses)
    return InnocentResult(innocent.name, innocent.story, [failure.clause.id for failure in report.failures])


def _fault_by_name(name: str, others: bool, seed: int) -> FaultResult:
    from contract_tests.proof.faulty import all_faults

    return try_fault(next(fault for fault in all_faults() if fault.name == name), others=others, seed=seed)[0]


def _innocent_by_name(name: str, seed: int) -> InnocentResult:
    from contract_tests.proof.innocent import all_innocents

    return try_innocent(next(variant for variant in all_innocents() if variant.name == name), seed)


def prove(
    faults: Iterable[Variant],
    innocents: Iterable[Variant],
    *,
    others: bool = True,
    seed: int = 0,
    jobs: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Proof:
    """Run the kill matrix on ``jobs`` processes (one per core when left out); ``progress`` is told of every system."""
    fault_names, innocent_names = [fault.name for fault in faults], [variant.name for variant in innocents]
    with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
        coming = [(name, pool.submit(_fault_by_name, name, others, seed)) for name in fault_names]
        spared = [(name, pool.submit(_innocent_by_name, name, seed)) for name in innocent_names]
        proof = Proof([], [])
        for name, fault in coming:
            proof.faults.append(fault.result())
            progress(name)
        for name, innocent in spared:
            proof.innocents.append(innocent.result())
            progress(name)
    killers = {check for fault in proof.faults for check in fault.by}
    proof.idle = [check.id for check in all_checks() if CATALOGUE[check.clause].judged and check.id not in killers]
    return proof
