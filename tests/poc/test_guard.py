"""Whatever becomes of the starter, nothing of a live system is left: needs psutil, which comes with NVFLARE."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.poc import guard, processes
from tests.poc.launcher import ROOT, environment
from tests.poc.releases import RELEASES

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a system, with a log in it."""
    found = tmp_path / "system"
    (found / "poc" / "server").mkdir(parents=True)
    (found / "poc" / "server" / "log.txt").write_text("something happened\n")
    return found


def started(folder: Path, *, session: bool = False) -> subprocess.Popen[bytes]:
    """A process of the system, in a session of its own or not."""
    return subprocess.Popen(
        SLEEP, env={**os.environ, processes.VARIABLE: str(folder / "poc")}, start_new_session=session
    )


def watch(folder: Path, kept: Path, seconds: float = 600.0) -> subprocess.Popen[bytes]:
    """The guard of the system."""
    command = [sys.executable, "-m", "tests.poc.guard", str(folder), str(seconds), str(kept)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True)


def test_processes_are_found_and_killed_wherever_they_were_forked_to(folder: Path) -> None:
    """By their environment, not by their group; nobody else is."""
    ours = [started(folder), started(folder, session=True)]
    other = started(folder.parent / "another")

    assert {process.pid for process in processes.of(folder / "poc")} == {process.pid for process in ours}
    assert processes.kill(folder / "poc") == 2
    assert [process.wait(30) for process in ours] == [-signal.SIGKILL] * 2
    assert other.poll() is None
    other.kill()
    other.wait(30)


def test_when_all_is_done_nothing_is_left(folder: Path, tmp_path: Path) -> None:
    """The processes are gone, the folder is, and no logs are kept."""
    process, watcher = started(folder), watch(folder, tmp_path / "logs")
    watcher.communicate(guard.DONE, timeout=60)

    assert process.wait(30) == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


def test_when_the_starter_is_gone_the_logs_are_kept(folder: Path, tmp_path: Path) -> None:
    """The end of its pipe is all that it takes: a crash, a signal and a kill look the same."""
    process, watcher = started(folder), watch(folder, tmp_path / "logs")
    watcher.communicate(b"", timeout=60)

    assert process.wait(30) == -signal.SIGKILL
    assert not folder.exists()
    assert (tmp_path / "logs/poc/server/log.txt").read_text() == "something happened\n"


def test_a_starter_that_hangs_is_not_waited_for(folder: Path, tmp_path: Path) -> None:
    """When the time is up the system is stopped, although the pipe is open still."""
    process, watcher = started(folder), watch(folder, tmp_path / "logs", 0.1)

    assert watcher.wait(60) == 0
    assert watcher.stdin is not None
    watcher.stdin.close()
    assert process.wait(30) == -signal.SIGKILL
    assert not folder.exists()


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("0.0.0.0", False), ("::", False)],
)
def test_an_address_of_this_machine_alone_is_told_from_others(address: str, here: bool) -> None:
    """Also where it is one of IPv4 in the form of IPv6."""
    assert processes.is_here(address) is here


def test_a_constrained_process_listens_on_this_machine_alone(folder: Path) -> None:
    """The folder on the path of its modules sees to that, whatever it asks for."""
    program = "import socket; one = socket.socket(); one.bind(('', 0)); print(one.getsockname()[0])"
    env = environment(RELEASES["2.3"], folder)
    told = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)

    assert told.stdout == "127.0.0.1\n"


def test_what_is_started_writes_nowhere_else(folder: Path) -> None:
    """Home and workspace are below the folder, and Python is the one that runs here."""
    env = environment(RELEASES["2.9"], folder)

    assert env["HOME"] == str(folder / "home")
    assert env[processes.VARIABLE] == str(folder / "poc")
    assert env["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert "PYTHONPATH" not in env
