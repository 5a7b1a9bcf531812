"""Conforming variants that choose otherwise where the interface leaves a choice: which error, which first, and when."""

from __future__ import annotations

import functools
import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InvalidArgumentError, InvalidJobDefinition, JobNotDone, JobNotFound

CONFORMING = VariantTable()


@CONFORMING.conforming("shortens its last pause, and looks once more exactly when the time is up", parts=("monitor",))
class LooksAtTheDeadline(MonitorLoop):
    """Sleeps no longer than there is time."""

    left = math.inf

    def timed_out(self, timeout: float, elapsed: float, polls: int) -> bool:
        """Note how much time is left."""
        self.left = timeout - elapsed if timeout > 0 else math.inf
        return self.left < 1e-6

    def sleep(self, poll_interval: float, polls: int) -> None:
        """Sleep until the next poll, or until the time is up."""
        super().sleep(min(poll_interval, self.left), polls)


# --- which of two errors comes first ----------------------------------------------------------------------------------

Look = Callable[[Any, Any], object]
"""What is done to the first argument of a method before it is called; it may raise."""


def _first(look: Look, *methods: str) -> Callable[[type[Wrapper]], type[Wrapper]]:
    """A class decorator: each of the methods looks at its first argument before anything else."""

    def wrap(cls: type[Wrapper]) -> type[Wrapper]:
        for name in methods:
            setattr(cls, name, _looking(getattr(cls, name), look))
        return cls

    return wrap


def _looking(method: Callable[..., Any], look: Look) -> Callable[..., Any]:
    @functools.wraps(method)
    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        for argument in (*args, *kwargs.values())[:1]:
            look(self, argument)
        return method(self, *args, **kwargs)

    return body


def _is_no_id(thing: object) -> bool:
    return not isinstance(thing, str) or not thing


def _refuse_no_id(session: Any, job_id: Any) -> None:
    if _is_no_id(job_id):
        raise JobNotFound(f"{job_id!r} is the id of no job")


def _refuse_no_folder(session: Any, path: Any) -> None:
    if not isinstance(path, str) or not os.path.exists(path.replace("\0", "?")):
        raise InvalidJobDefinition(f"{path!r} is no folder")


@CONFORMING.conforming("looks at its arguments before it looks whether it is closed")
@_first(_refuse_no_folder, "submit_job")
@_first(_refuse_no_id, *JOB_METHODS)
class ArgumentsFirst(Wrapper):
    """Is strict about arguments, and slow to see that it is closed."""

    def list_jobs(self, detailed: Any = False, all: Any = False) -> list[dict[str, Any]]:  # noqa: A002
        """Look at the flags."""
        if type(detailed) is not bool or type(all) is not bool:
            raise InvalidArgumentError("a flag is True or False")
        return super().list_jobs(detailed, all)

    def monitor_job(
        self, job_id: str, timeout: Any = 0, poll_interval: Any = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Look at the times and the callback."""
        for number in (timeout, poll_interval):
            if not isinstance(number, (int, float)) or not 0 <= number < math.inf:
                raise InvalidArgumentError(f"{type(number).__name__} is no time")
        if cb is not None and not callable(cb):
            raise InvalidArgumentError("the callback can't be called")
        _refuse_no_id(self, job_id)
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)


def _refuse_deleted(session: Any, job_id: Any) -> None:
    if job_id in session.system.memory.get("deleted", ()):
        raise JobNotFound("that job was deleted")


@CONFORMING.conforming("knows of a deleted job that it is gone, without asking the server or whether it is closed")
@_first(_refuse_deleted, *JOB_METHODS)
class RemembersTheDeleted(Wrapper):
    """Keeps the ids that will never be again."""

    def delete_job(self, job_id: str) -> Any:
        """Note it when it is done."""
        answer = super().delete_job(job_id)
        self.system.memory.setdefault("deleted", []).append(job_id)
        return answer


@CONFORMING.conforming("says that a job is not done before it says that the user may not have its result")
class NotDoneFirst(Wrapper):
    """Has results of jobs that are done alone."""

    def download_job_result(self, job_id: str) -> str:
        """Look at the status first."""
        if not self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            raise JobNotDone("the job is not done")
        return super().download_job_result(job_id)


@CONFORMING.conforming("leaves a job alone that is done, whoever asks to abort it")
class LooksBeforeItAborts(Wrapper):
    """Asks for what has an effect only."""

    def abort_job(self, job_id: str) -> Any:
        """Look at the status first."""
        if self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            return None
        return super().abort_job(job_id)


# --- which error is true ----------------------------------------------------------------------------------------------


def _refuse_no_id_as_argument(session: Any, job_id: Any) -> None:
    if _is_no_id(job_id):
        session.inner.get_system_info()  # what is wrong with the session goes first
        raise InvalidArgumentError("an id is text, and not empty")


@CONFORMING.conforming("raises InvalidArgumentError for what is no id at all")
@_first(_refuse_no_id_as_argument, *JOB_METHODS)
class NoIdIsAnInvalidArgument(Wrapper):
    """Tells an id of no job from no id."""


@CONFORMING.conforming("takes a list of the resources of a site", parts=("submit", "arguments"))
class ListsOfResources(Wrapper):
    """Does not look at what a resource_spec says of each site."""

    def submit_job(self, job_definition_path: str) -> str:
        """Submit a copy without these lists."""
        try:
            return super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            mended = _without_lists(job_definition_path)
            if mended is None:
                raise
            with mended as folder:
                return super().submit_job(str(Path(folder) / "job"))


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
