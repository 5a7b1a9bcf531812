"""State files on the disk: read if they are files, written beside and renamed, held by one process at a time."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from weakref import finalize

from flare_sim.disk.file_errors import reason
from flare_sim.saving.records import MAGIC, BadState, Checksum, RecordReader
from flare_sim.spec import InternalError
from flare_sim.untrusted_values import plain_path, shown, shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fill = Callable[[Callable[[bytes], object]], None]

try:
    from fcntl import LOCK_EX, LOCK_NB, flock

    CAN_LOCK = True
except ImportError:  # Windows
    CAN_LOCK = False

__all__ = ["HeldFile", "naming", "path_of", "read_records", "write_file"]

_BESIDE = ".new"
_AT_ONCE = 1 << 20
"""Records are gathered until there are so many bytes of them."""


def path_of(path: Any) -> str:
    """Return the path of a state file, links followed.

    Raises:
        ValueError: no path, or a system whose files cannot be locked.
    """
    if not CAN_LOCK:
        raise ValueError("the state of a server goes into files on POSIX systems alone")
    text = plain_path(path)
    if not text:
        raise ValueError(f"a state file must be a path, not {shown(path)}")
    try:
        return os.path.realpath(text)
    except ValueError:
        raise ValueError(f"a state file must be a path, not {shown(path)}: no file can have this name") from None


@contextmanager
def naming(path: str, *, reading: bool = False) -> Iterator[None]:
    """Say of which file something is wrong.

    Raises:
        ValueError: it is no state, or one that can't be had; or it can't be read.
        InternalError: the file system refuses to write it.
    """
    try:
        yield
    except BadState as problem:
        raise ValueError(f"{shown_path(path)} {problem}") from problem
    except OSError as problem:
        if reading:
            raise ValueError(f"{shown_path(path)} cannot be read: {reason(problem)}") from problem
        raise InternalError(f"{shown_path(path)} cannot be written: {reason(problem)}") from problem


@contextmanager
def read_records(path: str) -> Iterator[RecordReader]:
    """Open a state file for reading alone.

    Raises:
        BadState: it is no file.
        OSError: it cannot be opened.
    """
    descriptor = _opened(path, os.O_RDONLY)
    with open(descriptor, "rb") as file:
        yield RecordReader(file, os.fstat(descriptor).st_size)


def write_file(path: str, fill: Fill) -> None:
    """Write a state file: wholly, or not at all.

    Args:
        path: where it is to be; what is there is replaced.
        fill: is handed a function that takes what each record is to hold.

    Raises:
        BadState: a running server keeps its state there; or what ``fill`` raises.
        OSError: it cannot be written.
    """
    os.close(_replaced(path, fill, None)[0])


class HeldFile:
    """A state file that this process alone writes, and goes on writing.

    Args:
        path: where it is.

    Attributes:
        path: the same.
        size: how many bytes it has.

    Raises:
        BadState: another process holds it, or it is no file.
        OSError: it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = 0
        self._checksum = Checksum()
        self._process = os.getpid()
        self._descriptors: list[int] = []
        with suppress(FileNotFoundError):
            self._descriptors.append(_locked(path, os.O_RDWR))
        self._end = finalize(self, _close_all, self._descriptors)

    @property
    def is_new(self) -> bool:
        """Whether it is not there yet."""
        return not self._descriptors

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that opened it, and not a fork of that."""
        return os.getpid() == self._process

    @contextmanager
    def records(self) -> Iterator[RecordReader]:
        """Read it from its beginning."""
        (descriptor,) = self._descriptors
        with open(descriptor, "rb", closefd=False) as file:
            yield RecordReader(file, os.fstat(descriptor).st_size)

    def replace(self, fill: Fill) -> None:
        """Write it anew; see ``write_file``."""
        held = self._descriptors[0] if self._descriptors else None
        descriptor, self._checksum, self.size = _replaced(self.path, fill, held, new=held is None)
        self._descriptors[:] = [descriptor]
        if held is not None:
            os.close(held)

    def append(self, payload: bytes, *, sync: bool) -> None:
        """Add a record.

        Args:
            payload: what it holds.
            sync: whether to return only when it is on the disk.

        Raises:
            OSError: it cannot be written; what is there of it has to be written anew.
        """
        (descriptor,) = self._descriptors
        record = self._checksum.record(payload)
        _write(descriptor, record)
        self.size += len(record)
        if sync:
            os.fsync(descriptor)

    def close(self) -> None:
        """Let others have it."""
        self._end()


def _close_all(descriptors: list[int]) -> None:
    while descriptors:
        os.close(descriptors.pop())


def _opened(path: str, flags: int) -> int:
    """Open a regular file, and nothing else, without ever waiting."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise BadState("is no file")
    descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # somebody has exchanged it in between
        os.close(descriptor)
        raise BadState("is no file")
    return descriptor


def _locked(path: str, flags: int) -> int:
    """Open a file that nobody else holds, and hold it."""
    while True:
        descriptor = _opened(path, flags)
        held = False
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            with suppress(FileNotFoundError):  # somebody may have put another file there in between
                held = os.path.samestat(os.fstat(descriptor), os.stat(path))
        except BlockingIOError:
            raise BadState("is in use: a running server keeps its state there") from None
        finally:
            if not held:
                os.close(descriptor)
        if held:
            return descriptor


def _replaced(path: str, fill: Fill, held: int | None, *, new: bool = False) -> tuple[int, Checksum, int]:
    """Write a file beside another and put it in its place; returns it, held, its checksum and its size."""
    beside = path + _BESIDE
    descriptor = _locked(beside, os.O_RDWR | os.O_CREAT)
    others: list[int] = []
    try:
        if held is None:
            with suppress(FileNotFoundError):
                others.append(_locked(path, os.O_RDWR))
        if new and others:
            raise BadState("is there by now: another server has put its state there")
        os.ftruncate(descriptor, 0)
        checksum, gathered = Checksum(), bytearray(MAGIC)

        def write(payload: bytes) -> None:
            gathered.extend(checksum.record(payload))
            if len(gathered) > _AT_ONCE:
                _write(descriptor, gathered)
                gathered.clear()

        fill(write)
        _write(descriptor, gathered)
        os.fsync(descriptor)
        os.replace(beside, path)
        _sync_folder(os.path.dirname(path))
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        os.close(descriptor)
        raise
    finally:
        _close_all(others)
    return descriptor, checksum, os.fstat(descriptor).st_size


def _write(descriptor: int, data: bytes | bytearray) -> None:
    with memoryview(data) as left:
        done = 0
        while done < len(left):
            done += os.write(descriptor, left[done:])


def _sync_folder(path: str) -> None:
    """Let the name of a file be on the disk as well."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
