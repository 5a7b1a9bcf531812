"""Deploys a job's apps to its sites: what went wrong where, and whether enough went right (as on 2.3.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flare_sim.jobs.site_names import SERVER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from flare_sim.engine.clients.sites import Sites
    from flare_sim.jobs.definition import JobDefinition

__all__ = ["Deployment", "deploy", "deploy_problems"]


class Deployment(NamedTuple):
    """How deploying a job went."""

    apps: dict[str, str]
    """Site -> app where it worked."""
    detail: tuple[str, ...]
    """What the job's meta says about it, a line per site and one for why it was not enough."""
    failed: bool
    """Whether the job can't run now."""


def deploy(definition: JobDefinition, apps: Mapping[str, str], problems: Mapping[str, str]) -> Deployment:
    """Judge a deployment.

    Args:
        definition: the job.
        apps: site -> app, the server included, in deploy order.
        problems: site -> what went wrong there.
    """
    if "deploy" in definition.obstacles:
        return Deployment({}, (), failed=True)
    working = {name: app for name, app in apps.items() if name not in problems}
    if SERVER in problems:
        return Deployment(working, (f"{SERVER}: {problems[SERVER]}",), failed=True)
    detail = [f"{name}: {problems.get(name, 'OK')}" for name in apps]
    clients = len(working) - 1
    missing = [name for name in definition.mandatory_clients if name in problems]
    if clients < definition.min_clients:
        detail.append(f"num_ok_sites {clients} < required_min_sites {definition.min_clients}")
    else:
        detail += [f"failed to deploy to required client {name}" for name in missing]
    return Deployment(working, tuple(detail), failed=clients < definition.min_clients or bool(missing))


def deploy_problems(
    apps: Mapping[str, str], refusing: Collection[str], faults: Mapping[str, int], sites: Sites
) -> dict[str, str]:
    """Return what goes wrong where when apps are deployed.

    Args:
        apps: site -> app, the server included, in deploy order.
        refusing: sites where the job's behavior lets deploying fail.
        faults: site -> how many more deployments fail there, this one included.
        sites: the clients.
    """
    problems: dict[str, str] = {}
    for name, app in apps.items():
        if faults.get(name) or name in refusing:
            problems[name] = f"failed to deploy app {app}"
        elif name != SERVER and not sites.connected(name):
            problems[name] = "unknown"
    return problems
