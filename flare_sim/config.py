"""The settings of a simulated server, with what was observed on NVFLARE 2.3.12 as defaults."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flare_sim.clock import LONGEST_SECONDS, ClockError, now_on, to_ticks
from flare_sim.jobs.limits import JobLimits
from flare_sim.untrusted_values import plain_label, plain_number, plain_text, shown

if TYPE_CHECKING:
    from flare_sim.clock import Clock
    from flare_sim.jobs.behavior import JobBehavior

__all__ = [
    "DEFAULT_CLIENTS",
    "DEFAULT_CONFIG",
    "PROGRESS",
    "ServerConfig",
    "checked_clock",
    "checked_config",
    "checked_progress",
    "checked_seed",
    "default_behavior",
]

PROGRESS = ("time", "immediate", "manual")
"""How jobs get on: as time passes, at once, or step by step by hand."""
DEFAULT_CLIENTS: Final = ("site-1", "site-2")
"""The clients of a server that is given none."""
LARGEST_SEED = 10**300
"""No seed is as far from 0, so that each can be written down."""


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
    """A job whose files are larger in all is refused: the simulator's own limit, as are those of ``JobLimits``:"""
    max_job_files: int = JobLimits().max_job_files
    """so many files and folders in a job,"""
    max_job_depth: int = JobLimits().max_job_depth
    """folders in so many others,"""
    max_name_bytes: int = JobLimits().max_name_bytes
    """names so long,"""
    max_path_bytes: int = JobLimits().max_path_bytes
    """paths inside the job so long,"""
    max_meta_bytes: int = JobLimits().max_meta_bytes
    """a meta so large,"""
    max_zip_ratio: int = JobLimits().max_zip_ratio
    """and a zip file with so many times of its own size in it, and more than 16 MiB."""

    @property
    def job_limits(self) -> JobLimits:
        """How large a job may be."""
        return JobLimits._make(self[-len(JobLimits._fields) :])

    def checked(self) -> ServerConfig:
        """Return this configuration.

        Raises:
            ValueError: a value makes no sense; the message names it.
        """
        return checked_config(self)


DEFAULT_CONFIG: Final[ServerConfig] = ServerConfig()
"""The settings of a server that is given none."""
_ABOVE_ZERO = ("tick_seconds", "min_schedule_interval", "heartbeat_seconds")
_TIMES = tuple(name for name in ServerConfig._fields if name.endswith(("_seconds", "_interval", "_timeout")))


def checked_config(config: Any) -> ServerConfig:
    """Return a configuration with plain values.

    Raises:
        ValueError: none, or a value in it makes no sense; the message names it.
    """
    for given, checked in (_DEFAULT, _last[0]):
        if config is given:
            return checked
    values = tuple(tuple.__iter__(config)) if issubclass(type(config), ServerConfig) else ()
    if len(values) != len(ServerConfig._fields):
        raise ValueError(f"config must be a ServerConfig, not {shown(config)}")
    checked = ServerConfig(*map(_checked, ServerConfig._fields, values))
    _last[0] = config, checked
    return checked


_DEFAULT: Final[tuple[object, ServerConfig]] = (DEFAULT_CONFIG, DEFAULT_CONFIG)
_last = [_DEFAULT]
"""What was looked at last, and what came of it: most servers of a process have the same configuration."""


def _checked(name: str, value: Any) -> Any:
    if name == "project":
        label = plain_label(value)
        if label is None:
            raise ValueError(f"project must be a name, not {shown(value)}")
        return label
    number = plain_number(value)
    if name not in _TIMES:
        if type(number) is not int or number < 1:
            raise ValueError(f"{name} must be a whole number above 0, not {shown(value)}")
    elif number is None or not 0 <= number <= LONGEST_SECONDS:
        raise ValueError(f"{name} must be a number of seconds, not {shown(value)}")
    elif name in _ABOVE_ZERO and to_ticks(number) < 1:
        raise ValueError(f"{name} must be more than 0 seconds, not {shown(value)}")
    return number


def default_behavior(config: ServerConfig) -> JobBehavior:
    """Return what a run does that nobody says anything about: how long its parts take."""
    return _behavior(config.deploy_seconds, config.start_seconds, config.run_seconds)


@lru_cache(maxsize=16, typed=True)
def _behavior(deploy: float, start: float, run: float) -> JobBehavior:
    from flare_sim.jobs.behavior import JobBehavior

    return JobBehavior(deploy_seconds=deploy, start_seconds=start, run_seconds=run)


def checked_seed(seed: Any) -> int:
    """Return a seed.

    Raises:
        ValueError: no whole number, or one of more than 300 digits.
    """
    number = plain_number(seed)
    if type(number) is not int or not -LARGEST_SEED < number < LARGEST_SEED:
        raise ValueError(f"seed must be a whole number of at most 300 digits, not {shown(seed)}")
    return number


def checked_progress(progress: Any) -> str:
    """Return how jobs are to get on.

    Raises:
        ValueError: none of ``PROGRESS``.
    """
    text = plain_text(progress)
    if text not in PROGRESS:
        raise ValueError(f"progress must be one of {', '.join(PROGRESS)}, not {shown(progress)}")
    return text


def checked_clock(clock: Any) -> Clock:
    """Return a clock that shows a time and can be slept on.

    Raises:
        ValueError: it is none, or raises when it is looked at.
    """
    try:
        now_on(clock)
        fine = callable(clock.sleep)
    except ClockError as problem:
        raise ValueError(str(problem)) from None
    except Exception as problem:
        raise ValueError(f"clock must have time() and sleep(seconds), not {shown(clock)}") from problem
    if not fine:
        raise ValueError(f"clock must have time() and sleep(seconds), not {shown(clock)}")
    checked: Clock = clock
    return checked
