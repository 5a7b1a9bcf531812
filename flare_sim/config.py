"""The settings of a simulated server, with what was observed on NVFLARE 2.3.12 as defaults."""

from __future__ import annotations

from typing import NamedTuple

from flare_sim.clock import to_ticks
from flare_sim.jobs.behavior import LONGEST_SECONDS
from flare_sim.jobs.reading.limits import JobLimits
from flare_sim.untrusted_values import plain_number, shown

__all__ = ["ServerConfig"]


class ServerConfig(NamedTuple):
    """How a simulated server is set up.  Times are seconds, sizes bytes."""

    project: str = "simulated_project"
    """The project's name, part of the location of a large result."""
    tick_seconds: float = 1.0
    """The scheduler looks for work this often, counted from the server's start."""
    deploy_seconds: float = 0.05
    """Deploying a job takes this long."""
    start_seconds: float = 0.1
    """A job stays DISPATCHED this long before it runs."""
    run_seconds: float = 7.0
    """A job that does nothing runs this long."""
    abort_seconds: float = 3.0
    """Stopping a running job takes this long, and so does the call that asks for it."""
    max_jobs: int = 4
    """So many jobs are deployed or run at once."""
    max_schedule_count: int = 10
    """A job is given up after so many tries to schedule it."""
    min_schedule_interval: float = 10.0
    """The wait after the first failed try; each further one is twice as long,"""
    max_schedule_interval: float = 600.0
    """but no longer than this."""
    heartbeat_seconds: float = 10.0
    """A connected client is heard of this often."""
    heartbeat_timeout: float = 600.0
    """A client not heard of for this long is no longer listed."""
    client_return_seconds: float = 27.0
    """Clients are back this long after a crashed server was restarted."""
    max_download_bytes: int = 50 * 1024 * 1024
    """A larger result is not downloaded; the reply says where it is."""
    max_job_bytes: int = JobLimits().max_job_bytes
    """A job whose files are larger in all is refused, as jobs are kept in memory: the simulator's own limit, as are"""
    max_job_files: int = JobLimits().max_job_files
    """so many files, and folders, in a job,"""
    max_job_depth: int = JobLimits().max_job_depth
    """and folders in so many others."""

    @property
    def job_limits(self) -> JobLimits:
        """How large a job may be."""
        return JobLimits(self.max_job_bytes, self.max_job_files, self.max_job_depth)

    def checked(self) -> ServerConfig:
        """Return this configuration.

        Raises:
            ValueError: a value makes no sense; the message names it.
        """
        for name in ("tick_seconds", "min_schedule_interval", "heartbeat_seconds"):
            if not _is_seconds(getattr(self, name)) or to_ticks(getattr(self, name)) < 1:
                raise ValueError(f"{name} must be more than 0 seconds, not {shown(getattr(self, name))}")
        for name in _TIMES:
            if not _is_seconds(getattr(self, name)):
                raise ValueError(f"{name} must be a number of seconds, not {shown(getattr(self, name))}")
        for name in ("max_jobs", "max_schedule_count", "max_download_bytes", *JobLimits._fields):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise ValueError(f"{name} must be a whole number above 0, not {shown(value)}")
        return self


_TIMES = tuple(name for name in ServerConfig._fields if name.endswith(("_seconds", "_interval", "_timeout")))


def _is_seconds(value: object) -> bool:
    number = plain_number(value)
    return number is not None and 0 <= number <= LONGEST_SECONDS
