"""What a server does to a job before its validator looks at it (2.3.12): it writes into its meta, or makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.disk.contents import whole
from flare_sim.jobs.problems import Answer
from flare_sim.jobs.site_names import ALL_SITES
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.disk.contents import Content
    from flare_sim.jobs.judging.draft import Draft

__all__ = ["make_job", "unpack"]

_META = "meta.json"


def unpack(draft: Draft) -> None:
    """Fail as the server does over a job that has nothing in it, or a meta that the folder's name can't be put into."""
    problem: Exception | None = None
    if not draft.files and not draft.folders:
        problem = IndexError("list index out of range")
    elif _META in draft.files:
        from json import loads

        try:
            meta = loads(whole(draft.files[_META]))
            if "job_folder_name" not in meta:
                meta["job_folder_name"] = draft.folder_name
        except (ValueError, TypeError, RecursionError) as failure:
            problem = failure
    if problem is not None:
        told = f"{type(problem).__name__}: {problem}"
        message = f"{_META} cannot be completed by the server ({readable(told)})"
        reply = Answer("error", f"Exception Occurred: {told}")
        draft.tell("meta-unreadable", message, file=_META if draft.files else "", reply=reply)


def make_job(draft: Draft) -> None:
    """Make a job of a folder that is one app: it goes to all sites under the folder's own name (2.3.12)."""
    from json import dumps

    name = draft.folder_name
    meta = {
        "name": name,
        "job_folder_name": name,
        "resource_spec": {},
        "deploy_map": {name: [ALL_SITES]},
        "min_clients": 1,
    }
    inside: Mapping[str, Content] = {f"{name}/{path}": content for path, content in draft.files.items()}
    draft.files = {_META: dumps(meta).encode(), **inside}
    draft.folders = dict.fromkeys((name, *(f"{name}/{folder}" for folder in draft.folders)))
