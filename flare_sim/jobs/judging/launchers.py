"""Reads what a job asks of the resources of sites and of what launches it there, as servers since 2.9.0 do.

``resource_spec`` may say it for every launcher (portable fields), by launcher (``process``, ``docker``, ``k8s``,
``slurm``), or flat, which is for the resource manager; ``launcher_spec`` says it by site and launcher.
"""

from __future__ import annotations

import re
from collections import ChainMap
from itertools import chain
from typing import TYPE_CHECKING, Any

from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flare_sim.jobs.judging.draft import Draft

__all__ = ["check_conflicts", "check_docker", "check_launcher_spec", "check_portable_resources"]

EVERY_SITE = "@default"
"""In a resource_spec: what every site gives that is not told otherwise."""
_MODES = ("docker", "k8s", "process", "slurm")
_PORTABLE = ("num_of_gpus", "num_of_cpus", "memory")
_SAME: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "docker": {"num_of_gpus": ("num_of_gpus",)},
    "k8s": {
        "num_of_gpus": ("num_of_gpus",),
        "num_of_cpus": ("cpu", "cpu_request"),
        "memory": ("memory", "memory_request"),
    },
    "slurm": {"num_of_cpus": ("cpus_per_node",), "memory": ("mem_per_node",)},
}
"""Launcher -> portable field -> what the launcher itself calls it."""


def _is_whole(value: Any, least: int = 0) -> bool:
    return type(value) is int and value >= least


def _is_words(value: Any) -> bool:
    return type(value) is str and bool(value.strip())


def _is_command(value: Any) -> bool:
    return _is_words(value) or (type(value) is list and bool(value) and all(map(_is_words, value)))


def _is_size(value: Any) -> bool:
    most = (1 << 63) - 1
    if type(value) is str:
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?:([kmg])?b?)?", value, re.IGNORECASE | re.ASCII)
        if match is None:
            return False
        unit = {"": 0, "k": 10, "m": 20, "g": 30}[(match[2] or "").lower()]
        amount = float(match[1]) * (1 << unit)
        return amount != float("inf") and int(amount) <= most
    return _is_whole(value) and value <= most


_DOCKER: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "entrypoint": (_is_command, "must be a non-empty string or a non-empty list of non-empty strings"),
    "image": (lambda value: value is None or type(value) is str, "must be a string or null"),
    "num_of_gpus": (_is_whole, "must be an integer greater than or equal to 0"),
    "python_path": (_is_words, "must be a non-empty string"),
    "shm_size": (
        _is_size,
        "must be a non-negative integer or decimal byte-size string within Docker's signed 64-bit limit",
    ),
}
"""What a job may say to Docker -> what it may be, and how a server says that."""
_PORTABLE_VALUES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "num_of_gpus": (_is_whole, "an integer greater than or equal to 0"),
    "num_of_cpus": (lambda value: _is_whole(value, 1), "an integer greater than or equal to 1"),
    "memory": (
        lambda value: type(value) is str and re.fullmatch(r"[1-9][0-9]*(Mi|Gi|Ti)", value) is not None,
        "a positive integer followed by Mi, Gi, or Ti",
    ),
}
"""A portable field -> what it may be, and how a server says that."""


def check_docker(draft: Draft, label: str, given: Any) -> None:
    """Check what a job says to Docker: only what is the job's to say."""
    if type(given) is not dict:
        message = f"{label} must be an object, not {shown(given)}"
        draft.tell("docker-options", message, label, says="docker-no-object", facts={"label": label})
        return
    unknown = sorted(key for key in given if key not in _DOCKER)
    if unknown:
        message = f"{label} has {shown(unknown[0])}, which is not the job's to say"
        draft.tell(
            "docker-options", message, label, facts={"label": label, "options": unknown, "allowed": sorted(_DOCKER)}
        )
        return
    for option, value in given.items():
        fits, wanted = _DOCKER[option]
        if not fits(value):
            message = f"{option} in {label} {wanted}, not {shown(value)}"
            facts = {"label": label, "option": option, "wanted": wanted}
            draft.tell("docker-options", message, label, says="docker-value", facts=facts)


def check_portable_resources(draft: Draft) -> None:
    """Check the fields of a resource_spec that mean the same to every launcher."""
    given = draft.meta.get("resource_spec")
    if type(given) is not dict or any(type(need) is not dict for need in given.values()):
        return
    default = given.get(EVERY_SITE)
    if default is not None:
        unknown = sorted(key for key in default if key not in _PORTABLE)
        if unknown:
            message = f"{EVERY_SITE} of resource_spec has {shown(unknown[0])}, which is not for every site"
            draft.tell(
                "resource-spec",
                message,
                f"resource_spec.{EVERY_SITE}",
                says="default-fields",
                facts={"fields": unknown},
            )
        _check_values(draft, EVERY_SITE, default)
    for site, need in given.items():
        if not _can_be_object(_part(need, "process")):
            place = f"resource_spec.{site}.process"
            draft.obstruct(f"resource_spec.{site}", need["process"], place)
        if site != EVERY_SITE and (default is not None or not _by_launcher(need)):
            _check_values(draft, site, _part(need, "process") if default is not None else need)


def _check_values(draft: Draft, site: str, need: Any) -> None:
    place = f"resource_spec.{site}"
    if type(need) is not dict:
        draft.tell("resource-spec", f"{place} must be an object, not {shown(need)}", place, raises="AttributeError")
        return
    for field, (fits, wanted) in _PORTABLE_VALUES.items():
        if field in need and not fits(need[field]):
            message = f"{field} of {shown(site)} in resource_spec must be {wanted}, not {shown(need[field])}"
            facts = {"site": site, "field": field, "wanted": wanted}
            draft.tell("resource-spec", message, f"{place}.{field}", says="portable-value", facts=facts)


def check_launcher_spec(draft: Draft) -> None:
    """Check what a job says to what launches it, by site and launcher."""
    given = draft.meta.get("launcher_spec")
    if given is None:
        return
    kind = "launcher-spec"
    if type(given) is not dict:
        draft.tell(kind, f"launcher_spec must be an object, not {shown(given)}", kind.replace("-", "_"))
        return
    for site, by_mode in given.items():
        place = f"launcher_spec.{site}"
        facts: dict[str, Any] = {"site": site, "modes": list(draft.rules.launchers)}
        if type(by_mode) is not dict:
            message = f"launcher_spec of {shown(site)} must be an object, not {shown(by_mode)}"
            draft.tell(kind, message, place, says="launcher-spec-site", facts=facts)
            continue
        for mode, options in by_mode.items():
            facts["mode"] = mode
            if mode not in draft.rules.launchers:
                message = f"launcher_spec of {shown(site)} names launcher {shown(mode)}, which there is not"
                draft.tell(kind, message, place, says="launcher-mode", facts=facts)
            elif type(options) is not dict:
                message = f"launcher_spec of {shown(site)} must have an object for {mode}, not {shown(options)}"
                draft.tell(kind, message, f"{place}.{mode}", says="launcher-spec-mode", facts=facts)
            elif mode == "docker" and draft.rules.checks_docker:
                check_docker(draft, f"launcher_spec['{site}']['docker']", options)


def check_conflicts(draft: Draft) -> None:
    """See that nothing is said twice, in resource_spec and in launcher_spec."""
    needs, launchers = (draft.meta.get(key) or {} for key in ("resource_spec", "launcher_spec"))
    if type(needs) is not dict or type(launchers) is not dict:
        return
    if any(type(part) is not dict for part in (*needs.values(), *launchers.values())):
        return
    sites = dict.fromkeys((*(site for site in needs if site != EVERY_SITE), *(s for s in launchers if s != "default")))
    for site in sites:
        try:
            for says, facts in chain(_gpus_twice(site, needs, launchers), _fields_twice(site, needs, launchers)):
                message = f"resources of {shown(site)} are asked for twice, and otherwise"
                draft.tell(
                    "resources-twice", message, f"launcher_spec.{site}", says=says, facts={"site": site, **facts}
                )
        except (AttributeError, TypeError) as problem:  # noqa: PERF203
            message = f"resource_spec of {shown(site)} must have objects for its launchers"
            draft.tell("resources-twice", message, f"resource_spec.{site}", raises=type(problem).__name__)
    told = {mode: options for mode, options in (launchers.get("default") or {}).items() if type(options) is dict}
    for mode, field, fields in _same(needs.get(EVERY_SITE) or {}, lambda mode: told.get(mode, {})):
        message = f"{field} is asked for twice for every site"
        facts = {"mode": mode, "field": field, "fields": fields, "where": "in the default blocks"}
        draft.tell("resources-twice", message, "launcher_spec.default", says="portable-twice", facts=facts)


def _can_be_object(part: Any) -> bool:
    try:
        dict(part)
    except (TypeError, ValueError):
        return False
    return True


def _by_launcher(need: dict[str, Any]) -> bool:
    return any(mode in need for mode in _MODES)


def _part(need: dict[str, Any], mode: str) -> Any:
    """Return what a site is asked for with a launcher; what is written flat is for processes."""
    if _by_launcher(need):
        return need.get(mode, {})
    return need if mode == "process" else {}


def _asked(site: str, mode: str, needs: dict[str, Any], launchers: dict[str, Any]) -> Any:
    """Return what a launcher is told for a site: by launcher_spec, else by a resource_spec that is by launcher."""
    default = launchers.get("default", {}).get(mode) or {}
    own = launchers.get(site, {}).get(mode)
    if default or own is not None:
        return _laid_over(default, own or {})
    return _part(needs.get(site, {}), mode)


def _gpus_twice(site: str, needs: dict[str, Any], launchers: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    need = needs.get(site, {})
    if not _by_launcher(need) or "num_of_gpus" not in need.get("process", {}):
        return
    gpus = need["process"]["num_of_gpus"]
    docker, k8s, slurm = (_asked(site, mode, needs, launchers) for mode in ("docker", "k8s", "slurm"))
    for mode, asked in (("docker", docker), ("k8s", k8s)):
        if "num_of_gpus" in asked and asked["num_of_gpus"] != gpus:
            yield "gpus-twice", {"gpus": gpus, "mode": mode, "others": asked["num_of_gpus"]}
    nodes, by_node = slurm.get("nodes", 1), slurm.get("gpus_per_node")
    if all(type(number) is int for number in (gpus, nodes, by_node)) and nodes * by_node != gpus:
        yield "gpus-slurm", {"gpus": gpus, "others": nodes * by_node}


def _fields_twice(site: str, needs: dict[str, Any], launchers: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    need = needs.get(site, {})
    told = _by_launcher(need) and "num_of_gpus" in _part(need, "process")
    portable: Mapping[str, Any] = need
    if EVERY_SITE in needs:
        portable = _laid_over(needs[EVERY_SITE], _part(need, "process"))
    elif _by_launcher(need):
        portable = {}
    for mode, field, fields in _same(portable, lambda mode: _asked(site, mode, needs, launchers)):
        if not (told and fields == ["num_of_gpus"]):
            yield "portable-twice", {"mode": mode, "field": field, "fields": fields, "where": f"for site '{site}'"}


def _same(portable: Mapping[str, Any], asked: Callable[[str], Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Return what is said in a portable field and again to a launcher: launcher, field, the launcher's fields."""
    for mode, names in _SAME.items():
        for field, own in names.items():
            if field in portable:
                there = asked(mode)
                if not isinstance(there, (dict, ChainMap)):
                    there = set(there)
                if fields := sorted(name for name in own if name in there):
                    yield mode, field, fields


def _laid_over(default: Any, own: Any) -> Mapping[str, Any]:
    """Return the default options of all sites with a site's own over them, as a view: there may be many of both.

    Raises:
        TypeError: one of them is no object.
    """
    if type(default) is not dict or type(own) is not dict:
        raise TypeError
    return ChainMap(own, default)
