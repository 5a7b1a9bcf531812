"""The commands that run NVFLARE's users' programs offline: ``flare-sim run-script`` and ``flare-sim nvflare``."""

from __future__ import annotations

import sys
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from flare_sim.cli.command import CantWrite, write_texts
from flare_sim.cli.job_options import job_options, job_settings
from flare_sim.cli.problem_text import FORMAT, echo_remarks
from flare_sim.cli.server_options import (
    Seconds,
    clock_for,
    horizon_option,
    server_made,
    server_options,
    state_option,
    timeline_option,
    trace_option,
    user_option,
)
from flare_sim.clock import SystemClock, VirtualClock
from flare_sim.engine.runs.behavior import ANY_NAME, names_for
from flare_sim.spec import AuthenticationError, AuthorizationError, InternalError, InvalidJobDefinition
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from flare_sim.jobs.behavior import JobBehavior
    from flare_sim.server import SimulatedServer

__all__ = ["nvflare", "run_script"]

_THE_REST_IS_THEIRS = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@click.command("run-script", context_settings=_THE_REST_IS_THEIRS)
@click.argument("script", type=click.Path(exists=True, dir_okay=False))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@server_options
@user_option
@job_options
@click.option("--real-time", is_flag=True, help="Let time pass as it does, instead of skipping what is slept through.")
@horizon_option
@click.option(
    "--upload-dir",
    type=click.Path(exists=True, file_okay=False),
    help="Look here for jobs that are named without a folder, instead of in transfer of the startup kit.",
)
@click.option(
    "--download-dir",
    "--download",
    type=click.Path(file_okay=False),
    help="Put results into this folder, and keep them, instead of in transfer of the startup kit, or, if that kit is "
    "not there, in a folder that is gone afterwards.",
)
@trace_option
@timeline_option
@click.option(
    "--record",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write every call of its sessions, and how it turned out, for flare-sim replay.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write what became of each job, as JSON.",
)
@click.option(
    "--summary/--no-summary",
    default=None,
    help="Say at the end what happened there; on a terminal it is said. What is wrong with jobs is told anyway, unless "
    "there is to be no summary.",
)
def run_script(
    script: str,
    arguments: tuple[str, ...],
    real_time: bool,
    upload_dir: str | None,
    download_dir: str | None,
    trace: str | None,
    timeline: str | None,
    record: str | None,
    json_file: str | None,
    summary: bool | None,
    max_seconds: float | None,
    **options: Any,
) -> None:
    """Run the Python file SCRIPT, with its ARGUMENTS, on a simulated system instead of a real one.

    The script stays as it is: new_secure_session and new_insecure_session, and whatever else opens a session with
    NVFLARE's own code, get one with a fresh simulated server, whatever startup kit they name. The kit need not be
    there; of one that is, transfer (or what its configuration names) is where jobs are looked for and results go.
    NVFLARE has to be installed, no network is used.

    Time is skipped: time.sleep and time.time, in the script and in the modules it imports that are not installed, and
    in NVFLARE's sessions, go by the server's clock, so that hours of waiting take milliseconds. What waits otherwise
    (asyncio, threads, libraries) really waits, and a loop that waits without sleeping never ends: try --real-time.

    What is wrong with the jobs that the script submits is told at the end, on standard error, as flare-sim check
    tells it.

    Options come before SCRIPT. The exit code is the script's own.

    \b
    Examples:
      flare-sim run-script train.py --rounds 5
      flare-sim run-script --clients 8 --run-seconds 3600 train.py
      flare-sim run-script --outcome EXECUTION_EXCEPTION train.py    does it notice?
      flare-sim run-script --upload-dir jobs --job-result hello-numpy=models --job-outcome bad=ABNORMAL train.py
    """  # noqa: D301  (click reads the control character)
    from flare_sim.nvflare.import_hook import ImportHook
    from flare_sim.nvflare.main_script import run_as_main
    from flare_sim.nvflare.offline_scope import offline
    from flare_sim.nvflare.releases import installed_release

    settings = job_settings(options)
    if real_time and click.get_current_context().get_parameter_source("max_seconds") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--max-seconds is about virtual time, and with --real-time there is none")
    settings["clock"] = SystemClock() if real_time else clock_for(settings, max_seconds)
    try:
        installed_release()  # without one nothing is begun
        with offline(upload_dir=upload_dir, download_dir=download_dir, record=record, **settings) as server:
            began = server.clock.time()
            try:
                if real_time:
                    code = run_as_main(script, arguments)
                else:
                    with ImportHook(server.clock) as hook:
                        code = run_as_main(script, arguments, hook.builtins)
            except OSError as problem:  # what the script itself raises ends in its exit code
                raise click.UsageError(f"{script} can't be read: {problem.strerror or problem}") from None
            passed = server.clock.time() - began
            files = ((trace, server.trace.to_jsonl), (timeline, server.timeline_page))
            write_texts(*files, (json_file, partial(_as_json, server, passed)))
            if summary is not False:
                echo_remarks(server)
                _tell_unmet(settings["behavior"], server)
            if sys.stderr.isatty() if summary is None else summary:
                _summarize(server, passed)
    except ImportError as problem:
        raise click.ClickException(str(problem)) from None
    except OSError as problem:
        if record is None:
            raise
        raise CantWrite(f"can't write {record}: {problem.strerror or problem}") from None
    raise click.exceptions.Exit(code)


@click.command(context_settings=_THE_REST_IS_THEIRS)
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
@server_options
@user_option
@job_options
@click.option(
    "--job",
    "jobs",
    multiple=True,
    type=click.Path(readable=False),
    help="A job folder that is submitted first. Can be repeated.",
)
@state_option
@click.option("--after", default=0.0, type=Seconds(), help="Seconds that pass before the command is given.")
@horizon_option
@click.option("--as", "name", default="admin@nvidia.com", show_default=True, help="Who is at the keyboard.")
def nvflare(
    arguments: tuple[str, ...],
    jobs: tuple[str, ...],
    state_file: str | None,
    after: float,
    name: str,
    max_seconds: float | None,
    **options: Any,
) -> None:
    """Do what NVFLARE's own command "nvflare ARGUMENTS" does, on a simulated system. Of its commands: nvflare job.

    Every call begins with a fresh server that holds no jobs but those of --job: nothing is kept from call to call,
    unless --state says where. The same jobs get the same ids, so that what one call lists another one can name. No
    startup kit is asked for. To give several commands to one server, use --state, or call
    flare_sim.nvflare.nvflare_command inside offline().

    Options come before ARGUMENTS. The exit code is the command's own.

    \b
    Examples:
      flare-sim nvflare job submit -j jobs/hello-pt
      flare-sim nvflare --job jobs/hello-pt --after 60 job list
      flare-sim nvflare --state twin.flare job submit -j jobs/hello-pt
      flare-sim nvflare --state twin.flare --after 60 job list
    """  # noqa: D301  (click reads the control character)
    from flare_sim.nvflare.command_line import nvflare_command
    from flare_sim.nvflare.releases import installed_release

    try:
        with server_made(job_settings(options), state_file) as server:
            installed_release()  # without one nothing is begun
            # That of a state file says what time it is.
            server.clock = VirtualClock(server.clock.time(), max_seconds)
            session = server.connect(name)
            try:
                for job in jobs:
                    session.submit_job(job)
                server.advance(after)
                code = nvflare_command(*arguments, server=server, user=name)
            finally:
                echo_remarks(server)
    except (
        AuthenticationError,
        AuthorizationError,
        ImportError,
        InternalError,
        InvalidJobDefinition,
        NotImplementedError,
        ValueError,
    ) as problem:
        raise click.ClickException(str(problem)) from None
    raise click.exceptions.Exit(code)


def _tell_unmet(behavior: JobBehavior | dict[str, JobBehavior], server: SimulatedServer) -> None:
    """Say on stderr of which name no job was; where jobs were deleted it is not known."""
    if isinstance(behavior, dict) and not server.trace.of("deleted"):
        met = {ANY_NAME, *(name for job in server.jobs for name in names_for(job.name, behavior))}
        for name in sorted({*behavior} - met):
            click.echo(f"flare-sim: no job was named {name!r}, of which an option says what it does", err=True)


def _as_json(server: SimulatedServer, seconds: float) -> str:
    """Say what happened on the server, for programs."""
    from json import dumps

    jobs = [job._asdict() for job in server.jobs]
    deleted = [record.job_id for record in server.trace.of("deleted")]
    told = {"format": FORMAT, "seconds": seconds, "jobs": jobs, "deleted": deleted, "digest": server.trace.digest()}
    return dumps(told, indent=2) + "\n"


def _summarize(server: SimulatedServer, seconds: float) -> None:
    """Say on stderr what happened on the server."""
    deleted = len(server.trace.of("deleted"))
    gone = f", {deleted} deleted" if deleted else ""
    passed = timedelta(seconds=round(seconds))
    click.echo(f"flare-sim: {len(server.jobs)} job(s){gone}; {passed} passed on the server's clock", err=True)
    for job in server.jobs:
        click.echo(f"  {job.job_id}  {job.status:<20}  {readable(job.name)} of {readable(job.submitter)}", err=True)
        if job.reason:
            click.echo(f"    {job.reason}", err=True)
