"""The options of the suite in a run of pytest, made sense of."""

from __future__ import annotations

import datetime as dt
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from contract_tests.contract.clause import CONFORMANCE_LEVELS
from contract_tests.engine.deviations import BadDeviations, Deviation, read, with_expected
from contract_tests.engine.settings import RunSettings, examples_from
from contract_tests.engine.suite_run import fitting
from contract_tests.preflight.plug import preflight
from contract_tests.system import lookup
from contract_tests.system.system import System

FIXTURE: Final = "flare_system_factory"
"""The session-scoped fixture by which a conftest names its system."""

_DEFAULTS: Final = {"--flare-seed": 0, "--flare-examples": "default"}

_KEY: Final = pytest.StashKey["SuiteOptions"]()


def options_of(config: pytest.Config) -> SuiteOptions:
    """The options of a run, made sense of when they are first asked for.

    Raises:
        pytest.UsageError: an option makes no sense, or two sources name different systems.
    """
    if _KEY not in config.stash:
        config.stash[_KEY] = SuiteOptions(config)
    return config.stash[_KEY]


class SuiteOptions:
    """What a run knows of the suite.

    Attributes:
        settings: how thoroughly to try.
        named: the system that an option, the ini-file or the environment names, else the reference.
        deviations: the known deviations, by clause; ``problems`` are what is wrong with their file.
        required: how many conformance levels have to be complete, or None.
        folders: the folders that pytest collects.
        json, html, repro: where reports and scripts go, as absolute paths.

    Raises:
        pytest.UsageError: an option makes no sense, or two sources name different systems.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        try:
            self.settings = RunSettings(
                examples_from(config.getoption("flare_examples")), config.getoption("flare_seed")
            )
            self.named = lookup.chosen(self.sources())
            lookup.factory(self.named)
            self.deviations, self.problems = self._deviations()
            self.required = self._required()
        except (lookup.BadSystem, BadDeviations, ValueError) as error:
            raise pytest.UsageError(f"flare-contract: {error}") from error
        self._fitting: dict[Callable[[], System], RunSettings] = {}
        self._deviating: dict[Callable[[], System], dict[str, Deviation]] = {}
        self._labels: dict[Callable[[], System], str] = {}
        self._by_label: dict[str, RunSettings] = {}
        self._looked_at: set[Callable[[], System]] = set()
        self.folders: dict[Path, pytest.Directory] = {}
        self.json, self.html, self.repro = (self._path(name) for name in ("flare_json", "flare_html", "flare_repro"))

    def sources(self) -> dict[str, str | None]:
        """What each of the places that may name a system says."""
        return {
            "--flare-system": self.config.getoption("flare_system"),
            "flare_system in the ini-file": self.config.getini("flare_system") or None,
            lookup.ENVIRONMENT: os.environ.get(lookup.ENVIRONMENT),
        }

    def _path(self, option: str) -> Path | None:
        """Where an option says that something goes, whatever the current folder is by then."""
        given = self.config.getoption(option)
        return self.config.invocation_params.dir / given if given else None

    def _required(self) -> int | None:
        text = self.config.getoption("flare_require_level") or self.config.getini("flare_require_level")
        if not text:
            return None
        top = len(CONFORMANCE_LEVELS)
        if text not in [str(level) for level in range(1, top + 1)]:
            raise ValueError(f"the level required is {text!r}; there are 1 to {top}")
        return int(text)

    def _deviations(self) -> tuple[dict[str, Deviation], list[str]]:
        path = self.config.getoption("flare_deviations")
        if not path:
            return {}, []
        today = dt.date.today()  # noqa: DTZ011, TID251 - an expiry date is about the real calendar
        found, problems = read(self.config.invocation_params.dir / path, today)
        return {deviation.clause: deviation for deviation in found}, problems

    def look_at(self, factory: Callable[[], System]) -> None:
        """Make sure, once for every system, that it can be judged.

        Raises:
            BadSystem: it can't.
        """
        if factory not in self._looked_at:
            preflight(factory)
            self._looked_at.add(factory)

    def deviation(self, factory: Callable[[], System], clause: str) -> Deviation | None:
        """The known deviation of a clause, declared in the file or by the system itself.

        Raises:
            BadSystem: what the system declares makes no sense.
        """
        if factory not in self._deviating:
            every = with_expected(self.deviations.values(), factory)
            self._deviating[factory] = {deviation.clause: deviation for deviation in every}
        return self._deviating[factory].get(clause)

    def again(self, nodeid: str) -> str:
        """The command that runs a test once more, as it is typed in the current folder."""
        path, separator, test = nodeid.partition("::")
        here = os.path.relpath(self.config.rootpath / path, self.config.invocation_params.dir)
        given = [
            part
            for name in ("--flare-system", "--flare-seed", "--flare-examples", "--flare-deviations")
            if (value := self.config.getoption(name)) != _DEFAULTS.get(name)
            for part in (name, str(value))
        ]
        return shlex.join(["pytest", f"{Path(here).as_posix()}{separator}{test}", *given])

    def settings_for(self, factory: Callable[[], System]) -> RunSettings:
        """The settings that suit a system, which may want to be tried on few examples."""
        if factory not in self._fitting:
            self._fitting[factory] = fitting(self.settings, factory)
            self.remember(self.label_of(factory), self._fitting[factory])
        return self._fitting[factory]

    def label_of(self, factory: Callable[[], System]) -> str:
        """How reports call a system, whatever the current folder has become."""
        if factory not in self._labels:
            self._labels[factory] = lookup.label(factory, self.config.invocation_params.dir)
        return self._labels[factory]

    def remember(self, system: str, settings: RunSettings) -> None:
        """Keep in mind the settings that a system is tried with."""
        self._by_label[system] = settings

    def settings_of(self, system: str) -> RunSettings:
        """The settings that a system was tried with, by its name in reports."""
        return self._by_label.get(system, self.settings)

    @property
    def judged(self) -> str:
        """What is judged, as far as that is known before a test has run."""
        return f"the fixture {FIXTURE}" if self.conftests() and not any(self.sources().values()) else self.named

    def header(self) -> list[str]:
        """The line of the run's header."""
        known = any(self.sources().values()) or self.conftests()
        system = self.judged if known else f"the fixture {FIXTURE}, else the reference"
        return [f"flare-contract: {system}; seed {self.settings.seed}, {self.settings.examples} examples per property"]

    def conftests(self) -> list[Path]:
        """The folders of the conftests that have the fixture."""
        plugins = self.config.pluginmanager.get_plugins()
        found = [
            Path(str(plugin.__file__)).parent
            for plugin in plugins
            if isinstance(plugin, ModuleType) and hasattr(plugin, FIXTURE) and getattr(plugin, "__file__", None)
        ]
        return sorted(found)
