"""Job folders made by hand, each with one thing that a release may judge in its own way."""

from __future__ import annotations

import json
import os
from typing import Any

from tests.flare_sim.drawn_jobs import APP, DrawnJob

__all__ = ["HAND_MADE"]

SERVER_CONFIG, CLIENT_CONFIG = APP
ALL: dict[str, Any] = {"deploy_map": {"app": ["@ALL"]}}
BY_NAME: dict[str, Any] = {"deploy_map": {"app": ["server", "site-1", "site-2"]}}
SERVER_ONLY: dict[str, Any] = {"deploy_map": {"app": ["server"]}}
GPU: dict[str, Any] = {**ALL, "resource_spec": {"site-1": {"num_of_gpus": 1}}}

METAS: dict[str, tuple[dict[str, Any], str]] = {
    "deploy_map": (
        {},
        """
        null  {}  []  "app"  3  true  ["app"]
        """,
    ),
    "deploy_map.app": (
        ALL,
        """
        null  []  {}  ""  3  true  "@ALL"  "server"  "site-1"  ["@all"]  ["@ALL","site-1"]  ["@ALL","@ALL"]  ["@ALL",3]
        [3,"@ALL"]  ["server"]  ["site-1"]  ["server","server","site-1"]  ["server",null]  ["server",["site-1"]]
        {"sites":["@ALL"]}  {"targets":["@ALL"]}  {"targets":["server","site-1"],"sites":3}  {"sites":null}
        {"sites":"@ALL"}  {"targets":{"sites":["@ALL"]}}  {"x":1}  {"server":1,"site-1":2}  {"@ALL":1}
        [{"sites":["server"]},"site-1"]  [{"targets":["server","site-1"]}]  [{"sites":null,"targets":["@ALL"]}]
        [{"sites":[3]}]  [{"y":1}]  [{}]
        """,
    ),
    "min_clients": (
        BY_NAME,
        """
        null  true  false  0  -1  2  2.0  2.7  0.5  "2"  "+2"  "\\u00a02\\t"  "2.7"  "two"  ""  []  [2]  {}  3  1000001
        1e300  Infinity  NaN  "\\u0662"  "1_0"
        """,
    ),
    "min_clients of all": (ALL, "5  1000000  1000001  null"),
    "mandatory_clients": (
        BY_NAME,
        """
        null  []  ["site-2"]  ["site-9"]  ["server"]  ["site-1","site-9"]  "site-1"  ""  3  true  [["site-1"]]  [null]
        {"site-1":1}  {}
        """,
    ),
    "mandatory_clients of all": (ALL, '["site-9"]  3  "x"  {"a":1}'),
    "mandatory_clients of nobody": (SERVER_ONLY, "null  3"),
    "resource_spec of nobody": (SERVER_ONLY, "null  3  {}"),
    "resource_spec": (
        ALL,
        """
        null  []  ""  0  true  "x"  [1]  {"site-1":null}  {"site-1":3}  {"site-1":[]}
        {"site-1":{"num_of_gpus":-1}}
        {"site-1":{"num_of_gpus":true}}  {"site-1":{"memory":"4Gi"}}  {"site-1":{"num_of_cpus":0}}
        {"@default":{"x":1}}
        {"site-1":{"process":null}}  {"@default":{},"site-1":{"process":null}}
        {"site-1":{"docker":{"privileged":true}}}
        {"site-1":{"docker":3}}  {"site-1":{"process":{"num_of_gpus":1},"k8s":{"num_of_gpus":2}}}
        {"site-1":{"process":{"num_of_gpus":1},"docker":null}}
        {"site-1":{"process":{"num_of_gpus":1},"slurm":{"gpus_per_node":2}}}
        """,
    ),
    "launcher_spec": (
        GPU,
        """
        null  "docker"  []  {}  {"site-1":3}  {"site-1":{"vm":{}}}  {"site-1":{"docker":3}}
        {"site-1":{"docker":{"image":3}}}  {"site-1":{"docker":{"shm_size":"1g"}}}
        {"site-1":{"docker":{"entrypoint":[]}}}
        {"site-1":{"k8s":{"num_of_gpus":1}}}  {"default":{"k8s":{"num_of_gpus":1}}}
        {"site-2":{"k8s":{"num_of_gpus":1}}}
        """,
    ),
    "name": (ALL, 'null  ""  5  true  []  {}  "a/b"'),
    "job_id": (ALL, 'null  ""  0  5  "fake"  "a\\u0020b"  "-a"  "a\\n"  "11111111-1111-4111-8111-111111111111"'),
    "byoc": (ALL, "true  false"),
    "flower_predeployed": (ALL, "true"),
    "submit_token": (ALL, '"mine"'),
    "status": (ALL, '"RUNNING"'),
    "job_folder_name": (ALL, '"other"  null'),
}
"""A key -> the rest of the meta, and values of the key as JSON."""
WHOLE = b"""  {  []  {}  [1]  null  3  ""  "text"  "job_folder_name"  ["job_folder_name"]  {}{}  NaN  \xff"""
"""What a meta may hold that is none."""
APP_NAMES = ("../app", "", ".", "..", "app/", "App", "a b", "app\n", "/app", "\u00e9")
CONFIGS = (b"", b"{", b"[]", b"null", b'{"a": [{"flower_app_path": "x"}]}', b'{"flower_app_path": ""}', b"\xff")
OTHER = {"other/config/config_fed_client.json": b"{}"}


def _job(meta: Any, files: dict[str, bytes] = APP, name: str = "job", folders: tuple[str, ...] = ()) -> DrawnJob:
    content = meta if isinstance(meta, bytes) else json.dumps(meta).encode()
    return DrawnJob(name, {**files, "meta.json": content}, folders)


def _changed(meta: dict[str, Any], key: str, text: str) -> DrawnJob:
    value = json.loads(text)
    key = key.partition(" of ")[0]
    changed = {"deploy_map": {"app": value}} if key == "deploy_map.app" else {key: value}
    return _job({"name": "small", **meta, **changed})


def _moved(prefix: str) -> dict[str, bytes]:
    return {path.replace("app/", prefix): content for path, content in APP.items()}


def _linked(path: str, lead: str) -> DrawnJob:
    """A job in which a file is a link to where it has been moved."""
    job = _job(ALL)
    where = os.path.normpath(os.path.join(os.path.dirname(path), lead))
    files = {**job.files, where: job.files[path]}
    return DrawnJob(job.name, {name: files[name] for name in files if name != path}, (), ((path, lead),))


_FOLDERS = {
    "good": _job(ALL),
    "no deploy_map": _job({"name": "small"}),
    "two apps": _job({"deploy_map": {"app": ["server", "a"], "other": ["b"]}}, {**APP, **OTHER}),
    "two apps, one with no sites": _job({"deploy_map": {"app": ["@ALL"], "other": []}}, {**APP, **OTHER}),
    "two apps, one missing": _job({"deploy_map": {"app": ["server", "a"], "other": ["b"]}}),
    "one site twice": _job({"deploy_map": {"app": ["server", "a"], "other": ["a"]}}, {**APP, **OTHER}),
    "letters of a text": _job({"deploy_map": {"app": ["server", "x"], "other": "yz"}}, {**APP, **OTHER}),
    "more digits than Python reads": _job({**ALL, "min_clients": "9" * 4400}),
    "an app in a folder": _job({"deploy_map": {"sub/app": ["@ALL"]}}, _moved("sub/app/")),
    "an empty app": _job(ALL, {}, folders=("app",)),
    "an empty config": _job(ALL, {}, folders=("app/config",)),
    "no client config": _job(ALL, {SERVER_CONFIG: b"{}"}),
    "no server config": _job(ALL, {CLIENT_CONFIG: b"{}"}),
    "server only, no client config": _job({**SERVER_ONLY, "min_clients": 1}, {SERVER_CONFIG: b"{}"}),
    "a folder for a config": _job(ALL, {CLIENT_CONFIG: b"{}"}, folders=(SERVER_CONFIG,)),
    "broken client config": _job(ALL, {**APP, CLIENT_CONFIG: b"{"}),
    "code of its own": _job(ALL, {**APP, "app/custom/net.py": b""}),
    "an empty folder for code": _job({**ALL, "byoc": False}, folders=("app/custom",)),
    "meta with a mark": _job(b"\xef\xbb\xbf" + json.dumps(ALL).encode()),
    "meta in UTF-16": _job(json.dumps(ALL).encode("utf-16")),
    "a key twice": _job(b'{"deploy_map": 1, "deploy_map": {"app": ["@ALL"]}}'),
    "no meta": DrawnJob("job", dict(APP), ()),
    "nothing": DrawnJob("job", {}, ()),
    "an empty folder in it": DrawnJob("job", {}, ("app",)),
    "a folder for a meta": DrawnJob("job", dict(APP), ("meta.json",)),
    "one app": DrawnJob("job", _moved(""), ()),
    "a link to a file of the job": _job(ALL)._replace(links=(("app/link.txt", "../meta.json"),)),
    "a configuration that is a link": _linked("app/config/config_fed_client.json", "config_fed_server.json"),
    "a meta that is a link": _linked("meta.json", "app/meta.json"),
    "a linked folder": _job(ALL)._replace(links=(("app/custom", "config"),)),
    "an app that is a linked folder": _job({"deploy_map": {"linked": ["@ALL"]}})._replace(links=(("linked", "app"),)),
    "a link to nothing": _job(ALL)._replace(links=(("app/link.txt", "nowhere"),)),
    "a link that is a loop": _job(ALL)._replace(links=(("app/link.txt", "link.txt"),)),
    "one app without a client config": DrawnJob("job", {"config/config_fed_server.json": b"{}"}, ()),
}
HAND_MADE: dict[str, DrawnJob] = {
    **_FOLDERS,
    **{
        f"{key} is {text}": _changed(meta, key, text)
        for key, (meta, values) in METAS.items()
        for text in values.split()
    },
    **{f"meta is {text!r}": _job(text) for text in WHOLE.split(b"  ")},
    **{f"app {name!r}": _job({"deploy_map": {name: ["@ALL"]}}) for name in APP_NAMES},
    **{f"server config is {text!r}": _job(ALL, {**APP, SERVER_CONFIG: text}) for text in CONFIGS},
    **{f"folder {name!r}": _job(ALL, name=name) for name in ("-job", "_job", "job.v2", "j\u00f6b")},
}
"""What is special about it -> the job."""
