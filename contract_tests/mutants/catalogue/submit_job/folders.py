"""Sessions that keep the submitted folder, write into it, or submit something else than what it holds."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, DOWNLOAD, META, MONITOR, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call, Effect
from contract_tests.mutants.families.folders import (
    PATH,
    copied,
    folder,
    read_meta,
    submits_a_good_one,
    submits_copy,
    submits_first_version,
    write_meta,
)
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InvalidJobDefinition, JobNotFound

# --- no copy ----------------------------------------------------------------------------------------------------------


def _name_now(meta: dict[str, Any], call: Call) -> Any:
    try:
        return read_meta(folder(call)).get("name")
    except OSError:
        return meta["name"]


def _submits_again(call: Call) -> Any:
    call.inner.get_job_meta(call.job_id)
    call.answer = call.inner.submit_job(folder(call))
    return call.answer


def _lost_app(call: Call) -> bool:
    return bool(folder(call)) and not Path(folder(call), "app").is_dir()


def _with_apps_of_now(path: str, call: Call) -> str:
    for config in Path(folder(call) or path).glob("*/config") if Path(path).is_dir() else ():
        shutil.copytree(config.parent, Path(path, "apps", config.parent.name), dirs_exist_ok=True)
    return path


_COPY: Final[Faults] = {
    "submit.copy": {
        "reads a job's name from its folder every time": on(META, do.tells(name=_name_now)),
        "submits the folder again to clone a job": on(CLONE, _submits_again),
        "loses a job whose folder is gone": on(
            META,
            do.then_raises(JobNotFound, "no such job"),
            lambda call: folder(call) and not os.path.isdir(folder(call)),
        ),
        "reads the app when the job is about to run": on(
            META, do.then(do.does(ABORT, lambda call: call.job_id)), (when.waiting | when.dispatched) & _lost_app
        ),
        "keeps clones by reference to the folder": on(META, do.tells(name=""), when.clone & _lost_app),
        "puts the apps that are in the folder now into a result": on(DOWNLOAD, do.answers_of(_with_apps_of_now)),
        "submits a folder as it was when it was first submitted": on(SUBMIT, submits_first_version()),
    },
}

# --- writing into it --------------------------------------------------------------------------------------------------


def _to_meta(act: Callable[[Path], object]) -> Change:
    return on(SUBMIT, do.then(lambda call: act(Path(call[PATH], "meta.json"))))


def _stamp(call: Call) -> None:
    write_meta(call[PATH], {**read_meta(call[PATH]), "job_id": call.answer})


def _remove_second_time(call: Call) -> None:
    if sum(each.ok and each[PATH] == call[PATH] for each in call.earlier(SUBMIT)) == 1:
        shutil.rmtree(call[PATH])


def _write(name: str, text: Callable[[Call], str] = lambda call: "") -> Effect:
    """Leave a file in the folder of a job, if that is still there."""

    def write(call: Call) -> None:
        if os.path.isdir(folder(call)):
            Path(folder(call), name).write_text(text(call), encoding="utf-8")

    return write


def _remove_app(call: Call) -> None:
    if folder(call):
        shutil.rmtree(Path(folder(call), "app"), ignore_errors=True)


def _explain(call: Call, error: InvalidJobDefinition) -> None:
    if os.path.isfile(os.path.join(str(call[PATH]), "meta.json")):
        Path(call[PATH], "errors.txt").write_text(str(error), encoding="utf-8")
    raise error


_WRITES: Final[Faults] = {
    "submit.folder-untouched": {
        "leaves a signature in the submitted folder, as secure systems of NVFLARE do": _to_meta(
            lambda path: path.with_name(".__nvfl_sig.json").write_text("{}", encoding="utf-8")
        ),
        "writes the job's id into its meta.json": on(SUBMIT, do.then(_stamp)),
        "writes meta.json anew, with what it held before": _to_meta(lambda path: path.write_bytes(path.read_bytes())),
        "makes the submitted folder read-only": _to_meta(lambda path: path.chmod(0o444)),
        "removes a folder that was submitted a second time": on(SUBMIT, do.then(_remove_second_time)),
        "puts the result into the submitted folder when it is downloaded": on(
            DOWNLOAD, do.then(_write("result.txt", lambda call: str(call.answer)))
        ),
        "removes the app from the submitted folder when the job is deleted": on(DELETE, do.then(_remove_app)),
        "notes in a refused folder why it was refused": on(SUBMIT, do.raising(InvalidJobDefinition, _explain)),
        **{
            f"writes into the submitted folder on {method}": on(method, do.then(_write(".done")), ~when.clone)
            for method in (CLONE, META, ABORT, MONITOR)
        },
    },
}

# --- looking in another place -----------------------------------------------------------------------------------------


def _text(change: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda given: change(given) if isinstance(given, str) else given


def _only_folder(given: str) -> str:
    inside = os.listdir(given) if os.path.isdir(given) else []
    held = os.path.join(given, *inside)
    return held if len(inside) == 1 and os.path.isfile(os.path.join(held, "meta.json")) else given


def _takes(place: Callable[[Any], Any]) -> Change:
    """Take a path for another one."""
    return on(SUBMIT, do.passing(job_definition_path=lambda call: place(call[PATH])))


def _takes_copy(instead: Callable[[str], bool]) -> Change:
    """Keep a copy of every folder that was accepted, and take it where the folder is no good any more."""

    def effect(call: Call) -> Any:
        copies: dict[str, str] = call.memory.setdefault("copies", {})
        path = call[PATH]
        if (kept := copies.get(str(path))) and instead(path):
            path = kept
        job = call.go(job_definition_path=path)
        copies[path] = copied(path)
        return job

    return on(SUBMIT, effect)


_PLACES: Final[Faults] = {
    "submit.refuses.not-text": {
        "takes any object that stands for a path": _takes(
            lambda given: os.fspath(given) if isinstance(given, os.PathLike) else given
        ),
        "takes a path as bytes": _takes(lambda given: os.fsdecode(given) if isinstance(given, bytes) else given),
        "takes the path in a list of one": _takes(
            lambda given: given[0] if isinstance(given, list) and len(given) == 1 else given
        ),
        "takes None for the working directory": _takes(lambda given: os.getcwd() if given is None else given),
    },
    "submit.refuses.empty-text": {
        "takes an empty path for the working directory": _takes(_text(lambda given: given or os.getcwd())),
    },
    "submit.refuses.missing-path": {
        "strips blanks from paths": _takes(_text(str.strip)),
        "submits a folder that is gone from the copy it has kept": _takes_copy(lambda path: not os.path.exists(path)),
    },
    "submit.refuses.plain-file": {
        "submits from its copy where a folder has become a file": _takes_copy(os.path.isfile),
    },
    "submit.refuses.no-meta": {
        "takes a folder with nothing but a job in it for the job": _takes(_text(_only_folder)),
    },
}

# --- misreading what is there -----------------------------------------------------------------------------------------


def _takes_lines(call: Call) -> Any:
    try:
        lines = Path(call[PATH], "meta.json").read_text(encoding="utf-8").splitlines()
    except (TypeError, ValueError, OSError):
        lines = []
    keys = [line.partition(":")[0] for line in lines if ": " in line]
    return submits_a_good_one(call) if len(keys) == len(lines) and "deploy_map" in keys else call.go()


def _reads(change: Callable[[Any], Any]) -> Change:
    """Take a meta.json for another one."""
    return on(SUBMIT, submits_copy(lambda meta, call: change(meta)))


def _needs(kind: type[Any]) -> Change:
    """Take what is needed, said in another way than in an object, for nothing."""
    return _reads(lambda meta: {**meta, "resource_spec": {}} if isinstance(meta["resource_spec"], kind) else meta)


def _matches(alike: Callable[[str, str], bool]) -> Change:
    """Take a mandatory client for any that is like it."""

    def change(meta: Any) -> Any:
        clients = [site for sites in meta["deploy_map"].values() for site in sites if site != "server"]
        wanted = [next((one for one in clients if alike(one, name)), name) for name in meta["mandatory_clients"]]
        return {**meta, "mandatory_clients": wanted}

    return _reads(change)


_MISREAD: Final[Faults] = {
    "submit.refuses.unreadable-meta": {"takes a meta.json of lines with a key each": on(SUBMIT, _takes_lines)},
    "submit.refuses.resource-spec": {
        "takes a text for the name of what is needed": _needs(str),
        "takes a list of what is needed": _needs(list),
    },
    "submit.refuses.min-clients": {
        "takes what is no number, but not below one": _reads(
            lambda meta: meta if meta["min_clients"] == meta["min_clients"] else {**meta, "min_clients": 1}
        ),
    },
    "submit.refuses.mandatory-client": {
        "takes the beginning of a client's name": _matches(str.startswith),
        "takes a client's name in capitals": _matches(lambda client, name: client.lower() == name.lower()),
    },
    "submit.refuses.meta-not-object": {
        "takes a list of pairs for an object": _reads(
            lambda meta: dict(meta) if isinstance(meta, list) and all(isinstance(pair, list) for pair in meta) else meta
        ),
        "takes the first object of a list": _reads(lambda meta: meta[0] if isinstance(meta, list) and meta else meta),
        "takes text that holds an object": _reads(lambda meta: json.loads(meta) if isinstance(meta, str) else meta),
    },
}

MUTANTS: Final = mutants(__name__, _COPY, _WRITES, _PLACES, _MISREAD)
