"""A served system as a stage: NVFLARE's own session as it is in this process, the simulated server in another one.

The server lives on a virtual clock there. What its replies take passes on it in no time, and what the client sleeps
here is slept there, so that times agree to the tick, whatever the machine does meanwhile.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from flare_sim import ScaledClock, time_in
from flare_sim.control import ControlledClock
from tests.nvflare.recordings.folders import write_folder
from tests.nvflare.recordings.simulated import USERS
from tests.nvflare.serving.served import Hosted, hosted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["ServedStage", "serving"]

_HOST = "tests.nvflare.recordings.hosting"
_PATIENCE = 30.0
"""Seconds in which a session is open on a busy machine."""


class ServedStage:
    """A fresh simulated server in the place of the one that is served.

    Args:
        host: the process that serves it.
        release, folder, settings, ran: as a ``SimulatedStage`` takes them.
        login_speed: how much faster goes the clock by which NVFLARE's client tries a login again.
    """

    def __init__(
        self,
        host: Hosted,
        release: str,
        folder: Path,
        settings: Sequence[str] = (),
        ran: dict[str, float] = {},  # noqa: B006  (read alone)
        login_speed: float = 20.0,
    ) -> None:
        self.folder = folder
        self.administrator = "admin" if release == "2.3.12" else "admin@nvidia.com"
        self._release = release
        self._login_speed = login_speed
        self._host = host
        self._host.do(f"host.begin({release!r}, {str(folder / 'server')!r}, {list(settings)!r}, {ran!r})")
        self._clock = ControlledClock(_Control(host))  # type: ignore[arg-type]
        self._opened: list[Any] = []
        self._inside = ExitStack()
        self._inside.enter_context(time_in(self._clock, "nvflare.fuel.flare_api.flare_api"))
        self._inside.enter_context(time_in(ScaledClock(login_speed), "nvflare.private.fed.authenticator"))
        for user in USERS:
            shutil.rmtree(self.transfer(user.name), ignore_errors=True)

    def session(self, user: str, **options: Any) -> Any:
        """A new session of a user, connected."""
        session = self._made(user, **options)
        session.try_connect(_PATIENCE * self._login_speed)
        return session

    def constructed(self, user: str) -> Any:
        """A new session of a user that was not yet told to connect."""
        return self._made(user)

    def _made(self, user: str, **options: Any) -> Any:
        from nvflare.fuel.flare_api.flare_api import Session

        session = Session(user, self.kit(user), **options)
        self._opened.append(session)
        return session

    def opening(self, name: str) -> Callable[..., Any]:
        """NVFLARE's own function or class."""
        from nvflare.fuel.flare_api import flare_api

        found: Callable[..., Any] = getattr(flare_api, name)
        return found

    def kit(self, user: str) -> str:
        """The startup kit of a user; the administrator's for who is none."""
        return self._host.kits.get(user, self._host.kits[self.administrator])

    def transfer(self, user: str) -> Path:
        """The folder in it."""
        return Path(self.kit(user), "transfer")

    def write_folder(self, where: Path, name: str) -> None:
        """Write a job folder."""
        write_folder(where, name, self._release)

    def time(self) -> float:
        """Seconds of the server's clock."""
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass on it."""
        self._clock.sleep(seconds)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Let something happen in the sleep that gets there."""
        self._clock.call_later(seconds, act)

    def status(self, job_id: str) -> str:
        """The status of a job, which may be hidden from its session."""
        return str(self._host.do(f"host.stage.status({job_id!r})"))

    def kill(self) -> None:
        """Kill the server."""
        self._host.do("host.stage.kill()")

    def restart(self) -> None:
        """Start it again, and wait until it is up."""
        self._host.do("host.stage.restart()")

    def freeze(self, seconds: float) -> None:
        """Let every reply take so long."""
        self._host.do(f"host.stage.freeze({seconds!r})")

    def drop(self, client: str) -> None:
        """Let a client fall silent."""
        self._host.do(f"host.stage.drop({client!r})")

    def fail(self, site: str) -> None:
        """Let the next deployment to a site fail."""
        self._host.do(f"host.stage.fail({site!r})")

    def close(self) -> None:
        """Close the sessions that were opened here; time is this process's own again."""
        for session in self._opened:
            session.api.close()
        self._inside.close()


class _Control:
    """What a ``ControlledClock`` asks for, from a process that hosts a stage."""

    def __init__(self, host: Hosted) -> None:
        self._host = host

    def call(self, name: str) -> Any:
        """Tell the time."""
        return self._host.do(f"host.stage.{name}()")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._host.do(f"host.stage.sleep({seconds!r})")


@contextmanager
def serving() -> Iterator[Hosted]:
    """Have a process that serves stages while the block lasts."""
    names = [user.name for user in USERS]
    with TemporaryDirectory() as folder, hosted(Path(folder), f"SimulatedServer(users={names!r})") as host:
        host.do(f"globals().update(host=__import__({_HOST!r}, fromlist=['Host']).Host(service))")
        yield host
