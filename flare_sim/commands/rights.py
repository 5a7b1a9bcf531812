"""Who may do what: NVFLARE's default policy as a table (2.3.12's master template)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.users import User

__all__ = ["PERMISSIONS", "allowed"]

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
