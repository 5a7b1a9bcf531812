"""Sessions in which what happens to one job changes others that are there at the same time."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.toolkit.wrong_answers import Retelling, is_done, place_of
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem

MUTANTS = VariantTable()


@MUTANTS.mutant("life.side-by-side", "tells the end of the first job for all jobs")
class FirstEndForAll(Retelling):
    """Keeps one end."""

    def retell(self, job: str, status: str) -> str:
        """The first one."""
        told: str = self.system.memory.setdefault("end", status) if is_done(status) else status
        return told


@MUTANTS.mutant("life.side-by-side", "aborts everything when a job fails")
class FailureAbortsAll(Retelling):
    """Gives up too much."""

    def retell(self, job: str, status: str) -> str:
        """Abort what is not done, when a job has failed."""
        if status == "FINISHED:EXECUTION_EXCEPTION":
            session = SimulatedSystem.open_session(self.system)
            for view in self.system.server.jobs:
                session.abort_job(view.job_id)
        return status


@MUTANTS.mutant("life.side-by-side", "mixes up the ends of two jobs that ran at once, from the fifth job on")
class LateEndsMixedUp(Retelling):
    """Has room for four."""

    def retell(self, job: str, status: str) -> str:
        """That of the job before."""
        number = place_of(self, job)
        before = self.system.server.jobs[number - 2].status if number > 4 else status
        return before if is_done(status) and is_done(before) else status


@MUTANTS.mutant("life.side-by-side", "aborts other users' jobs when a job of a user is done")
class EndAbortsOthersJobs(Retelling):
    """Makes room."""

    def retell(self, job: str, status: str) -> str:
        """Abort what others have."""
        if is_done(status):
            session = SimulatedSystem.open_session(self.system)
            for view in self.system.server.jobs:
                if view.submitter != self.view(job).submitter and not is_done(view.status):
                    session.abort_job(view.job_id)
        return status


@MUTANTS.mutant("life.side-by-side", "aborts jobs of the same name with a job")
class AbortTakesNamesakes(Wrapper):
    """Finds jobs by their name."""

    def abort_job(self, job_id: str) -> Any:
        """All of that name."""
        answer = super().abort_job(job_id)
        name = self.inner.get_job_meta(job_id)["name"]
        for job in self.inner.list_jobs(True):
            if job["name"] == name and job["status"] == "RUNNING":
                self.inner.abort_job(job["job_id"])
        return answer


@MUTANTS.mutant("life.side-by-side", "aborts the job that was submitted after a job that is deleted")
class DeleteAbortsNext(Wrapper):
    """Is off by one."""

    def delete_job(self, job_id: str) -> Any:
        """The next one loses its place."""
        ids = [view.job_id for view in self.system.server.jobs]
        answer = super().delete_job(job_id)
        following = ids[ids.index(job_id) + 1 :] if job_id in ids else []
        for job in following[:1]:
            SimulatedSystem.open_session(self.system).abort_job(job)
        return answer


@MUTANTS.mutant("life.side-by-side", "tells of a job that ran beside others that it was abnormal")
class CrowdIsAbnormal(Retelling):
    """Blames the neighbors."""

    def retell(self, job: str, status: str) -> str:
        """ABNORMAL, when three jobs had the same start."""
        mine = self.view(job)
        beside = [
            view
            for view in self.system.server.jobs
            if view.start_time and mine.start_time and abs(view.start_time - mine.start_time) < 4
        ]
        return "FINISHED:ABNORMAL" if status == "FINISHED:COMPLETED" and len(beside) > 3 else status
