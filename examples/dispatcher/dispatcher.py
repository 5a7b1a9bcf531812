"""Dispatches jobs to a FLARE system: several at once, each watched, tried again, its metrics read, and cleaned up.

All it knows is the FLARE API, so that it runs on NVFLARE's own sessions as on those of any other implementation.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flare_sim.spec import JobNotFound, MonitorReturnCode, NoConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flare_sim.spec import SessionSpec

__all__ = ["Dispatcher", "Order", "Outcome"]

_METRICS = "app_server/metrics.json"
"""Where in its workspace a job leaves what it measured: a list with an object for each round."""


@dataclass(frozen=True)
class Order:
    """A job that is to be run.

    Attributes:
        folder: its job folder.
        tries: how often it is submitted at most, before it is given up.
        longest: seconds after which a try is aborted.
    """

    folder: str
    tries: int = 3
    longest: int = 4 * 3600


@dataclass
class Outcome:
    """What has become of an order.

    Attributes:
        order: the order.
        status: how its last try ended, ``"TIMEOUT"`` when that was aborted.
        job_ids: the jobs that were submitted for it.
        metrics: what the last of them measured, round by round.
    """

    order: Order
    status: str = ""
    job_ids: list[str] = field(default_factory=list)
    metrics: list[dict[str, Any]] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        """Whether a job of it came to its end."""
        return self.status == "FINISHED:COMPLETED"


class Dispatcher:
    """Runs orders on a system.

    Args:
        session: a session of the FLARE API.
        at_once: how many jobs there are at once.
        poll_interval: seconds between two looks at a job.
        pause: seconds before something is tried again: a job that failed, or a call while there is no connection.
        on_change: called with an order and a status whenever that is another one.
    """

    def __init__(
        self,
        session: SessionSpec,
        *,
        at_once: int = 4,
        poll_interval: float = 30,
        pause: float = 60,
        on_change: Callable[[Order, str], None] = lambda order, status: None,
    ) -> None:
        self._session = session
        self._at_once = at_once
        self._poll_interval = poll_interval
        self._pause = pause
        self._on_change = on_change
        self._claimed: set[str] = set()

    def run(self, orders: Iterable[Order]) -> list[Outcome]:
        """Run orders, and return what has become of them, in their order."""
        with ThreadPoolExecutor(self._at_once) as pool:
            return list(pool.map(self._run, orders))

    def _run(self, order: Order) -> Outcome:
        outcome = Outcome(order)
        for number in range(order.tries):
            if number:
                self._clean_up(outcome.job_ids[-1])
                time.sleep(self._pause)
            outcome.job_ids.append(self._submit(order))
            outcome.status = self._watch(order, outcome.job_ids[-1])
            if outcome.succeeded:
                outcome.metrics = self._metrics(outcome.job_ids[-1])
            if outcome.succeeded or outcome.status == "TIMEOUT":
                break
        return outcome

    def _submit(self, order: Order) -> str:
        """Submit a job, once: when the reply is lost, it may be there all the same."""
        name = json.loads(Path(order.folder, "meta.json").read_text(encoding="utf-8"))["name"]
        before = set(self._connected(lambda: self._job_ids(name)))
        while True:
            with suppress(NoConnection):
                job_id = self._session.submit_job(order.folder)
                break
            time.sleep(self._pause)
            new = [found for found in self._connected(lambda: self._job_ids(name)) if found not in before]
            unclaimed = [found for found in new if found not in self._claimed]
            if unclaimed:
                job_id = unclaimed[0]
                break
        self._claimed.add(job_id)
        return job_id

    def _job_ids(self, name: str) -> list[str]:
        return [job["job_id"] for job in self._session.list_jobs() if job["job_name"] == name]

    def _watch(self, order: Order, job_id: str) -> str:
        """Watch a job to its end, or to that of its time, and return its status then."""
        last = [""]

        def look(_: object, __: str, meta: dict[str, Any]) -> bool:
            if meta["status"] != last[0]:
                last[0] = meta["status"]
                self._on_change(order, last[0])
            return True

        end = time.monotonic() + order.longest

        def monitor() -> MonitorReturnCode:
            left = max(1, round(end - time.monotonic()))
            return self._session.monitor_job(job_id, left, self._poll_interval, look)

        if self._connected(monitor) is MonitorReturnCode.TIMEOUT:
            self._connected(lambda: self._session.abort_job(job_id))
            return "TIMEOUT"
        return last[0]

    def _metrics(self, job_id: str) -> list[dict[str, Any]]:
        folder = Path(self._connected(lambda: self._session.download_job_result(job_id)))
        file = folder / "workspace" / _METRICS
        metrics: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        return metrics

    def _clean_up(self, job_id: str) -> None:
        """Delete a job that failed, if nobody has done so."""
        with suppress(JobNotFound):
            self._connected(lambda: self._session.delete_job(job_id))

    def _connected(self, call: Callable[[], Any]) -> Any:
        """Do something, again and again while there is no connection."""
        while True:
            with suppress(NoConnection):
                return call()
            time.sleep(self._pause)
