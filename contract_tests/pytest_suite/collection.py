"""What the pytest plugin does once the suite is used: options, collection, summary."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.deviations import BadDeviations, Deviation, read
from contract_tests.engine.examples import examples_from
from contract_tests.engine.report import Report, build
from contract_tests.engine.runner import CheckResult, RunSettings
from contract_tests.engine.suite_run import fitting
from contract_tests.report.files import write_reports, write_scripts
from contract_tests.report.terminal import console, show
from contract_tests.system import lookup
from contract_tests.system.system import System

FIXTURE: Final = "flare_system_factory"
"""The session-scoped fixture by which a conftest names its system."""

_KEY: Final = pytest.StashKey["SuiteRun"]()


def of(config: pytest.Config) -> SuiteRun:
    """What a run knows of the suite, made when it is first asked for.

    Raises:
        pytest.UsageError: an option makes no sense, or two sources name different systems.
    """
    if _KEY not in config.stash:
        config.stash[_KEY] = SuiteRun(config)
    return config.stash[_KEY]


class SuiteModule(pytest.Module):
    """The suite as a test module below a folder of the user's, so that the fixtures of its conftest are seen."""

    def _getobj(self) -> ModuleType:
        from contract_tests.pytest_suite.suite import contract_suite

        module = ModuleType("test_flare_contract")
        module.__file__ = str(self.path)
        module.test_contract = contract_suite()  # type: ignore[attr-defined]
        return module


class SuiteRun:
    """The options of a run, made sense of.

    Raises:
        pytest.UsageError: an option makes no sense, or two sources name different systems.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        try:
            self.settings = RunSettings(
                examples_from(config.getoption("flare_examples")), config.getoption("flare_seed")
            )
            self.named = lookup.chosen(self._sources())
            lookup.factory(self.named)
            self.deviations, self.problems = self._deviations()
        except (lookup.BadSystem, BadDeviations, ValueError) as error:
            raise pytest.UsageError(f"flare-contract: {error}") from error
        self._fitting: dict[Callable[[], System], RunSettings] = {}
        self._by_label: dict[str, RunSettings] = {}
        self.folders: dict[Path, pytest.Directory] = {}

    def _sources(self) -> dict[str, str | None]:
        return {
            "--flare-system": self.config.getoption("flare_system"),
            "flare_system in the ini-file": self.config.getini("flare_system") or None,
            lookup.ENVIRONMENT: os.environ.get(lookup.ENVIRONMENT),
        }

    def _deviations(self) -> tuple[dict[str, Deviation], list[str]]:
        path = self.config.getoption("flare_deviations")
        if not path:
            return {}, []
        today = dt.date.today()  # noqa: DTZ011, TID251 - an expiry date is about the real calendar
        found, problems = read(self.config.invocation_params.dir / path, today)
        return {deviation.clause: deviation for deviation in found}, problems

    def settings_for(self, factory: Callable[[], System]) -> RunSettings:
        """The settings that suit a system, which may want to be tried on few examples."""
        if factory not in self._fitting:
            self._fitting[factory] = fitting(self.settings, factory)
            self._by_label[lookup.label(factory)] = self._fitting[factory]
        return self._fitting[factory]

    def header(self) -> list[str]:
        """The line of the run's header."""
        system = self.named if any(self._sources().values()) else f"the fixture {FIXTURE}, else the reference"
        return [f"flare-contract: {system}; seed {self.settings.seed}, {self.settings.examples} examples per property"]

    def items(self, session: pytest.Session) -> Iterator[pytest.Item]:
        """The suite's tests: once below every conftest that has the fixture, else once for the named system.

        Raises:
            pytest.UsageError: a conftest has the fixture, and another source names a system, too.
        """
        folders = self.conftests()
        given = [source for source, name in self._sources().items() if name]
        if folders and given:
            raise pytest.UsageError(
                f"flare-contract: two systems are named: {given[0]} says {self.named}, and the conftest in "
                f"{folders[0]} has the fixture {FIXTURE}. Use one."
            )
        for folder in folders or [session.config.rootpath]:
            parent = self.folders.get(folder) or pytest.Dir.from_parent(session, path=folder)
            module = SuiteModule.from_parent(parent, path=folder / "test_flare_contract.py")
            yield from session.genitems(module)

    def conftests(self) -> list[Path]:
        """The folders of the conftests that have the fixture."""
        plugins = self.config.pluginmanager.get_plugins()
        found = [
            Path(str(plugin.__file__)).parent
            for plugin in plugins
            if isinstance(plugin, ModuleType) and hasattr(plugin, FIXTURE) and getattr(plugin, "__file__", None)
        ]
        return sorted(found)

    def summary(self, reporter: Any, results: list[str]) -> None:
        """Print every judged system's table and verdict, and write the JSON report."""
        reports = self._reports(results)
        for report in reports:
            report.problems, report.deviations = self.problems, list(self.deviations.values())
            scripts = self._scripts(report)
            reporter.section("FLARE API contract", sep="=")
            verbosity = self.config.get_verbosity()
            out = console(reporter._tw._file)  # noqa: SLF001 - the stream that pytest itself writes to
            show(report, out, quiet=verbosity < 0, failures=False)
            html = self.config.getoption("flare_html")
            if html:
                write_reports(report, scripts, html=Path(html))
        path = self.config.getoption("flare_json")
        if path:
            told = [report.as_dict() for report in reports]
            text = json.dumps(told[0] if len(told) == 1 else told, indent=2, default=repr)
            Path(path).write_text(text + "\n", encoding="utf-8")

    def _scripts(self, report: Report) -> dict[str, str]:
        folder = self.config.getoption("flare_repro")
        return write_scripts(report, Path(folder)) if folder else {}

    def _reports(self, results: list[str]) -> list[Report]:
        by_system: dict[str, list[CheckResult]] = {}
        for text in results:
            system, kept = json.loads(text)
            kept["verdict"] = Verdict(kept["verdict"])
            by_system.setdefault(system, []).append(CheckResult(**kept))
        if not by_system:
            by_system[self.named] = []
        return [build(system, self._by_label.get(system, self.settings), found) for system, found in by_system.items()]
