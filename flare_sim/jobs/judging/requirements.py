"""Reads what a job needs before it can run: how many clients, which, and what of their resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.jobs.judging.draft import as_set
from flare_sim.jobs.judging.launchers import check_docker
from flare_sim.untrusted_values import shown, shown_names

if TYPE_CHECKING:
    from flare_sim.jobs.judging.draft import Draft

__all__ = ["read_mandatory_clients", "read_min_clients", "read_resource_spec"]

MOST_CLIENTS = 1_000_000
"""The largest min_clients (NVFLARE 2.3.12)."""
_UNNAMED = "send it an app in deploy_map, or leave it out of mandatory_clients"


def read_min_clients(draft: Draft) -> None:
    """Read how many clients the job needs, 1 unless said otherwise."""
    given = draft.meta.get("min_clients")
    if given is None:
        if draft.rules.release and "min_clients" in draft.meta:
            draft.obstruct("enough", given, "min_clients")
        return
    number = _whole(given) if draft.rules.exact_numbers else _made_whole(draft, given)
    if number is None:
        if draft.rules.exact_numbers:
            _tell_number(draft, given, "")
        return
    if not 1 <= number <= MOST_CLIENTS:
        _tell_number(draft, given, "min-clients-low" if number < 1 else "min-clients-high", number)
        return
    draft.min_clients = given if draft.rules.release and type(given) is not str else number
    if type(given) is str and draft.rules.release:
        draft.obstruct("min_clients", given)
    if not draft.placed or draft.everywhere:
        return
    if not draft.clients:
        _tell_no_client(draft)
    elif number > len(draft.clients):
        message = f"min_clients is {number}, but deploy_map names only {len(draft.clients)} clients"
        facts = {"number": number, "found": len(draft.clients)}
        advice = "send apps to more clients, or ask for fewer"
        draft.tell("min-clients", message, "min_clients", advice=advice, says="min-clients-more", facts=facts)


def read_mandatory_clients(draft: Draft) -> None:
    """Read which clients must take part."""
    given = draft.meta.get("mandatory_clients")
    if not draft.rules.release:
        _read_listed_clients(draft, given)
        return
    if draft.placed and not draft.everywhere:
        if not draft.clients:
            _tell_no_client(draft)
            return
        try:
            missing = [site for site in dict.fromkeys(given or ()) if site not in draft.clients]
        except TypeError:
            message = f"mandatory_clients must be a list of site names, not {shown(given)}"
            draft.tell("mandatory-clients", message, "mandatory_clients", raises="TypeError")
            return
        if missing:
            message = f"mandatory client {shown_names(missing)} is not in deploy_map"
            draft.tell(
                "mandatory-clients", message, "mandatory_clients", advice=_UNNAMED, facts={"clients": as_set(missing)}
            )
            return
    if type(given) is list or (given and type(given) in (str, dict)):
        draft.mandatory_clients = tuple(given)
    wrong = [site for site in draft.mandatory_clients if type(site) is not str]
    if draft.rules.lists_mandatory and given and (type(given) is not list or wrong):
        said = "required sites must be a list" if type(given) is not list else f"invalid required site '{wrong[0]}'"
        draft.obstruct("mandatory_clients", given, says=said)
    elif given and type(given) not in (list, str, dict):
        draft.obstruct("mandatory_clients", given)


def read_resource_spec(draft: Draft) -> None:
    """Read what the job needs at each site."""
    given = draft.meta.get("resource_spec")
    rules = draft.rules
    if given is None or (rules.release and rules.null_resources and not given):
        iterable = type(given) in (list, str, dict) or "resource_spec" not in draft.meta
        if rules.release and rules.null_resources and not iterable:
            draft.obstruct("resource_spec", given)
        return
    if type(given) is not dict:
        draft.tell("resource-spec", f"resource_spec must be an object, not {shown(given)}", "resource_spec")
        return
    for site, need in given.items():
        empty = rules.null_resources and (not need if rules.release else need is None)
        if type(need) is not dict and not empty:
            message = f"resource_spec of {shown(site)} must be an object, not {shown(need)}"
            says = "resource-spec-site"
            draft.tell("resource-spec", message, f"resource_spec.{site}", says=says, facts={"site": site})
        elif rules.checks_docker and type(need) is dict and need.get("docker") is not None:
            check_docker(draft, f"resource_spec['{site}']['docker']", need["docker"])
    draft.resource_spec = given
    if not rules.release:
        draft.resource_spec = {site: need if type(need) is dict else {} for site, need in given.items()}


def _tell_number(draft: Draft, given: Any, says: str, number: int | None = None) -> None:
    message = f"min_clients must be a whole number from 1 to {MOST_CLIENTS}, not {shown(given)}"
    draft.tell("min-clients", message, "min_clients", says=says, facts={"number": number, "most": MOST_CLIENTS})


def _tell_no_client(draft: Draft) -> None:
    if all(problem.kind != "deploy-map-no-client" for problem in draft.problems):
        message = "deploy_map sends nothing to any client"
        draft.tell("deploy-map-no-client", message, "deploy_map", raises="StopIteration")


def _read_listed_clients(draft: Draft, given: Any) -> None:
    if given is None:
        return
    if type(given) is not list or any(type(item) is not str or not item for item in given):
        message = f"mandatory_clients must be a list of site names, not {shown(given)}"
        draft.tell("mandatory-clients", message, "mandatory_clients")
        return
    for number, site in enumerate(given):
        if draft.clients and site not in draft.clients:
            message = f"mandatory client {shown(site)} is not in deploy_map"
            draft.tell("mandatory-clients", message, f"mandatory_clients[{number}]", advice=_UNNAMED)
    draft.mandatory_clients = tuple(given)


def _whole(value: Any) -> int | None:
    if type(value) is int:
        return value
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) <= MOST_CLIENTS else None
    if type(value) is str:
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
    return None


def _made_whole(draft: Draft, value: Any) -> int | None:
    """Return what Python's ``int`` makes of a value; None when it makes nothing of it, which is told."""
    if isinstance(value, int):
        return value
    message = f"min_clients must be a whole number from 1 to {MOST_CLIENTS}, not {shown(value)}"
    try:
        return int(value)
    except (TypeError, ValueError) as problem:
        failure = (
            f"invalid data type for {value},can't not convert to Int",
            f"{type(problem).__name__}: {problem}",
        )
        draft.tell("min-clients", message, "min_clients", says="min-clients-no-number", facts={"failure": failure})
    except OverflowError:
        draft.tell("min-clients", message, "min_clients", raises="OverflowError")
    return None
