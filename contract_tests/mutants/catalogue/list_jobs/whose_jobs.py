"""Sessions that list the jobs of the wrong users."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.wrong_answers import Jobs, Lists
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()


@MUTANTS.mutant("list.own", "lists everybody's jobs always")
class IgnoresAll(Wrapper):
    """Ignores the flag."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List all."""
        return self.inner.list_jobs(detailed, True)  # type: ignore[no-any-return]


@MUTANTS.mutant("list.own", "lists everybody's jobs once it was asked for all")
class RemembersAll(Wrapper):
    """Keeps the flag."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List all from then on."""
        self.everyone = all or getattr(self, "everyone", False)
        return self.inner.list_jobs(detailed, self.everyone)  # type: ignore[no-any-return]


@MUTANTS.mutant("list.own", "mixes up its two flags")
class SwapsFlags(Wrapper):
    """Passes them on in the wrong order."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Swap them."""
        return self.inner.list_jobs(all, detailed)  # type: ignore[no-any-return]


@MUTANTS.mutant("list.own", "lists clones of the user's jobs that another user made")
class ListsClonesOfOthers(Wrapper):
    """Looks at the owner of the original."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With clones of own jobs."""
        jobs: Jobs = self.inner.list_jobs(detailed, all)
        if all:
            return jobs
        mine = {job["job_id"] for job in jobs}
        metas = self.inner.list_jobs(True, True)
        clones = {meta["job_id"] for meta in metas if meta.get("cloned_from") in mine} - mine
        return jobs + [job for job in self.inner.list_jobs(detailed, True) if job["job_id"] in clones]


@MUTANTS.mutant("list.own", "lists finished jobs of all users")
class ListsFinishedOfAll(Wrapper):
    """Has an archive without owners."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With what is done."""
        jobs: Jobs = self.inner.list_jobs(detailed, all)
        mine = {job["job_id"] for job in jobs}
        others = [job for job in self.inner.list_jobs(detailed, True) if job["job_id"] not in mine]
        return jobs + [job for job in others if job["status"].startswith("FINISHED")]


class _Own(Wrapper):
    """Lists own jobs by what it has noted."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List what counts as own."""
        jobs: Jobs = self.inner.list_jobs(detailed, all)
        return jobs if all else [job for job in jobs if self.is_own(job)]

    def is_own(self, job: dict[str, Any]) -> bool:
        """Whether a job of the user counts as own."""
        return True


@MUTANTS.mutant("list.own-all-sessions", "lists only jobs that the same session made")
class OwnSessionOnly(_Own):
    """Takes the session for the user."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.mine: list[str] = []

    def submit_job(self, job_definition_path: str) -> str:
        """Note the job."""
        self.mine.append(super().submit_job(job_definition_path))
        return self.mine[-1]

    def clone_job(self, job_id: str) -> str:
        """Note the job."""
        self.mine.append(super().clone_job(job_id))
        return self.mine[-1]

    def is_own(self, job: dict[str, Any]) -> bool:
        """What was noted."""
        return job["job_id"] in self.mine


@MUTANTS.mutant("list.own-all-sessions", "lists no jobs of sessions that were closed")
class ForgetsClosedSessions(_Own):
    """Forgets the jobs of a session with it."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the job."""
        job_id = super().submit_job(job_definition_path)
        self.system.memory.setdefault(id(self), []).append(job_id)
        return job_id

    def close(self) -> Any:
        """Forget the jobs."""
        noted(self, "forgotten").extend(self.system.memory.pop(id(self), []))
        return super().close()

    def is_own(self, job: dict[str, Any]) -> bool:
        """What is not forgotten."""
        return job["job_id"] not in noted(self, "forgotten")


@MUTANTS.mutant("list.own-all-sessions", "lists no jobs that another session made after its own first list")
class OldListOfOthers(_Own):
    """Adds its own jobs to the list it has."""

    def is_own(self, job: dict[str, Any]) -> bool:
        """What it made or saw."""
        return job["job_id"] in self.__dict__.get("seen", [job["job_id"]])

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List, and note what was seen first."""
        jobs = super().list_jobs(detailed, all)
        self.__dict__.setdefault("seen", [job["job_id"] for job in jobs])
        return jobs

    def submit_job(self, job_definition_path: str) -> str:
        """Note the job."""
        job_id = super().submit_job(job_definition_path)
        self.__dict__.get("seen", []).append(job_id)
        return job_id

    def clone_job(self, job_id: str) -> str:
        """Note the job."""
        clone = super().clone_job(job_id)
        self.__dict__.get("seen", []).append(clone)
        return clone


@MUTANTS.mutant("list.all", "lists own jobs only, whatever is asked for")
class OwnAlways(Wrapper):
    """Ignores the flag."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """List own ones."""
        return self.inner.list_jobs(detailed)  # type: ignore[no-any-return]


@MUTANTS.mutant("list.all", "ignores all=True together with detailed=True")
class DetailsOfOwnOnly(Wrapper):
    """Handles one flag at a time."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """One flag."""
        return self.inner.list_jobs(detailed, all and not detailed)  # type: ignore[no-any-return]


@MUTANTS.mutant("list.all", "lists only the other user's jobs")
class OthersOnly(Lists):
    """Takes all for all others."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Leave out own ones."""
        mine = [job["job_id"] for job in self.inner.list_jobs()] if everyone else []
        return [job for job in jobs if job["job_id"] not in mine]


@MUTANTS.mutant("list.all", "lists ten jobs of other users at most")
class TenOfOthers(Lists):
    """Reads one page of theirs."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """All own, ten others."""
        mine = [job["job_id"] for job in self.inner.list_jobs()]
        others = [job["job_id"] for job in jobs if job["job_id"] not in mine][:10]
        return [job for job in jobs if job["job_id"] in mine or job["job_id"] in others]


@MUTANTS.mutant("list.all", "lists no jobs of a user whose session was closed")
class ClosedUsersMissing(Lists):
    """Lists by who is logged in."""

    def close(self) -> Any:
        """Note the user."""
        noted(self, "out").append(self.user)
        return super().close()

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Leave out jobs of users who left."""
        return [j for j in jobs if self.inner.get_job_meta(j["job_id"])["submitter_name"] not in noted(self, "out")]


@MUTANTS.mutant("list.all", "lists own jobs only when the flags are given by position")
class PositionLost(Wrapper):
    """Takes its flags from names alone."""

    def list_jobs(self, *args: Any, **flags: Any) -> list[dict[str, Any]]:
        """Use the names."""
        if len(args) > 1:
            flags = {"detailed": args[0]}
        elif args:
            flags = {"detailed": args[0], **flags}
        return self.inner.list_jobs(**flags)  # type: ignore[no-any-return]


class _Tells(Wrapper):
    """Can tell whether ``all`` was given."""

    def list_jobs(self, detailed: bool = False, all: Any = None) -> list[dict[str, Any]]:  # noqa: A002
        """List by how it was given."""
        return self.inner.list_jobs(detailed, self.everyone(all, detailed))  # type: ignore[no-any-return]

    def everyone(self, given: Any, detailed: bool) -> bool:
        """Whether everybody's jobs are listed; ``given`` is None when it was left out."""
        return bool(given)


@MUTANTS.mutant("list.all-false", "lists everybody's jobs whenever all is given")
class GivenIsTrue(_Tells):
    """Looks only at whether there is an argument."""

    def everyone(self, given: Any, detailed: bool) -> bool:
        """Given or not."""
        return given is not None


@MUTANTS.mutant("list.all-false", "lists everybody's jobs for all=False in detail")
class FalseInDetail(_Tells):
    """Has one branch that tests for None."""

    def everyone(self, given: Any, detailed: bool) -> bool:
        """In detail, given or not."""
        return bool(given) or (detailed and given is not None)


@MUTANTS.mutant("list.all-false", "takes all=False for the flag it was given last")
class FalseKeepsLast(_Tells):
    """Updates its options only by what is true."""

    def everyone(self, given: Any, detailed: bool) -> bool:
        """What was set before, when it is given as False."""
        if given:
            self.last = True
        return bool(given) or (given is not None and getattr(self, "last", False))
