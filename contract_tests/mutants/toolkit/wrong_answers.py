"""Base classes of sessions that answer wrongly: new ids, metas, lists of jobs, system info."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import SystemInfo


class Submitting(Wrapper):
    """Changes what submit_job returns."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Submit, and return something else."""
        return self.returned(super().submit_job(job_definition_path))

    def returned(self, job: str) -> Any:
        """What to return for a new job."""
        return job


class Reading(Wrapper):
    """Changes what is read of jobs, in metas and in lists alike."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell something else."""
        return self.told(super().get_job_meta(job_id))

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell something else of every job."""
        return [self.told(entry) for entry in super().list_jobs(detailed, all)]

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is told of a job."""
        return meta


class Hiding(Wrapper):
    """Leaves jobs out of lists."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Leave some out."""
        return [job for job in super().list_jobs(detailed, all) if not self.hidden(job["job_id"], detailed, all)]

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Whether a job is left out."""
        return False


class Telling(Wrapper):
    """Changes what get_job_meta returns."""

    def get_job_meta(self, job_id: str) -> Any:
        """Tell something else."""
        return self.told(super().get_job_meta(job_id))

    def told(self, meta: dict[str, Any]) -> Any:
        """What is told of a job."""
        return meta


class TellingWhen(Telling):
    """Tells something wrong in one case only."""

    def told(self, meta: dict[str, Any]) -> Any:
        """Look at the case."""
        return self.wrong(meta) if self.when(meta) else meta

    def when(self, meta: dict[str, Any]) -> bool:
        """Whether it is the case."""
        return True

    def wrong(self, meta: dict[str, Any]) -> Any:
        """What is told in it."""
        return meta


class Retelling(Wrapper):
    """Tells other statuses than the server, in metas and in lists."""

    def retell(self, job: str, status: str) -> str:
        """The status to tell."""
        return status

    def view(self, job: str) -> Any:
        """What the server knows of a job."""
        return next(view for view in self.system.server.jobs if view.job_id == job)

    def now(self) -> float:
        """Seconds on the server's clock."""
        return self.system.server.clock.time()

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """With the other status."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": self.retell(meta["job_id"], meta["status"])}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With the other statuses."""
        jobs = super().list_jobs(detailed, all)
        return [{**job, "status": self.retell(job["job_id"], job["status"])} for job in jobs]


Jobs = list[dict[str, Any]]


class Lists(Wrapper):
    """Changes a list before it is handed out."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> Any:  # noqa: A002
        """List, then change the answer."""
        return self.changed(super().list_jobs(detailed, all), detailed, all)

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """The list to give; ``detailed`` and ``everyone`` are the flags."""
        return jobs


class Entries(Lists):
    """Changes entries one by one."""

    def changed(self, jobs: Jobs, detailed: bool, everyone: bool) -> Any:
        """Every entry, changed."""
        return [self.entry(dict(job), place, jobs) for place, job in enumerate(jobs)]

    def entry(self, job: dict[str, Any], place: int, jobs: Jobs) -> dict[str, Any]:
        """The entry to give; ``place`` is its index in ``jobs``."""
        return job


class TellingSystem(Wrapper):
    """Changes what is told of the system."""

    def get_system_info(self) -> Any:
        """Ask, then change the answer."""
        return self.changed(super().get_system_info())

    def changed(self, info: SystemInfo) -> Any:
        """The answer to give."""
        return info


def ghost(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry of a job that nobody made, like another one."""
    return {**entry, "job_id": "0" * 8 + entry["job_id"][8:]}


def is_done(status: str) -> bool:
    """Whether a job with this status is done."""
    return status.startswith("FINISHED")


def place_of(session: Retelling, job: str) -> int:
    """The place of a job in the order of submission, from 1."""
    return [view.job_id for view in session.system.server.jobs].index(job) + 1


def holds_jobs(generator: Generator, subject: str, method: str) -> None:
    """Declare a session that lets jobs wait for ever that wait when ``method`` is called."""
    right = getattr(Retelling, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = right(self, *args, **kwargs)
        noted(self, "held").extend(job.job_id for job in self.system.server.jobs if job.status == "SUBMITTED")
        return answer

    def retell(self: Any, job: str, status: str) -> str:
        return "SUBMITTED" if job in noted(self, "held") else status

    body.__name__ = method
    generator.session(
        f"{subject.capitalize()}HoldsJobs",
        f"{subject}.no-effect",
        f"lets jobs wait for ever that wait when {method} is called",
        {method: body, "retell": retell},
        Retelling,
    )


def retold(
    generator: Generator, name: str, clause: str, difference: str, retell: Callable[[Any, str, str], str]
) -> None:
    """Declare a session that tells ``retell(session, job, status)`` for a status."""
    generator.session(name, clause, difference, {"retell": retell}, Retelling)
