"""What a run knows so far, and the files that tell it: from before anything is tried, however the run ends."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from os.path import exists, isfile
from pathlib import Path
from time import monotonic
from typing import Final

from contract_tests.contract.verdict import FAILING
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.report import Report, build, cut_short
from contract_tests.engine.suite_run import Progress
from contract_tests.report.files import write_reports, write_script, write_scripts
from contract_tests.report.output import CantWrite, troubles
from contract_tests.scenario.check import Check
from contract_tests.system import supervision

_SHARE: Final = 50
"""Writing reports that are not the last takes no more than one in so many seconds."""


@dataclass(frozen=True)
class Files:
    """Where a run's reports and scripts go: absolute paths; ``scripts_shown`` is what the folder is called."""

    json: Path | None = None
    junit: Path | None = None
    html: Path | None = None
    markdown: Path | None = None
    badge: Path | None = None
    scripts: Path | None = None
    scripts_shown: Path | None = None

    def write(self, report: Report) -> None:
        """Write all of them.

        Raises:
            CantWrite: some can't be written; the others have been.
        """
        scripts: dict[str, str] = {}
        amiss = troubles(lambda: scripts.update(self._scripts(report)))
        amiss += troubles(lambda: self._reports(report, scripts))
        if amiss:
            raise CantWrite(*amiss)

    def interim(self) -> Files:
        """Those that can be written again and again: no devices and pipes, and no scripts."""

        def again(path: Path | None) -> Path | None:
            return path if path is not None and (isfile(path) or not exists(path)) else None

        return Files(*map(again, self.reports))

    @property
    def reports(self) -> tuple[Path | None, ...]:
        """Where the reports go, scripts apart."""
        return self.json, self.junit, self.html, self.markdown, self.badge

    def script(self, result: CheckResult, report: Report) -> list[str]:
        """Write the script of a failure, where scripts are wanted and it is one that can be repeated.

        Raises:
            CantWrite: it can't be written.
        """
        if self.scripts is None or result.verdict not in FAILING:
            return []
        return [write_script(result, report, self.scripts, self.scripts_shown)]

    def _scripts(self, report: Report) -> dict[str, str]:
        return write_scripts(report, self.scripts, self.scripts_shown) if self.scripts else {}

    def _reports(self, report: Report, scripts: dict[str, str]) -> None:
        write_reports(
            report,
            scripts,
            json=self.json,
            junit=self.junit,
            html=self.html,
            markdown=self.markdown,
            badge=self.badge,
        )


@dataclass
class Known:
    """The results of a run as they come in.

    Attributes:
        blank: the report before anything was tried.
        files: where it goes.
        results: those of the checks that were tried.
        slowest: how many of the clauses that took longest are told.
    """

    blank: Report
    files: Files
    results: list[CheckResult] = field(default_factory=list)
    slowest: int = 0
    _next: float = 0.0

    def report(self) -> Report:
        """The report on what is known: what was not tried counts as not run."""
        built = build(self.blank.system, self.blank.settings, self.results)
        return replace(self.blank, clauses=built.clauses, observations=built.observations)

    def begin(self) -> None:
        """Write reports that know nothing: those of an earlier run must not pass for this one's.

        Raises:
            CantWrite: some can't be written.
        """
        begun = monotonic()
        files = self.files.interim()
        if files != Files():
            files.write(self.report())
        self._next = monotonic() + _SHARE * (monotonic() - begun)

    def withdraw(self) -> None:
        """Remove the reports that were begun: nothing can be said of the system."""
        for path in filter(None, self.files.interim().reports):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def script(self, result: CheckResult) -> str:
        """Write the script of a failure; returns its path, and nothing where there is none."""
        found: list[str] = []
        troubles(lambda: found.extend(self.files.script(result, self.blank)))  # what can't be is told at the end
        return "".join(found)

    def cut_short(self, check: str, how: str) -> None:
        """Note that a check never ended, as the process that tried it did."""
        self.results.append(cut_short(check, how))

    def also_telling(self, progress: Progress | None) -> Progress:
        """What a run is to tell of every check: `progress`, which is told as well, comes first."""

        def tell(check: Check, result: CheckResult | None) -> None:
            if progress is not None:
                progress(check, result)
            if result is not None:
                self._add(result)

        return tell

    def _add(self, result: CheckResult) -> None:
        """Take in a result; what has become known is written when it is time to."""
        supervision.note("result", result)
        self.results.append(result)
        if monotonic() >= self._next:
            try:
                self.begin()
            except CantWrite:
                self._next = monotonic() + _SHARE  # what can't be written is told at the end
