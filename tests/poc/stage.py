"""A live POC system as a stage for steps and calls, and the job folders that really do there what they are to do."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.nvflare.recordings.folders import FOLDERS, write_folder
from tests.poc import processes
from tests.poc.launcher import START_SECONDS, CannotStart, Poc
from tests.poc.system import may_start

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim import JobBehavior

__all__ = ["LiveStage"]

OVERHEAD = 8.0
"""About so many seconds a job runs on a live system that does nothing."""
ROUND_SECONDS = 1.5
"""About so many a round of training takes, of which a client sleeps one."""
CLEAR_SECONDS = 60.0


class LiveStage:
    """A live system: where its server is killed is a new one is needed afterwards.

    Args:
        poc: the live system.
        release: the whole number of the release.
        number: of the scenario: its job folders are its own.

    Attributes:
        harmed: whether the server or a client was killed or stopped, so that this is no longer a fresh system.
    """

    def __init__(self, poc: Poc, release: str, number: int) -> None:
        self._poc = poc
        self._release = release
        self.folder = poc.folder / "stages" / str(number)
        self.folder.mkdir(parents=True)
        self.administrator = poc.release.users[0]
        self.harmed = False
        self._keeper = poc.session(self.administrator)
        self._opened: list[Any] = [self._keeper]
        self._timers: list[threading.Timer] = []

    def session(self, user: str, **options: Any) -> Any:
        """A new session of a user, connected."""
        from nvflare.fuel.flare_api import flare_api

        secure = options.pop("secure_mode", self._poc.release.secure)
        if secure:
            session = flare_api.new_secure_session(user, self.kit(user), **options)
        else:
            session = flare_api.new_insecure_session(self.kit(user), **options)
        self._opened.append(session)
        return session

    def constructed(self, user: str) -> Any:
        """A new session of a user that was not yet told to connect."""
        from nvflare.fuel.flare_api import flare_api

        known = user if Path(self.kit(user)).is_dir() else self.administrator
        session = flare_api.Session(user, self.kit(known), self._poc.release.secure)
        self._opened.append(session)
        return session

    def opening(self, name: str) -> Callable[..., Any]:
        """NVFLARE's own function or class."""
        from nvflare.fuel.flare_api import flare_api

        found: Callable[..., Any] = getattr(flare_api, name)
        return found

    def kit(self, user: str) -> str:
        """The startup kit of a user."""
        return self._poc.kit(user)

    def transfer(self, user: str) -> Path:
        """The folder in it."""
        return Path(self.kit(user)) / "transfer"

    def write_folder(self, where: Path, name: str) -> None:
        """Write a job folder whose apps do what its behavior says."""
        write_folder(where, name, self._release)
        for config in where.rglob("config_fed_*.json"):
            if config.read_text(encoding="utf-8") == "{}":
                _fill(config, FOLDERS[name].behavior)

    def time(self) -> float:
        """Seconds of this machine's clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def later(self, seconds: float, act: Callable[[], object]) -> None:
        """Do something in a thread."""
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()
        self._timers.append(timer)

    def meta(self, job_id: str) -> dict[str, Any]:
        """The meta of a job, also of one that commands do not find by its id."""
        (found,) = (job for job in self._keeper.list_jobs(detailed=True) if job["job_id"] == job_id)
        meta: dict[str, Any] = found
        return meta

    def status(self, job_id: str) -> str:
        """The status of a job."""
        return str(self.meta(job_id)["status"])

    def kill(self) -> None:
        """Kill the server, and keep its script from starting it again."""
        self._stop("server")
        self._poc.door.close()

    def restart(self) -> None:
        """Let its script start it again, and wait until it answers.

        Raises:
            CannotStart: it does not.
        """
        os.kill(self._script("server"), signal.SIGCONT)
        self._poc.door.open()
        end = time.monotonic() + START_SECONDS
        while (keeper := self._reached()) is None:
            if time.monotonic() > end:
                raise CannotStart("the server does not come back")
            time.sleep(0.2)
        self._keeper = keeper
        self._opened.append(keeper)

    def _reached(self) -> Any:
        try:
            return self._poc.session(self.administrator, timeout=5.0)
        except Exception:  # noqa: BLE001  (of whatever kind: it is not back yet)
            return None

    def freeze(self, seconds: float) -> None:
        """Stop the server's process, and let it go on later."""
        self._signal("server", signal.SIGSTOP)
        self.later(seconds, lambda: self._signal("server", signal.SIGCONT))

    def drop(self, client: str) -> None:
        """Kill a client."""
        self._stop(client)

    def fail(self, site: str) -> None:
        """Not to be had on a live system.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(f"a deployment to {site} that fails can't be brought about on a live system")

    def clear(self) -> bool:
        """End what is going on and bring the server back to no jobs; whether it is as good as new then."""
        for timer in self._timers:
            timer.cancel()
        cleared = not self.harmed and self._no_jobs()
        for session in self._opened:
            with suppress(Exception):  # it may be closed, or its server gone
                session.close()
        return cleared and self._poc.crashes() == 0

    def _no_jobs(self) -> bool:
        end = time.monotonic() + CLEAR_SECONDS
        with suppress(Exception):  # a server that does not answer is no longer good
            while jobs := self._keeper.list_jobs(detailed=True):
                if time.monotonic() > end:
                    return False
                for job in jobs:
                    busy = job["status"] in ("DISPATCHED", "RUNNING") or may_start(job)
                    with suppress(Exception):  # it may have ended since; the next look will tell
                        (self._keeper.abort_job if busy else self._keeper.delete_job)(job["job_id"])
                time.sleep(1.0)
            return True
        return False

    def _stop(self, site: str) -> None:
        self.harmed = True
        os.kill(self._script(site), signal.SIGSTOP)
        self._signal(site, signal.SIGKILL)

    def _script(self, site: str) -> int:
        """The process that starts the one of a site again."""
        return int((self._poc.kits / site / "daemon_pid.fl").read_text(encoding="utf-8"))

    def _signal(self, site: str, number: signal.Signals) -> None:
        """Send a signal to the process of a site, but not to those of its jobs.

        Raises:
            LookupError: there is no such process.
        """
        told = False
        for process in processes.of(self._poc.workspace):
            words = process.cmdline()
            if any("_train" in word for word in words) and any(
                os.path.basename(os.path.normpath(word)) == site for word in words
            ):
                process.send_signal(number)
                told = True
        if not told:
            raise LookupError(f"no process of {site} is there")


def _fill(config: Path, behavior: JobBehavior) -> None:
    """Write the configuration of an app's server or client so that the job does as it should.

    All of it is NVFLARE's own: an app with code of its own is judged, and shown, as such.
    """
    trains = config.stem.endswith("client")
    fails = behavior.outcome == ("CLIENT_EXCEPTION" if trains else "EXECUTION_EXCEPTION")
    rounds = max(1, round(((behavior.run_seconds or 0.0) - OVERHEAD) / ROUND_SECONDS))
    parts: dict[str, Any] = {"format_version": 2, "components": []}
    if trains:
        trainer = {"path": f"{_NUMPY}.np_trainer.{'NoTrainer' if fails else 'NPTrainer'}", "args": {"sleep_time": 1}}
        parts["executors"] = [{"tasks": ["train"], "executor": trainer}]
    else:
        named = {"persistor_id": "persistor", "aggregator_id": "aggregator", "shareable_generator_id": "generator"}
        args = {"min_clients": 1, "num_rounds": rounds, "wait_time_after_min_received": 0, **named}
        parts["workflows"] = [
            {"id": "train", "path": "nvflare.app_common.workflows.scatter_and_gather.ScatterAndGather", "args": args}
        ]
        persistor = "NoPersistor" if fails else "NPModelPersistor"
        paths = {
            "persistor": f"{_NUMPY}.np_model_persistor.{persistor}",
            "aggregator": f"{_COMMON}.aggregators.{_AGGREGATOR}",
            "generator": f"{_COMMON}.shareablegenerators.full_model_shareable_generator.FullModelShareableGenerator",
        }
        kinds = {"aggregator": {"expected_data_kind": "WEIGHTS"}}
        parts["components"] = [{"id": name, "path": path, "args": kinds.get(name, {})} for name, path in paths.items()]
    config.write_text(json.dumps(parts), encoding="utf-8")


_COMMON = "nvflare.app_common"
_NUMPY = f"{_COMMON}.np"
_AGGREGATOR = "intime_accumulate_model_aggregator.InTimeAccumulateWeightedAggregator"
