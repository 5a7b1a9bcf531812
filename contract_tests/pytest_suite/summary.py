"""The end of a run of pytest: the reports on every system that was judged, written first, then the tables."""

from __future__ import annotations

import json
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from os.path import exists, isfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Overall
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.report import Report, build, cut_short
from contract_tests.pytest_suite.options import SuiteOptions, options_of
from contract_tests.pytest_suite.suite import Told
from contract_tests.report.files import write_reports, write_scripts
from contract_tests.report.output import NOT_WRITTEN, CantWrite, troubles, write_text
from contract_tests.report.terminal import console, no_verdict, show
from contract_tests.system import supervision

if TYPE_CHECKING:
    from rich.console import Console

_CONCLUDED: Final = pytest.StashKey[list[str]]()
"""What has to be said at the end of the run."""

_FINDINGS: Final = pytest.StashKey["Findings"]()


class Ended(NamedTuple):
    """A check whose process ended, and how; without a system it is that of the run."""

    system: str
    check: str
    how: str


@dataclass
class Findings:
    """What a run found out: results as JSON texts, and the checks whose process ended."""

    options: SuiteOptions
    results: list[str]
    ended: list[Ended]

    def write(self, *, interim: bool = False) -> None:
        """Write the reports and scripts that were asked for; before the end no more than what can be written again.

        Raises:
            CantWrite: some can't be written; the others have been.
        """
        options = self.options
        amiss: list[str] = []
        for report in self.reports:
            scripts: dict[str, str] = {}
            if options.repro and not interim:
                amiss += troubles(partial(_scripts, scripts, report, options.repro))
            if options.html and not (interim and _is_device(options.html)):
                amiss += troubles(partial(write_reports, report, scripts, html=options.html))
        if options.json and not (interim and _is_device(options.json)):
            told = [report.as_dict() for report in self.reports]
            text = json.dumps(told[0] if len(told) == 1 else told, indent=2, default=repr)
            amiss += troubles(partial(write_text, options.json, text + "\n"))
        if amiss:
            raise CantWrite(*amiss)

    def withdraw(self) -> None:
        """Remove the reports that were begun: nothing can be said of the system."""
        for path in filter(None, (self.options.json, self.options.html)):
            if not _is_device(path):
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def against(self, *, failed: bool) -> list[str]:
        """Why a run fails, though its tests all passed, or ``failed`` for another reason.

        Being run in part, as by ``-k``, is none; nor is what a test has failed for.
        """
        told: list[str] = []
        for report in self.reports:
            found = report.conclusion
            of = f" ({report.system})" if len(self.reports) > 1 else ""
            if shortfall := found.shortfall(self.options.required):
                told.append(f"{shortfall}{of}")
            if found.exit_code and found.overall is not Overall.PARTIAL and not (failed and report.failures):
                told.append(f"the system is {found}{of}")
        return told

    def show(self, out: Console, *, quiet: bool) -> None:
        """Print every judged system's table and verdict."""
        for report in self.reports:
            show(report, out, quiet=quiet)

    @cached_property
    def reports(self) -> list[Report]:
        """A report on every system that was judged."""
        by_system: dict[str, list[CheckResult]] = {}
        expected: dict[str, dict[str, str]] = {}
        for told in map(Told.from_json, self.results):
            by_system.setdefault(told.system, []).append(told.result)
            if told.expected is not None:
                expected.setdefault(told.system, {})[told.result.clause] = told.expected
        for system, check, how in self.ended:
            judged = system or next(iter(by_system), self.options.judged)
            by_system.setdefault(judged, []).append(cut_short(check, how))
        if not by_system:
            by_system[self.options.judged] = []
        reports = [build(system, self.options.settings_of(system), found) for system, found in by_system.items()]
        for report in reports:
            of_system = sorted(expected.get(report.system, {}).items())
            report.problems = self.options.problems + [
                f"{clause} is marked xfail without a reason; say why it is tolerated"
                for clause, reason in of_system
                if not reason
            ]
            report.deviations = [
                *self.options.deviations.values(),
                *(Deviation(clause, reason, "", None) for clause, reason in of_system if reason),
            ]
        return reports


def conclude(session: pytest.Session, results: list[str], crashed: list[str], *, used: bool) -> None:
    """Write the reports, and see to the exit code of a run.

    It has one of its own without a verdict, and when its reports can't be written; and it fails, though every test
    passed, when the verdict is not good enough.
    """
    config = session.config
    asked = supervision.finish()
    checks = {check.id for check in all_checks()}
    ids = [nodeid.rpartition("[")[2].rstrip("]") for nodeid in crashed]
    ended = [Ended("", check, "a worker of xdist's crashed") for check in ids if check in checks]
    if not (used or ended):
        return
    findings = config.stash[_FINDINGS] = Findings(options_of(config), results, ended)
    said = config.stash[_CONCLUDED] = [no_verdict(check, how) for _, check, how in ended]
    amiss = troubles(findings.write)
    if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not ended:
        against = findings.against(failed=session.exitstatus != pytest.ExitCode.OK)
        said += [f"the run fails: {reason}" for reason in against]
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if against else session.exitstatus
    if ended:
        session.exitstatus = supervision.NO_VERDICT
    elif amiss:
        session.exitstatus = NOT_WRITTEN
    if asked not in (None, signal.SIGINT):
        session.exitstatus = 128 + int(asked or 0)
    said += amiss
    if not config.pluginmanager.hasplugin("terminalreporter"):
        for line in said:
            sys.stderr.write(f"flare-contract: {line}\n")


def withdraw(config: pytest.Config, why: str) -> None:
    """Leave no report behind on a system of which nothing can be judged; its test's failure says why."""
    supervision.finish()
    Findings(options_of(config), [], []).withdraw()
    if not config.pluginmanager.hasplugin("terminalreporter"):
        sys.stderr.write(f"{why}\n")


def summarize(reporter: Any, config: pytest.Config) -> None:
    """Print every judged system's table and verdict."""
    findings = config.stash.get(_FINDINGS, None)
    if findings is None:
        return
    for report in findings.reports:
        reporter.section("FLARE API contract", sep="=")
        out = console(reporter._tw._file)  # noqa: SLF001 - the stream that pytest itself writes to
        show(report, out, quiet=config.get_verbosity() < 0)
    for line in config.stash[_CONCLUDED]:
        reporter.write_line(f"flare-contract: {line}", red=True)


def _scripts(scripts: dict[str, str], report: Report, folder: Path) -> None:
    scripts.update(write_scripts(report, folder))


def _is_device(path: Path) -> bool:
    """Whether it is something that can be written but once, a pipe say."""
    return exists(path) and not isfile(path)
