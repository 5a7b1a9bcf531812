"""Reads which apps of a job go to which sites, and sees that the apps are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.jobs.meta_formats import config_file
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from flare_sim.jobs.problems import Problems
    from flare_sim.personality.job_rules import JobRules

    DeployMap = tuple[tuple[str, tuple[str, ...]], ...]

__all__ = ["ALL_SITES", "SERVER", "check_apps", "named_clients", "read_deploy_map"]

ALL_SITES = "@ALL"
"""In a deploy map: the server and every connected client (NVFLARE 2.3.12)."""
SERVER = "server"
"""The server's name in a deploy map (NVFLARE 2.3.12)."""


def read_deploy_map(meta: dict[str, Any], file: str, problems: Problems) -> DeployMap:
    """Read which app goes to which sites.

    Returns:
        One (app, sites) pair per app, in the order written, as far as it can be read; "all sites" is always spelled
        ``ALL_SITES``.
    """
    given = meta.get("deploy_map")
    if type(given) is not dict or not given:
        message = f"deploy_map in {file} must be an object with an app, not {shown(given)}"
        problems.tell("deploy-map-missing", message, file, "deploy_map")
        return ()
    told = len(problems)
    deploy_map = tuple((app, _sites_of(app, sites, file, problems)) for app, sites in given.items())
    if len(problems) == told:
        _check_sites([site for _, app_sites in deploy_map for site in app_sites], file, problems)
    return deploy_map


def check_apps(
    deploy_map: DeployMap, files: Collection[str], folders: Collection[str], rules: JobRules, problems: Problems
) -> None:
    """See that every app is there, with the configurations of the sides it goes to."""
    for app, sites in deploy_map:
        if app not in folders:
            problems.tell("app-missing", f"app {shown(app)} in deploy_map is not in the job", app)
            continue
        if f"{app}/config" not in folders:
            problems.tell("app-missing", f"app {shown(app)} has no config folder", app)
            continue
        for side, wanted in (
            ("server", ALL_SITES in sites or SERVER in sites),
            ("client", any(site != SERVER for site in sites)),
        ):
            if wanted and config_file(files, app, side, rules) is None:
                message = f"app {shown(app)} goes to a {side} but has no config_fed_{side} file"
                problems.tell("config-missing", message, f"{app}/config")


def named_clients(deploy_map: DeployMap) -> frozenset[str]:
    """Return the clients a deploy map names, nothing when it names all."""
    return frozenset(site for _, sites in deploy_map for site in sites if site not in (SERVER, ALL_SITES))


def _sites_of(app: str, given: Any, file: str, problems: Problems) -> tuple[str, ...]:
    place = f"deploy_map.{app}"
    if not app or app in (".", "..") or not app.isprintable() or "/" in app or "\\" in app:
        problems.tell("app-name", f"{shown(app)} in deploy_map is not the name of an app folder", file, "deploy_map")
        return ()
    if type(given) is dict:
        given = given.get("sites")
    if type(given) is not list:
        message = f"deploy_map of app {shown(app)} must be a list of sites, not {shown(given)}"
        problems.tell("deploy-map-sites", message, file, place)
        return ()
    for number, site in enumerate(given):
        if type(site) is not str or not site:
            message = f"deploy_map of app {shown(app)} must hold site names, not {shown(site)}"
            problems.tell("deploy-map-sites", message, file, f"{place}[{number}]")
            return ()
    return tuple(ALL_SITES if site.casefold() == "@all" else site for site in given)


def _check_sites(sites: list[str], file: str, problems: Problems) -> None:
    if ALL_SITES in sites:
        if len(sites) > 1:
            problems.tell("deploy-map-all", f"deploy_map names {ALL_SITES} and other sites besides", file, "deploy_map")
    elif not sites:
        problems.tell("deploy-map-empty", "deploy_map names no site", file, "deploy_map")
    elif SERVER not in sites:
        problems.tell("deploy-map-no-server", "deploy_map sends nothing to the server", file, "deploy_map")
    elif len(sites) == 1:
        problems.tell("deploy-map-no-client", "deploy_map sends nothing to any client", file, "deploy_map")
    seen: set[str] = set()
    for site in sites:
        if site in seen and site != ALL_SITES:
            message = f"deploy_map names site {shown(site)} more than once"
            problems.tell("deploy-map-twice", message, file, "deploy_map")
        seen.add(site)
