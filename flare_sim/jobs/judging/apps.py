"""Sees that the apps of a job are there, with what the sides they go to need."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from flare_sim.jobs.meta_formats import config_file, read_config
from flare_sim.untrusted_values import shown, shown_names

if TYPE_CHECKING:
    from flare_sim.jobs.judging.draft import Draft, PlacedApp

__all__ = ["check_apps"]

_APP = re.compile("[^/]+/config")


def check_apps(draft: Draft) -> None:
    """See that every app is there, with the configurations of the sides it goes to."""
    brings_code = flower_deployed = False
    paths = sorted(draft.files)
    names = [folder.removesuffix("/config") for folder in draft.folders if _APP.fullmatch(folder)]
    # A job that sends several to the server is refused; it is not worth the time to read them all.
    read = not draft.rules.reads_server_config
    for app in draft.apps:
        if not _is_there(draft, app.name, names):
            continue
        if app.for_server and _has_config(draft, app, "server", paths) and not read:
            read = True
            path = config_file(draft.files, app.name, "server", draft.rules)
            flower_deployed = _names_flower_app(read_config(path, draft.files, draft.rules, draft.problems))
        if app.for_clients:
            _has_config(draft, app, "client", paths)
        brings_code = brings_code or f"{app.name}/custom" in draft.folders
    so = {"byoc": brings_code, "flower_predeployed": flower_deployed}
    for mark in draft.rules.marks:
        if so[mark]:
            draft.meta[mark] = True
        elif not draft.rules.trusts_marks:
            draft.meta.pop(mark, None)


def _is_there(draft: Draft, name: Any, apps: list[str]) -> bool:
    """Tell whether an app is there; ``apps`` are those that could be meant."""
    if type(name) is not str:  # as keys in YAML may be
        message = f"{shown(name)} in deploy_map is not the name of an app folder"
        draft.tell("app-name", message, "deploy_map", raises="TypeError")
        return False
    if f"{name}/config" in draft.folders:
        return True
    if name in draft.folders:
        message, advice = f"app {shown(name)} has no config folder", f"add the folder {name}/config"
        draft.tell("app-missing", message, file=f"{name}/config", advice=advice, facts={"app": name})
    elif name in draft.files:
        message, advice = (
            f"app {shown(name)} in deploy_map is a file, not a folder",
            "put the app's folder in its place",
        )
        draft.tell("app-missing", message, file=name, advice=advice, facts={"app": name})
    else:
        message, advice = f"app {shown(name)} in deploy_map is not in the job", f"add the folder {shown(name)}"
        if apps:
            advice += f", or name one there is: {shown_names(apps)}"
        draft.tell("app-missing", message, f"deploy_map.{name}", advice=advice, facts={"app": name})
    return False


def _has_config(draft: Draft, app: PlacedApp, side: str, paths: list[str]) -> bool:
    """Tell whether an app has a configuration for a side; ``paths`` are those of all files, sorted."""
    if config_file(draft.files, app.name, side, draft.rules) is not None:
        return True
    folder, wanted = f"{app.name}/config", f"config_fed_{side}"
    other = _first(paths, f"{folder}/{wanted}.")
    message = f"app {shown(app.name)} goes to a {side} but has no {wanted} file"
    if other is not None:
        message += f" that is read; there is {shown(other.removeprefix(f'{folder}/'))}"
    elif _first(paths, f"{folder}/") is None:
        message += ": its config folder is empty"
    advice = f"add {folder}/{wanted}.json"
    draft.tell("config-missing", message, file=folder, advice=advice, facts={"app": app.name, "side": side})
    return False


def _first(paths: list[str], prefix: str) -> str | None:
    """Return the first of sorted paths that begins so."""
    at = bisect_left(paths, prefix)
    return paths[at] if at < len(paths) and paths[at].startswith(prefix) else None


def _names_flower_app(config: Any) -> bool:
    waiting = [config]
    while waiting:
        item = waiting.pop()
        if type(item) is dict:
            if item.get("flower_app_path"):
                return True
            waiting += item.values()
        elif type(item) is list:
            waiting += item
    return False
