"""What is wrong with a bad job definition, in words: read off what was written, so that it is always so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from contract_tests.system import given_files
from contract_tests.system.bad_definitions import bad_job
from contract_tests.system.job_folders import job_meta
from contract_tests.system.job_plan import BadJob, JobPlan

_LONGEST: Final = 40
"""Characters of a meta.json that are told where it is no JSON object."""

_GOOD: Final = job_meta(JobPlan())


def named(job: BadJob) -> str:
    """The case of a bad job: its kind, and the number of its way, the first of which need not be named."""
    return job.fault if "/" in job.fault else f"{job.fault}/0"


def fault(job: BadJob) -> str:
    """What is wrong with a bad job: the lines of its meta.json, or what its folder lacks; else what it is instead."""
    definition = bad_job(job)
    if not isinstance(definition, str):
        return f"no text but {definition!r}"
    if not definition:
        return "an empty text"
    path = Path(definition)
    if path.is_dir():
        return ", ".join(_of_folder(path))
    return f"a plain file, {path.name}" if path.exists() else f"nothing is at {definition!r}"


def _of_folder(folder: Path) -> Iterator[str]:
    if not (folder / "meta.json").is_file():
        held = ", ".join(sorted(f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir()))
        yield f"no meta.json in a folder that holds {held or 'nothing'}"
        return
    content = (folder / "meta.json").read_bytes()
    try:
        meta = given_files.within_depth(json.loads(content.decode()))
    except (ValueError, RecursionError):
        yield f"meta.json is no JSON: {_cut(repr(content)[1:])}"
        return
    if not isinstance(meta, dict):
        yield f"meta.json is no object: {_cut(json.dumps(meta))}"
        return
    yield from _of_apps(folder, meta.get("deploy_map"))
    for key in [*_GOOD, *(key for key in meta if key not in _GOOD)]:
        if key not in meta:
            yield f'meta.json has no "{key}"'
        elif key not in _GOOD or json.dumps(meta[key]) != json.dumps(_GOOD[key]):
            yield f'meta.json has "{key}": {json.dumps(meta[key])}'


def _of_apps(folder: Path, deploy_map: Any) -> Iterator[str]:
    """What is missing of the apps that are deployed."""
    for app in deploy_map if isinstance(deploy_map, dict) else ():
        configs = [Path(app, "config", f"config_fed_{side}.json") for side in ("server", "client")]
        missing = [config.as_posix() for config in configs if not (folder / config).is_file()]
        yield from (f"no {name}" for name in (missing if (folder / app).is_dir() else [f"{app}/"]))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
