"""What a job is when it comes in: a folder with a meta.json and the apps that its deploy map names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flare_sim.spec import InvalidJobDefinition

SERVER, EVERYWHERE = "server", "@ALL"
SERVER_CONFIG, CLIENT_CONFIG = "config/config_fed_server.json", "config/config_fed_client.json"


@dataclass(frozen=True)
class JobDefinition:
    """A job that can be run.

    Attributes:
        meta: its meta.json, with every key that the rest of this program looks at.
        files: the content of every file of the folder, by its path in it.
    """

    meta: dict[str, Any]
    files: dict[str, bytes]


def read_definition(path: object) -> JobDefinition:
    """Read a job folder.

    Raises:
        InvalidJobDefinition: it is none that could be run; the text says why.
    """
    if not isinstance(path, str) or not path:
        raise InvalidJobDefinition(f"the path of a job folder is a text, not {type(path).__name__}")
    try:
        files = {
            file.relative_to(path).as_posix(): file.read_bytes() for file in Path(path).rglob("*") if file.is_file()
        }
        "".join(files).encode()  # names that are no text can't be kept
    except (OSError, ValueError) as error:
        raise InvalidJobDefinition(f"the job folder can't be read: {error}") from error
    if "meta.json" not in files:
        raise InvalidJobDefinition("there is no job folder with a meta.json")
    meta = {"resource_spec": {}, "min_clients": 1, "mandatory_clients": [], **_object(files, "meta.json")}
    meta.setdefault("name", Path(path).name)
    _check_sites(meta, _check_apps(meta, files))
    return JobDefinition(meta, files)


def sites_of(deploy_map: dict[str, list[str]]) -> set[str]:
    """Every site that a deploy map names."""
    return {site for sites in deploy_map.values() for site in sites}


def app_of(deploy_map: dict[str, list[str]], site: str) -> str:
    """The app that a deploy map has for a site; empty where it has none."""
    return next((app for app, sites in deploy_map.items() if site in sites or EVERYWHERE in sites), "")


def _object(files: dict[str, bytes], name: str) -> dict[str, Any]:
    try:
        found = json.loads(files[name])
    except (ValueError, RecursionError) as error:
        raise InvalidJobDefinition(f"{name} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise InvalidJobDefinition(f"{name} holds no object")
    return found


def _check_apps(meta: dict[str, Any], files: dict[str, bytes]) -> set[str]:
    """Make sure that every app is there; returns the sites that are named."""
    deploy_map = meta.get("deploy_map")
    if not isinstance(deploy_map, dict) or not deploy_map:
        raise InvalidJobDefinition("deploy_map names no app")
    for app, sites in deploy_map.items():
        if not _are_names(sites) or not sites:
            raise InvalidJobDefinition(f"deploy_map names no sites for {app!r}")
        needed = [SERVER_CONFIG] if {SERVER, EVERYWHERE} & set(sites) else []
        if set(sites) - {SERVER}:
            needed.append(CLIENT_CONFIG)
        for config in needed:
            if f"{app}/{config}" not in files:
                raise InvalidJobDefinition(f"the app {app!r} has no {config}")
            _object(files, f"{app}/{config}")
    named = sites_of(deploy_map)
    if not {SERVER, EVERYWHERE} & named:
        raise InvalidJobDefinition("deploy_map has no app for the server")
    return named


def _check_sites(meta: dict[str, Any], named: set[str]) -> None:
    """Make sure that what is asked of the sites can be had of those that are named."""
    least, mandatory, resources = meta["min_clients"], meta["mandatory_clients"], meta["resource_spec"]
    if not isinstance(least, int) or isinstance(least, bool) or least < 1:
        raise InvalidJobDefinition("min_clients is no positive number")
    if not _are_names(mandatory):
        raise InvalidJobDefinition("mandatory_clients is no list of names")
    if not isinstance(resources, dict) or not all(isinstance(wants, dict) for wants in resources.values()):
        raise InvalidJobDefinition("resource_spec is no object with an object for each site")
    if EVERYWHERE in named:
        return
    if least > len(named - {SERVER}):
        raise InvalidJobDefinition(f"min_clients is {least}, and the deploy map names {len(named - {SERVER})}")
    if not set(mandatory) <= named:
        raise InvalidJobDefinition("a mandatory client is not in the deploy map")


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
