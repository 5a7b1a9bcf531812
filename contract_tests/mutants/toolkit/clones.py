"""Base classes of sessions that get clones wrong, and the jobs that are related to a job by cloning."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import JobNotFound


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


class KnowsOrphans(Cloning):
    """Knows the clones of a job that is gone."""

    def orphans(self, job_id: str) -> list[str]:
        """The other clones of a clone's original, once that was deleted."""
        original = self.origins.get(job_id)
        gone = original in noted(self, "gone")
        return [clone for clone, its in self.origins.items() if gone and its == original and clone != job_id]

    def delete_job(self, job_id: str) -> Any:
        """Note it."""
        noted(self, "gone").append(job_id)
        return super().delete_job(job_id)


Relatives = Callable[[Cloning, str], list[str]]
"""The jobs that stand in some relation to a job."""


def first_original(session: Cloning, job: str) -> list[str]:
    """The job that a clone's original was cloned from."""
    original = session.origins.get(job)
    return [session.origins[original]] if original in session.origins else []


def clones_in(*begins: str) -> Relatives:
    """The clones of a job whose status begins with one of these."""

    def relatives(session: Cloning, job: str) -> list[str]:
        found = [clone for clone, original in session.origins.items() if original == job]
        return [clone for clone in found if _status(session, clone).startswith(begins)]

    return relatives


def original_in(*begins: str) -> Relatives:
    """The original of a clone, if its status begins with one of these."""

    def relatives(session: Cloning, job: str) -> list[str]:
        found = [session.origins[job]] if job in session.origins else []
        return [original for original in found if _status(session, original).startswith(begins)]

    return relatives


def dispatched_family(session: Cloning, job: str) -> list[str]:
    """The original of a clone, and its other clones, as far as they are dispatched."""
    original = session.origins.get(job)
    family = [original, *(clone for clone, its in session.origins.items() if its == original)] if original else []
    return [one for one in family if one != job and _status(session, str(one)) == "DISPATCHED"]


def _status(session: Cloning, job: str) -> str:
    with suppress(JobNotFound):
        return str(session.inner.get_job_meta(job)["status"])
    return ""


def also_to(method: str, relatives: Relatives, *, done: bool = False) -> Callable[..., Any]:
    """A method that does to relatives, too, what it does to a job, or to one that is done."""

    def body(self: Any, job_id: Any) -> Any:
        holds = not done or _status(self, job_id).startswith("FINISHED")
        others = relatives(self, job_id) if holds else []
        result = getattr(self.inner, method)(job_id)
        for other in others:
            with suppress(JobNotFound):
                getattr(self.inner, method)(other)
        return result

    body.__name__ = method
    return body
