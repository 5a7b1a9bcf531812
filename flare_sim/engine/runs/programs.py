"""What a run writes as time passes, as far as its behavior says: a program, with its rounds and its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flare_sim.clock import LONGEST_SECONDS, to_seconds, to_ticks
from flare_sim.engine.history import History, Program
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.outputs import MOST_ROUNDS

if TYPE_CHECKING:
    from flare_sim.engine.job import Output

__all__ = ["begun", "program_of", "with_rounds"]

USUAL_ROUNDS = 5
"""So many rounds there are where nobody says anything of their number."""


def with_rounds(said: JobBehavior) -> JobBehavior:
    """Return a behavior of which rounds are spoken, with their number if that follows, and how long the run takes.

    Where nobody says how many there are, and no length of the run decides it, there are as many as there are metrics.
    """
    rounds, every = said.rounds, said.every
    if rounds is None and (not every or said.run_seconds is None):
        rounds = _lists(said) or USUAL_ROUNDS
    if rounds is None or every is None or said.run_seconds is not None:
        return said._replace(rounds=rounds)
    seconds = min(to_seconds(rounds * to_ticks(every)), LONGEST_SECONDS)
    return said._replace(rounds=rounds, run_seconds=seconds)


def begun(output: Output, behavior: JobBehavior, *, noted: bool = False) -> Output:
    """Return what a run leaves behind, with what it writes as time passes, of which no time has passed yet."""
    program = program_of(behavior, noted=noted)
    return output if program is None else output._replace(program=program, history=History())


def program_of(behavior: JobBehavior, *, noted: bool = False) -> Program | None:
    """Return what a run writes as time passes, None when that is nothing; a function may have ``noted`` something."""
    rounds, every, length = behavior.rounds, behavior.every, to_ticks(behavior.run_seconds or 0)
    if rounds is None and every:  # as many as there is time for
        rounds = min(length // max(to_ticks(every), 1), MOST_ROUNDS) or None
    if not (rounds or noted or behavior.timed_files or behavior.log_lines):
        return None
    if rounds and every is None:
        every = to_seconds(length // rounds)
    said = JobBehavior()._replace(
        rounds=rounds,
        every=every,
        metrics=behavior.metrics,
        round_files=behavior.round_files,
        timed_files=behavior.timed_files,
        log_lines=behavior.log_lines,
    )
    return Program(said, length)


def _lists(said: JobBehavior) -> int:
    """Return for how many rounds there are numbers."""
    if not isinstance(said.metrics, tuple):
        return 0
    lengths = [len(numbers) for _, by_name in said.metrics for _, numbers in by_name]
    return min(max(lengths, default=0), MOST_ROUNDS)
