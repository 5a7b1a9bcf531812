"""The options that say what single jobs do, by their names: ``--job-outcome``, ``--job-seconds``, ``--job-result``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flare_sim.cli.server_options import server_settings, with_options
from flare_sim.disk.opening import open_regular
from flare_sim.engine.runs.behavior import ANY_NAME
from flare_sim.jobs.behavior import OUTCOMES, JobBehavior
from flare_sim.jobs.limits import JobLimits
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])
    Given = tuple[tuple[str, Any], ...]

__all__ = ["job_options", "job_settings"]


def job_options(function: AnyFunction) -> AnyFunction:
    """Give a command the options."""
    return with_options(_JOB_OPTIONS, function)


def job_settings(options: dict[str, Any]) -> dict[str, Any]:
    """Turn these options, and those about the server, into arguments of ``make_server``."""
    server = dict(options)
    by_name = {name: server.pop(name) for name in ("job_outcomes", "job_seconds", "job_results")}
    settings = server_settings(**server)
    return {**settings, "behavior": _behavior_by_name(settings["behavior"], **by_name)}


def _behavior_by_name(
    others: JobBehavior, job_outcomes: Given, job_seconds: Given, job_results: Given
) -> JobBehavior | dict[str, JobBehavior]:
    """Turn the options into a behavior for each name; ``others`` is for every job, where they leave it open."""
    fields = {"outcome": job_outcomes, "run_seconds": job_seconds, "result_files": job_results}
    said: dict[str, dict[str, Any]] = {}
    for field, given in fields.items():
        for name, value in given:
            said.setdefault(name, {})[field] = value
    if not said:
        return others
    return {ANY_NAME: others, **{name: JobBehavior(**one) for name, one in said.items()}}


def _outcome(text: str) -> str:
    if text not in OUTCOMES:
        raise ValueError(f"{text!r} is no outcome; there are {', '.join(OUTCOMES)}")
    return text


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number of seconds") from None
    return JobBehavior(run_seconds=seconds).run_seconds


def _files(folder: str) -> dict[str, bytes]:
    """Read all files below a folder, their paths with ``/``."""
    if not os.path.isdir(folder):
        raise ValueError(f"{readable(folder)} is no folder")
    files: dict[str, bytes] = {}
    left = JobLimits().max_job_bytes
    for path in sorted(_paths_in(folder)):
        if not os.path.isfile(path):
            raise ValueError(f"{readable(path)} is no file")
        number, size = open_regular(path)
        with open(number, "rb") as file:
            left -= size
            if left < 0:
                raise ValueError(f"more than {JobLimits().max_job_bytes} bytes are in {readable(folder)}")
            files[os.path.relpath(path, folder).replace(os.sep, "/")] = file.read()
    return dict(JobBehavior(result_files=files).result_files or ())


def _paths_in(folder: str) -> Iterator[str]:
    def stop(problem: OSError) -> None:
        raise problem

    for where, _, names in os.walk(folder, onerror=stop):
        yield from (os.path.join(where, name) for name in names)


def _by_name(read: Callable[[str], Any]) -> Callable[..., Given]:
    """Return a callback for ``NAME=VALUE``, given any number of times, once for each name."""

    def callback(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> Given:
        given: dict[str, Any] = {}
        for text in texts:
            name, equals, value = text.partition("=")
            if not name or not equals:
                raise click.BadParameter(f"{text!r} is no {option.metavar}")
            if name in given:
                raise click.BadParameter(f"{name!r} is given twice")
            try:
                given[name] = read(value)
            except (OSError, ValueError) as problem:
                raise click.BadParameter(f"{name!r}: {problem}") from None
        return tuple(given.items())

    return callback


_JOB_OPTIONS = (
    click.option(
        "--job-outcome",
        "job_outcomes",
        multiple=True,
        metavar="NAME=OUTCOME",
        callback=_by_name(_outcome),
        help=f"How jobs of that name end, instead of as --outcome says: {', '.join(OUTCOMES)}. This option and the "
        "next two go by the name in a job's meta, say nothing of a job whose meta does, and can be repeated.",
    ),
    click.option(
        "--job-seconds",
        multiple=True,
        metavar="NAME=SECONDS",
        callback=_by_name(_seconds),
        help="How long jobs of that name run, instead of as --run-seconds says.",
    ),
    click.option(
        "--job-result",
        "job_results",
        multiple=True,
        metavar="NAME=FOLDER",
        callback=_by_name(_files),
        help="What jobs of that name leave in their workspace: the files of the folder, which a download has.",
    ),
)
