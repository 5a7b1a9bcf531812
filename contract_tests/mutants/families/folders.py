"""Job folders, as they are submitted: where a job came from, and submitting something else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.algebra.altered import SUBMIT
from contract_tests.mutants.algebra.call import Call, Effect
from contract_tests.system.job_folders import job_folder
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.temporary_folders import scratch

PATH: Final = "job_definition_path"


def folder(call: Call) -> str:
    """The folder that the job of a call was submitted from, or the one it was cloned from; empty when unknown."""
    made = call.birth
    return "" if made is None else str(made[PATH]) if made.point == SUBMIT else folder(made)


def same_folder(one: Call, other: Call) -> bool:
    """Whether two calls submit what lies in one place."""
    return bool(one[PATH] == other[PATH])


def read_meta(path: Any) -> Any:
    """What a folder's meta.json says.

    Raises:
        OSError, TypeError: there is none.
        ValueError, RecursionError: it can't be read.
    """
    return json.loads(Path(path, "meta.json").read_bytes())


def write_meta(path: Any, meta: object) -> None:
    """Write a folder's meta.json."""
    Path(path, "meta.json").write_text(json.dumps(meta), encoding="utf-8")


def copied(path: Any) -> str:
    """A copy of a folder."""
    return str(shutil.copytree(path, scratch() / Path(path).name))


def submits_copy(change: Callable[[Any, Call], Any]) -> Effect:
    """Submit a copy with another meta.json, where it says something else; where none can be made the folder itself."""

    def effect(call: Call) -> Any:
        try:
            meta = read_meta(call[PATH])
            other = change(meta, call)
        except (TypeError, ValueError, KeyError, AttributeError, OSError, RecursionError):
            return call.go()
        if other == meta:
            return call.go()
        path = copied(call[PATH])
        write_meta(path, other)
        return call.go(job_definition_path=path)

    return effect


def drops_key(key: str) -> Effect:
    """Submit jobs without a key of theirs."""
    return submits_copy(lambda meta, call: {name: value for name, value in meta.items() if name != key})


def submits_first_version(key: Callable[[Path], object] = str) -> Effect:
    """Submit a folder as it was when one with the same key was submitted for the first time."""

    def effect(call: Call) -> Any:
        job = call.go()
        kept: dict[object, str] = call.memory.setdefault("kept", {})
        known = key(Path(call[PATH]))
        if known not in kept:
            kept[known] = copied(call[PATH])
            return job
        call.inner.delete_job(job)
        return call.go(job_definition_path=kept[known])

    return effect


def submits_a_good_one(call: Call) -> Any:
    """Submit another job than the one it was given, one that waits."""
    return call.inner.submit_job(job_folder(JobPlan(waits=True)))
