"""What is written, to files and to the terminal, and what is said when that can't be done."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from contract_tests.plain_text import printable

_OF_WRITING: Final = {
    getattr(errno, name, None)
    for name in ("EPIPE", "ENOSPC", "EDQUOT", "EFBIG", "EIO", "EBADF", "EAGAIN", "ECONNRESET", "ENXIO")
}
"""What writing to an open stream may come to."""

NOT_WRITTEN: Final = 4
"""The exit code of a command whose files or output could not be written, whatever it found out."""


class CantWrite(Exception):
    """Something can't be written; the text names it, and says why, on a line for each."""

    def __init__(self, *lines: str) -> None:
        super().__init__(printable("\n".join(lines)))


def cant_write(what: object, error: OSError) -> CantWrite:
    """What to raise when writing something came to ``error``."""
    return CantWrite(f"can't write {what}: {error.strerror or error}")


def write_text(path: Path, text: str) -> None:
    """Write a file, all of it or nothing; folders on the way are made.

    Raises:
        CantWrite: it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise cant_write(path, error) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it, so that at any moment it is there whole or as it was before.

    A link stands for what it leads to; what is there and no regular file, such as ``/dev/stdout``, is written into.

    Raises:
        OSError: it can't be written, or nobody reads the FIFO.
    """
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        with open(path, "wb", opener=_at_once) as file:
            file.write(content)
        return
    place = Path(os.path.realpath(path))
    with TemporaryDirectory(prefix=".arriving-", dir=place.parent, ignore_cleanup_errors=True) as folder:
        written = Path(folder, place.name)
        written.write_bytes(content)
        if mode is not None:
            written.chmod(stat.S_IMODE(mode))
        written.replace(place)


def _at_once(path: str, flags: int) -> int:
    """Open what is there without waiting, as for somebody who reads a FIFO."""
    waits = not hasattr(os, "O_NONBLOCK")
    number = os.open(path, flags & ~os.O_CREAT & ~os.O_TRUNC | (0 if waits else os.O_NONBLOCK))
    if not waits:
        os.set_blocking(number, True)
    return number


def check_writable(paths: Iterable[Path]) -> None:
    """See that files can be written later on, before what goes into them takes minutes to find out.

    Raises:
        CantWrite: some can't, as far as can be told without writing them.
    """
    if amiss := [line for path in paths for line in troubles(partial(_look_at, path))]:
        raise CantWrite(*amiss)


def _look_at(path: Path) -> None:
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if path.exists() and not path.is_file():
            return
        folder = next(folder for folder in Path(os.path.realpath(path)).parents if folder.exists())
        with TemporaryDirectory(prefix=".arriving-", dir=folder):
            pass
    except OSError as error:
        raise cant_write(path, error) from error


def write_texts(texts: Iterable[tuple[Path, str]]) -> None:
    """Write files.

    Raises:
        CantWrite: some can't be written; the others have been.
    """
    amiss = [line for path, text in texts for line in troubles(partial(write_text, path, text))]
    if amiss:
        raise CantWrite(*amiss)


def troubles(write: Callable[[], object]) -> list[str]:
    """What can't be written when ``write`` is called: a line for each."""
    try:
        write()
    except CantWrite as error:
        return str(error).splitlines()
    return []


def take_everything(stream: object) -> None:
    """Let a stream of text take every character: what it can't encode is escaped."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def of_writing(error: OSError) -> bool:
    """Whether an error is one of standard output, as it names no file and is such as writing comes to."""
    return error.filename is None and error.errno in _OF_WRITING


def unheard(error: OSError) -> CantWrite:
    """What to raise when standard output takes nothing more; nothing more is said there, at the end either."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return cant_write("to standard output", error)
