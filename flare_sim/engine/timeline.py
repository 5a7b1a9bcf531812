"""The timeline: a heap of events, in one total order.

An entry is ``(ticks, serial, action, argument)``.  The serial is unique and grows, so two entries never compare equal,
actions are never compared, and things due at the same tick happen in the order they were asked for.

The entry being executed stays at the head of the heap until its action is back.  Whatever the action asks for gets a
larger serial and a tick no earlier than now, so the head is still this entry afterwards; one that wants to run again
is then exchanged in place (``heapreplace``), half the work of a pop and a push.
"""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
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
    """

    __slots__ = ("_busy", "_heap", "_serial", "now")

    def __init__(self, now: int = 0) -> None:
        self.now = now
        self._heap: list[Entry] = []
        self._serial = 0
        self._busy = False

    def __len__(self) -> int:
        """How many entries wait."""
        return len(self._heap)

    @property
    def busy(self) -> bool:
        """Whether an action is being done."""
        return self._busy

    def at(self, ticks: int, action: Action, argument: Any = None) -> None:
        """Do ``action(argument)`` at ``ticks``, or now when that has passed.

        The action may return a number of ticks: it is done again that much later.  None means it is over.
        """
        serial = self._serial
        self._serial = serial + 1
        now = self.now
        heappush(self._heap, (ticks if ticks > now else now, serial, action, argument))

    def after(self, ticks: int, action: Action, argument: Any = None) -> None:
        """Do ``action(argument)`` when ``ticks`` more have passed."""
        self.at(self.now + ticks, action, argument)

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

    def step(self) -> bool:
        """Do the next entry, moving time to it; False when nothing waits.

        Raises:
            RuntimeError: called by an action that is being done.
            Exception: what the action raised; its entry is over.
        """
        self._begin()
        try:
            if not self._heap:
                return False
            ticks, _, action, argument = self._heap[0]
            self.now = ticks
            again = action(argument)
            if again is not None:
                self.after(again, action, argument)
            heappop(self._heap)
        except BaseException:
            heappop(self._heap)
            raise
        finally:
            self._busy = False
        return True

    def run(self, until: int) -> None:
        """Do everything due up to and including ``until``, then move time there.

        Args:
            until: a tick; one that has passed does nothing.

        Raises:
            RuntimeError: called by an action that is being done.
            Exception: what an action raised; its entry is over, time stands at it, the rest still waits.
        """
        self._begin()
        heap, replace = self._heap, heapreplace
        try:
            while heap:
                ticks, _, action, argument = heap[0]
                if ticks > until:
                    break
                self.now = ticks
                again = action(argument)
                if again is None:
                    heappop(heap)
                else:
                    serial = self._serial
                    self._serial = serial + 1
                    replace(heap, (ticks + again if again > 0 else ticks, serial, action, argument))
        except BaseException:
            heappop(heap)
            raise
        finally:
            self._busy = False
        if until > self.now:
            self.now = until

    def _begin(self) -> None:
        if self._busy:
            raise RuntimeError("the timeline is already running: an action must not run it")
        self._busy = True

    def __repr__(self) -> str:
        return f"<Timeline at {self.now}, {len(self._heap)} waiting>"
