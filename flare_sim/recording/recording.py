"""A recording as it is read: its lines, each looked at before it is believed.

The first line says what the file is.  Then come sessions, jobs and calls, each kind known by its first key, in the
order in which they were written: a call when it was over, so that it may stand behind one that began later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any, NamedTuple

from flare_sim.clock import LATEST, LONGEST_SECONDS
from flare_sim.disk.opening import open_regular
from flare_sim.recording.job_copies import JobCopy
from flare_sim.untrusted_values import plain_path, readable, shown

__all__ = ["VERSION", "BadRecording", "Call", "Look", "Outcome", "Recorded", "Recording", "poll_interval"]

VERSION = 1
"""Of the form of recordings: raised with every change that an older reader would misread."""


class BadRecording(ValueError):
    """A file is no recording, or is damaged; the message says where and how."""


class Outcome(NamedTuple):
    """How a call turned out."""

    returned: Any
    """What it returned, as JSON has it; None when it raised."""
    raised: tuple[str, str] | None
    """The name of the type of what it raised, and its text."""


class Look(NamedTuple):
    """A call of the callback of a ``monitor_job``."""

    at: float
    took: float
    meta: Any
    """What it was shown."""
    outcome: Outcome


class Call(NamedTuple):
    """A call of a method of the interface."""

    number: int
    """They are numbered from 1 as they began."""
    session: int
    at: float
    """When it began, seconds since the recording did."""
    took: float
    """Seconds."""
    method: str
    args: list[Any]
    kwargs: dict[str, Any]
    outcome: Outcome
    looks: tuple[Look, ...]
    within: tuple[int, int] | None
    """The number of the call, and of the look of its callback, from 0, in which it was made."""

    @property
    def ended(self) -> float:
        """When it was over, seconds since the recording began."""
        return self.at + self.took


def poll_interval(call: Call) -> float:
    """Return how many seconds a call lets pass between two looks; 0 for one that does not poll."""
    if call.method != "monitor_job":
        return 0.0
    given = call.args[2] if len(call.args) > 2 else call.kwargs.get("poll_interval", 2.0)
    return float(given) if isinstance(given, (int, float)) else 0.0


class Recorded(NamedTuple):
    """A session whose calls were recorded."""

    number: int
    at: float
    """When it was first seen, seconds since the recording began."""
    user: str | None
    """Who it is for, None when nobody knows."""
    type: str
    """Module and name of its class."""
    library: str | None
    """The distribution it is part of, with its version, such as ``"nvflare 2.9.0"``."""
    simulated: bool
    """Whether its server is a simulated one."""

    @property
    def ended(self) -> float:
        """When it was there."""
        return self.at


class Recording(NamedTuple):
    """What a file of a recording has."""

    started: float
    """When it began, seconds since the epoch."""
    sessions: dict[int, Recorded]
    jobs: dict[str, JobCopy]
    """Jobs that were submitted, by what stands for them in the arguments of calls."""
    calls: tuple[Call, ...]
    """In the order in which they began."""
    cut_off: bool
    """Whether the last line is not whole, as the recorder was killed while it wrote it; it is left out."""

    @classmethod
    def of(cls, given: Recording | str | PathLike[str]) -> Recording:
        """Return a recording that is one already, or is in a file.

        Raises:
            BadRecording: it is none, or is damaged; the message has the number of the line.
            OSError: it can't be read.
        """
        return given if type(given) is cls else cls.load(given)  # type: ignore[arg-type]

    @classmethod
    def load(cls, file: str | PathLike[str]) -> Recording:
        """Read a recording.

        Raises:
            BadRecording: it is none, or is damaged; the message has the number of the line.
            OSError: it can't be read.
        """
        path = plain_path(file)
        if not path:
            raise BadRecording(f"file must be the path of a recording, not {shown(file)}")
        with open(open_regular(path)[0], "rb") as opened:
            return cls.read(opened.read(), path)

    @classmethod
    def read(cls, content: bytes, name: str = "the recording") -> Recording:
        """Read a recording from what is in its file.

        Args:
            content: all of it.
            name: what errors call it.

        Raises:
            BadRecording: it is none, or is damaged; the message has the number of the line.
        """
        *whole, last = content.split(b"\n")
        lines = [_Line(f"{readable(name)}, line {number}", line) for number, line in enumerate(whole, 1)]
        if not lines:
            raise BadRecording(f"{readable(name)} is no recording: it has no line that is whole")
        head = lines[0].fields(_HEAD)
        if head["recording"] != VERSION:
            raise lines[0].wrong(f"it is of version {head['recording']}, and this reads version {VERSION}")
        return cls.of_lines(head["started"], lines[1:], cut_off=bool(last))

    @classmethod
    def of_lines(cls, started: float, lines: Iterable[_Line], *, cut_off: bool = False) -> Recording:
        """Return the recording that has these lines behind its first."""
        sessions: dict[int, Recorded] = {}
        jobs: dict[str, JobCopy] = {}
        calls: dict[int, Call] = {}
        for line in lines:
            kind = line.kind
            if kind == "session":
                sessions[line.value["session"]] = Recorded(*line.fields(_SESSION).values())
            elif kind == "job":
                jobs[line.value["job"]] = line.job()
            else:
                call = _call(line)
                if call.session not in sessions:
                    raise line.wrong(f"it is a call of session {call.session}, which no line before tells of")
                if call.number in calls:
                    raise line.wrong(f"there was a call {call.number} before")
                calls[call.number] = call
        return cls(started, sessions, jobs, tuple(calls[number] for number in sorted(calls)), cut_off)


_ANY = object
_NUMBER = (int, float)
_HEAD: Mapping[str, Any] = {"recording": int, "by": str, "started": _NUMBER}
_SESSION: Mapping[str, Any] = {
    "session": int,
    "at": _NUMBER,
    "user": (str, type(None)),
    "type": str,
    "library": (str, type(None)),
    "simulated": bool,
}
_JOB: Mapping[str, Any] = {"job": str, "name": str, "zip": bool, "files": dict, "folders": list, "left_out": dict}
_CALL: Mapping[str, Any] = {
    "call": int,
    "session": int,
    "at": _NUMBER,
    "took": _NUMBER,
    "method": str,
    "args": list,
    "kwargs": dict,
}
_MAY_CALL: Mapping[str, Any] = {"returned": _ANY, "raised": dict, "looks": list, "within": list}
_LOOK: Mapping[str, Any] = {"at": _NUMBER, "took": _NUMBER}
_MAY_LOOK: Mapping[str, Any] = {"meta": _ANY, "changed": dict, "gone": list, "returned": _ANY, "raised": dict}
_RAISED: Mapping[str, Any] = {"type": str, "text": str}
_KINDS = ("session", "job", "call")


class _Line:
    """A line of a recording, believed in nothing."""

    def __init__(self, place: str, content: bytes) -> None:
        self._place = place
        try:
            self.value = json.loads(content, parse_constant=_no_number)
        except (ValueError, RecursionError):
            self.value = None
        if type(self.value) is not dict or not self.value:
            raise self.wrong("it is no JSON object")

    @property
    def kind(self) -> str:
        """What it tells of: its first key."""
        kind = next(iter(self.value))
        if kind not in _KINDS:
            raise self.wrong(f"it begins with {shown(kind)}, which is none of {', '.join(_KINDS)}")
        return str(kind)

    def wrong(self, what: str) -> BadRecording:
        """Return the error that says what is wrong with it."""
        return BadRecording(f"{self._place}: {what}")

    def fields(self, table: Mapping[str, Any], may: Mapping[str, Any] = {}, value: Any = None) -> dict[str, Any]:
        """Return what it has, or an object in it, which has to be what a table says."""
        found = self.value if value is None else value
        if type(found) is not dict:
            raise self.wrong(f"{shown(found)} is no object")
        for name, kind in {**table, **may}.items():
            if name not in found:
                if name in table:
                    raise self.wrong(f"it has no {name}")
                continue
            got = found[name]
            fits = isinstance(got, kind) and not (isinstance(got, bool) and kind in (int, _NUMBER))
            if not fits or (kind is _NUMBER and not 0 <= got <= (LATEST if name == "started" else LONGEST_SECONDS)):
                raise self.wrong(f"its {name} can't be {shown(got)}")
        if unknown := [name for name in found if name not in table and name not in may]:
            raise self.wrong(f"it has {shown(unknown[0])}, which is not known")
        return {name: found[name] for name in (*table, *may) if name in found}

    def job(self) -> JobCopy:
        """Return the job that it tells of."""
        fields = self.fields(_JOB)
        contents = fields["files"].values()
        fine = all(type(item) is str or (type(item) is dict and type(item.get("base64")) is str) for item in contents)
        if not fine or not all(type(text) is str for text in (*fields["folders"], *fields["left_out"].values())):
            raise self.wrong("what it has of a job is no text")
        try:
            return JobCopy.of_line(fields)
        except ValueError as problem:
            raise self.wrong(str(problem)) from None

    def outcome(self, fields: Mapping[str, Any]) -> Outcome:
        """Return how something turned out."""
        if ("returned" in fields) == ("raised" in fields):
            raise self.wrong("it has to have either returned or raised")
        if "returned" in fields:
            return Outcome(fields["returned"], None)
        raised = self.fields(_RAISED, value=fields["raised"])
        return Outcome(None, (raised["type"], raised["text"]))


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def _call(line: _Line) -> Call:
    fields = line.fields(_CALL, _MAY_CALL)
    within = fields.get("within")
    if within is not None and (len(within) != 2 or any(type(number) is not int for number in within)):
        raise line.wrong(f"its within can't be {shown(within)}")
    return Call(
        **{**{name: fields[name] for name in _CALL if name != "call"}, "number": fields["call"]},
        outcome=line.outcome(fields),
        looks=tuple(_looks(line, fields.get("looks", []))),
        within=None if within is None else (within[0], within[1]),
    )


def _looks(line: _Line, looks: list[Any]) -> Iterable[Look]:
    meta: Any = None
    for look in looks:
        fields = line.fields(_LOOK, _MAY_LOOK, look)
        if "meta" in fields:
            meta = fields["meta"]
        elif type(meta) is dict and all(type(name) is str for name in fields.get("gone", [])):
            gone = fields.get("gone", [])
            meta = {key: item for key, item in {**meta, **fields.get("changed", {})}.items() if key not in gone}
        else:
            raise line.wrong("a look of its callback changes a meta that is not there")
        yield Look(fields["at"], fields["took"], meta, line.outcome(fields))
