"""The command ``flare-sim run``: the life of a job, on a server of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import flare_sim
from flare_sim.cli.command import CantWrite, console, echo_json, going_on, json_option, write_texts
from flare_sim.cli.problem_text import FORMAT, echo_remarks, problem_data
from flare_sim.cli.server_options import (
    server_made,
    server_options,
    server_settings,
    state_option,
    timeline_option,
    trace_option,
    user_named,
)
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flare_sim.engine.records.trace_record import TraceRecord
    from flare_sim.engine.waiting.job_view import JobView
    from flare_sim.server import SimulatedServer
    from flare_sim.session import Session

__all__ = ["run"]

_STATUS_COLORS = {"FINISHED:COMPLETED": "green", "SUBMITTED": "cyan", "DISPATCHED": "cyan", "RUNNING": "yellow"}


@click.command()
@click.argument("job", type=click.Path(readable=False))
@server_options
@state_option
@click.option(
    "--user",
    default="admin@nvidia.com",
    show_default=True,
    metavar="NAME[:ROLE]",
    help="Who submits the job; with a role, somebody who is there in addition.",
)
@trace_option
@timeline_option
@click.option("--download", type=click.Path(file_okay=False), help="Put the result into this folder.")
@json_option
def run(
    job: str,
    state_file: str | None,
    user: str,
    trace: str | None,
    timeline: str | None,
    download: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Submit the folder or zip file JOB to a simulated system and show its life.

    The time in the table is the system's own: nothing really waits. How long the run takes and how it ends can be
    said in the job's meta.json, under custom_props.flare_sim: {"run_seconds": 60, "outcome": "EXECUTION_EXCEPTION"}.

    What is wrong with the job is told as flare-sim check tells it, what the clients that are there can't give as well.

    Exits with 0 when the job completed, with 1 when it ended in any other way or was refused, with 4 when the result,
    the trace or the timeline could not be written.

    \b
    Examples:
      flare-sim run jobs/hello-pt
      flare-sim run --clients 8 --outcome EXECUTION_EXCEPTION jobs/hello-pt
      flare-sim run --rounds 5 --every 60 --metrics fedavg --download results jobs/hello-pt
      flare-sim run --state twin.flare jobs/hello-pt    and another one, later, on the same system
      flare-sim run --scenario night.toml jobs/hello-pt    in a situation that a file describes
      flare-sim run --personality nvflare-2.9 --clients site-1,site-2 jobs/hello-pt
    """  # noqa: D301  (click reads the control character)
    name, _, role = user.partition(":")
    users = (user_named(user),) if role else ()
    with server_made(server_settings(**options, users=users), state_file) as server:
        try:
            with going_on(f"running {readable(job)}"):
                job_id = _submitted(server, server.connect(name, download_dir=download), job)
                stuck = server.run_until_idle()
        except (
            flare_sim.AuthenticationError,
            flare_sim.AuthorizationError,
            flare_sim.InternalError,
            flare_sim.InvalidJobDefinition,
            flare_sim.NoConnection,
        ) as problem:
            if as_json:
                echo_json(_refused(server, problem))
            elif not echo_remarks(server):
                raise click.ClickException(str(problem)) from None
            raise click.exceptions.Exit(1) from None
        folder = _downloaded(server, name, download, job_id) if download else None
        meta = _meta(server, name, job_id)
        if as_json:
            with going_on("telling its life"):
                life = _life(server, meta, stuck, folder)
            echo_json(life)
        else:
            echo_remarks(server)
            _show(server, meta, stuck, folder)
        write_texts((trace, server.trace.to_jsonl), (timeline, server.timeline_page))
        if trace is not None and not as_json:
            with going_on("summing up the trace"):
                digest = server.trace.digest()
            click.echo(f"Trace:    {readable(trace)} (digest {digest})")
        if timeline is not None and not as_json:
            click.echo(f"Timeline: {readable(timeline)}")
    if meta["status"] != "FINISHED:COMPLETED":
        raise click.exceptions.Exit(1)


def _submitted(server: SimulatedServer, session: Session, job: str) -> str:
    """Submit a job; returns its id, also when the reply with it is lost in the scenario."""
    before = len(server.jobs)
    try:
        return session.submit_job(job)
    except flare_sim.NoConnection:
        if len(server.jobs) == before:
            raise
        click.echo("flare-sim: the reply was lost, and the job is there all the same", err=True)
        return server.jobs[-1].job_id


_OUT_OF_REACH = (
    flare_sim.AuthenticationError,
    flare_sim.AuthorizationError,
    flare_sim.InternalError,
    flare_sim.NoConnection,
    flare_sim.SessionClosed,
)
"""How a session fails with a server that is out of order, or with which the user has no rights any more."""


def _downloaded(server: SimulatedServer, user: str, folder: str, job_id: str) -> str:
    try:
        with going_on("writing the result"):
            return server.connect(user, download_dir=folder).download_job_result(job_id)
    except _OUT_OF_REACH as problem:
        raise CantWrite(str(problem)) from None


def _meta(server: SimulatedServer, user: str, job_id: str) -> Mapping[str, Any]:
    """Return the meta of a job, or as much as is known of it where the server is out of order in the end."""
    try:
        return server.connect(user).get_job_meta(job_id)
    except _OUT_OF_REACH:
        return {"job_id": job_id, "status": next(job.status for job in server.jobs if job.job_id == job_id)}


def _refused(server: SimulatedServer, problem: Exception) -> dict[str, Any]:
    """Return what there is to know of a job that is not taken."""
    told = {"error": type(problem).__name__, "message": str(problem)}
    return {"format": FORMAT, "job_id": None, **told, **_remarks(server)}


def _remarks(server: SimulatedServer) -> dict[str, list[dict[str, str]]]:
    return problem_data(problem for problems in server.remarks.values() for problem in problems)


def _life(
    server: SimulatedServer, meta: Mapping[str, Any], stuck: Sequence[JobView], folder: str | None
) -> dict[str, Any]:
    """Return what there is to know of a job: its life, its meta, and what waits."""
    return {
        "format": FORMAT,
        "job_id": meta["job_id"],
        "status": meta["status"],
        "life": [record.as_dict() for record in server.history(meta["job_id"])],
        "meta": meta,
        "stuck": {job.job_id: job.reason for job in stuck},
        **_remarks(server),
        "result": folder,
        "digest": server.trace.digest(),
    }


def _show(server: SimulatedServer, meta: Mapping[str, Any], stuck: Sequence[JobView], folder: str | None) -> None:
    _show_life(server, meta["job_id"], meta["status"])
    for key in ("job_deploy_detail", "schedule_history"):
        for line in meta.get(key, []):
            click.echo(f"  {readable(line)}")
    for waiting in stuck:
        click.echo(f"  {waiting}")
    if folder is not None:
        click.echo(f"Result:   {readable(folder)}")


def _show_life(server: SimulatedServer, job_id: str, status: str) -> None:
    from rich.table import Column, Table
    from rich.text import Text

    records = server.history(job_id)
    table = Table("seconds", Column("what", overflow="fold"), title=f"job {job_id}")
    for record in records:
        table.add_row(f"{record.seconds - records[0].seconds:.3f}", Text(readable(_told(record))))
    out = console()
    out.print(table)
    out.print(Text(status, style=_STATUS_COLORS.get(status, "red")))


def _told(record: TraceRecord) -> str:
    if record.kind == "command":
        return f"{record.command} by {record.user}"
    if record.kind == "state":
        known = record.status.rpartition(":")[2] == record.state
        return record.status if known else f"{record.status} ({record.state.lower()})"
    if record.kind == "round":
        return f"round {record.round} is over"
    return f"{record.kind}: {record[-1]}"
