"""Runs of pytest inside a test: a project with a system, and what such a run prints."""

from __future__ import annotations

import re
from typing import Final

import pytest

from contract_tests.system import supervision

CONFTEST: Final = """
import pytest
from contract_tests.reference import SimulatedSystem

class Mine(SimulatedSystem):
    def open_session(self, user=None):
        session = self.server.connect(user or self.users[0])
        session.close = lambda: 7
        return session

@pytest.fixture(scope="session")
def flare_system_factory():
    return Mine
"""

_VERBOSE: Final = re.compile(
    r"^(?:\[gw\d+\] \[ *\d+%\] \w+ )?([^\s:]+::.+?)(?: (?:PASSED|FAILED|SKIPPED|XFAIL|ERROR)\b.*%\])?\s*$"
)
_SUMMARY: Final = re.compile(r"^(?:PASSED|FAILED|XFAIL) (.+::\w+(?:\[.+?\])?)(?: - .*)?$")


class Project:
    """A project in an empty folder, with an ini file, and runs of pytest in this process; nobody watches them."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = pytester.path
        self._pytester = pytester
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(supervision, "watch", lambda ended: None)
        monkeypatch.setattr(supervision, "conclude", lambda code: None)
        monkeypatch.setenv("COLUMNS", "200")
        self.write("pytest.ini", "[pytest]\naddopts = --strict-markers -p no:randomly --flare-examples 1\n")

    def write(self, path: str, text: str) -> None:
        """Write a file; folders on the way are made."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def change_to(self, folder: str) -> None:
        """Go to a folder of the project, which is made."""
        (self.path / folder).mkdir(parents=True, exist_ok=True)
        self._monkeypatch.chdir(self.path / folder)

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest as somebody would type it in the current folder."""
        return self._pytester.runpytest_inprocess(*arguments)


def ran(result: pytest.RunResult) -> list[str]:
    """The ids of the tests that were run, or collected, as ``-v`` and ``--collect-only -q`` print them."""
    return [match.group(1) for line in result.outlines if (match := _VERBOSE.match(line))]


def summed_up(result: pytest.RunResult) -> list[str]:
    """The ids in the short summary."""
    return [match.group(1) for line in result.outlines if (match := _SUMMARY.match(line))]
