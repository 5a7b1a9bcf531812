"""A pool of threads whose waiting overlaps on a virtual clock."""

from __future__ import annotations

import sys
from _thread import start_new_thread
from collections import deque
from concurrent import futures
from concurrent.futures import Executor, Future
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from flare_sim.clock import LATEST, now_on, to_seconds, wait_in_ticks
from flare_sim.on_clock.together import Group, Member, join, virtual
from flare_sim.untrusted_values import plain_number, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from flare_sim.clock import Clock

__all__ = ["ClockPool"]

_Result = TypeVar("_Result")


class ClockPool(Executor):
    """An executor, as ``ThreadPoolExecutor`` is, whose threads wait together on a virtual clock.

    Four tasks that sleep for 100 seconds each take 100 seconds, as they do in real time: the clock moves when all of
    them wait, to where the first of them goes on.  One at a time runs, and who is next is decided by the time, and by
    who came first, so that every run is the same.

    Whoever hands over tasks takes part as long as there are any: they begin when it sleeps on the clock, or waits for
    their results, by ``result()``, ``map``, ``as_completed``, ``wait`` or the end of a ``with`` block, with timeouts in
    seconds of the clock (that of ``as_completed`` comes when so much time has really passed, too).  While somebody who
    takes part waits for anything else, such as a lock that another one sleeps with, nobody goes on.

    Args:
        clock: a ``VirtualClock``, such as ``server.clock``.
        max_workers: how many tasks are under way at once; all there are unless given.
        thread_name_prefix: how the names of its threads begin.

    Raises:
        ValueError: no ``VirtualClock``, no number of threads, or a prefix that is no text.

    Examples:
        >>> with ClockPool(server.clock) as pool:  # doctest: +SKIP
        ...     list(pool.map(session.monitor_job, job_ids))
    """

    def __init__(self, clock: Clock, max_workers: int | None = None, thread_name_prefix: str = "ClockPool") -> None:
        self._clock = virtual(clock)
        most, prefix = plain_number(max_workers), plain_text(thread_name_prefix)
        if max_workers is not None and (type(most) is not int or most < 1):
            raise ValueError(f"max_workers must be a whole number above 0, or None, not {shown(max_workers)}")
        if prefix is None:
            raise ValueError(f"thread_name_prefix must be text, not {shown(thread_name_prefix)}")
        self._most = most
        self._prefix = prefix
        self._tasks: deque[Callable[[], None]] = deque()
        self._unfinished: dict[Future[Any], Member] = {}
        self._workers = self._begun = 0
        self._closed = False

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """Hand over ``fn(*args, **kwargs)``; returns its future.

        Raises:
            RuntimeError: the pool was shut down.
        """
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        group, giver = join(self._clock, guest=True)
        future: _Future[_Result] = _Future(group)
        try:
            giver.tasks[future] = None
            self._unfinished[future] = giver
            self._tasks.append(lambda: self._run(future, lambda: fn(*args, **kwargs)))
            if self._most is None or self._workers < self._most:
                group.add(self._worker(group))
                self._workers += 1
        except BaseException:
            future.cancel()
            self._is_done(future)
            raise
        return future

    def map(
        self, fn: Callable[..., _Result], *iterables: Iterable[Any], timeout: float | None = None, chunksize: int = 1
    ) -> Iterator[_Result]:
        """Hand over a task for each item, and yield the results in their order; see ``Executor``.

        Raises:
            ValueError: ``timeout`` is no number of seconds.
        """
        end = None if timeout is None else now_on(self._clock) + wait_in_ticks(max(0, timeout))
        waiting = deque([self.submit(fn, *args) for args in zip(*iterables, strict=False)])

        def results() -> Iterator[_Result]:
            try:
                while waiting:
                    left = None if end is None else to_seconds(max(0, end - now_on(self._clock)))
                    yield waiting.popleft().result(left)
            finally:
                for future in waiting:
                    future.cancel()

        return results()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; wait for those there are unless told not to, and cancel those not begun if told to.

        Raises:
            ValueError: neither True nor False.
        """
        for told in (wait, cancel_futures):
            if type(told) is not bool:
                raise ValueError(f"wait and cancel_futures must be True or False, not {shown(told)}")
        self._closed = True
        if cancel_futures:
            for future in list(self._unfinished):
                future.cancel()
        if wait:
            futures.wait(list(self._unfinished))

    def _worker(self, group: Group) -> Member:
        """Return somebody who does tasks once it has its turn."""
        member = Member()
        thread = Thread(target=self._work, args=(group, member), name=f"{self._prefix}_{self._begun}", daemon=True)
        self._begun += 1
        unstarted = [thread]

        def begin() -> None:
            # A signal may interrupt the main thread while it starts another one, which is left in pieces then.
            start_new_thread(self._start, (unstarted, group, member))

        member.begin = begin
        return member

    def _start(self, unstarted: list[Thread], group: Group, member: Member) -> None:
        try:
            thread = unstarted.pop()
        except IndexError:  # it was asked for before
            return
        try:
            thread.start()
        except RuntimeError as problem:  # there is no room for one more
            group.take(member)
            self._workers -= 1
            if not self._workers:
                self._tasks.clear()
                for future in list(self._unfinished):
                    self._is_done(future)
                    future.set_exception(problem)
            group.leave(member)

    def _work(self, group: Group, member: Member) -> None:
        if not group.take(member):
            return
        try:
            while self._tasks:
                self._tasks.popleft()()
        finally:
            self._workers -= 1
            group.leave(member)

    def _run(self, future: Future[Any], call: Callable[[], Any]) -> None:
        if not future.set_running_or_notify_cancel():
            self._is_done(future)
            return
        try:
            result = call()
        except BaseException as problem:  # noqa: BLE001  (whoever asks for the result gets it)
            self._is_done(future)
            future.set_exception(problem)
        else:
            self._is_done(future)
            future.set_result(result)

    def _is_done(self, future: Future[Any]) -> None:
        giver = self._unfinished.pop(future, None)
        if giver is not None:
            giver.tasks.pop(future, None)


class _Future(Future[_Result]):
    """A future that a member waits for without keeping the others waiting."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self._group = group
        # What as_completed and wait look at, which have no other door.
        self._waiters = _Waiters(group)

    def result(self, timeout: float | None = None) -> _Result:
        """Return what the task returned; see ``Future``."""
        return super().result(self._awaited(timeout))

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Return what the task raised; see ``Future``."""
        return super().exception(self._awaited(timeout))

    def _awaited(self, timeout: float | None) -> float | None:
        """Wait as a member; returns how long is to be waited then, as somebody who is none."""
        member = self._group.current
        if member is None:
            return timeout
        event = _Event(self._group, member, self.done)
        self.add_done_callback(lambda _: event.set())
        event.wait(timeout)
        return 0


class _Waiters(list[Any]):
    """Those who wait for a future by ``as_completed`` and ``wait``: what members wait for becomes an event of ours."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self._group = group

    def append(self, waiter: Any) -> None:
        member = self._group.current
        if member is not None and type(waiter.event) is not _Event:
            waiter.event = _Event(self._group, member, deadline=_deadline_of_as_completed(self._group.clock))
        super().append(waiter)


def _deadline_of_as_completed(clock: Clock) -> int | None:
    """Return the tick at which whoever calls ``as_completed`` has waited long enough.

    It looks at the machine's clock between its waits, and tells nobody until when it waits.
    """
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001
    while frame is not None and frame.f_code is not futures.as_completed.__code__:
        frame = frame.f_back
    timeout = None if frame is None else plain_number(frame.f_locals.get("timeout"))
    return None if timeout is None or timeout > LATEST else now_on(clock) + wait_in_ticks(max(0, timeout))


class _Event:
    """A ``threading.Event`` that one member waits for.

    Args:
        group: who waits together.
        member: who waits for it.
        happened: tells whether what it stands for has happened, as an exception may keep whoever was to set it.
        deadline: the tick at which it is over with waiting, whatever ``wait`` is told; None is never.
    """

    def __init__(
        self,
        group: Group,
        member: Member,
        happened: Callable[[], bool] = lambda: False,
        deadline: int | None = None,
    ) -> None:
        self._group = group
        self._member = member
        self._happened = happened
        self._deadline = deadline
        self._is_set = False

    def set(self) -> None:
        self._is_set = True
        self._group.rouse(self._member)

    def clear(self) -> None:
        self._is_set = False

    def wait(self, timeout: float | None = None) -> None:
        """Wait for so many seconds at most.

        Raises:
            RuntimeError: nobody is left who could set it.
            TimeoutError: the deadline has come.
        """
        clock, end = self._group.clock, self._deadline
        if end is None and timeout is not None:
            end = now_on(clock) + wait_in_ticks(max(0, timeout))
        there = True
        while not (self._is_set or self._happened()):
            left = None if end is None else end - now_on(clock)
            if left is not None and left <= 0:
                if self._deadline is not None:
                    raise futures.TimeoutError("not all futures are done in time")
                return
            if not there:
                raise RuntimeError("all who wait together wait for somebody else, so that nobody can go on")
            there = self._group.wait(self._member, left)
