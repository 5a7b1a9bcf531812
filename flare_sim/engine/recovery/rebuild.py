"""Makes anew what follows from the facts: counts, orders, the queue, and what the clients have given.

Facts are the jobs, the clients and the server's own fields; all that is here is kept only to be found quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.engine.job_store import JobStore
from flare_sim.engine.scheduler import Queue, needs_of_sites
from flare_sim.jobs.lifecycle import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flare_sim.engine.job import Job
    from flare_sim.engine.state import ServerState

__all__ = ["hold_again", "rebuild"]


def rebuild(server: ServerState, jobs: Iterable[Job], counter: int) -> None:
    """Make everything anew that follows from the facts.

    Args:
        server: its clients and its own fields are as they are.
        jobs: the jobs it has, in any order.
        counter: how many it has ever had.
    """
    server.store = JobStore(jobs, counter)
    server.queue = Queue(job for job in server.store if job.state is JobState.SUBMITTED)
    hold_again(server)


def hold_again(server: ServerState) -> None:
    """Give every client's resources to the jobs it takes part in, in the order in which they were chosen."""
    for site in server.sites:
        site.held.clear()
    for job in server.store.active.values():
        server.sites.hold(job.serial, needs_of_sites(job.definition, job.sites, server.policy))
