"""Who may do what: NVFLARE's default policy as a table (the master templates of 2.3.12 and 2.9.0)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from flare_sim.users import SITE_ORG

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
    "list_job",
    "download_job_components",
    "app_command",
)
_ANY, _NONE, _SAME_ORG, _SAME_NAME, _OWN_SITE = "any", "none", "o:submitter", "n:submitter", "o:site"

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
                "operate": _OWN_SITE,
            }
        ),
        "lead": MappingProxyType(
            {
                "submit_job": _ANY,
                "clone_job": _SAME_NAME,
                "manage_job": _SAME_NAME,
                "download_job": _SAME_NAME,
                "view": _ANY,
                "operate": _OWN_SITE,
            }
        ),
        "member": MappingProxyType({"view": _ANY}),
        "super": MappingProxyType(dict.fromkeys(_EVERY_RIGHT, _ANY)),
    }
)
"""Role -> right -> condition.

``manage_job`` covers abort and delete, ``view`` meta, lists, system information and the errors of a run, ``operate``
what is done to clients and to the server, and what clients have to give, ``manage_system`` what only its administrator
sees.  A command that is in none of these groups is a right of its own, which the policy gives to nobody but the
administrator: so are the last four.  The condition ``any`` always holds, ``none`` never, ``o:submitter`` for jobs
submitted from the user's organisation, ``n:submitter`` for jobs the user submitted, ``o:site`` for users of the
organisation that the server and its clients belong to.  A right a role does not list is one it does not have.
"""


def allowed(user: User, right: str, submitter: User | None = None) -> bool:
    """Tell whether ``user`` has ``right``, for a job of ``submitter`` when it is about a job."""
    condition = PERMISSIONS[user.role].get(right, _NONE)
    if condition == _ANY:
        return True
    if condition == _OWN_SITE:
        return user.org == SITE_ORG
    if submitter is None or condition == _NONE:
        return False
    return user.org == submitter.org if condition == _SAME_ORG else user.name == submitter.name
