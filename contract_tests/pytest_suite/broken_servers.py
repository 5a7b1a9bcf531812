"""Runs the tests of an application on broken servers, too, and tells which ones no test has noticed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.mutants import mutants
from contract_tests.mutants.on_server import break_server, fits
from contract_tests.mutants.systems import by_name
from contract_tests.plain_text import shown

if TYPE_CHECKING:
    from contract_tests.mutants.variant import Variant

FIXTURE: Final = "flare_server"
NAME: Final = "flare-broken-servers"


def chosen(begins: list[str]) -> list[Variant]:
    """The mutants of sessions whose names begin so; ``each`` stands for the first one of every clause.

    Raises:
        UsageError: there is none.
    """
    found: dict[str, Variant] = {}
    for begin in begins:
        some = [mutant for mutant in mutants(*([] if begin == "each" else [begin])) if fits(mutant)]
        if begin == "each":
            some = list({mutant.clause: mutant for mutant in reversed(some)}.values())[::-1]
        if not some:
            told = f"no mutant of sessions is called {shown(begin)}; flare-contract mutants lists all"
            raise pytest.UsageError(f"--flare-mutants: {told}")
        found.update({mutant.name: mutant for mutant in some})
    return list(found.values())


def breaks(server: Any, name: str) -> None:
    """Break the sessions of a server like a mutant."""
    break_server(server, by_name()[name])


class BrokenServers:
    """Has every test that uses ``flare_server`` run on each broken server, too.

    Attributes:
        names: the mutants.
        failed: the tests that fail on a server that is right; what they do on others tells nothing.
        noticed: the tests that fail on a broken one, by the name of the mutant.
        tried: whether any test was run on a broken one.
    """

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.failed: set[str] = set()
        self.noticed: defaultdict[str, list[str]] = defaultdict(list)
        self.tried = False

    @pytest.hookimpl
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test without a mutant, then one for each."""
        if FIXTURE in metafunc.fixturenames:
            metafunc.parametrize(FIXTURE, [None, *self.names], ids=["right", *self.names], indirect=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """A test that fails on a broken server has passed: it noticed."""
        report = yield
        callspec = getattr(item, "callspec", None)
        if callspec is None or FIXTURE not in callspec.params:
            return report
        report.flare_test = item.nodeid.replace(callspec.id, "", 1).removesuffix("[]")
        report.flare_mutant = callspec.params[FIXTURE] or ""
        report.flare_noticed = bool(report.flare_mutant and report.failed)
        if report.flare_noticed:
            report.outcome = "passed"
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> Any:
        """A letter of its own for what was noticed, and for what was not."""
        if getattr(report, "flare_noticed", False):
            return "noticed", "n", "NOTICED"
        if getattr(report, "flare_mutant", "") and report.when == "call" and report.passed:
            return "not noticed", "-", "NOT NOTICED"
        return None

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep what came of a test."""
        test = getattr(report, "flare_test", None)
        if test is None:
            return
        self.tried = self.tried or bool(report.flare_mutant)
        if report.flare_noticed:
            self.noticed[report.flare_mutant].append(test)
        elif report.failed:
            self.failed.add(test)

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell what was noticed, and what was not."""
        terminalreporter.section("broken servers")
        if not self.tried:
            terminalreporter.write_line(
                f"no test of these uses {FIXTURE}: none was run on a broken server", yellow=True
            )
            return
        by = {name: [test for test in self.noticed[name] if test not in self.failed] for name in self.names}
        unnoticed = [name for name in self.names if not by[name]]
        for name in unnoticed:
            terminalreporter.write_line(f"not noticed: {name}", yellow=True)
        told = f"{len(self.names) - len(unnoticed)} of {len(self.names)} broken servers noticed"
        terminalreporter.write_line(told, green=not unnoticed, yellow=bool(unnoticed))
        if self.failed:
            few = f"{len(self.failed)} tests fail on a server that is right, and count for nothing here"
            terminalreporter.write_line(few, red=True)
