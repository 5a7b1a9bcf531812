"""What a sweep tries, apart from its seeds; and by what it is known again when it goes on later or elsewhere."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses.checks import all_checks
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.settings import RunSettings
from contract_tests.scenario.check import Check

ONCE: Final = None
"""Stands in the place of a seed for all that draws nothing, and so is the same with every seed."""


@lru_cache(maxsize=1)
def suite() -> str:
    """What tells this suite from every other that might find something else: its files, Hypothesis, and Python."""
    from hypothesis import __version__ as hypothesis

    found = hashlib.sha256(f"{hypothesis} {'.'.join(platform.python_version_tuple()[:2])}".encode())
    root = Path(__file__).parents[1]
    for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".json")):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


@dataclass(frozen=True)
class Plan:
    """What is tried with every seed.

    Attributes:
        system: the name of the system's factory, as `lookup.factory` finds it.
        clauses: the ids of the clauses, None for all.
        examples, combinations: as in `RunSettings`.
        every_check: whether checks that draw nothing are tried with every seed, too, rather than once.
        deviations: those declared.
        suite: the suite it is made for.
    """

    system: str
    clauses: frozenset[str] | None = None
    examples: int = RunSettings().examples
    combinations: int | None = None
    every_check: bool = False
    deviations: tuple[Deviation, ...] = ()
    suite: str = field(default_factory=suite)

    def settings(self, seed: int | None) -> RunSettings:
        """How thoroughly to try, with a seed or `ONCE`."""
        return RunSettings(self.examples, seed or 0, self.combinations)

    def checks(self, seed: int | None) -> list[Check]:
        """The checks to try with a seed, or those to try `ONCE`, in the order of the catalogue."""
        chosen = [check for check in all_checks() if self.clauses is None or check.clause in self.clauses]
        return [check for check in chosen if self._draws(check) is (seed is not ONCE)]

    def judged(self, seed: int | None) -> list[str]:
        """The clauses that these checks judge."""
        return list(dict.fromkeys(check.clause for check in self.checks(seed)))

    @property
    def declared(self) -> dict[str, Deviation]:
        """The deviations by their clause."""
        return {deviation.clause: deviation for deviation in self.deviations}

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON can hold it."""
        held = {**asdict(self), "clauses": None if self.clauses is None else sorted(self.clauses)}
        return dict(json.loads(json.dumps(held, default=str)))

    @property
    def digest(self) -> str:
        """The same for plans by which the same comes of every seed."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True).encode()).hexdigest()[:16]

    def _draws(self, check: Check) -> bool:
        """Whether what a check tries depends on the seed; a witness that is replayed does not."""
        deviation = self.declared.get(check.clause)
        replayed = deviation is not None and deviation.inputs is not None
        return self.every_check or (bool(check.kind or check.inputs) and not replayed)
