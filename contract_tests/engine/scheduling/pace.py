"""How fast a system is: what a call takes, and whether its time is real."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, process_time
from typing import Final, NamedTuple

from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import System
from contract_tests.system.watchdog import limit

_LISTS: Final = 3
_NAP: Final = 0.02
"""Seconds on the clock in which a real one shows."""

_SLOW: Final = 0.005
"""Seconds that a reply takes over a network, or from a disk; what only computes takes less, or is busy all the time."""


class Pace(NamedTuple):
    """What a few calls show of a system.

    Attributes:
        reply: real seconds that a call takes, on average.
        second: real seconds that a contract second takes; 0 on a virtual clock.
        waits: whether a check waits rather than computes.
    """

    reply: float
    second: float
    waits: bool

    def seconds(self, calls: float, waits: float) -> float:
        """Real seconds that some calls take, and some contract seconds of waiting."""
        return calls * self.reply + waits * self.second

    def __str__(self) -> str:
        time = f"a contract second {self.second:.2g} s" if self.second else "waiting no time"
        return f"a call takes {1000 * self.reply:.3g} ms, {time}"


def measured(factory: Callable[[], System]) -> Pace:
    """The pace of systems from ``factory``, from one that is made for it; what fails there is for the checks."""
    try:
        with limit(2 * System.call_limit), factory() as system:
            begun, computing = monotonic(), process_time()
            session = system.open_session(system.users[0]) if system.users else system.open_session()
            session.submit_job(system.job_folder(JobPlan()))
            for _ in range(_LISTS):
                session.list_jobs()
            took = monotonic() - begun
            reply, busy = took / (_LISTS + 2), (process_time() - computing) / max(took, 1e-9)
            if system.clock is None:
                waits = reply > _SLOW and busy < 0.5
                return Pace(reply, system.time_unit if waits else 0.0, waits)
            begun = monotonic()
            system.clock.sleep(_NAP)
            real = monotonic() - begun >= _NAP / 2
            return Pace(reply, system.time_unit if real else 0.0, real)
    except KeyboardInterrupt:
        raise
    except BaseException:  # a call that ends the process, say
        return Pace(0.0, 0.0, waits=False)
