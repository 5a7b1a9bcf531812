"""Conforming variants whose sessions are proxies, work in threads or event loops, or have odd special methods."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

from contract_tests.mutants.conforming.around_calls import CALLS, around
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim import spec

CONFORMING = VariantTable()


@CONFORMING.conforming("is false, empty, callable and equal to everything")
class OddlyBehaved(Wrapper):
    """Nothing of it matters to the interface."""

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __eq__(self, other: object) -> bool:
        return True

    def __call__(self) -> None:
        """Do nothing."""


@CONFORMING.conforming("has no text")
class Unprintable(Wrapper):
    """Its repr raises."""

    def __repr__(self) -> str:
        raise RuntimeError("a session has no text")


@CONFORMING.conforming("has no text, and neither has anything around it")
class UnprintableSystem(WrappedSystem):
    """A system whose repr raises."""

    session = Unprintable.session  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        raise RuntimeError("a system has no text")


class _Proxy:
    """Finds every method by name, when it is asked for."""

    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        self._wrapper = Wrapper(inner, system, user)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._wrapper, name)
        if name != "monitor_job":
            return method

        def monitor(job_id: Any, timeout: Any = 0, poll_interval: Any = 2.0, cb: Any = None, *a: Any, **k: Any) -> Any:
            handed: Any = cb
            if callable(cb):

                def handed(session: Any, /, *args: Any, **kwargs: Any) -> Any:
                    return cb(self, *args, **kwargs)

            return method(job_id, timeout, poll_interval, handed, *a, **k)

        return monitor


@CONFORMING.conforming("finds all its methods by name")
class Proxy(WrappedSystem):
    """Hands out proxies."""

    session = _Proxy


def _in_a_thread(_: Any, call: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


@CONFORMING.conforming("does everything in a thread, callbacks as well")
@around(_in_a_thread, (*CALLS, "monitor_job"))
class InThreads(Wrapper):
    """A thread for every call."""


def _in_a_loop(_: Any, call: Callable[[], Any]) -> Any:
    async def calling() -> Any:
        return call()

    loop, called = asyncio.new_event_loop(), calling()
    try:
        return loop.run_until_complete(called)
    finally:
        called.close()  # where it was never begun, nobody is to wait for it
        loop.close()


@CONFORMING.conforming("does everything but monitoring in an event loop")
@around(_in_a_loop)
class InEventLoop(Wrapper):
    """A loop for every call."""


@CONFORMING.conforming("takes more arguments by name, and any others")
class KeywordsOnly(Wrapper):
    """Has parameters that can be given by name only."""

    def submit_job(self, job_definition_path: str, *, timeout: float = 30.0, **extra: Any) -> str:
        """Submit, whatever else is said."""
        return super().submit_job(job_definition_path)

    def get_job_meta(self, job_id: str, *args: Any, raw: bool = False, **extra: Any) -> dict[str, Any]:
        """Read, whatever else is said."""
        return super().get_job_meta(job_id)

    def list_jobs(
        self,
        detailed: bool = False,
        all: bool = False,  # noqa: A002
        *rest: Any,
        study: str = "default",
        **extra: Any,
    ) -> list[dict[str, Any]]:
        """List, whatever else is said."""
        return super().list_jobs(detailed, all)


@CONFORMING.conforming("has system info of classes of its own, which inherit from nothing")
class OtherInfo(Wrapper):
    """Looks like the interface's classes."""

    class _Info(SimpleNamespace):
        """Prints as the interface's own does, with a line before and after."""

        def __str__(self) -> str:
            return f"FLARE\n{self.text}\nas of now"

    def get_system_info(self) -> Any:
        """Rebuild the info."""
        info = super().get_system_info()
        return self._Info(
            text=str(info),
            server_info=SimpleNamespace(status=info.server_info.status, start_time=info.server_info.start_time),
            client_info=[
                SimpleNamespace(name=client.name, last_connect_time=client.last_connect_time)
                for client in sorted(info.client_info, key=lambda client: client.name, reverse=True)
            ],
            job_info=[SimpleNamespace(job_id=job.job_id, app_name=job.app_name) for job in info.job_info],
        )


@CONFORMING.conforming("says more of the server's status")
class LongStatus(Wrapper):
    """Counts clients in the status."""

    def get_system_info(self) -> spec.SystemInfo:
        """Rebuild the server's info."""
        info = super().get_system_info()
        status = f"Engine status: {info.server_info.status}, {len(info.client_info)} clients"
        server = spec.ServerInfo(status, info.server_info.start_time)
        return spec.SystemInfo(server, info.client_info, info.job_info)
