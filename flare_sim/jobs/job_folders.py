"""Writes job folders of NVFLARE: what takes a dozen lines by hand, and is judged before it is written."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from flare_sim.disk.file_errors import FileErrors
from flare_sim.disk.trees import write_tree
from flare_sim.disk.whole import folder_in
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.definition import JobDefinition
from flare_sim.jobs.site_names import ALL_SITES, SERVER
from flare_sim.untrusted_values import plain_items, plain_list, plain_number, plain_path, plain_text, shown, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

__all__ = ["make_job"]

_CONFIGS = {
    "config_fed_server.json": '{"format_version": 2, "workflows": [], "components": []}\n',
    "config_fed_client.json": '{"format_version": 2, "executors": [], "components": []}\n',
}
"""What an app has to have in its ``config``, for the server and for clients."""
_FILES = ("result_files", "round_files")
"""What of a behavior maps paths to contents."""
_DEEPEST = 20
"""What a job needs of a site is told in no more mappings in mappings."""


def make_job(
    path: str | PathLike[str],
    *,
    name: str | None = None,
    apps: str | Mapping[str, Iterable[str]] = "app",
    sites: Iterable[str] | None = None,
    min_clients: int = 1,
    mandatory_clients: Iterable[str] = (),
    resource_spec: Mapping[str, Mapping[str, Any]] | None = None,
    behavior: JobBehavior | Mapping[str, Any] | None = None,
    files: Mapping[str, str | bytes] | None = None,
) -> str:
    """Write a job folder as NVFLARE reads it, and return its path.

    It has a ``meta.json`` and for each app the configurations of a server and of a client that do nothing.  It is
    judged by the contract first, and is written whole or not at all.

    Args:
        path: the folder; what is missing on the way to it is made.  An empty one may be there already.
        name: what the job is called; as the folder unless given.
        apps: the name of its app; or of several apps the sites that each goes to, one of which is ``"server"``, such
            as ``{"one": ["server", "site-1"], "other": ["site-2"]}``.
        sites: the clients that get the one app, beside the server; None is for all that there are.
        min_clients: how many clients it needs.
        mandatory_clients: those that it cannot do without.
        resource_spec: what it needs, by client, such as ``{"site-1": {"num_of_gpus": 1}}``.
        behavior: what its simulated run does, a ``JobBehavior`` or the same as a mapping; it stands in the job's meta,
            so that it goes before what a server is told.  Contents of result files have to be text.
        files: more files of the job, path to text or bytes, or others in place of what is written by itself.

    Raises:
        InvalidJobDefinition: no server would take it; the message says what is wrong where.
        ValueError: an argument makes no sense.
        InternalError: it cannot be written, as something is there, for example.
    """
    folder = plain_path(path)
    if not folder:
        raise ValueError(f"path must be the path of a folder, not {shown(path)}")
    folder_name = os.path.basename(os.path.abspath(folder))
    meta: dict[str, Any] = {
        "name": folder_name if name is None else _text("name", name),
        "resource_spec": _plain("resource_spec", {} if resource_spec is None else resource_spec, _DEEPEST),
        "min_clients": _plain("min_clients", min_clients, 0),
        "deploy_map": _deploy_map(apps, sites),
    }
    mandatory = _texts("mandatory_clients", mandatory_clients)
    if mandatory:
        meta["mandatory_clients"] = mandatory
    if behavior is not None:
        meta["custom_props"] = {"flare_sim": _as_json(behavior)}
    written: dict[str, str | bytes] = {"meta.json": json.dumps(meta, indent=2) + "\n"}
    for app in meta["deploy_map"]:
        for file, config in _CONFIGS.items():
            written[f"{app}/config/{file}"] = config
    for file, content in _items("files", {} if files is None else files):
        written[_text("files", file)] = content
    job = JobDefinition.from_files(written, folder_name)
    with FileErrors(f"the job cannot be written to {shown_path(folder)}"):
        _write(job, os.path.abspath(folder))
    return folder


def _deploy_map(apps: Any, sites: Any) -> dict[str, list[str]]:
    """Return which app goes where, as it is written."""
    given = plain_items(apps)
    if given is not None:
        if sites is not None:
            raise ValueError("sites is for apps that do not say where they go")
        return {_text("apps", app): _texts("apps", where) for app, where in given}
    app = plain_text(apps)
    if app is None:
        raise ValueError(f"apps must be the name of an app, or a mapping of names to sites, not {shown(apps)}")
    return {app: [ALL_SITES] if sites is None else [SERVER, *_texts("sites", sites)]}


def _as_json(given: Any) -> dict[str, Any]:
    """Return a behavior as a job's meta has it."""
    behavior = given
    if type(given) is not JobBehavior:
        fields = plain_items(given)
        if fields is None:
            raise ValueError(f"behavior must be a JobBehavior, or the same as a mapping, not {shown(given)}")
        behavior = JobBehavior.from_mapping(dict(fields))
    said = {field: value for field, value in zip(behavior._fields, behavior, strict=True) if value is not None}
    for field in _FILES:
        if field in said:
            said[field] = {path: _decoded(field, path, content) for path, content in said[field]}
    if "timed_files" in said:
        timed = said["timed_files"]
        said["timed_files"] = [(at, path, _decoded("timed_files", path, content)) for at, path, content in timed]
    if type(said.get("metrics")) is tuple:
        said["metrics"] = {site: dict(curves) for site, curves in said["metrics"]}
    return said


def _decoded(field: str, path: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        told = f"the content of {shown(path)} is none; what a server is told to do may hold bytes"
        raise ValueError(f"{field} in a job's meta are text, and {told}") from None


def _write(job: JobDefinition, folder: str) -> None:
    parent = os.path.dirname(folder)
    os.makedirs(parent, exist_ok=True)
    with folder_in(parent) as place:
        arriving = os.path.join(place, "job")
        write_tree(arriving, job.contents)
        os.replace(arriving, folder)


def _plain(what: str, value: Any, deepest: int) -> Any:
    """Return a value as JSON has it, made of Python's own types.

    Raises:
        ValueError: JSON has no such value.
    """
    text, number = plain_text(value), plain_number(value)
    if text is not None or number is not None or value is None or value is True or value is False:
        return number if text is None and number is not None else value if text is None else text
    items = plain_items(value)
    if deepest and items is not None:
        return {_text(what, key): _plain(what, part, deepest - 1) for key, part in items}
    parts = plain_list(value) if type(value) in (list, tuple) else None
    if deepest and parts is not None:
        return [_plain(what, part, deepest - 1) for part in parts]
    raise ValueError(f"{what} cannot be {shown(value)}")


def _items(what: str, value: Any) -> list[tuple[Any, Any]]:
    given = plain_items(value)
    if given is None:
        raise ValueError(f"{what} must be a mapping, not {shown(value)}")
    return list(given)


def _text(what: str, value: Any) -> str:
    text = plain_text(value)
    if text is None:
        raise ValueError(f"{what} must be text, not {shown(value)}")
    return text


def _texts(what: str, value: Any) -> list[str]:
    listed = plain_list(value)
    if listed is None:
        raise ValueError(f"{what} must be a list of names, not {shown(value)}")
    return [_text(what, one) for one in listed]
