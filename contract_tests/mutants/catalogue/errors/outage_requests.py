"""Sessions in which a call that met an outage has an effect afterwards."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Body, Generator, camel
from contract_tests.mutants.toolkit.results import Emptying
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import JobNotFound, NoConnection

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _Draining(WrappedSystem):
    """Does what was noted when the server is back."""

    def recover(self) -> None:
        """Do it."""
        super().recover()
        session = SimulatedSystem.open_session(self)
        for method, args in self.memory.pop("queue", []):
            getattr(session, method)(*args)


class _Queueing(Wrapper):
    """Keeps what was asked for during an outage, and does it later."""

    method = ""

    def later(self, method: str, *args: Any) -> Any:
        """Do it, or note it."""
        try:
            return getattr(Wrapper, method)(self, *args)
        except NoConnection:
            self.system.memory.setdefault("queue", []).append((method, args))
            raise


def _queued(method: str) -> None:
    def body(self: Any, argument: Any) -> Any:
        return self.later(method, argument)

    body.__name__ = method
    name = f"Queues{camel(method)}"
    session = type(name, (_Queueing,), {method: body, "__module__": __name__, "__doc__": "Does it later."})
    system = type(name, (_Draining,), {"session": session, "__doc__": f"Does {method} after the outage."})
    _GENERATOR.named(name, "outage.refused", f"raises NoConnection for {method} and does it afterwards", system)


for _method in ("submit_job", "clone_job", "abort_job", "delete_job"):
    _queued(_method)


@MUTANTS.mutant("outage.refused", "shows a job submitted during an outage in its own list afterwards")
class ListsUnsent(Wrapper):
    """Makes an entry before it sends."""

    unsent = 0

    def submit_job(self, job_definition_path: str) -> str:
        """Count what was not sent."""
        try:
            return super().submit_job(job_definition_path)
        except NoConnection:
            self.system.memory["unsent"] = self.system.memory.get("unsent", 0) + 1
            raise

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With what was not sent."""
        unsent = [{"job_id": f"unsent-{n}", "status": "SUBMITTED"} for n in range(self.system.memory.get("unsent", 0))]
        return [*super().list_jobs(detailed, all), *unsent]


def _noted_in_outage(method: str) -> Body:
    """A method that notes what could not be sent."""

    def body(self: Any, argument: Any) -> Any:
        try:
            return getattr(Wrapper, method)(self, argument)
        except NoConnection:
            self.__dict__.setdefault("_queue", []).append(argument)
            raise

    return body


def _sending(method: str, queued: str) -> Body:
    """A method that sends first what was noted."""

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        with suppress(NoConnection, JobNotFound):
            while self.__dict__.get("_queue"):
                getattr(self.inner, queued)(self._queue[0])
                self._queue.pop(0)
        return getattr(Wrapper, method)(self, *args, **kwargs)

    return body


for _method, _later in (
    ("delete_job", "get_job_meta"),
    ("delete_job", "abort_job"),
    ("abort_job", "get_system_info"),
    ("abort_job", "monitor_job"),
    ("clone_job", "download_job_result"),
    ("clone_job", "delete_job"),
    ("submit_job", "clone_job"),
    ("submit_job", "list_jobs"),
):
    _GENERATOR.session(
        f"Sends{camel(_method)}With{camel(_later)}",
        "outage.refused",
        f"notes a {_method} that met an outage, and sends it before the next {_later}",
        {_method: _noted_in_outage(_method), _later: _sending(_later, _method)},
    )


@MUTANTS.mutant("outage.refused", "throws away what a job left when its deletion is asked for in an outage")
class DeletionInOutageEmpties(Emptying):
    """Removes files first, and asks later."""

    def delete_job(self, job_id: str) -> Any:
        """Empty what is not deleted."""
        try:
            return super().delete_job(job_id)
        except NoConnection:
            self.empty(job_id)
            raise
