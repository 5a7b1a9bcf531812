"""Sessions that abort or delete other jobs with an original or a clone."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.clones import (
    Cloning,
    Relatives,
    also_to,
    clones_in,
    dispatched_family,
    first_original,
    original_in,
)
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _Together(Cloning):
    """Does to a relation of a job what is done to it."""

    def related(self, job: str) -> list[str]:
        """The jobs that it is also done to."""
        return []

    def _spread(self, act: Any, job: str) -> None:
        for other in self.related(job):
            with suppress(JobNotFound):
                act(other)

    def clones(self, job: str) -> list[str]:
        """The clones of a job."""
        return [clone for clone, origin in self.origins.items() if origin == job]

    def origin(self, job: str) -> list[str]:
        """The original of a job, if it has one."""
        return [self.origins[job]] if job in self.origins else []


class _AbortsTogether(_Together):
    """Aborts relations, too."""

    def abort_job(self, job_id: str) -> Any:
        """Abort more than one."""
        result = super().abort_job(job_id)
        self._spread(self.inner.abort_job, job_id)
        return result


@MUTANTS.mutant("clone.apart-on-abort", "aborts a job's clones with it")
class AbortsClonesToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)


@MUTANTS.mutant("clone.apart-on-abort", "aborts a clone's original with it")
class AbortsOriginalToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its original."""
        return self.origin(job)


@MUTANTS.mutant("clone.apart-on-abort", "aborts the clone of a clone with the clone")
class AbortsGrandchildrenToo(_AbortsTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """The clones of a clone."""
        return self.clones(job) if job in self.origins else []


@MUTANTS.mutant("clone.apart-on-abort", "aborts the original on the second abort of a clone")
class SecondAbortSpreads(_AbortsTogether):
    """Takes the next of the same kind."""

    def related(self, job: str) -> list[str]:
        """Its original, the second time."""
        return self.origin(job) if count(self, ("aborted " + job)) > 1 else []


@MUTANTS.mutant("clone.apart-on-abort", "aborts a clone with its original as soon as it runs")
class AbortsCloneLater(_Together):
    """Leaves the signal to abort where the clone finds it."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)

    def abort_job(self, job_id: str) -> Any:
        """Leave the signal."""
        noted(self, "signals").extend(self.related(job_id))
        return super().abort_job(job_id)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Heed it once it runs."""
        meta = super().get_job_meta(job_id)
        if job_id in noted(self, "signals") and meta["status"] == "RUNNING":
            self.inner.abort_job(job_id)
        return meta


_RELATED: Final[tuple[tuple[str, str, str, Relatives], ...]] = (
    ("AbortsRoot", "abort", "aborts the first original with a clone of its clone", first_original),
    ("AbortsDispatchedClones", "abort", "aborts the clones of a job that are dispatched", clones_in("DISPATCHED")),
    (
        "AbortsDispatchedSiblings",
        "abort",
        "aborts an original that is dispatched with its clone",
        dispatched_family,
    ),
    ("DeletesRoot", "delete", "deletes the first original with a clone of its clone", first_original),
    ("DeletesDispatchedClones", "delete", "deletes the clones of a job that are dispatched", clones_in("DISPATCHED")),
    (
        "DeletesFailedOriginals",
        "delete",
        "deletes an original that could not be run with its clone",
        original_in("FINISHED:FAILED", "FINISHED:CAN_NOT"),
    ),
    (
        "DeletesAbortedClones",
        "delete",
        "deletes the clones of a job that were aborted",
        clones_in("FINISHED:ABORTED"),
    ),
)

for _name, _act, _difference, _relatives in _RELATED:
    _method = f"{_act}_job"
    _GENERATOR.session(
        _name, f"clone.apart-on-{_act}", _difference, {_method: also_to(_method, _relatives)}, base=Cloning
    )


class _DeletesTogether(_Together):
    """Deletes relations, too."""

    def delete_job(self, job_id: str) -> Any:
        """Delete more than one."""
        result = super().delete_job(job_id)
        self._spread(self.inner.delete_job, job_id)
        return result


@MUTANTS.mutant("clone.apart-on-delete", "deletes a job's clones with it")
class DeletesClonesToo(_DeletesTogether):
    """Deletes in cascade."""

    def related(self, job: str) -> list[str]:
        """Its clones."""
        return self.clones(job)


@MUTANTS.mutant("clone.apart-on-delete", "deletes a clone's original with it")
class DeletesOriginalToo(_DeletesTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """Its original."""
        return self.origin(job)


@MUTANTS.mutant("clone.apart-on-delete", "deletes the clones of a clone with it")
class DeletesGrandchildrenToo(_DeletesTogether):
    """Follows the wrong references."""

    def related(self, job: str) -> list[str]:
        """The clones of a clone."""
        return self.clones(job) if job in self.origins else []


@MUTANTS.mutant("clone.apart-on-delete", "can't clone a clone any more when its original is deleted")
class OrphansCantBeCloned(Cloning):
    """Keeps the definition with the original."""

    def clone_job(self, job_id: str) -> Any:
        """Look for the original."""
        if job_id in self.origins:
            self.inner.get_job_meta(job_id)
            self.inner.get_job_meta(self.origins[job_id])
        return super().clone_job(job_id)


@MUTANTS.mutant("clone.apart-on-delete", "loses the result of a clone when its original is deleted")
class OrphansHaveNoResult(Cloning):
    """Keeps results with the original."""

    def download_job_result(self, job_id: str) -> str:
        """Look for the original."""
        if job_id in self.origins:
            self.inner.get_job_meta(self.origins[job_id])
        return super().download_job_result(job_id)


@MUTANTS.mutant("clone.apart-on-delete", "stops a clone when its original is deleted before it ran")
class OrphansStop(Cloning):
    """Shares the app with the original."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Stop a clone that runs without its original."""
        meta = super().get_job_meta(job_id)
        if job_id in self.origins and meta["status"] == "RUNNING":
            try:
                self.inner.get_job_meta(self.origins[job_id])
            except JobNotFound:
                self.inner.abort_job(job_id)
        return meta
