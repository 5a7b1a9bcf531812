"""Sessions that list the wrong details, or in another order each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import Jobs, Lists
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
