"""Sessions that tell wrong things about what is executed, print it wrongly, or do something when they look."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.catalogue.system_info import Told
from contract_tests.mutants.toolkit.helpers import count
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobInfo, SystemInfo

MUTANTS = VariantTable()


class _Jobs(Told):
    """Changes the list of jobs."""

    def changed(self, info: SystemInfo) -> Any:
        """Other jobs."""
        info.job_info = self.jobs(info.job_info)
        return info

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """The jobs to tell of."""
        return jobs


@MUTANTS.mutant("system.jobs", "never tells of a job")
class NoJobs(_Jobs):
    """Forgets the jobs."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """None of them."""
        return []


@MUTANTS.mutant("system.jobs", "tells only of the latest job that is executed")
class LatestJobOnly(_Jobs):
    """Keeps one."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """The last."""
        return jobs[-1:]


@MUTANTS.mutant("system.jobs", "tells of three jobs at most")
class ThreeJobs(_Jobs):
    """Has a limit."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """The first three."""
        return jobs[:3]


@MUTANTS.mutant("system.jobs", "tells of a job once per client")
class JobsPerClient(_Jobs):
    """Joins what the clients say."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """Twice."""
        return jobs + jobs


@MUTANTS.mutant("system.jobs", "tells only of the user's own jobs")
class OwnJobsOnly(_Jobs):
    """Filters by user."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """Those of the user."""
        mine = {job["job_id"] for job in self.inner.list_jobs()}
        return [job for job in jobs if job.job_id in mine]


@MUTANTS.mutant("system.jobs", "shortens ids to eight characters")
class ShortIds(_Jobs):
    """Makes ids readable."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """Beginnings of ids."""
        return [JobInfo(job.job_id[:8], job.app_name) for job in jobs]


@MUTANTS.mutant("system.jobs", "does not tell of clones")
class NoClones(_Jobs):
    """Keeps a table that clone_job forgets to fill."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """Submitted jobs."""
        return [job for job in jobs if "cloned_from" not in self.inner.get_job_meta(job.job_id)]


@MUTANTS.mutant("system.only-running-jobs", "tells of every job of the user, whatever its state")
class AllJobsRun(_Jobs):
    """Takes the list of jobs."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """All jobs."""
        return [JobInfo(job["job_id"], "app") for job in self.inner.list_jobs()]


@MUTANTS.mutant("system.only-running-jobs", "tells of jobs that wait for want of clients")
class WaitingJobsRun(_Jobs):
    """Takes the queue for what is executed."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """Waiting jobs, too."""
        waiting = [job["job_id"] for job in self.inner.list_jobs() if job["status"] == "SUBMITTED"]
        return jobs + [JobInfo(job_id, "app") for job_id in waiting]


@MUTANTS.mutant("system.only-running-jobs", "goes on telling of a job it has once told of")
class RemembersJobs(_Jobs):
    """Never removes an entry of its table."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """All that ever ran."""
        table: dict[str, JobInfo] = self.system.memory.setdefault("ran", {})
        table.update({job.job_id: job for job in jobs})
        return list(table.values())


@MUTANTS.mutant("system.only-running-jobs", "tells of jobs that failed on the server")
class FailedJobsRun(_Jobs):
    """Does not notice how they ended."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """Failed jobs, too."""
        failed = [job["job_id"] for job in self.inner.list_jobs() if job["status"].endswith("EXCEPTION")]
        return jobs + [JobInfo(job_id, "app") for job_id in failed]


@MUTANTS.mutant("system.app-name", "names the job's name as its app")
class JobNameAsApp(_Jobs):
    """Mixes up two names."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """Names of jobs."""
        return [JobInfo(job.job_id, self.inner.get_job_meta(job.job_id)["name"]) for job in jobs]


@MUTANTS.mutant("system.app-name", "calls every app 'app'")
class EveryAppIsApp(_Jobs):
    """Has the name built in."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """One name for all."""
        return [JobInfo(job.job_id, "app") for job in jobs]


@MUTANTS.mutant("system.app-name", "names the app of the first job for all of them")
class FirstAppForAll(_Jobs):
    """Reads the name once."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """The first name."""
        return [JobInfo(job.job_id, jobs[0].app_name) for job in jobs]


@MUTANTS.mutant("system.app-name", "does not know the app of a clone")
class ClonesWithoutApp(_Jobs):
    """Looks the app up by a path that clones don't have."""

    def jobs(self, jobs: list[JobInfo]) -> list[JobInfo]:
        """No app for clones."""
        metas = [self.inner.get_job_meta(job.job_id) for job in jobs]
        return [
            JobInfo(job.job_id, "" if "cloned_from" in m else job.app_name) for job, m in zip(jobs, metas, strict=True)
        ]


# --- text, and looking on -------------------------------------------------------------------------------------------


class _Printed(SystemInfo):
    """System info with another text."""

    def __str__(self) -> str:
        return f"{self.server_info}, {len(self.client_info)} clients, {len(self.job_info)} jobs"


class _FirstsPrinted(SystemInfo):
    """System info whose text tells the first of everything."""

    def __str__(self) -> str:
        return str(SystemInfo(self.server_info, self.client_info, self.job_info[:1]))


@MUTANTS.mutant("system.text", "prints how many clients and jobs there are, not which")
class PrintsCounts(Told):
    """Sums up."""

    def changed(self, info: SystemInfo) -> Any:
        """Another class."""
        return _Printed(info.server_info, info.client_info, info.job_info)


@MUTANTS.mutant("system.text", "prints the first job only")
class PrintsFirstJob(Told):
    """Forgets to loop."""

    def changed(self, info: SystemInfo) -> Any:
        """Another class."""
        return _FirstsPrinted(info.server_info, info.client_info, info.job_info)


@MUTANTS.mutant("system.text", "prints as an object of a class without a text")
class PrintsNothing(Told):
    """Has no __str__."""

    def changed(self, info: SystemInfo) -> Any:
        """An object with the parts."""
        return type("Info", (), vars(info))()


class _Acts(Told):
    """Does something to jobs when asked for system info."""

    def changed(self, info: SystemInfo) -> Any:
        """Act on the jobs of one status."""
        for job in self.inner.list_jobs():
            if self.concerns(job):
                self.inner.abort_job(job["job_id"])
        return info

    def concerns(self, job: dict[str, Any]) -> bool:
        """Whether a job is acted on."""
        return False


@MUTANTS.mutant("system.no-effect", "aborts jobs that wait while it looks")
class LookAborts(_Acts):
    """Tidies up the queue."""

    def concerns(self, job: dict[str, Any]) -> bool:
        """Waiting jobs."""
        return bool(job["status"] == "SUBMITTED")


@MUTANTS.mutant("system.no-effect", "aborts what is executed on the tenth look")
class TenthLookAborts(_Acts):
    """Takes many looks for an overload."""

    def concerns(self, job: dict[str, Any]) -> bool:
        """Running jobs, the tenth time."""
        return bool(job["status"] == "RUNNING" and self.looks == 10)

    def changed(self, info: SystemInfo) -> Any:
        """Count."""
        self.looks = count(self, "looks")
        return super().changed(info)


@MUTANTS.mutant("system.no-effect", "removes failed jobs when it looks")
class LookRemovesFailed(Told):
    """Cleans up."""

    def changed(self, info: SystemInfo) -> Any:
        """Delete failed jobs."""
        for job in self.inner.list_jobs():
            if job["status"] == "FINISHED:EXECUTION_EXCEPTION":
                self.inner.delete_job(job["job_id"])
        return info
