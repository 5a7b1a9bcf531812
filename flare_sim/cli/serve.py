"""The command ``flare-sim serve``: a simulated server for NVFLARE's clients in other processes."""

from __future__ import annotations

import logging
import os
import shlex
import signal
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from flare_sim.cli.command import CantWrite, write_text, write_texts
from flare_sim.cli.job_options import job_options, job_settings
from flare_sim.cli.problem_text import FORMAT, echo_remarks
from flare_sim.cli.server_options import (
    server_made,
    server_options,
    state_option,
    timeline_option,
    trace_option,
    user_option,
)
from flare_sim.on_clock.scaled_clock import HIGHEST_SPEED, ScaledClock
from flare_sim.spec import AuthenticationError, AuthorizationError, InternalError, InvalidJobDefinition, NoConnection
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flare_sim.commands.protocol import Command, Reply
    from flare_sim.scenarios.scenario import Scenario
    from flare_sim.server import SimulatedServer
    from flare_sim.serving import Service

__all__ = ["serve"]

_ADMIN = "admin@nvidia.com"
"""Who submits the jobs of ``--job``, and whose kit is shown how to use."""


@click.command()
@click.option("--port", default=8002, show_default=True, type=click.IntRange(0, 65535), help="0 for any that is free.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen at, of which only this machine knows."
)
@click.option(
    "--kit-host",
    metavar="HOST",
    help="How clients call this machine, in their startup kits; by --host unless given, or by its name if that is "
    "0.0.0.0.",
)
@click.option(
    "--kits",
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    help="Put the startup kits into this folder, and leave them there, with what was downloaded; in a temporary one "
    "that is gone afterwards unless given.",
)
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, HIGHEST_SPEED),
    help="How many seconds pass there while one passes here; 0 for a time that stands still.",
)
@click.option(
    "--job",
    "jobs",
    multiple=True,
    type=click.Path(readable=False),
    help="A job folder that is submitted first. Can be repeated.",
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write a JSON file as soon as clients are answered, with the address and the kits; gone afterwards.",
)
@click.option(
    "--control-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Let the system be controlled by flare-sim ctl and from Python: write into this file, which only you may "
    "read, where that is, and what lets one in; gone afterwards.",
)
@click.option(
    "--control-port",
    default=0,
    type=click.IntRange(0, 65535),
    help="With --control-file: the port, on this machine alone; one that is free unless given.",
)
@click.option(
    "--until-eof",
    is_flag=True,
    help="End when standard input does, too, and so with whoever began it and holds the other end of a pipe.",
)
@click.option("--verbose", is_flag=True, help="Tell of each command that is answered, on standard error.")
@server_options
@user_option
@job_options
@state_option
@trace_option
@timeline_option
def serve(
    port: int,
    host: str,
    kit_host: str | None,
    kits: str | None,
    speed: float,
    jobs: tuple[str, ...],
    ready_file: str | None,
    control_file: str | None,
    control_port: int,
    until_eof: bool,
    verbose: bool,
    state_file: str | None,
    trace: str | None,
    timeline: str | None,
    **options: Any,
) -> None:
    """Serve a simulated system to NVFLARE's clients in other processes, until it is stopped.

    Clients are NVFLARE's own, unchanged: sessions of new_secure_session, "nvflare job ..." from a shell, notebooks,
    other containers. They have to be of the release that is installed here. Each user gets a startup kit, made on the
    spot and good for a month; nobody else is let in.

    Time passes as it does, or --speed times as fast. What clients wait for by themselves, such as the interval of
    monitor_job, goes by their own clock.

    \b
    Exit codes:
      0    stopped by SIGTERM, or with --until-eof by the end of standard input
      1    it can't listen there, a --job is refused, a user's name fits in no startup kit, or
           NVFLARE is not installed
      2    the command line makes no sense
      4    the ready file, a kit, the trace or the timeline could not be written
      130  stopped by Ctrl-C

    \b
    Examples:
      flare-sim serve
      flare-sim serve --speed 60 --run-seconds 3600       jobs of an hour take a minute
      flare-sim serve --port 0 --ready-file ready.json    for a script, which reads there where it is
      flare-sim serve --scenario night.toml --speed 60    a system in a situation
      flare-sim serve --speed 0 --control-file ctl.json   time that flare-sim ctl moves
      flare-sim serve --personality nvflare-2.9 --clients 8 --user data@hospital.org:member
      flare-sim serve --state twin.flare --kits kits      the same system and the same place, next time

    \b
    The ready file, whose keys stay what they are while "format" is 1:
      {"format": 1, "host": TEXT, "port": NUMBER, "pid": NUMBER, "release": TEXT,
       "expires": TEXT, "kits": {USER: FOLDER, ...}, "control": FILE or null}
    """  # noqa: D301  (click reads the control character)
    settings = job_settings(options)
    _see_nvflare()
    with _until_sigterm() as stopped, _logging(verbose), _server(settings, state_file, speed) as server:
        _submit(server, jobs)
        with ExitStack() as stack:
            service = stack.enter_context(_service(server, host, port, kit_host, kits, verbose))
            make = partial(_made_anew, settings, state_file, speed, jobs)
            stack.enter_context(_controlled(service, make, control_port, control_file))
            stack.enter_context(_ready(service, ready_file, control_file))
            _tell(service, control_file)
            if until_eof:
                threading.Thread(target=_stop_at_eof, args=(stopped,), daemon=True).start()
            try:
                stopped.wait()
            finally:
                with service.server as last:
                    write_texts((trace, last.trace.to_jsonl), (timeline, last.timeline_page))


def _see_nvflare() -> None:
    from flare_sim.nvflare.releases import installed_release

    try:
        installed_release()
    except ImportError as problem:
        raise click.ClickException(str(problem)) from None


@contextmanager
def _until_sigterm() -> Iterator[threading.Event]:
    """Give what is set when the process is asked to end; Ctrl-C ends it as any command."""
    stopped = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop_at_eof(stopped: threading.Event) -> None:
    """Have the process end as soon as nothing more can come to it: whoever held the other end is gone."""
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    stopped.set()


@contextmanager
def _server(settings: dict[str, Any], state_file: str | None, speed: float) -> Iterator[SimulatedServer]:
    """Make the server, on a clock that goes on from now, or from later where its state was."""
    fresh = state_file is None or not os.path.exists(state_file)
    if fresh:
        scenario: Scenario | None = settings.get("scenario")
        settings = {**settings, "clock": ScaledClock(speed, None if scenario is None else scenario.start)}
    with server_made(settings, state_file) as server:
        if not fresh:
            server.clock = ScaledClock(speed, max(server.clock.time(), ScaledClock().time()))
        yield server


def _made_anew(
    settings: dict[str, Any], state_file: str | None, speed: float, jobs: tuple[str, ...], **options: Any
) -> SimulatedServer:
    """Make a fresh server like the first one, or in a scenario of which nothing else was said.

    Raises:
        ValueError: there is a state file, or an option makes no sense.
    """
    from flare_sim.scenarios.making import make_server
    from flare_sim.scenarios.scenario import Scenario

    if state_file is not None:
        raise ValueError("a system that is kept in a state file is not made anew")
    settings = options if options.get("scenario") is not None else {**settings, **options}
    scenario = settings.get("scenario")
    start = None if scenario is None else Scenario.of(scenario).start
    with ExitStack() as stack:
        server = stack.enter_context(make_server(**{**settings, "clock": ScaledClock(speed, start)}))
        try:
            _submit(server, jobs)
        except (click.ClickException, click.exceptions.Exit) as problem:
            raise ValueError(f"a job that is submitted first is refused there: {problem}") from None
        stack.pop_all()
    return server


@contextmanager
def _controlled(service: Service, make: Callable[..., SimulatedServer], port: int, path: str | None) -> Iterator[None]:
    """Let the system be controlled, while the file lasts that says how."""
    if path is None:
        yield
        return
    from flare_sim.control import ControlPort

    try:
        controlled = ControlPort(make, port=port, changed=service.exchange, server=service.server)
    except OSError as problem:
        raise click.ClickException(f"can't be controlled at port {port}: {problem.strerror or problem}") from None
    with controlled:
        try:
            controlled.write(path)
        except (OSError, ValueError) as problem:
            raise CantWrite(f"can't write {path}: {getattr(problem, 'strerror', None) or problem}") from None
        try:
            yield
        finally:
            with suppress(OSError):
                os.unlink(path)


def _submit(server: SimulatedServer, jobs: tuple[str, ...]) -> None:
    try:
        session = server.connect(_ADMIN) if jobs else None
        for job in jobs:
            if session is not None:
                session.submit_job(job)
    except (AuthenticationError, AuthorizationError, InternalError, InvalidJobDefinition, NoConnection) as problem:
        if echo_remarks(server):
            raise click.exceptions.Exit(1) from None
        raise click.ClickException(str(problem)) from None


@contextmanager
def _service(
    server: SimulatedServer, host: str, port: int, kit_host: str | None, kits: str | None, verbose: bool
) -> Iterator[Service]:
    from flare_sim.serving import Service

    with ExitStack() as stack:
        told = _tell_of_command if verbose else None
        try:
            service = Service(server, host=host, port=port, kit_host=kit_host, kits=kits, told=told)
            stack.enter_context(service)
        except ValueError as problem:
            raise click.ClickException(str(problem)) from None
        except OSError as problem:
            if problem.filename is not None:
                raise CantWrite(f"can't write {problem.filename}: {problem.strerror}") from None
            raise click.ClickException(f"can't serve at {host}:{port}: {problem.strerror or problem}") from None
        # What NVFLARE leaves behind when a client is gone in the middle of something goes with this process.
        left = stack.enter_context(tempfile.TemporaryDirectory(prefix="flare-sim-"))
        stack.callback(setattr, tempfile, "tempdir", tempfile.tempdir)
        tempfile.tempdir = left
        if not _is_loopback(host):
            click.echo(
                f"Warning: whoever reaches {host}:{service.address.port} reaches this server; only those are let in "
                "who have one of its startup kits",
                err=True,
            )
        yield service


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _ready(service: Service, path: str | None, control_file: str | None) -> Iterator[None]:
    """Have a file that says where the service is, while it lasts."""
    if path is None:
        yield
        return
    from json import dumps

    told = {
        "format": FORMAT,
        **service.address._asdict(),
        "pid": os.getpid(),
        "release": service.release.name,
        "expires": service.expires,
        "kits": service.kits,
        "control": None if control_file is None else os.path.abspath(control_file),
    }
    write_text(path, dumps(told, indent=2) + "\n")
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(path)


def _tell(service: Service, control_file: str | None) -> None:
    """Say where the service is, and how to use it."""
    project = readable(service.server.config.project)
    click.echo(f"Serving {project} to clients of NVFLARE {service.release.name} at {service.address}")
    click.echo(f"Startup kits, good until {service.expires}:")
    roles = {user.name: user.role for user in service.server.users}
    for name, kit in service.kits.items():
        click.echo(f"  {roles[name]:<13}  {readable(kit)}")
    for name in sorted(service.kits, key=lambda name: name != _ADMIN)[:1]:
        _tell_how_to_use(service.commands, name, service.kits[name])
    if control_file is not None:
        click.echo("To control it:")
        click.echo(f"  flare-sim ctl --control {shlex.quote(readable(control_file))} state")
    click.echo("Ctrl-C ends it.")


def _tell_how_to_use(commands: tuple[str, ...], name: str, kit: str) -> None:
    if commands:
        click.echo("In another terminal:")
        for line in commands:
            click.echo(f"  {line.format(kit=shlex.quote(kit))}")
    click.echo("In Python:")
    click.echo("  from nvflare.fuel.flare_api.flare_api import new_secure_session")
    click.echo(f"  session = new_secure_session({name!r}, {kit!r})")


def _tell_of_command(user: str, command: Command, reply: Reply) -> None:
    words = readable(" ".join((command.name, *command.args)))
    with suppress(OSError):  # nobody reads on
        click.echo(f"{readable(user)}: {words}: {reply.status or reply.api_status}", err=True)


@contextmanager
def _logging(verbose: bool) -> Iterator[None]:
    """Say what NVFLARE says of its clients when it is asked for, and nothing of it else."""
    if verbose:
        logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
        yield
        return
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)
