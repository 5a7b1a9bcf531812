"""What users, clients and faults do to jobs: abort, delete and kill them, and move them on by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.engine.runner import Runner
from flare_sim.engine.runs.stages import LINGER_SECONDS, abort_part, engine_holds
from flare_sim.jobs.lifecycle import JobEvent, JobState
from flare_sim.personality.quirks import ABORT_LINGERS, ABORT_LOST

if TYPE_CHECKING:
    from flare_sim.engine.job import Job

__all__ = ["Interventions"]


class Interventions(Runner):
    """The moving part of a server, and what can be done to what it moves."""

    __slots__ = ()

    def abort(self, job: Job) -> int:
        """End a job early; returns how many ticks whoever asked has to wait."""
        server = self._server
        if job.state in (JobState.DEPLOYING, JobState.DISPATCHED) and ABORT_LOST in server.quirks:
            job.status, job.blob = JobState.ABORTED.status, None
            return 0
        everywhere = self._is_as_chosen(job) or self._knows_all(job)
        part = abort_part(job, server.now, server.quirks, everywhere=everywhere)
        if ABORT_LINGERS not in server.quirks:
            return self._stop(job, part)
        held = engine_holds(job, server.now, server.quirks)
        wait = self._stop(job)
        return min(wait, server.latency(server.config.abort_seconds * part)) if held else 0

    def _knows_all(self, job: Job) -> bool:
        return all(site is not None and site.present for site in map(self._server.sites.get, job.sites))

    def _stop(self, job: Job, part: float = 1.0) -> int:
        """End a job early, in this part of the time that takes; returns in how many ticks it will have ended."""
        server = self._server
        if job.state is JobState.STOPPING:
            return job.progress.stop_at - server.timeline.now
        if job.state.done:
            return 0
        linger = LINGER_SECONDS if ABORT_LINGERS in server.quirks else 0
        wait = server.latency(server.config.abort_seconds * part + linger)
        if job.ends_at is not None and not engine_holds(job, server.now, server.quirks):
            wait = job.ends_at - server.now if linger else 0  # the run is over, only its status is not
        running = job.state is JobState.RUNNING
        self._halt(job)
        self._move(job, JobEvent.ABORTED)
        if not running:
            return 0
        stop_at = server.timeline.now + wait
        job.progress = job.progress._replace(stop_at=stop_at)
        server.timeline.at(stop_at, self._stopped, (job, job.epoch))
        return wait

    def delete(self, job: Job) -> int:
        """Remove a job, ending it first; returns in how many ticks it will be gone."""
        wait = self._stop(job)
        if job.state.done:
            self._remove(job)
        else:
            job.progress = job.progress._replace(delete_when_stopped=True)
        return wait

    def kill(self, job: Job) -> None:
        """Kill the process of a job that is running; anything else is left as it is."""
        if job.state is JobState.RUNNING:
            self._server.touch(job)
            self._halt(job)
            self._move(job, JobEvent.DIED)

    def step(self, job: Job) -> None:
        """Move a job on to its next status, or try once to schedule it; a finished one stays as it is."""
        if job.state is JobState.SUBMITTED:
            self._server.touch(job)
            self._server.queue.remove(job)
            self._consider(job)
            if not job.state.active:
                return
        if job.state is JobState.RUNNING and job.progress.ending is None:
            return
        steps = {
            JobState.DEPLOYING: self._deployed,
            JobState.DISPATCHED: self._start,
            JobState.RUNNING: self._end,
            JobState.STOPPING: self._stopped,
        }
        status = job.state.status
        while job.state.status == status and not job.state.done:
            act = self._round if job.state is JobState.RUNNING and self._has_round(job) else steps[job.state]
            act((job, job.epoch))
