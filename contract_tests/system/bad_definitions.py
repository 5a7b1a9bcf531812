"""Bad job definitions: every kind of definition that submit_job must refuse, written to disk."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from contract_tests.system.job_folders import APP, job_meta, write_job
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.temporary_folders import written_once


def _edited(**changes: object) -> Callable[[Path], object]:
    """A complete job whose meta.json has these keys changed; None removes one."""

    def write(folder: Path) -> object:
        meta = {**job_meta(JobPlan()), **changes}
        write_job(folder, {key: value for key, value in meta.items() if value is not None})
        return str(folder)

    return write


def _raw_meta(content: bytes) -> Callable[[Path], object]:
    def write(folder: Path) -> object:
        write_job(folder, {})
        (folder / "meta.json").write_bytes(content)
        return str(folder)

    return write


def _without(*parts: str) -> Callable[[Path], object]:
    """A job that lacks one file or folder."""

    def write(folder: Path) -> object:
        write_job(folder, job_meta(JobPlan()))
        target = folder.joinpath(*parts)
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()
        return str(folder)

    return write


def _two_apps(gone: str) -> Callable[[Path], object]:
    """A job with one app for the server and one for the clients, each complete but for the file that is gone."""

    def write(folder: Path) -> object:
        apps = {"server_app": ["server"], "client_app": ["site-1", "site-2"]}
        write_job(folder, {**job_meta(JobPlan()), "deploy_map": apps})
        shutil.copytree(folder / APP, folder / "client_app")
        (folder / APP).rename(folder / "server_app")
        target = folder / gone
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()
        return str(folder)

    return write


def _of_good(make: Callable[[Path], object]) -> Callable[[Path], object]:
    """What is made of the path of a good job's folder."""

    def write(folder: Path) -> object:
        write_job(folder, job_meta(JobPlan()))
        return make(folder)

    return write


def _around_a_job(folder: Path) -> object:
    """Not the folder of a good job, but the one around it."""
    write_job(folder / "job", job_meta(JobPlan()))
    return str(folder)


def _below_a_file(folder: Path) -> object:
    return f"{_plain_file(folder)}/job"


def _plain_file(folder: Path) -> object:
    folder.mkdir()
    path = folder / "job.txt"
    path.write_text("not a job\n", encoding="utf-8")
    return str(path)


def _no_archive(folder: Path) -> object:
    """A file that only by its name is one of the archives that some servers take."""
    path = Path(str(_plain_file(folder)))
    return str(path.rename(path.with_suffix(".zip")))


def _empty_folder(folder: Path) -> object:
    folder.mkdir()
    return str(folder)


def _just(value: object) -> Callable[[Path], object]:
    return lambda folder: value


_NO_TEXT: Final[tuple[object, ...]] = (None, 0, 7, 1.5, b"job", ["job"], {}, True)


_NO_COUNT: Final[tuple[object, ...]] = (0, -3, "some", [], {}, 0.0, "0", float("nan"))


_NO_OBJECT: Final[tuple[object, ...]] = (["gpu"], "gpu", 7)
"""What says something of resources and is no object; servers take an empty list, say, for no needs at all."""


_GOOD: Final = job_meta(JobPlan())


_NAMED: Final = {APP: ["server", "site-1", "site-2"]}


BAD_DEFINITIONS: Final[Mapping[str, tuple[Callable[[Path], object], ...]]] = {
    "not-text": (
        *map(_just, _NO_TEXT),
        _of_good(lambda folder: folder),
        _of_good(os.fsencode),
        _of_good(lambda folder: [str(folder)]),
    ),
    "empty-text": (lambda folder: "",),
    "missing-path": (
        lambda folder: str(folder / "nowhere"),
        lambda folder: "no-such-folder-anywhere",
        _below_a_file,
        _of_good(lambda folder: f"{folder} "),
    ),
    "plain-file": (_plain_file, _of_good(lambda folder: str(folder / "meta.json")), _no_archive),
    "empty-folder": (_empty_folder,),
    "no-meta": (_without("meta.json"), _around_a_job),
    "unreadable-meta": (
        _raw_meta(b""),
        _raw_meta(b"{"),
        _raw_meta(b"\xff\xfe\x00 not json"),
        _raw_meta(b"name: job\ndeploy_map: {app: ['@ALL']}\nmin_clients: 1\nresource_spec: {}\n"),
        _raw_meta(b"[" * 100_000),
    ),
    "meta-not-object": (
        _raw_meta(b"[]"),
        _raw_meta(b'["meta"]'),
        _raw_meta(b'"meta"'),
        _raw_meta(b"7"),
        _raw_meta(b"null"),
        *(_raw_meta(json.dumps(like).encode()) for like in (list(_GOOD.items()), [_GOOD], json.dumps(_GOOD))),
    ),
    "no-deploy-map": (
        _edited(deploy_map=None),
        _edited(deploy_map={}),
        _raw_meta(b"{}"),
        _raw_meta(b'{"deploy_map": null}'),
    ),
    "missing-app": (
        _without(APP),
        _edited(deploy_map={"other": ["@ALL"]}),
        _two_apps("client_app"),
        _two_apps("server_app"),
        _edited(deploy_map={APP: ["@ALL"], "other": ["@ALL"]}),
        _edited(deploy_map={"other": ["site-2"], APP: ["server", "site-1"]}),
    ),
    "no-server-config": (
        _without(APP, "config", "config_fed_server.json"),
        _two_apps("server_app/config/config_fed_server.json"),
    ),
    "no-client-config": (
        _without(APP, "config", "config_fed_client.json"),
        _two_apps("client_app/config/config_fed_client.json"),
    ),
    "min-clients": tuple(_edited(min_clients=number) for number in _NO_COUNT),
    "too-few-sites": (_edited(deploy_map=_NAMED, min_clients=3), _edited(deploy_map=_NAMED, min_clients=50)),
    "mandatory-client": (
        _edited(deploy_map=_NAMED, mandatory_clients=["site-7"]),
        _edited(deploy_map=_NAMED, mandatory_clients=["site-1", "site-7"]),
        *(_edited(deploy_map=_NAMED, mandatory_clients=[like]) for like in ("site-", "SITE-1")),
    ),
    "resource-spec": tuple(_edited(resource_spec=spec) for spec in _NO_OBJECT),
}
"""Ways to make a definition that must be refused, by the clause ``submit.refuses.…`` that says so."""


def every_bad_definition() -> tuple[str, ...]:
    """The names of all bad definitions, by their kind and way."""
    return tuple(f"{kind}/{number}" for kind, ways in BAD_DEFINITIONS.items() for number in range(len(ways)))


def bad_job(job: BadJob) -> object:
    """What to hand to submit_job for a bad job: mostly a path, sometimes no text at all.

    ``BadJob("kind")`` is the first way of the kind, ``BadJob("kind/2")`` the third. Each is kept.
    """
    kind, _, number = job.fault.partition("/")
    return written_once(job, BAD_DEFINITIONS[kind][int(number or 0)])
