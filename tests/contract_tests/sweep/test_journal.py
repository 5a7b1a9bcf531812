"""The journal of a sweep: what was put down is there again, and damage costs what is damaged and nothing else."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.report.output import CantWrite
from contract_tests.sweep.journal import NAME, BadJournal, Journal
from contract_tests.sweep.plan import ONCE, Plan
from contract_tests.sweep.trying import Failure, Found

if TYPE_CHECKING:
    from collections.abc import Callable

PLAN = Plan("a:b", frozenset(["close.again", "delete.running"]))
FAILURE = Failure("close.again", "violated", "a cause", "expected this; observed \x1b[31m…")
FOUND = [
    Found(ONCE, {"close.again": Verdict.MET, "delete.running": Verdict.NOT_CLAIMED}, []),
    *(Found(seed, {"close.again": Verdict.VIOLATED, "delete.running": Verdict.MET}, [FAILURE]) for seed in (3, -1, 0)),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a journal of four entries."""
    with closing(Journal(tmp_path / "new", PLAN)) as journal:
        assert (journal.known, journal.damaged) == ([], 0)
        for found in FOUND:
            journal.add(found)
    return tmp_path / "new"


def known(folder: Path, plan: Plan = PLAN) -> tuple[list[Found], int]:
    """What a journal knows, and how many of its lines are damaged."""
    with closing(Journal(folder, plan)) as journal:
        return journal.known, journal.damaged


def test_what_was_put_down_is_known_again(folder: Path) -> None:
    """All of it, as it was found."""
    assert known(folder) == (FOUND, 0)


def test_wherever_a_kill_cuts_it_short_one_entry_is_lost(folder: Path) -> None:
    """The last one; and what is put down after that is whole."""
    content = (folder / NAME).read_bytes()
    begin = content.rindex(b"\n", 0, len(content) - 1) + 1
    for end in range(begin + 1, len(content) - 1):
        (folder / NAME).write_bytes(content[:end])
        with closing(Journal(folder, PLAN)) as journal:
            assert (journal.known, journal.damaged) == (FOUND[:-1], 1)
            journal.add(FOUND[-1])

        assert known(folder) == (FOUND, 1)


def test_a_kill_before_the_end_of_a_line_loses_nothing(folder: Path) -> None:
    """The entry is whole, and the next begins on a line of its own."""
    path = folder / NAME
    path.write_bytes(path.read_bytes()[:-1])
    more = Found(9, FOUND[0].verdicts, [])
    with closing(Journal(folder, PLAN)) as journal:
        assert (journal.known, journal.damaged) == (FOUND, 0)
        journal.add(more)

    assert known(folder) == ([*FOUND, more], 0)


def test_a_byte_that_has_changed_costs_its_line(folder: Path) -> None:
    """Wherever it is, and whatever it has become."""
    content = (folder / NAME).read_bytes()
    lines = content.splitlines(keepends=True)
    for at in range(0, len(content), 7):
        for value in (0, 10, 32, 48, 255):
            if content[at] in (value, 10):
                continue
            (folder / NAME).write_bytes(content[:at] + bytes([value]) + content[at + 1 :])
            found, damaged = known(folder)
            number = content[:at].count(b"\n")  # that of the line; the first holds the plan

            assert damaged in {1, 2}, (at, value)
            assert found == [one for line, one in enumerate(FOUND, 1) if line != number], (at, value)
    assert len(lines) == 1 + len(FOUND)


def test_an_entry_that_is_there_twice_counts_once(folder: Path) -> None:
    """The same comes of a seed every time."""
    lines = (folder / NAME).read_bytes().splitlines(keepends=True)
    (folder / NAME).write_bytes(b"".join([*lines, *lines]))

    assert known(folder) == (FOUND, 0)


@pytest.mark.parametrize(
    ("change", "named"),
    [({"system": "a:c"}, "system"), ({"examples": 3}, "examples"), ({"suite": "x", "every_check": True}, "suite")],
)
def test_another_sweep_is_not_gone_on_with(folder: Path, change: dict[str, object], named: str) -> None:
    """It is said what differs, and nothing is changed."""
    before = (folder / NAME).read_bytes()
    with pytest.raises(BadJournal, match=f"holds another sweep, which differs in .*{named}.*; name another folder"):
        Journal(folder, replace(PLAN, **change))  # type: ignore[arg-type]

    assert (folder / NAME).read_bytes() == before
    assert known(folder) == (FOUND, 0)


def test_without_its_plan_another_sweep_is_known_by_any_entry(folder: Path) -> None:
    """Each says which it is of."""
    lines = (folder / NAME).read_bytes().splitlines(keepends=True)
    (folder / NAME).write_bytes(b"".join(lines[1:]))

    assert known(folder) == (FOUND, 0)
    with pytest.raises(BadJournal, match="holds another sweep; name another folder"):
        Journal(folder, replace(PLAN, system="a:c"))


def test_two_sweeps_do_not_share_a_journal(folder: Path) -> None:
    """As long as one goes on the other is refused."""
    pytest.importorskip("fcntl")
    with closing(Journal(folder, PLAN)), pytest.raises(BadJournal, match="another sweep goes on in"):
        Journal(folder, PLAN)

    assert known(folder) == (FOUND, 0)


@pytest.mark.parametrize("made", [os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_what_is_no_regular_file_is_no_journal(tmp_path: Path, made: Callable[[Path], None]) -> None:
    """It is not waited for, nor read to its end."""
    made(tmp_path / NAME)
    with pytest.raises(BadJournal, match="is no regular file"):
        Journal(tmp_path, PLAN)


def test_what_can_not_be_written_is_named(tmp_path: Path) -> None:
    """The folder, or the file."""
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()
    os.mkdir(tmp_path / "folder")
    os.mkdir(tmp_path / "folder" / NAME)
    for folder in ("file", "file/below", "folder"):
        with pytest.raises(CantWrite, match=f"can't write .*{folder}"):
            Journal(tmp_path / folder, PLAN)
