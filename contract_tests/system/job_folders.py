"""Job folders on disk: a portable NVFLARE job for a plan, and every kind of definition that must be refused.

The folders hold what a job of NVFLARE 2.3 holds, with the smallest configuration its servers accept, so they can be
submitted to anything. They are written once per process and plan, under a temporary folder removed at exit, and again
when something has changed the one that is there: what one system does to the folders it is given is no other's trouble.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from contract_tests.system.job_plan import BadJob, JobPlan

APP: Final = "app"
NEVER_ENOUGH: Final = 999_999
"""A min_clients that no system has."""

_LONG_AGO: Final = 1_577_836_800
"""What folders are dated back to (2020, which zip files can hold), so that any change shows in a time."""


class _Kept(NamedTuple):
    """Something written for whoever asks next: what to hand out, and how its files looked when they were written."""

    given: object
    looks: dict[str, tuple[int, ...]]

    @property
    def intact(self) -> bool:
        try:
            return all(_look(path) == look for path, look in self.looks.items())
        except OSError:
            return False


def _look(path: str) -> tuple[int, ...]:
    status = os.stat(path)
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_mode)


def _keep(given: object, folder: Path) -> _Kept:
    """Date a folder back, with all that is in it, and note how it looks."""
    paths = [str(folder), *map(str, folder.rglob("*"))] if folder.exists() else []
    for path in paths:
        os.utime(path, (_LONG_AGO, _LONG_AGO))
    return _Kept(given, {path: _look(path) for path in paths})


_written: dict[object, _Kept] = {}


@lru_cache(maxsize=1)
def _root() -> str:
    root = tempfile.mkdtemp(prefix="flare-contract-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root


_scratches: list[Path] = []


def _new() -> Path:
    """A fresh folder, removed when the process ends."""
    return Path(tempfile.mkdtemp(dir=_root()))


def scratch() -> Path:
    """A fresh folder of one's own, removed when the process ends, or by `clear`."""
    _scratches.append(_new())
    return _scratches[-1]


def clear() -> None:
    """Remove the folders that `scratch` made; for who tries thousands of systems, each of them done with its own."""
    while _scratches:
        shutil.rmtree(_scratches.pop(), ignore_errors=True)


@contextmanager
def inside(folder: str) -> Iterator[None]:
    """Make a folder the working directory of the process for a while."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


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


def job_folder(plan: JobPlan, custom_props: Mapping[str, Any] | None = None, *, fresh: bool = False) -> str:
    """The path of a job folder for ``plan``; ``fresh`` gives one that nobody else is given."""
    key = (plan, json.dumps(custom_props, sort_keys=True))
    if not fresh and key in _written and _written[key].intact:
        return str(_written[key].given)
    folder = (scratch() if fresh else _new()) / "contract_job"
    write_job(folder, job_meta(plan, custom_props))
    if not fresh:
        _written[key] = _keep(folder, folder)
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
_NO_OBJECT: Final[tuple[object, ...]] = (["gpu"], "gpu", 7, [], "", 0, False)
_GOOD: Final = job_meta(JobPlan())

_NAMED: Final = {APP: ["server", "site-1", "site-2"]}

FAULTS: Final[Mapping[str, tuple[Callable[[Path], object], ...]]] = {
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
    "resource-spec": (
        *(_edited(resource_spec=spec) for spec in _NO_OBJECT),
        _edited(resource_spec={"site-1": ["gpu"]}),
        _edited(resource_spec={"site-1": {}, "site-2": ["gpu"]}),
    ),
}
"""Ways to make a definition that must be refused, by the clause ``submit.refuses.…`` that says so."""


def bad_definitions() -> tuple[str, ...]:
    """The names of all bad definitions, by their kind and way."""
    return tuple(f"{kind}/{number}" for kind, ways in FAULTS.items() for number in range(len(ways)))


def bad_job(job: BadJob) -> object:
    """What to hand to submit_job for a bad job: mostly a path, sometimes no text at all.

    ``BadJob("kind")`` is the first way of the kind, ``BadJob("kind/2")`` the third. Each is kept.
    """
    if job not in _written or not _written[job].intact:
        kind, _, number = job.fault.partition("/")
        folder = _new() / "contract_job"
        _written[job] = _keep(FAULTS[kind][int(number or 0)](folder), folder)
    return _written[job].given
