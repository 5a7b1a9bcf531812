"""What happened, as data: one row per fact, in order, and a digest over all of them.

Reading leaves no trace, because it has no effect.  Only whole numbers and text are recorded, so the same events have
the same digest in every process and every Python.

A server tells six facts of a job that does nothing special, so they are kept in two numbers each: the tick, and a code.
A code is the number of a form, which says what is told, and the serial of the job it is told of.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from flare_sim.jobs.lifecycle import JobState
from flare_sim.untrusted_values import plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from flare_sim.engine.records.trace_record import Row, TraceRecord

    Form = tuple[int | str | None, ...]

__all__ = ["SCHEDULED", "STATES", "Trace", "is_record"]

_SERIALS = 1 << 40
"""No server has more jobs."""
_FORMS: tuple[Form, ...] = (*(("state", None, state.name) for state in JobState), ("schedule", None, "scheduled"))
"""What is told most often, with None where the id of the job stands."""
STATES: Mapping[JobState, int] = {state: number * _SERIALS for number, state in enumerate(JobState)}
"""A state -> the code that a job is in it."""
SCHEDULED = len(STATES) * _SERIALS
"""The code that a job was scheduled."""


class Trace:
    """A growing list of ``TraceRecord``s, which is kept, written and digested as rows ``(ticks, kind, ...)``.

    Kinds: ``command`` (name, user, job id), ``state`` (job id, state), ``schedule`` (job id, result), ``deleted`` (job
    id), ``run`` (job id, paused or resumed), ``round`` (job id, which is over), ``client`` (name, what), ``fault``
    (verb, what it was told), ``user`` (name, what, role and organisation).

    Attributes:
        codes: one for each record, for the engine.
    """

    __slots__ = ("_forms", "_ids", "_known", "_ticks", "codes")

    def __init__(self) -> None:
        self._ticks = array("q")
        self.codes = array("q")
        self._forms: list[Form] = list(_FORMS)
        self._known: dict[Form, int] = {}
        self._ids: list[str] | dict[int, str] = []

    def add(self, *record: int | str) -> None:
        """Record a fact: the tick, its kind, and what belongs to it.

        Raises:
            ValueError: it begins otherwise, or something in it is neither a whole number nor text.
        """
        if not is_record(record):
            raise ValueError(f"a record has a tick, a kind, and whole numbers and text, not {shown(list(record))}")
        ticks, *facts = record
        if type(ticks) is int and -(1 << 63) <= ticks < 1 << 63:
            self.tell(ticks, self._number(tuple(facts)))
        else:  # nobody's clock shows that
            self.tell(0, self._number(record))

    def tell(self, ticks: int, code: int, serial: int = 0) -> None:
        """Record a fact that has a code, of a job by its serial."""
        self._ticks.append(ticks)
        self.codes.append(code + serial)

    def code(self, *form: int | str | None) -> int:
        """Return the code of what may be told of many jobs, with None where the id stands."""
        code = self._known.get(form)
        if code is None:
            code = self._known[form] = self._number(form)
        return code

    def introduce(self, serial: int, job_id: str) -> None:
        """Say what a job is called, before anything is told of it."""
        ids = self._ids
        if type(ids) is list:
            if serial == len(ids):
                ids.append(job_id)
                return
            if serial < len(ids):  # what was introduced behind it has been taken back
                ids[serial:] = (job_id,)
                return
            ids = self._ids = dict(enumerate(ids))  # what is read from a file has gaps where jobs were deleted
        ids[serial] = job_id

    def id_of(self, serial: int) -> str:
        """Return what a job is called that was introduced."""
        return self._ids[serial]

    def forget_since(self, length: int) -> None:
        """Be as long as it was once, as if nothing had been told since."""
        del self._ticks[length:], self.codes[length:]

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[TraceRecord]:
        from flare_sim.engine.records.trace_record import named  # loaded when it is first read

        return named(self.rows())

    def __eq__(self, other: object) -> bool:
        return self.rows() == other.rows() if type(other) is Trace else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def rows(self) -> list[Row]:
        """Return all as it is kept: tuples of the ticks (microseconds since the epoch), the kind, and the facts."""
        return self._rows(range(len(self._forms)))

    def of(self, kind: str) -> list[TraceRecord]:
        """Return the records of one kind.

        Raises:
            ValueError: there is no such kind.
        """
        from flare_sim.engine.records.names import no_such
        from flare_sim.engine.records.trace_record import KINDS, named

        name = plain_text(kind)
        kinds = [str(_whole(0, form)[1]) for form in self._forms]
        if name not in KINDS and name not in kinds:
            raise ValueError(no_such("the trace has no kind", kind, {*KINDS, *kinds}))
        return list(named(self._rows(number for number, told in enumerate(kinds) if told == name)))

    def about(self, job_id: str) -> list[TraceRecord]:
        """Return the records about one job, that it was cloned among them; none when nothing was told of it."""
        from flare_sim.engine.records.trace_record import named

        text = plain_text(job_id)
        rows = (row for row in self.rows() if text in row)
        return [record for record in named(rows) if text and text in (record.job_id, record.original)]

    @property
    def last_tick(self) -> int | None:
        """When the last fact was told, None when none was."""
        return self._ticks[-1] if self._ticks else None

    def last_told(self, serial: int, kind: str, what: str) -> int | None:
        """Return when a fact of this kind was last told of a job, None if it never was."""
        asked = (kind, self._ids[serial], what)
        for place in range(len(self.codes) - 1, -1, -1):
            number, of = divmod(self.codes[place], _SERIALS)
            form = self._forms[number]
            if form == asked or (of == serial and form == (kind, None, what)):
                return self._ticks[place]
        return None

    def to_jsonl(self) -> str:
        """Return the rows as JSON lines, one array each, ASCII, always written the same way."""
        from json import dumps

        return "".join([dumps(row, separators=(",", ":")) + "\n" for row in self.rows()])

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

    def _number(self, form: Form) -> int:
        """Return the code of a form that is new."""
        self._forms.append(form)
        return (len(self._forms) - 1) * _SERIALS

    def _rows(self, numbers: Iterable[int]) -> list[Row]:
        """Return the rows whose forms have these numbers."""
        ids = self._ids
        parts: dict[int, tuple[Form, int]] = {}
        for number in numbers:
            form = self._forms[number]
            parts[number] = form, form.index(None) if None in form else -1
        rows = []
        for ticks, code in zip(self._ticks, self.codes, strict=True):
            number, serial = divmod(code, _SERIALS)
            if number in parts:
                form, place = parts[number]
                if place >= 0:
                    rows.append((ticks, *form[:place], ids[serial], *form[place + 1 :]))
                else:
                    rows.append(_whole(ticks, form))
        return rows  # type: ignore[return-value]  # (where a form has None, an id stands now)

    def _repr_html_(self) -> str:
        from flare_sim.engine.records.timeline import timeline
        from flare_sim.engine.records.timeline_page import timeline_piece

        return timeline_piece(timeline(self, "trace"))

    def __repr__(self) -> str:
        return f"<Trace of {len(self)} records>"


def _whole(ticks: int, form: Form) -> Form:
    """Return the record of a form; one that begins with a tick is a whole one."""
    return form if type(form[0]) is int else (ticks, *form)


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
