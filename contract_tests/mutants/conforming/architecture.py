"""Conforming variants that are made otherwise: proxies and facades, odd classes, threads, locks, further parameters."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CALLS, CLONE, DELETE, LIST, META, MONITOR, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.variant import Differences, conforming
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper


class _Proxy:
    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        self._behind = Wrapper(inner, system, user)

    def __getattr__(self, name: str) -> Any:
        if name == "monitor_job":  # whose callback is given the proxy
            return partial(Wrapper.monitor_job, self)  # type: ignore[arg-type]
        return getattr(self._behind, name)


class _Facade(_Proxy):
    monitor_job = Wrapper.monitor_job


def _with(**members: Any) -> type[Wrapper]:
    return type("_Session", (Wrapper,), members)


def _passes_on(name: str) -> Any:
    return lambda self, *args, **kwargs: getattr(self.inner, name)(*args, **kwargs)


def _no_text(self: object) -> str:
    raise RuntimeError("there is no text")


_UNPRINTABLE: Final = _with(__repr__=_no_text)


class _BareSessions(WrappedSystem):
    def open_session(self, user: str | None = None) -> Any:
        return self.server.connect(user or self.users[0])


def _logs(call: Call) -> None:
    logging.getLogger(__name__).debug("meta of %r", call.job_id)


def _locked(call: Call) -> Any:
    with call.memory.setdefault("lock", threading.RLock()):  # a callback may call
        return call.go()


def _in_a_thread(call: Call) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call.go).result()


def _in_a_loop(call: Call) -> Any:
    async def calling() -> Any:
        return call.go()

    loop, called = asyncio.new_event_loop(), calling()
    try:
        return loop.run_until_complete(called)
    finally:
        called.close()  # where it was never begun, nobody is to wait for it
        loop.close()


_MADE: Final[dict[str, Differences]] = {
    "hands every call on": Change({}),
    "is a facade that does not inherit from SessionSpec": _Facade,
    "finds all its methods by name": _Proxy,
    "takes whatever it is given and passes it on": _with(**{name: _passes_on(name) for name in (SUBMIT, META, LIST)}),
    "counts its calls with a decorator": on(
        (CLONE, META, LIST, ABORT, DELETE, MONITOR), do.first(lambda call: numbered(call, call.point))
    ),
    "writes a log": on(META, do.first(_logs)),
    "takes further optional parameters, as later releases do": _with(
        list_jobs=lambda self, detailed=False, all=False, limit=None, id_prefix=None, reverse=False: (  # noqa: A006
            self.inner.list_jobs(detailed, all)[:: -1 if reverse else 1]
        ),
        submit_job=lambda self, job_definition_path, token=None: self.inner.submit_job(job_definition_path),
        download_job_result=lambda self, job_id, destination=None: self.inner.download_job_result(job_id),
    ),
    "takes more arguments by name, and any others": _with(
        submit_job=lambda self, job_definition_path, *, timeout=30.0, **extra: self.inner.submit_job(
            job_definition_path
        ),
        get_job_meta=lambda self, job_id, *args, raw=False, **extra: self.inner.get_job_meta(job_id),
        list_jobs=lambda self, detailed=False, all=False, *rest, study="default", **extra: self.inner.list_jobs(  # noqa: A006
            detailed, all
        ),
    ),
    "has methods the interface does not know": _with(
        get_job_status=lambda self, job_id: self.get_job_meta(job_id)["status"],
        set_timeout=lambda self, value: None,
        __enter__=lambda self: self,
        __exit__=lambda self, *error: self.close(),
    ),
    "locks around every call": on((META, SUBMIT), _locked),
    "is the simulator's own session, subclassed": _BareSessions,
    "is false, empty, callable and equal to everything": _with(
        __hash__=None,
        __bool__=lambda self: False,
        __len__=lambda self: 0,
        __iter__=lambda self: iter(()),
        __eq__=lambda self, other: True,
        __call__=lambda self: None,
    ),
    "has no text": _UNPRINTABLE,
    "has no text, and neither has anything around it": (
        _UNPRINTABLE,
        type("_Unprintables", (WrappedSystem,), {"__repr__": _no_text}),
    ),
    "does everything in a thread, callbacks as well": on(CALLS, _in_a_thread),
    "does everything but monitoring in an event loop": on((call for call in CALLS if call != MONITOR), _in_a_loop),
}

CONFORMING: Final = conforming(__name__, "architecture", _MADE)
