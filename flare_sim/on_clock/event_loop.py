"""asyncio on a virtual clock: an event loop whose time is the clock's, and a way to run a coroutine on one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from selectors import DefaultSelector
from typing import TYPE_CHECKING, Any, TypeVar

from flare_sim.clock import to_ticks
from flare_sim.on_clock.pool import ClockPool
from flare_sim.on_clock.together import join, virtual
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from selectors import SelectorKey

    from flare_sim.clock import Clock
    from flare_sim.on_clock.together import Group, Member

__all__ = ["ClockLoop", "run_async"]

_Result = TypeVar("_Result")
_HALF_A_TICK = 0.5e-6
"""Seconds; times that are nearer to each other are the same to asyncio."""
_LONGEST_SELECT = 24 * 3600
"""asyncio looks at what is to come that often at least."""


class ClockLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is that of a virtual clock: ``await asyncio.sleep(3600)`` takes no time.

    When nothing is ready, the clock moves to what comes next.  Files and sockets are looked at before, so that what has
    come by then goes first; what others have yet to send comes later than any timeout.  Other loops stay as they are.

    What runs in threads by ``asyncio.to_thread``, or ``run_in_executor(None, ...)``, waits together with the loop, as
    in a ``ClockPool``: four calls of ``monitor_job`` side by side take as long as the longest.

    Args:
        clock: a ``VirtualClock``, such as ``server.clock``.

    Raises:
        ValueError: no ``VirtualClock``.

    Examples:
        >>> with asyncio.Runner(loop_factory=lambda: ClockLoop(server.clock)) as runner:  # doctest: +SKIP
        ...     runner.run(main())
    """

    def __new__(cls, clock: Clock) -> ClockLoop:
        """Look at the clock before there is a loop, which would have to be closed."""
        virtual(clock)
        return super().__new__(cls)

    def __init__(self, clock: Clock) -> None:
        self._clock = virtual(clock)
        self._group: Group | None = None
        self._member: Member | None = None
        self._pool = ClockPool(clock, thread_name_prefix="asyncio")
        super().__init__(_Selector(self._pass_time))
        self._clock_resolution = _HALF_A_TICK

    def time(self) -> float:
        """Return the seconds since the epoch on the clock."""
        return self._clock.time()

    def run_forever(self) -> None:
        """Run until it is stopped; see ``asyncio``.

        Raises:
            HorizonReached: all wait in vain.
        """
        group, member = join(self._clock)
        self._group, self._member = group, member
        try:
            super().run_forever()
        finally:
            self._group = self._member = None
            group.leave(member)

    def call_soon_threadsafe(  # type: ignore[override]  # its annotations need a newer Python
        self, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        """Call something soon, asked from anywhere; see ``asyncio``."""
        handle = super().call_soon_threadsafe(callback, *args, context=context)
        group, member = self._group, self._member
        if group is not None and member is not None:
            group.rouse(member)
        return handle

    def run_in_executor(  # type: ignore[override]  # as above
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Call something in a thread: of those that wait together, unless an executor is given; see ``asyncio``."""
        return super().run_in_executor(self._pool if executor is None else executor, func, *args)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for what runs in threads, however long that takes on the clock."""
        self._pool.shutdown(wait=True)

    def close(self) -> None:
        """Close it; see ``asyncio``."""
        self._pool.shutdown(wait=False)
        super().close()

    def _pass_time(self, seconds: float | None) -> bool:
        """Let time pass until there may be something to do; returns False when only what is outside can bring it."""
        group, member = self._group, self._member
        if group is None or member is None:
            return False
        if seconds is not None and seconds >= _LONGEST_SELECT:
            seconds = self._scheduled[0].when() - self.time()  # type: ignore[attr-defined]
        return group.wait(member, None if seconds is None else max(1, to_ticks(seconds)))


class _Selector(DefaultSelector):
    """Looks at files without waiting for them while time can pass."""

    def __init__(self, pass_time: Callable[[float | None], bool]) -> None:
        super().__init__()
        self._pass_time = pass_time

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        return super().select(0 if self._pass_time(timeout) else timeout)


def run_async(main: Coroutine[Any, Any, _Result], clock: Clock) -> _Result:
    """Run a coroutine as ``asyncio.run`` does, on a clock, and return what it returns.

    Args:
        main: such as ``main()``.
        clock: a ``VirtualClock``, such as ``server.clock``.

    Raises:
        ValueError: no ``VirtualClock``, or no coroutine.
        RuntimeError: an event loop runs in this thread already.
        HorizonReached: all wait in vain.
        BaseException: what ``main`` raised.
    """
    if not issubclass(type(main), Coroutine):
        raise ValueError(f"a coroutine is needed, such as main(), not {shown(main)}")
    try:
        virtual(clock)
        if _is_inside():
            raise RuntimeError("run_async() cannot be called from a running event loop")
    except BaseException:
        main.close()  # else it would be told that nobody awaited it
        raise
    if sys.version_info >= (3, 11):
        with asyncio.Runner(loop_factory=lambda: ClockLoop(clock)) as runner:
            return runner.run(main)
    return _run(main, ClockLoop(clock))


def _is_inside() -> bool:
    """Tell whether an event loop runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run(main: Coroutine[Any, Any, _Result], loop: ClockLoop) -> _Result:
    """Do what ``asyncio.Runner`` does since Python 3.11."""
    try:
        return loop.run_until_complete(main)
    finally:
        try:
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True) if left else asyncio.sleep(0))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()
