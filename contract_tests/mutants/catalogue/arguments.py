"""Sessions that get arguments wrong: unknown jobs, things that are no job ids, anything at all."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, METHODS
from contract_tests.mutants.toolkit.failing import (
    Failure,
    Handle,
    Kind,
    declare,
    from_second,
    look_alike,
    nothing,
    raises,
    when,
)
from contract_tests.mutants.toolkit.helpers import Generator, camel
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InternalError, InvalidArgumentError, JobNotDone, JobNotFound

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


def _ids(failure: Failure) -> list[str]:
    return [job.job_id for job in failure.session.system.server.jobs]


def _with(find: Callable[[Failure], str | None]) -> Handle:
    """Do it with another job, if there is one."""

    def handle(failure: Failure) -> Any:
        job = find(failure)
        if job is None:
            raise failure.error
        return getattr(failure.session.inner, failure.method)(job, *failure.args[1:], **failure.kwargs)

    return handle


def _asked(failure: Failure) -> Any:
    return failure.args[0] if failure.args else failure.kwargs.get("job_id")


def _abbreviated(failure: Failure) -> str | None:
    return next((job for job in _ids(failure) if len(_asked(failure)) > 5 and job.startswith(_asked(failure))), None)


def _begun(failure: Failure) -> str | None:
    return next((job for job in _ids(failure) if _asked(failure).startswith(job)), None)


def _contained(failure: Failure) -> str | None:
    return next((job for job in _ids(failure) if len(_asked(failure)) > 5 and _asked(failure) in job), None)


def _named(failure: Failure) -> str | None:
    jobs = failure.session.system.server.jobs
    return next((job.job_id for job in jobs if job.name == _asked(failure)), None)


def _last(failure: Failure) -> str | None:
    return next(reversed(_ids(failure)), None)


def _without_jobs(failure: Failure) -> bool:
    return not _ids(failure)


def _with_many_jobs(failure: Failure) -> bool:
    return len(_ids(failure)) > 10


def _looks_like_an_id(failure: Failure) -> bool:
    return bool(re.fullmatch(r"[0-9a-f-]{36}", _asked(failure)))


UNKNOWN_KINDS: Final = (
    Kind("IsKeyError", "raises KeyError for {method} of an unknown job", raises(KeyError, "job")),
    Kind(
        "IsNothingSecondTime",
        "returns nothing for {method} of an unknown job the second time",
        when(from_second, nothing),
    ),
    Kind("Abbreviated", "takes the beginning of an id for the id in {method}", _with(_abbreviated)),
    Kind("IsNothing", "returns nothing for {method} of an unknown job", nothing),
    Kind("TakesName", "takes the name of a job for its id in {method}", _with(_named)),
    Kind("IsLookAlike", "raises a JobNotFound of its own for {method}", raises(look_alike("JobNotFound"))),
    Kind("IsInternalError", "raises InternalError for {method} of an unknown job", raises(InternalError)),
    Kind(
        "IsNothingWithoutJobs",
        "returns nothing for {method} when there are no jobs at all",
        when(_without_jobs, nothing),
    ),
    Kind("IsNotDone", "raises JobNotDone for {method} of an unknown job", raises(JobNotDone)),
    Kind("Longer", "does not look at what follows a known id in {method}", _with(_begun)),
    Kind(
        "IsInvalidArgument", "raises InvalidArgumentError for {method} of an unknown job", raises(InvalidArgumentError)
    ),
    Kind(
        "IsErrorWithManyJobs",
        "raises LookupError for {method} of an unknown job beside many",
        when(_with_many_jobs, raises(LookupError)),
    ),
    Kind("Part", "finds a job by any part of its id in {method}", _with(_contained)),
    Kind(
        "IsNothingWhenWellFormed",
        "returns nothing for {method} of what looks like an id",
        when(_looks_like_an_id, nothing),
    ),
    Kind("IsFileNotFound", "raises FileNotFoundError for {method} of an unknown job", raises(FileNotFoundError)),
)


def _is_text(session: Any, args: Any) -> bool:
    return bool(args) and isinstance(args[0], str) and bool(args[0].strip()) and len(args[0]) < 1_000


def _no_id(session: Any, args: Any) -> bool:
    return bool(args) and not _is_text(session, args)


def _of_kind(*kinds: type) -> Callable[[Failure], bool]:
    return lambda failure: isinstance(_asked(failure), kinds)


def _empty(failure: Failure) -> bool:
    return not _asked(failure)


def _long(failure: Failure) -> bool:
    return isinstance(_asked(failure), str) and len(_asked(failure)) > 1_000


def _printed(failure: Failure) -> str | None:
    return str(_asked(failure)) if str(_asked(failure)) in _ids(failure) else None


def _inside(failure: Failure) -> str | None:
    thing = _asked(failure)
    inside = list(thing) if isinstance(thing, (list, tuple, set, frozenset)) else []
    return next((job for job in inside if job in _ids(failure)), None)


def _under_job_id(failure: Failure) -> str | None:
    thing = _asked(failure)
    job = thing.get("job_id") if isinstance(thing, dict) else getattr(thing, "job_id", None)
    return job if job in _ids(failure) else None


def _decoded(failure: Failure) -> str | None:
    thing = _asked(failure)
    text = thing.decode("ascii", "replace") if isinstance(thing, bytes) else None
    return text if text in _ids(failure) else None


def _by_number(failure: Failure) -> str | None:
    thing, jobs = _asked(failure), _ids(failure)
    return jobs[thing] if isinstance(thing, int) and -len(jobs) <= thing < len(jobs) else None


MALFORMED_KINDS: Final = (
    Kind(
        "IsTypeError",
        "raises TypeError for {method} of what is not text",
        when(lambda f: not isinstance(_asked(f), str), raises(TypeError)),
    ),
    Kind("Prints", "turns anything into text before {method}", _with(_printed)),
    Kind(
        "EmptyIsInvalid",
        "raises InvalidArgumentError for {method} of nothing",
        when(_empty, raises(InvalidArgumentError)),
    ),
    Kind("EmptyIsLast", "takes the last job for {method} of nothing", when(_empty, _with(_last))),
    Kind("LongIsInternalError", "raises InternalError for {method} of a long text", when(_long, raises(InternalError))),
    Kind("Inside", "takes a job out of a list for {method}", _with(_inside)),
    Kind("NoneIsNothing", "returns nothing for {method} of None", when(lambda f: _asked(f) is None, nothing)),
    Kind("UnderJobId", "takes a meta for the id in {method}", _with(_under_job_id)),
    Kind("NumberIsNotDone", "raises JobNotDone for {method} of a number", when(_of_kind(int), raises(JobNotDone))),
    Kind("Decodes", "takes bytes for text in {method}", _with(_decoded)),
    Kind("ByNumber", "takes a number for the place in the list in {method}", _with(_by_number)),
    Kind(
        "IsLookAlike",
        "raises a JobNotFound of its own for {method} of what is no id",
        raises(look_alike("JobNotFound")),
    ),
    Kind(
        "BlankIsValueError",
        "raises ValueError for {method} of a space",
        when(lambda f: isinstance(_asked(f), str) and not _asked(f).strip(), raises(ValueError)),
    ),
    Kind("ListIsNothing", "returns nothing for {method} of a list", when(_of_kind(list, tuple), nothing)),
    Kind(
        "SecondTimeIsInvalid",
        "raises InvalidArgumentError for a second {method} of what is no id",
        when(from_second, raises(InvalidArgumentError)),
    ),
)

Before = Callable[[Any], object]
"""What is done to an argument before the call; it may raise."""


def _before(method: str, act: Before, position: int) -> Callable[..., Any]:
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) > position:
            act(args[position])
        return right(self, *args, **kwargs)

    body.__name__ = method
    return body


ACTS: Final[tuple[tuple[str, str, Before], ...]] = (
    ("Hashes", "looks its argument up in a dict", {}.get),
    ("Encodes", "encodes its argument", lambda thing: thing.encode("utf-8") if isinstance(thing, str) else None),
    ("DumpsJson", "writes its argument as JSON", json.dumps),
    ("Strips", "strips its argument", lambda thing: thing.strip() if thing is not None else None),
    ("Adds", "adds its argument to a text", lambda thing: "job " + thing if thing else None),
    ("Encodes Latin", "encodes its argument as Latin 1", lambda thing: str(thing)[:9].encode("latin-1")),
    ("Measures", "measures its argument", lambda thing: len(thing) if thing is not None else 0),
    ("Opens", "looks whether its argument is a file", lambda thing: os.stat(thing) if thing == "a\0b" else None),
    (
        "Compares",
        "compares its argument with a number",
        lambda thing: thing > 0 if not isinstance(thing, str) else None,
    ),
    ("Converts", "takes a number for a float", lambda thing: float(thing) if isinstance(thing, int) else None),
    ("Parses", "takes text for a path with a drive", lambda thing: os.fsencode(thing) if thing else None),
    ("Rounds", "rounds a fraction", lambda thing: int(thing) if isinstance(thing, float) else None),
)
_MOST: Final = {"list_jobs": 2, "monitor_job": 2}
_WITH_ARGUMENTS: Final = tuple(method.name for method in METHODS if method.parameters)


def product(generator: Generator, each: int = 99) -> None:
    """Declare the families of clauses about arguments, with ``each`` mutants a clause."""
    declare(generator, "Unknown", JOB_METHODS, UNKNOWN_KINDS, JobNotFound, "unknown", _is_text, each)
    declare(generator, "Malformed", JOB_METHODS, MALFORMED_KINDS, JobNotFound, "malformed", _no_id, each)
    for number, method in enumerate(_WITH_ARGUMENTS):
        for step in range(min(each, len(ACTS))):
            name, difference, act = ACTS[(number * each + step) % len(ACTS)]
            position = step % _MOST.get(method, 1)
            generator.session(
                f"{camel(method)}{name.replace(' ', '')}",
                f"arguments.{method.replace('_', '-')}",
                f"{method} {difference}, and lets the error out",
                {method: _before(method, act, position)},
            )


product(_GENERATE, each=2)


def _before_named(method: str, act: Before) -> Callable[..., Any]:
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        for thing in kwargs.values():
            act(thing)
        return right(self, *args, **kwargs)

    body.__name__ = method
    return body


for _method in _WITH_ARGUMENTS:
    if _method != "monitor_job":
        _GENERATE.session(
            f"{camel(_method)}HashesNamed",
            f"arguments.{_method.replace('_', '-')}",
            f"{_method} looks up in a dict what it is given by name, and lets the error out",
            {_method: _before_named(_method, {}.get)},
        )


@MUTANTS.mutant("malformed.get-job-meta", "gives the meta of a job for anything that prints as its id")
class MetaOfWhatPrints(Wrapper):
    """Turns what it is asked for into text."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Ask for the text."""
        return super().get_job_meta(str(job_id))


# --- bad timeouts, intervals and callbacks --------------------------------------------------------------------------


def _instead(name: str, clause: str, difference: str, bad: Callable[..., bool], error: type[Exception] | None) -> None:
    """Declare a monitor_job that raises something else, or goes on, for some arguments."""

    def monitor_job(
        self: Any, job_id: Any, timeout: Any = 0, poll_interval: Any = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        if not bad(timeout, cb):
            return Wrapper.monitor_job(self, job_id, timeout, poll_interval, cb, *args, **kwargs)
        if error is not None:
            raise error("that makes no sense")
        kept: Any = timeout if isinstance(timeout, (int, float)) else 0
        return Wrapper.monitor_job(self, job_id, kept, poll_interval, cb if callable(cb) else None, *args, **kwargs)

    _GENERATE.session(name, clause, difference, {"monitor_job": monitor_job})


def _bad_callback(timeout: Any, cb: Any) -> bool:
    return cb is not None and not callable(cb)


def _bad_timeout(timeout: Any, cb: Any) -> bool:
    return not isinstance(timeout, (int, float))


_instead("BadCallbackIsTypeError", "arguments.invalid", "raises TypeError for a bad callback", _bad_callback, TypeError)
_instead("BadCallbackIsIgnored", "arguments.invalid", "ignores a callback that can't be called", _bad_callback, None)
_instead("BadTimeoutIsIgnored", "arguments.invalid", "ignores a timeout that is no number", _bad_timeout, None)
_instead("BadTimeoutIsTypeError", "arguments.invalid", "raises TypeError for a bad timeout", _bad_timeout, TypeError)
_instead("BadTimeoutIsInternalError", "arguments.invalid", "raises InternalError for text", _bad_timeout, InternalError)
_instead(
    "BadTimeoutLooksAlike",
    "arguments.invalid",
    "raises an InvalidArgumentError of its own",
    _bad_timeout,
    look_alike("InvalidArgumentError"),
)
_instead(
    "NotANumberIsValueError",
    "arguments.monitor-job",
    "raises ValueError for a timeout that is nan",
    lambda timeout, cb: isinstance(timeout, float) and math.isnan(timeout),
    ValueError,
)
_instead(
    "HugeTimeoutOverflows",
    "arguments.monitor-job",
    "raises OverflowError for a timeout of more digits than a float has",
    lambda timeout, cb: isinstance(timeout, int) and timeout > 10**300,
    OverflowError,
)
_instead(
    "InfiniteTimeoutOverflows",
    "arguments.monitor-job",
    "raises OverflowError for a timeout without end",
    lambda timeout, cb: timeout == float("inf"),
    OverflowError,
)


class _Positional(Wrapper):
    """Looks at the further arguments of a monitor."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Look, then hand on."""
        if len(args) > 2:
            self.look_at_interval(args[2])
        if len(args) > 3:
            self.look_at_callback(args[3])
        return super().monitor_job(*args, **kwargs)

    def look_at_interval(self, poll_interval: Any) -> None:
        """What is done to the interval."""

    def look_at_callback(self, cb: Any) -> None:
        """What is done to the callback."""


@MUTANTS.mutant("arguments.monitor-job", "adds the interval to the time, whatever it is")
class AddsInterval(_Positional):
    """Computes with the interval."""

    def look_at_interval(self, poll_interval: Any) -> None:
        """Add."""
        _ = self.system.server.clock.time() + poll_interval


@MUTANTS.mutant("arguments.monitor-job", "asks for the name of the callback, whatever it is")
class NamesCallback(_Positional):
    """Wants to log it."""

    def look_at_callback(self, cb: Any) -> None:
        """Ask."""
        if cb is not None and not callable(cb):
            _ = cb.__name__


# --- what a refused call does all the same --------------------------------------------------------------------------


def _refused_with_effect(
    method: str, name: str, difference: str, effect: Callable[[Any, list[str]], None], bad: Any
) -> None:
    """Declare a method that refuses an argument, and does something to the user's jobs."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return right(self, *args, **kwargs)
        except (JobNotFound, InvalidArgumentError):
            if args and bad(*args):
                effect(self.inner, [job["job_id"] for job in self.inner.list_jobs()])
            raise

    body.__name__ = method
    _GENERATE.session(name, "malformed.no-effect", difference, {method: body})


def _all(act: str, last: bool = False) -> Callable[[Any, list[str]], None]:
    def effect(inner: Any, jobs: list[str]) -> None:
        for job in jobs[-1:] if last else jobs:
            getattr(inner, act)(job)

    return effect


def _falsy(thing: Any, *rest: Any) -> bool:
    return not thing


def _star(thing: Any, *rest: Any) -> bool:
    return isinstance(thing, (list, tuple, dict))


def _unknown(thing: Any, *rest: Any) -> bool:
    return isinstance(thing, str) and thing.isalnum() and len(thing) < 100


_refused_with_effect(
    "abort_job", "AbortOfNothingAbortsAll", "aborts all jobs for an empty id", _all("abort_job"), _falsy
)
_refused_with_effect(
    "delete_job", "DeleteOfNothingDeletesAll", "deletes all jobs for no id", _all("delete_job"), _falsy
)
_refused_with_effect(
    "delete_job",
    "DeleteOfUnknownDeletesLast",
    "deletes the last job for an unknown id",
    _all("delete_job", True),
    _unknown,
)
_refused_with_effect("clone_job", "CloneOfListClonesAll", "clones all jobs for a list", _all("clone_job"), _star)
_refused_with_effect(
    "get_job_meta",
    "MetaOfNothingAborts",
    "aborts the last job when asked for the meta of nothing",
    _all("abort_job", True),
    _falsy,
)
_refused_with_effect(
    "monitor_job",
    "BadMonitorAborts",
    "aborts a job whose monitor was refused for its timeout",
    _all("abort_job"),
    lambda job, timeout=0, *rest: isinstance(timeout, str),
)
_refused_with_effect(
    "monitor_job",
    "BadCallbackDeletes",
    "deletes the last job when a callback can't be called",
    _all("delete_job", True),
    lambda job, timeout=0, poll=2.0, cb=None, *rest: cb is not None and not callable(cb),
)
_refused_with_effect(
    "download_job_result",
    "BadDownloadClones",
    "clones the last job for a number",
    _all("clone_job", True),
    lambda thing: isinstance(thing, int),
)
