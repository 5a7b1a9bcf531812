"""``flare-contract run`` tells of a failure as it is found: once, in full or in a line, whatever it prints to."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

SYSTEMS: Final = '''
import pathlib, time
from contract_tests.reference import SimulatedSystem

class Session:
    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def close(self):
        return "so many words that no terminal of eighty columns holds them in a single line of its own"

    def list_jobs(self, *args, **kwargs):
        raise ValueError(7)

class Odd(SimulatedSystem):
    isolated = False

    def open_session(self, user=None):
        return Session(super().open_session(user))

class Waits(Odd):
    """Waits for a file before it misbehaves."""

    def misbehave(self):
        for _ in range(1200):
            if pathlib.Path("go").exists():
                break
            time.sleep(0.05)
        super().misbehave()
'''
RUN: Final = (sys.executable, "-c", "from contract_tests.cli import main; main()", "run")
WANTED: Final = ("--clause", "close.returns-none", "--clause", "list.own", "--clause", "list.dicts")


@pytest.fixture(autouse=True)
def _systems(tmp_path: Path) -> None:
    (tmp_path / "systems.py").write_text(SYSTEMS, encoding="utf-8")


def run(folder: Path, *arguments: str, **options: Any) -> list[str]:
    """The lines that a run prints to a pipe of 80 columns."""
    environment = {**os.environ, "COLUMNS": "80", **options}
    done = subprocess.run(
        [*RUN, "systems.py:Odd", *WANTED, *arguments],
        cwd=folder,
        env=environment,
        check=False,
        timeout=120,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_a_failure_is_told_when_it_is_found(quiet: tuple[str, ...], tmp_path: Path) -> None:
    """Through a pipe, too: while the run goes on, with the script that shows it again."""
    wanted = ("--clause", "close.returns-none", "--clause", "misbehaving.list-jobs")
    begun = subprocess.Popen(
        [*RUN, "systems.py:Waits", *wanted, *quiet], cwd=tmp_path, text=True, stdout=subprocess.PIPE
    )
    assert begun.stdout is not None

    first = begun.stdout.readline()
    goes_on = begun.poll() is None
    scripts = [path.name for path in (tmp_path / "flare-contract-repro").iterdir()]
    (tmp_path / "go").touch()
    rest = begun.communicate(timeout=120)[0]

    assert first.startswith("close.returns-none")
    assert goes_on
    assert scripts == ["repro_close_returns_none.py"]
    assert "verdict: non-conformant" in rest


@pytest.mark.slow
def test_a_failure_is_told_in_full_once_and_in_a_line_at_the_end(tmp_path: Path) -> None:
    """By cause: what one line of code breaks stands together."""
    lines = run(tmp_path)
    end = lines[lines.index("What is not kept (3), by cause") :]

    assert [line for line in lines if line.startswith("close.returns-none (MUST, ")] != []
    assert sum(line.startswith("  observed: ") for line in lines) + sum("  because:  " in line for line in lines) == 3
    assert end[1] == "  ValueError, raised at systems.py:16, in list_jobs (2)"
    assert [line.split()[0] for line in end[2:4]] == ["list.dicts", "list.own"]
    assert end[4] == "  each of its own (1)"
    assert end[5].startswith("    close.returns-none  expected None; observed returned 'so many words")
    assert end[-1].startswith("verdict: non-conformant  (")


def test_quietly_a_failure_is_a_line(tmp_path: Path) -> None:
    """It names what was expected and observed; the end tells ids by cause, and does not say it again."""
    lines = run(tmp_path, "-q")

    assert [line.partition(": ")[0] for line in lines[:3]] == ["list.dicts", "list.own", "close.returns-none"]
    assert lines[2].startswith("close.returns-none: violated: expected None; observed returned 'so many words")
    assert lines[3:8] == [
        "What is not kept (3), by cause",
        "  ValueError, raised at systems.py:16, in list_jobs (2)",
        "    list.dicts, list.own",
        "  each of its own (1)",
        "    close.returns-none",
    ]
    assert "expected" not in "\n".join(lines[3:])


@pytest.mark.slow
def test_everything_fits_into_eighty_columns(tmp_path: Path) -> None:
    """But for what is copied in one piece, and for the lines that programs look for."""
    long = re.compile(r"  (?:again|script): |verdict: |levels reached: ")

    assert [line for line in run(tmp_path) if len(line) > 80 and not long.match(line)] == []


@pytest.mark.slow
@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_without_colors_nothing_but_text_is_printed(quiet: tuple[str, ...], tmp_path: Path) -> None:
    """No escape sequences in what is piped."""
    assert [line for line in run(tmp_path, *quiet, NO_COLOR="1") if "\x1b" in line] == []


@pytest.mark.slow
def test_on_a_terminal_progress_makes_room_for_a_failure(tmp_path: Path) -> None:
    """The bar is taken away before a failure is told, so that no line of it has part of a bar in it."""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
    begun = subprocess.Popen(
        [*RUN, "systems.py:Odd", *WANTED], cwd=tmp_path, env=environment, stdout=slave, stderr=slave
    )
    os.close(slave)
    shown = b""
    while part := _read(master):
        shown += part
    begun.wait(timeout=120)
    os.close(master)
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r", "\n").splitlines()

    assert any("━" in line for line in lines)
    assert "  expected: None" in lines
    assert [line for line in lines if "━" in line and ("expected" in line or "observed" in line)] == []


def _read(terminal: int) -> bytes:
    """What a terminal shows next; nothing once nobody writes to it any more."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
