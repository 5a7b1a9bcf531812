"""Sessions that list the wrong details, or in another order each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.occasions import A_DAY
from contract_tests.mutants.toolkit.wrong_answers import Jobs, Lists, Reading, is_done
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("list.detailed-jobs", "lists only finished jobs in detail")
class DetailsOfFinished(Lists):
    """Has details of what is over."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Leave out the rest."""
        return [job for job in jobs if not detailed or job["status"].startswith("FINISHED")]


@MUTANTS.mutant("list.detailed-jobs", "lists ten jobs in detail at most")
class TenInDetail(Lists):
    """Spares the server."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Ten."""
        return jobs[:10] if detailed else jobs


@MUTANTS.mutant("list.detailed-jobs", "lists clones twice in detail, under original and clone")
class ClonesTwiceInDetail(Lists):
    """Walks the tree of clones."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Clones once more."""
        return jobs + [job for job in jobs if detailed and "cloned_from" in job]


@MUTANTS.mutant("list.detailed-jobs", "lists everybody's jobs in detail")
class DetailsOfEverybody(Wrapper):
    """Forgets the filter."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """All, in detail."""
        return self.inner.list_jobs(detailed, all or detailed)  # type: ignore[no-any-return]


@MUTANTS.mutant("list.detailed-more", "takes detailed for brief")
class DetailedIsBrief(Wrapper):
    """Negates the flag."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """The other way round."""
        return self.inner.list_jobs(not detailed, all)  # type: ignore[no-any-return]


class _Briefs(Lists):
    """Leaves out details of some jobs."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Only id and status."""
        if not detailed:
            return jobs
        kept = ("job_id", "status")
        return [
            {key: job[key] for key in kept} if self.is_brief(job, place, everyone) else job
            for place, job in enumerate(jobs)
        ]

    def is_brief(self, job: dict[str, Any], place: int, everyone: bool) -> bool:
        """Whether details of a job are left out."""
        return False


@MUTANTS.mutant("list.detailed-more", "tells nothing in detail of jobs that were given up")
class BriefOnGivenUp(_Briefs):
    """Has lost the details."""

    def is_brief(self, job: dict[str, Any], place: int, everyone: bool) -> bool:
        """Jobs given up."""
        return bool(job["status"] == "FINISHED:CAN_NOT_SCHEDULE")


@MUTANTS.mutant("list.detailed-more", "tells details of ten jobs at most")
class TenDetails(_Briefs):
    """Spares the server."""

    def is_brief(self, job: dict[str, Any], place: int, everyone: bool) -> bool:
        """From the eleventh on."""
        return place >= 10


@MUTANTS.mutant("list.detailed-more", "tells no details in lists of everybody's jobs of what is another user's")
class BriefOnOthers(_Briefs):
    """Respects privacy."""

    def is_brief(self, job: dict[str, Any], place: int, everyone: bool) -> bool:
        """Jobs of others."""
        return everyone and job["submitter_name"] != self.user


def _without_key(key: str) -> Callable[..., list[dict[str, Any]]]:
    """A list whose details of others' jobs lack a key."""

    def list_jobs(self: Any, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        jobs = Wrapper.list_jobs(self, detailed, all)
        for job in jobs if detailed else ():
            if job.get("submitter_name") != self.user:
                job.pop(key, None)
        return jobs

    return list_jobs


for _key in ("duration", "name"):
    _GENERATOR.session(
        f"No{_key.title().replace('_', '')}OfOthers",
        "list.detailed-more",
        f"leaves out the {_key} of others' jobs in detail",
        {"list_jobs": _without_key(_key)},
    )


class _Ignoring(Lists):
    """Answers some lists as if nobody had asked for details."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """The plain entries of some jobs."""
        if not detailed:
            return jobs
        plain = {entry["job_id"]: entry for entry in self.inner.list_jobs(all=everyone)}
        return [plain.get(job["job_id"], job) if self.ignores(job, everyone) else job for job in jobs]

    def ignores(self, job: dict[str, Any], everyone: bool) -> bool:
        """Whether there are no details of a job."""
        return True


@MUTANTS.mutant("list.detailed-more", "ignores detailed")
class IgnoresDetailed(_Ignoring):
    """Has one form of list."""


_IGNORED: Final[tuple[tuple[str, str, Callable[..., bool]], ...]] = (
    ("WithAll", "in lists of everybody's jobs", lambda self, job, everyone: everyone),
    ("OfDone", "for jobs that are done", lambda self, job, everyone: is_done(job["status"])),
    ("OfUndone", "for jobs that are not done", lambda self, job, everyone: not is_done(job["status"])),
    ("OfClones", "for clones", lambda self, job, everyone: bool(job.get("cloned_from"))),
    ("OfOthers", "for others' jobs", lambda self, job, everyone: job["submitter_name"] != self.user),
    ("OfOld", "for old jobs", lambda self, job, everyone: self.system.server.clock.time() - job["submit_time"] > A_DAY),
)

for _name, _when, _ignores in _IGNORED:
    _GENERATOR.session(
        f"IgnoresDetailed{_name}",
        "list.detailed-more",
        f"ignores detailed {_when}",
        {"ignores": _ignores},
        base=_Ignoring,
    )


@MUTANTS.mutant("list.detailed-more", "tells the name of a job in detail, and no more")
class NamesInDetail(Lists):
    """Has little to tell."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Id and status, and a name in detail."""
        kept = ("job_id", "status", *(("name",) if detailed else ()))
        return [{key: job[key] for key in kept} for job in jobs]


class _OwnFact(Reading):
    """Knows one thing more of every job, and tells it in metas."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """With a fact of its own."""
        return {**meta, "ticket": f"T-{meta['job_id'][:4]}"}


@MUTANTS.mutant("list.detailed-more", "keeps a fact of its own about every job out of detailed lists")
class NoTicketInDetail(_OwnFact):
    """Forgets the ticket."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """As they are."""
        return self.inner.list_jobs(detailed, all)  # type: ignore[no-any-return]


def _in_detail(change: Callable[[dict[str, Any], Jobs], dict[str, Any]]) -> Callable[..., Any]:
    """A change of every entry of a detailed list."""

    def changed(self: Any, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        return [change(dict(job), jobs) for job in jobs] if detailed else jobs

    return changed


def _not_among_details(job: dict[str, Any], jobs: Jobs) -> dict[str, Any]:
    return {key: value for key, value in job.items() if key != "submitter_name"}


def _details_of_first(job: dict[str, Any], jobs: Jobs) -> dict[str, Any]:
    definition = ("name", "deploy_map", "resource_spec", "min_clients")
    return {**job, **{key: jobs[0][key] for key in definition}}


for _name, _difference, _change in (
    ("NoSubmitterInDetail", "does not tell in detail who submitted a job", _not_among_details),
    ("EmptyDetails", "leaves the deploy_map empty in detail", lambda job, jobs: {**job, "deploy_map": {}}),
    ("OthersDetails", "tells of every job what the first one's definition says, in detail", _details_of_first),
):
    _GENERATOR.session(_name, "list.detailed-more", _difference, {"changed": _in_detail(_change)}, base=Lists)


@MUTANTS.mutant("list.order", "turns the list round on every call")
class TurnsRound(Lists):
    """Sorts in place."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """The other way round every second time."""
        return jobs[:: 1 if count(self, "lists") % 2 else -1]


@MUTANTS.mutant("list.order", "moves the first entry of a long list to its end on the third call")
class Rotates(Lists):
    """Deals fairly."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Rotate."""
        return jobs[1:] + jobs[:1] if len(jobs) > 10 and count(self, "lists") == 3 else jobs


@MUTANTS.mutant("list.order", "lists jobs of two users in turns, each first in turn")
class UsersInTurns(Lists):
    """Groups by user, beginning with another one each time."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Own ones first, or last."""
        mine = [job["job_id"] for job in self.inner.list_jobs()]
        own_first = count(self, "lists") % 2
        return sorted(jobs, key=lambda job: (job["job_id"] in mine) != own_first)


@MUTANTS.mutant("list.order", "moves a job whose meta was read to the end of the list")
class ReadComesLast(Wrapper):
    """Lists in the order of the last use."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Count the use."""
        meta = super().get_job_meta(job_id)
        self.system.memory[("used", meta["job_id"])] = count(self, "uses")
        return meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Sort by it."""
        jobs = super().list_jobs(detailed, all)
        return sorted(jobs, key=lambda job: int(self.system.memory.get(("used", job["job_id"]), 0)))
