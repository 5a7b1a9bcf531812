"""Job folders on disk: a portable NVFLARE job for a plan.

The folders hold what a job of NVFLARE 2.3 holds, with the smallest configuration its servers accept, so they can be
submitted to anything. They are written once per process and plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from contract_tests.system.job_plan import JobPlan
from contract_tests.system.temporary_folders import scratch, written_once

APP: Final = "app"


NEVER_ENOUGH: Final = 999_999
"""A min_clients that no system has."""


def job_meta(plan: JobPlan, custom_props: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The meta.json of a plan: an app for all sites, and ``custom_props`` if there are any."""
    meta: dict[str, Any] = {
        "name": plan.name,
        "resource_spec": {},
        "min_clients": NEVER_ENOUGH if plan.waits else plan.min_clients,
        "deploy_map": {APP: ["@ALL"]},
    }
    if plan.mandatory_clients is not None:
        meta["mandatory_clients"] = list(plan.mandatory_clients)
    if custom_props:
        meta["custom_props"] = dict(custom_props)
    return meta


def write_job(folder: Path, meta: object) -> None:
    """Write a job with this meta.json and one app, complete, into ``folder``."""
    config = folder / APP / "config"
    config.mkdir(parents=True)
    workflow = {"format_version": 2, "workflows": [], "components": []}
    executors = {"format_version": 2, "executors": [], "components": []}
    (config / "config_fed_server.json").write_text(json.dumps(workflow, indent=2), encoding="utf-8")
    (config / "config_fed_client.json").write_text(json.dumps(executors, indent=2), encoding="utf-8")
    (folder / "meta.json").write_text(json.dumps(meta, indent=2), encoding="utf-8")


def job_folder(plan: JobPlan, *, fresh: bool = False) -> str:
    """The path of a job folder for ``plan``; ``fresh`` gives one that nobody else is given."""
    if fresh:
        return _written(scratch() / "contract_job", job_meta(plan))
    return str(written_once(plan, lambda folder: _written(folder, job_meta(plan))))


def simulated_job_folder(plan: JobPlan, clients: Sequence[str], oversize_bytes: int) -> str:
    """The path of a job folder that behaves as ``plan`` says in `flare_sim`; see `simulated_props`."""

    def write(folder: Path) -> str:
        return _written(folder, job_meta(plan, simulated_props(plan, clients, oversize_bytes)))

    return str(written_once((plan, *clients, oversize_bytes), write))


def _written(folder: Path, meta: dict[str, Any]) -> str:
    write_job(folder, meta)
    return str(folder)


def simulated_props(plan: JobPlan, clients: Sequence[str], oversize_bytes: int) -> dict[str, Any]:
    """The custom_props by which a job tells `flare_sim` how its run is to go.

    Args:
        plan: what the job is to do.
        clients: the clients at which a job that can't be deployed fails.
        oversize_bytes: the size of a result that is too large.
    """
    behavior: dict[str, Any] = {}
    if plan.runs is not None:
        behavior["run_seconds"] = plan.runs
    if plan.dispatches is not None:
        behavior["start_seconds"] = plan.dispatches
    if plan.ends == "FAILED_TO_RUN":
        behavior["deploy_failures"] = list(clients)
    elif plan.ends != "COMPLETED":
        behavior["outcome"] = plan.ends
    if plan.mark is not None:
        behavior["result_files"] = {"mark.txt": plan.mark}
    if plan.oversize:
        behavior["result_bytes"] = oversize_bytes
    return {"flare_sim": behavior} if behavior else {}
