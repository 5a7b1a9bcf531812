"""The form of a state file: records one after the other, each checked together with all that stands before it.

A file begins with a line that says what it is.  A record is a line, too: its length, a checksum over the file up to
its end, a checksum over these two, and what it holds: JSON (a list that begins with a word), or after a ``=`` the bytes
of a content.  So nothing can be changed, left out or exchanged unnoticed, and a record that breaks off at the end of
the file, as when whoever wrote it was killed, can be told from one that is damaged.

Lengths are looked at before anything is read, and how much there is in a record before it is parsed.
"""

from __future__ import annotations

from hashlib import blake2b
from json import dumps, loads
from sys import modules
from typing import TYPE_CHECKING, Any

from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["MAGIC", "BadState", "Checksum", "RecordReader", "head", "packed", "read_head", "unpacked"]

MAGIC = b"flare-sim state\n"
FORMAT = 1
"""The format of what records hold."""
RELEASE: str = modules["flare_sim"].__version__
MOST_BYTES = 64 * 1024 * 1024
"""No record of JSON is longer,"""
MOST_VALUES = 1_000_000
"""or holds more values: parsed, each takes some hundred bytes."""
_LENGTH, _SUM, _CHECK = 12, 24, 8
_HEAD = _LENGTH + 1 + _SUM + 1 + _CHECK + 1


class BadState(ValueError):
    """A file does not hold the state of a server; the message says why, beginning with a verb."""


class Checksum:
    """The running checksum of a file, which turns what is added to it into records."""

    def __init__(self) -> None:
        self._sum = blake2b(MAGIC, digest_size=_SUM // 2)

    def record(self, payload: bytes) -> bytes:
        """Return the next record, which holds ``payload``."""
        length = b"%012x" % len(payload)
        return b"%b%b\n" % (_head(length, self.after(length, payload)), payload)

    def after(self, length: bytes, payload: bytes) -> bytes:
        """Return the checksum up to the end of a record, the next one."""
        self._sum.update(length)
        self._sum.update(payload)
        return self._sum.hexdigest().encode()


def _head(length: bytes, checksum: bytes) -> bytes:
    check = blake2b(length + checksum, digest_size=_CHECK // 2).hexdigest().encode()
    return b"%b %b %b " % (length, checksum, check)


class RecordReader:
    """Reads the records of a file.

    Args:
        file: stands at its beginning.
        size: how many bytes it has.

    Attributes:
        checksum: that of what was read.
        end: where the last whole record ends.
        torn: whether something that is no whole record stands at the end.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.checksum = Checksum()
        self.end = len(MAGIC)
        self.torn = False
        self._file = file
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        """Give what each record holds.

        Raises:
            BadState: it is no state file, or damaged.
        """
        if self._file.read(len(MAGIC)) != MAGIC:
            raise BadState("is not the state of a server of flare-sim, or its beginning is damaged")
        while left := self._size - self.end:
            head = self._file.read(min(_HEAD, left))
            if len(head) < _HEAD:
                break
            length, checksum = head[:_LENGTH], head[_LENGTH + 1 : _LENGTH + 1 + _SUM]
            if head != _head(length, checksum):
                raise self._damaged()
            count = int(length, 16)
            if count >= left - _HEAD:
                break
            payload = self._file.read(count)
            if self._file.read(1) != b"\n" or self.checksum.after(length, payload) != checksum:
                raise self._damaged()
            self.end += _HEAD + count + 1
            yield payload
        self.torn = self.end < self._size

    def _damaged(self) -> BadState:
        return BadState(f"is damaged: the checksum of the record at byte {self.end} is wrong")


def head(*, log: bool) -> bytes:
    """Return what the first record holds: what can read the file, and who wrote it.

    Args:
        log: whether calls may follow the snapshot.
    """
    return packed("flare-sim", {"format": FORMAT, "release": RELEASE, "log": log})


def read_head(payload: bytes) -> bool:
    """Return whether calls may follow the snapshot of a file that begins with this record.

    Raises:
        BadState: it was made by a newer release, or is no beginning.
    """
    kind, values = unpacked(payload)
    facts = values[0] if kind == "flare-sim" and values and type(values[0]) is dict else {}
    number, release = facts.get("format"), facts.get("release")
    if type(number) is int and number > FORMAT:
        raise BadState(
            f"was written by a newer release, flare-sim {shown(release)}: its format is {shown(number)}, "
            f"and flare-sim {RELEASE} reads formats up to {FORMAT}"
        )
    if number != FORMAT or type(number) is not int or type(facts.get("log")) is not bool:
        raise BadState(f"has a format that is not known: {shown(number)}")
    return bool(facts["log"])


def packed(kind: str, *values: Any) -> bytes:
    """Return what a record of JSON holds.

    Raises:
        BadState: more than a record may hold, or what JSON does not have.
    """
    try:
        payload = dumps((kind, *values), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    except (RecursionError, TypeError, ValueError) as problem:
        raise BadState(f"cannot hold a {kind}: {problem}") from problem
    if _is_large(payload):
        raise BadState(f"cannot hold a {kind} of {len(payload)} bytes")
    return payload


def unpacked(payload: bytes) -> tuple[str, list[Any]]:
    """Return the kind and the values of a record of JSON.

    Raises:
        BadState: it is none.
    """
    try:
        if _is_large(payload):
            raise ValueError("it is too large")
        kind, *values = loads(payload.decode("utf-8", "surrogatepass"), parse_int=_whole)
        if type(kind) is not str:
            raise TypeError(f"{shown(kind)} is no kind")
    except (RecursionError, TypeError, ValueError) as problem:
        raise BadState(f"holds a record that cannot be read: {problem}") from None
    return kind, values


def _is_large(payload: bytes) -> bool:
    return len(payload) > MOST_BYTES or sum(map(payload.count, (b",", b"[", b"{"))) > MOST_VALUES


def _whole(digits: str) -> int:
    if len(digits) > 4300:  # what Python reads, since 3.11
        raise ValueError(f"it holds a number of {len(digits)} digits")
    return int(digits)
