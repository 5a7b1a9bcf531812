"""A job that runs long enough for a fault to come, and what became of the jobs of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from flare_sim import Session

__all__ = ["LONG", "statuses"]

LONG = definition(custom_props=behaving(run_seconds=100))


def statuses(session: Session) -> list[str]:
    """The status of every job."""
    return [job["status"] for job in session.list_jobs(all=True)]
