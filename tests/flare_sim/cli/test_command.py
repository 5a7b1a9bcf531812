"""What takes long says so, on a terminal alone."""

from __future__ import annotations

import io
import os
import re
import select
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from flare_sim.cli import command, main
from tests.flare_sim.job_samples import write_job

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


class AtOnce(threading.Timer):
    """A timer that does not wait."""

    def start(self) -> None:
        """Do it here and now."""
        self.function()

    def join(self, timeout: float | None = None) -> None:
        """It is done."""


def terminal_at_once(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Where it is said from now on what goes on, without a wait."""
    monkeypatch.setattr(command, "Timer", AtOnce)
    monkeypatch.setenv("TERM", "xterm")
    there = Terminal()
    monkeypatch.setattr(sys, "stderr", there)
    return there


def seen(terminal: int, awaited: bytes) -> bytes:
    """What is to be seen on a terminal until something awaited is."""
    shown = b""
    while awaited not in shown:
        assert select.select([terminal], [], [], 30)[0], f"no {awaited!r} in {shown!r}"
        shown += os.read(terminal, 1000)
    return shown


def said(terminal: Terminal) -> list[str]:
    """What was said there was going on, in order, once each."""
    return list(dict.fromkeys(re.findall(r" ([^\x1b]+) \x1b", terminal.getvalue())))


def test_it_is_said_after_a_while_and_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said takes one line of the terminal, which is empty again in the end."""
    reading, writing = os.openpty()
    monkeypatch.setattr(command, "_PATIENCE", 0.001)
    monkeypatch.setenv("TERM", "xterm")
    with open(writing, "w") as there:
        monkeypatch.setattr(sys, "stderr", there)
        with command.going_on("reading [x] twin.flare"):
            shown = seen(reading, b"reading [x] twin.flare")
        there.write("that was it\n")
        there.flush()
        shown = seen(reading, b"that was it")
    os.close(reading)

    assert shown.rpartition(b"twin.flare")[2].count(b"\x1b[2K") == 1  # the line is erased


def test_what_is_quick_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to wait for it, and no thread stays."""
    there = Terminal()
    monkeypatch.setattr(sys, "stderr", there)
    threads = set(threading.enumerate())  # of which others may end meanwhile
    with command.going_on("reading"):
        pass

    assert there.getvalue() == ""
    assert set(threading.enumerate()) <= threads


def test_off_a_terminal_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes."""
    monkeypatch.setattr(command, "Timer", AtOnce)
    there = io.StringIO()
    monkeypatch.setattr(sys, "stderr", there)
    with command.going_on("reading"):
        pass

    assert there.getvalue() == ""


def test_commands_say_what_they_are_at(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that may take long: reading, running, writing; what they print besides is the same."""
    monkeypatch.chdir(tmp_path)
    terminal = terminal_at_once(monkeypatch)
    write_job(tmp_path / "job")
    run = ["run", "--state", "state", "--trace", "trace", "--timeline", "page.html", "--download", "results", "job"]
    lines = (run, ["check", "job"], ["check", "job", "job"], ["timeline", "trace"], ["timeline", "state"])
    told = {}
    for line in lines:
        with pytest.raises(SystemExit) as end:
            main(line)
        assert end.value.code == 0
        told[" ".join(line[:2])] = said(terminal)
        terminal.seek(0)
        terminal.truncate()

    assert told["run --state"] == [
        "reading state",
        "running job",
        "writing the result",
        "writing trace",
        "writing page.html",
        "summing up the trace",
    ]
    assert told["check job"] == ["reading 2 jobs"]
    assert told["timeline trace"] == ["drawing trace"]
    assert told["timeline state"] == ["drawing state"]
    assert "Timeline: page.html\n" in capsys.readouterr().out
