"""Wording: short, safe text for whatever an implementation returned, raised or was handed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from contract_tests.contract.interface import EXCEPTIONS, namesake
from contract_tests.scenario.operations import OPEN, SYSTEM, WAIT, Callback, JobRef, Operation, Outcome, Step
from contract_tests.system import definition_faults
from contract_tests.system.job_plan import BadJob
from contract_tests.system.watchdog import CallHung

LONGEST = 160
_TELLING = ("job_id", "name", "status", "submitter_name")
_DEPTH: Final = 5
_MOST: Final = 60
_SECONDS: Final = re.compile(
    r"""(?<!\w)(?P<quote>['"])(?:\\.|(?!(?P=quote)).)*(?P=quote)"""
    r"|(?<![\w.])(?P<time>\d+(?:\.\d+)?(?:e[+-]?\d+)?) s\b(?! since)"
)
"""Something quoted, or a number of seconds."""
_ADDRESS: Final = re.compile(r" at 0x[0-9a-fA-F]+")


def value(thing: object, jobs: Sequence[str] = ()) -> str:
    """``thing`` in words: job ids by their number in ``jobs``, long things cut, nothing raised whatever it is.

    What differs from one process to the next is left out: addresses, the order of sets, temporary folders.
    """
    if type(thing) is str and thing in jobs:
        return _value(thing, jobs)
    try:
        text = _temporary().sub(r"…\1", _ADDRESS.sub("", _value(thing, jobs)))
    except (KeyboardInterrupt, CallHung):
        raise
    except BaseException as error:  # a hostile __repr__ must not hide the failure that is being told
        text = f"<{type(thing).__name__} whose repr raises {type(error).__name__}>"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@lru_cache(maxsize=256)
def definition(job: BadJob) -> str:
    """The case of a bad job definition, and what is wrong with it."""
    return _temporary().sub(r"…\1", f"{definition_faults.named(job)}: {definition_faults.fault(job)}")


def moment(reading: object) -> str:
    """A reading of a clock in words, with its unit."""
    number = isinstance(reading, (int, float)) and not isinstance(reading, bool)
    return f"{reading!r} s since the epoch" if number else value(reading)


def in_real_time(text: str, unit: float) -> str:
    """A text with the real seconds beside every number of contract seconds, where a ``unit`` of them is not one.

    What is quoted is somebody else's, and stays as it is; so do readings of a clock.
    """
    if unit == 1.0:
        return text

    def beside(found: re.Match[str]) -> str:
        return f"{found[0]} ({float(found['time']) * unit:g} s real)" if found["time"] else found[0]

    return _SECONDS.sub(beside, text)


def _temporary() -> re.Pattern[str]:
    """A path below the folder for temporary files, which may become another one; its last part is the group."""
    return _beneath(tempfile.gettempdir())


@lru_cache(maxsize=4)
def _beneath(folder: str) -> re.Pattern[str]:
    return re.compile(re.escape(folder) + r"(?:/[^/'\"\s]*)*?(/[^/'\"\s]+/?)(?![^'\"\s])")


def _value(thing: Any, jobs: Sequence[str]) -> str:
    if type(thing) is str:
        return f"job{jobs.index(thing) + 1}" if thing in jobs else repr(thing[:LONGEST])
    if isinstance(thing, BadJob):
        return f"<bad job definition {definition(thing)}>"
    if isinstance(thing, (JobRef, Callback)) or type(thing).__module__ == "contract_tests.system.job_plan":
        return str(thing)
    if isinstance(thing, Mapping) and "status" in thing:
        told = [f"{key}: {value(thing[key], jobs)}" for key in _TELLING if key in thing]
        return "{" + ", ".join([*told, f"… {len(thing)} keys"]) + "}"
    if isinstance(thing, float):
        return f"{thing:g}" if abs(thing) < 1e6 else repr(thing)
    if isinstance(thing, list) and thing and all(isinstance(entry, Mapping) for entry in thing):
        ids = [value(entry.get("job_id"), jobs) for entry in thing[:6]]
        return "[" + ", ".join(ids) + (f", … {len(thing)} jobs]" if len(thing) > 6 else "]")
    if isinstance(thing, int) and type(thing) is not int and type(thing) is not bool:
        return str(getattr(thing, "name", repr(thing)))
    if type(thing).__name__ == "SystemInfo":
        return "SystemInfo"
    return _repr(thing, jobs)


def _repr(thing: Any, jobs: Sequence[str], depth: int = 0) -> str:
    """The repr, but of a container with jobs by number, the elements of sets in order, and not too deep."""
    kind = type(thing)
    if kind not in (list, tuple, dict, set, frozenset):
        return _value(thing, jobs) if kind is str else repr(thing)
    if depth == _DEPTH:
        return "…"
    told: Iterable[str]
    if kind is dict:
        pairs = islice(thing.items(), _MOST)
        told = (f"{_repr(key, jobs, depth + 1)}: {_repr(held, jobs, depth + 1)}" for key, held in pairs)
        return "{" + ", ".join(told) + "}"
    told = (_repr(held, jobs, depth + 1) for held in islice(thing, None if kind in _SETS else _MOST))
    if kind in _SETS:
        text = "{" + ", ".join(sorted(told)) + "}"
        return (text if kind is set else f"frozenset({text})") if thing else f"{kind.__name__}()"
    text = ", ".join(told)
    return f"[{text}]" if kind is list else f"({text},)" if len(thing) == 1 else f"({text})"


_SETS: Final = (set, frozenset)


def why(exc: BaseException) -> str:
    """Why a call failed that is none of the interface's: the exception, or that it did not come back."""
    return "it did not come back" if isinstance(exc, CallHung) else error(exc)


def error(exc: BaseException | None, known: Collection[str] = EXCEPTIONS) -> str:
    """An exception in words; one that only has a name of the interface's, not among the ``known``, with its module."""
    name = type(exc).__name__
    foreign = None if exc is None else namesake(exc, known)
    if foreign is not None:
        full = f"{foreign.__module__}.{foreign.__name__}"
        name = full if foreign is type(exc) else f"{name}, a {full}"
    if exc is None:
        return name
    try:
        text = str(exc)
    except (KeyboardInterrupt, CallHung):
        raise
    except BaseException as another:
        return f"{name} whose text raises {type(another).__name__}"
    return f"{name}: {value(text)}" if text else name


def outcome(result: Outcome, jobs: Sequence[str] = ()) -> str:
    """An outcome in words, with the time it took where that is known and not nothing."""
    if result.kind == "returned":
        text = f"returned {value(result.value, jobs)}"
    elif result.kind == "raised":
        text = f"raised {error(result.error, result.contract_errors)}"
    else:
        text = "did not come back"
    timed = result.started is not None and result.ended is not None and result.took > 1e-9
    return f"{text} after {result.took:g} s" if timed else text


def difference(before: Any, after: Any, jobs: Sequence[str] = (), path: str = "") -> list[str]:
    """What differs between two values of the same shape, as ``where: before -> after``, a line each."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [*before, *(key for key in after if key not in before)]
        if "status" in before and before["status"] != after.get("status", before["status"]):
            # of a job that is done more is compared, and that is no news
            keys = [key for key in keys if key in before and key in after]
        return [
            line
            for key in keys
            if before.get(key) != after.get(key)
            for line in difference(before.get(key), after.get(key), jobs, _within(path, key, jobs))
        ]
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        pairs = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
        return [line for one, other in pairs for line in difference(one, other, jobs, _whose(one, jobs))]
    if before == after:
        return []
    return [f"{path + ': ' if path else ''}{value(before, jobs)} became {value(after, jobs)}"]


_REPEATED: Final = 3
"""How often steps have to follow on themselves before they are told once."""


def folded(lines: Sequence[str]) -> list[str]:
    """Lines in which up to four that come again and again are told once, with a line that says how often."""
    told: list[str] = []
    at = 0
    while at < len(lines):
        size, times = max(((size, _times(lines, at, size)) for size in range(1, 5)), key=lambda found: found[1] > 2)
        if times >= _REPEATED:
            what = "the step" if size == 1 else f"the {size} steps"
            told += [*lines[at : at + size], f"… {what} before, {times - 1} times more …"]
            at += size * times
        else:
            told.append(lines[at])
            at += 1
    return told


def _times(lines: Sequence[str], at: int, size: int) -> int:
    """How often the ``size`` lines from ``at`` on follow on themselves."""
    block, times = list(lines[at : at + size]), 1
    while list(lines[at + size * times : at + size * (times + 1)]) == block:
        times += 1
    return times


def _within(path: str, key: Any, jobs: Sequence[str]) -> str:
    told = value(key, jobs) if key in jobs else str(key)
    return f"{path}.{told}" if path else told


def _whose(facts: Any, jobs: Sequence[str]) -> str:
    return value(facts["job_id"], jobs) if isinstance(facts, dict) and "job_id" in facts else ""


def operation(op: Operation, jobs: Sequence[str] = (), unit: float = 1.0) -> str:
    """A call in words; times are told in contract seconds, of which one takes a ``unit`` of real ones."""
    if op.method in (WAIT, OPEN):
        return " ".join(value(part, jobs) if part in jobs else str(part) for part in op.args)
    times = _TIMES.get(op.method, ())
    if op.actor == SYSTEM:
        unit = 1.0
    told = [_argument(argument, jobs, unit if place in times else None) for place, argument in enumerate(op.args)]
    told += [f"{name}={_argument(argument, jobs, unit if name in times else None)}" for name, argument in op.kwargs]
    call = f"{op.method}({', '.join(told)})"
    return call if op.actor == SYSTEM else f"{op.actor}: {call}"


_TIMES: Final[Mapping[str, tuple[int | str, ...]]] = {"sleep": (0,), "monitor_job": (1, 2, "timeout", "poll_interval")}
"""The arguments that are seconds, by place and by name: of a sleep contract seconds, of a method real ones."""


def _argument(argument: Any, jobs: Sequence[str], unit: float | None) -> str:
    """An argument in words, with its unit when it is a time."""
    if unit is None or type(argument) not in (int, float) or not abs(argument) < _FAR:
        return value(argument, jobs)
    return f"{argument / unit:g} s"


_FAR: Final = 1e9
"""Seconds from which on a time is told as the number that it is."""


def step(done: Step, jobs: Sequence[str] = (), unit: float = 1.0) -> str:
    """A call and what came of it, in words; times are told as by `operation`."""
    where = "(meanwhile) " if done.meanwhile else "(in the callback) " if done.depth else ""
    text = where + operation(done.operation, jobs, unit)
    if done.operation.actor == SYSTEM and done.outcome.returned:
        return text
    return f"{text} {outcome(done.outcome, jobs)}"


def tells(text: str, part: str) -> bool:
    """Whether ``part`` is in ``text``; blanks are nobody's promise (NVFLARE 2.8 puts one where 2.3 has none)."""
    return "".join(part.split()) in "".join(text.split())
