"""Turns what was found in a job into what is sent to the server with ``submit_job``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.commands.protocol import Refusal

if TYPE_CHECKING:
    from flare_sim.jobs.definition import Examination, JobDefinition

__all__ = ["received"]


def received(examination: Examination) -> JobDefinition | Refusal:
    """Return what a server receives of a job that was examined.

    Returns:
        The job, or what a server of its release answers.

    Raises:
        InvalidJobDefinition: it is no good, by the contract or for a client that would send it.
    """
    problem = examination.refusal
    if problem is None or problem.reply is None:
        return examination.accepted()
    return Refusal(*problem.reply)
