"""Whether a cell makes any difference at all to an example of a check.

One that makes none is no fault there: the other job that would be aborted is not there, the status that is told is the
right one anyhow. What is compared is more than any check looks at: every answer to the letter, which of them are the
same object, what callbacks were given, which jobs and sessions there are in the end, and the files that were touched.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses.checks import check_called
from contract_tests.engine.attempt import Attempt, Stopped, SuiteError
from contract_tests.mutants.algebra.altered import AlteredSystem, Change, altered
from contract_tests.mutants.grid.visits import Example
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.system import System

_RIGHT: Final = altered("Right", Change({}))
_PLAIN: Final = (str, int, float, type(None))


_MOST: Final = 60
"""So many examples are looked at; they are one of each check, as far as there are so many checks."""


def shown(system: type[AlteredSystem], examples: Iterable[Example]) -> bool:
    """Whether any of the examples shows a difference between a system and one that is right."""
    return any(_story(system, example) != _story(_RIGHT, example) for example in islice(examples, _MOST))


def _story(system: type[AlteredSystem], example: Example) -> list[str]:
    """All that happened in an example, in words."""
    attempt = _Told(check_called(example.check), system, counts=False)
    with suppress(Violation, Stopped, SuiteError):
        attempt.once(example.inputs)
    return attempt.told


class _Told(Attempt):
    factory: type[AlteredSystem]

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.told: list[str] = []
        self._scenarios: list[Scenario] = []

    def _begin(self, system: System) -> Scenario:
        self._scenarios.append(super()._begin(system))
        return self._scenarios[-1]

    def end(self, system: System) -> None:
        """Note what happened before the system is closed."""
        chance = re.compile(re.escape(tempfile.gettempdir()) + r"[^'\"\s]*/| at 0x[0-9a-fA-F]+")
        places: dict[int, int] = {}
        told = (line for scenario in self._scenarios for line in _steps(scenario, places))
        name = self.factory.session.__name__
        self.told = [chance.sub("", line).replace(name, "") for line in (*told, *_state(system))]
        super().end(system)


def _steps(scenario: Scenario, places: dict[int, int]) -> Iterator[str]:
    """Every operation with what came of it; ``places`` says of an object when it was first handed out.

    Callbacks, which are arguments, tell what they were given.
    """
    for step in scenario.steps:
        operation, outcome = step.operation, step.outcome
        parts = [outcome.value, *(outcome.value if isinstance(outcome.value, list) else ())]
        same = [places.setdefault(id(part), len(places)) for part in parts if not isinstance(part, _PLAIN)]
        yield f"{operation!r} {outcome!r} {same}"


def _state(system: Any) -> Iterator[str]:
    """The jobs and sessions of a system, and the files of the folders that were handed over and given."""
    yield from (repr(job) for job in system.jobs_by_id().values())
    for call in system.history:
        if call.point == "open_session":
            yield repr(call.answer.inner if call.answer else None)
        folder = call.given.get("job_definition_path") if call.point == "submit_job" else call.answer
        if isinstance(folder, (str, os.PathLike)) and os.path.isdir(folder):
            yield " ".join(sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*")))
