"""The state of a simulated server as one value: all that decides what its sessions see from now on, and nothing else.

Moments are told relative to now and jobs by how many were made before them, so that two servers at different times,
brought to the same point by different calls, are in the same state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

from contract_tests.exploration.explorer import observable
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import Violation
from contract_tests.sequences.player import Player
from flare_sim.clock import to_ticks
from flare_sim.engine.clients.sites import Site
from flare_sim.engine.job import Job
from flare_sim.engine.state import ServerState
from flare_sim.jobs.lifecycle import JobState


def exact(player: Player) -> Hashable:
    """The state of the simulated server that is played on, and what the model knows of it."""
    system = _system(player)
    server = system.server._state
    sessions = tuple(_session(server, player.session(number)[1].session) for number in range(4))
    return (
        observable(player),
        sessions,
        _server(server),
        tuple(_site(server, site) for site in server.sites),
        tuple(_job(server, job) for job in server.store),
        _planned(system),
    )


def sound(player: Player) -> None:
    """What the parts of a server say of its jobs agrees, and every job still gets on by itself.

    Raises:
        Violation: it does not.
    """
    system = _system(player)
    server = system.server._state
    jobs = list(server.store)
    counts = Counter(job.state.status for job in jobs)
    _agree("counts", {status: count for status, count in server.store.counts.items() if count}, dict(counts))
    _agree("active jobs", set(server.store.active), {job.serial for job in jobs if _is_busy(job)})
    _agree("waiting jobs", set(server.queue._jobs), {job.serial for job in jobs if job.state is JobState.SUBMITTED})
    for user in system.users:
        own = [job.job_id for job in jobs if job.submitter.name == user]
        _agree(f"jobs of {user}", [job.job_id for job in server.store.of(user)], own[::-1])
    for site in server.sites:
        _agree(f"held at {site.name}", set(site.held), {job.serial for job in jobs if _holds(job, site)})
    events, *_ = _planned(system)
    if server.alive:
        moving = [job.serial for job in jobs if _is_busy(job) and not _pauses(job)]
        _agree("planned moves", sorted(serial for _, _, serial in events if serial != ""), sorted(moving))
        if server.queue._jobs and system.server._runner._may_schedule():
            _agree("ticks of the scheduler", [name for _, name, _ in events].count("_tick"), 1)


def _agree(what: str, told: object, expected: object) -> None:
    if told != expected:
        raise Violation(f"{what}: {expected}", str(told))


def _is_busy(job: Job) -> bool:
    """Whether the server is: what it has lost, and its clients go on with, has the status of a run for ever."""
    return job.state.active and not job.progress.orphaned


def _pauses(job: Job) -> bool:
    """Whether a run waits for clients; one that is being stopped waits no more."""
    return job.progress.paused and job.state is JobState.RUNNING


def _holds(job: Job, site: Site) -> bool:
    """Whether the job has something of the client's; one that asks for nothing is not noted there."""
    return _is_busy(job) and site.name in job.apps and bool(job.definition.resource_spec.get(site.name))


def _system(player: Player) -> SimulatedSystem:
    """The system that is played on, up to its clock's time."""
    system = player.scenario.system
    assert isinstance(system, SimulatedSystem)
    system.server.catch_up()
    return system


def _server(server: ServerState) -> Hashable:
    period = to_ticks(server.config.tick_seconds)
    return (
        (server.now - server.started) % period,
        (server.alive, server.reachable, server.ending, server.held, server.malfunctioning, server.reply_delay),
        tuple(server.away),
        tuple(sorted(server.deploy_faults.items())),
        tuple(sorted(server.disabled.items())),
        server.store.counter,
    )


def _session(server: ServerState, session: Any) -> Hashable:
    """Whether a session is over; one that was lost is, whether it has noticed or not."""
    login = session._login
    lost = login.number <= max(server.lost.get(None, 0), server.lost.get(login.user.name, 0))
    return bool(session._closed or lost)


def _site(server: ServerState, site: Site) -> Hashable:
    """A client; how long ago it was heard of counts once it is silent, until it is not listed any more."""
    heard = server.now - site.last_connect(server.now, server.sites.interval)
    return (
        site.name,
        site.present,
        site.connected,
        min(heard, server.sites.timeout),
        site.shut_down,
        tuple(sorted(site.held)),
        tuple(site.orphans),
    )


def _job(server: ServerState, job: Job) -> Hashable:
    return (
        job.serial,
        job.state,
        job.claimed,
        job.progress.orphaned,
        job.tries,
        job.submitter.name,
        job.definition.name,
        tuple(job.apps.items()),
        job.deploy_detail,
        job.progress.paused,
        None if job.ends_at is None else job.ends_at - server.now,
        job.progress.remaining if job.progress.paused else 0,
        job.progress.ending,
        job.progress.delete_when_stopped,
    )


def _planned(system: SimulatedSystem) -> tuple[Any, ...]:
    """What is going to happen by itself: events that are not out of date, and when waiting jobs are tried again."""
    server, runner = system.server._state, system.server._runner
    events = [
        (due - server.now, action.__name__, argument[0].serial if isinstance(argument, tuple) else "")
        for due, _, action, argument in server.timeline.entries()
        if not runner.is_stale(argument) and (action != runner._tick or argument == server.armed)
    ]
    queue = server.queue
    ready = tuple(serial for serial in sorted({*queue._fresh, *queue._ready}) if serial in queue._jobs)
    delayed = tuple((due - server.now, serial) for due, serial in sorted(queue._delayed) if serial in queue._jobs)
    return tuple(dict.fromkeys(events)), ready, delayed  # of two ticks at one time the second does nothing
