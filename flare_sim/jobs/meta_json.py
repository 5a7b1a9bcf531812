"""Reads a job's meta.json and checks it against the files that came with it.

The rules are those of NVFLARE 2.3.12's own validator where it gives a verdict, and the contract's where the validator
falls over.  Everything here is pure: text and file names in, values or ``InvalidJobDefinition`` out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.jobs.behavior import JobBehavior
from flare_sim.spec import InvalidJobDefinition
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Collection

    DeployMap = tuple[tuple[str, tuple[str, ...]], ...]

__all__ = [
    "ALL_SITES",
    "SERVER",
    "parse_meta",
    "read_behavior",
    "read_deploy_map",
    "read_mandatory_clients",
    "read_min_clients",
    "read_resource_spec",
]

ALL_SITES = "@ALL"
"""In a deploy map: the server and every connected client (NVFLARE 2.3.12)."""
SERVER = "server"
"""The server's name in a deploy map (NVFLARE 2.3.12)."""
MOST_CLIENTS = 1_000_000
"""The largest min_clients (NVFLARE 2.3.12)."""
_DEEPEST = 60
_CONFIG_SUFFIXES = (".json", ".conf", ".yml", ".yaml")


def parse_meta(content: bytes) -> dict[str, Any]:
    """Read the bytes of a meta.json.

    Raises:
        InvalidJobDefinition: not JSON, nested too deeply, or not an object.
    """
    from json import loads

    try:
        meta = loads(content)
    except (ValueError, RecursionError) as problem:
        kind = "nested too deeply" if isinstance(problem, RecursionError) else f"not JSON ({_short(problem)})"
        raise InvalidJobDefinition(f"meta.json is {kind}") from problem
    if type(meta) is not dict:
        raise InvalidJobDefinition(f"meta.json must hold an object, not {shown(meta)}")
    _check_depth(meta)
    name = meta.get("name")
    if name is not None and type(name) is not str:
        raise InvalidJobDefinition(f"name in meta.json must be text, not {shown(name)}")
    return meta


def read_deploy_map(meta: dict[str, Any], files: Collection[str]) -> DeployMap:
    """Read which app goes to which sites, and see that the apps are there.

    Returns:
        One (app, sites) pair per app, in the order written; "all sites" is always spelled ``ALL_SITES``.

    Raises:
        InvalidJobDefinition: the map or an app it names is no good.
    """
    given = meta.get("deploy_map")
    if type(given) is not dict or not given:
        raise InvalidJobDefinition(f"deploy_map in meta.json must be an object with an app, not {shown(given)}")
    deploy_map = tuple((app, _sites_of(app, sites)) for app, sites in given.items())
    sites = [site for _, app_sites in deploy_map for site in app_sites]
    if ALL_SITES in sites:
        if len(sites) > 1:
            raise InvalidJobDefinition(f"deploy_map names {ALL_SITES} and other sites besides")
    elif not sites:
        raise InvalidJobDefinition("deploy_map names no site")
    elif SERVER not in sites:
        raise InvalidJobDefinition("deploy_map sends nothing to the server")
    elif len(sites) == 1:
        raise InvalidJobDefinition("deploy_map sends nothing to any client")
    _check_distinct(sites)
    folders = {name[:end] for name in files for end in _slashes(name)}
    for app, app_sites in deploy_map:
        _check_app(app, app_sites, files, folders)
    return deploy_map


def read_min_clients(meta: dict[str, Any], deploy_map: DeployMap) -> int:
    """Read how many clients the job needs (1 unless said otherwise); ``"2"`` and ``2.0`` count as 2.

    Raises:
        InvalidJobDefinition: not a positive whole number, or more than the clients named.
    """
    given = meta.get("min_clients")
    if given is None:
        return 1
    number = _whole(given)
    if number is None or not 1 <= number <= MOST_CLIENTS:
        raise InvalidJobDefinition(f"min_clients must be a whole number from 1 to {MOST_CLIENTS}, not {shown(given)}")
    named = _named_clients(deploy_map)
    if named and number > len(named):
        raise InvalidJobDefinition(f"min_clients is {number}, but deploy_map names only {len(named)} clients")
    return number


def read_mandatory_clients(meta: dict[str, Any], deploy_map: DeployMap) -> tuple[str, ...]:
    """Read which clients must take part.

    Raises:
        InvalidJobDefinition: not a list of names, or a client the deploy map does not name.
    """
    given = meta.get("mandatory_clients")
    if given is None:
        return ()
    if type(given) is not list or any(type(item) is not str or not item for item in given):
        raise InvalidJobDefinition(f"mandatory_clients must be a list of site names, not {shown(given)}")
    named = _named_clients(deploy_map)
    for site in given:
        if named and site not in named:
            raise InvalidJobDefinition(f"mandatory client {shown(site)} is not in deploy_map")
    return tuple(given)


def read_resource_spec(meta: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Read what the job needs at each site.

    Raises:
        InvalidJobDefinition: not an object of objects.
    """
    given = meta.get("resource_spec")
    if given is None:
        return {}
    if type(given) is not dict:
        raise InvalidJobDefinition(f"resource_spec must be an object, not {shown(given)}")
    for site, need in given.items():
        if need is not None and type(need) is not dict:
            raise InvalidJobDefinition(f"resource_spec of {shown(site)} must be an object, not {shown(need)}")
    return {site: need or {} for site, need in given.items()}


def read_behavior(meta: dict[str, Any]) -> JobBehavior:
    """Read what the simulated run is told to do, from ``custom_props.flare_sim``; nothing said is an empty behavior.

    Raises:
        InvalidJobDefinition: it makes no sense.
    """
    props = meta.get("custom_props")
    given = props.get("flare_sim") if type(props) is dict else None
    if given is None:
        return JobBehavior()
    try:
        return JobBehavior.from_mapping(given)
    except ValueError as problem:
        raise InvalidJobDefinition(f"custom_props.flare_sim in meta.json: {problem}") from None


def _short(problem: Exception) -> str:
    return ascii(str(problem))[1:100]


def _check_depth(meta: object) -> None:
    level = [meta]
    for _ in range(_DEEPEST):
        inner: list[object] = []
        for item in level:
            if type(item) is dict:
                inner.extend(item.values())
            elif type(item) is list:
                inner.extend(item)
        if not inner:
            return
        level = inner
    raise InvalidJobDefinition(f"meta.json is nested more than {_DEEPEST} deep")


def _sites_of(app: str, given: Any) -> tuple[str, ...]:
    if not app or app in (".", "..") or not app.isprintable() or "/" in app or "\\" in app:
        raise InvalidJobDefinition(f"{shown(app)} in deploy_map is not the name of an app folder")
    if type(given) is dict:
        given = given.get("sites")
    if type(given) is not list:
        raise InvalidJobDefinition(f"deploy_map of app {shown(app)} must be a list of sites, not {shown(given)}")
    for site in given:
        if type(site) is not str or not site:
            raise InvalidJobDefinition(f"deploy_map of app {shown(app)} must hold site names, not {shown(site)}")
    return tuple(ALL_SITES if site.casefold() == "@all" else site for site in given)


def _check_distinct(sites: list[str]) -> None:
    seen: set[str] = set()
    for site in sites:
        if site in seen:
            raise InvalidJobDefinition(f"deploy_map names site {shown(site)} more than once")
        seen.add(site)


def _slashes(name: str) -> list[int]:
    return [index for index, letter in enumerate(name) if letter == "/"]


def _check_app(app: str, sites: tuple[str, ...], files: Collection[str], folders: Collection[str]) -> None:
    if app not in folders:
        raise InvalidJobDefinition(f"app {shown(app)} in deploy_map is not in the job")
    config = f"{app}/config/"
    if f"{app}/config" not in folders:
        raise InvalidJobDefinition(f"app {shown(app)} has no config folder")
    for side, wanted in (
        ("server", ALL_SITES in sites or SERVER in sites),
        ("client", any(site != SERVER for site in sites)),
    ):
        if wanted and not any(f"{config}config_fed_{side}{suffix}" in files for suffix in _CONFIG_SUFFIXES):
            raise InvalidJobDefinition(f"app {shown(app)} goes to a {side} but has no config_fed_{side} file")


def _named_clients(deploy_map: DeployMap) -> frozenset[str]:
    """Return the clients a deploy map names, nothing when it names all."""
    return frozenset(site for _, sites in deploy_map for site in sites if site not in (SERVER, ALL_SITES))


def _whole(value: Any) -> int | None:
    if type(value) is int:
        return value
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) <= MOST_CLIENTS else None
    if type(value) is str:
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
    return None
