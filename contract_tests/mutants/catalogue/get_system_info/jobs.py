"""Sessions that tell wrong things about the jobs that are executed."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop
from flare_sim.spec import JobInfo, SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _Jobs(TellingSystem):
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


class _Lingering(TellingSystem):
    """Tells jobs for some time after they were last seen to run."""

    seconds = 0.0

    def changed(self, info: SystemInfo) -> Any:
        """Those as well."""
        now = self.system.server.clock.time()
        seen: dict[str, tuple[float, JobInfo]] = self.system.memory.setdefault("seen", {})
        seen.update({job.job_id: (now, job) for job in info.job_info})
        jobs = [job for when, job in seen.values() if now - when < self.seconds]
        return SystemInfo(info.server_info, info.client_info, jobs or info.job_info)


for _name, _seconds in (("OneSecondMore", 1.0), ("TwoSecondsMore", 2.0)):
    _GENERATOR.session(
        _name,
        "system.only-running-jobs",
        f"tells a job for {_seconds:g} s after it was last seen to run",
        {"seconds": _seconds},
        base=_Lingering,
    )


@MUTANTS.mutant("system.only-running-jobs", "goes on naming a job that failed until no other one is executed any more")
class FailedStaysNamed(TellingSystem):
    """Cleans up when there is time."""

    def changed(self, info: SystemInfo) -> Any:
        """With those that failed."""
        named = [job.job_id for job in info.job_info]
        seen: dict[str, JobInfo] = self.system.memory.setdefault("seen", {})
        failed = [job.job_id for job in self.system.server.jobs if job.status == "FINISHED:EXECUTION_EXCEPTION"]
        left = [seen[job] for job in failed if job in seen and named]
        seen.update({job.job_id: job for job in info.job_info})
        return SystemInfo(info.server_info, info.client_info, [*info.job_info, *left])


@MUTANTS.mutant(
    "system.only-running-jobs", "names a job that it monitors among those that are executed, whatever that does"
)
class NamesTheMonitored(MonitorLoop, TellingSystem):
    """Takes its own work for the server's."""

    watched = ""

    def call(self, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        """Note what is monitored."""
        before, self.watched = self.watched, job_id
        try:
            return super().call(cb, polls, job_id, *rest)
        finally:
            self.watched = before

    def changed(self, info: SystemInfo) -> Any:
        """With it."""
        if self.watched and all(job.job_id != self.watched for job in info.job_info):
            info.job_info.append(JobInfo(self.watched, "app"))
        return info


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
