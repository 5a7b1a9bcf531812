"""Job plans as jobs of real NVFLARE: an app whose workflow does what the plan says."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any, Final

from contract_tests.system import job_folders, temporary_folders
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed
from tests.poc.releases import CLIENTS

MODULE: Final = "contract_workload"
"""The module of the job's own code."""

WORKLOAD: Final = Path(__file__).parent / "workload.py"


def workload(plan: JobPlan, abnormal: str) -> dict[str, Any]:
    """The arguments of the workflow for a plan; ``abnormal`` is that of the `Release`.

    Raises:
        NotClaimed: no job of real NVFLARE can bring it about by itself.
    """
    if plan.dispatches is not None:
        raise NotClaimed("a job that stays dispatched for as long as planned")
    if plan.ends == "FAILED_TO_RUN":
        raise NotClaimed("a job that can't be deployed")
    if plan.oversize:
        raise NotClaimed("a result that is too large")
    ends = "COMPLETED" if plan.ends == "ABNORMAL" and abnormal == "client" else plan.ends
    return {"seconds": plan.runs or 0.0, "mark": plan.mark or "", "ends": ends}


def write_job(folder: Path, plan: JobPlan, abnormal: str) -> None:
    """Write a job that behaves as planned into a folder.

    Raises:
        NotClaimed: it can't be brought about.
    """
    workflow = {"id": "workload", "path": f"{MODULE}.Workload", "args": workload(plan, abnormal)}
    executor = {"tasks": ["idle"], "executor": {"path": f"{MODULE}.Idle", "args": {}}}
    none = plan.ends == "ABNORMAL" and abnormal == "client"
    job_folders.write_job(folder, {**job_folders.job_meta(plan), "deploy_map": {job_folders.APP: sites(plan)}})
    app = folder / job_folders.APP
    (app / "custom").mkdir()
    shutil.copy(WORKLOAD, app / "custom" / f"{MODULE}.py")
    _fill(app / "config" / "config_fed_server.json", workflows=[workflow])
    _fill(app / "config" / "config_fed_client.json", executors=[] if none else [executor])


def sites(plan: JobPlan) -> list[str]:
    """Where a job is deployed: to one client where that is enough, for every client takes its time to start and end."""
    few = plan.min_clients == 1 and plan.mandatory_clients is None and not plan.waits
    return ["server", CLIENTS[0]] if few else ["@ALL"]


def _fill(config: Path, **parts: object) -> None:
    held = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps({**held, **parts}, indent=2), encoding="utf-8")


@cache
def job_folder(plan: JobPlan, abnormal: str) -> str:
    """The path of a job folder that behaves as planned; written once per plan.

    Raises:
        NotClaimed: it can't be brought about.
    """
    folder = temporary_folders.scratch() / "contract_job"
    write_job(folder, plan, abnormal)
    return str(folder)
