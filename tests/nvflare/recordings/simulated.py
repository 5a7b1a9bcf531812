"""A simulated server as a stage, like the servers of a release, with NVFLARE's own session in front of it."""

from __future__ import annotations

from contextlib import contextmanager
from types import FunctionType
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from flare_sim import Client, JobBehavior, ServerConfig, SimulatedServer, User, VirtualClock
from flare_sim.nvflare import connect, session_class_on, write_kit
from flare_sim.nvflare.releases import release_of
from flare_sim.nvflare.transport import SimulatedAdminAPI
from tests.nvflare.recordings.folders import FOLDERS, write_folder
from tests.nvflare.recordings.scene import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from flare_sim import Run

__all__ = ["PERSONALITY", "USERS", "SimulatedStage", "arrivals", "settings_of"]

PERSONALITY = {"2.3.12": "nvflare-2.3", "2.9.0": "nvflare-2.9"}
USERS = (
    User("admin", "global", "super"),
    User("admin@nvidia.com", "nvidia", "project_admin"),
    User("org@nvidia.com", "nvidia", "org_admin"),
    User("org-admin@nvidia.com", "nvidia", "org_admin"),
    User("lead@nvidia.com", "nvidia", "lead"),
    User("member@nvidia.com", "nvidia", "member"),
    User("lead2@other.com", "other.com", "lead"),
)
SECURE = ServerConfig(max_jobs=1, max_schedule_count=3, min_schedule_interval=1, max_schedule_interval=2)
REQUESTS = ("do_command", "login", "is_ready", "connect", "logout")
"""What of a session's API is a request: who makes one has reached the simulator."""


class SimulatedStage:
    """A fresh simulated server.

    Args:
        release: whose servers it is like, a key of ``PERSONALITY``.
        folder: an empty folder for job folders, startup kits and results.
        settings: what kind of system it is; of ``SETTINGS``.
        ran: how many seconds jobs ran where it was recorded, by folder.
    """

    def __init__(self, release: str, folder: Path, settings: Sequence[str] = (), ran: dict[str, float] = {}) -> None:  # noqa: B006  (read alone)
        self.release = release
        self.folder = folder
        self.administrator = "admin" if release == "2.3.12" else "admin@nvidia.com"
        self._ran = ran
        self._clock = VirtualClock()
        self.server = SimulatedServer(
            clock=self._clock,
            personality=PERSONALITY[release],
            users=USERS,
            clients=() if "no clients" in settings else [Client("site-1"), Client("site-2")],
            config=SECURE if "secure" in settings else ServerConfig(),
            behavior=self._behavior,
        )
        # A poll took about a millisecond; where it took no time at all, polling without a pause would never end.
        self.server.faults.slow_replies(REPLY_SECONDS)

    def _behavior(self, run: Run) -> JobBehavior:
        name = run.definition.folder_name
        known = JobBehavior(run_seconds=self._ran[name]) if name in self._ran else JobBehavior()
        return known.or_else(FOLDERS[name].behavior)

    def session(self, user: str, **options: Any) -> Any:
        """A new session of a user, connected."""
        return connect(self.server, user, startup_path=self.kit(user), **options)

    def constructed(self, user: str) -> Any:
        """A new session of a user that was not yet told to connect."""
        return session_class_on(self.server)(username=user, startup_path=self.kit(user))

    def opening(self, name: str) -> Callable[..., Any]:
        """NVFLARE's own function or class, on this server."""
        from nvflare.fuel.flare_api import flare_api

        session: Callable[..., Any] = session_class_on(self.server)
        if name == "Session":
            return session
        return _again(flare_api, name, Session=session)

    def kit(self, user: str) -> str:
        """A startup kit of a user."""
        kit = self.folder / "kits" / user
        if not kit.exists():
            transfer = str(self.transfer(user))
            kit.mkdir(parents=True)
            write_kit(str(kit), release_of(self.release), upload_dir=transfer, download_dir=transfer)
        return str(kit)

    def transfer(self, user: str) -> Path:
        """The folder beside the kit."""
        transfer = self.folder / "transfer" / user
        transfer.mkdir(parents=True, exist_ok=True)
        return transfer

    def write_folder(self, where: Path, name: str) -> None:
        """Write a job folder; what its configurations say does not matter here."""
        write_folder(where, name, self.release)

    def time(self) -> float:
        """Seconds of the server's clock."""
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass on it."""
        self.server.advance(seconds)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Let something happen in the sleep that gets there."""
        self._clock.call_later(seconds, act)

    def status(self, job_id: str) -> str:
        """The status of a job, which may be hidden from its session."""
        return {view.job_id: view.status for view in self.server.jobs}[job_id]

    def kill(self) -> None:
        """Kill the server."""
        self.server.faults.crash()

    def restart(self) -> None:
        """Start it again, and wait until it is up."""
        self.server.faults.restart()
        self.server.advance(1)

    def freeze(self, seconds: float) -> None:
        """Let every reply take so long."""
        self.server.faults.slow_replies(seconds)
        self.server.faults.slow_replies(REPLY_SECONDS, after=seconds)

    def drop(self, client: str) -> None:
        """Let a client fall silent."""
        self.server.faults.drop(client)

    def fail(self, site: str) -> None:
        """Let the next deployment to a site fail."""
        self.server.faults.fail_deploy(site)

    def close(self) -> None:
        """Close the server."""
        self.server.close()


@contextmanager
def arrivals() -> Iterator[list[str]]:
    """What arrives at the simulator meanwhile: requests to the session's API, and to the server."""
    arrived: list[str] = []
    watched = [(SimulatedAdminAPI, name) for name in REQUESTS] + [(SimulatedServer, "request")]

    def noting(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            arrived.append(name)
            return original(*args, **kwargs)

        return call

    patches = [patch.object(of, name, noting(name, getattr(of, name))) for of, name in watched]
    for one in patches:
        one.start()
    try:
        yield arrived
    finally:
        for one in patches:
            one.stop()


REPLY_SECONDS = 0.001


def settings_of(steps: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part steps into the settings they begin with and the others."""
    count = next((number for number, step in enumerate(steps) if step not in SETTINGS), len(steps))
    return list(steps[:count]), list(steps[count:])


def _again(module: Any, name: str, **others: Any) -> Callable[..., Any]:
    """A function of a module, and those of the module it calls, with other globals."""
    namespace = {**vars(module), **others}
    for key, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__globals__ is vars(module):
            made = FunctionType(value.__code__, namespace, value.__name__, value.__defaults__, value.__closure__)
            made.__kwdefaults__ = value.__kwdefaults__
            namespace[key] = made
    found: Callable[..., Any] = namespace[name]
    return found
