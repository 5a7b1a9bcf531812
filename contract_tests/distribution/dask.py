"""Work on the workers of a Dask scheduler, wherever they are; Dask is imported when somebody asks for it.

Dask itself tries again what a worker was at that died, and gives it up after some deaths; but it holds a death against
everything that had been handed to that worker. So what it gives up is tried once more by itself, when nothing else is
under way: what is given up then has ended those workers.
"""

from __future__ import annotations

import logging
import re
import threading
from asyncio import CancelledError
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final

from contract_tests.distribution.engine import TICK, GivenUp, OutOfReach
from contract_tests.engine.processes import Done
from contract_tests.plain_text import shown

_ADDRESS: Final = re.compile(r"(?:tcp|tls|wss?)://[^\s/]+:[0-9]{1,5}")

_TIME_TO_ANSWER: Final = 10.0
"""Seconds in which a scheduler has to answer."""

_PATIENCE: Final = 60.0
"""Seconds that a scheduler may be without any worker."""

_LOOK: Final = 2.0
"""Seconds after which is looked again how many workers there are."""

_AHEAD: Final = 2
"""Items that a worker has: one that it is at, and one that it goes on with."""

_one_at_a_time = threading.Lock()


class Dask:
    """The workers of the scheduler at ``address``, such as ``tcp://10.0.0.1:8786``, as they come and go.

    Each tries one item at a time, in however many threads it runs: the suite has its process to itself.

    Raises:
        OutOfReach: Dask is not installed, the address is none, or no scheduler answers there.
    """

    def __init__(self, address: str, patience: float = _PATIENCE) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            told = f"Dask is not installed ({error}): python -m pip install 'flare-sim[dask]'"
            raise OutOfReach(told) from error
        if not _ADDRESS.fullmatch(address):  # Dask would wait for what it can't reach
            raise OutOfReach(f"{shown(address)} is no address of a scheduler: write tcp://HOST:PORT")
        self._address = address
        self._patience = patience
        self._log = logging.getLogger("distributed.client")
        self._level = self._log.level
        self._log.setLevel(logging.CRITICAL)  # what is wrong is told in a line, where it is found
        try:
            self._client: Any = Client(address, timeout=_TIME_TO_ANSWER, set_as_default=False)
        except Exception as error:  # of many classes: of sockets, of TLS, of addresses that are none
            raise OutOfReach(f"no scheduler answers at {address}: {error}") from error

    def close(self) -> None:
        """Take leave of the scheduler; what it was handed and is not done is given up."""
        self._client.close()
        self._log.setLevel(self._level)

    def results(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[list[Done], None, None]:
        """As `Engine.results`."""
        suspects: list[Any] = []
        for ended in self._handed_out(work, iter(items)):
            suspects += [done.item for done in ended if _killed(done)]
            yield [done for done in ended if not _killed(done)]
        for item in suspects:
            for ended in self._handed_out(work, iter([item])):
                yield [_given_up(done) if _killed(done) else done for done in ended]

    def _handed_out(self, work: Callable[[Any], Any], items: Iterator[Any]) -> Generator[list[Done], None, None]:
        """What comes of the items; those with which workers died are not good, and have Dask's word for it."""
        pending: dict[Any, Any] = {}
        done: SimpleQueue[Any] = SimpleQueue()
        crew = _Crew(self._client, self._patience, self._address)
        try:
            while True:
                workers = crew.workers  # as they come and go, there may be more when asked once more
                for item in islice(items, max(0, workers * _AHEAD - len(pending))):
                    future = self._client.submit(_alone, work, item, pure=False)
                    pending[future.key] = (future, item)
                    future.add_done_callback(done.put)
                if not pending and workers:
                    return
                yield [self._done(*pending.pop(future.key)) for future in _taken(done)]
        finally:
            with suppress(Exception):  # the scheduler may be gone
                self._client.cancel([future for future, _ in pending.values()], force=True)

    def _done(self, future: Any, item: Any) -> Done:
        try:
            good, value = True, future.result()  # what has died with its worker since is done again meanwhile
        except (Exception, CancelledError) as error:
            if future.status == "cancelled":  # by Dask, for want of its scheduler
                raise OutOfReach(f"the scheduler at {self._address} is gone") from error
            good, value = False, error
        return Done(item, 0, good, value, 0.0, 0.0)


class _Crew:
    """The workers there are, as of some seconds ago."""

    def __init__(self, client: Any, patience: float, address: str) -> None:
        self._client, self._patience, self._address = client, patience, address
        self._next = self._seen = monotonic()
        self._known = 0

    @property
    def workers(self) -> int:
        """How many there are.

        Raises:
            OutOfReach: there have been none for too long, or the scheduler is gone.
        """
        now = monotonic()
        if now >= self._next or not self._known:
            self._next = now + _LOOK
            try:
                self._known = len(self._client.nthreads())
            except Exception as error:
                raise OutOfReach(f"the scheduler at {self._address} is gone: {error}") from error
        if self._known:
            self._seen = now
        elif now - self._seen > self._patience:
            raise OutOfReach(f"the scheduler at {self._address} has no workers")
        return self._known


def _alone(work: Callable[[Any], Any], item: Any) -> Any:
    """Do an item, while nothing else is done in this worker."""
    with _one_at_a_time:
        return work(item)


def _taken(queue: SimpleQueue[Any]) -> list[Any]:
    """All that is in a queue, once there is something, or some time has passed."""
    found = []
    with suppress(Empty):
        found.append(queue.get(timeout=TICK))
        while True:
            found.append(queue.get_nowait())
    return found


def _killed(done: Done) -> bool:
    """Whether Dask gave up on an item, as too many workers died that had been handed it."""
    from distributed import KilledWorker

    return not done.good and isinstance(done.value, KilledWorker)


def _given_up(done: Done) -> Done:
    return done._replace(value=GivenUp(done.item, "the workers that tried it died"))
