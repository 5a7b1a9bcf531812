"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from flare_sim.disk.whole import write_whole
from tests.flare_sim.disk.full_disk import full_disk


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a file goes, in a folder of its own."""
    (tmp_path / "here").mkdir()
    return tmp_path / "here" / "trace.jsonl"


@pytest.mark.parametrize("before", [None, b"before"])
def test_a_file_is_written(place: Path, before: bytes | None) -> None:
    """Over what was there, and nothing stays beside it."""
    if before is not None:
        place.write_bytes(before)

    write_whole(str(place), b"text")

    assert place.read_bytes() == b"text"
    assert os.listdir(place.parent) == ["trace.jsonl"]


@pytest.mark.parametrize("before", [None, b"before"])
def test_one_that_cannot_be_written_whole_is_not(place: Path, before: bytes | None) -> None:
    """What was there is there still."""
    if before is not None:
        place.write_bytes(before)

    with full_disk(10), pytest.raises(OSError, match="File too large"):
        write_whole(str(place), b"x" * 100_000)

    assert os.listdir(place.parent) == ([] if before is None else ["trace.jsonl"])
    assert before is None or place.read_bytes() == before


def test_who_may_read_it_stays_as_it_was(place: Path) -> None:
    """Of a file that was there; a new one is as the process makes files."""
    before = os.umask(0o027)
    try:
        write_whole(str(place), b"1")
        new = stat.S_IMODE(place.stat().st_mode)
        place.chmod(0o604)
        write_whole(str(place), b"2")
    finally:
        os.umask(before)

    assert (new, stat.S_IMODE(place.stat().st_mode)) == (0o640, 0o604)


def test_a_link_stays_and_what_it_leads_to_is_written(place: Path, tmp_path: Path) -> None:
    """Who names it means that."""
    target = tmp_path / "target.jsonl"
    for _ in range(2):
        place.unlink(missing_ok=True)
        place.symlink_to(target)
        write_whole(str(place), b"text")
        assert place.is_symlink()
        assert target.read_bytes() == b"text"


def test_a_device_is_not_replaced(place: Path) -> None:
    """It is written into."""
    place.symlink_to("/dev/null")

    write_whole("/dev/null", b"text")
    write_whole(str(place), b"text")

    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_fifo_that_is_named_is_written_into(place: Path) -> None:
    """A shell makes such a one of ``>(...)``; it is not waited for somebody who reads."""
    os.mkfifo(place)
    with pytest.raises(OSError, match="No such device or address"):
        write_whole(str(place), b"text")

    reader = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(str(place), b"text")

    assert os.read(reader, 99) == b"text"
    assert stat.S_ISFIFO(place.stat().st_mode)
    os.close(reader)


def test_a_pipe_that_has_no_name_is_written_into() -> None:
    """``/dev/stdout`` is one in a pipeline, and leads to what is no path."""
    reader, writer = os.pipe()
    write_whole(f"/dev/fd/{writer}", b"text")

    assert os.read(reader, 99) == b"text"
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("name", ["", "nowhere/file", "nul\0", "x" * 300, "file/below"])
def test_what_no_file_can_be_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A folder neither."""
    monkeypatch.chdir(place.parent)
    Path("file").write_text("")

    with pytest.raises((OSError, ValueError)):
        write_whole(name, b"text")

    assert os.listdir() == ["file"]
