"""The job folders of the recordings: what their meta says, what lies in them, and how their runs go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim import JobBehavior

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FOLDERS", "Folder", "write_folder"]

_CONFIGS = ("config/config_fed_server.json", "config/config_fed_client.json")
_APP = {f"app/{path}": "{}" for path in _CONFIGS}
_LONG = JobBehavior(run_seconds=100_000, rounds=200)


class Folder(NamedTuple):
    """A job folder."""

    meta: Any = None
    """What meta.json holds: an object, text to be written as it is, or None for no such file."""
    files: dict[str, str] = _APP
    """The other files."""
    behavior: JobBehavior = JobBehavior()
    """How its run goes."""


def _job(name: str | None, behavior: JobBehavior = JobBehavior(), files: Any = None, **changes: Any) -> Folder:  # noqa: B008  (immutable)
    meta = {"name": name, "resource_spec": {}, "min_clients": 2, "deploy_map": {"app": ["@ALL"]}, **changes}
    return Folder({key: value for key, value in meta.items() if value is not None}, files or _APP, behavior)


_FAILS = JobBehavior(outcome="EXECUTION_EXCEPTION")
_CLIENT_FAILS = JobBehavior(outcome="CLIENT_EXCEPTION")
FOLDERS: dict[str, Folder] = {
    "quick": _job("quick-job"),
    "quick_up": _job("quick-job"),
    "relquick": _job("quick"),
    "unsigned": _job("quick-job"),
    "tampered": _job("quick-job"),
    "with space": _job("quick-job"),
    "scope": _job("scope", scope="nosuchscope"),
    "onesite": _job("onesite", min_clients=1, deploy_map={"app": ["server", "site-1"]}),
    "unknownsite": _job("unknownsite", min_clients=1, deploy_map={"app": ["server", "site-1", "site-7"]}),
    "zeroresources": _job("zeroresources", resource_spec={"site-9": {"num_of_gpus": 1}}),
    "long": _job("long-job", _LONG),
    "mid": _job("mid", JobBehavior(run_seconds=23)),
    "minclients": _job("min-clients-5", min_clients=5),
    "min5": _job("min5", min_clients=5),
    "noname": _job(None),
    "extrakey": _job("extra-key", my_custom_key={"a": [1, 2]}, study_name="x"),
    "extrakeys": _job(
        "extrakeys",
        custom_prop={"a": 1},
        study="x",
        submitter_name="me",
        job_id="fake",
        status="RUNNING",
        tags=["x"],
    ),
    "fixedids": _job("fixed-ids", job_id="11111111-1111-4111-8111-111111111111", status="RUNNING"),
    "mandatory": _job("mandatory-site-9", mandatory_clients=["site-9"]),
    "mandx": _job("mandx", mandatory_clients=["site-9"]),
    "mincli1": _job("mincli1", min_clients=1, deploy_map={"app": ["server", "site-1"]}),
    "resource": _job("resource", resource_spec={"site-1": {"num_of_gpus": 1}}),
    "failserver": _job("fail-server-missing-class", _FAILS),
    "failworkflow": _job("fail-workflow-missing-component", _FAILS),
    "failclient": _job("fail-client-missing-class", _CLIENT_FAILS),
    "badcomp": _job("badcomp", _FAILS),
    "badwf": _job("badwf", _FAILS),
    "badcli": _job("badcli", _CLIENT_FAILS),
    "legacyapp": Folder(None, dict.fromkeys(_CONFIGS, "{}")),
    # What is no good.
    "emptydir": Folder(None, {}),
    "nometa": Folder(None),
    "emptymeta": Folder({}),
    "emptyfilemeta": Folder(""),
    "badmeta": Folder("{bad"),
    "listmeta": Folder([1]),
    "nodeploy": _job("nodeploy", deploy_map=None),
    "noserver": _job("noserver", deploy_map={"app": ["site-1", "site-2"]}),
    "badresource": _job("badresource", resource_spec=[1]),
    "badmin": _job("badmin", min_clients=0),
    "badapp": _job("badapp", deploy_map={"nosuchapp": ["@ALL"]}),
    "badsite": _job("badsite", deploy_map={"app": ["server", "site-9"]}),
    "textdeploy": _job("textdeploy", deploy_map="app"),
    "textmin": _job("textmin", min_clients="two"),
    "manymin": _job("manymin", min_clients=3, deploy_map={"app": ["server", "site-1", "site-2"]}),
    "nameless": _job("", min_clients=9),
    "emptyname": _job(" ", min_clients=9),
    "emptysites": _job("emptysites", deploy_map={"app": []}),
    "noapp": _job("noapp", files={"readme.txt": ""}),
    "noserverconfig": _job("noserverconfig", files={f"app/{_CONFIGS[1]}": "{}"}),
}
"""Name -> folder."""
FOLDERS["nomin"] = Folder({"name": "nomin", "resource_spec": {}, "deploy_map": {"app": ["@ALL"]}})


CHANGED: dict[str, dict[str, Any]] = {
    "2.3.12": {},
    "2.9.0": {
        "quick": {"name": "quick"},
        "long": {"name": "long"},
        "nomin": {"name": "my display name", "resource_spec": None},
    },
}
"""Release -> folder -> what its meta says there, where the two recordings differ; None for a key that is not there."""


def write_folder(where: Path, name: str, release: str) -> None:
    """Write one of them as it was when a release was recorded."""
    folder = FOLDERS[name]
    files = dict(folder.files)
    meta = folder.meta
    if name in CHANGED[release]:
        meta = {key: value for key, value in {**meta, **CHANGED[release][name]}.items() if value is not None}
    if meta is not None:
        files["meta.json"] = meta if isinstance(meta, str) else json.dumps(meta)
    where.mkdir(parents=True)
    for path, content in files.items():
        target = where / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
