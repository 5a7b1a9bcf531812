"""A report: the verdict on every clause, made of check results; plain data that JSON can hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import check_called, checks_of
from contract_tests.clauses.needs import Opening, lacked, openings
from contract_tests.contract import interface
from contract_tests.contract.clause import Clause
from contract_tests.contract.conclusion import Conclusion, conclude
from contract_tests.contract.levels import Level, in_the_way, levels
from contract_tests.contract.verdict import FAILING, Overall, Verdict, of_clause
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.coverage import Cell
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.settings import RunSettings

SCHEMA_VERSION: Final = 2
"""Of the JSON report. In the first `conformant` was said of all that was claimed, however little that was."""


def check_dict(result: CheckResult) -> dict[str, Any]:
    """A check's result as the JSON report has it; what is told for the run as a whole is left out."""
    told = asdict(result)
    del told["coverage"], told["namesakes"], told["origin"], told["lacks"], told["seconds"]
    return {**told, "verdict": result.verdict.value}


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

    @property
    def deciding(self) -> CheckResult:
        """The result by which the clause has its verdict; there is none of a clause that was not run."""
        return next(check for check in self.checks if check.verdict is self.verdict)

    @property
    def seconds(self) -> float:
        """Real seconds that its checks took."""
        return sum(check.seconds for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """The clause as the JSON report has it."""
        return {
            "id": self.clause.id,
            "level": self.clause.level,
            "basis": self.clause.basis,
            "statement": self.clause.statement,
            "verdict": self.verdict.value,
            "checks": [check_dict(check) for check in self.checks],
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
        problems: what is wrong with the declared deviations; any of it makes the system non-conformant.
        about: what else is to be known of the run, in words: versions, a date.
        deviations: what was declared, in the order of the declarations.
    """

    system: str
    settings: RunSettings
    clauses: list[ClauseReport] = field(default_factory=list)
    observations: list[ClauseReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    deviations: list[Deviation] = field(default_factory=list)

    @property
    def conclusion(self) -> Conclusion:
        """What the verdicts on the clauses add up to; as text it is the headline."""
        rows = [(entry.clause, entry.verdict) for entry in [*self.clauses, *self.observations]]
        return conclude(rows, problems=bool(self.problems))

    @property
    def verdict(self) -> Overall:
        """The verdict on the system."""
        return self.conclusion.overall

    @property
    def exit_code(self) -> int:
        """0 when conformant, with deviations or at a level; 1 when not, or not shown; 3 when the suite failed."""
        return self.conclusion.exit_code

    @property
    def levels(self) -> list[Level]:
        """The conformance levels, and which of them are reached."""
        return levels((entry.clause, entry.verdict) for entry in self.clauses)

    def in_the_way(self, level: Level) -> list[ClauseReport]:
        """The clauses that stand in the way of a level, of those that are its own."""
        own = [entry for entry in self.clauses if entry.clause.conformance_level == level.number - 1]
        return [entry for entry in own if in_the_way(entry.clause, entry.verdict)]

    @property
    def level(self) -> int:
        """The highest level reached, 0 for none."""
        return self.conclusion.level

    @property
    def coverage(self) -> dict[Cell, int]:
        """How often each cell of the coverage matrix was exercised."""
        found: Counter[Cell] = Counter()
        for entry in [*self.clauses, *self.observations]:
            for check in entry.checks:
                for operation, job, session, count in check.coverage:
                    found[Cell(operation, job, session)] += count
        return dict(sorted(found.items()))

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses have each verdict; verdicts that none has are left out."""
        found = [clause.verdict for clause in [*self.clauses, *self.observations]]
        return {verdict.value: found.count(verdict) for verdict in Verdict if verdict in found}

    @property
    def notes(self) -> list[str]:
        """What lies behind many failures at once, in words: a module of exceptions that are not the interface's."""
        names: dict[tuple[str, str], set[str]] = {}
        failures: Counter[tuple[str, str]] = Counter()
        for entry in self.failures:
            found = {(module, line, name) for check in entry.checks for name, module, line in check.namesakes}
            for module, line, name in found:
                names.setdefault((module, line), set()).add(name)
            failures.update({(module, line) for module, line, _ in found})
        return [_of_namesakes(*key, names[key], failures[key]) for key in sorted(names)]

    @property
    def openings(self) -> list[Opening]:
        """What the system could offer next, and how many of the clauses that are not claimed each would open."""
        refusals = {
            entry.clause.id: [check for check in entry.checks if check.verdict is Verdict.NOT_CLAIMED]
            for entry in self.clauses
            if entry.verdict is Verdict.NOT_CLAIMED
        }
        first = {
            clause: [check.lacks[0] if check.lacks else check.message for check in checks]
            for clause, checks in refusals.items()
        }
        refused = [need for needs in first.values() for need in needs]
        return openings(
            {
                clause: lacked(clause, first[clause], [*(need for check in checks for need in check.lacks), *refused])
                for clause, checks in refusals.items()
            }
        )

    @property
    def seconds(self) -> dict[str, float]:
        """Real seconds that every clause took that was tried, by its id, the longest first."""
        tried = [entry for entry in [*self.clauses, *self.observations] if entry.checks]
        return {entry.clause.id: round(entry.seconds, 3) for entry in sorted(tried, key=lambda entry: -entry.seconds)}

    @property
    def failures(self) -> list[ClauseReport]:
        """The clauses that make the system non-conformant or show the suite at fault; broken promises come first."""
        found = [
            clause
            for clause in [*self.clauses, *self.observations]
            if clause.verdict in FAILING or clause.verdict is Verdict.SUITE_ERROR
        ]
        return sorted(found, key=lambda clause: clause.verdict is Verdict.NOT_TESTABLE)

    def as_dict(self) -> dict[str, Any]:
        """The report as its JSON schema describes it; the same run gives the same dict."""
        return {
            "schema": SCHEMA_VERSION,
            "verdict": str(self.conclusion),
            "judged": {"judged": self.conclusion.judged, "of": self.conclusion.of},
            "system": self.system,
            "interface": interface.VERSION,
            "about": self.about,
            "seed": self.settings.seed,
            "examples": self.settings.examples,
            "counts": self.counts,
            "level": self.level,
            "levels": [level._asdict() for level in self.levels],
            "problems": self.problems,
            "notes": self.notes,
            "not_claimed": [opening._asdict() for opening in self.openings],
            "deviations": [deviation.as_dict() for deviation in self.deviations],
            "clauses": [clause.as_dict() for clause in self.clauses],
            "observations": [clause.as_dict() for clause in self.observations],
            "coverage": [{**cell._asdict(), "count": count} for cell, count in self.coverage.items()],
        }

    def to_json(self) -> str:
        """The report as JSON text, with what differs from one run to the next: the time that clauses took."""
        return json.dumps({**self.as_dict(), "seconds": self.seconds}, indent=2, default=repr) + "\n"


def _of_namesakes(module: str, line: str, names: set[str], failures: int) -> str:
    count = f"{failures} of the failures come" if failures > 1 else "one of the failures comes"
    told = f"{count} with {', '.join(sorted(names))} of the module {module}: "
    told += "the name is the interface's, the class is not. "
    if line:
        return f"{told}If that module is your interface, add to your System: {line}"
    return f"{told}Raise the interface's own class, or a subclass of it"


def cut_short(check: str, how: str) -> CheckResult:
    """The result of a check that never ended, as the process that tried it did: the clause counts as not run."""
    message = f"the process that tried this ended before it did: {how}"
    return CheckResult(check, check_called(check).clause, Verdict.NOT_RUN, message)


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
