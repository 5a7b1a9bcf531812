"""Conforming variants whose metas and list entries hold other things, or say them in other types."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop
from flare_sim import spec

CONFORMING = VariantTable()


class Told(MonitorLoop):
    """Tells metas in a way of its own; its monitor hands out what it reads."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """The meta, or an entry of the list, as this session tells it."""
        raise NotImplementedError

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell it in this way."""
        return self.told(super().get_job_meta(job_id))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell every entry in this way."""
        return [self.told(entry) for entry in super().list_jobs(detailed, all)]


_PARTS: Final = ("submit", "clone", "meta", "list", "abort", "delete", "close", "malformed", "life")
"""Where metas are compared; some systems are tried on everything."""


def _telling(
    name: str, difference: str, told: Callable[[Any, dict[str, Any]], dict[str, Any]], parts: tuple[str, ...] = _PARTS
) -> None:
    session = type(name, (Told,), {"told": told, "__module__": __name__, "__doc__": f"{difference.capitalize()}."})
    globals()[name] = CONFORMING.conforming(difference, parts=parts)(session)


def _number(session: Told) -> int:
    number: int = session.system.memory.get("replies", 0) + 1
    session.system.memory["replies"] = number
    return number


class _Handle:
    """Something that equals nothing but itself."""


_telling("TimeOfReply", "tells in a meta when it was told", lambda s, meta: {**meta, "told_at": s.now()}, ())
_OF_ANY_KIND: Final[dict[Any, Any]] = {
    7: "seven",
    ("a", "b"): {1, 2},
    None: b"nothing",
    "": float("nan"),
    "STATUS": "none",
}

_telling(
    "KeysOfAnyKind",
    "has keys in metas and entries that are no text, and values that are no JSON",
    lambda s, meta: meta | _OF_ANY_KIND,
    (),
)
_telling("NamesReader", "tells in a meta who reads it", lambda s, meta: {**meta, "read_by": s.user}, ())
_telling("NumbersReplies", "numbers what it tells", lambda s, meta: {**meta, "reply": _number(s)})
_telling("FreshHandles", "adds a new object to every meta", lambda s, meta: {**meta, "handle": _Handle()})
_telling("LocksInside", "adds a lock to every meta", lambda s, meta: {**meta, "lock": threading.Lock()})
_telling(
    "RichValues",
    "tells values that JSON can't hold, and a number that is not one",
    lambda s, meta: {
        **meta,
        "when": dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc),
        "path": Path("jobs"),
        "tags": {"a", "b"},
        "raw": b"raw",
        "nested": {"deep": [1, {"deeper": (1, [2])}]},
        "ratio": float("nan"),
        "nothing": None,
    },
)
_telling("DefaultDicts", "tells default dicts", lambda s, meta: defaultdict(lambda: None, meta))
_telling("ThroughJson", "tells what JSON leaves of a meta", lambda s, meta: json.loads(json.dumps(meta)))
_telling(
    "ReadOnlyParts",
    "tells dicts inside a meta that can only be read",
    lambda s, meta: {key: MappingProxyType(value) if isinstance(value, dict) else value for key, value in meta.items()},
)
_telling(
    "WholeSecondsOfSubmission",
    "keeps whole seconds of the time of submission",
    lambda s, meta: {**meta, **_whole(meta)},
)
_telling(
    "NoRunTimesYet",
    "tells None where there is no run time yet",
    lambda s, meta: {**meta, **{key: None for key in ("start_time", "duration") if meta.get(key) in ("", "N/A")}},
)


def _whole(meta: dict[str, Any]) -> dict[str, Any]:
    submitted = meta.get("submit_time")
    return {"submit_time": int(submitted)} if isinstance(submitted, float) else {}


@CONFORMING.conforming("tells the keys of a meta in another order every time", parts=_PARTS)
class OtherOrderOfKeys(Told):
    """Begins with another key each time."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Turn the keys round."""
        keys = list(meta)
        first = _number(self) % len(keys)
        return OrderedDict((key, meta[key]) for key in (*keys[first:], *keys[:first]))


class _Frozen(dict[str, Any]):
    """A dict that can't be changed."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a meta can't be changed")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse


@CONFORMING.conforming("tells metas that can't be changed")
class FrozenMetas(Told):
    """Freezes them at every depth."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Freeze."""
        return _Frozen({key: _Frozen(value) if type(value) is dict else value for key, value in meta.items()})

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Hand the callback the frozen one."""
        return cb(self, job_id, meta, *args, **kwargs)


class _Text(str):
    """Text that shows itself in another way."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<text>"


@CONFORMING.conforming("tells every key and every text in a type of its own", parts=_PARTS)
class OwnText(Told):
    """Has a str of its own."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Wrap every text."""
        return {_Text(key): _Text(value) if isinstance(value, str) else value for key, value in meta.items()}


class _Status(str, Enum):
    """The statuses, as members of an enumeration, whose str() is not their value."""

    SUBMITTED = "SUBMITTED"
    DISPATCHED = "DISPATCHED"
    RUNNING = "RUNNING"
    COMPLETED = "FINISHED:COMPLETED"
    ABORTED = "FINISHED:ABORTED"
    FAILED = "FINISHED:EXECUTION_EXCEPTION"
    KILLED = "FINISHED:ABNORMAL"
    GIVEN_UP = "FINISHED:CAN_NOT_SCHEDULE"
    NOT_DEPLOYED = "FINISHED:FAILED_TO_RUN"


_telling("EnumStatuses", "has an enumeration for statuses", lambda s, meta: {**meta, "status": _Status(meta["status"])})


class _Between(Told):
    """Has a status of later releases, for some seconds after a job got another one."""

    status = ""
    instead = ""
    seconds = 0.0
    later = False
    """Whether it comes after those seconds, rather than for as long."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Replace the status while its time is."""
        if meta["status"] != self.status:
            return meta
        began = self.system.memory.setdefault((meta["job_id"], self.status), self.now())
        passed = self.now() - began >= self.seconds
        return {**meta, "status": self.instead} if passed is self.later else meta


@CONFORMING.conforming("approves jobs that were submitted, a moment later")
class Approves(_Between):
    """Knows APPROVED, which NVFLARE has a name for."""

    status, instead, seconds, later = "SUBMITTED", "APPROVED", 0.3, True


@CONFORMING.conforming("says DEPLOYING while a dispatched job is deployed", parts=_PARTS)
class Deploys(_Between):
    """Knows a status more."""

    status, instead, seconds = "DISPATCHED", "DEPLOYING", 0.5


@CONFORMING.conforming("says STOPPING for a while before an aborted job is finished")
class Stops(_Between):
    """Takes its time to finish, also in the eyes of users."""

    status, instead, seconds = "FINISHED:ABORTED", "STOPPING", 2.0


@CONFORMING.conforming("lists jobs in a list of its own class", parts=_PARTS)
class OwnList(Told):
    """Returns a subclass of list."""

    class Jobs(list[dict[str, Any]]):
        """The jobs."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """As it is."""
        return meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List in that class."""
        return self.Jobs(super().list_jobs(detailed, all))


@CONFORMING.conforming("tells all of the meta in a detailed list", parts=_PARTS)
class DetailIsAll(Told):
    """Has no shorter form of a job."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """As it is."""
        return meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Add what the meta has and the entry has not."""
        entries = super().list_jobs(detailed, all)
        return [self._whole(entry) for entry in entries] if detailed is True else entries

    def _whole(self, entry: dict[str, Any]) -> dict[str, Any]:
        try:
            return {**self.inner.get_job_meta(entry["job_id"]), **entry}
        except spec.JobNotFound:  # deleted by another thread meanwhile
            return entry


@CONFORMING.conforming("tells all there is to tell of a job without being asked for details", parts=_PARTS)
class PlainIsDetailed(MonitorLoop):
    """Has one form of list."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """In detail, unless it is asked for what is no flag."""
        return super().list_jobs(True if detailed is False else detailed, all)


@CONFORMING.conforming("adds to a plain entry, in detail, what that does not tell", parts=_PARTS)
class DetailsInAddition(MonitorLoop):
    """Tells nothing twice, and times as the plain list does."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Plain entries, with more in detail."""
        jobs = super().list_jobs(detailed, all)
        plain = {entry["job_id"]: entry for entry in super().list_jobs(False, all)}
        told = [{**job, **plain.get(job["job_id"], {})} for job in jobs]
        return [{key: value for key, value in job.items() if key != "name"} for job in told]


@CONFORMING.conforming("tells in metas, not in lists, to whom, at which time and by which server", parts=_PARTS)
class MetasTellOfReplies(MonitorLoop):
    """Says more of a reply than of a job."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Add it."""
        return {**super().get_job_meta(job_id), "told_to": self.user, "told_at": self.now(), "told_by": "server 1"}
