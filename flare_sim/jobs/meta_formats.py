"""Finds and reads a job's meta and the configurations of its apps, in the formats its rules take."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flare_sim.disk.contents import whole
from flare_sim.jobs.formats.failures import DEEPEST, OWN_LIMIT, BeyondSimulator, Unreadable
from flare_sim.jobs.formats.reader import language_of, read_file
from flare_sim.jobs.problems import Answer
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from flare_sim.disk.contents import Content
    from flare_sim.jobs.problems import Problems
    from flare_sim.personality.job_rules import JobRules

_LARGEST_CONFIG = 1 << 19

__all__ = ["config_file", "meta_file", "meta_files", "read_config", "read_meta", "stored_meta"]


def meta_files(rules: JobRules) -> tuple[str, ...]:
    """Return the names a job's meta can have, the first that is there counts."""
    return _named(rules.meta_suffixes)


@lru_cache(maxsize=16)
def _named(suffixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"meta{suffix}" for suffix in suffixes)


def meta_file(files: Collection[str], rules: JobRules) -> str | None:
    """Return the name of the file that is the job's meta, None when none is."""
    return next((name for name in meta_files(rules) if name in files), None)


def config_file(files: Collection[str], app: str, side: str, rules: JobRules) -> str | None:
    """Return the path of an app's configuration for ``"server"`` or ``"client"``, None when there is none."""
    base = f"{app}/config/config_fed_{side}"
    return next((path for suffix in rules.config_suffixes if (path := base + suffix) in files), None)


def read_meta(name: str, files: Mapping[str, Content], rules: JobRules, problems: Problems) -> dict[str, Any] | None:
    """Read the meta in the file ``name``; None when it can't be, and ``problems`` says why."""
    try:
        meta = read_file(name, whole(files[name]), any_unicode=rules.any_unicode)
    except (BeyondSimulator, Unreadable) as failure:
        _tell("meta-unreadable", name, failure, rules, problems)
        return None
    if type(meta) is not dict:
        message = f"{name} must hold an object, not {shown(meta)}"
        says, raises = ("", "AttributeError") if meta else ("meta-missing", "")
        problems.tell("meta-no-object", message, name, says=says, raises=raises)
        return None
    if _is_deep(meta):
        problems.tell("meta-too-deep", f"{name} is nested more than {DEEPEST} deep, {OWN_LIMIT}", name)
        return None
    if language_of(name) == "YAML":
        message = f"{name} can be read by servers that have OmegaConf, which NVFLARE does not bring"
        problems.tell("needs-omegaconf", message, name, warning=True)
    return meta


def read_config(path: str | None, files: Mapping[str, Content], rules: JobRules, problems: Problems) -> Any:
    """Read an app's configuration; None when there is none, or it can't be read, and ``problems`` says why."""
    if path is None:
        return None
    try:
        if len(files[path]) > _LARGEST_CONFIG:
            raise BeyondSimulator(f"is larger than {_LARGEST_CONFIG:,} bytes, {OWN_LIMIT}")
        return read_file(path, whole(files[path]))
    except (BeyondSimulator, Unreadable) as failure:
        _tell("config-unreadable", path, failure, rules, problems)
        return None


def stored_meta(name: str, meta: dict[str, Any], problems: Problems) -> dict[str, Any]:
    """Return the meta as a server stores it, which is as JSON; what JSON can't say is a problem.

    HOCON has durations, and YAML bytes, paths and keys that are no text.
    """
    if language_of(name) == "JSON":
        return meta
    from json import dumps, loads

    try:
        kept: dict[str, Any] = loads(dumps(meta))
    except (TypeError, ValueError) as problem:
        message = f"{name} holds what a server cannot store ({problem})"
        problems.tell("meta-unstorable", message, name, raises=type(problem).__name__)
        return {}
    return kept


def _tell(kind: str, name: str, failure: BeyondSimulator | Unreadable, rules: JobRules, problems: Problems) -> None:
    message = f"{name} {failure}"
    if isinstance(failure, BeyondSimulator):
        # A server reads a configuration for what is of no use here; the job runs without.
        problems.tell("beyond-simulator", message, name, warning=kind == "config-unreadable")
    elif isinstance(failure.cause, ValueError):
        reply = Answer("invalid_job_def", str(failure.cause)) if rules.release else None
        problems.tell(kind, message, name, failure.place, reply=reply)
    else:
        kind_of = type(failure.cause)
        raises = (
            kind_of.__qualname__ if kind_of.__module__ == "builtins" else f"{kind_of.__module__}.{kind_of.__qualname__}"
        )
        problems.tell(kind, message, name, failure.place, raises=raises)


def _is_deep(meta: object) -> bool:
    level = [meta]
    for _ in range(DEEPEST):
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
