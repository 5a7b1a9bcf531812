"""Sessions that let errors of their own out for odd arguments, take what they should refuse, or act on it."""

from __future__ import annotations

import json
import math
import os
import shlex
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from contract_tests.contract.interface import METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import (
    ABORT,
    CLONE,
    DELETE,
    DOWNLOAD,
    LIST,
    META,
    MONITOR,
    SUBMIT,
    Change,
    on,
)
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.families.failures import clause_of, look_alike
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, InvalidArgumentError, InvalidJobDefinition, JobNotFound

_PARAMETERS: Final = {
    method.name: [parameter.name for parameter in method.parameters] for method in METHODS if method.parameters
}
_Act = Callable[[Any], object]
"""What is done to an argument before the call; it may raise."""

# --- errors that get out ----------------------------------------------------------------------------------------------

_ACTS: Final[Mapping[str, _Act]] = {
    "looks its argument up in a dict": {}.get,
    "splits its argument as a shell does": lambda thing: shlex.split(thing) if thing == "it's" else None,
    "writes its argument as JSON": json.dumps,
    "strips its argument": lambda thing: thing.strip() if thing is not None else None,
    "adds its argument to a text": lambda thing: "job " + thing if thing else None,
    "encodes its argument as Latin 1": lambda thing: str(thing)[:9].encode("latin-1"),
    "measures its argument": lambda thing: len(thing) if thing is not None else 0,
    "looks whether its argument is a file": lambda thing: os.stat(thing) if thing == "a\0b" else None,
    "compares its argument with a number": lambda thing: thing > 0 if not isinstance(thing, str) else None,
    "takes a number for a place": lambda thing: "job"[thing] if isinstance(thing, int) else None,
    "takes text for a path with a drive": lambda thing: os.fsencode(thing) if thing else None,
    "writes a fraction as a number": lambda thing: format(thing, "d") if isinstance(thing, float) else None,
}


def _before(method: str, act: _Act, parameter: str = "") -> Change:
    """A method that does something to an argument, the first if not another one, that is given by position."""
    name = parameter or _PARAMETERS[method][0]
    return on(method, do.first(lambda call: act(call[name])), when.by_position(name))


def _lets_out(number: int, method: str) -> Faults:
    words = list(_ACTS)
    chosen = [words[(2 * number + step) % len(words)] for step in range(2)]
    names = [_PARAMETERS[method][step % min(2, len(_PARAMETERS[method]))] for step in range(2)]
    faults = {
        f"{method} {word}, and lets the error out": _before(method, _ACTS[word], name)
        for word, name in zip(chosen, names, strict=True)
    }
    if method != MONITOR:
        looks_up = do.first(lambda call: [{}.get(call[name]) for name in sorted(call.named)])
        faults[f"{method} looks up in a dict what it is given by name, and lets the error out"] = on(method, looks_up)
    return {clause_of("arguments", method): faults}


def _raises_again(method: str) -> Faults:
    def keeps(call: Call) -> Any:
        try:
            return call.go()
        except Exception as error:
            call.own["error"] = error
            raise

    def again(call: Call) -> Any:
        if (error := call.own.pop("error", None)) is not None:
            raise error
        return call.go()

    difference = f"raises from {method} what a callback raised before"
    return {clause_of("arguments", method): {difference: on("call", keeps) + on(method, again)}}


def _looks_into_archives(call: Call) -> None:
    path = call["job_definition_path"]
    if isinstance(path, str) and path.endswith(".zip") and os.path.isfile(path):
        call.inner.get_system_info()
        with zipfile.ZipFile(path):
            pass


# --- monitors ---------------------------------------------------------------------------------------------------------


def _is_number(thing: Any) -> bool:
    return isinstance(thing, (int, float))


def _adds_interval(call: Call) -> None:
    _ = call.now + call["poll_interval"]


def _monitor(timeout: Callable[[Any], Any], effect: Effect) -> Change:
    return on(MONITOR, effect, lambda call: timeout(call["timeout"]))


def _bad_timeout(effect: Effect) -> Change:
    return _monitor(lambda timeout: not _is_number(timeout), effect)


def _bad_callback(effect: Effect, holds: Holds = when.always) -> Change:
    return on(MONITOR, effect, lambda call: call["cb"] is not None and not callable(call["cb"]) and holds(call))


_IGNORES: Final = do.passing(
    timeout=lambda call: call["timeout"] if _is_number(call["timeout"]) else 0,
    cb=lambda call: call["cb"] if callable(call["cb"]) else None,
)

# --- refused, with an effect ------------------------------------------------------------------------------------------


_OWN_JOBS: Final = do.those(~when.others)


def _last_job(call: Call) -> list[Any]:
    return _OWN_JOBS(call)[-1:]


def _unfinished_job(call: Call) -> list[Any]:
    return do.those(~when.others & ~when.done)(call)[:1]


def _refused(method: str, act: str, pick: Callable[[Call], Any], bad: Holds) -> Change:
    """A method that refuses bad arguments, and does something to jobs all the same."""
    return on(method, do.on_error(do.does(act, pick), (JobNotFound, InvalidArgumentError), bad))


def _bad_id(bad: Callable[[Any], Any]) -> Holds:
    return lambda call: bad(call.job_id)


def _loses_patience(methods: tuple[str, ...], number: int, act: str, pick: Callable[[Call], Any]) -> Change:
    """Methods that do something to jobs of the caller at a refusal, the how manieth of all."""
    refusals = (JobNotFound, InvalidJobDefinition)

    def is_it(call: Call) -> bool:
        return sum(isinstance(each.error, refusals) for each in call.earlier(*methods)) == number - 1

    return on(methods, do.on_error(do.does(act, pick), refusals, is_it))


_ABOUT_A_JOB: Final = (META, ABORT, DELETE)

_FAULTS: Final[Faults] = {
    "arguments.submit-job": {
        "lets an error of the archive's reader out for a .zip that is none": on(SUBMIT, do.first(_looks_into_archives)),
    },
    "arguments.monitor-job": {
        "adds the interval to the time, whatever it is": on(
            MONITOR, do.first(_adds_interval), when.by_position("poll_interval")
        ),
        "asks for the name of the callback, whatever it is": _bad_callback(
            do.first(lambda call: call["cb"].__name__), when.by_position("cb")
        ),
        "adds an interval that is given by name to the time, whatever it is": on(
            MONITOR, do.first(_adds_interval), when.by_name("poll_interval")
        ),
        "looks a job up in a table of its own where there is a timeout": _monitor(
            lambda timeout: _is_number(timeout) and timeout > 0, do.first(lambda call: {}.get(call.job_id))
        ),
    },
    "arguments.invalid": {
        "takes anything for a flag of a list": on(
            LIST, lambda call: call.go(detailed=bool(call["detailed"]), all=bool(call["all"]))
        ),
        "raises ValueError for a timeout that is nan": _monitor(
            lambda timeout: isinstance(timeout, float) and math.isnan(timeout), do.raises(ValueError)
        ),
        "raises OverflowError for a timeout of more digits than a float has": _monitor(
            lambda timeout: isinstance(timeout, int) and timeout > 10**300, do.raises(OverflowError)
        ),
        "raises OverflowError for a timeout without end": _monitor(
            lambda timeout: timeout == math.inf, do.raises(OverflowError)
        ),
        "takes any timeout where the job is done": on(
            MONITOR, lambda call: call.go(timeout=0), when.done & (lambda call: isinstance(call["timeout"], str))
        ),
        # It finds out only when it looks whether the time is up.
        "counts in timedeltas, which raise OverflowError for what they can't hold": on(
            "timed_out",
            lambda call: (
                call["timeout"] > 0 and timedelta(seconds=call["elapsed"]) >= timedelta(seconds=call["timeout"])
            ),
        ),
        "submit_job encodes its argument, and lets the error out": _before(
            SUBMIT, lambda thing: str(thing).encode("utf-8")
        ),
        "get_job_meta makes a float of a number, and lets the error out": _before(
            META, lambda thing: float(thing) if isinstance(thing, int) else None
        ),
        "list_jobs rounds a fraction, and lets the error out": _before(
            LIST, lambda thing: int(thing) if isinstance(thing, float) else None
        ),
        "raises TypeError for a bad callback": _bad_callback(do.raises(TypeError)),
        "ignores a callback that can't be called": _bad_callback(_IGNORES),
        "ignores a timeout that is no number": _bad_timeout(_IGNORES),
        "raises TypeError for a bad timeout": _bad_timeout(do.raises(TypeError)),
        "raises InternalError for text": _bad_timeout(do.raises(InternalError)),
        "raises an InvalidArgumentError of its own": _bad_timeout(do.raises(look_alike("InvalidArgumentError"))),
        "takes a timeout that is written out": _monitor(
            lambda timeout: isinstance(timeout, str) and timeout.isdigit(),
            do.passing(timeout=lambda call: int(call["timeout"])),
        ),
    },
    "malformed.no-effect": {
        "aborts all jobs for an empty id": _refused(ABORT, ABORT, _OWN_JOBS, _bad_id(lambda asked: not asked)),
        "deletes all jobs for no id": _refused(DELETE, DELETE, _OWN_JOBS, _bad_id(lambda asked: not asked)),
        "deletes the last job for an unknown id": _refused(
            DELETE,
            DELETE,
            _last_job,
            _bad_id(lambda asked: isinstance(asked, str) and asked.isalnum() and len(asked) < 100),
        ),
        "clones all jobs for a list": _refused(
            CLONE, CLONE, _OWN_JOBS, _bad_id(lambda asked: isinstance(asked, (list, tuple, dict)))
        ),
        "aborts the last job when asked for the meta of nothing": _refused(
            META, ABORT, _last_job, _bad_id(lambda asked: not asked)
        ),
        "aborts a job whose monitor was refused for its timeout": _refused(
            MONITOR, ABORT, _OWN_JOBS, lambda call: isinstance(call["timeout"], str)
        ),
        "deletes the last job when a callback can't be called": _refused(
            MONITOR, DELETE, _last_job, lambda call: call["cb"] is not None and not callable(call["cb"])
        ),
        "clones the last job for a number": _refused(
            DOWNLOAD, CLONE, _last_job, _bad_id(lambda asked: isinstance(asked, int))
        ),
        "deletes the job whose id it is given with a blank, and says that there is none": _refused(
            DELETE,
            DELETE,
            lambda call: call.job_id.strip(),
            _bad_id(lambda asked: isinstance(asked, str) and asked != asked.strip()),
        ),
        "aborts a job of the caller's at the eighth refusal": _loses_patience(_ABOUT_A_JOB, 8, ABORT, _unfinished_job),
        "aborts a job of the caller's at the eighth submission that is refused": _loses_patience(
            (SUBMIT,), 8, ABORT, _unfinished_job
        ),
        "deletes the caller's newest job at the twentieth refusal": _loses_patience(
            _ABOUT_A_JOB, 20, DELETE, _last_job
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    *(_lets_out(number, method) for number, method in enumerate(_PARAMETERS)),
    *(_raises_again(method) for method in _PARAMETERS),
    _FAULTS,
)
