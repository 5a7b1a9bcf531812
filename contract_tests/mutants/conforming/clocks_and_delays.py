"""Conforming variants on which time passes otherwise: slow replies, other clocks, other sleeps in monitors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from contract_tests.mutants.conforming.around_calls import around
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, WrappedSystem, Wrapper
from flare_sim import ServerConfig, SimulatedServer, VirtualClock, spec

CONFORMING = VariantTable()

_LOOPS: Final = ("shape", "monitor", "arguments", "outage", "lost", "misbehaving")
"""Where monitors are looked at."""

_REPLYING = ("submit_job", "clone_job", "get_job_meta", "list_jobs", "abort_job", "delete_job", "get_system_info")


def _slow(name: str, difference: str, seconds: Callable[[Any], float], base: type[Wrapper] = MonitorLoop) -> None:
    """Declare a system every call of which takes so long, and which says nothing of it.

    Polls are such calls, unless the base is a plain wrapper.
    """

    def later(session: Any, call: Callable[[], Any]) -> Any:
        session.system.clock.sleep(seconds(session))
        return call()

    session = type(name, (base,), {"__module__": __name__, "__doc__": f"{difference.capitalize()}."})
    globals()[name] = CONFORMING.conforming(difference)(around(later, (*_REPLYING, "download_job_result"))(session))


_PARTS = (0.05, 0.2, 0.0, 0.13, 0.01)
"""Seconds that calls take in turn."""


def _any_part(session: Any) -> float:
    parts: Iterator[float] = session.system.memory.setdefault("parts", itertools.cycle(_PARTS))
    return next(parts)


_slow("TakesTwentieth", "takes a twentieth of a second for every call", lambda session: 0.05)
_slow(
    "TakesTwentiethToCall",
    "takes a twentieth of a second for a call, and none to poll",
    lambda session: 0.05,
    Wrapper,
)
_slow("TakesThird", "takes a third of a second for every call", lambda session: 1 / 3)
_slow("TakesTwoSeconds", "takes two seconds for every call", lambda session: 2.0)
_slow("TakesAnyTime", "takes up to a fifth of a second for a call, one this, another that", _any_part)


@CONFORMING.conforming("has a server that answers half a second later")
class LateServer(WrappedSystem):
    """Replies take their time, of which the system says nothing."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.server.faults.slow_replies(0.5)


def _persist(session: Any, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except spec.NoConnection:
        session.system.clock.sleep(10.0)
        raise


@CONFORMING.conforming("tries for ten seconds before it says that there is no connection")
@around(_persist, (*_REPLYING, "download_job_result"))
class Persistent(MonitorLoop):
    """Does not give up at once."""


class _OnClock(WrappedSystem):
    """The reference on another clock."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.server.close()
        config = ServerConfig(max_download_bytes=self.download_limit)
        self.server = SimulatedServer(seed=seed, clients=self.client_names, config=config, clock=self.new_clock())
        self.clock = self.server.clock

    def new_clock(self) -> Any:
        """The clock to run on."""
        raise NotImplementedError


@CONFORMING.conforming("began its time at nothing")
class FromTheEpoch(_OnClock):
    """Its clock starts at 0."""

    def new_clock(self) -> VirtualClock:
        """A clock at the beginning of the epoch."""
        return VirtualClock(0.0, max_seconds=None)


@CONFORMING.conforming("began its time between two seconds")
class OddStart(_OnClock):
    """Its clock starts at a fraction."""

    def new_clock(self) -> VirtualClock:
        """A clock that starts between two seconds."""
        return VirtualClock(1767225600.37, max_seconds=None)


class _Sleepy:
    """A clock whose sleeps take a little longer."""

    def __init__(self) -> None:
        self._clock = VirtualClock(max_seconds=None)
        self._late = itertools.cycle((0.02, 0.0, 0.011))

    def time(self) -> float:
        """The time."""
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        """Sleep up to a fiftieth of a second longer."""
        self._clock.sleep(seconds + next(self._late))


@CONFORMING.conforming("oversleeps a little, and says so")
class Oversleeps(_OnClock):
    """Declares the tolerance that it takes."""

    tolerance = 0.2

    def new_clock(self) -> _Sleepy:
        """A clock that oversleeps."""
        return _Sleepy()


class _Coarse:
    """A clock that shows whole seconds."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock

    def time(self) -> float:
        """The last full second."""
        return float(math.floor(self._clock.time()))

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        self._clock.sleep(seconds)


@CONFORMING.conforming("shows whole seconds, and says so")
class CoarseClock(WrappedSystem):
    """Its visible clock is coarser than its server's."""

    tolerance = 1.0

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        self.clock = _Coarse(self.server.clock)


@CONFORMING.conforming("sleeps between two polls in four pieces", parts=_LOOPS)
class SleepsInPieces(MonitorLoop):
    """Could be woken in between."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep four times."""
        for _ in range(4):
            super().sleep(poll_interval / 4, polls)


@CONFORMING.conforming("polls a little later than it has to", parts=_LOOPS)
class PollsLater(MonitorLoop):
    """Within the tolerance."""

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep a little longer."""
        super().sleep(poll_interval + 0.0004, polls)


@CONFORMING.conforming("keeps a rhythm: what the callback took is not slept again", parts=_LOOPS)
class KeepsRhythm(MonitorLoop):
    """Polls are an interval apart from start to start, as long as the callback is quicker."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Note what the callback took once it is back."""
        began = self.now()
        answer = super().call(cb, polls, job_id, meta, args, kwargs)
        self.system.memory["spent", self.user] = self.now() - began
        return answer

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep the rest of the interval."""
        spent = self.system.memory.pop(("spent", self.user), 0.0)
        super().sleep(max(poll_interval - spent, 0.0), polls)


@CONFORMING.conforming("monitors in a session of its own, opened for every poll", parts=_LOOPS)
class PollsInAnotherSession(MonitorLoop):
    """Uses the given session only to see that it is open."""

    def poll(self, job_id: str) -> dict[str, Any]:
        """Read twice."""
        super().poll(job_id)
        with self.system.server.connect(self.user) as session:
            return session.get_job_meta(job_id)


@CONFORMING.conforming("finds a job done before it looks at what the callback said", parts=_LOOPS)
class DoneWins(MonitorLoop):
    """Which of the two wins is not stated."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Not when the job is done."""
        return not answer and not done


@CONFORMING.conforming("goes on for True alone", parts=_LOOPS)
class TrueAlone(MonitorLoop):
    """What another answer means is not stated."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Ends for anything else."""
        return answer is not True


@CONFORMING.conforming("ends for False alone", parts=_LOOPS)
class FalseAlone(MonitorLoop):
    """What another answer means is not stated."""

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Goes on for anything else."""
        return answer is False


@CONFORMING.conforming("refuses negative timeouts and intervals, as later releases do", parts=_LOOPS)
class RefusesNegative(Wrapper):
    """What they mean is not stated."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> spec.MonitorReturnCode:
        """Look whether session and job are there, then at the numbers."""
        self.inner.get_job_meta(job_id)
        given: tuple[object, ...] = (timeout, poll_interval)
        numbers = [number for number in given if isinstance(number, (int, float))]
        if any(number < 0 for number in numbers) or poll_interval == 0:
            raise spec.InvalidArgumentError("timeout and poll_interval can't be negative")
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)
