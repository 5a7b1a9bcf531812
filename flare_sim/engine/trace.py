"""What happened, as data: one tuple per fact, in order, and a digest over all of them.

Reading leaves no trace, because it has no effect.  Only whole numbers and text are recorded, so the same events have
the same digest in every process and every Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Record = tuple[int | str, ...]

__all__ = ["Trace"]


class Trace:
    """A growing list of records ``(ticks, kind, ...)``.

    Kinds: ``command`` (name, user, job id), ``state`` (job id, state), ``schedule`` (job id, result), ``deleted`` (job
    id), ``run`` (job id, paused or resumed), ``client`` (name, what), ``fault`` (verb, what it was told).

    Attributes:
        records: the list itself, for the engine.
    """

    __slots__ = ("records",)

    def __init__(self) -> None:
        self.records: list[Record] = []

    def add(self, *record: int | str) -> None:
        """Record a fact: the tick, its kind, and what belongs to it."""
        self.records.append(record)

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(tuple(self.records))

    def __eq__(self, other: object) -> bool:
        return self.records == other.records if isinstance(other, Trace) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def of(self, kind: str) -> list[Record]:
        """Return the records of one kind."""
        return [record for record in self.records if record[1] == kind]

    def to_jsonl(self) -> str:
        """Return the records as JSON lines, one array each, ASCII, always written the same way."""
        from json import dumps

        return "".join(dumps(record, separators=(",", ":")) + "\n" for record in tuple(self.records))

    @classmethod
    def from_jsonl(cls, text: str) -> Trace:
        """Read back what ``to_jsonl`` wrote.

        Raises:
            ValueError: a line is not a record; the message names the line.
        """
        from json import loads

        trace = cls()
        for number, line in enumerate(text.splitlines(), 1):
            record = loads(line)
            if type(record) is not list or len(record) < 2 or type(record[0]) is not int or type(record[1]) is not str:
                raise ValueError(f"line {number} is not a record: {line[:80]!r}")
            trace.add(*record)
        return trace

    def digest(self) -> str:
        """Return a digest of everything so far: 64 hexadecimal digits, the same for the same events."""
        from hashlib import blake2b

        return blake2b(self.to_jsonl().encode(), digest_size=32).hexdigest()

    def __repr__(self) -> str:
        return f"<Trace of {len(self.records)} records>"
