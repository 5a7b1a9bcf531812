"""What the server keeps about one job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.jobs.lifecycle import JobState

if TYPE_CHECKING:
    from flare_sim.jobs.behavior import JobBehavior
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.jobs.lifecycle import JobEvent
    from flare_sim.users import User

__all__ = ["Answer", "Job"]


class Answer(NamedTuple):
    """What a behavior function has said of a run."""

    behavior: JobBehavior | None
    """What the run does, as far as it says."""
    files: dict[str, bytes]
    """What the run leaves in its workspace."""
    failure: str = ""
    """Why it has not answered: the run fails then."""


class Job:
    """What the server keeps about one job.  Times are ticks, None when they have not come.

    Nothing is changed in place, so its ``facts`` are the job as it is now.

    Attributes:
        serial: how many jobs were submitted before it.
        claimed: the status shown instead of its own until its next move, ``""`` for none.
        orphaned: whether a restarted server left it as it found it.
        epoch: grows with everything that happens to it; an event made for an earlier epoch is out of date.
        tries: how often the scheduler has considered it; ``history`` holds when and with what result.
        retry_at: before this tick it is not tried again.
        selected: when it was last chosen, which its meta shows only once it is dispatched.
        turn: how much had happened when it was last chosen, the length of the trace: what is chosen later has more.
        apps: site -> app for those taking part, the server included, in deploy order.
        deploy_detail: one line per site it was deployed to.
        remaining: ticks still to run while the run is paused or before it was last resumed.
        resumed: when the run last went on, None while it is paused.
        ending: how the run is to end.
        stop_at: when the run will have stopped after an abort.
        delete_when_stopped: whether it is to be deleted then.
        paused: whether the run waits for clients to come back.
        run_files: the files its run leaves in its workspace.
        extra_bytes: what the result pretends to have on top.
        log: lines of the run's log, as text.
        answer: what a behavior function has said of the run that is about to begin, None when it was not asked.
        blob: its rendered meta, None when that has to be made anew.
    """

    __slots__ = (
        "answer",
        "apps",
        "blob",
        "claimed",
        "cloned_from",
        "definition",
        "delete_when_stopped",
        "deploy_detail",
        "ended",
        "ending",
        "epoch",
        "extra_bytes",
        "history",
        "job_id",
        "last_try",
        "log",
        "orphaned",
        "paused",
        "remaining",
        "resumed",
        "retry_at",
        "run_files",
        "selected",
        "serial",
        "started",
        "state",
        "stop_at",
        "submitted",
        "submitter",
        "tries",
        "turn",
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
        self.epoch = 0
        self.started: int | None = None
        self.ended: int | None = None
        self.tries = 0
        self.last_try = 0
        self.history: tuple[tuple[int, str], ...] = ()
        self.retry_at = 0
        self.selected = 0
        self.turn = 0
        self.apps: dict[str, str] = {}
        self.deploy_detail: tuple[str, ...] = ()
        self.remaining = 0
        self.resumed: int | None = None
        self.ending: JobEvent | None = None
        self.stop_at = 0
        self.delete_when_stopped = False
        self.paused = False
        self.run_files: dict[str, bytes] = {}
        self.extra_bytes = 0
        self.log: tuple[str, ...] = ()
        self.answer: Answer | None = None
        self.claimed = ""
        self.orphaned = False
        self.blob: bytes | None = None

    def facts(self) -> tuple[Any, ...]:
        """Return everything about it that changes, in the order of ``_FACTS``."""
        return (
            self.state,
            self.epoch,
            self.claimed,
            self.orphaned,
            self.tries,
            self.last_try,
            self.history,
            self.retry_at,
            self.selected,
            self.turn,
            self.apps,
            self.deploy_detail,
            self.answer,
            self.started,
            self.ended,
            self.remaining,
            self.resumed,
            self.paused,
            self.ending,
            self.stop_at,
            self.delete_when_stopped,
            self.run_files,
            self.extra_bytes,
            self.log,
        )

    def put_back(self, facts: tuple[Any, ...]) -> None:
        """Be again as the job was that had these ``facts``."""
        for name, value in zip(_FACTS, facts, strict=True):
            setattr(self, name, value)
        self.blob = None

    @property
    def status(self) -> str:
        """The status the interface shows."""
        return self.claimed or self.state.status

    @property
    def ends_at(self) -> int | None:
        """Tick at which its run will be over, None when that is not planned."""
        if self.state is JobState.STOPPING:
            return self.stop_at
        if self.ending is None or self.resumed is None or not self.remaining:
            return None
        return self.resumed + self.remaining

    @property
    def sites(self) -> list[str]:
        """The clients taking part."""
        return [name for name in self.apps if name != "server"]

    def __repr__(self) -> str:
        return f"<Job {self.job_id} {self.definition.name!r} {self.state.status}>"


_FACTS = (
    "state",
    "epoch",
    "claimed",
    "orphaned",
    "tries",
    "last_try",
    "history",
    "retry_at",
    "selected",
    "turn",
    "apps",
    "deploy_detail",
    "answer",
    "started",
    "ended",
    "remaining",
    "resumed",
    "paused",
    "ending",
    "stop_at",
    "delete_when_stopped",
    "run_files",
    "extra_bytes",
    "log",
)
