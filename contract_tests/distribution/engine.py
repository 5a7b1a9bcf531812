"""What all who do work have in common: they take items in any number, and tell what comes of each as it is known."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Final, Protocol

from contract_tests.engine.processes import Done

TRIES: Final = 3
"""Times that an item is tried whose process dies in the middle of it."""

TICK: Final = 0.25
"""Seconds after which is told that nothing was done meanwhile."""


class GivenUp(Exception):
    """Whatever process tries an item dies of it.

    Attributes:
        item: what was tried.
        how: what became of the processes, in words.
    """

    def __init__(self, item: Any, how: str) -> None:
        super().__init__(item, how)
        self.item = item
        self.how = how

    def __str__(self) -> str:
        return f"{self.item} ends every process that tries it: {self.how}"


class OutOfReach(Exception):
    """Nobody is there to do the work (any more); the text says why, in a line."""


class Engine(Protocol):
    """Does work elsewhere than in this process."""

    def results(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[list[Done], None, None]:
        """What comes of ``work(item)`` for every item, in any order; closing the iterator gives up what is under way.

        It takes no more items than it has workers for. What a worker was at that dies is tried again by another; what
        is tried in vain several times comes back as not good, with `GivenUp` as its value.

        Args:
            work: a function of a module, or a `functools.partial` of one, that can be pickled.
            items: what it is called with, one at a time; they can be pickled and hashed.

        Yields:
            what has been done since, within fractions of a second: often nothing.

        Raises:
            OutOfReach: nobody is there to do it.
        """
        ...


def flat(engine: Engine, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
    """What ``work`` returned for every item, as it is known.

    Raises:
        OutOfReach: nobody is there to do it.
        Exception: what the work raised, or `GivenUp`.
    """
    for ended in engine.results(work, items):
        for done in ended:
            yield done.result()
