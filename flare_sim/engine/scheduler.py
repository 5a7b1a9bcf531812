"""Which waiting job runs next, and on which sites.

The decision about one job is a pure function of the job, the sites and the policy.  It follows NVFLARE 2.3.12's
scheduler: the sites of the deploy map that are there, the mandatory ones among them, enough of them, enough with the
resources; a job that can't run now is tried again after an interval that doubles, and not for ever.  A job that can't
run never blocks the ones behind it.

The queue keeps the jobs that may be tried now in submit order and the others by the time of their next try: a decision
costs the same however many wait, and O(log n) where jobs come back.  Jobs that left are dropped when they come up.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flare_sim.engine.clients.resources import need_of
from flare_sim.jobs.site_names import SERVER
from flare_sim.personality.quirks import NARROW_SPEC_STICKS, NO_QUIRKS, SHORTAGE_EXPLAINED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flare_sim.engine.clients.resources import Offer
    from flare_sim.engine.clients.sites import Site
    from flare_sim.engine.job import Job
    from flare_sim.jobs.definition import JobDefinition

__all__ = ["Decision", "Policy", "Queue", "decide", "needs_of_sites", "retry_interval"]


class Policy(NamedTuple):
    """The scheduler's settings; intervals in ticks."""

    max_jobs: int
    max_tries: int
    min_interval: int
    max_interval: int
    quirks: frozenset[str] = NO_QUIRKS
    """What is different on servers like this one."""
    period: int = 0
    """It looks for work this often, counted from the server's start; 0 is at once."""


class Decision(NamedTuple):
    """What becomes of a job that was considered."""

    result: str
    """What its schedule history says."""
    apps: dict[str, str] | None = None
    """Site -> app to run it with, the server first; None when it can't run now."""
    final: bool = False
    """Whether it will not be tried again."""
    stuck: bool = False
    """Whether the scheduler falls over it: nothing is noted, and nothing behind it is considered."""


AT_ONCE: Final = -(10**18)
"""The tick before all others."""
STUCK = Decision("fell over", stuck=True)


def retry_interval(tries: int, policy: Policy) -> int:
    """Return how long a job that was tried ``tries`` times in vain has to wait, in ticks."""
    return min(policy.max_interval, policy.min_interval << min(tries - 1, 62))


def decide(definition: JobDefinition, tries: int, listed: Sequence[Site], policy: Policy) -> Decision:
    """Decide about one job, tried ``tries`` times before, with the sites the server counts as there."""
    if tries >= policy.max_tries:
        return Decision(f"exceeded max schedule count {policy.max_tries}", final=True)
    apps, sites = _placed(definition, listed)
    names = [site.name for site in sites]
    prevented = _prevented(definition, names)
    if prevented is not None:
        return prevented
    wanted = definition.min_clients
    needs = _needs(definition, names, policy)
    if needs is None:
        return STUCK
    offers = {site.name: site.offer(needs[site.name], policy.quirks) for site in sites}
    able = [name for name in names if offers[name].enough]
    unable = [name for name in definition.mandatory_clients if not offers[name].enough]
    if len(able) < wanted or unable:
        if NARROW_SPEC_STICKS in policy.quirks and any(name not in definition.resource_spec for name in able):
            return STUCK
        short = len(able) < wanted
        return Decision(_shortage(len(able), wanted, offers, policy) if short else _lack(unable, offers, policy))
    return Decision("scheduled", {SERVER: apps[SERVER], **{name: apps[name] for name in able}})


def _prevented(definition: JobDefinition, names: list[str]) -> Decision | None:
    """Return what becomes of a job that can't run on these clients, None when it can."""
    obstacles = definition.obstacles
    if "mandatory_clients" in obstacles:
        said = obstacles["mandatory_clients"]
        return Decision(said, final=True) if said else STUCK
    there = frozenset(names)
    for name in definition.mandatory_clients:
        if type(name) is not str or name not in there:
            return Decision(f"missing required site {name}")
    if "min_clients" in obstacles:
        return STUCK
    wanted = definition.min_clients
    return Decision(f"connected sites ({len(names)}) < min_sites ({wanted})") if len(names) < wanted else None


def _needs(definition: JobDefinition, names: list[str], policy: Policy) -> dict[str, Mapping[str, Any]] | None:
    """Return what a job asks of each client, None when the scheduler falls over it."""
    if any(key in definition.obstacles for key in ("resource_spec", "enough", *(f"resource_spec.{n}" for n in names))):
        return None
    return {name: need_of(definition.resource_spec, name, policy.quirks) for name in names}


def needs_of_sites(definition: JobDefinition, sites: Iterable[str], policy: Policy) -> dict[str, Mapping[str, Any]]:
    """Return what a job asks of each of these sites that it asks for anything."""
    if not definition.resource_spec:
        return {}
    needs = {site: need_of(definition.resource_spec, site, policy.quirks) for site in sites}
    return {site: need for site, need in needs.items() if need}


def _shortage(able: int, wanted: float, offers: dict[str, Offer], policy: Policy) -> str:
    """Say that too few sites have the resources, as each release writes it."""
    said = f"not enough sites have enough resources (ok sites {able} < min sites {wanted}"
    if SHORTAGE_EXPLAINED not in policy.quirks:
        return said  # without its closing bracket (2.3.12)
    details = [f"{name}: {given.why}" for name, given in offers.items() if given.why]
    return f"{said})" + (f". Details: {'; '.join(details)}" if details else "")


def _lack(unable: list[str], offers: dict[str, Offer], policy: Policy) -> str:
    """Say that sites the job can't do without lack resources."""
    said = f"required sites: {unable} don't have enough resources"
    if SHORTAGE_EXPLAINED not in policy.quirks:
        return said
    return f"{said}. Details: {''.join(f'{name}:{offers[name].why};' for name in unable)}"


def _placed(definition: JobDefinition, listed: Sequence[Site]) -> tuple[dict[str, str], list[Site]]:
    """Return the app of each site the deploy map sends one to, and the clients among them that are there."""
    if not definition.names_sites:
        app = definition.app_of(SERVER)
        return {SERVER: app, **{site.name: app for site in listed}}, list(listed)
    apps = {name: app for app, names in definition.deploy_map for name in names}
    by_name = {site.name: site for site in listed}
    return apps, [by_name[name] for name in apps if name in by_name]


class Queue:
    """Jobs that wait to be scheduled.

    Args:
        jobs: those that wait now.
    """

    __slots__ = ("_delayed", "_fresh", "_jobs", "_ready")

    def __init__(self, jobs: Iterable[Job] = ()) -> None:
        self._jobs: dict[int, Job] = {}
        self._fresh: deque[int] = deque()
        self._ready: list[int] = []
        self._delayed: list[tuple[int, int]] = []
        for job in jobs:
            self.delay(job, job.retry_at) if job.retry_at else self.add(job)

    def __len__(self) -> int:
        return len(self._jobs)

    def add(self, job: Job) -> None:
        """Let a job wait, to be tried at once."""
        serial, fresh = job.serial, self._fresh
        self._jobs[serial] = job
        if not fresh or serial > fresh[-1]:
            fresh.append(serial)
        else:
            heappush(self._ready, serial)

    def delay(self, job: Job, until: int) -> None:
        """Let a job that was taken wait again, to be tried at the tick ``until``."""
        job.retry_at = until
        self._jobs[job.serial] = job
        heappush(self._delayed, (until, job.serial))

    def remove(self, job: Job) -> None:
        """Let a job wait no longer; one that does not wait is no matter."""
        self._jobs.pop(job.serial, None)

    def due(self) -> int | None:
        """Return the tick at which the next job may be tried, ``AT_ONCE`` when one may now, None when none waits."""
        return self.next_delayed() if self._next() is None else AT_ONCE

    def next_delayed(self) -> int | None:
        """Return the tick at which the next job may be tried of those that may not yet; None when there is none."""
        jobs, delayed = self._jobs, self._delayed
        while delayed and delayed[0][1] not in jobs:
            heappop(delayed)
        return delayed[0][0] if delayed else None

    def take(self, now: int) -> Job | None:
        """Take out the first job, in submit order, that may be tried at ``now``; None when there is none."""
        job = self.first(now)
        if job is not None:
            fresh, serial = self._fresh, job.serial
            fresh.popleft() if fresh and fresh[0] == serial else heappop(self._ready)
            del self._jobs[serial]
        return job

    def first(self, now: int) -> Job | None:
        """Return the first job, in submit order, that may be tried at ``now``; None when there is none."""
        delayed = self._delayed
        while delayed and delayed[0][0] <= now:
            heappush(self._ready, heappop(delayed)[1])
        return self._next()

    def _next(self) -> Job | None:
        """Return the first job that may be tried; those that left are dropped."""
        jobs, fresh, ready = self._jobs, self._fresh, self._ready
        while fresh and fresh[0] not in jobs:
            fresh.popleft()
        while ready and ready[0] not in jobs:
            heappop(ready)
        if fresh and (not ready or fresh[0] < ready[0]):
            return jobs[fresh[0]]
        return jobs[ready[0]] if ready else None
