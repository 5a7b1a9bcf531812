"""What is wrong with a job: each problem with its kind, its place and what to do about it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.personality.job_replies import reply_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.personality.job_rules import JobRules

__all__ = ["KINDS", "NO_FACTS", "Answer", "Problem", "Problems"]

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "no-path": "name a job folder",
        "not-there": "see how it is spelled, and from which folder it is looked for",
        "no-job": "name a job folder, or a zip file of one",
        "folder-of-jobs": "name one of the jobs",
        "one-app": "put it into a job folder, beside a meta.json whose deploy_map names it",
        "empty-folder": "put a meta.json and the folder of an app into it",
        "unreadable": "see who may read it",
        "link-dangling": "put there what the link is to lead to, or remove the link",
        "link-loop": "remove the link",
        "link-to-folder": "put the folder itself there",
        "link-outside": "put there what it leads to, rather than a link",
        "no-file": "remove it: a job has files and folders only",
        "name-no-utf8": "rename it",
        "file-changing": "wait until nothing is written to it",
        "zip-damaged": "make the zip file again",
        "zip-outside": "make the zip file again, of the job folder alone",
        "zip-twice": "make the zip file again, with each file once",
        "zip-method": "make the zip file again, in the usual way (deflate)",
        "simulators-limit": "raise the limit",
        "path-clash": "keep one of them",
        "meta-missing": "put a meta.json at the top of the job folder",
        "meta-unreadable": "mend it there, or just before",
        "meta-no-object": "write the job's meta as an object, {...}",
        "meta-too-deep": "nest it less",
        "meta-unstorable": "write text, numbers, lists and objects",
        "needs-omegaconf": "write a meta.json or a meta.conf, which every server since 2.4 reads",
        "beyond-simulator": "write it out in the file itself",
        "name-no-text": "write the name as text, or leave it out",
        "job-id-invalid": "leave job_id out: the server gives every job an id",
        "folder-name": "name the folder with letters, digits, dots, underscores and hyphens",
        "deploy-map-missing": 'add "deploy_map": {"<app folder>": ["@ALL"]}',
        "deploy-map-no-object": 'write it as an object: {"<app folder>": ["@ALL"]}',
        "deploy-map-sites": 'list the sites of the app, as in ["server", "site-1"] or ["@ALL"]',
        "deploy-map-empty": "name the server and a client, or @ALL",
        "deploy-map-all": "name @ALL alone, or the sites one by one",
        "deploy-map-no-server": 'add "server" to the sites of an app',
        "deploy-map-no-client": "add a client to the sites of an app",
        "deploy-map-twice": "send one app to each site",
        "app-name": "name a folder at the top of the job",
        "app-missing": "put the app's folder, with its config folder, at the top of the job",
        "config-missing": "add the configuration to the app's config folder",
        "config-unreadable": "mend it there, or just before",
        "min-clients": "write a whole number, or leave it out: then a client is enough",
        "mandatory-clients": 'write a list of site names, as in ["site-1"], or leave it out',
        "server-falls-over": "write numbers as numbers, names in a list, resources as objects, or leave it out",
        "resource-spec": 'write an object for each site, as in {"site-1": {"num_of_gpus": 1}}, or leave it out',
        "launcher-spec": 'write an object of objects, by site and launcher: {"site-1": {"docker": {...}}}',
        "docker-options": "leave to the site what is not the job's to say",
        "resources-twice": "say it once: in resource_spec or in launcher_spec",
        "behavior": "use the fields of JobBehavior, such as run_seconds and outcome",
        "site-unknown": "see how it is spelled, or start such a client",
        "client-unknown": "start it, or leave it out of mandatory_clients",
        "clients-few": "start more clients, or ask for fewer",
        "resources-short": "ask it for less, or give the client that much",
    }
)
"""Every kind of problem -> what to do about it, unless the problem knows better."""


NO_FACTS: Mapping[str, object] = MappingProxyType({})
"""What a reply names that names nothing but the job."""
_MOST_ALIKE = 20
"""So many problems of a kind are told one by one; of the others it is told how many there are."""


class Answer(NamedTuple):
    """What a server says to a job it does not take."""

    status: str
    """How the command goes, in NVFLARE's words: ``"invalid_job_def"``, ``"internal_error"``, ``"error"``."""
    text: str
    """Its reason."""


class Problem(NamedTuple):
    """One thing that is wrong with a job."""

    kind: str
    """Which of ``KINDS`` it is."""
    message: str
    """What is wrong, in a clause that names the value."""
    file: str = ""
    """The file it is in, a path inside the job; empty for the job as a whole."""
    place: str = ""
    """Where in the file: ``"deploy_map.app[1]"``, ``"line 3, column 7"``; empty for all of it."""
    advice: str = ""
    """What to do about it."""
    warning: bool = False
    """Whether the server takes the job all the same."""
    reply: Answer | None = None
    """What a server of that release answers; None by the contract, and for what a client does not send."""


class Problems(list[Problem]):
    """The problems of one job, in the order in which the server looks.

    Args:
        rules: what the job is judged by; None while it is read.
        job: the name of the job's folder, which servers call the job by.

    Attributes:
        refusals: how many were told that a server refuses the job for.
        refused_files: the files those are in.
    """

    def __init__(self, rules: JobRules | None = None, job: str = "") -> None:
        super().__init__()
        self.refusals = 0
        self.refused_files: set[str] = set()
        self._rules = rules
        self._job = job
        self._alike: dict[tuple[str, bool], int] = {}
        self._others: dict[tuple[str, bool], int] = {}

    def tell(
        self,
        kind: str,
        message: str,
        file: str = "",
        place: str = "",
        *,
        advice: str = "",
        warning: bool = False,
        reply: Answer | None = None,
        raises: str = "",
        says: str = "",
        facts: Mapping[str, object] = NO_FACTS,
    ) -> None:
        """Add a problem: most of what is given are the fields of ``Problem``.

        A server with a release's rules that does not say no may fall over: ``raises`` names the exception.  What it
        says is ``says`` in the table of replies, the problem's kind unless given, with ``facts`` in it.
        """
        if not warning:
            self.refusals += 1
            self.refused_files.add(file)
        alike = self._alike[kind, warning] = self._alike.get((kind, warning), 0) + 1
        if alike > _MOST_ALIKE:
            self._count(kind, alike - _MOST_ALIKE, warning)
            return
        if reply is None and self._rules is not None and self._rules.release:
            reply = _reply(self._rules, raises, says or kind, {**facts, "job": self._job})
        self.append(Problem(kind, message, file, place, advice or KINDS[kind], warning, reply))

    def _count(self, kind: str, others: int, warning: bool) -> None:
        """Tell how many others there are of a kind, in one problem for all of them."""
        message = f"there {'is 1 more problem' if others == 1 else f'are {others:,} more problems'} of this kind"
        problem = Problem(kind, message, advice=KINDS[kind], warning=warning)
        at = self._others.setdefault((kind, warning), len(self))
        self[at : at + 1] = [problem]


def _reply(rules: JobRules, raises: str, says: str, facts: Mapping[str, object]) -> Answer | None:
    if raises:
        return Answer("internal_error", f"exception <class '{raises}'> occurred")
    text = reply_text(rules.release, says, facts)
    return None if text is None else Answer("invalid_job_def", rules.reply_prefix + text)
