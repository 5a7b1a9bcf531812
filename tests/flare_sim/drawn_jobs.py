"""Job folders to judge, drawn: one that is good, with one to three changes to its meta or its files."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from hypothesis import strategies as st

from tests.flare_sim.drawn_metas import ABSENT, FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[["_Sketch"], None]

__all__ = ["APP", "DrawnJob", "drawn_jobs", "write_drawn"]

SERVER_CONFIG, CLIENT_CONFIG = ("app/config/config_fed_server.json", "app/config/config_fed_client.json")
APP = {SERVER_CONFIG: b"{}", CLIENT_CONFIG: b"{}"}
"""The files of an app."""


class DrawnJob(NamedTuple):
    """A job folder."""

    name: str
    files: dict[str, bytes]
    folders: tuple[str, ...]
    """Those that may be empty."""
    links: tuple[tuple[str, str], ...] = ()
    """Paths of links, and where they lead."""


class _Sketch:
    """A job folder that is being changed."""

    def __init__(self) -> None:
        self.name = "job"
        self.meta: Any = {"name": "small", "resource_spec": {}, "min_clients": 1, "deploy_map": {"app": ["@ALL"]}}
        self.files: dict[str, bytes] = dict(APP)
        self.folders: list[str] = []
        self.content: bytes | None = None
        self.meta_file = "meta.json"

    def drawn(self) -> DrawnJob:
        files = dict(self.files)
        if self.meta is not ABSENT:
            text = yaml.safe_dump(self.meta) if self.meta_file.endswith(".yaml") else json.dumps(self.meta)
            files[self.meta_file] = text.encode() if self.content is None else self.content
        folders = [folder for folder in self.folders if not any(f"{folder}/".startswith(f"{path}/") for path in files)]
        return DrawnJob(self.name, files, tuple(folders))


def write_drawn(job: DrawnJob, parent: Path) -> Path:
    """Write a drawn job under ``parent``; returns its folder."""
    top = parent / job.name
    for folder in ("", *job.folders):
        (top / folder).mkdir(parents=True, exist_ok=True)
    for path, content in job.files.items():
        target = top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for path, lead in job.links:
        os.symlink(lead, top / path)
    return top


OFTEN = ["deploy_map"] * 5 + ["min_clients", "mandatory_clients", "resource_spec", "launcher_spec"] * 2
WHOLE: list[Any] = [None, [], {}, 0, "", "text", "a job_folder_name", ["job_folder_name"], [1], 3, True, ABSENT]
CONTENT = [b"", b"{", b"{}", b"\xef\xbb\xbf{}", b"\xff", b"[1", b"NaN", b"{'a': 1}", b'{"a": 1} x', b'{"a": 1, "a": 2}']
MUCH = b'{"a": ' + b"9" * 4400 + b"}"
FLOWER = [b'{"flower_app_path": "x"}', b'{"a": [{"flower_app_path": "x"}]}', b'{"a": {"flower_app_path": ""}}']
METAS = ["meta.conf", "meta.yml", "meta.yaml"] * 2 + ["meta.json.default", "meta.conf.default", "Meta.json", "meta.txt"]
HOCON = [
    b"deploy_map { app = [server, site-1] }",
    b'deploy_map.app = ["@ALL"]\nmin_clients = ${?x} 2',
    b"{",
    b"a = ${b}",
]
HOCON += [
    b'deploy_map.app = ["@ALL"]\n' + line for line in (b"name = 5 days", b"name = null", b"name = a b", b"name = [")
]
YAML = [
    b"deploy_map: {app: [server, site-1]}",
    b"7",
    b"- 7",
    b"text",
    b"a: ${b}",
    b"a: [",
    b"a: 1\na: 2",
    b"deploy_map: {7: x}",
]
YAML += [
    b"deploy_map: {app: ['@ALL']}\n" + line
    for line in (
        b"7: 7",
        b"name: ${min_clients}\nmin_clients: 1",
        b"name: 2001-01-01",
        b"x: !!binary aGk=",
        b"x: !!set {y}",
    )
]
YAML += [b"deploy_map: {app: {server: 1, 7: 2}}", b"deploy_map: {7: ['@ALL']}", b"deploy_map: {true: [server, site-1]}"]
SUFFIXES = [".conf", ".yml", ".JSON", ".json5", ".txt", ".json.default"]
FOLDERS = ["app/custom", "app2/custom", "custom", "app", "app2/config", "config", "x", "sub/app/config"]


@st.composite
def _of_a_field(draw: st.DrawFn) -> Change:
    field = draw(st.sampled_from([*FIELDS, *OFTEN]))
    value = draw(FIELDS[field])

    def change(job: _Sketch) -> None:
        if type(job.meta) is dict:
            job.meta.pop(field, None)
            if value is not ABSENT:
                job.meta[field] = value

    return change


@st.composite
def _of_the_meta(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["value", "content", "utf-8-sig", "utf-16"]))
    whole, content = draw(st.sampled_from(WHOLE)), draw(st.sampled_from([*CONTENT, MUCH]))

    def change(job: _Sketch) -> None:
        if kind == "value":
            job.meta = whole
        elif kind == "content":
            job.content = content
        elif job.meta is not ABSENT:
            job.content = json.dumps(job.meta).encode(kind)

    return change


@st.composite
def _of_the_format(draw: st.DrawFn) -> Change:
    name, written = draw(st.sampled_from(METAS)), draw(st.booleans())
    other = draw(st.sampled_from(["", "", "", *METAS]))
    content = draw(st.sampled_from(HOCON if ".conf" in name else YAML if ".y" in name else CONTENT))

    def change(job: _Sketch) -> None:
        job.meta_file = name
        if written:
            job.content = content
        if other:
            job.files[other] = content

    return change


@st.composite
def _of_a_config(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["remove", "content", "suffix", "as folder"]))
    path = draw(st.sampled_from([SERVER_CONFIG, CLIENT_CONFIG]))
    content, suffix = draw(st.sampled_from([*CONTENT, *FLOWER, *HOCON, *YAML])), draw(st.sampled_from(SUFFIXES))

    def change(job: _Sketch) -> None:
        found = job.files.pop(path, None)
        if kind == "content":
            job.files[path] = content
        elif kind == "suffix" and found is not None:
            job.files[path.removesuffix(".json") + suffix] = content if content in (*HOCON, *YAML) else found
        elif found is not None:
            job.folders.append(path if kind == "as folder" else "app/config")

    return change


@st.composite
def _of_the_tree(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["folder", "folder", "folder", "app2", "move", "sub", "case", "name"]))
    folder = draw(st.sampled_from(FOLDERS))
    name = draw(st.sampled_from(["job", "my-job", "-job", "job.v2", "_job", "j\u00f6b", "app", "2"]))

    def change(job: _Sketch) -> None:
        if kind == "folder":
            job.folders.append(folder)
        elif kind == "app2":
            job.files["app2/config/config_fed_client.json"] = b"{}"
        elif kind == "move":
            job.files = {path.removeprefix("app/"): content for path, content in job.files.items()}
        elif kind == "sub":
            job.files |= {f"sub/{path}": content for path, content in job.files.items()}
        elif kind == "case":
            job.files = {path.replace("config/", "Config/"): content for path, content in job.files.items()}
        else:
            job.name = name

    return change


@st.composite
def _of_the_kind(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["legacy", "legacy", "empty", "empty folders", "two apps", "two apps"]))
    custom = draw(st.booleans())

    def change(job: _Sketch) -> None:
        if kind == "legacy":
            job.meta = ABSENT
            job.files = {path.removeprefix("app/"): content for path, content in job.files.items()}
        elif kind.startswith("empty"):
            job.meta, job.files, job.folders = ABSENT, {}, [] if kind == "empty" else ["app/config"]
        elif type(job.meta) is dict:
            job.meta["deploy_map"] = {"app": ["server", "site-1"], "app2": ["site-2"]}
            job.files["app2/config/config_fed_client.json"] = b"{}"
            job.folders += ["app2/custom"] if custom else []

    return change


_CHANGES: dict[str, st.SearchStrategy[Change]] = {
    "field": _of_a_field(),
    "config": _of_a_config(),
    "tree": _of_the_tree(),
    "kind": _of_the_kind(),
    "meta": _of_the_meta(),
    "format": _of_the_format(),
}
_CHANGE = st.sampled_from(
    [*["field"] * 14, *["config"] * 2, *["tree"] * 2, "kind", "meta", "format", "format"]
).flatmap(_CHANGES.__getitem__)


@st.composite
def drawn_jobs(draw: st.DrawFn) -> DrawnJob:
    """Job folders, good and bad."""
    sketch = _Sketch()
    for change in draw(st.lists(_CHANGE, min_size=1, max_size=3)):
        change(sketch)
    return sketch.drawn()
