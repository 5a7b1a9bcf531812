"""Output that nobody takes: a full disk, a reader that is gone, no output at all, a folder that is gone."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import pytest

from tests.command_lines.rows import PROGRAMS, ROWS, command_line
from tests.command_lines.trying import NOT_WRITTEN, tried

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET = {("flare-sim", "run-script"), ("flare-sim", "nvflare"), ("flare-sim", "serve")}
"""What prints nothing where NVFLARE is not installed."""


def full() -> TextIO:
    """A file for which there is no room."""
    return open("/dev/full", "w", encoding="utf-8")


def unread() -> TextIO:
    """A pipe from which nobody reads."""
    reads, writes = os.pipe()
    os.close(reads)
    return os.fdopen(writes, "w", encoding="utf-8")


def ended(program: str, line: list[str]) -> int:
    """The exit code of a command line."""
    with pytest.raises(SystemExit) as end:
        PROGRAMS[program].main(line, prog_name=program)
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize("stream", [full, unread])
@pytest.mark.parametrize(
    ("program", "command"), [*(key for key in ROWS if key not in QUIET), *((name, "--help") for name in PROGRAMS)]
)
def test_what_nobody_takes_is_told(
    program: str,
    command: str,
    stream: Callable[[], TextIO],
    at: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exit code 4, and a line on the other stream."""
    line = [command] if command == "--help" else command_line(program, command, at, {})
    errors = io.StringIO()
    with stream() as taken, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", taken)
        patched.setattr(sys, "stderr", errors)
        code = ended(program, line)

    assert code == NOT_WRITTEN
    assert errors.getvalue().splitlines()[-1].startswith("Error: can't write to standard output: ")
    assert "Traceback" not in errors.getvalue()


@pytest.mark.parametrize(("program", "command"), ROWS, ids=str)
def test_without_output_a_command_does_what_it_does(
    program: str, command: str, at: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process may have been begun without."""
    expected = tried(program, command_line(program, command, at, {})).code
    Path(at["new"]).unlink(missing_ok=True)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", None)
        patched.setattr(sys, "stderr", None)
        code = ended(program, command_line(program, command, at, {}))

    assert code == expected


class Full(io.StringIO):
    """A stream that takes nothing."""

    def write(self, text: str) -> int:
        """There is no room."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(("program", "command"), [key for key in ROWS if key not in QUIET], ids=str)
def test_errors_that_nobody_takes_change_no_exit_code(
    program: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong usage stays wrong usage."""
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", Full())
        assert ended(program, [command, "--no-such-option"]) == 2


@pytest.mark.parametrize(("program", "command"), ROWS, ids=str)
def test_a_folder_that_is_gone_is_no_traceback(
    program: str, command: str, at: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs none is done, and what does says so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    told = tried(program, command_line(program, command, at, {}))

    assert told.code in {0, 1, 2, NOT_WRITTEN}, told.output
