"""Conforming variants whose metas and entries hold other things, say them in other types, or change by themselves."""

from __future__ import annotations

import datetime as dt
import json
import math
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from copy import deepcopy
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import LIST, META, METAS, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import CALLBACK, POLL
from contract_tests.mutants.conforming.servers import arranged
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.variant import Differences, conforming

Meta = dict[str, Any]

_PARTS: Final = ("submit", "clone", "meta", "list", "abort", "delete", "close", "malformed", "life")
"""Where metas are compared; some systems are tried on everything."""


def _told(change: Callable[[Meta, Call], Meta]) -> Change:
    """Tell metas so, and entries, also to callbacks."""
    return on((*METAS, POLL), do.told(change))


def _adds(**more: Any) -> Change:
    return on((*METAS, POLL), do.tells(**more))


class _Handle:
    """Something that equals nothing but itself."""


class _Frozen(dict[str, Any]):
    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a meta can't be changed")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse


def _frozen(meta: Meta) -> Meta:
    return _Frozen({key: _Frozen(value) if type(value) is dict else value for key, value in meta.items()})


class _Text(str):
    """Text that shows itself in another way."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<text>"


class _StatusText(str):
    __slots__ = ()


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


def _turned(meta: Meta, call: Call) -> Meta:
    keys = list(meta)
    first = numbered(call, "turns") % len(keys)
    return OrderedDict((key, meta[key]) for key in (*keys[first:], *keys[:first]))


def _between(status: str, instead: str, seconds: float, *, later: bool = False) -> Change:
    """Have a status of later releases for some seconds after a job was first seen in another, or from then on."""

    def told(meta: Meta, call: Call) -> Meta:
        if meta["status"] != status:
            return meta
        began = call.memory.setdefault((meta["job_id"], status), call.now)
        passed = call.now - began >= seconds
        return {**meta, "status": instead} if passed is later else meta

    return _told(told)


def _whole(submitted: Any) -> Any:
    return int(submitted) if isinstance(submitted, float) else submitted


def _remembers(meta: Meta, call: Call) -> Meta:
    if not meta["status"].startswith("FINISHED"):
        return meta
    cache = call.memory.setdefault("cache", {})
    return deepcopy(cache.setdefault(meta["job_id"], meta))


_NAMED: Final = ("job_id", "name", "status", "submitter_name", "submit_time")
_DEFINED: Final = ("deploy_map", "resource_spec", "min_clients", "mandatory_clients")
_OF_ANY_KIND: Final[dict[Any, Any]] = {
    7: "seven",
    ("a", "b"): {1, 2},
    None: b"nothing",
    "": float("nan"),
    "STATUS": "none",
}

_TRIED_ON_EVERYTHING: Final[dict[str, Differences]] = {
    "lists dicts of a subclass, in another order of keys": on(
        METAS, do.told(lambda meta, call: OrderedDict(sorted(meta.items())))
    ),
    "adds keys to metas and entries": on(META, do.tells(study="default", data_storage_format=2))
    + on(LIST, do.tells(study="default")),
    "leaves out of metas what the contract does not name": on(META, do.only(*_NAMED, *_DEFINED))
    + on(LIST, do.only("job_id", "status", where=~when.detailed))
    + on(LIST, do.only(*_NAMED, *_DEFINED, where=when.detailed)),
    "gives submit_time as whole seconds kept in a float": on(
        META, do.tells(submit_time=lambda meta, call: round(meta["submit_time"], 3))
    ),
    "remembers metas of finished jobs until they are deleted": on(META, do.told(_remembers)),
    "uses another status for a job that waits, as later releases might": on(
        META, do.tells(status=lambda meta, call: _StatusText(meta["status"]))
    ),
    "tells in a meta when it was told": _adds(told_at=lambda meta, call: call.now),
    "has keys in metas and entries that are no text, and values that are no JSON": _told(
        lambda meta, call: meta | _OF_ANY_KIND
    ),
    "tells in a meta who reads it": _adds(read_by=lambda meta, call: call.user),
    "tells metas that can't be changed": _told(lambda meta, call: _frozen(meta))
    + on(CALLBACK, do.passing(meta=lambda call: _frozen(call["meta"]))),
    "approves jobs that were submitted, a moment later": _between("SUBMITTED", "APPROVED", 0.3, later=True),
    "says STOPPING for a while before an aborted job is finished": _between("FINISHED:ABORTED", "STOPPING", 2.0),
}

_COMPARED: Final[dict[str, Differences]] = {
    "numbers what it tells": _adds(reply=lambda meta, call: numbered(call, "replies")),
    "adds a new object to every meta": _adds(handle=lambda meta, call: _Handle()),
    "adds a lock to every meta": _adds(lock=lambda meta, call: threading.Lock()),
    "tells values that JSON can't hold, and a number that is not one": _adds(
        when=lambda meta, call: dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc),
        path=lambda meta, call: Path("jobs"),
        tags=lambda meta, call: {"a", "b"},
        raw=lambda meta, call: b"raw",
        nested=lambda meta, call: {"deep": [1, {"deeper": (1, [2])}]},
        ratio=lambda meta, call: float("nan"),
        nothing=lambda meta, call: None,
    ),
    "tells default dicts": _told(lambda meta, call: defaultdict(lambda: None, meta)),
    "tells what JSON leaves of a meta": _told(lambda meta, call: json.loads(json.dumps(meta))),
    "tells dicts inside a meta that can only be read": _told(
        lambda meta, call: {
            key: MappingProxyType(value) if isinstance(value, dict) else value for key, value in meta.items()
        }
    ),
    "keeps whole seconds of the time of submission": on(
        (*METAS, POLL), do.retells(submit_time=lambda meta, call: _whole(meta["submit_time"]))
    ),
    "tells None where there is no run time yet": _told(
        lambda meta, call: {
            **meta,
            **{key: None for key in ("start_time", "duration") if meta.get(key) in ("", "N/A")},
        }
    ),
    "tells the keys of a meta in another order every time": _told(_turned),
    "tells every key and every text in a type of its own": _told(
        lambda meta, call: {
            _Text(key): _Text(value) if isinstance(value, str) else value for key, value in meta.items()
        }
    ),
    "has an enumeration for statuses": _adds(status=lambda meta, call: _Status(meta["status"])),
    "says DEPLOYING while a dispatched job is deployed": _between("DISPATCHED", "DEPLOYING", 0.5),
    "tells in metas, not in lists, to whom, at which time and by which server": on(
        (META, POLL),
        do.tells(told_to=lambda meta, call: call.user, told_at=lambda meta, call: call.now, told_by="server 1"),
    ),
}


# --- what changes by itself, with time or with every read -------------------------------------------------------------

_UNCHANGED: Final = (
    *("submit", "clone", "meta", "list", "download", "abort", "delete", "system", "monitor", "close"),
    *("malformed", "outage", "denied"),
)
"""Where it is asserted that nothing has changed."""

_SLOW: Final = arranged(reply_seconds=0.1, tolerance=1.0)
"""Needs a tenth of a second for every reply, so that time passes in every check."""


def _reads(meta: Meta, call: Call) -> int:
    return numbered(call, f"reads of {meta['job_id']}")


def _age(meta: Meta, call: Call) -> float:
    """Seconds since the job was first told of."""
    began: float = call.memory.setdefault(f"first read of {meta['job_id']}", call.now)
    return call.now - began


_GOES_ON: Final = _adds(
    schedule_count=lambda meta, call: int(_age(meta, call)), duration=lambda meta, call: f"{_age(meta, call):.3f}"
)

_CHANGING: Final[dict[str, Differences]] = {
    "counts in a meta how often the job was told of": _adds(reads=_reads),
    "counts deep inside a meta how often the job was told of": _adds(
        stats=lambda meta, call: {"of": [{"reads": _reads(meta, call)}]}
    ),
    "tells in a meta in which minute that was": _adds(last_seen=lambda meta, call: call.now // 60),
    "counts in a meta what it tries with the job, on a slow server": (
        _adds(tries=lambda meta, call: int(_age(meta, call) // 0.3)),
        _SLOW,
    ),
    "counts in a meta what it tries with the job, less and less often, on a slow server": (
        _adds(tries=lambda meta, call: int(math.log2(1 + _age(meta, call)))),
        _SLOW,
    ),
    "goes on counting tries and seconds of a job that is done": _GOES_ON,
    "goes on counting tries and seconds of a job that is done, on a slow server": (_GOES_ON, _SLOW),
}

CONFORMING: Final = (
    *conforming(__name__, "presentation", _TRIED_ON_EVERYTHING),
    *conforming(__name__, "presentation", _COMPARED, _PARTS),
    *conforming(__name__, "changing", _CHANGING, _UNCHANGED),
)
