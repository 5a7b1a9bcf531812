"""What a call of a replay turned out otherwise than the recorded one, as records.

What has to differ does not count: ids are matched, absolute times and folders are left out, times that something took
may differ by a tolerance.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.recording.plain_values import TYPE
from flare_sim.recording.recording import poll_interval
from flare_sim.recording.replays.words import Words, is_time, seconds_in, sorted_as

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from flare_sim.recording.recording import Call, Look
    from flare_sim.recording.replays.ids import Ids

    Found = tuple[str, Any, Any]

__all__ = ["NOTHING", "Difference", "Judgement", "NotMade"]

NOTHING = "(nothing)"
"""What stands for a part that is not there."""


class Difference(NamedTuple):
    """Something that turned out otherwise in a replay."""

    call: int
    """The number of the call in the recording."""
    at: float
    """When it began, seconds since the recording did."""
    user: str | None
    """Whose session it is."""
    method: str
    what: str
    """``"raised"``, ``"returned"``, ``"seconds"``, ``"seen"`` for what a callback was shown, ``"made"`` for a call that
    could not be made, or the part of a returned value, such as ``"[0].status"``."""
    recorded: Any
    simulated: Any

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return self._asdict()


class NotMade(NamedTuple):
    """Why a call of a recording could not be made in the replay."""

    reason: str


class Judgement(NamedTuple):
    """What of two calls is compared.

    Args:
        slack: seconds that times may differ by; None for a second, a tenth of what was recorded, and where something is
            polled the time between two looks.
        texts: whether the texts of exceptions count, too.
        digests: whether sizes and digests of downloaded files count, too.
        known: the jobs that calls of the recording made: others were there before, and are left out of lists.
    """

    slack: float | None
    texts: bool
    digests: bool
    known: Collection[str]

    def differences(self, call: Call, user: str | None, made: Call | NotMade, ids: Ids) -> Iterator[Difference]:
        """Yield what turned out otherwise."""
        found = self._not_made(made) if isinstance(made, NotMade) else self._found(call, made, ids)
        for what, recorded, simulated in found:
            yield Difference(call.number, call.at, user, call.method, what, recorded, simulated)

    def _not_made(self, made: NotMade) -> Iterator[Found]:
        yield "made", "yes", made.reason

    def _found(self, call: Call, made: Call, ids: Ids) -> Iterator[Found]:
        before, now = call.outcome, made.outcome
        if before.raised or now.raised:
            kind, other = before.raised or ("", ""), now.raised or ("", "")
            if kind[0] != other[0]:
                yield "raised", _told(before.raised, before.returned), _told(now.raised, now.returned)
            elif self.texts and Words().text(kind[1]) != Words().text(ids.recorded(other[1])):
                yield "raised", kind[1], ids.recorded(other[1])
        elif call.method not in _MAKE_JOBS and not (call.method in _RETURN_NOTHING and None in (before[0], now[0])):
            yield from self._values(before.returned, ids.recorded(now.returned), "")
        if not self._near(call.took, made.took, poll_interval(call)):
            yield "seconds", call.took, made.took
        seen, shown = _statuses(call.looks), _statuses(made.looks)
        if seen != shown:
            yield "seen", " > ".join(seen), " > ".join(shown)

    def _near(self, recorded: float, here: float, interval: float = 0.0) -> bool:
        slack = 1.0 + 0.1 * recorded + interval if self.slack is None else self.slack
        return abs(recorded - here) <= slack + 1e-9

    def _values(self, recorded: Any, here: Any, place: str) -> Iterator[Found]:
        """Yield the parts of two values that differ."""
        if isinstance(recorded, dict) and isinstance(here, dict):
            for key in dict.fromkeys((*recorded, *here)):
                part = f"{place}.{key}" if place else str(key)
                yield from self._parts(recorded.get(key, NOTHING), here.get(key, NOTHING), part, key)
        elif isinstance(recorded, list) and isinstance(here, list):
            yield from self._lists(recorded, here, place)
        elif not self._same(recorded, here):
            yield place or "returned", recorded, here

    def _parts(self, recorded: Any, here: Any, place: str, key: str) -> Iterator[Found]:
        if key in _ANY_ORDER and isinstance(recorded, list) and isinstance(here, list):
            recorded, here = sorted(recorded, key=_order), sorted(here, key=_order)
        elif key == "files" and isinstance(recorded, dict) and isinstance(here, dict) and not self.digests:
            recorded, here = dict.fromkeys(recorded, "a file"), dict.fromkeys(here, "a file")
        if key == "files":
            recorded, here = _unsigned(recorded), _unsigned(here)
        yield from self._values(recorded, here, place)

    def _lists(self, recorded: list[Any], here: list[Any], place: str) -> Iterator[Found]:
        before = [item for item in recorded if _job_of(item) is None or _job_of(item) in self.known]
        if list(map(_name_of, before)) != list(map(_name_of, here)):
            yield place or "returned", _listed(before), _listed(here)
            return
        for number, (item, other) in enumerate(zip(before, here, strict=True)):
            yield from self._values(item, other, f"{place}[{number}]")

    def _same(self, recorded: Any, here: Any) -> bool:
        if is_time(recorded) and is_time(here):
            return True
        if isinstance(recorded, str) and isinstance(here, str):
            lengths = seconds_in(recorded), seconds_in(here)
            if lengths[0] is not None and lengths[1] is not None:
                return self._near(lengths[0], lengths[1])
            return Words().text(recorded) == Words().text(here)
        return type(recorded) is type(here) and bool(recorded == here)


_MAKE_JOBS = ("submit_job", "clone_job")
"""What they return is an id, which is another one."""
_SHORT = ("DISPATCHED",)
"""Statuses that a poll sees or misses by chance."""
_RETURN_NOTHING = ("abort_job", "delete_job", "close")
"""What they return is nothing by the interface, and something in releases of NVFLARE."""
_ANY_ORDER = ("client_info", "job_info", "job_deploy_detail")
"""Lists in no order of which anything is promised."""


def _unsigned(files: Any) -> Any:
    """Return files without those of NVFLARE's signatures, which a simulated server does not write."""
    signature = ".__nvfl_"
    if not isinstance(files, dict):
        return files
    return {path: item for path, item in files.items() if not path.rpartition("/")[2].startswith(signature)}


def _told(raised: tuple[str, str] | None, returned: Any) -> str:
    if raised is None:
        return f"returned {_short(returned)}"
    return f"{raised[0]}: {raised[1]}" if raised[1] else raised[0]


def _short(value: Any) -> str:
    if isinstance(value, dict) and TYPE in value:
        return f"{value[TYPE]}.{value['name']}" if "name" in value else f"a {value[TYPE]}"
    return "None" if value is None else value if isinstance(value, str) else f"a {type(value).__name__}"


def _job_of(item: Any) -> str | None:
    job_id = item.get("job_id") if isinstance(item, dict) else None
    return job_id if isinstance(job_id, str) else None


def _listed(items: list[Any]) -> list[Any]:
    return [_name_of(item) or item for item in items]


def _name_of(item: Any) -> str | None:
    """Return what tells a part of a list from the others: the id of a job, the name of a client."""
    named = isinstance(item, dict) and item.get(TYPE) == "ClientInfo"
    return item["name"] if named else _job_of(item)


def _order(item: Any) -> str:
    """Return what parts are sorted by whose order says nothing; times differ from one run to the next."""
    return _name_of(item) or sorted_as(item)


def _statuses(looks: tuple[Look, ...]) -> list[str]:
    """Return the statuses that a callback was shown, each once, without those that last a moment."""
    told = [look.meta.get("status") if isinstance(look.meta, dict) else None for look in looks]
    return [str(status) for status, _ in groupby(told) if status not in _SHORT]
