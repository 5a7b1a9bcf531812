"""Moves jobs from state to state, as time passes and as users, clients and faults ask.

Every step is an event on the timeline, planned for one job at one epoch; anything that happens to the job in between
makes a new epoch and so puts the event out of date.  The scheduler's own ticks are laid out on a grid that begins with
the server, but one is planned only when there is something it could do, so an idle day costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.clock import to_ticks
from flare_sim.engine.recovery.savepoint import settle
from flare_sim.engine.runs.behavior import ask, behavior_of
from flare_sim.engine.runs.deployment import deploy, deploy_problems
from flare_sim.engine.runs.stages import LINGER_SECONDS, abort_part, engine_holds, is_closing
from flare_sim.engine.scheduler import decide, needs_of, retry_interval
from flare_sim.jobs.behavior import OUTCOMES
from flare_sim.jobs.lifecycle import JobEvent, JobState, advance
from flare_sim.personality.quirks import ABORT_LINGERS, ABORT_LOST, CLIENT_FAILURE_ENDS_RUN

if TYPE_CHECKING:
    from flare_sim.engine.job import Answer, Job
    from flare_sim.engine.scheduler import Decision
    from flare_sim.engine.state import ServerState
    from flare_sim.engine.timeline import Action
    from flare_sim.jobs.behavior import JobBehavior

    Planned = tuple[Job, int]

__all__ = ["Runner"]


class Runner:
    """The moving part of a server."""

    __slots__ = ("_server", "_steps")

    def __init__(self, server: ServerState) -> None:
        self._server = server
        self._steps = {
            JobState.DEPLOYING: self._deployed,
            JobState.DISPATCHED: self._start,
            JobState.RUNNING: self._end,
            JobState.STOPPING: self._stopped,
        }

    @property
    def actions(self) -> dict[str, Action]:
        """What it plans on the timeline, each by a name that stays."""
        return {
            "tick": self._tick,
            "deployed": self._deployed,
            "start": self._start,
            "end": self._end,
            "stopped": self._stopped,
        }

    # Scheduling.

    def enqueue(self, job: Job) -> None:
        """Let a job wait for its turn."""
        self._server.queue.add(job)
        self.arm()

    def arm(self, *, stuck: bool = False) -> None:
        """Plan the next tick of the scheduler, when it could do something then.

        Args:
            stuck: whether it fell over the first job, and would again until a client or another job changes.
        """
        server = self._server
        due = server.queue.next_delayed() if stuck else server.queue.due()
        if due is None or server.progress == "manual" or not self._may_schedule():
            return
        now = server.timeline.now
        if server.progress == "immediate":
            at = max(due, now)
        else:
            period = to_ticks(server.config.tick_seconds)
            since = max(due, now + 1) - server.started
            at = server.started + -(-since // period) * period
        if server.armed is None or at < server.armed:
            server.armed = at
            server.timeline.at(at, self._tick, at)

    def _may_schedule(self) -> bool:
        server = self._server
        if server.held or not server.alive or len(server.store.active) >= server.policy.max_jobs:
            return False
        return server.sites.any_listed(server.timeline.now)

    def _tick(self, at: int) -> None:
        server = self._server
        if at != server.armed:
            return
        server.touch()
        server.armed = None
        stuck = False
        if self._may_schedule():
            while (job := server.queue.take(at)) is not None:
                decision = self._consider(job)
                stuck = decision.stuck
                if stuck or decision.apps is not None:
                    break
        self.arm(stuck=stuck)

    def _consider(self, job: Job) -> Decision:
        """Try to schedule a job that was taken from the queue."""
        server = self._server
        server.touch(job)
        now = server.timeline.now
        decision = decide(job.definition, job.tries, server.sites.listed(now), server.policy)
        server.note("schedule", job.job_id, decision.result)
        if decision.apps is not None:
            self._select(job, decision.apps)
            return decision
        if decision.stuck:
            job.retry_at = 0
            server.queue.add(job)
            return decision
        job.tries += 1
        job.last_try = now
        job.history = (*job.history, (now, decision.result))
        job.blob = None
        if decision.final:
            self._move(job, JobEvent.GIVEN_UP)
        else:
            # After the last try in vain the next tick gives up, without waiting the interval (2.3.12).
            wait = 1 if job.tries >= server.policy.max_tries else retry_interval(job.tries, server.policy)
            server.queue.delay(job, now + wait)
        return decision

    # The steps of a job's life.

    def _select(self, job: Job, apps: dict[str, str]) -> None:
        server = self._server
        job.apps = apps
        job.selected, job.turn = server.timeline.now, len(server.trace.records)
        server.sites.hold(job.serial, {name: needs_of(job.definition, name, server.policy) for name in job.sites})
        self._move(job, JobEvent.SELECTED)
        self._plan(job, behavior_of(job, server.behavior, server.defaults).deploy_seconds, self._deployed)

    def _deployed(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch != epoch:
            return
        server = self._server
        server.touch(job)
        refusing = frozenset(behavior_of(job, server.behavior, server.defaults).deploy_failures or ())
        faults = server.deploy_faults
        problems = deploy_problems(job.apps, refusing, faults, server.sites)
        if faults:
            server.touch_all()
            server.deploy_faults = {name: times - (times > 0 and name in job.apps) for name, times in faults.items()}
        deployment = deploy(job.definition, job.apps, problems)
        job.deploy_detail = deployment.detail
        if deployment.failed:
            self._move(job, JobEvent.DEPLOY_FAILED)
            return
        server.sites.release(job.serial, (name for name in job.apps if name not in deployment.apps))
        job.apps = deployment.apps
        job.tries += 1
        job.last_try = job.selected
        job.history = (*job.history, (job.selected, "scheduled"))
        self._move(job, JobEvent.DEPLOYED)
        self._plan(job, behavior_of(job, server.behavior, server.defaults).start_seconds, self._start)

    def _start(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch != epoch:
            return
        server, problem = self._server, None
        if callable(server.behavior):
            problem = ask(job, server.behavior, server.now)
            settle(server)  # what the function asked of the server is done, or it was interrupted
        if job.epoch == epoch:  # the user's function did nothing to the job
            self._begin(job, behavior_of(job, server.behavior, server.defaults), job.answer)
        if problem is not None:
            server.timeline.savepoint = None
            raise problem

    def _begin(self, job: Job, behavior: JobBehavior, answer: Answer | None) -> None:
        server = self._server
        server.touch(job)
        job.answer = None
        job.log = (answer.failure,) if answer is not None and answer.failure else ()
        job.ending = OUTCOMES[behavior.outcome or "COMPLETED"]
        if job.ending is None and CLIENT_FAILURE_ENDS_RUN in server.quirks:
            job.ending = JobEvent.DIED
        if job.ending is JobEvent.START_FAILED:
            self._move(job, JobEvent.START_FAILED)
            return
        job.started = server.timeline.now
        job.run_files = {**dict(behavior.result_files or ()), **(answer.files if answer is not None else {})}
        job.extra_bytes = behavior.result_bytes or 0
        job.remaining = server.latency(behavior.run_seconds or 0)
        self._move(job, JobEvent.STARTED)
        self._go_on(job)

    def _end(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch == epoch and job.ending is not None:
            self._server.touch(job)
            self._move(job, job.ending)

    def _stopped(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch == epoch:
            server = self._server
            server.touch_all()
            self._move(job, JobEvent.STOPPED)
            server.closing = [item for item in (*server.closing, job) if is_closing(item, server.now, server.quirks)]
            if job.delete_when_stopped:
                self._remove(job)

    def _go_on(self, job: Job) -> None:
        """Let a run go on when enough of its clients are there, else let it pause."""
        server = self._server
        now = server.timeline.now
        if sum(map(server.sites.connected, job.sites)) < job.definition.min_clients:
            if not job.paused:
                job.remaining -= 0 if job.resumed is None else now - job.resumed
                job.paused, job.resumed = True, None
                job.epoch += 1
                server.note("run", job.job_id, "paused")
        elif job.resumed is None:
            if job.paused:
                server.note("run", job.job_id, "resumed")
            job.paused, job.resumed = False, now
            if job.ending is not None:
                self._plan_in(job, job.remaining, self._end)

    # What users, clients and faults do to jobs.

    def abort(self, job: Job) -> int:
        """End a job early; returns how many ticks whoever asked has to wait."""
        server = self._server
        if job.state in (JobState.DEPLOYING, JobState.DISPATCHED) and ABORT_LOST in server.quirks:
            job.claimed, job.blob = JobState.ABORTED.status, None
            return 0
        everywhere = all(site is not None and site.present for site in map(server.sites.get, job.sites))
        part = abort_part(job, server.now, server.quirks, everywhere=everywhere)
        if ABORT_LINGERS not in server.quirks:
            return self._stop(job, part)
        held = engine_holds(job, server.now, server.quirks)
        wait = self._stop(job)
        return min(wait, server.latency(server.config.abort_seconds * part)) if held else 0

    def _stop(self, job: Job, part: float = 1.0) -> int:
        """End a job early, in this part of the time that takes; returns in how many ticks it will have ended."""
        server = self._server
        if job.state is JobState.STOPPING:
            return job.stop_at - server.timeline.now
        if job.state.done:
            return 0
        linger = LINGER_SECONDS if ABORT_LINGERS in server.quirks else 0
        wait = server.latency(server.config.abort_seconds * part + linger)
        if job.ends_at is not None and not engine_holds(job, server.now, server.quirks):
            wait = job.ends_at - server.now if linger else 0  # the run is over, only its status is not
        running = job.state is JobState.RUNNING
        self._move(job, JobEvent.ABORTED)
        if not running:
            return 0
        job.stop_at = server.timeline.now + wait
        server.timeline.at(job.stop_at, self._stopped, (job, job.epoch))
        return wait

    def delete(self, job: Job) -> int:
        """Remove a job, ending it first; returns in how many ticks it will be gone."""
        wait = self._stop(job)
        if job.state.done:
            self._remove(job)
        else:
            job.delete_when_stopped = True
        return wait

    def kill(self, job: Job) -> None:
        """Kill the process of a job that is running; anything else is left as it is."""
        if job.state is JobState.RUNNING:
            self._server.touch(job)
            self._move(job, JobEvent.DIED)

    def step(self, job: Job) -> None:
        """Move a job on to its next status, or try once to schedule it; a finished one stays as it is."""
        if job.state is JobState.SUBMITTED:
            self._server.touch(job)
            self._server.queue.remove(job)
            if self._consider(job).apps is None:
                return
        if job.state is JobState.RUNNING and job.ending is None:
            return
        status = job.state.status
        while job.state.status == status and not job.state.done:
            self._steps[job.state]((job, job.epoch))

    def clients_changed(self) -> None:
        """See what it means for jobs that a client came, dropped, left or came back."""
        for job in tuple(self._server.store.active.values()):
            if job.state is JobState.RUNNING:
                self._go_on(job)
        self.arm()

    def is_stale(self, argument: object) -> bool:
        """Tell whether what was planned with ``argument`` has been put out of date."""
        if type(argument) is tuple:
            job, epoch = argument
            return bool(job.epoch != epoch)
        return False

    # What the steps above are made of.

    def _plan(self, job: Job, seconds: float | None, action: Action) -> None:
        self._plan_in(job, self._server.latency(seconds or 0), action)

    def _plan_in(self, job: Job, ticks: int, action: Action) -> None:
        if self._server.progress != "manual":
            self._server.timeline.after(ticks, action, (job, job.epoch))

    def _move(self, job: Job, event: JobEvent) -> None:
        server = self._server
        before = job.state
        state = advance(before, event)
        server.store.move(job, state)
        server.note("state", job.job_id, state.name)
        if state.active:
            return
        if before.active:
            server.sites.release(job.serial, job.apps)
        if state.done:
            job.ended = server.timeline.now
            server.queue.remove(job)
        self.arm()

    def _remove(self, job: Job) -> None:
        self._server.store.remove(job)
        self._server.note("deleted", job.job_id)
