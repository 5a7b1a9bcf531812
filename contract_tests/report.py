"""A report: the verdict on every clause, made of check results; plain data that JSON can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from contract_tests import interface
from contract_tests.catalogue import CATALOGUE
from contract_tests.checks import checks_of
from contract_tests.clause import Clause
from contract_tests.runner import CheckResult, RunSettings
from contract_tests.verdict import EXIT_CODES, FAILING, Overall, Verdict, of_clause, overall

SCHEMA_VERSION: Final = 1


@dataclass
class ClauseReport:
    """A clause, its verdict, and the results of its checks."""

    clause: Clause
    verdict: Verdict
    checks: list[CheckResult]

    @property
    def message(self) -> str:
        """What the check that decided the verdict says; empty for a clause that is met."""
        return next((check.message for check in self.checks if check.verdict is self.verdict and check.message), "")

    def as_dict(self) -> dict[str, Any]:
        """The clause as the JSON report has it."""
        return {
            "id": self.clause.id,
            "level": self.clause.level,
            "basis": self.clause.basis,
            "statement": self.clause.statement,
            "verdict": self.verdict.value,
            "checks": [{**asdict(check), "verdict": check.verdict.value} for check in self.checks],
            "message": self.message,
        }


@dataclass
class Report:
    """What a run found out about one system.

    Attributes:
        system: the system that was judged, as ``module:name``.
        settings: the seed and the number of examples.
        clauses: every clause that is judged, in the order of the catalogue, also those that were not run.
        observations: the clauses on which the interface is silent, and what was seen.
    """

    system: str
    settings: RunSettings
    clauses: list[ClauseReport] = field(default_factory=list)
    observations: list[ClauseReport] = field(default_factory=list)

    @property
    def verdict(self) -> Overall:
        """The verdict on the system."""
        found = overall(clause.verdict for clause in self.clauses)
        broken = any(entry.verdict is Verdict.SUITE_ERROR for entry in self.observations)
        return Overall.ERROR if broken else found

    @property
    def exit_code(self) -> int:
        """0 when conformant (deviations included), 1 when not or only in part, 3 when the suite itself failed."""
        return EXIT_CODES[self.verdict]

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses have each verdict; verdicts that none has are left out."""
        found = [clause.verdict for clause in [*self.clauses, *self.observations]]
        return {verdict.value: found.count(verdict) for verdict in Verdict if verdict in found}

    @property
    def failures(self) -> list[ClauseReport]:
        """The clauses that make the system non-conformant or show the suite at fault."""
        return [
            clause
            for clause in [*self.clauses, *self.observations]
            if clause.verdict in FAILING or clause.verdict is Verdict.SUITE_ERROR
        ]

    def as_dict(self) -> dict[str, Any]:
        """The report as its JSON schema describes it; the same run gives the same dict."""
        return {
            "schema": SCHEMA_VERSION,
            "verdict": self.verdict.value,
            "system": self.system,
            "interface": interface.VERSION,
            "seed": self.settings.seed,
            "examples": self.settings.examples,
            "counts": self.counts,
            "clauses": [clause.as_dict() for clause in self.clauses],
            "observations": [clause.as_dict() for clause in self.observations],
        }

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.as_dict(), indent=2, default=repr) + "\n"


def build(system: str, settings: RunSettings, results: Iterable[CheckResult]) -> Report:
    """Put check results together; a clause some of whose checks are missing counts as not run."""
    by_check = {result.check: result for result in results}
    report = Report(system, settings)
    for clause in CATALOGUE:
        checks = checks_of(clause.id)
        found = [by_check[check.id] for check in checks if check.id in by_check]
        verdicts = [result.verdict for result in found]
        if len(found) < len(checks):
            verdicts.append(Verdict.NOT_RUN)
        entry = ClauseReport(clause, of_clause(verdicts), found)
        (report.clauses if clause.judged else report.observations).append(entry)
    return report
