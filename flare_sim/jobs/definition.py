"""A job as it was submitted: checked once, copied once, never changed."""

from __future__ import annotations

import marshal
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.disk.contents import whole
from flare_sim.jobs.limits import JobLimits, checked_limits
from flare_sim.jobs.site_names import ALL_SITES
from flare_sim.personality.job_rules import CONTRACT, JobRules
from flare_sim.spec import InvalidJobDefinition
from flare_sim.untrusted_values import plain_bytes, plain_items, plain_list, plain_name, plain_text, readable, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.disk.contents import Content
    from flare_sim.jobs.behavior import JobBehavior
    from flare_sim.jobs.judging.draft import Draft
    from flare_sim.jobs.problems import Problem
    from flare_sim.jobs.reading.job_files import JobFiles

__all__ = ["Examination", "JobDefinition", "examine"]

_SHOWN = 10
"""So many apps, and letters of the name of one, are shown."""
_SMALL = 1 << 16
"""Definitions of no more bytes than this are kept, for when the same job is submitted again."""

_FACTS = (
    "folder_name",
    "stated_folder",
    "name",
    "name_type",
    "contents",
    "deploy_map",
    "min_clients",
    "mandatory_clients",
    "resource_spec",
    "obstacles",
    "behavior",
)
"""The attributes of a definition that do not follow from others."""


class JobDefinition:
    """What a job is: its meta, its files, where its apps go and what its simulated run does.

    Made by ``load`` or ``from_files``, which refuse anything a server would; not to be changed afterwards.

    Attributes:
        name: the name in its meta as text, else the folder's.
        name_type: of what type that is in its meta: ``"str"``, ``"NoneType"`` when it has none, or another.
        folder_name: the job folder's name.
        stated_folder: what its server says that is: the same, unless its meta has a word about it (2.3.12).
        contents: (relative path, content) pairs, sorted by path, the meta included; a large content lies on the disk.
        size: bytes of all files.
        deploy_map: (app, sites) pairs as written; all sites is spelled ``@ALL``.
        min_clients: how many clients it needs; a whole number, unless a release takes others.
        mandatory_clients: clients it cannot do without.
        resource_spec: site -> what the job needs there.
        obstacles: where the server meets what it took and can't work with -> what it says then, nothing where it falls
            over it: ``"mandatory_clients"``, ``"min_clients"``, ``"resource_spec"``, ``"resource_spec.<site>"``,
            ``"enough"`` (when it counts the clients that have the resources), ``"deploy"``.  None by the contract.
        behavior: what its own meta says about the simulated run.
        rules: what it was judged by, None when nobody knows any more.
    """

    __slots__ = (
        "_clone",
        "_kept_by_clones",
        "_meta",
        "behavior",
        "contents",
        "deploy_map",
        "folder_name",
        "mandatory_clients",
        "min_clients",
        "name",
        "name_type",
        "obstacles",
        "resource_spec",
        "rules",
        "size",
        "stated_folder",
    )

    def __init__(self, draft: Draft) -> None:
        self.folder_name = draft.folder_name
        name = draft.meta.get("name")
        self.stated_folder = draft.folder_name
        if draft.rules.unpacks_first:
            self.stated_folder = draft.meta.get("job_folder_name", draft.folder_name)
        self.name = str(name or self.stated_folder)
        self.name_type = type(name).__name__
        self.deploy_map = tuple((app.name, app.sites) for app in draft.apps)
        self.min_clients = draft.min_clients
        self.mandatory_clients = draft.mandatory_clients
        self.resource_spec = draft.resource_spec
        self.obstacles = draft.obstacles
        self.behavior: JobBehavior = draft.behavior
        self.contents = tuple(sorted(draft.files.items()))
        self.size = sum(map(len, draft.files.values()))
        self._meta = marshal.dumps(draft.meta)
        self._clone: JobDefinition | None = None
        self._kept_by_clones = draft.rules.kept_by_clones
        self.rules: JobRules | None = draft.rules

    @classmethod
    def load(
        cls,
        path: Any,
        rules: JobRules = CONTRACT,
        limits: JobLimits = JobLimits(),  # noqa: B008  (immutable)
    ) -> JobDefinition:
        """Read a job folder or zip file.

        Args:
            path: where it is.
            rules: what it is judged by, the contract's unless given.
            limits: how large it may be for the simulator.

        Raises:
            InvalidJobDefinition: it is not a job a server accepts; the message says what is wrong where.
            ValueError: ``rules`` or ``limits`` are none.
        """
        if type(rules) is not JobRules:
            raise ValueError(f"rules must be JobRules, not {shown(rules)}")
        limits = checked_limits(limits)
        return examine(path, rules, limits).accepted()

    @classmethod
    def from_files(
        cls,
        files: Mapping[str, str | bytes],
        folder_name: str = "job",
        limits: JobLimits = JobLimits(),  # noqa: B008  (immutable)
    ) -> JobDefinition:
        """Build a definition from files in memory (relative path to content, the meta among them).

        Args:
            files: what is in the job folder.
            folder_name: what that is called.
            limits: how large it may be for the simulator.

        Raises:
            InvalidJobDefinition: it is not a job a server accepts.
            ValueError: ``limits`` make no sense.
        """
        from flare_sim.jobs.meta_formats import meta_files
        from flare_sim.jobs.problems import Problems
        from flare_sim.jobs.reading.budget import Budget, Stopped
        from flare_sim.jobs.reading.job_files import JobFiles

        given = plain_items(files)
        if given is None:
            raise InvalidJobDefinition(f"the files of a job must be a dict of path to content, not {shown(files)}")
        copied: dict[str, Content] = {}
        problems = Problems()
        budget = Budget(checked_limits(limits), problems, meta_files(CONTRACT))
        for path, content in given:
            name = plain_text(path)
            if not name or any(part in ("", ".", "..") for part in name.split("/")):
                raise InvalidJobDefinition(f"{shown(path)} is not a relative path")
            text = plain_text(content)
            data = plain_bytes(content) if text is None else b""
            if data is None:
                raise InvalidJobDefinition(f"{shown(name)} must hold text or bytes, not a {plain_name(content)}")
            try:
                budget.take_file(name, len(data if text is None else text))
            except Stopped:
                raise InvalidJobDefinition(problems[0].message) from None
            copied[name] = data if text is None else text.encode("utf-8", "surrogatepass")
        folder = plain_text(folder_name)
        if not folder or folder in (".", "..") or "/" in folder:
            raise InvalidJobDefinition(f"{shown(folder_name)} is not a folder name")
        return _examined(JobFiles.made_of(folder, copied), CONTRACT).accepted()

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> JobDefinition:
        """Return the definition that ``facts`` told of; nothing is judged again."""
        definition = object.__new__(cls)
        for name in _FACTS:
            setattr(definition, name, facts["files" if name == "contents" else name])
        definition.size = sum(len(content) for _, content in definition.contents)
        definition._meta = marshal.dumps(facts["meta"])
        definition._kept_by_clones = facts["kept_by_clones"]
        definition.rules = None
        definition._clone = definition if facts["is_clone"] else None
        return definition

    def facts(self) -> dict[str, Any]:
        """Return all there is to know about it, from which another one like it can be made."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in _FACTS if name != "contents"}
        return {
            **facts,
            "files": self.files,
            "meta": self.meta,
            "kept_by_clones": self._kept_by_clones,
            "is_clone": self._clone is self,
        }

    @property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        """The same as ``contents``, with all of it in memory."""
        return tuple((path, whole(content)) for path, content in self.contents)

    @property
    def meta(self) -> dict[str, Any]:
        """The submitted meta, a fresh copy each time."""
        meta: dict[str, Any] = marshal.loads(self._meta)
        return meta

    @property
    def given_name(self) -> Any:
        """The name as a list shows it: a fresh copy of what the meta says, which may be no text for a release."""
        return self.name if self.name_type in ("str", "NoneType") else self.meta["name"] or self.name

    @property
    def names_sites(self) -> bool:
        """Whether the deploy map names sites, rather than all of them."""
        return all(ALL_SITES not in sites for _, sites in self.deploy_map)

    def app_of(self, site: str) -> str:
        """Return the app that goes to ``site`` (a client's name or ``"server"``), ``""`` when none does."""
        name = plain_text(site)
        for app, sites in self.deploy_map:
            if name in sites or ALL_SITES in sites:
                return app
        return ""

    def app_contents(self, app: str) -> tuple[tuple[str, Content], ...]:
        """Return what is in an app folder, paths relative to it; a large content lies on the disk."""
        prefix = f"{plain_text(app) or ''}/"
        return tuple((path[len(prefix) :], content) for path, content in self.contents if path.startswith(prefix))

    def app_files(self, app: str) -> tuple[tuple[str, bytes], ...]:
        """Return the same, with all of it in memory."""
        return tuple((path, whole(content)) for path, content in self.app_contents(app))

    def by_rules(self, rules: JobRules) -> Examination:
        """Return what a server that judges by ``rules`` makes of it, whatever it was made by.

        Raises:
            ValueError: ``rules`` are none.
        """
        if type(rules) is not JobRules:
            raise ValueError(f"rules must be JobRules, not {shown(rules)}")
        if self.rules == rules:
            return Examination(self, ())
        from flare_sim.jobs.reading.job_files import JobFiles

        return _with_own_definition(_looked_at(JobFiles.made_of(self.folder_name, dict(self.files)), rules))

    def for_clone(self) -> JobDefinition:
        """Return the definition a clone gets: the same job, its meta reduced to what real servers copy (2.3.12)."""
        if self._clone is None:
            self._clone = self.copy(self._kept_by_clones)
        return self._clone

    def copy(self, keys: tuple[str, ...] = ()) -> JobDefinition:
        """Return another definition of the same job, which shares nothing with this one that can be changed.

        Args:
            keys: what of the meta to keep, for a clone's, which is cloned as it is; all of it when left out.

        Raises:
            ValueError: ``keys`` are no names.
        """
        names: list[str | None] = []
        if type(keys) is not tuple or keys:
            listed = plain_list(keys)
            names = [plain_text(key) for key in listed or ()]
            if listed is None or None in names:
                raise ValueError(f"keys must be names, not {shown(keys)}")
        copy = object.__new__(JobDefinition)
        for slot, value in zip(self.__slots__, _all_of(self), strict=True):
            setattr(copy, slot, value)
        copy.resource_spec = marshal.loads(marshal.dumps(self.resource_spec))
        copy._clone = None
        if names:
            meta = self.meta
            copy._meta = marshal.dumps({name: meta[name] for name in names if name in meta})
            copy._clone = copy
        return copy

    def __repr__(self) -> str:
        told = ", ".join(f"{readable(app[:_SHOWN])}: {shown(list(sites))}" for app, sites in self.deploy_map[:_SHOWN])
        more = ", ..." if len(self.deploy_map) > _SHOWN else ""
        needs = f"min_clients={shown(self.min_clients)}"
        return f"<JobDefinition {shown(self.name)}, {len(self.contents)} files, {{{told}{more}}}, {needs}>"


_all_of = attrgetter(*JobDefinition.__slots__)


class Examination(NamedTuple):
    """What came of looking at a job."""

    definition: JobDefinition | None
    """The job, None when a server refuses it."""
    problems: tuple[Problem, ...]
    """What is wrong with it, warnings too, in the order in which the server looks."""
    draft: Draft | None = None
    """What it says, as far as that can be known, None when nothing could be read."""

    @property
    def refusal(self) -> Problem | None:
        """The problem that a server answers with, None when it takes the job."""
        return next((problem for problem in self.problems if not problem.warning), None)

    def accepted(self) -> JobDefinition:
        """Return the job.

        Raises:
            InvalidJobDefinition: a server refuses it.
        """
        if self.definition is None:
            problem = self.refusal
            raise InvalidJobDefinition(problem.message if problem else "the job is no good")
        return self.definition


def examine(
    path: Any,
    rules: JobRules = CONTRACT,
    limits: JobLimits = JobLimits(),  # noqa: B008  (immutable)
) -> Examination:
    """Look at a job folder or zip file and say what a server makes of it.

    Args:
        path: where it is.
        rules: what it is judged by, the contract's unless given.
        limits: how large it may be for the simulator.
    """
    # What reads and judges is loaded with the first job: a server is made quickly.
    from flare_sim.jobs.reading.job_files import read_job_files
    from flare_sim.jobs.reading.unchanged import while_unchanged

    def read() -> tuple[Examination, JobFiles | None]:
        job = read_job_files(path, rules, limits)
        if not job.whole:
            problems = _answered(job, rules) if job.has_no_meta and rules.release else job.problems
            return Examination(None, problems), None
        return _looked_at(job, rules), None if job.problems or not _is_small(job) else job

    return _with_own_definition(while_unchanged(path, (rules, limits), read))


def _looked_at(job: JobFiles, rules: JobRules) -> Examination:
    if not _is_small(job):
        return _examined(job, rules)
    return _known(job.name, tuple(job.files.items()), job.folders, job.problems, job.unread, rules)


def _is_small(job: JobFiles) -> bool:
    contents = job.files.values()
    return sum(map(len, contents)) <= _SMALL and all(type(content) is bytes for content in contents)


def _with_own_definition(examined: Examination) -> Examination:
    return examined._replace(definition=examined.definition.copy()) if examined.definition else examined


def _answered(job: JobFiles, rules: JobRules) -> tuple[Problem, ...]:
    """Return the problem of a folder that has no meta with what a server of the release answers to it."""
    from flare_sim.jobs.judging.judge import judge

    (problem,) = job.problems
    unknown = () if problem.kind == "empty-folder" else ("",)
    judged = judge(job.name, {}, unknown, rules).problems
    before = [other for other in judged if other.kind == "folder-name"]
    return (*before, problem._replace(reply=judged[len(before)].reply))


def _examined(job: JobFiles, rules: JobRules) -> Examination:
    from flare_sim.jobs.judging.judge import judge

    draft = judge(job.name, job.files, job.folders, rules)
    problems = (*job.problems, *(problem for problem in draft.problems if not job.is_unread(problem.file)))
    refused = any(not problem.warning for problem in problems)
    return Examination(None if refused else JobDefinition(draft), problems, draft)


@lru_cache(maxsize=64)
def _known(
    name: str,
    files: tuple[tuple[str, Content], ...],
    folders: tuple[str, ...],
    problems: tuple[Problem, ...],
    unread: frozenset[str],
    rules: JobRules,
) -> Examination:
    """Return what is known of small files; to look at the same ones each time they are submitted would be no use."""
    from flare_sim.jobs.reading.job_files import JobFiles

    return _examined(JobFiles(name, dict(files), folders, problems, unread), rules)
