"""A wrapper around a session that changes nothing; mutants and conforming variants change it in one place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from contract_tests.reference import SimulatedSystem
from flare_sim.spec import MonitorReturnCode, SessionSpec


def _handed_on(name: str) -> Any:
    def method(self: Wrapper, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.inner, name)(*args, **kwargs)

    like = getattr(SessionSpec, name)
    functools.update_wrapper(method, like, updated=())  # not what marks it as abstract
    return method


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

    submit_job = _handed_on("submit_job")
    clone_job = _handed_on("clone_job")
    get_job_meta = _handed_on("get_job_meta")
    list_jobs = _handed_on("list_jobs")
    download_job_result = _handed_on("download_job_result")
    abort_job = _handed_on("abort_job")
    delete_job = _handed_on("delete_job")
    get_system_info = _handed_on("get_system_info")
    close = _handed_on("close")

    def monitor_job(
        self,
        job_id: str,
        timeout: int = 0,
        poll_interval: float = 2.0,
        cb: Any = None,
        *cb_args: Any,
        **cb_kwargs: Any,
    ) -> MonitorReturnCode:
        """Let the wrapped session monitor; the callback is given this session, not that one."""
        handed: Any = cb
        if callable(cb):

            def handed(session: Any, job_id: str, job_meta: Any, /, *args: Any, **kwargs: Any) -> Any:
                return cb(self, job_id, job_meta, *args, **kwargs)

        return self.inner.monitor_job(  # type: ignore[no-any-return]
            job_id, timeout, poll_interval, handed, *cb_args, **cb_kwargs
        )


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
