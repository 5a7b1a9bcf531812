"""What is said of a run that takes its time: how long it will be, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

_STEPS: Final = 10
"""How often is told how far it has come."""


class Remarks:
    """Tells how far a run has come, and how long the rest may take.

    Args:
        tell: told in a line.
        seconds: what every check takes, by its id, as far as can be told beforehand.
    """

    def __init__(self, tell: Callable[[str], None], seconds: Mapping[str, float]) -> None:
        self._tell = tell
        self._seconds = seconds
        self._begun = monotonic()
        self._looks = self._told_looks = 0
        self._done = self._done_seconds = self._told = 0.0

    def begin(self, pace: str, looks: int, most: int) -> None:
        """Tell what is about to be done, by so many checks at once at most."""
        self._looks = looks
        waits = sum(self._seconds.values())
        least = max(waits / most, max(self._seconds.values(), default=0.0))
        beside = f", side by side {duration(least)} at the least" if most > 1 else ""
        self._tell(f"{pace}: {len(self._seconds)} checks take about {duration(waits)} one by one{beside}")

    def looks(self, left: int) -> None:
        """Take note of how many checks are still to be looked at."""
        done = (self._looks - left) * _STEPS // max(1, self._looks)
        if done > self._told_looks:
            self._told_looks = done
            self._tell(f"first look: {self._looks - left} of {self._looks} checks, {self._passed}")

    def done(self, check: str, at_once: int) -> None:
        """Take note of a check that has its result, while so many may be tried at once."""
        self._done += 1
        self._done_seconds += self._seconds[check]
        share = self._done_seconds / max(1e-9, sum(self._seconds.values()))
        if share * _STEPS >= self._told + 1 and self._done < len(self._seconds):
            self._told = int(share * _STEPS)
            rest = (monotonic() - self._begun) * (1.0 - share) / share
            self._tell(
                f"{self._done:.0f} of {len(self._seconds)} checks, {self._passed}, about {duration(rest)} left, "
                f"{at_once} at once"
            )

    @property
    def _passed(self) -> str:
        return duration(monotonic() - self._begun)


def duration(seconds: float) -> str:
    """Real seconds as people say them."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
