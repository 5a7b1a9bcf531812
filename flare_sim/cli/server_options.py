"""The options that say how a simulated server is made, for every command that makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from flare_sim.jobs.behavior import OUTCOMES, JobBehavior
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.users import DEFAULT_USERS, ROLES, User

if TYPE_CHECKING:
    from collections.abc import Callable

    AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])

__all__ = ["server_options", "server_settings"]


def _user(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[User, ...]:
    users = []
    for text in given:
        name, _, role = text.partition(":")
        if not name or role not in ("", *ROLES):
            raise click.BadParameter(f"{text!r} is no NAME or NAME:ROLE; roles: {', '.join(ROLES)}")
        users.append(User(name, role=role or "lead"))
    return tuple(users)


_SERVER_OPTIONS = (
    click.option("--clients", default=2, show_default=True, type=click.IntRange(0, 10_000), help="How many clients."),
    click.option(
        "--user",
        "users",
        multiple=True,
        metavar="NAME[:ROLE]",
        callback=_user,
        help="One more user who may connect, a lead unless a role is given. Others are there: admin@nvidia.com (the "
        "project's administrator), org@nvidia.com, lead@nvidia.com, member@nvidia.com. Can be repeated.",
    ),
    click.option("--seed", default=0, show_default=True, help="Where the ids of jobs come from."),
    click.option("--personality", type=click.Choice([*PERSONALITIES]), help="Whose servers it is like."),
    click.option("--run-seconds", type=click.FloatRange(0), help="How long a job runs that does not say."),
    click.option("--outcome", type=click.Choice([*OUTCOMES]), help="How a job ends that does not say."),
    click.option(
        "--progress",
        default="time",
        show_default=True,
        type=click.Choice(["time", "immediate"]),
        help="How jobs get on: as time passes, or by the next call.",
    ),
)


def server_options(function: AnyFunction) -> AnyFunction:
    """Give a command the options."""
    for option in reversed(_SERVER_OPTIONS):
        function = option(function)
    return function


def server_settings(
    clients: int,
    users: tuple[User, ...],
    seed: int,
    personality: str | None,
    run_seconds: float | None,
    outcome: str | None,
    progress: str,
) -> dict[str, Any]:
    """Turn the options into arguments of ``SimulatedServer``."""
    names = {user.name for user in users}
    return {
        "clients": clients,
        "users": (*(user for user in DEFAULT_USERS if user.name not in names), *users),
        "seed": seed,
        "personality": personality,
        "behavior": JobBehavior(run_seconds=run_seconds, outcome=outcome),
        "progress": progress,
    }
