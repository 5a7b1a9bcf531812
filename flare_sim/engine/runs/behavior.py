"""What a job's run does: as its meta says, or the server's ``behavior``, by the job's name or a user's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.engine.job import Answer, Output
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.untrusted_values import plain_items, plain_name, plain_text, readable, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.engine.job import Job
    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.jobs.result_files import RunFiles

    BehaviorFunction = Callable[["Run"], JobBehavior | None]
    BehaviorSource = JobBehavior | Mapping[str, JobBehavior] | BehaviorFunction | None

__all__ = ["ANY_NAME", "Run", "answered", "ask", "behavior_of", "checked_behavior"]

ANY_NAME = "*"
"""The key under which a behavior by name has what goes for every job."""


_MOST_SITES = 10


class Run:
    """One run that is about to begin.

    Attributes:
        job_id: the job.
        name: its name.
        user: who submitted it.
        sites: the clients taking part, in deploy order.
        definition: the job as submitted.
        time: when it begins, seconds since the epoch.
    """

    __slots__ = ("_files", "definition", "job_id", "name", "sites", "time", "user")

    def __init__(self, job: Job, now: int) -> None:
        self.job_id = job.job_id
        self.name = job.definition.name
        self.user = job.submitter.name
        self.sites = tuple(job.sites)
        self.definition: JobDefinition = job.definition
        self.time = to_seconds(now)
        from flare_sim.jobs.result_files import RunFiles

        self._files = RunFiles()

    @property
    def files(self) -> RunFiles:
        """What the run leaves in its workspace so far (path -> bytes); what is put in is checked as by ``write``."""
        return self._files

    def write(self, path: str, content: bytes | str | Any) -> None:
        """Leave a file in the run's workspace; a second one at the same path replaces the first.

        Args:
            path: relative path with ``/``, such as ``app_server/FL_global_model.pt``.
            content: bytes, or text to be written as UTF-8.

        Raises:
            ValueError: not a plain relative path, a place where the server itself writes, a file where there is a
                folder, or content that is neither text nor bytes.
        """
        self._files[path] = content

    def __repr__(self) -> str:
        first, more = self.sites[:_MOST_SITES], len(self.sites) - _MOST_SITES
        where = ", ".join(map(readable, first)) + (f" and {more} more" if more > 0 else "")
        return f"<Run of {shown(self.name)} ({self.job_id}) on {where}>"


def checked_behavior(behavior: BehaviorSource | Any) -> BehaviorSource:
    """Return a behavior as it was given, a mapping as a dict of its own.

    Raises:
        ValueError: no ``JobBehavior``, no mapping of names to such, no function.
    """
    given = plain_items(behavior)
    if given is not None:
        by_name: dict[str, JobBehavior] = {}
        for name, one in given:
            text = plain_text(name)
            if text is None or type(one) is not JobBehavior:
                raise ValueError(f"behavior must be a JobBehavior for each name, not {shown(one)} for {shown(name)}")
            by_name[text] = one
        return by_name
    if behavior is not None and type(behavior) is not JobBehavior and not callable(behavior):
        raise ValueError(f"behavior must be a JobBehavior, one by name, or a function, not a {plain_name(behavior)}")
    checked: BehaviorSource = behavior
    return checked


def ask(job: Job, function: BehaviorFunction, now: int) -> BaseException | None:
    """Ask a user's function, once for each job, what the run that is about to begin does; the job keeps what it says.

    One that raises, or answers with something else than a behavior, is an app that raises.  So is one that was
    interrupted: nobody can tell a signal that arrives while it works from what it raises itself.

    Returns:
        What has to be raised once the job is seen to: what it raised that is no ``Exception``, such as SystemExit.
    """
    if job.course.answer is not None:
        return None
    run = Run(job, now)
    try:
        job.course = job.course._replace(plan=None, answer=Answer(None, run.files.plain, "interrupted"))
        said = function(run)
        if said is not None and type(said) is not JobBehavior:
            raise TypeError(f"a behavior must be a JobBehavior or None, not a {plain_name(said)}")
        job.course = job.course._replace(answer=Answer(said, dict(run.files.plain)))
    except BaseException as problem:  # noqa: BLE001  (whatever the user's code raises stands for the app raising)
        job.course = job.course._replace(answer=Answer(None, dict(run.files.plain), _described(problem)))
        return None if isinstance(problem, Exception) else problem
    return None


def answered(planned: Output, answer: Answer) -> Output:
    """Return what a run leaves behind of which a function has said something, over what was planned."""
    from flare_sim.jobs.result_files import laid_over

    files, extra_bytes, _ = planned
    return Output(laid_over(files, answer.files), extra_bytes, (answer.failure,) if answer.failure else ())


def behavior_of(job: Job, given: BehaviorSource, defaults: JobBehavior) -> JobBehavior:
    """Return what a job's run does, as far as anybody says.

    The job's own meta comes first, then what was ``given`` to the server, then the defaults.  Of behaviors by name it
    is that of the job's name, and what that leaves open is as ``"*"`` says.  Of a function it is what that has said of
    the job, nothing until it is asked; where it failed the run ends at once with EXECUTION_EXCEPTION.
    """
    chosen: Any = given  # a dict, a behavior or a function by now, of which the last may be an object that lies
    if type(chosen) is dict:
        nothing = JobBehavior()
        chosen = chosen.get(job.definition.name, nothing).or_else(chosen.get(ANY_NAME, nothing))
    elif chosen is not None and type(chosen) is not JobBehavior:
        answer = job.course.answer
        if answer is not None and answer.failure:
            return _FAILING.or_else(defaults)
        chosen = None if answer is None else answer.behavior
    own = job.definition.behavior
    return (own if chosen is None else own.or_else(chosen)).or_else(defaults)


_FAILING = JobBehavior(run_seconds=0, outcome="EXECUTION_EXCEPTION")


def _described(problem: BaseException) -> str:
    try:
        return f"{plain_name(problem)}: {problem}"
    except Exception:  # noqa: BLE001  (the exception is the user's, and so may be the fault in describing it)
        return plain_name(problem)
