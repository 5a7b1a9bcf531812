"""Work on processes of this machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from typing import Any

from contract_tests.distribution.engine import TICK, TRIES, GivenUp
from contract_tests.engine.processes import Done, Lost, Pool


class Local:
    """So many processes, which are started when there is something to do."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def results(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[list[Done], None, None]:
        """As `Engine.results`."""
        waiting, again, deaths = iter(items), list[Any](), Counter[Any]()
        pool = Pool(work)
        try:
            while True:
                while pool.busy < self._jobs:
                    following = [again.pop()] if again else list(islice(waiting, 1))
                    if not following:
                        break
                    pool.give(following[0])
                if not pool.busy:
                    return
                ended = pool.wait(TICK)
                lost = [done for done in ended if isinstance(done.value, Lost)]
                deaths.update(done.item for done in lost)
                again += [done.item for done in lost if deaths[done.item] < TRIES]
                yield [_told(done) for done in ended if done.item not in again]
        finally:
            pool.stop()


def _told(done: Done) -> Done:
    """What came of an item that is not tried again."""
    return done._replace(value=GivenUp(done.item, done.value.how)) if isinstance(done.value, Lost) else done
