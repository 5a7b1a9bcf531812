"""``flare-contract run`` as a process: what ends it before its verdict, and what can't be written, is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.report import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEMS = """
import atexit, ctypes, os, pathlib, signal, time
from contract_tests.reference import SimulatedSystem

class Session:
    def __init__(self, inner, close):
        self._inner, self.close = inner, close

    def __getattr__(self, name):
        return getattr(self._inner, name)

def closing(how, isolated_=False, prepare=lambda: None):
    class Made(SimulatedSystem):
        isolated = isolated_

        def open_session(self, user=None):
            prepare()
            return Session(super().open_session(user), how)
    return Made

Exits = closing(lambda: os._exit(0))
Isolated = closing(lambda: os._exit(0), True)
ExitsInC = closing(lambda: ctypes.CDLL(None)._exit(0))
Kills = closing(lambda: os.kill(os.getpid(), signal.SIGKILL))
Odd = closing(lambda: "\\u6570\\u636e")
Slow = closing(lambda: None, prepare=lambda: (pathlib.Path("begun").touch(), time.sleep(0.1)))
Deaf = closing(lambda: None, prepare=lambda: deaf())
ExitsLate = closing(lambda: 7, prepare=lambda: atexit.register(os._exit, 0))
Moves = closing(lambda: 7, prepare=lambda: os.chdir("/"))
ExitsAtOnce = closing(lambda: None, prepare=lambda: os._exit(0))
Waits = closing(lambda: None, prepare=lambda: time.sleep(600))
Stone = closing(lambda: None, prepare=lambda: stone())

class Nothing(SimulatedSystem):
    def open_session(self, user=None):
        pass

def stone():
    while True:
        try:
            time.sleep(600)
        except BaseException:
            pass

def deaf():
    pathlib.Path("begun").touch()
    try:
        time.sleep(0.2)
    except KeyboardInterrupt:
        pass
"""
MAIN = (sys.executable, "-c", "from contract_tests.cli import main; main()")
COMMAND = (*MAIN, "run", "--quiet", "--jobs", "1")


@pytest.fixture(autouse=True)
def _systems(tmp_path: Path) -> None:
    (tmp_path / "systems.py").write_text(SYSTEMS, encoding="utf-8")


def run(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, as a user would, and read what it says unless that goes elsewhere."""
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
    return subprocess.run([*COMMAND, *arguments], cwd=folder, check=False, timeout=120, **streams)


def report(path: Path) -> dict[str, Any]:
    """A report, which holds."""
    held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert verify.problems(held) == []
    return held


@pytest.mark.parametrize("system", ["Exits", "Isolated", "ExitsInC", "Kills"])
def test_a_system_that_ends_the_process_gets_no_verdict(system: str, tmp_path: Path) -> None:
    """However it does, here or in one of several processes: exit code 3, the clause, and a report on what is known."""
    jobs = "2" if system == "Isolated" else "1"
    wanted = ("--clause", "shape.exceptions", "--clause", "close.returns-none")

    done = run(tmp_path, f"systems.py:{system}", *wanted, "--json", "r.json", "--jobs", jobs)
    held = report(tmp_path / "r.json")

    assert done.returncode == 3, done.stderr
    assert "no verdict: something ended the process while clause close.returns-none was tried" in done.stderr
    assert held["verdict"] == "partial"
    assert held["counts"]["met"] == 1
    told = next(clause["message"] for clause in held["clauses"] if clause["id"] == "close.returns-none")
    assert told.startswith("the process that tried this ended before it did")


def test_a_module_that_ends_the_process_gets_no_verdict(tmp_path: Path) -> None:
    """Nothing has been tried then."""
    (tmp_path / "ends.py").write_text("import os\nos._exit(0)\n", encoding="utf-8")

    done = run(tmp_path, "ends.py:System")

    assert done.returncode == 3
    assert "while no clause was tried: exit code 0" in done.stderr


def test_a_look_at_the_plug_that_ends_the_process_gets_no_verdict(tmp_path: Path) -> None:
    """Before any clause."""
    done = run(tmp_path, "systems.py:ExitsAtOnce", "--json", "r.json")

    assert done.returncode == 3
    assert "while no clause was tried: exit code 0" in done.stderr
    assert report(tmp_path / "r.json")["judged"]["judged"] == 0


def test_a_system_of_which_nothing_can_be_judged_leaves_no_report(tmp_path: Path) -> None:
    """Neither one that was begun nor that of an earlier run."""
    (tmp_path / "r.json").write_text("{}", encoding="utf-8")

    done = run(tmp_path, "systems.py:Nothing", "--json", "r.json", "--html", "r.html")

    assert done.returncode == 2, done.stderr
    assert "open_session returned None" in done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == ["systems.py"]


@pytest.mark.parametrize(("system", "code"), [("Odd", 1), ("Exits", 3)])
def test_a_level_is_required_of_a_verdict(system: str, code: int, tmp_path: Path) -> None:
    """It has nothing to say where there is none."""
    done = run(tmp_path, f"systems.py:{system}", "--clause", "close.returns-none", "--require-level", "2")

    assert done.returncode == code, done.stderr
    assert ("level 2 (lifecycle) is required, but none is reached" in done.stdout) is (code == 1)


def test_what_ends_the_process_later_does_not_change_the_exit_code(tmp_path: Path) -> None:
    """A verdict that was told stands."""
    done = run(tmp_path, "systems.py:ExitsLate", "--clause", "close.returns-none")

    assert "verdict: non-conformant" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("system", ["Waits", "Stone"])
def test_a_budget_ends_a_run_in_the_middle_of_a_wait(system: str, tmp_path: Path) -> None:
    """What waits is interrupted; what takes no interruption is ended by the process that watches."""
    done = run(tmp_path, f"systems.py:{system}", "--budget", "0.5", "--json", "r.json", "--badge", "b.svg")

    assert done.returncode == 1, done.stderr
    assert "verdict: partial" in done.stdout
    assert "no verdict" not in done.stderr
    assert report(tmp_path / "r.json")["judged"]["judged"] == 0
    assert (tmp_path / "b.svg").exists()


@contextmanager
def _begun(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*MAIN, *arguments], cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(1200):
            if (folder / "begun").exists():
                break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("system", ["Slow", "Deaf"])
def test_an_interrupted_run_tells_what_is_known(number: int, code: int, system: str, tmp_path: Path) -> None:
    """By Ctrl-C or from elsewhere, and also when the system swallows it."""
    with _begun(tmp_path, "run", f"systems.py:{system}", "--jobs", "1", "--json", "r.json") as process:
        process.send_signal(number)
        told = process.communicate(timeout=60)[1]

        assert process.returncode == code, told
        assert f"Error: interrupted by {signal.Signals(number).name}" in told
        assert report(tmp_path / "r.json")["verdict"] == "partial"


def test_a_killed_run_leaves_a_report_and_nothing_else(tmp_path: Path) -> None:
    """The process that judges ends with the one that watches it, and has written what it knew."""
    with _begun(tmp_path, "run", "systems.py:Slow", "--jobs", "1", "--json", "r.json") as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        judging = [int(child) for child in children.read_text().split()] if children.exists() else []
        process.kill()
        process.wait()
        for _ in range(600):
            if not any(os.path.exists(f"/proc/{child}") for child in judging):
                break
            time.sleep(0.05)

        assert [child for child in judging if os.path.exists(f"/proc/{child}")] == []
        assert report(tmp_path / "r.json")["verdict"] == "partial"


def test_paths_stay_where_they_were_when_a_system_moves(tmp_path: Path) -> None:
    """The report and the scripts, which are called as they were asked for."""
    done = run(tmp_path, "systems.py:Moves", "--clause", "close.returns-none", "--json", "r.json", "--html", "r.html")

    assert done.returncode == 1
    assert (tmp_path / "r.json").is_file()
    assert (tmp_path / "flare-contract-repro" / "repro_close_returns_none.py").is_file()
    assert "python flare-contract-repro/repro_close_returns_none.py" in (tmp_path / "r.html").read_text()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_the_output_cant_encode_is_escaped(encoding: str, tmp_path: Path) -> None:
    """And the report is whole."""
    command = [argument for argument in COMMAND if argument != "--quiet"]
    done = subprocess.run(
        [*command, "systems.py:Odd", "--clause", "close.returns-none", "--json", "r.json"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )

    assert done.returncode == 1, done.stderr
    assert b"\\u6570\\u636e" in done.stdout
    broken = [clause["message"] for clause in report(tmp_path / "r.json")["clauses"] if clause["verdict"] == "violated"]
    assert any("\u6570\u636e" in message for message in broken)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
@pytest.mark.parametrize("option", ["--json", "--html", "--junit", "--markdown", "--badge"])
def test_a_report_that_cant_be_written_is_named(option: str, tmp_path: Path) -> None:
    """One line, an exit code of its own, and the other reports are there."""
    other = "--junit" if option != "--junit" else "--json"

    done = run(tmp_path, "--clause", "close.returns-none", option, "/dev/full", other, "other")

    assert done.returncode == 4
    assert done.stderr == "Error: can't write /dev/full: No space left on device\n"
    assert (tmp_path / "other").stat().st_size > 0


def test_a_folder_that_cant_be_made_is_told_before_anything_is_tried(tmp_path: Path) -> None:
    """Nobody waits for a run whose report would be lost."""
    done = run(tmp_path, "systems.py:Slow", "--json", "systems.py/x/r.json")

    assert done.returncode == 4
    assert done.stderr == f"Error: can't write {tmp_path / 'systems.py' / 'x' / 'r.json'}: Not a directory\n"
    assert not (tmp_path / "begun").exists()


def test_scripts_that_cant_be_written_lose_no_report(tmp_path: Path) -> None:
    """The verdict is printed, too; that it could not all be written is the exit code."""
    wanted = ("--clause", "close.returns-none", "--repro", "systems.py/x", "--json", "r.json")

    done = run(tmp_path, "systems.py:Odd", *wanted)

    assert done.returncode == 4
    assert f"Error: can't write {tmp_path / 'systems.py' / 'x'}: Not a directory\n" in done.stderr
    assert "verdict: non-conformant" in done.stdout
    assert report(tmp_path / "r.json")["verdict"] == "non-conformant"


def test_output_that_nobody_reads_loses_no_report(tmp_path: Path) -> None:
    """A pipe that is closed is no verdict on the system."""
    reading, writing = os.pipe()
    os.close(reading)

    done = run(tmp_path, "--clause", "close.returns-none", "--json", "r.json", stdout=writing)
    os.close(writing)

    assert done.returncode == 4
    assert done.stderr == "Error: can't write to standard output: Broken pipe\n"
    assert report(tmp_path / "r.json")["counts"]["met"] == 1


def test_a_report_of_an_earlier_run_does_not_stay(tmp_path: Path) -> None:
    """A run that gets no further leaves a report that says so."""
    (tmp_path / "r.json").write_text("{}", encoding="utf-8")

    done = run(tmp_path, "systems.py:Exits", "--clause", "close.returns-none", "--json", "r.json")

    assert done.returncode == 3
    assert report(tmp_path / "r.json")["verdict"] == "partial"


@pytest.mark.parametrize("arguments", [("run", "slow.py:System"), ("baseline", "slow.py:System", "--write", "d.toml")])
def test_an_interrupt_is_no_verdict(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Of any command, and while the system is still being loaded."""
    (tmp_path / "slow.py").write_text("import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(60)\n")

    with _begun(tmp_path, *arguments) as process:
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]

        assert process.returncode == 130, told
        assert "Error: interrupted" in told
