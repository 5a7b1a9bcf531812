"""Work on several processes: what comes back comes in the order it was asked for, whatever was done first.

The processes are started anew rather than forked: they share nothing with this one, so what they find out depends on
what they are told alone. Ctrl-C ends what they are doing, and what waits is not begun. When this process is killed they
end, too.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Lost(Exception):
    """A process ended in the middle of its work, without a word: something in it ended it."""


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
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)
    try:
        for future in [pool.submit(_do, work, item) for item in items]:
            yield future.result()
    except BrokenProcessPool as error:
        raise Lost("a process ended in the middle of its work") from error
    finally:
        pool.shutdown(cancel_futures=True)


class _State:
    """What a process that works is at."""

    busy = False
    interrupted = False


def _begin() -> None:
    signal.signal(signal.SIGINT, _interrupted)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: Any) -> None:
    """Outlive nobody: work for a process that is gone would never be asked for."""
    parent.join()
    os._exit(1)


def _interrupted(number: int, frame: object) -> None:
    """End the work at hand, and have no more of it; a process that waits for work goes on waiting, to be sent home."""
    _State.interrupted = True
    if _State.busy:
        raise KeyboardInterrupt


def _do(work: Callable[[Any], Any], item: Any) -> Any:
    if _State.interrupted:
        raise KeyboardInterrupt
    _State.busy = True
    try:
        return work(item)
    finally:
        _State.busy = False
