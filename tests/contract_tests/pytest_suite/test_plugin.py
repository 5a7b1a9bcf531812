"""The pytest plugin, as a project meets it: in runs of its own, in a process of its own where that matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract_tests.pytest_suite.inner_runs import Project

pytest_plugins = ["pytester"]

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
ENDS = BROKEN.replace("lambda: 7", "lambda: __import__('os')._exit(0)")
MOVES = BROKEN.replace("session = self", "__import__('os').chdir('/')\n        session = self")
QUICK = ("--flare-examples=1", "-p", "no:randomly", "-p", "no:cacheprovider")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, as a user would, in a process."""
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
    result = run(write(tmp_path, conftest=CONFTEST), "--flare-contract", "-k", "close.again", "--strict-markers")

    assert result.returncode == 0, result.stdout
    assert "conftest:Mine" in result.stdout
    assert "verdict: partial" in result.stdout  # the rest was deselected


def test_a_conftest_below_the_root_is_seen(project: Project) -> None:
    """The fixture of a sub-folder's conftest is the system that is judged."""
    project.write("sub/conftest.py", BROKEN)

    result = project.run("--flare-contract", "-k", "close.returns-none", "sub")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*close.returns-none*", "*verdict: non-conformant*"])


def test_two_sources_that_disagree_stop_the_run(project: Project) -> None:
    """An option and a conftest can't both be right."""
    project.write("conftest.py", CONFTEST)

    result = project.run("--flare-contract", "--flare-system", "contract_tests.reference:SimulatedSystem")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*two systems are named*"])


@pytest.mark.parametrize("source", ["option", "ini", "environment"])
def test_a_system_can_be_named(source: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """By option, in the ini-file, or in the environment."""
    project.write(
        "mine.py", "from contract_tests.reference import SimulatedSystem\n\nclass Mine(SimulatedSystem):\n    pass\n"
    )
    arguments = ["--flare-contract", "-k", "shape.exceptions"]
    if source == "option":
        arguments += ["--flare-system", "mine:Mine"]
    elif source == "ini":
        project.write("pytest.ini", "[pytest]\nflare_system = mine:Mine\n")
    else:
        monkeypatch.setenv("FLARE_SYSTEM", "mine:Mine")

    result = project.run(*arguments)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*mine:Mine*"])


@pytest.mark.slow
def test_two_lines_make_a_test_file(tmp_path: Path) -> None:
    """The suite is a test function like any other, also on several processes."""
    text = """
from contract_tests import contract_suite
test_contract = contract_suite("contract_tests.reference:SimulatedSystem")
"""

    result = run(write(tmp_path, test_mine=text), "-n", "1", "-k", "close.again or shape.exceptions")

    assert result.returncode == 0, result.stdout
    assert "FLARE API contract" in result.stdout


def test_a_project_that_does_not_use_it_sees_nothing(tmp_path: Path) -> None:
    """No header line, no module of the suite, and the fixtures for applications: the plugin imports pytest alone."""
    text = """
import sys

def test_nothing_is_loaded():
    ours = {name for name in sys.modules if name.split(".")[0] in ("contract_tests", "flare_sim")}
    suite = "contract_tests.pytest_suite"
    fixtures = {f"{suite}.{name}_fixtures" for name in ("served", "server")} | {f"{suite}.fixtures"}
    assert ours <= {"contract_tests", "contract_tests.plugin", suite, *fixtures}, ours
    assert not {"rich", "click", "jinja2", "tomli_w"} & set(sys.modules)
"""
    folder = write(tmp_path, test_theirs=text)

    result, fixtures = run(folder, "-p", "no:hypothesispytest"), run(folder, "--fixtures")

    assert result.returncode == 0, result.stdout
    assert "flare-contract" not in result.stdout
    shown = {line.split()[0] for line in fixtures.stdout.splitlines() if line.startswith(("flare_", "make_flare_"))}
    servers = {"flare_server", "flare_server_options", "flare_session"}
    served = {"flare_served", "flare_served_options", "flare_served_session"}
    assert shown == {"flare_offline", "flare_offline_options", "make_flare_job", *servers, *served}


LITTLE = """
import pytest
from contract_tests import System
from flare_sim import SimulatedServer

class Mine(System):
    def __init__(self):
        self.server = SimulatedServer()

    def open_session(self, user="alice"):
        return self.server.connect("admin@nvidia.com")

@pytest.fixture(scope="session")
def flare_system_factory():
    return Mine
"""


@pytest.mark.slow
def test_a_system_that_shows_little_fails_the_run(tmp_path: Path) -> None:
    """No test fails, yet the run does, and says why; also on several processes."""
    result = run(write(tmp_path, conftest=LITTLE), "--flare-contract", "-q", "-n", "2")

    assert result.returncode == 1, result.stdout
    assert " failed" not in result.stdout
    assert "flare-contract: the run fails: the system is unproven" in result.stdout


LEVEL_1 = ("--flare-contract", "-k", "shape or system.text")
TOLD = "*flare-contract: the run fails: level 2 (lifecycle) is required, but only 1 (shape) is reached*"


@pytest.mark.slow
def test_a_run_that_fails_by_its_verdict_needs_no_terminal(project: Project) -> None:
    """The report is there, and the reason goes to standard error."""
    project.write("conftest.py", CONFTEST)

    result = project.run(*LEVEL_1, "--flare-require-level", "2", "-p", "no:terminal", "--flare-json", "r.json")

    assert (result.ret, result.outlines) == (1, [])
    result.stderr.fnmatch_lines([TOLD])
    assert json.loads((project.path / "r.json").read_text(encoding="utf-8"))["verdict"] == "partial"


@pytest.mark.slow
def test_a_level_can_be_required(project: Project) -> None:
    """By option or in the ini-file; the option goes first, and what is collected only is not judged."""
    project.write("conftest.py", CONFTEST)
    project.write("pytest.ini", "[pytest]\nflare_require_level = 1\n")
    level_2 = ("--flare-require-level", "2")

    result = project.run(*LEVEL_1, *level_2)
    enough = project.run(*LEVEL_1)
    project.write("pytest.ini", "[pytest]\nflare_require_level = 2\n")
    by_ini = project.run("--flare-contract", "-k", "shape.exceptions")
    collected = project.run(*LEVEL_1, *level_2, "--collect-only", "--flare-json", "r.json")

    assert (result.ret, enough.ret, by_ini.ret, collected.ret) == (1, 0, 1, 0)
    result.stdout.fnmatch_lines([TOLD])
    enough.stdout.no_fnmatch_line("*the run fails*")
    by_ini.stdout.fnmatch_lines(["*level 2 (lifecycle) is required*"])
    collected.stdout.no_fnmatch_line("*verdict:*")
    assert not (project.path / "r.json").exists()


def test_a_level_that_does_not_exist_is_wrong_usage(project: Project) -> None:
    """The run ends before it begins."""
    project.write("conftest.py", CONFTEST)

    result = project.run("--flare-contract", "--flare-require-level", "7")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*the level required is '7'; there are 1 to 6*"])


def test_a_bad_file_of_deviations_fails_the_run(project: Project) -> None:
    """Every test passes, but the system is not conformant while the file says nothing true."""
    project.write("conftest.py", CONFTEST)
    project.write("bad.toml", '[[deviation]]\nclause = "no.clause"\n')

    result = project.run("--flare-contract", "-k", "close.again", "--flare-deviations", "bad.toml")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*flare-contract: the run fails: the system is non-conformant*"])


NOTHING = CONFTEST.replace("return self.server.connect(user or self.users[0])", "pass")


@pytest.mark.slow
@pytest.mark.parametrize("processes", [(), ("-n", "1")], ids=["one", "another"])
def test_a_system_that_can_not_be_judged_ends_the_run(processes: tuple[str, ...], tmp_path: Path) -> None:
    """One failure that says what is wrong and where, exit code 2, no table and no report."""
    folder = write(tmp_path, conftest=NOTHING)

    result = run(folder, "--flare-contract", "--flare-json", "report.json", "-k", "close", *processes)

    assert result.returncode == 2, result.stdout + result.stderr
    assert result.stdout.count("FAILED ") == 1
    assert "open_session returned None" in result.stdout
    assert "conftest.py:6, Mine.open_session" in result.stdout
    assert "clause by clause" not in result.stdout
    assert not (tmp_path / "report.json").exists()


def test_a_system_that_can_not_be_judged_is_told_without_a_terminal(project: Project) -> None:
    """On standard error, and nothing that was begun is left."""
    project.write("conftest.py", NOTHING)
    wanted = ("--flare-json", "report.json", "--flare-html", "report.html")

    result = project.run("--flare-contract", "-p", "no:terminal", *wanted)

    assert (result.ret, result.outlines) == (2, [])
    assert result.stderr.str().count("open_session returned None") == 1
    assert not list(project.path.glob("report.*"))


@pytest.mark.parametrize("text", [b"\xef\xbb\xbf[[deviation]]", b"a = " + b"[" * 1000 + b"]" * 1000])
def test_deviations_that_can_not_be_read_are_wrong_usage(text: bytes, project: Project) -> None:
    """One line that names the file, and nothing is run."""
    project.write("conftest.py", CONFTEST)
    (project.path / "deviations.toml").write_bytes(text)

    result = project.run("--flare-contract", "--flare-deviations", "deviations.toml")

    assert result.ret == 4
    assert "deviations.toml" in result.stderr.str()
    assert len(result.stderr.str().strip().splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_system_that_ends_the_process_gets_no_verdict(workers: tuple[str, ...], tmp_path: Path) -> None:
    """In the run's own process and in one of xdist's: exit code 3, the clause, and a report on what is known."""
    folder = write(tmp_path, conftest=ENDS)

    result = run(
        folder, "--flare-contract", "-k", "close.returns-none or shape.exceptions", "--flare-json", "r.json", *workers
    )
    held = json.loads((folder / "r.json").read_text(encoding="utf-8"))

    assert result.returncode == 3, result.stdout + result.stderr
    assert "while clause close.returns-none was tried" in result.stdout + result.stderr
    assert (held["verdict"], held["system"], held["counts"]["met"]) == ("partial", "conftest:Mine", 1)


def test_a_test_file_of_ones_own_is_watched_too(tmp_path: Path) -> None:
    """Without any option of the suite."""
    text = "from conftest import Mine\nfrom contract_tests import contract_suite\ntest_mine = contract_suite(Mine)\n"
    folder = write(tmp_path, conftest=ENDS, test_mine=text)

    result = run(folder, "-k", "close.returns-none", "-p", "no:terminal")

    assert result.returncode == 3
    assert "while clause close.returns-none was tried" in result.stderr


def test_reports_need_no_terminal_and_stay_in_place(project: Project) -> None:
    """They are written where they were asked for, when nothing is printed and the system has moved elsewhere."""
    project.write("conftest.py", MOVES)
    folder = project.path
    wanted = ("--flare-json", "r.json", "--flare-html", "r.html", "--flare-repro", "scripts")

    result = project.run("--flare-contract", "-k", "close.returns-none", "-p", "no:terminal", *wanted)

    assert (result.ret, result.outlines) == (1, [])
    assert json.loads((folder / "r.json").read_text(encoding="utf-8"))["verdict"] == "non-conformant"
    assert (folder / "r.html").is_file()
    assert (folder / "scripts" / "repro_close_returns_none.py").is_file()


@pytest.mark.parametrize("option", ["--flare-json", "--flare-html", "--flare-repro"])
def test_what_cant_be_written_is_told_with_a_code_of_its_own(option: str, project: Project) -> None:
    """It does not pass for a broken promise."""
    project.write("conftest.py", BROKEN)
    path = project.path / "conftest.py" / "x"

    result = project.run("--flare-contract", "-k", "close.returns-none", option, str(path / "r.html"))

    assert result.ret == 4
    assert f"flare-contract: can't write {path}" in result.stdout.str() + result.stderr.str()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a run is watched where a process can be forked")
def test_a_run_that_is_terminated_tells_what_is_known(tmp_path: Path) -> None:
    """SIGTERM ends it with what was found out so far, and the code for that."""
    folder = write(
        tmp_path, conftest=BROKEN.replace("lambda: 7", "lambda: __import__('os').kill(__import__('os').getppid(), 15)")
    )

    result = run(folder, "--flare-contract", "-k", "close.returns-none or shape.exceptions", "--flare-json", "r.json")

    assert result.returncode == 143, result.stdout + result.stderr
    assert "verdict: partial" in result.stdout
    assert json.loads((folder / "r.json").read_text(encoding="utf-8"))["verdict"] == "partial"
