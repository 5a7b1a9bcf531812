"""Finds and reads a job's meta and the configurations of its apps, in the formats its rules take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from flare_sim.jobs.problems import Problems
    from flare_sim.personality.job_rules import JobRules

__all__ = ["config_file", "meta_file", "read_config", "read_meta"]

_DEEPEST = 60


def meta_file(files: Collection[str], rules: JobRules) -> str | None:
    """Return the name of the file that is the job's meta, None when none is."""
    return next((name for suffix in rules.meta_suffixes if (name := f"meta{suffix}") in files), None)


def config_file(files: Collection[str], app: str, side: str, rules: JobRules) -> str | None:
    """Return the path of an app's configuration for ``"server"`` or ``"client"``, None when there is none."""
    base = f"{app}/config/config_fed_{side}"
    return next((path for suffix in rules.config_suffixes if (path := base + suffix) in files), None)


def read_meta(name: str, files: Mapping[str, bytes], rules: JobRules, problems: Problems) -> dict[str, Any] | None:
    """Read the meta in the file ``name``; None when it can't be, and ``problems`` says why."""
    from json import loads

    try:
        meta = loads(files[name])
    except (ValueError, RecursionError) as problem:
        kind = "nested too deeply" if isinstance(problem, RecursionError) else f"not JSON ({_short(problem)})"
        problems.tell("meta-unreadable", f"{name} is {kind}", name)
        return None
    if type(meta) is not dict:
        problems.tell("meta-no-object", f"{name} must hold an object, not {shown(meta)}", name)
        return None
    if _is_deep(meta):
        problems.tell("meta-too-deep", f"{name} is nested more than {_DEEPEST} deep", name)
        return None
    return meta


def read_config(path: str, files: Mapping[str, bytes], rules: JobRules, problems: Problems) -> Any:
    """Read an app's configuration; None when it can't be, and ``problems`` says why."""
    from json import loads

    from flare_sim.jobs.problems import Answer

    try:
        return loads(files[path].decode())
    except (ValueError, RecursionError) as problem:
        reply = Answer("invalid_job_def", str(problem)) if rules.release else None
        problems.tell("config-unreadable", f"{path} is no JSON ({_short(problem)})", path, reply=reply)
        return None


def _short(problem: Exception) -> str:
    return ascii(str(problem))[1:100]


def _is_deep(meta: object) -> bool:
    level = [meta]
    for _ in range(_DEEPEST):
        inner: list[object] = []
        for item in level:
            if type(item) is dict:
                inner.extend(item.values())
            elif type(item) is list:
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return True
