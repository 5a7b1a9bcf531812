"""Contents of files: small ones are bytes, larger ones lie in a temporary file until somebody reads them.

That file has no name, so that it goes with the last who knows of it, in whatever way the process ends.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from flare_sim.disk.file_errors import FileErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    Content: TypeAlias = "bytes | Kept"

__all__ = ["PIECE", "Contents", "Kept", "pieces", "whole"]

PIECE = 1 << 20
"""So many bytes are read at once; a file of more is not kept in memory."""
_IN_MEMORY = 8 << 20
"""So many bytes of one job's files are."""
_ON_DISK = hasattr(os, "pread")
"""Whether several can read one file at once; where not, all of it is."""
_ZEROS = bytes(PIECE)


class _Temporary:
    """A file without a name.

    Raises:
        OSError: there is no folder for such.
    """

    __slots__ = ("number",)

    def __init__(self) -> None:
        # Few jobs are so large that it is needed.
        from tempfile import TemporaryFile

        with TemporaryFile(prefix="flare-sim-", buffering=0) as file:
            self.number = os.dup(file.fileno())

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)


class Kept:
    """A content in a temporary file; its length is its size in bytes, and it equals bytes that are the same."""

    __slots__ = ("_file", "_size", "_start")

    def __init__(self, file: _Temporary, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes, some at a time.

        Raises:
            InternalError: it cannot be read.
        """
        for at in range(0, self._size, PIECE):
            with FileErrors("what is in the job cannot be read again"):
                piece = os.pread(self._file.number, min(PIECE, self._size - at), self._start + at)
            yield piece

    def __len__(self) -> int:
        return self._size

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (bytes, Kept)) or len(other) != len(self):
            return NotImplemented if not isinstance(other, (bytes, Kept)) else False
        return all(mine == theirs for mine, theirs in zip(self.pieces(), pieces(other), strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Kept {self._size} bytes>"


def pieces(content: Content) -> Iterator[bytes]:
    """Yield the bytes of a content, some at a time."""
    if isinstance(content, Kept):
        return content.pieces()
    return (content[at : at + PIECE] for at in range(0, len(content), PIECE))


def whole(content: Content) -> bytes:
    """Return the bytes of a content."""
    return b"".join(content.pieces()) if isinstance(content, Kept) else content


class Contents:
    """Keeps what is read, for one job: in memory what is small, as far as there is room, the rest on the disk."""

    __slots__ = ("_end", "_file", "_room")

    def __init__(self) -> None:
        self._room = _IN_MEMORY
        self._file: _Temporary | None = None
        self._end = 0

    def of_pieces(self, read: Iterable[bytes], size: int) -> Content:
        """Keep what is read piece by piece, ``size`` bytes at most.

        Raises:
            InternalError: there is no room for it on the disk.
        """
        if self._fits(size):
            return b"".join(read)
        file, at = self._temporary(), 0
        for piece in read:
            self._write(file, piece, at)
            at += len(piece)
        return self._kept(file, at)

    def of_file(self, number: int, size: int) -> tuple[Content, bool]:
        """Keep what an open file holds, its first ``size`` bytes; its holes cost nothing.

        Returns:
            The content, and whether there is more.

        Raises:
            InternalError: there is no room for it on the disk.
            OSError: it cannot be read.
        """
        if self._fits(size):
            content = os.read(number, size + 1)
            while len(content) < size and (piece := os.read(number, size + 1 - len(content))):
                content += piece
            return content[:size], len(content) > size
        return self._of_large_file(number, size), bool(os.pread(number, 1, size))

    def _of_large_file(self, number: int, size: int) -> Kept:
        file = self._temporary()
        for start, end in _extents(number, size):
            at = start
            while at < end:
                piece = os.pread(number, min(PIECE, end - at), at)
                if not piece:  # it has become shorter
                    return self._kept(file, at)
                self._write(file, piece, at)
                at += len(piece)
        return self._kept(file, size)

    def _fits(self, size: int) -> bool:
        if _ON_DISK and (size > PIECE or size > self._room):
            return False
        self._room -= size
        return True

    def _temporary(self) -> _Temporary:
        if self._file is None:
            with FileErrors("there is no temporary file for what is in the job"):
                self._file = _Temporary()
        return self._file

    def _write(self, file: _Temporary, piece: bytes, at: int) -> None:
        if piece != _ZEROS[: len(piece)]:
            with FileErrors("what is in the job cannot be kept in a temporary file"):
                written = 0
                while written < len(piece):
                    written += os.pwrite(file.number, piece[written:], self._end + at + written)

    def _kept(self, file: _Temporary, size: int) -> Kept:
        with FileErrors("what is in the job cannot be kept in a temporary file"):
            os.ftruncate(file.number, self._end + size)
        kept = Kept(file, self._end, size)
        self._end += size
        return kept


def _extents(number: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where there is something in a file but zeros that nobody wrote."""
    end = 0
    while end < size:
        try:
            start = os.lseek(number, end, os.SEEK_DATA)
            end = min(os.lseek(number, start, os.SEEK_HOLE), size)
        except (AttributeError, OSError) as problem:
            if getattr(problem, "errno", 0) != errno.ENXIO:  # where nobody tells, all of it may be something
                yield end, size
            return
        if start < size:
            yield start, end
