"""Users, roles, and who may do what: NVFLARE's default policy as a table (2.3.12's master template)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["DEFAULT_USERS", "PERMISSIONS", "User", "allowed", "user_table"]


class User(NamedTuple):
    """Somebody who may open a session."""

    name: str
    """What they log in as."""
    org: str = "nvidia"
    """Their organisation."""
    role: str = "lead"
    """A key of ``PERMISSIONS``."""


DEFAULT_USERS = (
    User("admin@nvidia.com", "nvidia", "project_admin"),
    User("org@nvidia.com", "nvidia", "org_admin"),
    User("lead@nvidia.com", "nvidia", "lead"),
    User("member@nvidia.com", "nvidia", "member"),
    User("lead2@other.com", "other.com", "lead"),
)
"""One user per role, and a second lead in another organisation."""

_EVERY_RIGHT = (
    "submit_job",
    "clone_job",
    "manage_job",
    "download_job",
    "view",
    "operate",
    "manage_system",
    "report_version",
)
_ANY, _NONE, _SAME_ORG, _SAME_NAME = "any", "none", "o:submitter", "n:submitter"

PERMISSIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "project_admin": MappingProxyType(dict.fromkeys(_EVERY_RIGHT, _ANY)),
        "org_admin": MappingProxyType(
            {
                "submit_job": _NONE,
                "clone_job": _NONE,
                "manage_job": _SAME_ORG,
                "download_job": _SAME_ORG,
                "view": _ANY,
                "operate": _ANY,
            }
        ),
        "lead": MappingProxyType(
            {
                "submit_job": _ANY,
                "clone_job": _SAME_NAME,
                "manage_job": _SAME_NAME,
                "download_job": _SAME_NAME,
                "view": _ANY,
                "operate": _ANY,
            }
        ),
        "member": MappingProxyType({"view": _ANY}),
        # The only role of a POC system of 2.3.
        "super": MappingProxyType(dict.fromkeys(_EVERY_RIGHT, _ANY)),
    }
)
"""Role -> right -> condition.

``manage_job`` covers abort and delete, ``view`` meta, lists and system information, ``operate`` what is done to
clients and to the server, ``manage_system`` what only its administrator sees, ``report_version`` the question which
release runs (2.9.0).  The condition ``any`` always
holds, ``none`` never, ``o:submitter`` for jobs submitted from the user's organisation, ``n:submitter`` for jobs the
user submitted.  A right a role does not list is one it does not have.
"""


def allowed(user: User, right: str, submitter: User | None = None) -> bool:
    """Tell whether ``user`` has ``right``, for a job of ``submitter`` when it is about a job."""
    condition = PERMISSIONS[user.role].get(right, _NONE)
    if condition == _ANY:
        return True
    if submitter is None or condition == _NONE:
        return False
    return user.org == submitter.org if condition == _SAME_ORG else user.name == submitter.name


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
        if user.role not in PERMISSIONS:
            raise ValueError(f"user {user.name!r} has role {user.role!r}; known: {', '.join(PERMISSIONS)}")
        table[user.name] = user
    return table
