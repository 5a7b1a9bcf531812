"""The event engine: a heap of things to do, in one total order.

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

    def discard(self) -> None:
        """Drop the next entry undone.

        Raises:
            IndexError: nothing waits.
        """
        heappop(self._heap)

    def step(self) -> bool:
        """Do the next entry, moving time to it; False when nothing waits.

        Raises:
            RuntimeError: called by an action that is being done.
        """
        if not self._heap:
            return False
        self.run(self._heap[0][0], 1)
        return True

    def run(self, until: int, limit: int = -1) -> int:
        """Do everything due up to and including ``until``, then move time there.

        Args:
            until: a tick; earlier than now does nothing.
            limit: stop after so many entries (time then stays at the last of them); negative for no limit.

        Returns:
            How many entries were done.

        Raises:
            RuntimeError: called by an action that is being done.
            Exception: what an action raised; that entry is over, time stands at it, the rest still waits.
        """
        if self._busy:
            raise RuntimeError("the timeline is already running: an action must not run it")
        heap = self._heap
        count = 0
        self._busy = True
        try:
            while count != limit and heap and heap[0][0] <= until:
                ticks, _, action, argument = heap[0]
                self.now = ticks
                count += 1
                again = action(argument)
                if again is None:
                    heappop(heap)
                else:
                    serial = self._serial
                    self._serial = serial + 1
                    heapreplace(heap, (ticks + again if again > 0 else ticks, serial, action, argument))
        except BaseException:
            heappop(heap)
            raise
        finally:
            self._busy = False
        if count != limit and until > self.now:
            self.now = until
        return count

    def __repr__(self) -> str:
        return f"<Timeline at {self.now}, {len(self._heap)} waiting>"
