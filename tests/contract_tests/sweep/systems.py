"""Systems that break a promise with some seeds alone, and an engine that works in this process, in any order."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from typing import Any

from contract_tests.engine.processes import Done
from contract_tests.reference import SimulatedSystem

CLAUSE = "close.again"
"""It has a check that draws how often a session is closed, and after what pauses, and one that draws nothing."""

EXAMPLES = 2


class _Moody:
    """A session that can't be closed at some moments, of which only some draw one."""

    def __init__(self, inner: Any, system: Moody) -> None:
        self._inner, self._system = inner, system

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def close(self) -> None:
        """Close the session, or not."""
        since = self._system.server.clock.time() - self._system.begun
        if since > 100.0 and since % 1.0 == 0.75:
            self._system.moody()
        self._inner.close()


class Moody(SimulatedSystem):
    """Breaks the clause with some seeds."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = self.server.clock.time()

    def open_session(self, user: str | None = None) -> Any:
        """A session that can't always be closed."""
        return _Moody(super().open_session(user), self)

    def moody(self) -> None:
        """What happens then."""
        raise RuntimeError("not now")


class Deadly(Moody):
    """Ends the process with these seeds."""

    def moody(self) -> None:
        """What happens then."""
        os._exit(7)


class Here:
    """An engine that works in this process, and tells of so many results at once, the last first."""

    def __init__(self, batch: int = 1, *, reversed_: bool = False) -> None:
        self._batch, self._reversed = batch, reversed_

    def results(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[list[Done], None, None]:
        """As of any engine."""
        waiting = iter(reversed(list(items)) if self._reversed else items)
        while batch := list(islice(waiting, self._batch)):
            yield [_done(work, item) for item in batch]


def _done(work: Callable[[Any], Any], item: Any) -> Done:
    try:
        return Done(item, 0, True, work(item), 0.0, 0.0)
    except Exception as error:  # noqa: BLE001 - as any engine
        return Done(item, 0, False, error, 0.0, 0.0)
