"""What a job's run does: as its meta says, or the server's ``behavior``, by the job's name or a user's function."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from flare_sim.engine.job import Answer, Output
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.untrusted_values import plain_items, plain_list, plain_name, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from flare_sim.engine.job import Job
    from flare_sim.engine.runs.run import Run

    BehaviorFunction = Callable[[Run], JobBehavior | None]
    BehaviorSource = JobBehavior | Mapping[str, JobBehavior | Sequence[JobBehavior]] | BehaviorFunction | None

__all__ = ["ANY_NAME", "answered", "ask", "behavior_of", "checked_behavior", "names_for", "take_turn", "takes_turns"]

ANY_NAME = "*"
"""The key under which a behavior by name has what goes for every job."""
_LETTERS_THAT_MATCH = ("*", "?")
"""What makes a key of a behavior by name a pattern: any letters, any one letter."""


def checked_behavior(behavior: BehaviorSource | Any) -> BehaviorSource:
    """Return a behavior as it was given, a mapping as a dict of its own.

    Raises:
        ValueError: no ``JobBehavior``, no mapping of names to such or to lists of them, no function.
    """
    given = plain_items(behavior)
    if given is not None:
        by_name: dict[str, JobBehavior | tuple[JobBehavior, ...]] = {}
        for name, one in given:
            text = plain_text(name)
            turns = (one,) if type(one) is JobBehavior else tuple(plain_list(one) or ())
            if text is None or not turns or any(type(turn) is not JobBehavior for turn in turns):
                told = f"{shown(one)} for {shown(name)}"
                raise ValueError(f"behavior must be a JobBehavior for each name, or a list of them, not {told}")
            by_name[text] = turns[0] if len(turns) == 1 else turns
        return by_name
    if behavior is not None and type(behavior) is not JobBehavior and not callable(behavior):
        raise ValueError(f"behavior must be a JobBehavior, one by name, or a function, not a {plain_name(behavior)}")
    checked: BehaviorSource = behavior
    return checked


def ask(
    job: Job, function: BehaviorFunction, now: int, sites: Collection[str], number: int | None = None
) -> BaseException | None:
    """Ask a user's function what a run does that is about to begin, or one that has a round behind it.

    It is asked once; the job keeps what it says.  One that raises, or answers with something else than a behavior, is
    an app that raises.  So is one that was interrupted: nobody can tell a signal that arrives while it works from what
    it raises itself.

    Args:
        job: whose run it is.
        function: what is asked.
        now: the tick reached.
        sites: the clients taking part that are there.
        number: which round is over, None for a run that is about to begin.

    Returns:
        What has to be raised once the job is seen to: what it raised that is no ``Exception``, such as SystemExit.
    """
    from flare_sim.engine.runs.run import Run

    if job.course.answer is not None:
        return None
    run = Run(job, now, sites, number)
    try:
        job.course = job.course._replace(plan=None, answer=Answer(None, run.files.plain, "interrupted"))
        said = function(run)
        if said is not None and type(said) is not JobBehavior:
            raise TypeError(f"a behavior must be a JobBehavior or None, not a {plain_name(said)}")
        job.course = job.course._replace(answer=Answer(said, dict(run.files.plain), "", run.noted()))
    except BaseException as problem:  # noqa: BLE001  (whatever the user's code raises stands for the app raising)
        answer = Answer(None, dict(run.files.plain), _described(problem), run.noted())
        job.course = job.course._replace(answer=answer)
        return None if isinstance(problem, Exception) else problem
    return None


def answered(planned: Output, answer: Answer) -> Output:
    """Return what a run leaves behind of which a function has said something, over what was planned."""
    from flare_sim.jobs.result_files import laid_over

    history = planned.history
    if history is not None and answer.notes is not None:
        history = history._replace(notes=answer.notes)
    failures = (answer.failure,) if answer.failure else ()
    return planned._replace(files=laid_over(planned.files, answer.files), log=failures, history=history)


def behavior_of(job: Job, given: BehaviorSource, defaults: JobBehavior) -> JobBehavior:
    """Return what a job's run does, as far as anybody says.

    The job's own meta comes first, then what was ``given`` to the server, then the defaults.  Of behaviors by name it
    is that of the job's name, then those of the patterns that fit it, and what all of them leave open is as ``"*"``
    says.  Of a function, and of behaviors that take turns, it is what was said of the job, nothing until then; where a
    function failed the run ends at once with EXECUTION_EXCEPTION.
    """
    chosen: Any = given  # a dict, a behavior or a function by now, of which the last may be an object that lies
    answer = job.course.answer
    if answer is not None:
        if answer.failure:
            return _FAILING.or_else(defaults)
        chosen = answer.behavior
    elif type(chosen) is dict:
        chosen = _together(chosen[name] for name in names_for(job.definition.name, chosen))
    elif chosen is not None and type(chosen) is not JobBehavior:
        chosen = None
    own = job.definition.behavior
    said = own if chosen is None else own.or_else(chosen)
    if said.rounds or said.every is not None or said.metrics is not None or said.round_files is not None:
        from flare_sim.engine.runs.programs import with_rounds

        said = with_rounds(said)
    return said.or_else(defaults)


def names_for(job_name: str, names: Iterable[str]) -> list[str]:
    """Return those of the keys of a behavior by name that go for a job, what comes first going before the others."""
    given = list(names)
    fitting = [job_name] if job_name in given else []
    patterns = [name for name in given if any(map(name.__contains__, _LETTERS_THAT_MATCH)) and name not in fitting]
    if patterns and patterns != [ANY_NAME]:
        from fnmatch import fnmatchcase

        fitting += (name for name in patterns if name != ANY_NAME and fnmatchcase(job_name, name.replace("[", "[[]")))
    return fitting + [ANY_NAME] * (ANY_NAME in patterns)


def takes_turns(behavior: BehaviorSource) -> bool:
    """Tell whether a behavior, as it was checked, says something else of the second job of a name than of the first."""
    return type(behavior) is dict and any(type(one) is tuple for one in behavior.values())


def take_turn(job: Job | Run, behavior: BehaviorSource, turns: Mapping[str, int]) -> tuple[Answer, dict[str, int]]:
    """Return what behaviors by name that take turns say of a job, and whose turn it is then.

    Args:
        job: one that was chosen to run.
        behavior: the behaviors by name.
        turns: how many jobs each key has said something of.
    """
    by_name: Any = behavior
    names = names_for(job.definition.name, by_name)
    said = []
    for name in names:
        one = by_name[name]
        said.append(one[min(turns.get(name, 0), len(one) - 1)] if type(one) is tuple else one)
    return Answer(_together(said), {}), {**turns, **{name: turns.get(name, 0) + 1 for name in names}}


def _together(behaviors: Iterable[JobBehavior]) -> JobBehavior:
    """Return what behaviors say together, what comes first going before the others."""
    return reduce(JobBehavior.or_else, behaviors, JobBehavior())


_FAILING = JobBehavior(run_seconds=0, outcome="EXECUTION_EXCEPTION")


def _described(problem: BaseException) -> str:
    try:
        return f"{plain_name(problem)}: {problem}"
    except Exception:  # noqa: BLE001  (the exception is the user's, and so may be the fault in describing it)
        return plain_name(problem)
