"""The commands about job folders: ``flare-sim run`` and ``flare-sim check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import flare_sim

if TYPE_CHECKING:
    from typing import IO

    from flare_sim.engine.trace import Record
    from flare_sim.server import SimulatedServer

__all__ = ["check", "run"]

_STATUS_COLORS = {"FINISHED:COMPLETED": "green", "SUBMITTED": "cyan", "DISPATCHED": "cyan", "RUNNING": "yellow"}


@click.command()
@click.argument("job", type=click.Path())
@click.option("--clients", default=2, show_default=True, type=click.IntRange(0, 10_000), help="How many clients.")
@click.option("--user", default="admin@nvidia.com", show_default=True, help="Who submits the job.")
@click.option("--seed", default=0, show_default=True, help="Where the job's id comes from.")
@click.option(
    "--trace", type=click.File("w", encoding="ascii", lazy=True), help="Write what happened there, as JSON lines."
)
@click.option("--download", type=click.Path(file_okay=False), help="Put the result into this folder.")
def run(job: str, clients: int, user: str, seed: int, trace: IO[str] | None, download: str | None) -> None:
    """Submit the folder or zip file JOB to a simulated system and show its life.

    The time in the table is the system's own: nothing really waits. How long the run takes and how it ends can be
    said in the job's meta.json, under custom_props.flare_sim: {"run_seconds": 60, "outcome": "EXECUTION_EXCEPTION"}.

    Exits with 0 when the job completed, with 1 when it ended in any other way or was refused.
    """
    with flare_sim.SimulatedServer(seed=seed, clients=clients) as server:
        try:
            session = server.connect(user, download_dir=download)
            job_id = session.submit_job(job)
            server.run_until_idle()
            folder = session.download_job_result(job_id) if download else None
        except (
            flare_sim.AuthenticationError,
            flare_sim.AuthorizationError,
            flare_sim.InternalError,
            flare_sim.InvalidJobDefinition,
        ) as problem:
            raise click.ClickException(str(problem)) from None
        meta = session.get_job_meta(job_id)
        _show_life(server, job_id, meta["status"])
        for key in ("job_deploy_detail", "schedule_history"):
            for line in meta.get(key, []):
                click.echo(f"  {line}")
        if meta["status"] == "SUBMITTED":
            click.echo("  The job waits for clients, and none is connected.")
        if folder is not None:
            click.echo(f"Result: {folder}")
        if trace is not None:
            trace.write(server.trace.to_jsonl())
            click.echo(f"Trace:  {trace.name} (digest {server.trace.digest()})")
    if meta["status"] != "FINISHED:COMPLETED":
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("jobs", nargs=-1, required=True, type=click.Path(), metavar="JOB...")
def check(jobs: tuple[str, ...]) -> None:
    """Say of each folder or zip file JOB whether a server would accept it, and if not, what is wrong where.

    Exits with 1 when any of them is no good.
    """
    bad = 0
    for path in jobs:
        try:
            definition = flare_sim.JobDefinition.load(path)
        except flare_sim.InvalidJobDefinition as problem:
            bad += 1
            click.echo(f"{click.style('bad', fg='red')}  {path}: {problem}")
            continue
        apps = ", ".join(f"{app} -> {' '.join(sites)}" for app, sites in definition.deploy_map)
        detail = f"{definition.name}: {apps}; at least {definition.min_clients} client(s)"
        click.echo(f"{click.style('ok', fg='green')}   {path}: {detail}")
    if bad:
        raise click.exceptions.Exit(1)


def _show_life(server: SimulatedServer, job_id: str, status: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    records = [record for record in server.trace if job_id in record]
    start = records[0][0]
    table = Table("seconds", "what", title=f"job {job_id}")
    for record in records:
        table.add_row(f"{(int(record[0]) - int(start)) / 1e6:.3f}", Text(_told(record)))
    console = Console(highlight=False)
    console.print(table)
    console.print(Text(status, style=_STATUS_COLORS.get(status, "red")))


def _told(record: Record) -> str:
    _, kind, *facts = record
    if kind == "command":
        return f"{facts[0]} by {facts[1]}"
    return f"{facts[1]}" if kind == "state" else f"{kind}: {facts[-1]}"
