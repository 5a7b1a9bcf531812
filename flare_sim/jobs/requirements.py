"""Reads what a job needs before it can run: how many clients, which, and what of their resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from flare_sim.jobs.problems import Problems

__all__ = ["read_mandatory_clients", "read_min_clients", "read_resource_spec"]

MOST_CLIENTS = 1_000_000
"""The largest min_clients (NVFLARE 2.3.12)."""


def read_min_clients(meta: dict[str, Any], clients: frozenset[str], file: str, problems: Problems) -> int:
    """Read how many clients the job needs (1 unless said otherwise); ``"2"`` and ``2.0`` count as 2."""
    given = meta.get("min_clients")
    if given is None:
        return 1
    number = _whole(given)
    if number is None or not 1 <= number <= MOST_CLIENTS:
        message = f"min_clients must be a whole number from 1 to {MOST_CLIENTS}, not {shown(given)}"
        problems.tell("min-clients", message, file, "min_clients")
        return 1
    if clients and number > len(clients):
        message = f"min_clients is {number}, but deploy_map names only {len(clients)} clients"
        problems.tell("min-clients", message, file, "min_clients")
    return number


def read_mandatory_clients(
    meta: dict[str, Any], clients: frozenset[str], file: str, problems: Problems
) -> tuple[str, ...]:
    """Read which clients must take part."""
    given = meta.get("mandatory_clients")
    if given is None:
        return ()
    if type(given) is not list or any(type(item) is not str or not item for item in given):
        message = f"mandatory_clients must be a list of site names, not {shown(given)}"
        problems.tell("mandatory-clients", message, file, "mandatory_clients")
        return ()
    for number, site in enumerate(given):
        if clients and site not in clients:
            message = f"mandatory client {shown(site)} is not in deploy_map"
            problems.tell("mandatory-clients", message, file, f"mandatory_clients[{number}]")
    return tuple(given)


def read_resource_spec(meta: dict[str, Any], file: str, problems: Problems) -> dict[str, dict[str, Any]]:
    """Read what the job needs at each site."""
    given = meta.get("resource_spec")
    if given is None:
        return {}
    if type(given) is not dict:
        message = f"resource_spec must be an object, not {shown(given)}"
        problems.tell("resource-spec", message, file, "resource_spec")
        return {}
    for site, need in given.items():
        if need is not None and type(need) is not dict:
            message = f"resource_spec of {shown(site)} must be an object, not {shown(need)}"
            problems.tell("resource-spec", message, file, f"resource_spec.{site}")
    return {site: need or {} for site, need in given.items() if need is None or type(need) is dict}


def _whole(value: Any) -> int | None:
    if type(value) is int:
        return value
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) <= MOST_CLIENTS else None
    if type(value) is str:
        digits = value.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None
    return None
