"""Which examples of which checks a default run tries meet which condition at which point.

A cell of the grid can be noticed by no other example: where its condition does not hold, nothing is altered. A default
run draws the same inputs for a cell as for the reference, up to the first failure, so that what is seen here once for
all serves every cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks, check_called
from contract_tests.engine.attempt import Attempt, Stopped, SuiteError
from contract_tests.engine.search import search
from contract_tests.engine.settings import PROFILES, RunSettings
from contract_tests.mutants.algebra.altered import CALLS, Change, altered, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.grid.axes import CONDITIONS
from contract_tests.scenario.exceptions import Violation

STEP: Final = "poll"
"""The step of the monitor that stands for all: nothing but the monitor itself happens between one and the next."""

ENTRIES: Final = {"list_jobs": "list_jobs, of an entry", "get_job_meta": "get_job_meta, of an entry"}
"""The points at which a condition is one of each job that is told of."""

_ENDS: Final = 12
"""So many entries are looked at of each end of a list."""

POINTS: Final = (*CALLS, STEP, *ENTRIES.values())
_BITS: Final = {
    (point, condition.name): 1 << (place * len(CONDITIONS) + number)
    for place, point in enumerate(POINTS)
    for number, condition in enumerate(CONDITIONS)
}


class Example(NamedTuple):
    """Inputs of a check, and what was met when they were tried: a bit for each point and condition."""

    check: str
    inputs: dict[str, Any]
    met: int

    def meets(self, point: str, condition: str) -> bool:
        """Whether a condition held at a point."""
        return bool(self.met & _BITS[point, condition])


def judged() -> list[str]:
    """The ids of the checks whose verdict counts."""
    return [check.id for check in all_checks() if CATALOGUE[check.clause].judged]


def examples(check_id: str, seed: int = 0) -> list[Example]:
    """What a default run tries in a check, as far as anything was met."""
    check, watch = check_called(check_id), _Watch()
    attempt = _Watched(check, altered("Watched", watch.change), counts=False)
    attempt.watch, attempt.found = watch, []
    try:
        search(attempt, RunSettings(PROFILES["default"], seed))
    except (Violation, Stopped, SuiteError) as ended:
        raise RuntimeError(f"{check_id} does not pass when it is watched: {attempt.failure}") from ended
    return attempt.found


class _Watch:
    """Notes at every call which conditions hold."""

    def __init__(self) -> None:
        self.met = 0
        entries = on(ENTRIES, self._of_entries)
        self.change: Change = on((*CALLS, STEP), self._of_call) + entries

    def _of_call(self, call: Call) -> Any:
        self._look(call, call.point)
        return call.go()

    def _of_entries(self, call: Call) -> Any:
        answer = call.go()
        told = answer if isinstance(answer, list) else [answer]
        for entry in told if len(told) < 2 * _ENDS else (*told[:_ENDS], *told[-_ENDS:]):
            self._look(call.about(entry["job_id"]), ENTRIES[call.point])
        return answer

    def _look(self, call: Call, point: str) -> None:
        for condition in CONDITIONS:
            bit = _BITS[point, condition.name]
            if not self.met & bit and condition.holds(call):
                self.met |= bit


class _Watched(Attempt):
    watch: _Watch
    found: list[Example]

    def once(self, inputs: dict[str, Any]) -> None:
        self.watch.met = 0
        super().once(inputs)
        if self.watch.met:
            self.found.append(Example(self.check.id, inputs, self.watch.met))


def meeting(seen: Iterable[Example], point: str, condition: str) -> Iterator[Example]:
    """The examples that meet a condition at a point."""
    return (example for example in seen if example.meets(point, condition))
