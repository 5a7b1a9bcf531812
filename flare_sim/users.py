"""Who may connect to a server: users, each of an organisation and with a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.untrusted_values import plain_label, plain_list, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DEFAULT_USERS", "ROLES", "SITE_ORG", "User", "user_table"]

SITE_ORG = "nvidia"
"""The organisation that a simulated server and its clients belong to."""

ROLES = ("project_admin", "org_admin", "lead", "member", "super")
"""What a user can be; ``super`` is the only role of a POC system of 2.3."""


class User(NamedTuple):
    """Somebody who may open a session."""

    name: str
    """What they log in as."""
    org: str = SITE_ORG
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
        ValueError: no users, an empty name, a name given twice, a role that does not exist.
    """
    listed = plain_list(users)
    if listed is None:
        raise ValueError(f"users must be a list of names or Users, not {shown(users)}")
    table: dict[str, User] = {}
    for given in listed:
        user = _checked(given)
        if user.name in table:
            raise ValueError(f"user {shown(user.name)} is given twice")
        table[user.name] = user
    return table


def _checked(given: Any) -> User:
    """Return a user with plain values.

    Raises:
        ValueError: it is none.
    """
    parts = (given,)
    if issubclass(type(given), tuple):
        parts = tuple(tuple.__iter__(given))
        if not 1 <= len(parts) <= len(User._fields):
            raise ValueError(f"a user has a name, an organisation and a role, not {len(parts)} parts")
    user = User(*parts)
    name, org, role = map(plain_label, user)
    if name is None:
        raise ValueError(f"user {shown(user.name)} is without a name")
    if org is None:
        raise ValueError(f"user {shown(name)} is of organisation {shown(user.org)}, which is none")
    if role not in ROLES:
        raise ValueError(f"user {shown(name)} has role {shown(user.role)}; known: {', '.join(ROLES)}")
    return User(name, org, role)
