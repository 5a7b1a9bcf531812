"""What the server keeps about one job.

What a job that is over does not need any more, and what many jobs have alike, lies in records that are shared: a server
may hold a million of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.jobs.lifecycle import JobState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.engine.clients.roster import Placement
    from flare_sim.engine.history import History, Notes, Program
    from flare_sim.jobs.behavior import JobBehavior
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.jobs.lifecycle import JobEvent
    from flare_sim.users import User

__all__ = ["NOTHING_LEFT", "NOT_CHOSEN", "Answer", "Course", "Job", "Output", "Plan", "Progress"]


class Answer(NamedTuple):
    """What a behavior function has said of a run."""

    behavior: JobBehavior | None
    """What the run does, as far as it says."""
    files: dict[str, bytes]
    """What the run leaves in its workspace."""
    failure: str = ""
    """Why it has not answered: the run fails then."""
    notes: Notes | None = None
    """What else the run writes, None for nothing."""


class Output(NamedTuple):
    """What a run leaves behind."""

    files: Mapping[str, bytes]
    """In its workspace."""
    extra_bytes: int
    """What the result pretends to have on top."""
    log: tuple[str, ...] = ()
    """Errors in the run's log."""
    program: Program | None = None
    """What it writes as time passes, None for nothing."""
    history: History | None = None
    """How time has passed for it, None before it begins, and for one without a program."""


class Plan(NamedTuple):
    """What a run does, on one server; times are ticks."""

    deploy: int
    start: int
    run: int
    refusing: frozenset[str]
    """The sites where deploying fails."""
    ending: JobEvent | None
    """How the run ends, None when it does not."""
    output: Output


class Progress(NamedTuple):
    """How a run gets on.  Times are ticks, None when they have not come."""

    remaining: int = 0
    """Ticks still to run while the run is paused or before it was last resumed."""
    resumed: int | None = None
    """When the run last went on, None while it is paused."""
    paused: bool = False
    """Whether the run waits for clients to come back."""
    ending: JobEvent | None = None
    """How the run is to end."""
    stop_at: int = 0
    """When the run will have stopped after an abort."""
    delete_when_stopped: bool = False
    """Whether it is to be deleted then."""
    orphaned: bool = False
    """Whether a restarted server left it as it found it."""


class Course(NamedTuple):
    """How a job gets on from when it is chosen until it is over."""

    selected: int = 0
    """When it was chosen, which its meta shows only once it is dispatched."""
    turn: int = 0
    """How much had happened then, the length of the trace: what is chosen later has more."""
    placement: Placement | None = None
    """The clients and apps it was chosen with, to see quickly that nothing has changed since."""
    plan: Plan | None = None
    """What its run does, None when that is to be found anew."""
    answer: Answer | None = None
    """What a behavior function has said of the run that is about to begin, None when it was not asked."""
    progress: Progress | None = None
    """How its run gets on, None while that goes as planned."""


NOT_CHOSEN = Course()
"""The course of a job that waits, or is over."""
NOT_BEGUN = Progress()
NOTHING_LEFT = Output({}, 0)
"""The output of a run that has not begun."""


class Job:
    """What the server keeps about one job.  Times are ticks, None when they have not come.

    Nothing is changed in place, so its ``facts`` are the job as it is now.

    Attributes:
        serial: how many jobs were submitted before it.
        status: the status the interface shows: its state's, unless it was claimed to be over already.
        epoch: grows with everything that happens to it; an event made for an earlier epoch is out of date.
        vain: when the scheduler tried it in vain, and with what result.
        scheduled: when it was chosen, once that has become a run.
        retry_at: before this tick it is not tried again.
        apps: site -> app for those taking part, the server included, in deploy order.
        deploy_detail: one line per site it was deployed to.
        output: what its run leaves behind.
        course: how it gets on.
        blob: its rendered meta, None when that has to be made anew.
    """

    __slots__ = (
        "apps",
        "blob",
        "cloned_from",
        "course",
        "definition",
        "deploy_detail",
        "ended",
        "epoch",
        "job_id",
        "output",
        "retry_at",
        "scheduled",
        "serial",
        "started",
        "state",
        "status",
        "submitted",
        "submitter",
        "vain",
    )

    def __init__(
        self, serial: int, job_id: str, definition: JobDefinition, submitter: User, submitted: int, cloned_from: str
    ) -> None:
        self.serial = serial
        self.job_id = job_id
        self.definition = definition
        self.submitter = submitter
        self.submitted = submitted
        self.cloned_from = cloned_from
        self.state = JobState.SUBMITTED
        self.status = "SUBMITTED"
        self.epoch = 0
        self.vain: tuple[tuple[int, str], ...] = ()
        self.scheduled: int | None = None
        self.retry_at = 0
        self.apps: Mapping[str, str] = _NOWHERE
        self.deploy_detail: tuple[str, ...] = ()
        self.started: int | None = None
        self.ended: int | None = None
        self.output = NOTHING_LEFT
        self.course = NOT_CHOSEN
        self.blob: Any = None

    def facts(self) -> tuple[Any, ...]:
        """Return everything about it that changes, in the order of ``_FACTS``."""
        return (
            self.state,
            self.status,
            self.epoch,
            self.vain,
            self.scheduled,
            self.retry_at,
            self.apps,
            self.deploy_detail,
            self.started,
            self.ended,
            self.output,
            self.course,
        )

    def put_back(self, facts: tuple[Any, ...]) -> None:
        """Be again as the job was that had these ``facts``."""
        for name, value in zip(_FACTS, facts, strict=True):
            setattr(self, name, value)
        self.blob = None

    @property
    def claimed(self) -> str:
        """The status shown instead of its state's until its next move, ``""`` for none."""
        return "" if self.status == self.state.status else self.status

    @property
    def tries(self) -> int:
        """How often the scheduler has considered it."""
        return len(self.vain) + (self.scheduled is not None)

    @property
    def last_try(self) -> int:
        """When it last did, 0 if never."""
        return self.scheduled if self.scheduled is not None else self.vain[-1][0] if self.vain else 0

    @property
    def history(self) -> tuple[tuple[int, str], ...]:
        """When it was considered, and with what result."""
        return self.vain if self.scheduled is None else (*self.vain, (self.scheduled, "scheduled"))

    @property
    def progress(self) -> Progress:
        """How its run gets on."""
        _, _, _, plan, _, progress = self.course
        if progress is not None:
            return progress
        if self.started is None or plan is None:
            return NOT_BEGUN
        return Progress(plan.run, self.started, ending=plan.ending)

    @progress.setter
    def progress(self, progress: Progress) -> None:
        self.course = self.course._replace(progress=progress)

    @property
    def ends_at(self) -> int | None:
        """Tick at which its run will be over, None when that is not planned."""
        progress = self.progress
        if self.state is JobState.STOPPING:
            return progress.stop_at
        if progress.ending is None or progress.resumed is None or not progress.remaining:
            return None
        return progress.resumed + progress.remaining

    @property
    def sites(self) -> list[str]:
        """The clients taking part."""
        return [name for name in self.apps if name != "server"]

    def __repr__(self) -> str:
        return f"<Job {self.job_id} {self.definition.name!r} {self.state.status}>"


_NOWHERE: Mapping[str, str] = {}
_FACTS = (
    "state",
    "status",
    "epoch",
    "vain",
    "scheduled",
    "retry_at",
    "apps",
    "deploy_detail",
    "started",
    "ended",
    "output",
    "course",
)
