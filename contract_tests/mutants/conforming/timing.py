"""Conforming variants on which time passes otherwise: slow replies, and other clocks."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CALLS, CLOSE, META, MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import POLL
from contract_tests.mutants.conforming.servers import Arranged, arranged
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.variant import Differences, conforming
from contract_tests.mutants.wrapper import WrappedSystem
from flare_sim import VirtualClock, spec

_REPLYING: Final = tuple(call for call in CALLS if call not in (MONITOR, CLOSE))

_TURNS: Final = (0.05, 0.2, 0.0, 0.13, 0.01)
"""Seconds that calls take in turn."""


def _takes(seconds: float | Callable[[Call], float], points: tuple[str, ...] = (*_REPLYING, POLL)) -> Change:
    """Take so long, and say nothing of it."""
    return on(points, do.first(do.sleeps(seconds)))


def _blocks(call: Call) -> None:
    time.sleep(0.0005)  # noqa: TID251 - the point of it


_DELAYS: Final[dict[str, Differences]] = {
    "takes a twentieth of a second for every call": _takes(0.05),
    "takes a twentieth of a second for a call, and none to poll": _takes(0.05, _REPLYING),
    "takes a third of a second for every call": _takes(1 / 3),
    "takes two seconds for every call": _takes(2.0),
    "takes up to a fifth of a second for a call, one this, another that": _takes(
        lambda call: _TURNS[(numbered(call, "turns") - 1) % len(_TURNS)]
    ),
    "has a server that answers half a second later": arranged(reply_seconds=0.5),
    "answers every request a tenth of a second later": arranged(reply_seconds=0.1, tolerance=1.0),
    "tries for ten seconds before it says that there is no connection": on(
        (*_REPLYING, POLL), do.on_error(do.sleeps(10.0), spec.NoConnection)
    ),
    "takes half a millisecond of real time to read a job": (on(META, do.first(_blocks)), arranged(examples=2)),
}


class _Sleepy:
    """A clock whose sleeps take up to a fiftieth of a second longer."""

    def __init__(self) -> None:
        self._clock = VirtualClock(max_seconds=None)
        self._late = itertools.cycle((0.02, 0.0, 0.011))

    def time(self) -> float:
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds + next(self._late))


class _Coarse:
    """A clock that shows whole seconds."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock

    def time(self) -> float:
        return float(math.floor(self._clock.time()))

    def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)


class _ShowsWholeSeconds(WrappedSystem):
    tolerance = 1.0

    def __init__(self, seed: int = 0, *, server: Any = None) -> None:
        super().__init__(seed, server=server)
        self.clock = _Coarse(self.server.clock)


class _OtherCentury(WrappedSystem):
    def __init__(self, seed: int = 0, *, server: Any = None) -> None:
        super().__init__(seed, server=server)
        self.server.clock.sleep(74 * 365.25 * 86_400)


def _begins(seconds: float) -> type[Arranged]:
    return arranged(new_clock=lambda: VirtualClock(seconds, max_seconds=None))


_CLOCKS: Final[dict[str, Differences]] = {
    "began its time at nothing": _begins(0.0),
    "began its time between two seconds": _begins(1767225600.37),
    "oversleeps a little, and says so": arranged(new_clock=_Sleepy, tolerance=0.2),
    "shows whole seconds, and says so": _ShowsWholeSeconds,
    "lives in another century": _OtherCentury,
}

CONFORMING: Final = (
    *conforming(__name__, "delays", _DELAYS),
    *conforming(__name__, "clocks", _CLOCKS),
)
