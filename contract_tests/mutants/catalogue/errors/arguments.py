"""Sessions that let errors of their own out for odd arguments, or take what they should refuse."""

from __future__ import annotations

import json
import math
import os
import shlex
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from contract_tests.contract.interface import METHODS
from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.monitors import is_number
from contract_tests.mutants.toolkit.wrong_errors import look_alike
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_Before = Callable[[Any], object]
"""What is done to an argument before the call; it may raise."""

_ACTS: Final[tuple[tuple[str, str, _Before], ...]] = (
    ("Hashes", "looks its argument up in a dict", {}.get),
    ("Splits", "splits its argument as a shell does", lambda thing: shlex.split(thing) if thing == "it's" else None),
    ("DumpsJson", "writes its argument as JSON", json.dumps),
    ("Strips", "strips its argument", lambda thing: thing.strip() if thing is not None else None),
    ("Adds", "adds its argument to a text", lambda thing: "job " + thing if thing else None),
    ("EncodesLatin", "encodes its argument as Latin 1", lambda thing: str(thing)[:9].encode("latin-1")),
    ("Measures", "measures its argument", lambda thing: len(thing) if thing is not None else 0),
    ("Opens", "looks whether its argument is a file", lambda thing: os.stat(thing) if thing == "a\0b" else None),
    (
        "Compares",
        "compares its argument with a number",
        lambda thing: thing > 0 if not isinstance(thing, str) else None,
    ),
    ("Picks", "takes a number for a place", lambda thing: "job"[thing] if isinstance(thing, int) else None),
    ("Parses", "takes text for a path with a drive", lambda thing: os.fsencode(thing) if thing else None),
    ("Writes", "writes a fraction as a number", lambda n: format(n, "d") if isinstance(n, float) else None),
)

_MOST: Final = {"list_jobs": 2, "monitor_job": 2}
_WITH_ARGUMENTS: Final = tuple(method.name for method in METHODS if method.parameters)


def _before(method: str, act: _Before, position: int) -> Callable[..., Any]:
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        if len(args) > position:
            act(args[position])
        return right(self, *args, **kwargs)

    body.__name__ = method
    return body


for _number, _method in enumerate(_WITH_ARGUMENTS):
    for _step in range(2):
        _name, _difference, _act = _ACTS[(_number * 2 + _step) % len(_ACTS)]
        _GENERATOR.session(
            f"{camel(_method)}{_name}",
            f"arguments.{_method.replace('_', '-')}",
            f"{_method} {_difference}, and lets the error out",
            {_method: _before(_method, _act, _step % _MOST.get(_method, 1))},
        )


def _before_named(method: str, act: _Before) -> Callable[..., Any]:
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        for thing in kwargs.values():
            act(thing)
        return right(self, *args, **kwargs)

    body.__name__ = method
    return body


for _method in _WITH_ARGUMENTS:
    if _method != "monitor_job":
        _GENERATOR.session(
            f"{camel(_method)}HashesNamed",
            f"arguments.{_method.replace('_', '-')}",
            f"{_method} looks up in a dict what it is given by name, and lets the error out",
            {_method: _before_named(_method, {}.get)},
        )


@MUTANTS.mutant("arguments.submit-job", "lets an error of the archive's reader out for a .zip that is none")
class OpensArchives(Wrapper):
    """Looks into archives itself."""

    def submit_job(self, job_definition_path: str) -> str:
        """Look into it."""
        path: Any = job_definition_path
        if isinstance(path, str) and path.endswith(".zip") and os.path.isfile(path):
            self.inner.get_system_info()
            with zipfile.ZipFile(path):
                pass
        return super().submit_job(path)


def _remembers(method: str) -> None:
    """Declare a session whose method raises what a callback raised before."""

    def call(self: Any, *args: Any) -> Any:
        try:
            return MonitorLoop.call(self, *args)
        except Exception as error:
            self.error = error
            raise

    def again(self: Any, *args: Any, **kwargs: Any) -> Any:
        error = self.__dict__.pop("error", None)
        if error is not None:
            raise error
        return getattr(MonitorLoop, method)(self, *args, **kwargs)

    _GENERATOR.session(
        f"Remembers{method.title().replace('_', '')}",
        f"arguments.{method.replace('_', '-')}",
        f"raises from {method} what a callback raised before",
        {"call": call, method: again},
        MonitorLoop,
    )


for _spec in METHODS:
    if _spec.parameters:
        _remembers(_spec.name)


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

    _GENERATOR.session(name, clause, difference, {"monitor_job": monitor_job})


_instead(
    "NotANumberIsValueError",
    "arguments.invalid",
    "raises ValueError for a timeout that is nan",
    lambda timeout, cb: isinstance(timeout, float) and math.isnan(timeout),
    ValueError,
)
_instead(
    "HugeTimeoutOverflows",
    "arguments.invalid",
    "raises OverflowError for a timeout of more digits than a float has",
    lambda timeout, cb: isinstance(timeout, int) and timeout > 10**300,
    OverflowError,
)
_instead(
    "InfiniteTimeoutOverflows",
    "arguments.invalid",
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


@MUTANTS.mutant("arguments.monitor-job", "adds an interval that is given by name to the time, whatever it is")
class AddsNamedInterval(Wrapper):
    """Computes with what it finds among the named arguments."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Add, then hand on."""
        _ = self.system.server.clock.time() + kwargs.get("poll_interval", 0)
        return super().monitor_job(*args, **kwargs)


@MUTANTS.mutant("arguments.monitor-job", "looks a job up in a table of its own where there is a timeout")
class LooksUpTimed(Wrapper):
    """Takes for granted that a job's id can be a key."""

    def monitor_job(self, job_id: Any, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        """Fail on what can't be one."""
        if is_number(timeout) and timeout > 0:
            self.__dict__.setdefault("_table", {}).get(job_id)
        return super().monitor_job(job_id, timeout, *args, **kwargs)


@MUTANTS.mutant("arguments.invalid", "counts in timedeltas, which raise OverflowError for what they can't hold")
class CountsInTimedeltas(MonitorLoop):
    """Finds out only when it looks whether the time is up."""

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Compare two of them."""
        return timeout > 0 and timedelta(seconds=elapsed) >= timedelta(seconds=timeout)


_FAR_FETCHED: Final[tuple[tuple[str, str, str, _Before], ...]] = (
    ("submit_job", "Encodes", "encodes its argument", lambda thing: str(thing).encode("utf-8")),
    ("get_job_meta", "Converts", "makes a float of a number", lambda n: float(n) if isinstance(n, int) else None),
    ("list_jobs", "Rounds", "rounds a fraction", lambda thing: int(thing) if isinstance(thing, float) else None),
)

for _method, _name, _difference, _act in _FAR_FETCHED:
    _GENERATOR.session(
        f"{camel(_method)}{_name}",
        "arguments.invalid",
        f"{_method} {_difference}, and lets the error out",
        {_method: _before(_method, _act, 0)},
    )


def _bad_callback(timeout: Any, cb: Any) -> bool:
    return cb is not None and not callable(cb)


_instead("BadCallbackIsTypeError", "arguments.invalid", "raises TypeError for a bad callback", _bad_callback, TypeError)
_instead("BadCallbackIsIgnored", "arguments.invalid", "ignores a callback that can't be called", _bad_callback, None)


def _bad_timeout(timeout: Any, cb: Any) -> bool:
    return not isinstance(timeout, (int, float))


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


@MUTANTS.mutant("arguments.invalid", "takes a timeout that is written out")
class ReadsTimeout(Wrapper):
    """Makes numbers of text."""

    def monitor_job(self, job_id: Any, timeout: Any = 0, *args: Any, **kwargs: Any) -> Any:
        """Read digits."""
        if isinstance(timeout, str) and timeout.isdigit():
            timeout = int(timeout)
        return super().monitor_job(job_id, timeout, *args, **kwargs)
