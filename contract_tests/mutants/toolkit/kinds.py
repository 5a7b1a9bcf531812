"""Kinds of wrappers that faults are made from: each changes one thing, in a way that its subclasses say."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError, JobNotFound, NoConnection, SessionClosed


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


class Cloning(Wrapper):
    """Changes what clone_job returns, and remembers which job is the clone of which."""

    def clone_job(self, job_id: str) -> Any:
        """Clone, and return something else."""
        clone = super().clone_job(job_id)
        self.origins[clone] = job_id
        return self.returned(clone, job_id)

    @property
    def origins(self) -> dict[str, str]:
        """The original of every clone."""
        origins: dict[str, str] = self.system.memory.setdefault("origins", {})
        return origins

    def original(self, clone: str) -> dict[str, Any]:
        """The meta of a clone's original, as it was when it was last seen; empty for what is no clone."""
        return dict(self.system.memory.get(("seen", self.origins.get(clone, "")), {}))

    def returned(self, clone: str, job: str) -> Any:
        """What to return for a new clone."""
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell something else of a clone."""
        meta = super().get_job_meta(job_id)
        self.system.memory[("seen", job_id)] = dict(meta)
        return self.told(meta) if job_id in self.origins else meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Tell something else of clones."""
        jobs = super().list_jobs(detailed, all)
        return [self.told(job) if job["job_id"] in self.origins else job for job in jobs if not self.hidden(job)]

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is told of a clone."""
        return meta

    def hidden(self, job: dict[str, Any]) -> bool:
        """Whether a job is left out of lists."""
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


class Polling(MonitorLoop):
    """Counts the polls of a monitor, and has a way of its own with what goes wrong later than at the first.

    Attributes:
        polls: how many there have been, with the one under way.
        last: the meta of the last one that went well.
    """

    polls = 0
    last: Any = None

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Begin to count."""
        self.polls = 0
        return super().monitor_job(*args, **kwargs)

    def poll(self, job_id: str) -> dict[str, Any]:
        """Hand errors of later polls over."""
        self.polls += 1
        try:
            self.last = super().poll(job_id)
        except (JobNotFound, SessionClosed, NoConnection, InternalError) as error:
            if self.polls == 1:
                raise
            return self.trouble(job_id, error)
        return dict(self.last)

    def trouble(self, job_id: str, error: Exception) -> dict[str, Any]:
        """What is done about it: the meta to go on with."""
        raise error
