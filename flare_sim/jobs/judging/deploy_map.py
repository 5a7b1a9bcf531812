"""Reads which apps of a job go to which sites, in each of the ways that releases read it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from flare_sim.jobs.judging.draft import PlacedApp, as_set
from flare_sim.jobs.site_names import ALL_SITES, SERVER
from flare_sim.untrusted_values import shown, shown_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.jobs.judging.draft import Draft

__all__ = ["is_name", "read_deploy_map"]

_ENTRY_KEYS = ("sites", "targets")


def is_name(text: str, pattern: str) -> bool:
    """Return whether a server that asks for this pattern takes a name."""
    return re.match(pattern, text) is not None


def read_deploy_map(draft: Draft) -> None:
    """Read which app goes to which sites."""
    given = draft.meta.get("deploy_map")
    if type(given) is not dict or not given:
        message = f"deploy_map in {draft.file} must be an object with an app, not {shown(given)}"
        if "deploy_map" not in draft.meta:
            message = f"{draft.file} has no deploy_map"
        if not given:
            draft.tell("deploy-map-missing", message, "deploy_map", says="" if draft.meta else "empty-meta")
        else:
            raises = "" if draft.rules.checks_deploy_map else "AttributeError"
            draft.tell("deploy-map-no-object", message, "deploy_map", raises=raises)
        return
    told = draft.refused
    read = _READERS[draft.rules.sites]
    placed: list[tuple[str, Any, list[Any]]] = []
    for app, where in given.items():
        if _has_name(draft, app) and (sites := read(draft, app, where)) is not None:
            placed.append((app, where, sites))
    if draft.refused == told:
        _check_sites(draft, [site for _, _, sites in placed for site in sites])
    draft.placed = draft.refused == told
    for app, where, sites in placed:
        names = [ALL_SITES if _is_all(site) else site for site in sites if type(site) is str]
        everywhere = ALL_SITES in names
        # What is iterated over may be text, and then the server is in it when the word is.
        for_server = everywhere or SERVER in (
            where if type(where) is str and draft.rules.sites == "iterated" else names
        )
        for_clients = everywhere or any(site != SERVER for site in names)
        draft.apps.append(PlacedApp(app, tuple(names), for_server, for_clients))
        if draft.rules.sites == "iterated" and type(where) is dict and len(where) == 1:
            draft.obstruct("deploy", where, _place(app))
    draft.clients = frozenset(site for app in draft.apps for site in app.sites if site not in (SERVER, ALL_SITES))


def _is_all(site: object) -> bool:
    return type(site) is str and site.casefold() == "@all"


def _has_name(draft: Draft, app: Any) -> bool:
    """Return whether an app has a name that can be one; in YAML it can be anything."""
    rules = draft.rules
    text = type(app) is str
    if rules.name_pattern:
        good = text and is_name(app, rules.name_pattern)
    elif rules.release:
        good = True
    else:
        good = text and app not in ("", ".", "..") and app.isprintable() and "/" not in app and "\\" not in app
    if not good:
        message = f"{shown(app)} in deploy_map is not the name of an app folder"
        says = "app-name" if text and app else "app-name-empty"
        draft.tell("app-name", message, "deploy_map", says=says, facts={"name": app, "pattern": rules.name_pattern})
    return good


def _listed(draft: Draft, app: str, given: Any) -> list[Any] | None:
    """Read a list of sites, or an object with one under ``sites`` (the contract)."""
    if type(given) is dict:
        given = given.get("sites")
    if type(given) is not list:
        message = f"deploy_map of app {shown(app)} must be a list of sites, not {shown(given)}"
        draft.tell("deploy-map-sites", message, _place(app))
        return None
    for number, site in enumerate(given):
        if type(site) is not str or not site:
            message = f"deploy_map of app {shown(app)} must hold site names, not {shown(site)}"
            draft.tell("deploy-map-sites", message, f"{_place(app)}[{number}]")
            return None
    return given


def _iterated(draft: Draft, app: str, given: Any) -> list[Any] | None:
    """Read whatever can be iterated over: the keys of an object, the letters of a text (2.3.12)."""
    if type(given) in (dict, str) and given:
        parts = "letters" if type(given) is str else "keys"
        message = f"deploy_map of app {shown(app)} is no list: its {parts} are taken for sites"
        draft.warn("deploy-map-sites", message, _place(app))
    if type(given) in (list, dict, str):
        return list(given)
    message = f"deploy_map of app {shown(app)} must be a list of sites, not {shown(given)}"
    draft.tell("deploy-map-sites", message, _place(app), raises="TypeError")
    return None


def _mixed(draft: Draft, app: str, given: Any) -> list[Any] | None:
    """Read whatever can be iterated over, and in it objects that have such under ``sites`` (2.6.3)."""
    entries = _iterated(draft, app, given)
    sites: list[Any] = []
    for number, entry in enumerate(entries or ()):
        inner: Any = entry.get("sites") if type(entry) is dict else None
        if type(entry) is str:
            sites.append(entry)
        elif type(entry) is dict and type(inner) in (list, dict, str):
            sites.extend(inner)
        else:
            message = f"deploy_map of app {shown(app)} must hold site names or lists of them, not {shown(entry)}"
            raises = "TypeError" if type(entry) is dict else ""
            facts = {"type": type(entry)}
            place = f"{_place(app)}[{number}]"
            draft.tell("deploy-map-sites", message, place, raises=raises, says="entry-type", facts=facts)
            return None
    return None if entries is None else sites


def _participants(draft: Draft, app: str, given: Any) -> list[Any] | None:
    """Read a site, a list of sites and of objects with sites, or one such object with such a list (2.9.0)."""
    place = _place(app)
    if type(given) is str:
        return [given]
    if type(given) is dict:
        key = next((key for key in ("targets", "sites") if key in given), None)
        if key is None:
            message = f"deploy_map of app {shown(app)} has neither targets nor sites"
            draft.tell("deploy-map-sites", message, place, says="app-keys", facts={"keys": list(given)})
            return None
        given, place = given[key], f"{place}.{key}"
    elif draft.rules.checks_deploy_map and not _has_known_keys(draft, app, given):
        return None
    if type(given) is not list:
        message = f"deploy_map of app {shown(app)} must hold a list of sites, not {shown(given)}"
        draft.tell("deploy-map-sites", message, place, says="app-type", facts={"type": type(given)})
        return None
    sites: list[Any] = []
    for number, entry in enumerate(given):
        inner = _entry_sites(entry)
        if type(inner) is not list:
            message = f"deploy_map of app {shown(app)} must hold site names or lists of them, not {shown(entry)}"
            says = "entry-sites" if type(entry) is dict else "entry-type"
            facts = {"entry": entry, "type": type(entry)}
            draft.tell("deploy-map-sites", message, f"{place}[{number}]", says=says, facts=facts)
            return None
        sites += inner
    return sites


def _has_known_keys(draft: Draft, app: str, given: Any) -> bool:
    for number, entry in enumerate(given if type(given) is list else ()):
        unknown = [key for key in entry if key not in _ENTRY_KEYS] if type(entry) is dict else None
        if unknown:
            message = f"deploy_map of app {shown(app)} has unknown key {shown(unknown[0])}"
            place = f"{_place(app)}[{number}]"
            draft.tell("deploy-map-sites", message, place, says="entry-keys", facts={"keys": as_set(unknown)})
            return False
    return True


def _entry_sites(entry: Any) -> Any:
    """Return the sites of an entry in a list of them, what is no list when there are none."""
    if type(entry) is dict:
        sites = entry.get("sites")
        return entry.get("targets") if sites is None else sites
    return [entry] if type(entry) is str else entry if type(entry) is not list else None


_READERS: dict[str, Callable[[Draft, str, Any], list[Any] | None]] = {
    "listed": _listed,
    "iterated": _iterated,
    "mixed": _mixed,
    "participants": _participants,
}


def _place(app: str) -> str:
    return f"deploy_map.{app}"


def _check_sites(draft: Draft, sites: list[Any]) -> None:
    """See that all the sites together make sense."""
    everywhere = False
    for site in sites:
        if type(site) is not str:
            message = f"deploy_map must hold site names, not {shown(site)}"
            draft.tell("deploy-map-sites", message, "deploy_map", raises="AttributeError")
            return
        if _is_all(site):
            everywhere = True
            break
    if everywhere:
        if len(sites) > 1:
            draft.tell("deploy-map-all", f"deploy_map names {ALL_SITES} and other sites besides", "deploy_map")
        return
    if not sites:
        draft.tell("deploy-map-empty", "deploy_map names no site", "deploy_map")
    elif SERVER not in sites:
        draft.tell("deploy-map-no-server", "deploy_map sends nothing to the server", "deploy_map")
    elif len(sites) == 1 and not draft.rules.release:
        draft.tell("deploy-map-no-client", "deploy_map sends nothing to any client", "deploy_map")
    twice = [site for site, count in Counter(sites).items() if count > 1]
    if twice:
        message = f"deploy_map names site {shown_names(twice)} more than once"
        draft.tell("deploy-map-twice", message, "deploy_map", facts={"sites": twice})
