"""Opening what others may change: regular files alone, at once, and beneath a folder never through a link."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flare_sim.disk import opening
from flare_sim.disk.opening import Beneath, NotRegular, is_beneath, open_regular
from tests.flare_sim.job_samples import write_files


@pytest.fixture(params=[True, False], ids=["by number", "by path"])
def top(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with files in it and a link out of it, on systems that hold folders open and on those that can't."""
    monkeypatch.setattr(opening, "_BY_NUMBER", request.param)
    write_files(tmp_path / "top", {"a.txt": "a", "x/b.txt": "b", "x/y/c.txt": "c", "z/d.txt": "d"})
    write_files(tmp_path / "out", {"secret.txt": "secret"})
    os.symlink("../out", tmp_path / "top" / "out")
    os.symlink("a.txt", tmp_path / "top" / "link")
    return tmp_path / "top"


@pytest.fixture
def numbers() -> Iterator[None]:
    """No file or folder stays open."""
    before = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []
    yield
    assert len(before) == (len(os.listdir("/proc/self/fd")) if before else 0)


def content(opened: tuple[int, int]) -> str:
    """What is in an opened file, which has the size it is said to have."""
    number, size = opened
    with open(number, "rb") as file:
        read = file.read()
    assert len(read) == size
    return read.decode()


@pytest.mark.usefixtures("numbers")
def test_files_are_opened_beneath_a_folder_in_any_order(top: Path) -> None:
    """Back and forth between folders, and again."""
    with Beneath(str(top)) as beneath:
        for path in ("x/y/c.txt", "a.txt", "x/b.txt", "z/d.txt", "x/y/c.txt", "x/b.txt"):
            assert content(beneath.open(path)) == path[-5]
        assert sorted(os.listdir(beneath.folder("x"))) == ["b.txt", "y"]
        assert sorted(os.listdir(beneath.folder(""))) == ["a.txt", "link", "out", "x", "z"]
        assert beneath.look("x/b.txt").st_size == 1


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize("path", ["out/secret.txt", "link", "nowhere", "x/nowhere/b", "a.txt/x", "x"])
def test_nothing_else_is_opened(top: Path, path: str) -> None:
    """A link, whether it is the file or on the way; what is not there; a folder."""
    with Beneath(str(top)) as beneath:
        with pytest.raises(OSError, match="Errno") as raised:
            beneath.open(path)
        assert isinstance(raised.value, NotRegular) is (path in ("link", "x"))
        assert content(beneath.open("x/b.txt")) == "b"


def test_who_names_a_link_as_the_folder_means_where_it_leads(top: Path) -> None:
    """Only what lies in the folder is nobody's to redirect."""
    with Beneath(str(top / "out")) as beneath:
        assert content(beneath.open("secret.txt")) == "secret"


@pytest.mark.usefixtures("numbers")
def test_a_fifo_a_socket_and_a_device_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By a path, at once, and whatever a link leads to; a regular file by a link will do."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("fifo")
    os.symlink("fifo", "link")
    for path, what in (("fifo", "a FIFO"), ("link", "a FIFO"), ("/dev/null", "a device"), (".", "a folder")):
        with pytest.raises(NotRegular) as raised:
            open_regular(path)
        assert raised.value.what == what
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        with pytest.raises(OSError, match="Errno"):
            open_regular("socket")
    Path("file").write_text("text")
    os.symlink("file", "good")
    assert content(open_regular("good")) == "text"


@pytest.mark.usefixtures("numbers")
def test_nothing_stays_open_when_a_file_cannot_be_looked_at(monkeypatch: pytest.MonkeyPatch, top: Path) -> None:
    """Not even then."""

    def failing(_: Any) -> os.stat_result:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch, Beneath(str(top)) as beneath:
        patch.setattr(os, "fstat", failing)
        with pytest.raises(OSError, match="Input/output error"):
            beneath.open("a.txt")


def test_what_is_beneath() -> None:
    """A folder and what lies in it, not what begins with the same letters."""
    assert is_beneath("/a/b", "/a/b")
    assert is_beneath("/a/b/c", "/a/b")
    assert is_beneath("/a", "/")
    assert not is_beneath("/a/bc", "/a/b")
    assert not is_beneath("/a", "/a/b")
