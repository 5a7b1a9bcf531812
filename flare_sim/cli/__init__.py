"""The command ``flare-sim``: run a job or a script offline, check job folders, look at the life of a job.

Exit codes: 0 all is well, 1 the job did not complete or a definition is no good, 2 the command line makes no sense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import flare_sim
from flare_sim.cli import offline

if TYPE_CHECKING:
    from typing import IO

    from rich.console import Console

    from flare_sim.engine.trace import Record
    from flare_sim.server import SimulatedServer

__all__ = ["main"]

_STATUS_COLORS = {"FINISHED:COMPLETED": "green", "SUBMITTED": "cyan", "DISPATCHED": "cyan", "RUNNING": "yellow"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(flare_sim.__version__, prog_name="flare-sim")
def main() -> None:
    """An offline NVIDIA FLARE system: submit real job folders to it, no server needed, no waiting.

    \b
    Examples:
      flare-sim run jobs/hello-pt                     see a job live and end
      flare-sim run jobs/hello-pt --clients 8 --trace trace.jsonl
      flare-sim check jobs/*                          would a server accept these?
      flare-sim lifecycle --mermaid > lifecycle.mmd   the state machine, drawn
      flare-sim personalities                         what real servers do differently
      flare-sim run-script train.py --rounds 5        a script on NVFLARE, unchanged
      flare-sim nvflare job submit -j jobs/hello-pt   NVFLARE's own command line
    """  # noqa: D301  (click reads the control character)


@main.command()
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


@main.command()
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


@main.command()
@click.option("--mermaid", is_flag=True, help="As a mermaid state diagram instead of a table.")
def lifecycle(mermaid: bool) -> None:
    """Show every state a job can be in and every move between them."""
    from rich.table import Table

    from flare_sim.jobs.lifecycle import TRANSITIONS
    from flare_sim.jobs.lifecycle import mermaid as drawn

    if mermaid:
        click.echo(drawn(), nl=False)
        return
    table = Table("state", "status shown", "event", "next state", title="The life of a job")
    for state, row in TRANSITIONS.items():
        moves = [(event.value, target.name) for event, target in row.items()] or [("", "(final)")]
        for number, (event, target) in enumerate(moves):
            table.add_row(*((state.name, state.status) if number == 0 else ("", "")), event, target)
        table.add_section()
    _console().print(table)


main.add_command(offline.run_script)
main.add_command(offline.nvflare)


@main.command()
@click.option("--markdown", is_flag=True, help="As a page in Markdown instead of a table.")
def personalities(markdown: bool) -> None:
    """Show what servers of NVFLARE's releases do differently from the contract, quirk by quirk.

    A simulated server is like them with SimulatedServer(personality="nvflare-2.3"), or has single quirks with
    SimulatedServer(quirks=("delete-refused-while-running",)).
    """
    from rich.table import Table

    from flare_sim.personality.page import markdown as written
    from flare_sim.personality.personalities import PERSONALITIES
    from flare_sim.personality.quirks import QUIRKS

    if markdown:
        click.echo(written(), nl=False)
        return
    table = Table(title="What real servers do differently")
    table.add_column("quirk", no_wrap=True)
    table.add_column("what such a server does")
    for name in PERSONALITIES:
        table.add_column(name.removeprefix("nvflare-"), justify="center")
    for quirk in QUIRKS.values():
        marks = ("x" if quirk.name in known.quirks else "" for known in PERSONALITIES.values())
        table.add_row(quirk.name, quirk.story, *marks)
    _console().print(table)


def _show_life(server: SimulatedServer, job_id: str, status: str) -> None:
    from rich.table import Table
    from rich.text import Text

    records = [record for record in server.trace if job_id in record]
    start = records[0][0]
    table = Table("seconds", "what", title=f"job {job_id}")
    for record in records:
        table.add_row(f"{(int(record[0]) - int(start)) / 1e6:.3f}", Text(_told(record)))
    console = _console()
    console.print(table)
    console.print(Text(status, style=_STATUS_COLORS.get(status, "red")))


def _told(record: Record) -> str:
    _, kind, *facts = record
    if kind == "command":
        return f"{facts[0]} by {facts[1]}"
    return f"{facts[1]}" if kind == "state" else f"{kind}: {facts[-1]}"


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)
