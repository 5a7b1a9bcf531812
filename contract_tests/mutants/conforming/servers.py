"""Conforming variants whose servers have other settings, or other clients; and servers arranged like that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from contract_tests.mutants.variant import Differences, conforming
from contract_tests.mutants.wrapper import WrappedSystem
from contract_tests.reference import LARGEST_META
from flare_sim import ServerConfig, SimulatedServer, VirtualClock


class Arranged(WrappedSystem):
    """The reference with a server that is arranged otherwise.

    Attributes:
        settings: fields of its `ServerConfig`.
        new_clock: makes the clock it runs on.
        reply_seconds: how long its server takes for every reply, in addition to what a base says.
        first_seed: its seed where none is given.
    """

    settings: dict[str, Any] = {}  # noqa: RUF012 - read only
    new_clock: Callable[[], Any] = partial(VirtualClock, max_seconds=None)
    reply_seconds = 0.0
    first_seed = 0

    def __init__(self, seed: int | None = None, *, server: Any = None) -> None:
        super().__init__(self.first_seed if seed is None else seed, server=server)
        delay = sum(vars(base).get("reply_seconds", 0.0) for base in type(self).__mro__)
        if delay:
            self.server.faults.slow_replies(delay)

    def _fresh(self, seed: int) -> SimulatedServer:
        limits: dict[str, Any] = {"max_download_bytes": self.download_limit, "max_meta_bytes": LARGEST_META}
        config = ServerConfig()._replace(**limits, **self.settings)
        return SimulatedServer(seed=seed, clients=self.client_names, config=config, clock=type(self).new_clock())


def arranged(**members: Any) -> type[Arranged]:
    """A class of systems by attributes of its own: those of `Arranged`, and of any `System`."""
    return type("_Arranged", (Arranged,), members)


def _set(**settings: Any) -> type[Arranged]:
    return arranged(settings=settings)


_PARTS: Final = ("submit", "clone", "abort", "system", "monitor", "close", "life")
"""Where it matters when a job is run; some settings are tried on everything."""

_TRIED_ON_EVERYTHING: Final[dict[str, Differences]] = {
    "runs on another seed, so every id is another": arranged(first_seed=4711),
    "stops jobs at once when they are aborted": _set(abort_seconds=0.0),
    "takes a quarter of a minute to stop a job": _set(abort_seconds=15.0),
    "looks for jobs to schedule every five seconds": _set(tick_seconds=5.0),
    "looks for jobs to schedule ten times a second": _set(tick_seconds=0.1),
    "takes a while to deploy and to start a job": _set(deploy_seconds=2.0, start_seconds=1.0),
    "runs sixteen jobs at once": _set(max_jobs=16),
    "has five clients": arranged(client_names=("site-1", "site-2", "site-3", "hospital-a", "hospital-b")),
    "has clients that report every second": _set(heartbeat_seconds=1.0),
    "runs one job at a time": _set(max_jobs=1),
    "runs one job after the other": arranged(settings={"max_jobs": 1}, patience=5e3),
    "looks for jobs to schedule twice a minute": _set(tick_seconds=30.0),
    "never gives a job up": _set(max_schedule_count=10**9),
    "wants no job to be longer than 20 s": arranged(longest=20.0),
}

_TIMES: Final[dict[str, Differences]] = {
    "runs two jobs at a time": _set(max_jobs=2),
    "looks for jobs to schedule every 1.7 seconds": _set(tick_seconds=1.7),
    "deploys and starts in no time": _set(deploy_seconds=0.0, start_seconds=0.0),
    "takes 15 s to start a job": _set(deploy_seconds=10.0, start_seconds=5.0),
    "takes a minute and more to stop a job": _set(abort_seconds=100.0),
    "gives a job up after seven tries": _set(max_schedule_count=7),
    "gives a job up after thirty tries": _set(max_schedule_count=30),
    "has clients that report every minute": _set(heartbeat_seconds=60.0),
    "has jobs that are done in a tenth of a second": _set(run_seconds=0.1),
    "has jobs that run for a minute and a half": _set(run_seconds=90.0),
    "has one client": arranged(client_names=("only",)),
    "has clients with odd names": arranged(client_names=("Klinik Köln", "山", "z 3")),
}

CONFORMING: Final = (
    *conforming(__name__, "servers", _TRIED_ON_EVERYTHING),
    *conforming(__name__, "servers", _TIMES, _PARTS),
)
