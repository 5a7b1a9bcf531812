"""Who may connect to a server: users, each of an organisation and with a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DEFAULT_USERS", "ROLES", "User", "user_table"]

ROLES = ("project_admin", "org_admin", "lead", "member", "super")
"""What a user can be; ``super`` is the only role of a POC system of 2.3."""


class User(NamedTuple):
    """Somebody who may open a session."""

    name: str
    """What they log in as."""
    org: str = "nvidia"
    """Their organisation."""
    role: str = "lead"
    """One of ``ROLES``."""


DEFAULT_USERS = (
    User("admin@nvidia.com", "nvidia", "project_admin"),
    User("org@nvidia.com", "nvidia", "org_admin"),
    User("lead@nvidia.com", "nvidia", "lead"),
    User("member@nvidia.com", "nvidia", "member"),
    User("lead2@other.com", "other.com", "lead"),
)
"""One user per role, and a second lead in another organisation."""


def user_table(users: Iterable[User | str]) -> dict[str, User]:
    """Return users by name; a bare name is a lead of ``nvidia``.

    Raises:
        ValueError: an empty name, a name given twice, a role that does not exist.
    """
    table: dict[str, User] = {}
    for given in users:
        user = User(given) if isinstance(given, str) else User(*given)
        if not user.name or user.name in table:
            raise ValueError(f"user {user.name!r} is {'given twice' if user.name else 'without a name'}")
        if user.role not in ROLES:
            raise ValueError(f"user {user.name!r} has role {user.role!r}; known: {', '.join(ROLES)}")
        table[user.name] = user
    return table
