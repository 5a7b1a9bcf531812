"""A job as it was submitted: checked once, copied once, never changed."""

from __future__ import annotations

import marshal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flare_sim.jobs.behavior import JobBehavior, clashing
from flare_sim.jobs.job_folder import META_FILE, read_job_files
from flare_sim.jobs.meta_json import (
    ALL_SITES,
    parse_meta,
    read_behavior,
    read_deploy_map,
    read_mandatory_clients,
    read_min_clients,
    read_resource_spec,
)
from flare_sim.spec import InvalidJobDefinition
from flare_sim.untrusted_values import plain_name, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.jobs.meta_json import DeployMap

__all__ = ["JobDefinition"]

_SMALL = 1 << 16
"""Definitions of no more bytes than this are kept, for when the same job is submitted again."""
_KEPT_BY_CLONES = ("name", "deploy_map", "resource_spec", "min_clients", "mandatory_clients")


class JobDefinition:
    """What a job is: its meta, its files, where its apps go and what its simulated run does.

    Made by ``load`` or ``from_files``, which refuse anything a server would; not to be changed afterwards.

    Attributes:
        name: the name in meta.json, else the folder's.
        folder_name: the job folder's name.
        files: (relative path, content) pairs, sorted by path, meta.json included.
        size: bytes of all files.
        deploy_map: (app, sites) pairs as written; all sites is spelled ``@ALL``.
        min_clients: how many clients it needs.
        mandatory_clients: clients it cannot do without.
        resource_spec: site -> what the job needs there.
        behavior: what its own meta says about the simulated run.
    """

    __slots__ = (
        "_clone",
        "_meta",
        "behavior",
        "deploy_map",
        "files",
        "folder_name",
        "mandatory_clients",
        "min_clients",
        "name",
        "resource_spec",
        "size",
    )

    def __init__(self, folder_name: str, files: dict[str, bytes]) -> None:
        if META_FILE not in files:
            raise InvalidJobDefinition("the job has no meta.json")
        clash = clashing(files)
        if clash is not None:
            raise InvalidJobDefinition(f"{shown(clash)} is both a file and a folder")
        meta = parse_meta(files[META_FILE])
        self.folder_name = folder_name
        self.name: str = meta.get("name") or folder_name
        self.deploy_map: DeployMap = read_deploy_map(meta, files)
        self.min_clients = read_min_clients(meta, self.deploy_map)
        self.mandatory_clients = read_mandatory_clients(meta, self.deploy_map)
        self.resource_spec = read_resource_spec(meta)
        self.behavior: JobBehavior = read_behavior(meta)
        self.files = tuple(sorted(files.items()))
        self.size = sum(map(len, files.values()))
        self._meta = marshal.dumps(meta)
        self._clone: JobDefinition | None = None

    @classmethod
    def load(cls, path: Any) -> JobDefinition:
        """Read a job folder or zip file.

        Raises:
            InvalidJobDefinition: it is not a job a server accepts; the message says what is wrong where.
        """
        folder_name, files = read_job_files(path)
        if sum(map(len, files.values())) > _SMALL:
            return cls(folder_name, files)
        return _checked(folder_name, tuple(files.items())).copy()

    @classmethod
    def from_files(cls, files: Mapping[str, str | bytes], folder_name: str = "job") -> JobDefinition:
        """Build a definition from files in memory (relative path to content, meta.json among them).

        Raises:
            InvalidJobDefinition: it is not a job a server accepts.
        """
        copied: dict[str, bytes] = {}
        for path, content in files.items():
            name = plain_text(path)
            if not name or any(part in ("", ".", "..") for part in name.split("/")):
                raise InvalidJobDefinition(f"{shown(path)} is not a relative path")
            if isinstance(content, bytes):
                copied[name] = content
            elif isinstance(content, str):
                copied[name] = content.encode("utf-8", "surrogatepass")
            else:
                raise InvalidJobDefinition(f"{shown(name)} must hold text or bytes, not a {plain_name(content)}")
        folder = plain_text(folder_name)
        if not folder or folder in (".", "..") or "/" in folder:
            raise InvalidJobDefinition(f"{shown(folder_name)} is not a folder name")
        return cls(folder, copied)

    @property
    def meta(self) -> dict[str, Any]:
        """The submitted meta.json, a fresh copy each time."""
        meta: dict[str, Any] = marshal.loads(self._meta)
        return meta

    @property
    def names_sites(self) -> bool:
        """Whether the deploy map names sites, rather than all of them."""
        return all(ALL_SITES not in sites for _, sites in self.deploy_map)

    def app_of(self, site: str) -> str:
        """Return the app that goes to ``site`` (a client's name or ``"server"``), ``""`` when none does."""
        for app, sites in self.deploy_map:
            if site in sites or ALL_SITES in sites:
                return app
        return ""

    def app_files(self, app: str) -> tuple[tuple[str, bytes], ...]:
        """Return the files of an app folder, paths relative to it."""
        prefix = app + "/"
        return tuple((path[len(prefix) :], data) for path, data in self.files if path.startswith(prefix))

    def for_clone(self) -> JobDefinition:
        """Return the definition a clone gets: the same job, its meta reduced to what real servers copy (2.3.12)."""
        if self._clone is None:
            self._clone = self.copy(_KEPT_BY_CLONES)
        return self._clone

    def copy(self, keys: tuple[str, ...] = ()) -> JobDefinition:
        """Return another definition of the same job, which shares nothing with this one that can be changed.

        Args:
            keys: what of the meta to keep, for a clone's, which is cloned as it is; all of it when left out.
        """
        copy = object.__new__(JobDefinition)
        for slot in self.__slots__:
            setattr(copy, slot, getattr(self, slot))
        meta = self.meta
        copy.resource_spec = read_resource_spec(meta)
        copy._clone = None
        if keys:
            copy._meta = marshal.dumps({key: meta[key] for key in keys if key in meta})
            copy._clone = copy
        return copy

    def __repr__(self) -> str:
        where = ", ".join(f"{app}: {list(sites)}" for app, sites in self.deploy_map)
        return f"<JobDefinition {self.name!r}, {len(self.files)} files, {{{where}}}, min_clients={self.min_clients}>"


@lru_cache(maxsize=64)
def _checked(folder_name: str, files: tuple[tuple[str, bytes], ...]) -> JobDefinition:
    """Return the definition of small files; to check the same ones every time they are submitted would be no use."""
    return JobDefinition(folder_name, dict(files))
