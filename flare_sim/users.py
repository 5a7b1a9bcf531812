"""Who may connect to a server: users, each of an organisation and with a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.untrusted_values import plain_label, plain_list, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DEFAULT_USERS", "ROLES", "SITE_ORG", "User", "new_user", "user_table"]

SITE_ORG = "nvidia"
"""The organisation that a simulated server and its clients belong to."""

ROLES = ("project_admin", "org_admin", "lead", "member", "super")
"""What a user can be; ``super`` is the only role of a POC system of 2.3."""


class _UserFields(NamedTuple):
    name: str
    org: str = SITE_ORG
    role: str = "lead"


class User(_UserFields):
    """Somebody who may open a session, checked when made.

    Args:
        name: what they log in as.
        org: their organisation.
        role: one of ``ROLES``.

    Raises:
        ValueError: an empty name or organisation, or a role that does not exist.
    """

    __slots__ = ()

    def __new__(cls, name: str, org: str = SITE_ORG, role: str = "lead") -> User:
        """Look at what is given before there is a user."""
        plain_name, plain_org, plain_role = map(plain_label, (name, org, role))
        if plain_name is None:
            raise ValueError(f"user {shown(name)} is without a name")
        if plain_org is None:
            raise ValueError(f"user {shown(plain_name)} is of organisation {shown(org)}, which is none")
        if plain_role not in ROLES:
            raise ValueError(f"user {shown(plain_name)} has role {shown(role)}; known: {', '.join(ROLES)}")
        return super().__new__(cls, plain_name, plain_org, plain_role)


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
        user = _user(given)
        if user.name in table:
            raise ValueError(f"user {shown(user.name)} is given twice")
        table[user.name] = user
    return table


def new_user(given: Any, role: str | None) -> User:
    """Return the user that somebody is to be: a ``User``, or a name with a role (a lead unless told).

    Raises:
        ValueError: no name, no role, or a ``User`` and a role.
    """
    if role is None:
        return _user(given)
    if issubclass(type(given), tuple):
        raise ValueError(f"a User has a role, so {shown(role)} cannot be given beside it")
    return User(given, role=role)


def _user(given: Any) -> User:
    """Return the user that a name, a ``User`` or a tuple of the same parts stands for.

    Raises:
        ValueError: it stands for none.
    """
    if not issubclass(type(given), tuple):
        return User(given)
    parts = tuple(tuple.__iter__(given))
    if not 1 <= len(parts) <= len(User._fields):
        raise ValueError(f"a user has a name, an organisation and a role, not {len(parts)} parts")
    return User(*parts)
