"""A live POC system of NVFLARE as a `System`: one server for many examples, brought back to no jobs after each.

The server, its clients and its store of jobs stay the same; what is fresh for every example are the sessions and an
empty list of jobs. What only a system that was never used could show is not shown here. A server in which a thread has
died, or which can't be rid of its jobs, is replaced.
"""

from __future__ import annotations

import atexit
import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from contract_tests import RealClock, System
from contract_tests.system.job_plan import JobPlan
from tests.poc import processes
from tests.poc.jobs import job_folder
from tests.poc.launcher import Poc
from tests.poc.releases import CLIENTS, RELEASES

LIFETIME: Final = "FLARE_POC_SECONDS"
"""The environment variable that says how long a live system may live, in seconds; after that it is stopped for good."""

_CLEAN_SECONDS: Final = 40.0
_START_SECONDS: Final = 3.0
"""Real seconds in which a job may go on being started although it was aborted."""

_RECONNECT_SECONDS: Final = 30.0


class _Live:
    """A live system, the session that cleans up after every example, and sessions opened ahead of their use.

    To open a session takes more than a second, most of it spent waiting; one of each user who asked before is kept
    ready, so that examples don't wait for it. Each is handed out once.
    """

    def __init__(self, number: str) -> None:
        seconds = float(os.environ.get(LIFETIME, "3600"))
        self.poc = Poc(number, seconds=seconds, logs=Path("poc-logs") / number)
        self.keeper = self.poc.session(self.poc.release.users[0])
        self._opener = ThreadPoolExecutor(1)
        self._ready: dict[str, Future[Any]] = {}

    def session(self, user: str) -> Any:
        """A session that nobody had before."""
        if not self.poc.door.is_open:
            return self.poc.session(user)
        ready = self._ready.pop(user, None)
        session = self.poc.session(user) if ready is None else ready.result()
        self._ready[user] = self._opener.submit(self.poc.session, user)
        return session

    def forget(self) -> None:
        """Close the sessions that are ready: their connection is about to be lost."""
        while self._ready:
            with suppress(Exception):  # what can't be opened needs no closing
                self._ready.popitem()[1].result().close()

    def clear(self) -> bool:
        """Bring the server back to no jobs at all; whether that could be done, and nothing of it had crashed."""
        end = time.monotonic() + _CLEAN_SECONDS
        while jobs := self.keeper.list_jobs(detailed=True):
            if time.monotonic() > end:
                return False
            busy = [job for job in jobs if job["status"] in ("DISPATCHED", "RUNNING") or may_start(job)]
            for job in busy:
                with suppress(Exception):  # it may have ended since; the next look will tell
                    self.keeper.abort_job(job["job_id"])
            if any(job["status"] != "RUNNING" for job in busy):  # to delete a job as it starts would harm the server
                time.sleep(_START_SECONDS)
            if busy or processes.of_jobs(self.poc.workspace):
                time.sleep(0.2)
                continue
            for job in jobs:
                with suppress(Exception):
                    self.keeper.delete_job(job["job_id"])
        return self.poc.crashes() == 0

    def stop(self, *, done: bool) -> None:
        """Close the sessions and stop the system."""
        self.forget()
        self._opener.shutdown()
        with suppress(Exception):  # the server may be gone; what counts is that nothing is left
            self.keeper.close()
        self.poc.stop(done=done)


def may_start(job: dict[str, Any]) -> bool:
    """Whether a job, by its meta, waits for nothing but its turn."""
    return bool(job["status"] == "SUBMITTED" and job.get("min_clients", 0) <= len(CLIENTS))


_started: dict[str, _Live] = {}


def live(number: str) -> _Live:
    """The live system of a release, started when it is first needed."""
    if number not in _started:
        _started[number] = _Live(number)
    return _started[number]


@atexit.register
def stop(*, done: bool = True) -> None:
    """Stop every live system; unless all went as it should the logs are kept."""
    while _started:
        _started.popitem()[1].stop(done=done)


class LiveSystem(System):
    """A live system, on real time.

    A contract second takes a tenth of a second; a real job takes about ten seconds however short it was planned,
    and is waited for a minute.

    Attributes:
        number: the release of NVFLARE.
        poc: the live system behind it.
    """

    number = ""
    clock = RealClock()
    time_unit = 0.1
    tolerance = 0.5
    patience = 600.0
    longest = 100.0
    call_limit = 90.0
    examples: int | None = 1
    combinations: int | None = 1
    threads = True
    client_names: tuple[str, ...] = CLIENTS

    def __init__(self) -> None:
        self._live = live(self.number)
        self.poc = self._live.poc
        self._sessions: list[Any] = []

    def open_session(self, user: str = "") -> Any:
        """A new session, made by NVFLARE's own function."""
        session = self._live.session(user or self.poc.release.users[0])
        self._sessions.append(session)
        return session

    def job_folder(self, plan: JobPlan) -> str:
        """A job of real NVFLARE.

        Raises:
            NotClaimed: no such job can be made.
        """
        return job_folder(plan, self.poc.release.abnormal)

    def outage(self) -> None:
        """Close the door: the server goes on, and nobody reaches it."""
        self._live.forget()
        self.poc.door.close()

    def recover(self) -> None:
        """Open it again, and give the sessions time to notice: a lost connection is tried again in growing steps."""
        self.poc.door.open()
        self.poc.door.wait(_RECONNECT_SECONDS)

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """What is in the server's folder for a job."""
        return self.poc.stored(job_id)

    def close(self) -> None:
        """Close the sessions and remove every job; a server that has come to harm is replaced by a new one.

        Raises:
            CannotStart: there is no new one.
        """
        self.recover()
        for session in self._sessions:
            with suppress(Exception):  # whether a session can be closed is for the checks to say
                session.close()
        if not self._live.clear():
            _started.pop(self.number).stop(done=False)
            live(self.number)


class Nvflare23(LiveSystem):
    """NVFLARE 2.3: no TLS, and one user."""

    number = "2.3"


class Nvflare29(LiveSystem):
    """NVFLARE 2.9: TLS, and users with their own rights."""

    number = "2.9"
    users: tuple[str, ...] = RELEASES["2.9"].users
    restricted_user: str | None = RELEASES["2.9"].restricted
