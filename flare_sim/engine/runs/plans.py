"""What behaviors come to on one server: found once for all jobs that behave alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.engine.job import Output, Plan
from flare_sim.engine.runs.behavior import behavior_of
from flare_sim.jobs.behavior import OUTCOMES
from flare_sim.jobs.lifecycle import JobEvent
from flare_sim.personality.quirks import CLIENT_FAILURE_ENDS_RUN

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.engine.job import Job
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.jobs.behavior import JobBehavior

__all__ = ["Plans"]

_MOST = 100
"""So many plans are kept."""


class Plans:
    """The plans of runs.

    Args:
        quirks: of the server.
        latency: turns seconds into the ticks that something takes there.
    """

    __slots__ = ("_known", "_latency", "_quirks")

    def __init__(self, quirks: frozenset[str], latency: Callable[[float], int]) -> None:
        self._quirks = quirks
        self._latency = latency
        self._known: dict[object, Plan] = {}

    def forget(self) -> None:
        """Find every plan anew: the server's behavior is another."""
        self._known = {}

    def of(self, job: Job, given: BehaviorSource, defaults: JobBehavior) -> Plan:
        """Return what a job's run does, as far as that is known by now; see ``behavior_of``."""
        answer = job.course.answer
        if answer is not None or callable(given):
            noted = answer is not None and answer.notes is not None
            return self._made(behavior_of(job, given, defaults), noted=noted)
        definition, known = job.definition, self._known
        key = definition.name, definition.behavior
        plan = known.get(key)
        if plan is None:
            if len(known) >= _MOST:
                known.clear()
            plan = known[key] = self._made(behavior_of(job, given, defaults))
        return plan

    def _made(self, behavior: JobBehavior, *, noted: bool = False) -> Plan:
        ending, latency = OUTCOMES[behavior.outcome or "COMPLETED"], self._latency
        return Plan(
            latency(behavior.deploy_seconds or 0),
            latency(behavior.start_seconds or 0),
            latency(behavior.run_seconds or 0),
            frozenset(behavior.deploy_failures or ()),
            JobEvent.DIED if ending is None and CLIENT_FAILURE_ENDS_RUN in self._quirks else ending,
            _output(behavior, noted=noted),
        )


def _output(behavior: JobBehavior, *, noted: bool) -> Output:
    output = Output(dict(behavior.result_files or ()), behavior.result_bytes or 0)
    if not (noted or behavior.rounds or behavior.every or behavior.timed_files or behavior.log_lines):
        return output
    from flare_sim.engine.runs.programs import begun

    return begun(output, behavior, noted=noted)
