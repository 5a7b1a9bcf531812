"""How the cost of an operation grows with jobs, clients and sessions: ``python -m tests.benchmarks.growth``.

Prints a table, and with ``--into FOLDER`` writes the figures (growth.json) and a plot of each kind (SVG).
"""

from __future__ import annotations

import json
import platform
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from flare_sim import Command, SimulatedServer
from tests.benchmarks.compare import best_times, each
from tests.benchmarks.stores import DEFINITION, INSTANT, lived, some_ids, waiting, weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flare_sim import Session

    Figures = dict[str, dict[int, float]]
    """What was measured -> how many there were -> microseconds, or bytes."""

JOBS: Final = (100, 1_000, 10_000, 100_000, 1_000_000)
CLIENTS: Final = (10, 100, 1_000, 10_000)
SESSIONS: Final = (1, 10, 100, 1_000)
LITTLE: Final = 10_000
"""So many jobs are run more than once."""
ROUNDS: Final = 5
COLORS: Final = 10
"""So many lines are told apart by their color alone."""
OPERATIONS: Final = 50


def _microseconds(operations: int, prepare: Callable[[], Any], work: Callable[[Any], object], rounds: int) -> float:
    return best_times(rounds, (prepare, work))[0] / operations * 1e6


def _of_commands(server: SimulatedServer, session: Session, rounds: int) -> Iterator[tuple[str, float]]:
    """Yield what commands cost that are about one job, or a few."""
    login = server.login(session._login.user.name)
    commands: dict[str, Callable[[str], object]] = {
        "submit_job": lambda _: session.submit_definition(DEFINITION),
        "get_job_meta": session.get_job_meta,
        "clone_job": session.clone_job,
        "list_jobs ID": lambda job_id: server.request(login, Command("list_jobs", (job_id,))),
        "list_jobs PREFIX": lambda job_id: server.request(login, Command("list_jobs", (job_id[:13],))),
        "list_jobs -m 10": lambda _: server.request(login, Command("list_jobs", ("-m", "10"))),
        "get_system_info": lambda _: session.get_system_info(),
        "abort_job": session.abort_job,
        "delete_job": session.delete_job,
    }
    for name, command in commands.items():
        yield name, _microseconds(OPERATIONS, partial(_asked_before, session, command), each(command), rounds)


def _asked_before(session: Session, command: Callable[[str], object]) -> list[str]:
    """The ids of jobs to ask about, once as many others were asked about.

    The ids come from a list of all jobs, which leaves nothing else in the processor's caches: neither the interpreter
    nor the server.  What that costs whoever asks first would be told of all.
    """
    ids = some_ids(session, 2 * OPERATIONS)
    each(command)(ids[1::2])
    return ids[::2]


def _decide(server: SimulatedServer) -> None:
    for _ in range(OPERATIONS):
        server.advance(1.0)


def with_jobs(jobs: int, rounds: int = ROUNDS) -> Iterator[tuple[str, float]]:
    """Yield what operations cost on a server with so many jobs, microseconds; and of a finished job its bytes.

    Args:
        jobs: how many.
        rounds: how often each is measured; the best counts.
    """
    server, session = waiting(jobs)
    yield from _of_commands(server, session, rounds)
    yield "list_jobs, a job", _microseconds(jobs, lambda: session, lambda session: session.list_jobs(), min(rounds, 3))
    yield "a decision", _microseconds(OPERATIONS, server.faults.release, lambda _: _decide(server), 1)
    yield "a whole life", _microseconds(jobs, lambda: None, lambda _: lived(jobs), rounds if jobs <= LITTLE else 1)
    yield "memory of a finished job (bytes)", weighed(jobs)[1]


def with_clients(clients: int, rounds: int = ROUNDS) -> Iterator[tuple[str, float]]:
    """Yield what operations cost on a server with so many clients."""
    server, session = waiting(2 * OPERATIONS, clients=clients)
    yield from _of_commands(server, session, rounds)
    yield (
        "get_system_info, a client",
        _microseconds(clients, lambda: session, lambda session: session.get_system_info(), rounds),
    )
    yield "a decision", _microseconds(OPERATIONS, server.faults.release, lambda _: _decide(server), 1)


def with_sessions(sessions: int, rounds: int = ROUNDS) -> Iterator[tuple[str, float]]:
    """Yield what a poll costs where so many sessions look at a job each, every two seconds, on one clock."""
    server = SimulatedServer(config=INSTANT._replace(max_jobs=sessions, run_seconds=100_000))
    watched = [
        (session, session.submit_definition(DEFINITION)) for session in (server.connect() for _ in range(sessions))
    ]
    server.advance(10 + sessions)
    turns = max(1, 1_000 // sessions)

    def poll(_: object) -> None:
        for _ in range(turns):
            server.clock.sleep(2)
            for session, job_id in watched:
                session.get_job_meta(job_id)

    yield "a poll", _microseconds(turns * sessions, lambda: None, poll, rounds)


KINDS: Final[dict[str, tuple[Callable[[int, int], Iterator[tuple[str, float]]], tuple[int, ...]]]] = {
    "jobs": (with_jobs, JOBS),
    "clients": (with_clients, CLIENTS),
    "sessions": (with_sessions, SESSIONS),
}


def measured(kind: str, sizes: Iterable[int], rounds: int = ROUNDS) -> Figures:
    """Measure the operations of a kind at every size."""
    figures: Figures = {}
    for size in sizes:
        for name, figure in KINDS[kind][0](size, rounds):
            figures.setdefault(name, {})[size] = figure
    return figures


def table(kind: str, figures: Figures) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    sizes = sorted({size for row in figures.values() for size in row})
    yield f"| {kind} | " + " | ".join(f"{size:,}" for size in sizes) + " |"
    yield "| --- |" + " ---: |" * len(sizes)
    for name, row in figures.items():
        yield f"| {name} | " + " | ".join(f"{row[size]:,.1f}" if size in row else "" for size in sizes) + " |"


def plot(kind: str, figures: Figures, path: Path) -> None:
    """Draw the figures of a kind, both axes logarithmic."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams.update({"svg.hashsalt": kind, "svg.fonttype": "none", "font.size": 9})
    drawn = Figure(figsize=(7.5, 4.2), layout="constrained")
    axes = drawn.subplots()
    for number, (name, row) in enumerate(figures.items()):
        style = "-" if number < COLORS else "--"
        axes.plot(list(row), list(row.values()), style, marker="o", markersize=3, label=name)
    axes.set(xscale="log", yscale="log", xlabel=f"number of {kind}", ylabel="microseconds (or bytes)")
    axes.grid(visible=True, which="major", alpha=0.3)
    drawn.legend(loc="outside right center", frameon=False)
    drawn.savefig(path, metadata={"Date": None})


@click.command()
@click.argument("kinds", nargs=-1, type=click.Choice(tuple(KINDS)))
@click.option("--most", type=click.IntRange(1), default=max(JOBS), help="No more of anything than this.")
@click.option("--rounds", type=click.IntRange(1), default=ROUNDS, show_default=True, help="The best of so many counts.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Write figures and plots there.")
def main(kinds: tuple[str, ...], most: int, rounds: int, into: Path | None) -> None:
    """Measure how costs grow with jobs, clients and sessions; a million jobs take some minutes."""
    found: dict[str, Figures] = {}
    for kind in kinds or KINDS:
        found[kind] = measured(kind, [size for size in KINDS[kind][1] if size <= most], rounds)
        click.echo("\n".join([*table(kind, found[kind]), ""]))
    if into:
        into.mkdir(parents=True, exist_ok=True)
        machine = {"python": sys.version.split()[0], "machine": platform.machine(), "system": platform.system()}
        (into / "growth.json").write_text(json.dumps({"on": machine, **found}, indent=1) + "\n", encoding="utf-8")
        for kind, figures in found.items():
            plot(kind, figures, into / f"{kind}.svg")


if __name__ == "__main__":
    main()
