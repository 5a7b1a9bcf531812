"""What a run is to write as time passes, and how time has passed for it: both together say what it has written.

Nothing that is written is kept, but for what a function has said: it is worked out when somebody looks.  Times of a run
are ticks that it was under way, whatever pauses there were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flare_sim.clock import to_ticks

if TYPE_CHECKING:
    from flare_sim.jobs.behavior import JobBehavior

__all__ = ["History", "Notes", "Program"]


class Program(NamedTuple):
    """What a run writes as time passes."""

    behavior: JobBehavior
    """What was said of that, and nothing else."""
    length: int
    """How long the run is to take."""

    @property
    def rounds(self) -> int:
        """How many rounds there are to be."""
        return self.behavior.rounds or 0

    @property
    def every(self) -> int:
        """How long a round takes."""
        return to_ticks(self.behavior.every or 0)

    @property
    def fitting(self) -> int:
        """How many rounds the run has the time for."""
        every = self.every
        return min(self.rounds, self.length // every) if every else self.rounds


class Notes(NamedTuple):
    """What a behavior function has a run write, beside files that are there from its beginning."""

    files: tuple[tuple[int, str, bytes], ...] = ()
    """At which time of the run, where, what."""
    lines: tuple[tuple[int, str], ...] = ()
    """At which time of the run, which line of its log."""
    metrics: tuple[tuple[int, str, tuple[tuple[str, float], ...]], ...] = ()
    """In which round, which site, which metrics."""

    def and_those(self, more: Notes) -> Notes:
        """Return these and more."""
        return Notes(self.files + more.files, self.lines + more.lines, self.metrics + more.metrics)


class History(NamedTuple):
    """How time has passed for a run."""

    spells: tuple[tuple[int, int], ...] = ()
    """When it went on, in ticks of the clock, and how long it had been under way by then."""
    stopped: int | None = 0
    """How long it has been under way, None while it is."""
    rounds: int = 0
    """How many of its rounds are over."""
    away: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """From which round on which of its clients were not there when a round was over, wherever that changed."""
    notes: Notes = Notes()
    """What a function has said."""

    def elapsed(self, now: int, every: int) -> int:
        """Return how long it has been under way; rounds count even where jobs do not get on with time."""
        if self.stopped is not None:
            return self.stopped
        began, before = self.spells[-1]
        return max(before + now - began, self.rounds * every)

    def gone_on(self, now: int) -> History:
        """Return it going on from now on."""
        if self.stopped is None:
            return self
        return self._replace(spells=(*self.spells, (now, self.stopped)), stopped=None)

    def halted(self, elapsed: int) -> History:
        """Return it under way so long, and no longer."""
        return self._replace(stopped=elapsed) if self.stopped is None else self

    def with_round(self, away: tuple[str, ...]) -> History:
        """Return it with one more round over, when these clients were not there."""
        changed = away != (self.away[-1][1] if self.away else ())
        more = (*self.away, (self.rounds, away)) if changed else self.away
        return self._replace(rounds=self.rounds + 1, away=more)

    def tick_of(self, elapsed: int) -> int:
        """Return when it had been under way so long."""
        began, before = next((one for one in reversed(self.spells) if one[1] < elapsed), self.spells[0])
        return began + elapsed - before
