"""Jobs as the owner of a server sees them, in ``SimulatedServer.jobs``, and why those do not get on that wait.

All of it follows from the server's state as it is; what a job waits for is written down nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flare_sim.clock import to_seconds
from flare_sim.engine.scheduler import decide
from flare_sim.jobs.lifecycle import JobState
from flare_sim.jobs.timestamps import utc_text
from flare_sim.untrusted_values import readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flare_sim.engine.job import Job
    from flare_sim.engine.state import ServerState

__all__ = ["JobView", "awaited", "unfinished", "views"]

_MOST_NAMED = 10
"""So many jobs, or clients, are named where there may be many."""


class JobView(NamedTuple):
    """What the server's owner sees of a job; times in seconds since the epoch, None when they have not come.

    As text it is a line that says how the job is and, if that takes more than time, why it does not get on.
    """

    job_id: str
    name: str
    status: str
    submitter: str
    submit_time: float
    start_time: float | None
    end_time: float | None
    sites: tuple[str, ...]
    cloned_from: str
    paused_since: float | None = None
    """When its run was paused, as too few of its clients are connected; None when it is not."""
    reason: str = ""
    """Why it does not get on, if it takes more than time; ``""`` when it does, or is over."""
    rounds: int = 0
    """How many rounds its run is to have, 0 before it begins, and for one that has none."""
    rounds_over: int = 0
    """How many of them are over."""

    def __str__(self) -> str:
        told = f", {self.rounds_over} of {self.rounds} rounds over" if self.rounds else ""
        why = self.reason and f", {self.reason}"
        return f"job {readable(self.job_id)} {readable(self.name)!r}: {self.status}{told}{why}"

    def _repr_html_(self) -> str:
        from flare_sim.engine.records.timeline import Lane, Span, Timeline
        from flare_sim.engine.records.timeline_page import timeline_piece

        moves = [("SUBMITTED", self.submit_time), ("RUNNING", self.start_time), ("PAUSED", self.paused_since)]
        begun = [(what, begin) for what, begin in moves if begin is not None]
        last = begun[-1][1] if self.end_time is None else self.end_time
        ends = [*(begin for _, begin in begun[1:]), last]
        spans = tuple(Span(begin, end, what) for (what, begin), end in zip(begun, ends, strict=True))
        lane = Lane(self.name, self.job_id, spans, (), self.status)
        return timeline_piece(Timeline(str(self), self.submit_time, last, (lane,), (), (), ()))


def views(server: ServerState, jobs: Iterable[Job]) -> tuple[JobView, ...]:
    """Return jobs of a server as they are now."""
    return tuple([_view(server, job) for job in jobs])


def unfinished(server: ServerState) -> list[Job]:
    """Return the jobs that are not over, in the order they were submitted."""
    return [job for job in server.store if not job.state.done]


def awaited(server: ServerState) -> list[str]:
    """Return what whoever waits at a server waits for: what is wrong with it, and each job that is not over."""
    project = readable(server.config.project)
    troubles = {"is down": not server.alive, "cannot be reached": not server.reachable}
    troubles["fails every command"] = server.malfunctioning
    lines = [f"{project} {trouble}" for trouble, there in troubles.items() if there]
    jobs = unfinished(server)
    lines += map(str, views(server, jobs[:_MOST_NAMED]))
    if len(jobs) > _MOST_NAMED:
        lines.append(f"and {len(jobs) - _MOST_NAMED} jobs more")
    if not jobs:
        sites = list(server.sites)
        there = [site for site in sites if site.connected]
        away = [_left(server, site.name) for site in sites if not site.connected]
        told = f"no job of {project} waits, {len(there)} of {len(sites)} clients are connected"
        lines.append(told + (f" ({_some(away)})" if away else ""))
    return lines


def _view(server: ServerState, job: Job) -> JobView:
    since = None if job.state.done else _paused_since(server, job)
    program, history = job.output.program, job.output.history
    return JobView(
        job.job_id,
        job.definition.name,
        job.status,
        job.submitter.name,
        to_seconds(job.submitted),
        None if job.started is None else to_seconds(job.started),
        None if job.ended is None else to_seconds(job.ended),
        tuple(job.sites),
        job.cloned_from,
        None if since is None else to_seconds(since),
        "" if job.state.done else _reason(server, job, since),
        0 if program is None else program.rounds,
        0 if history is None else history.rounds,
    )


def _paused_since(server: ServerState, job: Job) -> int | None:
    if job.state is JobState.RUNNING and job.progress.paused:
        return server.trace.last_told(job.serial, "run", "paused")
    return None


def _reason(server: ServerState, job: Job, paused_since: int | None) -> str:
    if job.progress.orphaned:
        return "left behind by the server that was started again"
    if not server.alive:
        return "waits for the server, which is down"
    if paused_since is not None:
        return _why_paused(server, job, paused_since)
    if server.progress == "manual":
        return "waits for a step by hand"
    if job.state is JobState.SUBMITTED:
        return _why_submitted(server, job)
    if job.state is JobState.RUNNING and job.progress.ending is None:
        return "runs on until somebody ends it, as what its client raised does not"
    return ""


def _why_paused(server: ServerState, job: Job, since: int) -> str:
    away = [name for name in job.sites if not server.sites.connected(name)]
    counted = f"{job.definition.min_clients} clients wanted, {len(job.sites) - len(away)} connected"
    by = [name for name in away if (site := server.sites.get(name)) is not None and site.dropped_at == since]
    cause = f"{readable(by[-1])} dropped at " if by else ""
    more = "" if by == away else f" ({_some([_left(server, name) for name in away])})"
    return f"paused since {cause}{utc_text(since)}: {counted}{more}"


def _why_submitted(server: ServerState, job: Job) -> str:
    if server.held:
        return "waits for the scheduler, which is held"
    roster, wanted = server.sites.roster(server.now), job.definition.min_clients
    if not roster.sites:
        return f"waits for clients: {wanted} wanted, none there"
    if len(server.store.active) >= server.policy.max_jobs:
        return f"waits for its turn: {len(server.store.active)} active, and no more may be"
    if roster.placement(job.definition) is None:
        decision = decide(job.definition, len(job.vain), roster.sites, server.policy)
        if decision.stuck:
            return "the scheduler falls over it"
        if decision.apps is None:
            short = len(roster.sites) < wanted
            what = "resources" if "resources" in decision.result else "clients"
            told = f"{wanted} wanted, {len(roster.sites)} there" if short else decision.result
            return f"waits for {what}: {told}"
    return "" if server.armed is not None else "waits behind a job that the scheduler falls over"


def _left(server: ServerState, name: str) -> str:
    """Say of a client that is away since when it is, if the server can tell."""
    site = server.sites.get(name)
    since = "" if site is None or site.dropped_at is None else f" dropped at {utc_text(site.dropped_at)}"
    return f"{readable(name)}{since or ' is gone'}"


def _some(things: list[str]) -> str:
    more = len(things) - _MOST_NAMED
    return ", ".join(things[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
