"""Conforming variants whose errors are of subclasses, are worded otherwise, or are others of those that are true."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CALLS, DOWNLOAD, LIST, MONITOR, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.variant import Differences, conforming
from flare_sim import spec

_ERRORS: Final = (
    *(spec.NoConnection, spec.SessionClosed, spec.InvalidArgumentError, spec.InvalidJobDefinition, spec.JobNotFound),
    *(spec.JobNotDone, spec.InternalError, spec.AuthenticationError, spec.AuthorizationError),
)


# --- classes and words ------------------------------------------------------------------------------------------------


class _NoSuchJob(spec.JobNotFound, KeyError):
    def __str__(self) -> str:
        return "nothing is known of that job"


def _both(name: str, *classes: type[Exception]) -> type[Exception]:
    return type(name, classes, {})


class _Unreachable(spec.NoConnection, TimeoutError):
    """Made of a host and a port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self.host, self.port = host, port


class _Speechless(spec.JobNotFound):
    """Made of a job and a code, and has no text."""

    def __init__(self, job_id: object, code: int) -> None:
        super().__init__(job_id)
        self.code = code

    def __str__(self) -> str:
        raise RuntimeError("there is no text")


def _raises(made: Callable[[Any], Exception]) -> Change:
    """Raise what is made of an error of the interface; what a callback raises stays."""

    def handle(call: Call, error: Exception) -> Any:
        raise made(error) from None

    return on((call for call in CALLS if call != MONITOR), do.raising(_ERRORS, handle))


def _by_class(made: Mapping[type[Exception], Callable[..., Exception]]) -> Change:
    return _raises(lambda error: made[type(error)](*error.args) if type(error) in made else error)


_RAISED: Final[dict[str, Differences]] = {
    "raises subclasses of the interface's exceptions": _by_class(
        {
            spec.JobNotFound: _NoSuchJob,
            spec.NoConnection: _both("_Offline", spec.NoConnection, ConnectionError),
            spec.SessionClosed: _both("_Over", spec.SessionClosed),
        }
    ),
    "raises errors that are several of the interface's exceptions at once": _by_class(
        {
            spec.JobNotFound: _both("_BadId", spec.JobNotFound, spec.InvalidArgumentError),
            spec.InvalidJobDefinition: _both(
                "_BadFolder", spec.InvalidJobDefinition, spec.InvalidArgumentError, ValueError
            ),
            spec.SessionClosed: _both("_Cut", spec.SessionClosed, spec.NoConnection),
        }
    ),
    "raises errors that are made of other things, some without a text": _by_class(
        {
            spec.JobNotFound: lambda *args: _Speechless(None, 404),
            spec.NoConnection: lambda *args: _Unreachable("localhost", 8003),
        }
    ),
    "words its errors differently": _raises(lambda error: type(error)("das geht leider nicht")),
    "raises its errors without any text": _raises(lambda error: type(error)()),
    "says in errors more than can be printed": _raises(lambda error: type(error)("\ud800%s{}" + 9999 * "x")),
    "raises errors that hold data instead of text": _raises(lambda error: type(error)(404, {"a": [1]})),
}


# --- which of two errors comes first, and which is true ---------------------------------------------------------------


def _is_no_id(thing: object) -> bool:
    return not isinstance(thing, str) or not thing


def _looks_at_id(call: Call) -> None:
    if _is_no_id(call.job_id):
        raise spec.JobNotFound(f"{call.job_id!r} is the id of no job")


def _looks_at_folder(call: Call) -> None:
    path = call["job_definition_path"]
    if not isinstance(path, str) or not os.path.exists(path.replace("\0", "?")):
        raise spec.InvalidJobDefinition(f"{path!r} is no folder")


def _looks_at_flags(call: Call) -> None:
    if type(call["detailed"]) is not bool or type(call["all"]) is not bool:
        raise spec.InvalidArgumentError("a flag is True or False")


def _looks_at_monitor(call: Call) -> None:
    for number in (call["timeout"], call["poll_interval"]):
        if not isinstance(number, (int, float)) or not 0 <= number < math.inf:
            raise spec.InvalidArgumentError(f"{type(number).__name__} is no time")
    if call["cb"] is not None and not callable(call["cb"]):
        raise spec.InvalidArgumentError("the callback can't be called")


def _not_an_id(call: Call) -> None:
    call.inner.get_system_info()  # what is wrong with the session goes first
    raise spec.InvalidArgumentError("an id is text, and not empty")


def _is_done(call: Call) -> bool:
    return bool(call.meta["status"].startswith("FINISHED"))


def _takes_lists(call: Call) -> Any:
    try:
        return call.go()
    except spec.InvalidJobDefinition:
        mended = _without_lists(call["job_definition_path"])
        if mended is None:
            raise
        with mended as folder:
            return call.go(job_definition_path=str(Path(folder) / "job"))


def _without_lists(path: object) -> tempfile.TemporaryDirectory[str] | None:
    """A copy of a job whose resource_spec has empty objects for lists; None where there are no such lists."""
    try:
        meta: Final = json.loads((Path(str(path)) / "meta.json").read_text(encoding="utf-8"))
        resources = meta["resource_spec"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not any(isinstance(wanted, list) for _, wanted in resources):
        return None
    kept = {site: {} if isinstance(wanted, list) else wanted for site, wanted in resources}
    place = tempfile.TemporaryDirectory()
    copy = Path(shutil.copytree(str(path), Path(place.name) / "job"))
    (copy / "meta.json").write_text(json.dumps({**meta, "resource_spec": kept}), encoding="utf-8")
    return place


_CHOSEN: Final[dict[str, Differences]] = {
    "looks at its arguments before it looks whether it is closed": on(JOB_METHODS, do.first(_looks_at_id))
    + on(MONITOR, do.first(_looks_at_monitor))
    + on(SUBMIT, do.first(_looks_at_folder))
    + on(LIST, do.first(_looks_at_flags)),
    "knows of a deleted job that it is gone, without asking the server or whether it is closed": on(
        JOB_METHODS, do.raises(spec.JobNotFound, "that job was deleted"), when.deleted
    ),
    "says that a job is not done before it says that the user may not have its result": on(
        DOWNLOAD, do.raises(spec.JobNotDone, "the job is not done"), lambda call: not _is_done(call)
    ),
    "leaves a job alone that is done, whoever asks to abort it": on(ABORT, do.skips, _is_done),
    "raises InvalidArgumentError for what is no id at all": on(
        JOB_METHODS, _not_an_id, lambda call: _is_no_id(call.job_id)
    ),
}

_LISTS_OF_RESOURCES: Final[dict[str, Differences]] = {
    "takes a list of the resources of a site": on(SUBMIT, _takes_lists),
}

CONFORMING: Final = (
    *conforming(__name__, "errors", _RAISED),
    *conforming(__name__, "choices", _CHOSEN),
    *conforming(__name__, "choices", _LISTS_OF_RESOURCES, ("submit", "arguments")),
)
