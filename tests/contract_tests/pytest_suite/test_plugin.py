"""The pytest plugin, as a project meets it: in runs of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
import pytest
from contract_tests.reference import SimulatedSystem

class Mine(SimulatedSystem):
    def open_session(self, user=None):
        return self.server.connect(user or self.users[0])

@pytest.fixture(scope="session")
def flare_system_factory():
    return Mine
"""

BROKEN = CONFTEST.replace(
    "return self.server.connect(user or self.users[0])",
    "session = self.server.connect(user or self.users[0])\n        session.close = lambda: 7\n        return session",
)
QUICK = ("--flare-examples=1", "-p", "no:randomly", "-p", "no:cacheprovider")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, as a user would."""
    command = [sys.executable, "-m", "pytest", *QUICK, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def write(folder: Path, **files: str) -> Path:
    """Write Python files into a folder, by the names of their modules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def test_a_conftest_is_all_it_takes(tmp_path: Path) -> None:
    """From a folder that holds only that, the suite runs on its system, with strict markers and in random order."""
    result = run(write(tmp_path, conftest=CONFTEST), "--flare-contract", "-k", "close", "--strict-markers")

    assert result.returncode == 0, result.stdout
    assert "conftest:Mine" in result.stdout
    assert "verdict: partial" in result.stdout  # the rest was deselected


def test_a_conftest_below_the_root_is_seen(tmp_path: Path) -> None:
    """The fixture of a sub-folder's conftest is the system that is judged."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    write(tmp_path / "sub", conftest=BROKEN)

    result = run(tmp_path, "--flare-contract", "-k", "close.returns-none", "sub")

    assert result.returncode == 1, result.stdout
    assert "close.returns-none" in result.stdout
    assert "verdict: non-conformant" in result.stdout


def test_two_sources_that_disagree_stop_the_run(tmp_path: Path) -> None:
    """An option and a conftest can't both be right."""
    folder = write(tmp_path, conftest=CONFTEST)

    result = run(folder, "--flare-contract", "--flare-system", "contract_tests.reference:SimulatedSystem")

    assert result.returncode == 4
    assert "two systems are named" in result.stderr


@pytest.mark.parametrize("source", ["option", "ini", "environment"])
def test_a_system_can_be_named(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By option, in the ini-file, or in the environment."""
    write(
        tmp_path,
        mine="from contract_tests.reference import SimulatedSystem\n\nclass Mine(SimulatedSystem):\n    pass\n",
    )
    arguments = ["--flare-contract", "-k", "shape.exceptions"]
    if source == "option":
        arguments += ["--flare-system", "mine:Mine"]
    elif source == "ini":
        (tmp_path / "pytest.ini").write_text("[pytest]\nflare_system = mine:Mine\n", encoding="utf-8")
    else:
        monkeypatch.setenv("FLARE_SYSTEM", "mine:Mine")

    result = run(tmp_path, *arguments)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "mine:Mine" in result.stdout


def test_two_lines_make_a_test_file(tmp_path: Path) -> None:
    """The suite is a test function like any other, also on several processes."""
    text = """
from contract_tests import contract_suite
test_contract = contract_suite("contract_tests.reference:SimulatedSystem")
"""

    result = run(write(tmp_path, test_mine=text), "-n", "2", "-k", "close.again or shape.exceptions")

    assert result.returncode == 0, result.stdout
    assert "FLARE API contract" in result.stdout


def test_a_project_that_does_not_use_it_sees_nothing(tmp_path: Path) -> None:
    """No header line, no module of the suite, and the fixture for applications: the plugin imports pytest alone."""
    text = """
import sys

def test_nothing_is_loaded():
    ours = {name for name in sys.modules if name.split(".")[0] in ("contract_tests", "flare_sim")}
    suite = "contract_tests.pytest_suite"
    assert ours <= {"contract_tests", "contract_tests.plugin", suite, f"{suite}.fixtures"}, ours
    assert not {"rich", "click", "jinja2", "tomli_w"} & set(sys.modules)
"""
    folder = write(tmp_path, test_theirs=text)

    result, fixtures = run(folder, "-p", "no:hypothesispytest"), run(folder, "--fixtures")

    assert result.returncode == 0, result.stdout
    assert "flare-contract" not in result.stdout
    shown = {line.split()[0] for line in fixtures.stdout.splitlines() if line.startswith("flare_")}
    assert shown == {"flare_offline", "flare_offline_options"}
