"""The options that say how a simulated server is made, for every command that makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

import flare_sim
from flare_sim.cli.command import CantWrite, going_on
from flare_sim.clock import LONGEST_SECONDS, MAX_SECONDS, VirtualClock
from flare_sim.config import ServerConfig
from flare_sim.engine.clients.sites import client_list
from flare_sim.jobs.behavior import OUTCOMES, JobBehavior
from flare_sim.jobs.limits import JobLimits
from flare_sim.jobs.outputs import FEDAVG, MOST_ROUNDS
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.untrusted_values import readable
from flare_sim.users import DEFAULT_USERS, ROLES, User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flare_sim.scenarios.scenario import Scenario
    from flare_sim.server import SimulatedServer

    AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

__all__ = [
    "Seconds",
    "clients_given",
    "clock_for",
    "horizon_option",
    "limit_options",
    "server_made",
    "server_options",
    "server_settings",
    "state_option",
    "timeline_option",
    "trace_option",
    "user_named",
    "user_option",
    "with_options",
]

_MOST_CLIENTS = 10_000


class Seconds(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in newer click only
    """A number of seconds that a simulated server can wait."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | None:
        """Read the number; what no server can wait is wrong usage."""
        try:
            return JobBehavior(run_seconds=float(value)).run_seconds
        except ValueError:
            self.fail(f"{value!r} is no number of seconds from 0 to {LONGEST_SECONDS:.0f}", param, ctx)


class _Horizon(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # as above
    """A number of seconds above 0, or ``none``."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | None:
        """Read the number; ``none`` is None."""
        if value == "none":
            return None
        try:
            seconds = float(value)
            VirtualClock(max_seconds=seconds)
        except ValueError:
            self.fail(f"{value!r} is neither a number of seconds above 0 nor none", param, ctx)
        return seconds


def clients_given(context: click.Context, option: click.Parameter, text: str | None) -> int | tuple[str, ...] | None:
    """Read how many clients, or their names with commas between them, and see that clients can be called so."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        if int(text[:9]) > _MOST_CLIENTS:
            raise click.BadParameter(f"{text} is more than {_MOST_CLIENTS}")
        return int(text)
    names = tuple(name.strip() for name in text.split(","))
    try:
        client_list(names)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None
    return names


def user_named(text: str) -> User:
    """Read a user from ``NAME`` or ``NAME:ROLE``."""
    name, _, role = text.partition(":")
    if not name or role not in ("", *ROLES):
        raise click.BadParameter(f"{text!r} is no NAME or NAME:ROLE; roles: {', '.join(ROLES)}")
    try:
        return User(name, role=role or "lead")
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None


def _users(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[User, ...]:
    return tuple(map(user_named, given))


def _scenario(context: click.Context, option: click.Parameter, name: str | None) -> Scenario | None:
    if name is None:
        return None
    from flare_sim.scenarios.scenario import Scenario

    try:
        return Scenario.of(name)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None


def _limit_option(field: str, text: str) -> Callable[[AnyFunction], AnyFunction]:
    default = getattr(JobLimits(), field)
    name = f"--{field.replace('_', '-')}"
    return click.option(name, default=default, show_default=True, type=click.IntRange(1), help=text)


_LIMIT_OPTIONS = (
    _limit_option(
        "max_job_bytes",
        "How large the files of a job may be in all. This limit and the next ones are the simulator's own.",
    ),
    _limit_option("max_job_files", "How many files and folders a job may have, together."),
    _limit_option("max_job_depth", "How deep the folders of a job may be nested."),
    _limit_option("max_name_bytes", "How long the name of a file or folder may be, in UTF-8."),
    _limit_option("max_path_bytes", "How long a path inside a job may be, in UTF-8."),
    _limit_option("max_meta_bytes", "How large the meta of a job may be."),
    _limit_option("max_zip_ratio", "How many times as large as a zip file the job in it may be, above 16 MiB."),
)
_SERVER_OPTIONS = (
    click.option(
        "--scenario",
        metavar="FILE|NAME",
        callback=_scenario,
        help="The situation the system is in: a TOML file, or one of those that flare-sim scenarios lists. Options "
        "that are given go before what it says.",
    ),
    click.option(
        "--clients",
        default="2",
        show_default=True,
        metavar="N|NAME,NAME,...",
        callback=clients_given,
        help="How many clients, or their names.",
    ),
    click.option("--seed", default=0, show_default=True, help="Where the ids of jobs come from."),
    click.option("--personality", type=click.Choice([*PERSONALITIES]), help="Whose servers it is like."),
    click.option("--run-seconds", type=Seconds(), help="How long a job runs that does not say."),
    click.option("--outcome", type=click.Choice([*OUTCOMES]), help="How a job ends that does not say."),
    click.option(
        "--rounds",
        type=click.IntRange(1, MOST_ROUNDS),
        help="How many rounds a job has that does not say; it takes as long as they do, unless --run-seconds is given.",
    ),
    click.option("--every", type=Seconds(), help="How long a round takes."),
    click.option(
        "--metrics",
        type=click.Choice([FEDAVG]),
        help="What the rounds of a job reach that does not say, for each client, in its result: a loss and an accuracy "
        "as federated averaging has them.",
    ),
    click.option(
        "--progress",
        default="time",
        show_default=True,
        type=click.Choice(["time", "immediate"]),
        help="How jobs get on: as time passes, or by the next call.",
    ),
    *_LIMIT_OPTIONS,
)
trace_option = click.option(
    "--trace",
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write what happened there, as JSON lines.",
)
"""Where the server's trace goes, for a command that ends with one."""
timeline_option = click.option(
    "--timeline",
    "timeline",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write it as a page of HTML that shows jobs and clients over time.",
)
"""Where the page of what happened goes, for the same commands."""
state_option = click.option(
    "--state",
    "state_file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Go on with the system whose state is in this file, as its options made it and with the clients it has, and "
    "keep it there; begin with a fresh one when there is no such file.",
)
"""Where a system is kept from call to call, for a command that changes one."""
horizon_option = click.option(
    "--max-seconds",
    default=f"{MAX_SECONDS:.0f}",
    show_default=True,
    type=_Horizon(),
    metavar="SECONDS|none",
    help="End whoever waits in vain: when nothing has happened on the server's clock for so long, and nothing is "
    "planned, the next wait is an error that says what is missing. With none there is no such end.",
)
"""How far waiting on a virtual clock is of use, for a command that lets others wait there."""
user_option = click.option(
    "--user",
    "users",
    multiple=True,
    metavar="NAME[:ROLE]",
    callback=_users,
    help="One more user who may connect, a lead unless a role is given. Others are there: admin@nvidia.com (the "
    "project's administrator), org@nvidia.com, lead@nvidia.com, member@nvidia.com. Can be repeated.",
)
"""Who else may connect, for a command that lets several users in."""


def server_options(function: AnyFunction) -> AnyFunction:
    """Give a command the options."""
    return with_options(_SERVER_OPTIONS, function)


def limit_options(function: AnyFunction) -> AnyFunction:
    """Give a command the options about how large a job may be, which ``server_options`` has among others."""
    return with_options(_LIMIT_OPTIONS, function)


def server_settings(
    scenario: Scenario | None,
    clients: int | tuple[str, ...],
    seed: int,
    personality: str | None,
    run_seconds: float | None,
    outcome: str | None,
    rounds: int | None,
    every: float | None,
    metrics: str | None,
    progress: str,
    users: tuple[User, ...] = (),
    **limits: Any,
) -> dict[str, Any]:
    """Turn the options into arguments of ``make_server``: what was given, where there is a scenario."""
    names = {user.name for user in users}
    behavior = JobBehavior(run_seconds=run_seconds, outcome=outcome, rounds=rounds, every=every, metrics=metrics)
    if scenario is not None:
        plain = {"clients": clients, "seed": seed, "personality": personality, "progress": progress}
        said: dict[str, Any] = {name: value for name, value in plain.items() if _is_given(name)}
        said["config"] = scenario.config._replace(**{name: value for name, value in limits.items() if _is_given(name)})
        said["users"] = [*(user for user in scenario.users if user["name"] not in names), *users]
        try:
            return {"scenario": scenario.but(**said), "behavior": behavior}
        except ValueError as problem:
            raise click.UsageError(f"the scenario and the options do not fit: {problem}") from None
    return {
        "clients": clients,
        "users": (*(user for user in DEFAULT_USERS if user.name not in names), *users),
        "seed": seed,
        "config": ServerConfig()._replace(**limits),
        "personality": personality,
        "behavior": behavior,
        "progress": progress,
    }


def clock_for(settings: Mapping[str, Any], max_seconds: float | None) -> VirtualClock:
    """Return the clock of a server that is made with these, with a horizon."""
    scenario: Scenario | None = settings.get("scenario")
    start = VirtualClock().time() if scenario is None or scenario.start is None else scenario.start
    return VirtualClock(start, max_seconds)


def _is_given(name: str) -> bool:
    return click.get_current_context().get_parameter_source(name) is not ParameterSource.DEFAULT


def server_made(settings: dict[str, Any], state_file: str | None) -> SimulatedServer:
    """Return a server with these settings, or the one that goes on with a state file.

    Raises:
        BadParameter: the file is none.
        CantWrite: it can't be written.
    """
    from flare_sim.scenarios.making import make_server

    try:
        with going_on(f"reading {readable(state_file or '')}"):
            return make_server(**settings, state_file=state_file)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--state") from None
    except flare_sim.InternalError as problem:
        raise CantWrite(str(problem)) from None


def with_options(options: Sequence[Callable[[AnyFunction], AnyFunction]], function: AnyFunction) -> AnyFunction:
    """Give a command options, which its help shows in their order."""
    for option in reversed(options):
        function = option(function)
    return function
