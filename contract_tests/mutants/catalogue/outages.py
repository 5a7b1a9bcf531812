"""Sessions that get an outage wrong, while it lasts or afterwards."""

from __future__ import annotations

import contextlib
from typing import Any, Final

from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.mutants.toolkit.helpers import Generator, camel
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, WrappedSystem, Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InternalError, MonitorReturnCode, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


class _Retrying(MonitorLoop):
    """Has a loop whose polls can be told apart."""

    polls = 0
    last: Any = None

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Begin to count."""
        self.polls, self.last = 0, None
        return super().monitor_job(job_id, *args, **kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Ask what to do when a later poll fails."""
        self.polls += 1
        try:
            self.last = super().poll(job_id)
        except NoConnection as error:
            if self.last is None:
                raise
            return self.trouble(job_id, error)
        return dict(self.last)

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """What is done in an outage."""
        raise error


@MUTANTS.mutant("outage.monitoring", "hands out the last meta while there is no server")
class MonitorsFromMemory(_Retrying):
    """Hopes for the best."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """The last meta."""
        return dict(self.last)


@MUTANTS.mutant("outage.monitoring", "tries again once before it gives up")
class MonitorTriesAgain(_Retrying):
    """Sleeps a while and polls again, after a call of the callback with the last meta."""

    tried = False

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """One more poll interval."""
        if self.tried:
            raise error
        self.tried = True
        return dict(self.last)


@MUTANTS.mutant("outage.monitoring", "takes an outage after the third poll for the end of the job")
class OutageIsEnd(_Retrying):
    """Thinks that the server went when the work was done."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """A finished meta."""
        if self.polls <= 3:
            raise error
        return {**self.last, "status": "FINISHED:COMPLETED"}


@MUTANTS.mutant("outage.monitoring", "returns TIMEOUT when the server goes")
class OutageIsTimeout(Wrapper):
    """Has one code for trouble."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Turn a later NoConnection into a code."""
        self.inner.get_job_meta(job_id)
        try:
            return super().monitor_job(job_id, *args, **kwargs)
        except NoConnection:
            return MonitorReturnCode.TIMEOUT


@MUTANTS.mutant("outage.monitoring", "raises InternalError when the server goes while a job runs")
class OutageIsInternalError(_Retrying):
    """Does not expect it."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """Another error for a job that ran."""
        if self.last["status"] == "RUNNING":
            raise InternalError("the poll failed") from error
        raise error


@MUTANTS.mutant("outage.monitoring", "waits out an outage of up to an hour, silently")
class MonitorWaitsOutage(_Retrying):
    """Blocks."""

    def trouble(self, job_id: str, error: NoConnection) -> dict[str, Any]:
        """Sleep, and try once more."""
        self.system.server.clock.sleep(3600.0)
        return self.inner.get_job_meta(job_id)  # type: ignore[no-any-return]


class _Remembering(Wrapper):
    """Remembers outages."""

    failures = 0
    began = 0.0

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name not in SERVER_METHODS:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self.before(name)
            try:
                answer = found(*args, **kwargs)
            except NoConnection:
                self.began = self.began or self.system.server.clock.time()
                self.failures += 1
                raise
            return answer

        return call

    def before(self, method: str) -> None:
        """What is done before a call."""


@MUTANTS.mutant("outage.recovery", "never works again after an outage it has noticed, with NoConnection")
class NeverRecovers(_Remembering):
    """Keeps the broken connection."""

    def before(self, method: str) -> None:
        """Raise what was raised."""
        if self.failures:
            raise NoConnection("no connection")


@MUTANTS.mutant("outage.recovery", "does not submit any more after an outage it has noticed")
class NeverSubmitsAgain(_Remembering):
    """Has a second connection for uploads."""

    def before(self, method: str) -> None:
        """Raise for submissions."""
        if self.failures and method == "submit_job":
            raise NoConnection("no connection")


@MUTANTS.mutant("outage.recovery", "raises SessionClosed for the first call after an outage, and works then")
class ClosedOnce(_Remembering):
    """Says that it is over, and is not."""

    def before(self, method: str) -> None:
        """Raise once the server is back."""
        if self.failures and self._back():
            self.failures = 0
            raise SessionClosed("the session is gone")

    def _back(self) -> bool:
        try:
            SimulatedSystem.open_session(self.system, self.user)
        except NoConnection:
            return False
        return True


@MUTANTS.mutant("outage.recovery", "opens a circuit breaker after three failures, for ever")
class BreaksCircuit(_Remembering):
    """Gives up."""

    def before(self, method: str) -> None:
        """Raise after three failures."""
        if self.failures >= 3:
            raise NoConnection("too many failures")


@MUTANTS.mutant("outage.recovery", "is lost in part after an outage of more than a minute: lists work, metas do not")
class LosesMetasAfterLongOutage(_Remembering):
    """Forgets a token."""

    def before(self, method: str) -> None:
        """Raise for metas."""
        long = self.began and self.system.server.clock.time() - self.began > 60
        if long and method == "get_system_info":
            raise InternalError("no token")


@MUTANTS.mutant("outage.recovery", "does not monitor any more when a monitor met an outage")
class MonitorIsBroken(Wrapper):
    """Never resets a flag."""

    broken = False

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Unless it is broken."""
        if self.broken:
            raise NoConnection("the monitor's connection is gone")
        try:
            return super().monitor_job(*args, **kwargs)
        except NoConnection:
            self.broken = True
            raise


@MUTANTS.mutant("outage.recovery", "stays without a connection for ten seconds after recovery")
class RecoversSlowly(_Remembering):
    """Waits before it tries again."""

    last = -1e9

    def before(self, method: str) -> None:
        """Raise for a while."""
        now = self.system.server.clock.time()
        if self.failures and now - self.last < 10:
            raise NoConnection("not tried yet")
        if self.failures:
            self.last = now


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


class _Draining(WrappedSystem):
    """Does what was noted when the server is back."""

    def recover(self) -> None:
        """Do it."""
        super().recover()
        session = SimulatedSystem.open_session(self)
        for method, args in self.memory.pop("queue", []):
            getattr(session, method)(*args)


def _queued(method: str) -> None:
    def body(self: Any, argument: Any) -> Any:
        return self.later(method, argument)

    body.__name__ = method
    name = f"Queues{camel(method)}"
    session = type(name, (_Queueing,), {method: body, "__module__": __name__, "__doc__": "Does it later."})
    system = type(name, (_Draining,), {"session": session, "__doc__": f"Does {method} after the outage."})
    _GENERATE.named(name, "outage.refused", f"raises NoConnection for {method} and does it afterwards", system)


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


@MUTANTS.mutant("outage.close", "can't be closed while there is no server")
class CloseNeedsServer(Wrapper):
    """Wants to log out."""

    def close(self) -> Any:
        """Ask the server first."""
        with contextlib.suppress(SessionClosed):
            self.inner.list_jobs()
        return super().close()


@MUTANTS.mutant("outage.close", "is open again after an outage in which it was closed")
class CloseIsForgotten(Wrapper):
    """Takes the trouble for a failed close."""

    def close(self) -> Any:
        """Only with a server."""
        try:
            self.inner.list_jobs()
        except NoConnection:
            return None
        except SessionClosed:
            pass
        return super().close()


@MUTANTS.mutant("outage.close", "raises when it is closed twice in an outage")
class CloseTwiceNeedsServer(Wrapper):
    """Notices the second time."""

    count = 0

    def close(self) -> Any:
        """Ask the server the second time."""
        self.count += 1
        super().close()
        if self.count > 1:
            SimulatedSystem.open_session(self.system, self.user)
        return None


@MUTANTS.mutant("outage.close", "can't be closed in an outage when it has noticed it")
class CloseAfterFailureRaises(_Remembering):
    """Has a broken connection."""

    def close(self) -> Any:
        """Raise what was raised."""
        if self.failures:
            raise NoConnection("no connection")
        return super().close()
