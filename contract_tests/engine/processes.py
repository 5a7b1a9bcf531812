"""Work on several processes: what comes back comes in the order it was asked for, whatever was done first.

The processes are started anew rather than forked: they share nothing with this one, so what they find out depends on
what they are told alone. When nobody wants the rest they end what they are doing, and what waits is not begun; when
this process is killed they end, too. One that ends by itself is told of, with the item it was at.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_PATIENCE: Final = 5.0
"""Seconds in which a process has to end what it is doing."""


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


def in_order(work: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Generator[Result, None, None]:
    """``work(item)`` for every item, on ``jobs`` processes; closing the iterator gives up what is not done yet.

    Args:
        work: a function of a module, or a `functools.partial` of one; with one job it is called in this process.
        items: what it is called with, one at a time.
        jobs: how many processes.

    Raises:
        Lost: a process ended before its work was done.
        Exception: what ``work`` raised.
    """
    if jobs == 1:
        yield from map(work, items)
        return
    todo = list(items)
    waiting = deque(enumerate(todo))
    workers: dict[Connection, _Worker] = {}
    try:
        for _ in range(min(jobs, len(todo))):
            worker = _Worker(work)
            workers[worker.connection] = worker
            worker.give(waiting)
        done: dict[int, tuple[bool, Any]] = {}
        for number in range(len(todo)):
            while number not in done:
                for ready in wait([connection for connection, worker in workers.items() if worker.busy]):
                    worker = workers[ready]  # type: ignore[index]  # only connections are waited for
                    try:
                        done[worker.number] = worker.connection.recv()
                    except (EOFError, ConnectionError):
                        worker.process.join()
                        done[worker.number] = (False, Lost(todo[worker.number], worker.process.exitcode))
                        waiting.clear()  # what was begun before it is done, and no more
                    worker.give(waiting)
            good, value = done.pop(number)
            if not good:
                raise value
            yield value
    finally:
        for worker in workers.values():
            worker.stop()
        for worker in workers.values():
            worker.join()


class _Worker:
    """A process that does what it is given, one item after the other.

    Attributes:
        number: that of the item it is at, or was at last.
        busy: whether it is at one.
    """

    def __init__(self, work: Callable[[Any], Any]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work))
        self.process.start()
        theirs.close()
        self.number = -1
        self.busy = False

    def give(self, waiting: deque[tuple[int, Any]]) -> None:
        """Hand over the next item, if there is one."""
        self.busy = bool(waiting)
        if waiting:
            self.number, item = waiting.popleft()
            with suppress(ConnectionError):  # it has ended: that is told when its answer is asked for
                self.connection.send(item)

    def stop(self) -> None:
        """Ask for its end, in the middle of its work if need be."""
        self.connection.close()
        if self.busy:
            self.process.terminate()

    def join(self) -> None:
        """Wait for its end, not for ever."""
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(connection: Connection, work: Callable[[Any], Any]) -> None:
    """Do what comes until nothing more does; who asks for the end is the process this one works for, nobody else."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    try:
        while True:
            item = connection.recv()
            try:
                answer = (True, work(item))
            except Exception as error:
                connection.send((False, error))
            else:
                connection.send(answer)
    except (EOFError, ConnectionError, KeyboardInterrupt):
        pass


def _stop(number: int, frame: object) -> None:
    """End the work at hand as Ctrl-C would, which gives back what a system holds."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _end_with(parent: Any) -> None:
    """Outlive nobody: work for a process that is gone would never be asked for."""
    parent.join()
    os._exit(1)
