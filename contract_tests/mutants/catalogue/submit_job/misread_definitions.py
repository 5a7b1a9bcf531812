"""Sessions that submit another definition than they were given, or look for it in another place."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.system import job_folders, temporary_folders
from contract_tests.system.job_plan import JobPlan

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


def _decoded(given: Any) -> Any:
    return os.fsdecode(given) if isinstance(given, bytes) else given


def _held(given: Any) -> Any:
    """The only thing in a folder that has no meta.json."""
    if isinstance(given, str) and os.path.isdir(given):
        inside = os.listdir(given)
        if len(inside) == 1 and os.path.isfile(os.path.join(given, inside[0], "meta.json")):
            return os.path.join(given, inside[0])
    return given


def _here_for_none(given: Any) -> Any:
    return os.getcwd() if given is None else given


def _here_for_nothing(given: Any) -> Any:
    return given or os.getcwd() if isinstance(given, str) else given


def _is_path(given: Any) -> Any:
    return os.fspath(given) if isinstance(given, os.PathLike) else given


def _only_one(given: Any) -> Any:
    return given[0] if isinstance(given, list) and len(given) == 1 else given


def _stripped(given: Any) -> Any:
    return given.strip() if isinstance(given, str) else given


_PLACES: Final[tuple[tuple[str, str, str, Callable[[Any], Any]], ...]] = (
    ("TakesPathObjects", "not-text", "takes any object that stands for a path", _is_path),
    ("TakesBytePaths", "not-text", "takes a path as bytes", _decoded),
    ("TakesTheOnlyOne", "not-text", "takes the path in a list of one", _only_one),
    ("NoneIsHere", "not-text", "takes None for the working directory", _here_for_none),
    ("NothingIsHere", "empty-text", "takes an empty path for the working directory", _here_for_nothing),
    ("StripsPaths", "missing-path", "strips blanks from paths", _stripped),
    ("LooksInside", "no-meta", "takes a folder with nothing but a job in it for the job", _held),
)


def _submitting(place: Callable[[Any], Any]) -> Callable[..., str]:
    def submit_job(self: Any, job_definition_path: Any) -> str:
        return Wrapper.submit_job(self, place(job_definition_path))

    return submit_job


for _name, _kind, _difference, _place in _PLACES:
    _GENERATOR.session(_name, f"submit.refuses.{_kind}", _difference, {"submit_job": _submitting(_place)})


class _KeepsCopies(Wrapper):
    """Keeps a copy of every folder that was accepted, and takes it where the folder is no good any more."""

    def submit_job(self, job_definition_path: str) -> str:
        """Submit the copy, if it has to be."""
        copies: dict[str, str] = self.system.memory.setdefault("copies", {})
        known = copies.get(str(job_definition_path))
        path = known if known and self.gone(job_definition_path) else job_definition_path
        job = super().submit_job(path)
        copies[path] = str(shutil.copytree(path, temporary_folders.scratch() / "job"))
        return job

    def gone(self, path: str) -> bool:
        """Whether to take the copy."""
        raise NotImplementedError


@MUTANTS.mutant("submit.refuses.missing-path", "submits a folder that is gone from the copy it has kept")
class SubmitsFromCopy(_KeepsCopies):
    """Knows the path."""

    def gone(self, path: str) -> bool:
        """Nothing is there."""
        return not os.path.exists(path)


@MUTANTS.mutant("submit.refuses.plain-file", "submits from its copy where a folder has become a file")
class SubmitsFileFromCopy(_KeepsCopies):
    """Knows the path."""

    def gone(self, path: str) -> bool:
        """A file is there."""
        return os.path.isfile(path)


@MUTANTS.mutant("submit.refuses.unreadable-meta", "takes a meta.json of lines with a key each")
class TakesLines(Wrapper):
    """Reads other notations as well."""

    def submit_job(self, job_definition_path: str) -> str:
        """Submit a good job for it."""
        try:
            lines = Path(job_definition_path, "meta.json").read_text(encoding="utf-8").splitlines()
        except (TypeError, ValueError, OSError):
            lines = []
        keys = [line.partition(":")[0] for line in lines if ": " in line]
        if len(keys) == len(lines) and "deploy_map" in keys:
            return super().submit_job(job_folders.job_folder(JobPlan(waits=True)))
        return super().submit_job(job_definition_path)


def _first(meta: Any) -> Any:
    return meta[0] if isinstance(meta, list) and meta else meta


def _clients(meta: dict[str, Any]) -> list[str]:
    return [site for sites in meta["deploy_map"].values() for site in sites if site != "server"]


def _matched(alike: Callable[[str, str], bool]) -> Callable[[Any], Any]:
    """Mandatory clients are any that are like them."""

    def mended(meta: Any) -> Any:
        wanted = [next((c for c in _clients(meta) if alike(c, name)), name) for name in meta["mandatory_clients"]]
        return {**meta, "mandatory_clients": wanted}

    return mended


def _needs_by_name(meta: Any) -> Any:
    return {**meta, "resource_spec": {}} if isinstance(meta["resource_spec"], str) else meta


def _needs_listed(meta: Any) -> Any:
    return {**meta, "resource_spec": {}} if isinstance(meta["resource_spec"], list) else meta


def _not_below_one(meta: Any) -> Any:
    return meta if meta["min_clients"] == meta["min_clients"] else {**meta, "min_clients": 1}


def _of_pairs(meta: Any) -> Any:
    return dict(meta) if isinstance(meta, list) and all(isinstance(pair, list) for pair in meta) and meta else meta


def _told_twice(meta: Any) -> Any:
    return json.loads(meta) if isinstance(meta, str) else meta


_DEFINITIONS: Final[tuple[tuple[str, str, str, Callable[[Any], Any]], ...]] = (
    ("NeedsByName", "resource-spec", "takes a text for the name of what is needed", _needs_by_name),
    ("ListsNeeds", "resource-spec", "takes a list of what is needed", _needs_listed),
    ("NotANumberWillDo", "min-clients", "takes what is no number, but not below one", _not_below_one),
    ("BeginningWillDo", "mandatory-client", "takes the beginning of a client's name", _matched(str.startswith)),
    (
        "CaseDoesNotMatter",
        "mandatory-client",
        "takes a client's name in capitals",
        _matched(lambda client, name: client.lower() == name.lower()),
    ),
    ("PairsWillDo", "meta-not-object", "takes a list of pairs for an object", _of_pairs),
    ("FirstWillDo", "meta-not-object", "takes the first object of a list", _first),
    ("ToldTwice", "meta-not-object", "takes text that holds an object", _told_twice),
)


def _mending(mended: Callable[[Any], Any]) -> Callable[..., str]:
    def submit_job(self: Any, job_definition_path: Any) -> str:
        try:
            meta = json.loads(Path(job_definition_path, "meta.json").read_bytes())
            instead = mended(meta)
        except (TypeError, ValueError, KeyError, OSError, RecursionError):
            return Wrapper.submit_job(self, job_definition_path)
        if instead is meta or instead == meta:
            return Wrapper.submit_job(self, job_definition_path)
        copy = Path(shutil.copytree(job_definition_path, temporary_folders.scratch() / Path(job_definition_path).name))
        (copy / "meta.json").write_text(json.dumps(instead), encoding="utf-8")
        return Wrapper.submit_job(self, str(copy))

    return submit_job


for _name, _kind, _difference, _mended in _DEFINITIONS:
    _GENERATOR.session(_name, f"submit.refuses.{_kind}", _difference, {"submit_job": _mending(_mended)})
