"""Reads a job that is submitted and judges it as the server would, by its rules.

The job is read once, here; nothing of it is written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.commands.protocol import Refusal
from flare_sim.jobs.definition import examine
from flare_sim.jobs.reading.limits import JobLimits
from flare_sim.personality.job_rules import CONTRACT

if TYPE_CHECKING:
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.personality.job_rules import JobRules

__all__ = ["received"]


def received(
    path: Any,
    rules: JobRules = CONTRACT,
    limits: JobLimits = JobLimits(),  # noqa: B008  (immutable)
) -> JobDefinition | Refusal:
    """Return what a server with these rules and limits makes of the job folder or zip file at ``path``.

    Returns:
        The job, or what a server of its release answers.

    Raises:
        InvalidJobDefinition: it is no good, by the contract or for a client that would send it.
    """
    examination = examine(path, rules, limits)
    problem = examination.refusal
    if problem is None or problem.reply is None:
        return examination.accepted()
    return Refusal(*problem.reply)
