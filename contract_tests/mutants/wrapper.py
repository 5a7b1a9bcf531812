"""A wrapper around a session that changes nothing; mutants and conforming variants change it in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.reference import SimulatedSystem
from flare_sim.spec import MonitorReturnCode, SessionSpec, SystemInfo


class Wrapper(SessionSpec):
    """Hands every call on to the session it wraps, and keeps the contract in doing so.

    Attributes:
        inner: the wrapped session, one of the reference system's.
        system: the system that opened it; ``system.memory`` is shared by all sessions of the system, ``system.clock``
            is its clock and ``system.server`` the simulated server.
        user: whose session it is.
    """

    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        self.inner = inner
        self.system = system
        self.user = user

    def submit_job(self, job_definition_path: str) -> str:
        """Hand on."""
        return self.inner.submit_job(job_definition_path)  # type: ignore[no-any-return]

    def clone_job(self, job_id: str) -> str:
        """Hand on."""
        return self.inner.clone_job(job_id)  # type: ignore[no-any-return]

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Hand on."""
        return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Hand on."""
        return self.inner.list_jobs(detailed, all)  # type: ignore[no-any-return]

    def download_job_result(self, job_id: str) -> str:
        """Hand on."""
        return self.inner.download_job_result(job_id)  # type: ignore[no-any-return]

    def abort_job(self, job_id: str) -> Any:
        """Hand on."""
        return self.inner.abort_job(job_id)

    def delete_job(self, job_id: str) -> Any:
        """Hand on."""
        return self.inner.delete_job(job_id)

    def get_system_info(self) -> SystemInfo:
        """Hand on."""
        return self.inner.get_system_info()  # type: ignore[no-any-return]

    def monitor_job(
        self,
        job_id: str,
        timeout: int = 0,
        poll_interval: float = 2.0,
        cb: Any = None,
        *cb_args: Any,
        **cb_kwargs: Any,
    ) -> MonitorReturnCode:
        """Hand on; the callback is given this session, not the wrapped one."""
        handed: Any = cb
        if callable(cb):

            def handed(session: Any, job_id: str, job_meta: Any, /, *args: Any, **kwargs: Any) -> Any:
                return cb(self, job_id, job_meta, *args, **kwargs)

        return self.inner.monitor_job(  # type: ignore[no-any-return]
            job_id, timeout, poll_interval, handed, *cb_args, **cb_kwargs
        )

    def close(self) -> Any:
        """Hand on."""
        return self.inner.close()


class MonitorLoop(Wrapper):
    """A wrapper with a monitor of its own, as plain as the contract allows; mutants change its small steps.

    The loop is: poll, callback, end of the job, timeout, sleep.
    """

    def monitor_job(
        self,
        job_id: str,
        timeout: int = 0,
        poll_interval: float = 2.0,
        cb: Any = None,
        *cb_args: Any,
        **cb_kwargs: Any,
    ) -> MonitorReturnCode:
        """Poll until the job is done, the callback says no or the time is up."""
        if not _usable(timeout, poll_interval, cb):
            return self.inner.monitor_job(job_id, timeout, poll_interval, cb)  # type: ignore[no-any-return]
        began = self.now()
        polls = 0
        while True:
            meta = self.poll(job_id)
            polls += 1
            status = meta.get("status")
            done = isinstance(status, str) and status.startswith("FINISHED")
            if cb is not None:
                answer = self.call(cb, polls, job_id, meta, cb_args, cb_kwargs)
                if self.ends(answer, polls, done):
                    return MonitorReturnCode.ENDED_BY_CB
            if self.finished(done, polls, meta):
                return MonitorReturnCode.JOB_FINISHED
            if self.timed_out(timeout, self.now() - began, polls):
                return MonitorReturnCode.TIMEOUT
            self.sleep(poll_interval, polls)

    def now(self) -> float:
        """Seconds on the system's clock."""
        return self.system.server.clock.time()

    def poll(self, job_id: str) -> dict[str, Any]:
        """Read the job's meta."""
        return self.get_job_meta(job_id)

    def call(
        self, cb: Callable[..., Any], polls: int, job_id: str, meta: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call the callback after a poll (``polls`` counts from 1) and return its answer."""
        return cb(self, job_id, dict(meta), *args, **kwargs)

    def ends(self, answer: Any, polls: int, done: bool) -> bool:
        """Whether the callback's answer ends the monitor."""
        return not answer

    def finished(self, done: bool, polls: int, meta: Any) -> bool:
        """Whether the monitor ends because the job is done."""
        return done

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Whether the time is up."""
        return 0 < timeout <= elapsed

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Wait for the next poll."""
        self.system.server.clock.sleep(poll_interval)


def _usable(timeout: Any, poll_interval: Any, cb: Any) -> bool:
    """Whether a loop can be run with these arguments; with others the wrapped session says what is wrong."""
    numbers = isinstance(timeout, (int, float)) and isinstance(poll_interval, (int, float))
    return numbers and timeout >= 0 and 0 < poll_interval < 1e9 and (cb is None or callable(cb))


class WrappedSystem(SimulatedSystem):
    """The reference system with every session wrapped.

    Attributes:
        session: the class of the wrapper.
        memory: what its sessions share.
    """

    session: Callable[[Any, WrappedSystem, str], Any] = Wrapper

    def __init__(self, seed: int = 0, *, server: Any = None) -> None:
        super().__init__(seed, server=server)
        self.memory: dict[Any, Any] = {}

    def open_session(self, user: str | None = None) -> Any:
        """A wrapped session."""
        inner = super().open_session(user)
        return type(self).session(inner, self, user or self.users[0])
