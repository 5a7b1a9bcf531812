"""How what is wrong with jobs is written: for people, on a terminal or in a pipe, and for programs."""

from __future__ import annotations

from math import ceil
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from flare_sim.jobs.definition import Examination, JobDefinition
    from flare_sim.jobs.problems import Problem
    from flare_sim.server import SimulatedServer

__all__ = ["FORMAT", "echo_remarks", "job_data", "job_lines", "problem_data"]

FORMAT = 1
"""The number of the shape of the JSON: another one when a key goes, or comes to mean something else."""
_WIDEST = 100
_MOST_NAMED = 20
_LONGEST_NAME = 1_000


def job_lines(path: str, problems: Sequence[Problem], definition: JobDefinition | None = None) -> Iterator[str]:
    """Say whether a server takes the job at ``path``, and all that is wrong with it, the warnings last.

    Args:
        path: as it was given.
        problems: what is wrong with it, warnings too.
        definition: what it says, to be told as well.

    Returns:
        Lines for ``click.echo``, in colors for a terminal.
    """
    told = sorted(problems, key=lambda problem: problem.warning)
    good = all(problem.warning for problem in told)
    verdict = click.style("ok   ", fg="green") if good else click.style("bad  ", fg="red")
    yield f"{verdict}{readable(path)}{': ' if told else ''}{_counted(told)}"
    if definition is not None:
        yield from _wrapped(_summary(definition), "     ")
    for number, problem in enumerate(told):
        yield ""
        label, color = ("warning", "yellow") if problem.warning else ("problem", "red")
        place = ": ".join(filter(None, (problem.file, problem.place)))
        rows = [(label, problem.message), ("where", place), ("to do", problem.advice)]
        if number == 0 and problem.reply is not None:
            rows.append(("answer", problem.reply.text))
        for name, text in rows:
            if text:
                first, *rest = _wrapped(readable(text), " " * 11)
                head = f"{name:>9}  "
                yield (click.style(head, fg=color) if name == label else head) + first.lstrip()
                yield from rest
    if told:
        yield ""


def echo_remarks(server: SimulatedServer) -> bool:
    """Say on standard error what was wrong with the jobs that a server was shown.

    Returns:
        Whether any of them was refused.
    """
    for path, problems in server.remarks.items():
        for line in job_lines(path, problems):
            click.echo(line, err=True)
    return any(not problem.warning for problems in server.remarks.values() for problem in problems)


def job_data(path: str, examination: Examination) -> dict[str, Any]:
    """Say the same as JSON: ``path``, ``name``, ``accepted``, ``problems`` and ``warnings``."""
    definition = examination.definition
    return {
        "path": _text(path),
        "name": None if definition is None else definition.name,
        "accepted": definition is not None,
        **problem_data(examination.problems),
    }


def problem_data(problems: Iterable[Problem]) -> dict[str, list[dict[str, str]]]:
    """Say the same of problems alone: ``problems`` and ``warnings``."""
    told: dict[str, list[dict[str, str]]] = {"problems": [], "warnings": []}
    for problem in problems:
        told["warnings" if problem.warning else "problems"].append(_problem_data(problem))
    return told


def _problem_data(problem: Problem) -> dict[str, str]:
    return {name: _text(getattr(problem, name)) for name in ("kind", "file", "place", "message", "advice")}


def _text(text: str) -> str:
    """Return text as JSON may have it: no lone surrogates, which is what names have that are no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return readable(text)
    return text


def _counted(problems: Iterable[Problem]) -> str:
    warnings = [problem.warning for problem in problems]
    counts = (("problem", warnings.count(False)), ("warning", warnings.count(True)))
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in counts if count)


def _summary(definition: JobDefinition) -> str:
    apps = _few([f"{app} -> {_few(sites, ' ')}" for app, sites in definition.deploy_map[: _MOST_NAMED + 1]], ", ")
    return readable(f"{definition.name[:_LONGEST_NAME]}: {apps}; at least {ceil(definition.min_clients)} client(s)")


def _few(names: Sequence[str], between: str) -> str:
    """Return names with something between them, no more of them and no longer ones than people read."""
    told = between.join(name[:_LONGEST_NAME] for name in names[:_MOST_NAMED])
    return f"{told}{between}..." if len(names) > _MOST_NAMED else told


def _wrapped(text: str, indent: str) -> list[str]:
    """Return lines no wider than the terminal, 80 columns where there is none; words, such as paths, stay whole."""
    from rich.cells import cell_len

    width = min(get_terminal_size((80, 24)).columns, _WIDEST)
    lines = [indent]
    for word in text.split(" "):
        if lines[-1] == indent:
            lines[-1] += word
        elif cell_len(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return lines
