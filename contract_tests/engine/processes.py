"""Work on several processes: what comes back comes in the order it was asked for, whatever was done first.

The processes are not forked from this one: they share nothing with it, so what they find out depends on what they are
told alone. When nobody wants the rest they end what they are doing, and what waits is not begun; when
this process is killed they end, too. One that ends by itself is told of, with the item it was at.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Container, Generator, Iterable
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import Any, Final, NamedTuple, TypeVar

from contract_tests.clauses.checks import MODULES

Item = TypeVar("Item")
Result = TypeVar("Result")

_PATIENCE: Final = 5.0
"""Seconds in which a process has to end what it is doing."""

_FOR_LEAVING: Final = 60.0
"""Seconds in which a process has to end that is doing nothing: what its systems hold is given back, servers, say."""


_COLLECT_AFTER: Final = 50_000
"""Objects made before garbage is collected: an example leaves some thousands, which go at once for the most part."""


class Lost(Exception):
    """A process ended in the middle of its work, without a word: something in it ended it.

    Attributes:
        item: what it was at.
        how: how it ended, in words, such as ``exit code 0``.
    """

    def __init__(self, item: Any, code: int | None) -> None:
        self.item = item
        self.how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
        super().__init__(f"a process ended in the middle of its work ({self.how}), at {item}")


class Done(NamedTuple):
    """What came of an item.

    Attributes:
        item, number: what was handed over, and the number it was handed over with.
        good: whether ``value`` is what the work returned; else it is what it raised, or `Lost`.
        value: that.
        cpu, wall: seconds of computing it took, and seconds altogether.
    """

    item: Any
    number: int
    good: bool
    value: Any
    cpu: float
    wall: float

    def result(self) -> Any:
        """What the work returned.

        Raises:
            Exception: what it raised.
        """
        if not self.good:
            raise self.value
        return self.value


class Pool:
    """Processes that do what they are given, one item each at a time; more are started when all are busy.

    Args:
        work: a function of a module, or a `functools.partial` of one.
    """

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self._workers: dict[Connection, _Worker] = {}

    @property
    def busy(self) -> int:
        """How many are at an item."""
        return sum(worker.busy for worker in self._workers.values())

    def give(self, item: Any, number: int = 0) -> None:
        """Let a process begin with an item; the number comes back with what comes of it."""
        idle = next((worker for worker in self._workers.values() if not worker.busy), None)
        if idle is None:
            idle = _Worker(self._work)
            self._workers[idle.connection] = idle
        idle.give(item, number)

    def wait(self, seconds: float | None = None) -> list[Done]:
        """Wait until something is done, so many seconds at most; what has been done since."""
        ready = wait([connection for connection, worker in self._workers.items() if worker.busy], seconds)
        return [self._done(self._workers[connection]) for connection in ready]  # type: ignore[index]

    def _done(self, worker: _Worker) -> Done:
        try:
            return worker.answer()
        except (EOFError, ConnectionError):
            worker.process.join()
            del self._workers[worker.connection]
            return Done(worker.item, worker.number, False, Lost(worker.item, worker.process.exitcode), 0.0, 0.0)

    def stop(self, patience: float = _PATIENCE) -> None:
        """End them all; those that are in the middle of their work within so many seconds."""
        began = monotonic()
        for worker in self._workers.values():
            worker.stop()
        for worker in self._workers.values():
            end = began + (patience if worker.busy else _FOR_LEAVING)
            worker.join(max(0.0, end - monotonic()))
        self._workers.clear()


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], jobs: int, long: Container[Item] = ()
) -> Generator[Result, None, None]:
    """``work(item)`` for every item, on ``jobs`` processes; closing the iterator gives up what is not done yet.

    Args:
        work: a function of a module, or a `functools.partial` of one; with one job it is called in this process.
        items: what it is called with, one at a time.
        jobs: how many processes.
        long: what takes long: begun with half of the rest still to come, as at the end one process alone would be at
            it, and at the beginning nothing would be seen for a while.

    Raises:
        Lost: a process ended before its work was done.
        Exception: what ``work`` raised.
    """
    if jobs == 1:
        yield from map(work, items)
        return
    todo = list(items)
    short = [one for one in enumerate(todo) if one[1] not in long]
    half = len(short) // 2
    waiting = deque([*short[:half], *(one for one in enumerate(todo) if one[1] in long), *short[half:]])
    pool = Pool(work)
    done: dict[int, Done] = {}
    try:
        _fill(pool, waiting, jobs)
        for number in range(len(todo)):
            while number not in done:
                for ended in pool.wait():
                    done[ended.number] = ended
                    if isinstance(ended.value, Lost):
                        # What comes before it is done, and no more.
                        waiting = deque(one for one in waiting if one[0] < ended.number)
                _fill(pool, waiting, jobs)
            yield done.pop(number).result()
    finally:
        pool.stop()


def _fill(pool: Pool, waiting: deque[tuple[int, Item]], jobs: int) -> None:
    """Give what waits to as many processes as there are to be."""
    while waiting and pool.busy < jobs:
        number, item = waiting.popleft()
        pool.give(item, number)


_NEEDED: Final = (
    *MODULES,
    "contract_tests.engine.runner",
    "contract_tests.reference",
    "contract_tests.sequences.state_machine",
    "hypothesis",
)
"""Modules that every process needs: those that are forked have them from the start."""


_LONGEST_FOLDER: Final = 70
"""Characters that the folder of temporary files may have for a socket in it to have a path that systems accept."""


@lru_cache(maxsize=1)
def _context() -> Any:
    """How processes are started: by one that has loaded what they need, where there can be such a one.

    It is spoken to by a socket in the folder of temporary files.
    """
    folder = os.fsencode(tempfile.gettempdir())
    if "forkserver" not in multiprocessing.get_all_start_methods() or len(folder) > _LONGEST_FOLDER:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_NEEDED))
    return context


def warm_up() -> None:
    """Let what processes need be loaded, while something else is done, by the one that will start them."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        forkserver.ensure_running()


class _Worker:
    """A process that does what it is given, one item after the other.

    Attributes:
        item, number: what it is at, or was at last.
        busy: whether it is at something.
    """

    def __init__(self, work: Callable[[Any], Any]) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work, dict(os.environ)))
        self.process.start()
        theirs.close()
        self.item: Any = None
        self.number = 0
        self.busy = False

    def give(self, item: Any, number: int) -> None:
        """Hand over an item."""
        self.item, self.number, self.busy = item, number, True
        with suppress(ConnectionError):  # it has ended: that is told when its answer is asked for
            self.connection.send(item)

    def answer(self) -> Done:
        """What came of the item.

        Raises:
            EOFError, ConnectionError: the process has ended.
        """
        answer = Done(self.item, self.number, *self.connection.recv())
        self.busy = False
        return answer

    def stop(self) -> None:
        """Ask for its end, in the middle of its work if need be."""
        self.connection.close()
        if self.busy:
            self.process.terminate()

    def join(self, patience: float) -> None:
        """Wait for its end, so many seconds at most."""
        self.process.join(patience)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def collect_seldom() -> None:
    """Let this process, if it is one of ours, collect garbage seldom, and not look through what has been loaded."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


def _serve(connection: Connection, work: Callable[[Any], Any], environment: dict[str, str]) -> None:
    """Do what comes until nothing more does; who asks for the end is the process this one works for, nobody else.

    The environment is that process's, not what it was when the one was begun that starts all of these.
    """
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    try:
        while True:
            item = connection.recv()
            cpu, wall = _computed(), monotonic()
            try:
                good, value = True, work(item)
            except Exception as error:
                good, value = False, error
            connection.send((good, value, _computed() - cpu, monotonic() - wall))
    except (EOFError, ConnectionError, KeyboardInterrupt):
        pass


def _computed() -> float:
    """Seconds of computing so far, in all threads of this process and in the processes it has waited for."""
    return sum(os.times()[:4])


def _stop(number: int, frame: object) -> None:
    """End the work at hand as Ctrl-C would, which gives back what a system holds."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with(parent: Any) -> None:
    """Outlive nobody: work for a process that is gone would never be asked for."""
    parent.join()
    os._exit(1)
