"""The timeline: a heap of events, in one total order.

An entry is ``(ticks, serial, action, argument)``.  The serial is unique and grows, so two entries never compare equal,
actions are never compared, and things due at the same tick happen in the order they were asked for.

The entry being done stays at the head of the heap until its action is back, and taking it out is what makes it done: an
action that raises, or is interrupted, is done again.  Whatever it asks for gets a larger serial and a tick no earlier
than now, so the head is still this entry afterwards; one that wants to run again is then exchanged in place
(``heapreplace``), half the work of a pop and a push.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush, heapreplace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Action = Callable[[Any], int | None]
    Entry = tuple[int, int, Action, Any]

__all__ = ["Timeline"]


class Timeline:
    """Things to do, by time.

    Attributes:
        now: the tick reached (microseconds since the epoch); never goes back.
        doing: the entry that is being done, None between entries.
        serial: the number of the next entry.
        savepoint: how to take back what has been begun and is not done, None when nothing is (``ServerState.touch``).
    """

    __slots__ = ("_heap", "doing", "now", "savepoint", "serial")

    def __init__(self, now: int = 0) -> None:
        self.now = now
        self.serial = 0
        self.doing: Entry | None = None
        self.savepoint: list[Any] | None = None
        self._heap: list[Entry] = []

    def __len__(self) -> int:
        """How many entries wait."""
        return len(self._heap)

    def at(self, ticks: int, action: Action, argument: Any = None) -> None:
        """Do ``action(argument)`` at ``ticks``, or now when that has passed.

        The action may return a number of ticks: it is done again that much later.  None means it is over.
        """
        serial = self.serial
        self.serial = serial + 1
        now = self.now
        heappush(self._heap, (ticks if ticks > now else now, serial, action, argument))

    def after(self, ticks: int, action: Action, argument: Any = None) -> None:
        """Do ``action(argument)`` when ``ticks`` more have passed."""
        serial, now = self.serial, self.now
        self.serial = serial + 1
        heappush(self._heap, (now + ticks if ticks > 0 else now, serial, action, argument))

    def peek(self) -> int | None:
        """Return the tick of the next entry, None when nothing waits."""
        return self._heap[0][0] if self._heap else None

    def head(self) -> Entry | None:
        """Return the next entry itself, None when nothing waits."""
        return self._heap[0] if self._heap else None

    def entries(self) -> list[Entry]:
        """Return all entries, in the order in which they will be done."""
        return sorted(self._heap)

    def discard(self) -> None:
        """Drop the next entry undone.

        Raises:
            IndexError: nothing waits.
        """
        heappop(self._heap)

    def next_in(self, is_stale: Callable[[Any], bool]) -> int | None:
        """Return how long it is until the next entry whose argument is not stale, dropping the others; None without."""
        while (entry := self.head()) is not None:
            if not is_stale(entry[3]):
                return entry[0] - self.now
            self.discard()
        return None

    def forget_since(self, serial: int) -> None:
        """Drop every entry asked for since there were ``serial``, as if nobody had asked."""
        self._heap[:] = [entry for entry in self._heap if entry[1] < serial]
        heapify(self._heap)
        self.serial = serial

    def run(self, until: int) -> None:
        """Do everything due up to and including ``until``, then move time there.

        Args:
            until: a tick; one that has passed does nothing.

        Raises:
            RuntimeError: called by an action that is being done.
            BaseException: what an action raised; its entry still waits, as the rest does, and time stands at it.
        """
        if self.doing is not None:
            raise RuntimeError("the timeline is already running: an action must not run it")
        heap, replace, pop = self._heap, heapreplace, heappop
        try:
            while heap:
                ticks, _, action, argument = entry = heap[0]
                if ticks > until:
                    break
                self.now = ticks
                self.doing = entry
                again = action(argument)
                if again is None:
                    pop(heap)
                else:
                    serial = self.serial
                    self.serial = serial + 1
                    replace(heap, (ticks + again if again > 0 else ticks, serial, action, argument))
        finally:
            self.doing = None
        if until > self.now:
            self.now = until

    def __repr__(self) -> str:
        return f"<Timeline at {self.now}, {len(self._heap)} waiting>"
