"""What happened, as data: one tuple per fact, in order, and a digest over all of them.

Reading leaves no trace, because it has no effect.  Only whole numbers and text are recorded, so the same events have
the same digest in every process and every Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.untrusted_values import plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Record = tuple[int | str, ...]

__all__ = ["Trace", "is_record"]


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
        """Record a fact: the tick, its kind, and what belongs to it.

        Raises:
            ValueError: it begins otherwise, or something in it is neither a whole number nor text.
        """
        if not is_record(record):
            raise ValueError(f"a record has a tick, a kind, and whole numbers and text, not {shown(list(record))}")
        self.records.append(record)

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Record]:
        return iter(tuple(self.records))

    def __eq__(self, other: object) -> bool:
        return self.records == other.records if type(other) is Trace else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def of(self, kind: str) -> list[Record]:
        """Return the records of one kind."""
        name = plain_text(kind)
        return [record for record in self.records if record[1] == name]

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
        plain = plain_text(text)
        if plain is None:
            raise ValueError(f"lines of text are needed, not {shown(text)}")
        trace = cls()
        for number, line in enumerate(plain.splitlines(), 1):
            record = _read(line)
            if record is None:
                raise ValueError(f"line {number} is not a record: {shown(line)}")
            trace.add(*record)
        return trace

    def digest(self) -> str:
        """Return a digest of everything so far: 64 hexadecimal digits, the same for the same events."""
        from hashlib import blake2b

        return blake2b(self.to_jsonl().encode(), digest_size=32).hexdigest()

    def __repr__(self) -> str:
        return f"<Trace of {len(self.records)} records>"


def _read(line: str) -> list[int | str] | None:
    """Return the record that is written in a line, None when there is none."""
    from json import loads

    try:
        record: list[int | str] = loads(line)
    except (ValueError, RecursionError):
        return None
    return record if type(record) is list and is_record(record) else None


def is_record(parts: Sequence[object]) -> bool:
    """Tell whether these are the parts of a record: a tick, a kind, and whole numbers and text."""
    if len(parts) < 2 or type(parts[0]) is not int or type(parts[1]) is not str:
        return False
    for part in parts:  # noqa: SIM110  (every fact comes by here, and a generator would cost most of it)
        if type(part) is not str and type(part) is not int:
            return False
    return True
