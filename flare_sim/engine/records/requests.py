"""What clients asked a server: who, when, for what, about which job; polls that come again and again take no room."""

from __future__ import annotations

from array import array
from heapq import heappop, heappush, heapreplace
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.clock import to_seconds
from flare_sim.untrusted_values import MOST_LETTERS, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    Form = tuple[str, str, str | None]

__all__ = ["RequestRecord", "Requests"]

_SERIALS = 1 << 40
"""No server has more jobs."""
_ONCE = (1, 0)


class RequestRecord(NamedTuple):
    """One request that reached the server."""

    seconds: float
    """When, in seconds since the epoch."""
    user: str
    """Who asked."""
    command: str
    """For what."""
    job_id: str
    """About which job, as it was named, or which job came of it; ``""`` for none."""


class Requests:
    """All requests that reached a server since it was made or restored, in their order, the refused ones too.

    Of requests that are alike and equally far apart, as those of a monitor are, one is kept with their number.

    Args:
        commands: those there are.
        id_of: returns the id of the job that has a serial.

    Attributes:
        last: what was asked last, as whoever notes it knows it again, and its code.
    """

    __slots__ = (
        "_code",
        "_commands",
        "_count",
        "_forms",
        "_id_of",
        "_interval",
        "_known",
        "_next",
        "_rows",
        "_runs",
        "last",
    )

    def __init__(self, commands: Collection[str], id_of: Callable[[int], str]) -> None:
        self.last: tuple[object, int] = (None, 0)
        self._commands = commands
        self._id_of = id_of
        self._forms: list[Form] = []
        self._known: dict[Form, int] = {}
        self._rows = array("q")  # a tick and a code for each
        self._runs: dict[int, tuple[int, int]] = {}  # those of more than one, by where their row ends
        self._code = -1  # of the last row, which may be one of more
        self._count = 1
        self._interval = 0
        self._next: int | None = None

    def code(self, user: str, command: str, job: str | None, serial: int = 0) -> int:
        """Return what stands for a request: about the job that has a serial, or about what ``job`` says."""
        number = self._known.get((user, command, job))
        return (self._new(user, command, job) if number is None else number) * _SERIALS + serial

    def note(self, ticks: int, code: int) -> None:
        """Record a request.  An exception may come at any point: there is one more then, or not."""
        if code == self._code:
            if ticks == self._next:
                self._count += 1
                self._next = ticks + self._interval
                return
            if self._count == 1:
                self._interval = ticks - self._rows[-2]
                self._count = 2
                self._next = ticks + self._interval
                return
        self._close()
        rows = self._rows
        if len(rows) % 2:  # half a row, as something came in between
            rows.pop()
        rows.append(ticks)
        rows.append(code)
        self._code = code

    def note_more(self, ticks: int, code: int, count: int, interval: int) -> None:
        """Record so many requests, so many ticks apart."""
        self.note(ticks, code)
        left = count - 1
        if left and self._count > 1 and self._interval != interval:  # it ends what came at another pace
            ticks, left = ticks + interval, left - 1
            self.note(ticks, code)
        if left:
            self._interval = interval
            self._count += left
            self._next = ticks + (left + 1) * interval

    def __len__(self) -> int:
        return sum(count for _, _, count, _ in self._runs_of(self._rows))

    def __iter__(self) -> Iterator[RequestRecord]:
        for ticks, code in _in_time(self._runs_of(self._rows[:])):
            yield RequestRecord(to_seconds(ticks), *self._asked(code))

    @property
    def counts(self) -> dict[str, int]:
        """How many there were for each command, in the order in which they were first asked for."""
        counts: dict[str, int] = {}
        for _, code, count, _ in self._runs_of(self._rows):
            _, command, _ = self._asked(code)
            counts[command] = counts.get(command, 0) + count
        return counts

    def of(self, command: str, *, user: str | None = None, job_id: str | None = None) -> list[RequestRecord]:
        """Return the requests for a command, or those of them by a user, about a job.

        Raises:
            ValueError: there is no such command.
        """
        from flare_sim.engine.records.names import no_such

        name = plain_text(command)
        if name not in self._commands and name not in self.counts:
            raise ValueError(no_such("there is no command", command, self._commands))
        wanted = {"user": user, "job_id": job_id}
        for what, value in wanted.items():
            if value is not None and plain_text(value) is None:
                raise ValueError(f"{what} must be text, not {shown(value)}")
        asked = [record for record in self if record.command == name]
        wanted = {what: plain_text(value) for what, value in wanted.items() if value is not None}
        return [one for one in asked if all(getattr(one, what) == value for what, value in wanted.items())]

    def _new(self, user: str, command: str, job: str | None) -> int:
        """Return the number of a form, of endless names the beginning."""
        form = (user, command[:MOST_LETTERS], job and job[:MOST_LETTERS])
        if form not in self._known:
            self._forms.append(form)
            self._known[form] = len(self._forms) - 1
        return self._known[form]

    def _runs_of(self, rows: array[int]) -> Iterator[tuple[int, int, int, int]]:
        """Yield each row with how many it stands for, and how many ticks apart they are."""
        runs = {**self._runs, len(rows): (self._count, self._interval)}
        for end in range(2, len(rows) + 1, 2):
            yield rows[end - 2], rows[end - 1], *runs.get(end, _ONCE)

    def _close(self) -> None:
        """Let what comes next be a row of its own."""
        if self._count > 1:
            self._runs[len(self._rows)] = (self._count, self._interval)
        self._code, self._next = -1, None
        self._count = 1

    def _asked(self, code: int) -> tuple[str, str, str]:
        number, serial = divmod(code, _SERIALS)
        user, command, job = self._forms[number]
        return user, command, self._id_of(serial) if job is None else job

    def __repr__(self) -> str:
        counts = list(self.counts.items())
        told = ", ".join(f"{count:,} {shown(command)}" for command, count in counts[:10])
        return f"<Requests: {told or 'none'}{' and more' if len(counts) > 10 else ''}>"


def _in_time(runs: Iterator[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the tick and the code of each request, in their order.

    Those of monitors that wait side by side overlap, as they are recorded ahead.

    Args:
        runs: the tick and the code of the first of each, how many they are, and how many ticks apart.
    """
    under_way: list[tuple[int, int, int, int, int]] = []
    for number, (ticks, code, count, interval) in enumerate(sorted(runs, key=_first)):
        while under_way and under_way[0][0] < ticks:
            yield _next_of(under_way)
        heappush(under_way, (ticks, number, code, count, interval))
    while under_way:
        yield _next_of(under_way)


def _first(run: tuple[int, int, int, int]) -> int:
    return run[0]


def _next_of(under_way: list[tuple[int, int, int, int, int]]) -> tuple[int, int]:
    ticks, number, code, count, interval = under_way[0]
    if count > 1:
        heapreplace(under_way, (ticks + interval, number, code, count - 1, interval))
    else:
        heappop(under_way)
    return ticks, code
