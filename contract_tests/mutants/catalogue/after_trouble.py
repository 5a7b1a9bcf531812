"""Sessions that have forgotten something, or remember it too well, once trouble is over."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.mutants.catalogue.abort import Aborts
from contract_tests.mutants.catalogue.system_info import Told
from contract_tests.mutants.toolkit.failing import Failure, Kind, Noting, declare, when
from contract_tests.mutants.toolkit.helpers import Body, Generator, camel, noted
from contract_tests.mutants.toolkit.kinds import Reading
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim.spec import JobInfo, NoConnection, SessionClosed, SystemInfo

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


class _StaleAfterOutage(Wrapper):
    """Answers once from what it knew when it noticed the outage."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.known: dict[str, Any] = {}
        self.stale: dict[str, Any] = {}

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """From memory, the first time."""
        try:
            meta = super().get_job_meta(job_id)
        except NoConnection:
            self.stale = dict(self.known)
            raise
        self.known[job_id] = meta
        return dict(self.stale.pop(job_id, meta))


for _clause in ("meta.fresh", "meta.sessions-agree"):
    _GENERATE.session(
        f"StaleAfterOutage{camel(_clause.partition('.')[2])}",
        _clause,
        "answers the first question about a job after an outage with what it knew before",
        {},
        _StaleAfterOutage,
    )


class _SeesOutages(Aborts, Told):
    """Notes jobs that were ended, and whether it has been without a server since."""

    def get_job_meta(self, job_id: str) -> Any:
        """Notice an outage."""
        try:
            return self.told(super().get_job_meta(job_id))
        except NoConnection:
            noted(self, "outages").append(job_id)
            raise

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is told of a job."""
        return meta


@MUTANTS.mutant("abort.waiting-never-runs", "runs a job after an outage that was aborted before it while it waited")
class RequeuedAfterOutage(_SeesOutages):
    """Reads its queue from the disk again."""

    def then(self, job_id: str, status: str) -> None:
        """Keep it in the queue."""
        if status == "SUBMITTED":
            noted(self, "queued").append(job_id)

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Run what is in it."""
        again = meta["job_id"] in noted(self, "queued") and noted(self, "outages")
        return {**meta, "status": "RUNNING"} if again else meta


@MUTANTS.mutant("delete.never-runs", "executes a job after an outage that was deleted before it while it waited")
class ExecutedAfterOutage(_SeesOutages):
    """Reads its queue from the disk again."""

    def delete_job(self, job_id: str) -> Any:
        """Keep it in the queue."""
        if self.status(job_id) == "SUBMITTED":
            noted(self, "queued").append(job_id)
        return super().delete_job(job_id)

    def changed(self, info: SystemInfo) -> Any:
        """Run what is in it."""
        again = noted(self, "queued") if noted(self, "outages") else []
        return SystemInfo(info.server_info, info.client_info, [*info.job_info, *(JobInfo(job, "app") for job in again)])


# --- a session that was closed while there was no server ------------------------------------------------------------


class _ClosesLater(Wrapper):
    """Can't tell the server that it is closed when there is none, and leaves it at that."""

    shut = False

    def close(self) -> Any:
        """Close, if there is a server."""
        try:
            self.inner.get_system_info()
        except NoConnection:
            self.shut = True
            return None
        except SessionClosed:
            pass
        return super().close()


def _guarded(method: str, works: bool) -> Body:
    """A method of a session that was closed in an outage, and whether it works all the same when that is over."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.shut:
            try:
                self.inner.get_system_info()
            except NoConnection:
                raise SessionClosed("the session is closed") from None
            if not works:
                raise SessionClosed("the session is closed")
        return right(self, *args, **kwargs)

    body.__name__ = method
    return body


for _method in SERVER_METHODS:
    _GENERATE.session(
        f"{camel(_method)}OfClosedInOutage",
        f"close.then.{_method.replace('_', '-')}",
        f"lets {_method} work again after an outage in which the session was closed",
        {name: _guarded(name, name == _method) for name in SERVER_METHODS},
        _ClosesLater,
    )


# --- a session that was lost, and another one -----------------------------------------------------------------------


class _Listed(Noting):
    """Notes all sessions of a system."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        noted(self, "sessions").append(self)


def _is_newest(failure: Failure) -> bool:
    return noted(failure.session, "sessions")[-1] is failure.session


def _by_the_newest(failure: Failure) -> Any:
    newest = noted(failure.session, "sessions")[-1]
    return getattr(newest.inner, failure.method)(*failure.args, **failure.kwargs)


declare(
    _GENERATE,
    "Lost",
    SERVER_METHODS,
    (
        Kind(
            "ByTheNewest",
            "does {method} by the newest session, when the one it is asked of was ended by the server",
            when(lambda failure: not _is_newest(failure), _by_the_newest),
        ),
    ),
    SessionClosed,
    "lost",
    lambda session, args: not session.closed,
    each=1,
    base=_Listed,
)


# --- clients that are gone ------------------------------------------------------------------------------------------


class _WaitsForClients(Reading):
    """Tells of the queue when there is no client."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Waiting."""
        gone = len(noted(self, "dropped")) >= len(self.system.client_names)
        return {**meta, "status": "SUBMITTED"} if gone and meta["status"] == "RUNNING" else meta


@MUTANTS.mutant("life.no-step-back", "says SUBMITTED again of a running job when all its clients have dropped out")
class BackInTheQueue(WrappedSystem):
    """Waits for clients, as before the run."""

    session = _WaitsForClients

    def drop_client(self, name: str) -> None:
        """Note who went."""
        super().drop_client(name)
        self.memory.setdefault("dropped", []).append(name)
