"""Files that can't be read or written: a line that names the file and says why, and the exit code for it."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.reference import SimulatedSystem
from tests.command_lines.rows import FOLDER, JOB, READ, ROWS, STATE, WRITTEN, command_line, taking
from tests.command_lines.trying import NO_NVFLARE, NOT_WRITTEN, Told, tried
from tests.contract_tests.faulty_systems import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READABLE_NAME = "given\x1b[31mfile"


def _holding(content: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(content)

    return make


def _sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 100 * 1024 * 1024)


def _link_to_itself(path: Path) -> None:
    path.symlink_to(path)


class Listless(SimulatedSystem):
    """Shows at the first call that it is not as it should be."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that lists nothing."""
        session = super().open_session(user)
        session.list_jobs = lambda *given, **more: None
        return session


FILES: dict[str, Callable[[Path], None]] = {
    "missing": lambda path: None,
    "empty": lambda path: path.touch(),
    "a-folder": lambda path: path.mkdir(),
    "a-pipe": os.mkfifo,
    "a-device": lambda path: path.symlink_to("/dev/zero"),
    "unreadable": lambda path: path.symlink_to("/proc/self/mem"),
    "a-circle": _link_to_itself,
    "100-mb": _sparse,
    "no-utf-8": _holding(b'{"a": "\xff"}'),
    "utf-16": _holding('{"a": 1}'.encode("utf-16")),
    "nul": _holding(b"REPRO = 1\0"),
    "cut-short": _holding(b'{"schema": 2, "clauses": [{"id": "clo'),
    "no-form": _holding(b"\x1b[31m]{{{\n"),
    "deep": _holding(b"REPRO = " + b"[" * 50_000 + b"]" * 50_000),
    "deep-json": _holding(b'{"schema": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    "deep-keys": _holding(b".".join([b"a"] * 50_000) + b" = 1\n"),
    "digits": _holding(b"a = " + b"9" * 100_000),
    "a-key-twice": _holding(b'{"schema": 2, "schema": 2}'),
    "no-number": _holding(b'{"schema": NaN}'),
    "too-large-a-number": _holding(b'{"schema": 1e999}'),
}
UNWRITABLE: dict[str, Callable[[Path], str]] = {
    "a-folder": str,
    "below-a-file": lambda path: _made(path / "file", _holding(b"x")) + "/below",
    "no-more-room": lambda path: "/dev/full",
    "long-name": lambda path: str(path / ("x" * 300)),
    "no-folder-there": lambda path: "/proc/nothing/there",
    "escapes": lambda path: "/proc/nothing\x1b[31m/there",
}


def _made(path: Path, make: Callable[[Path], None]) -> str:
    make(path)
    return str(path)


@pytest.fixture(autouse=True)
def little_memory() -> Iterator[None]:
    """No file, however large it says it is, is read whole: there is no room for one."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 512 * 1024 * 1024, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


def handed(file: str, folder: Path, program: str, command: str, name: str, at: dict[str, str]) -> Told:
    """What comes of a command that is handed such a file."""
    path = folder / READABLE_NAME
    FILES[file](path)
    return tried(program, command_line(program, command, at, {name: str(path)}))


@pytest.mark.parametrize(("program", "command", "name"), taking(READ), ids=str)
@pytest.mark.parametrize("file", FILES)
def test_what_can_not_be_read_is_wrong_usage(
    program: str, command: str, name: str, file: str, at: dict[str, str], tmp_path: Path
) -> None:
    """Or, where it is some file, not the one that was meant, and said to be no such."""
    told = handed(file, tmp_path, program, command, name, at)
    named = [line for line in told.output.splitlines() if r"given\x1b[31mfile" in line]

    assert told.code in {1, 2}, told.output
    if told.code == 2:
        assert len(told.errors) == 1, told.output
    if (command, told.code) not in {
        ("run", 1),
        ("sweep", 1),
    } and program != "flare-sim":  # an empty file of deviations declares none
        assert named, told.output


@pytest.mark.parametrize(("program", "command", "name"), taking(JOB), ids=str)
@pytest.mark.parametrize("file", FILES)
def test_what_is_no_job_is_told_as_that(
    program: str, command: str, name: str, file: str, at: dict[str, str], tmp_path: Path
) -> None:
    """It is refused as a server would."""
    told = handed(file, tmp_path, program, command, name, at)

    assert told.code == 1, told.output
    assert r"given\x1b[31mfile" in told.output or command in ("nvflare", "serve")


@pytest.mark.parametrize(("program", "command", "name"), taking(STATE), ids=str)
@pytest.mark.parametrize("file", sorted({*FILES} - {"missing", "unreadable", "a-device"}))
def test_what_is_no_state_is_left_alone(
    program: str, command: str, name: str, file: str, at: dict[str, str], tmp_path: Path
) -> None:
    """It is wrong usage, or somebody else's error; a file that is no state is never made one."""
    path = tmp_path / READABLE_NAME
    FILES[file](path)
    before = os.lstat(path)
    told = tried(program, command_line(program, command, at, {name: str(path)}))

    assert told.code in {1, 2, NOT_WRITTEN}, told.output
    assert len(told.errors) == 1, told.output
    assert (os.lstat(path).st_ino, os.lstat(path).st_size) == (before.st_ino, before.st_size)
    if told.errors != [NO_NVFLARE]:
        assert r"given\x1b[31mfile" in told.output, told.output


@pytest.mark.parametrize("target", UNWRITABLE)
@pytest.mark.parametrize(
    ("program", "command"), dict.fromkeys((program, command) for program, command, _ in taking(WRITTEN)), ids=str
)
def test_what_can_not_be_written_is_named(
    program: str, command: str, target: str, at: dict[str, str], tmp_path: Path
) -> None:
    """Each by its path, with what the system says; where that is seen in the command line, it is wrong usage."""
    names = [name for name, kind in ROWS[program, command].takes.items() if kind is WRITTEN]
    told = tried(program, writing(program, command, names, UNWRITABLE[target](tmp_path), at))

    if told.errors != [NO_NVFLARE]:
        assert (told.code, len(told.errors)) in {(2, 1), (NOT_WRITTEN, len(names))}, told.output


@pytest.mark.parametrize("target", sorted({*UNWRITABLE} - {"a-folder"}))
@pytest.mark.parametrize(("program", "command", "name"), taking(FOLDER), ids=str)
def test_a_folder_that_can_not_be_written_is_named(
    program: str, command: str, name: str, target: str, at: dict[str, str], tmp_path: Path
) -> None:
    """By its path, or that of the first file in it."""
    told = tried(program, writing(program, command, [name], UNWRITABLE[target](tmp_path), at))

    if told.errors != [NO_NVFLARE]:
        assert told.code in {2, NOT_WRITTEN}, told.output
        assert len(told.errors) == 1, told.output


def writing(program: str, command: str, names: list[str], path: str, at: dict[str, str]) -> list[str]:
    """A command line by which something is written there; what is not as it should be leaves scripts, too."""
    broken = f"{__name__}:Listless" if command == "explore" else NAME
    faulty = {"system": broken, "clauses": "delete.running"} if program == "flare-contract" else {}
    changed = {one: value for one, value in faulty.items() if one in ROWS[program, command].takes}
    return command_line(program, command, at, {**changed, **dict.fromkeys(names, path)})


@pytest.mark.parametrize(
    ("program", "command", "file"),
    [
        ("flare-contract", "verify", "report"),
        ("flare-contract", "replay", "reproducer"),
        ("flare-sim", "timeline", "trace"),
    ],
)
def test_a_file_that_is_cut_short_ends_in_words(program: str, command: str, file: str, at: dict[str, str]) -> None:
    """Wherever it is cut."""
    good = Path(at[file])
    content = good.read_bytes()
    for end in range(command == "timeline", len(content) - 2, max(1, len(content) // 25)):  # of nothing is a page, too
        good.write_bytes(content[:end])
        told = tried(program, command_line(program, command, at, {"file": str(good)}))

        assert told.code == 2, told.output
        assert len(told.errors) == 1
