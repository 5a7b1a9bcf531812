"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from functools import partial
from pathlib import Path

import pytest

from contract_tests.report.output import CantWrite, check_writable, troubles, write_text
from tests.flare_sim.disk.full_disk import full_disk


@pytest.mark.parametrize("before", [None, "before"])
def test_a_file_that_cannot_be_written_whole_is_as_it_was(tmp_path: Path, before: str | None) -> None:
    """One that is not there is not there either, and nothing stays beside it."""
    path = tmp_path / "report.json"
    if before is not None:
        path.write_text(before)

    with full_disk(10), pytest.raises(CantWrite, match=r"can't write .*report\.json: File too large"):
        write_text(path, "x" * 100_000)

    assert os.listdir(tmp_path) == ([] if before is None else ["report.json"])
    assert before is None or path.read_text() == before


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """With folders on the way; who may read it stays, a link too, and what can't be encoded is escaped."""
    path = tmp_path / "a" / "b" / "report.json"
    write_text(path, "long before")
    path.chmod(0o604)
    (tmp_path / "link").symlink_to(path)

    write_text(tmp_path / "link", "\ud800")

    assert path.read_text() == "\\ud800"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert (tmp_path / "link").is_symlink()
    assert os.listdir(path.parent) == ["report.json"]


def test_a_device_is_written_into() -> None:
    """It is not replaced."""
    assert troubles(partial(write_text, Path("/dev/null"), "text")) == []
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_pipes_are_written_into(tmp_path: Path) -> None:
    """``/dev/stdout`` is one in a pipeline; a FIFO that nobody reads is not waited for."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(CantWrite, match=r"can't write .*fifo: No such device or address"):
        write_text(fifo, "text")

    named, (unnamed, writer) = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK), os.pipe()
    for reader, path in ((named, fifo), (unnamed, Path(f"/dev/fd/{writer}"))):
        write_text(path, "text")
        assert os.read(reader, 99) == b"text"
        os.close(reader)
    os.close(writer)


@pytest.mark.parametrize(
    ("below", "match"), [("", "Is a directory"), ("file/report.json", "Not a directory"), ("x" * 300, "too long")]
)
def test_what_cannot_be_written_is_told_beforehand(tmp_path: Path, below: str, match: str) -> None:
    """And a look leaves nothing behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CantWrite, match=match):
        check_writable([tmp_path / below])

    check_writable([tmp_path / "folders" / "on the way" / "report.json", tmp_path / "file", Path("/dev/null")])

    assert os.listdir(tmp_path) == ["file"]
