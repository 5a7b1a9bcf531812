"""Everything a server knows, in one place: time, jobs, clients, and what is wrong at the moment.

It does nothing by itself: the runner moves jobs along, the commands answer sessions, the faults break and mend things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import to_ticks
from flare_sim.config import default_behavior
from flare_sim.engine.clients.sites import Sites
from flare_sim.engine.ids import identifier, is_identifier
from flare_sim.engine.job import Job
from flare_sim.engine.job_store import JobStore
from flare_sim.engine.runs.behavior import takes_turns
from flare_sim.engine.scheduler import Policy, Queue
from flare_sim.engine.timeline import Timeline
from flare_sim.engine.trace import Trace
from flare_sim.personality.quirks import IDS_IN_ANY_CASE, OWN_JOB_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flare_sim.config import ServerConfig
    from flare_sim.engine.clients.sites import Client
    from flare_sim.engine.runs.behavior import BehaviorSource
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.personality.personality import Personality
    from flare_sim.users import User

__all__ = ["ServerState", "SubmitRecord"]


class SubmitRecord(NamedTuple):
    """What a submit token stands for (2.9.0)."""

    job_id: str
    """The job that was submitted with it."""
    definition: JobDefinition
    """What that job was made of."""
    deleted: int | None = None
    """Tick at which the job was deleted, None when it wasn't."""


class ServerState:
    """The state of one simulated server.

    What changes it says so first (``touch``), and changes no value in place but ``tokens``: so it can be taken back.

    Attributes:
        armed: the tick at which the scheduler looks next, None when it does not plan to.
        defaults: what a run does that nobody says anything about.
        started: tick at which the server process started.
        away: the clients the process lost when it died and that are not back yet.
        closing: jobs aborted a moment ago, whose runs the engine may still hold.
        ending: whether the process was told to end, and does so in a moment.
        alive: whether the process runs; ``reachable``: whether anybody can get through to it.
        held: whether the scheduler pauses.
        malfunctioning: whether every command fails.
        reply_delay: ticks every reply takes.
        deploy_faults: site -> how many more deployments fail there.
        personality: name of the release it is like, ``""`` for none.
        quirks: names of what it does differently from the contract (`personality`).
        rules: what it judges jobs by.
        release: the release of NVFLARE it says it is.
        disabled: clients that are shut out.
        tokens: (user, submit token) -> what it stands for.
        lost: user -> number of the last session of theirs that was lost; the key ``None`` stands for everybody.
        on_calls: what is to happen at calls that are still to come (``AwaitedCall``).
        sessions: how many sessions were ever opened.
        turns: key of the behaviors by name -> of how many jobs it has said something, None where none takes turns.
        users: who may connect, by name.
    """

    __slots__ = (
        "alive",
        "armed",
        "away",
        "behavior",
        "closing",
        "config",
        "defaults",
        "deploy_faults",
        "disabled",
        "ending",
        "held",
        "lost",
        "malfunctioning",
        "on_calls",
        "personality",
        "policy",
        "progress",
        "queue",
        "quirks",
        "reachable",
        "release",
        "reply_delay",
        "rules",
        "seed",
        "sessions",
        "sites",
        "started",
        "store",
        "timeline",
        "tokens",
        "trace",
        "turns",
        "users",
    )

    def __init__(
        self,
        seed: int,
        now: int,
        clients: Iterable[Client],
        config: ServerConfig,
        behavior: BehaviorSource,
        progress: str,
        personality: Personality,
    ) -> None:
        self.seed = seed
        self.config = config
        self.have_behavior(behavior)
        self.progress = progress
        self.personality = personality.name
        self.quirks = personality.quirks
        self.release = personality.release
        self.rules = personality.rules
        self.timeline = Timeline(now)
        self.store = JobStore()
        self.queue = Queue()
        self.trace = Trace()
        self.sites = Sites(clients, now, to_ticks(config.heartbeat_seconds), to_ticks(config.heartbeat_timeout))
        self.policy = Policy(
            config.max_jobs,
            config.max_schedule_count,
            to_ticks(config.min_schedule_interval),
            to_ticks(config.max_schedule_interval),
            personality.quirks,
            0 if progress == "immediate" else to_ticks(config.tick_seconds),
        )
        self.defaults = default_behavior(config)
        self.started = now
        self.armed: int | None = None
        self.away: list[str] = []
        self.closing: list[Job] = []
        self.ending = False
        self.alive = True
        self.reachable = True
        self.held = False
        self.malfunctioning = False
        self.reply_delay = 0
        self.deploy_faults: dict[str, int] = {}
        self.tokens: dict[tuple[str, str], SubmitRecord] = {}
        self.disabled: dict[str, bool] = {}
        self.lost: dict[str | None, int] = {}
        self.on_calls: tuple[Any, ...] = ()
        self.sessions = 0
        self.users: Mapping[str, User] = {}

    def have_behavior(self, behavior: BehaviorSource) -> None:
        """Let runs that begin do what this says."""
        self.behavior = behavior
        self.turns: Mapping[str, int] | None = {} if takes_turns(behavior) else None

    @property
    def now(self) -> int:
        """The tick reached."""
        return self.timeline.now

    def touch(self, job: Job | None = None) -> None:
        """Say which job is going to change, or that there will be a new one, before anything does.

        What is being done, an entry of the timeline or a command, is done as a whole or not at all.  With the first
        change its savepoint is kept: what is being done, how much there was of all that only grows, and then each
        thing with the facts it had.  ``recovery`` goes back to it.
        """
        timeline = self.timeline
        savepoint, doing = timeline.savepoint, timeline.doing
        if savepoint is None or savepoint[0] is not doing:
            noted, counter = len(self.trace.codes), self.store.counter
            timeline.savepoint = savepoint = [doing, timeline.serial, noted, counter, self.armed]
        if job is not None:
            savepoint += (job, job.facts())

    def touch_field(self, name: str) -> None:
        """Say that one of its own fields is going to have another value."""
        self.touch()
        self._keep(self, {name: getattr(self, name)})

    def touch_all(self) -> None:
        """Say that anything may change but jobs that wait or are over."""
        self.touch()
        for job in self.store.active.values():
            self._keep(job, job.facts())
        for thing in (self, self.sites, *self.sites):
            self._keep(thing, {name: getattr(thing, name) for name in type(thing).__slots__})

    def touch_token(self, key: tuple[str, str]) -> None:
        """Say that a submit token is going to stand for something else."""
        self.touch()
        self._keep(self.tokens, {key: self.tokens.get(key)})

    def _keep(self, thing: object, facts: object) -> None:
        if self.timeline.savepoint is not None:
            self.timeline.savepoint += (thing, facts)

    def note(self, kind: str, *facts: int | str) -> None:
        """Put a fact of this moment into the trace."""
        self.trace.add(self.timeline.now, kind, *facts)

    def note_of(self, job: Job, *form: int | str | None) -> None:
        """Put a fact of this moment into the trace that is told of many jobs, with None where this one's id stands."""
        trace = self.trace
        trace.tell(self.timeline.now, trace.code(*form), job.serial)

    def new_job(self, definition: JobDefinition, submitter: User, cloned_from: str = "") -> Job:
        """Put a new job into the store, with the next id."""
        serial = self.store.counter
        job_id = identifier(self.seed, "job", serial)
        if OWN_JOB_ID in self.quirks and not cloned_from:
            job_id = definition.meta.get("job_id") or job_id
        job = Job(serial, job_id, definition, submitter, self.timeline.now, cloned_from)
        self.trace.introduce(serial, job_id)
        self.store.add(job)
        return job

    def find(self, job_id: str) -> Job | None:
        """Return the job of that id, None when there is none."""
        job = self.store.get(job_id)
        if job is None and IDS_IN_ANY_CASE in self.quirks:
            job = self.store.get(job_id.lower())
        if OWN_JOB_ID in self.quirks and job is not None and not is_identifier(job.job_id):
            return None
        return job

    def latency(self, seconds: float) -> int:
        """Return how many ticks something takes that would take ``seconds`` if jobs got on with time."""
        return to_ticks(seconds) if self.progress == "time" else 0
