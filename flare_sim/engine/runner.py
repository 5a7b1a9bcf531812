"""Moves jobs from state to state, as time passes and as users, clients and faults ask.

Every step is an event on the timeline, planned for one job at one epoch; anything that happens to the job in between
makes a new epoch and so puts the event out of date.  The scheduler's own ticks are laid out on a grid that begins with
the server, but one is planned only when there is something it could do, so an idle day costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.engine.job import NOT_CHOSEN, Course, Progress
from flare_sim.engine.recovery.savepoint import settle
from flare_sim.engine.runs.behavior import answered, ask, take_turn
from flare_sim.engine.runs.deployment import deploy, deploy_problems
from flare_sim.engine.runs.plans import Plans
from flare_sim.engine.runs.stages import is_closing
from flare_sim.engine.scheduler import decide, needs_of_sites, retry_interval
from flare_sim.engine.trace import SCHEDULED, STATES
from flare_sim.jobs.lifecycle import JobEvent, JobState, advance
from flare_sim.personality.quirks import WORKSPACE_LATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.engine.clients.roster import Placement
    from flare_sim.engine.job import Job, Plan
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.engine.state import ServerState
    from flare_sim.engine.timeline import Action

    Planned = tuple[Job, int]

__all__ = ["Runner"]


class Runner:
    """The moving part of a server."""

    __slots__ = ("_plans", "_server")

    def __init__(self, server: ServerState) -> None:
        self._server = server
        self._plans = Plans(server.quirks, server.latency)

    @property
    def actions(self) -> dict[str, Action]:
        """What it plans on the timeline, each by a name that stays."""
        return {
            "tick": self._tick,
            "deployed": self._deployed,
            "start": self._start,
            "round": self._round,
            "end": self._end,
            "stopped": self._stopped,
        }

    def behave(self, behavior: BehaviorSource) -> None:
        """Let runs that begin from now on do what this says."""
        self._server.have_behavior(behavior)
        self._plans.forget()
        for job in self._server.store.active.values():
            if job.started is None:
                # Without its placement too: then what its run does is looked for when it begins, and kept.
                job.course = job.course._replace(plan=None, placement=None, answer=None)

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
        armed, now = server.armed, server.timeline.now
        if armed is not None and armed - now <= server.policy.period:
            return  # no tick comes before that one
        if server.progress == "manual" or not self._may_schedule():
            return
        due = server.queue.next_delayed() if stuck else server.queue.due()
        if due is None:
            return
        period = server.policy.period
        at = max(due, now)
        if period:
            since = max(due, now + 1) - server.started
            at = server.started + -(-since // period) * period
        if armed is None or at < armed:
            server.armed = at
            server.timeline.at(at, self._tick, at)

    def _may_schedule(self) -> bool:
        server = self._server
        if server.held or not server.alive or len(server.store.active) >= server.policy.max_jobs:
            return False
        return bool(server.sites.roster(server.timeline.now).sites)

    def _tick(self, at: int) -> None:
        server = self._server
        if at != server.armed:
            return
        server.touch()  # before jobs whose time has come go from one heap of the queue to the other
        queue, stuck = server.queue, False
        job = queue.first(at) if self._may_schedule() else None
        server.touch(job)
        server.armed = None
        while job is not None:
            queue.take(at)
            stuck = self._consider(job)
            if stuck or job.state.active:
                break
            job = queue.first(at)
            server.touch(job)
        self.arm(stuck=stuck)

    def _consider(self, job: Job) -> bool:
        """Try to schedule a job that was taken from the queue; returns whether the scheduler fell over it."""
        server, definition = self._server, job.definition
        now, policy, tries = server.timeline.now, server.policy, len(job.vain)
        roster = server.sites.roster(now)
        placement = roster.placement(definition) if tries < policy.max_tries else None
        if placement is not None:
            self._select(job, placement.apps, placement)
            return False
        decision = decide(definition, tries, roster.sites, policy)
        if decision.apps is not None:
            self._select(job, decision.apps, roster.place(definition, decision.apps))
            return False
        server.note_of(job, "schedule", None, decision.result)
        if decision.stuck:
            job.retry_at = 0
            server.queue.add(job)
            return True
        job.vain = (*job.vain, (now, decision.result))
        job.blob = None
        if decision.final:
            self._move(job, JobEvent.GIVEN_UP)
        else:
            # After the last try in vain the next tick gives up, without waiting the interval (2.3.12).
            wait = 1 if job.tries >= policy.max_tries else retry_interval(job.tries, policy)
            server.queue.delay(job, now + wait)
        return False

    # The steps of a job's life.

    def _select(self, job: Job, apps: Mapping[str, str], placement: Placement | None) -> None:
        server, trace = self._server, self._server.trace
        now = server.timeline.now
        trace.tell(now, SCHEDULED, job.serial)
        plan = self._plan_of(job)
        job.apps = apps
        job.course = tuple.__new__(Course, (now, len(trace.codes), placement, plan, job.course.answer, None))
        if job.definition.resource_spec:
            server.sites.hold(job.serial, needs_of_sites(job.definition, job.sites, server.policy))
        self._move(job, JobEvent.SELECTED)
        self._plan(job, plan.deploy, self._deployed)

    def _deployed(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch != epoch:
            return
        server = self._server
        server.touch(job)
        selected, _, placement, plan, _, _ = job.course
        if plan is None:
            plan = self._plan_of(job)
        if placement is None or server.timeline.now >= placement.roster.until or server.deploy_faults or plan.refusing:
            if not self._deploy(job, plan.refusing):
                self._move(job, JobEvent.DEPLOY_FAILED)
                return
        else:
            job.deploy_detail = placement.deploy_detail
        job.scheduled = selected
        self._move(job, JobEvent.DEPLOYED)
        self._plan(job, plan.start, self._start)

    def _deploy(self, job: Job, refusing: frozenset[str]) -> bool:
        """Deploy a job to each of its sites; returns whether that is enough."""
        server, faults = self._server, self._server.deploy_faults
        problems = deploy_problems(job.apps, refusing, faults, server.sites)
        if faults:
            server.touch_field("deploy_faults")
            server.deploy_faults = {name: times - (times > 0 and name in job.apps) for name, times in faults.items()}
        deployment = deploy(job.definition, job.apps, problems)
        job.deploy_detail = deployment.detail
        if deployment.failed:
            return False
        server.sites.release(job.serial, (name for name in job.apps if name not in deployment.apps))
        job.apps = deployment.apps
        return True

    def _start(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch != epoch:
            return
        server, problem = self._server, None
        if callable(server.behavior):
            problem = ask(job, server.behavior, server.now, self._there(job))
            settle(server)  # what the function asked of the server is done, or it was interrupted
        if job.epoch == epoch:  # the user's function did nothing to the job
            self._begin(job)
        if problem is not None:
            server.timeline.savepoint = None
            raise problem

    def _begin(self, job: Job) -> None:
        server = self._server
        server.touch(job)
        selected, turn, placement, plan, answer, progress = job.course
        if plan is None:
            plan = self._plan_of(job)
        if plan.ending is JobEvent.START_FAILED:
            self._move(job, JobEvent.START_FAILED)
            return
        now = job.started = server.timeline.now
        job.output = plan.output
        if answer is not None:
            job.output = answered(plan.output, answer)
        self._move(job, JobEvent.STARTED)
        as_planned = placement is not None and now < placement.roster.until and progress is None and answer is None
        if as_planned and plan.output.program is None:
            if plan.ending is not None:
                self._plan(job, plan.run, self._end)
        else:
            job.course = Course(selected, turn, placement, plan, None, Progress(plan.run, ending=plan.ending))
            self._go_on(job)

    def _round(self, planned: Planned) -> None:
        """Let a round of a run be over; a function is asked what it writes then."""
        job, epoch = planned
        if job.epoch != epoch or job.output.history is None:
            return
        server, problem = self._server, None
        if self._left_of_round(job) > 0:  # a function has had the run pause and go on, before its round was noted
            server.touch(job)
            self._plan_next(job)
            return
        if callable(server.behavior):
            problem = ask(job, server.behavior, server.now, self._there(job), job.output.history.rounds)
            settle(server)
        self._end_round(job, going_on=job.epoch == epoch)
        if problem is not None:
            server.timeline.savepoint = None
            raise problem

    def _end_round(self, job: Job, *, going_on: bool) -> None:
        """Note that a round is over, and what a function has said of it; that may have done something to its job."""
        server, answer, output, there = self._server, job.course.answer, job.output, frozenset(self._there(job))
        if output.history is None:
            return
        server.touch(job)
        history = output.history.with_round(tuple([name for name in job.sites if name not in there]))
        failures = (answer.failure,) if answer is not None and answer.failure else ()
        if answer is not None:
            job.course = NOT_CHOSEN if job.state.done else job.course._replace(answer=None)
            if answer.notes is not None:
                history = history._replace(notes=history.notes.and_those(answer.notes))
        job.output = output._replace(history=history, log=output.log + failures)
        server.note_of(job, "round", None, history.rounds - 1)
        if going_on and failures:
            self._halt(job)
            self._move(job, JobEvent.RAISED)
        elif going_on:
            self._plan_next(job)

    def _end(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch == epoch:
            _, _, _, plan, _, progress = job.course
            ending = plan.ending if plan is not None and progress is None else job.progress.ending
            if ending is not None:
                self._server.touch(job)
                if progress is not None and job.output.program is not None:
                    self._halt(job, job.output.program.length)
                self._move(job, ending)

    def _stopped(self, planned: Planned) -> None:
        job, epoch = planned
        if job.epoch == epoch:
            server, delete = self._server, job.progress.delete_when_stopped
            server.touch(job)
            self._move(job, JobEvent.STOPPED)
            if WORKSPACE_LATE in server.quirks:
                closing = [item for item in (*server.closing, job) if is_closing(item, server.now, server.quirks)]
                server.touch_field("closing")
                server.closing = closing
            if delete:
                self._remove(job)

    def _go_on(self, job: Job) -> None:
        """Let a run go on when enough of its clients are there, else let it pause."""
        server, progress = self._server, job.progress
        now = server.timeline.now
        if not self._is_as_chosen(job) and not self._has_enough(job):
            if not progress.paused:
                left = progress.remaining - (0 if progress.resumed is None else now - progress.resumed)
                job.progress = progress._replace(remaining=left, paused=True, resumed=None)
                self._halt(job)
                job.epoch += 1
                server.note_of(job, "run", None, "paused")
        elif progress.resumed is None:
            if progress.paused:
                server.note_of(job, "run", None, "resumed")
            job.progress = progress._replace(paused=False, resumed=now)
            history = job.output.history
            if history is not None:
                job.output = job.output._replace(history=history.gone_on(now))
            self._plan_next(job)

    def _plan_next(self, job: Job) -> None:
        """Plan what comes next in a run: the end of a round, or its own."""
        progress = job.progress
        if self._has_round(job):
            self._plan(job, self._left_of_round(job), self._round)
        elif progress.ending is not None and progress.resumed is not None:
            self._plan(job, progress.remaining - (self._server.timeline.now - progress.resumed), self._end)

    def _halt(self, job: Job, least: int = 0) -> None:
        """Let a run write no more, for now or for good, when it has been under way at least so long."""
        program, history = job.output.program, job.output.history
        if program is not None and history is not None:
            elapsed = max(least, history.elapsed(self._server.timeline.now, program.every))
            job.output = job.output._replace(history=history.halted(elapsed))

    def _has_round(self, job: Job) -> bool:
        program, history = job.output.program, job.output.history
        return program is not None and history is not None and history.rounds < program.fitting

    def _left_of_round(self, job: Job) -> int:
        """Return how long a round still takes."""
        server, program, history = self._server, job.output.program, job.output.history
        if program is None or history is None or server.progress != "time":
            return 0
        return (history.rounds + 1) * program.every - history.elapsed(server.timeline.now, program.every)

    def _there(self, job: Job) -> list[str]:
        """Return the clients taking part that are connected."""
        return job.sites if self._is_as_chosen(job) else list(filter(self._server.sites.connected, job.sites))

    def _is_as_chosen(self, job: Job) -> bool:
        """Tell quickly, if that can be, that just the clients are there that the job was chosen with."""
        placement = job.course.placement
        return placement is not None and self._server.timeline.now < placement.roster.until

    def _has_enough(self, job: Job) -> bool:
        return sum(map(self._server.sites.connected, job.sites)) >= job.definition.min_clients

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

    def _plan_of(self, job: Job) -> Plan:
        server = self._server
        if server.turns is not None and job.course.answer is None:
            server.touch_field("turns")
            answer, server.turns = take_turn(job, server.behavior, server.turns)
            job.course = job.course._replace(answer=answer)
        return self._plans.of(job, server.behavior, server.defaults)

    def _plan(self, job: Job, ticks: int, action: Action) -> None:
        server = self._server
        if server.progress != "manual":
            server.timeline.after(ticks, action, (job, job.epoch))

    def _move(self, job: Job, event: JobEvent) -> None:
        server = self._server
        before, now = job.state, server.timeline.now
        state = advance(before, event)
        server.store.move(job, state)
        server.trace.tell(now, STATES[state], job.serial)
        if state.active:
            return
        if before.active and job.definition.resource_spec:
            server.sites.release(job.serial, job.apps)
        if state.done:
            job.ended, job.course = now, NOT_CHOSEN
            server.queue.remove(job)
        self.arm()

    def _remove(self, job: Job) -> None:
        self._server.store.remove(job)
        self._server.note_of(job, "deleted", None)
