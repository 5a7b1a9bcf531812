"""The report on all seeds: the same whatever found them out, in whatever order and however often it was interrupted."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import check_called
from contract_tests.contract import interface
from contract_tests.contract.clause import Clause
from contract_tests.contract.conclusion import Conclusion, conclude
from contract_tests.contract.verdict import Verdict, of_clause
from contract_tests.report.failures.text import command
from contract_tests.sweep.plan import ONCE, Plan
from contract_tests.sweep.trying import Failure, Found

SCHEMA_VERSION: Final = 1
"""Of the JSON report of a sweep."""

NO_VERDICT: Final = 3
"""The exit code when something ended the processes that were to find out."""


class _Key(NamedTuple):
    """What failures have in common that are the same but for their seed."""

    clause: str
    verdict: str
    cause: str


class Row(NamedTuple):
    """A clause, and what was found of it.

    Attributes:
        clause: the clause.
        drawn: whether something of it was tried with every seed; else all of it was tried once.
        counts: how many seeds came to each verdict, or one for what was tried once.
        verdict: the worst of them; ``not run`` counts as one while a seed is left.
    """

    clause: Clause
    drawn: bool
    counts: dict[Verdict, int]
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON can hold it."""
        return {
            "id": self.clause.id,
            "level": self.clause.level,
            "statement": self.clause.statement,
            "drawn": self.drawn,
            "verdict": self.verdict.value,
            "counts": {verdict.value: count for verdict, count in self.counts.items()},
        }


class Distinct(NamedTuple):
    """Failures that are the same but for their seed.

    Attributes:
        clause, failure: the clause's id, and what is told of the smallest seed.
        seeds: how many seeds show it; None when any does, as nothing is drawn.
        seed: the smallest of them, or `ONCE`.
        again: the command that shows it.
    """

    clause: str
    failure: Failure
    seeds: int | None
    seed: int | None
    again: str

    def as_dict(self) -> dict[str, Any]:
        """The failure as JSON can hold it."""
        told = {"clause": self.clause, **self.failure._asdict()}
        return {**told, "seeds": self.seeds, "seed": self.seed, "again": self.again}


@dataclass
class Merged:
    """What is known of a range of seeds.

    Attributes:
        plan: what was tried with each.
        seeds: the range.
        problems: what is wrong with the declared deviations.
        deviations_file: where they are declared.
        given_up: the seeds that ended every process which tried them, and how.
    """

    plan: Plan
    seeds: range
    problems: list[str] = field(default_factory=list)
    deviations_file: Path | None = None
    given_up: dict[int | None, str] = field(default_factory=dict)
    _done: set[int | None] = field(default_factory=set)
    _drawn: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    _once: dict[str, Verdict] = field(default_factory=dict)
    _seeds: Counter[_Key] = field(default_factory=Counter)
    _first: dict[_Key, tuple[tuple[bool, int], int | None, Failure]] = field(default_factory=dict)

    def add(self, found: Found) -> None:
        """Take in what came of a seed of the range, each of them once."""
        if found.seed in self._done or not (found.seed is ONCE or found.seed in self.seeds):
            return
        self._done.add(found.seed)
        if found.seed is ONCE:
            self._once = found.verdicts
        else:
            self._drawn.update(found.verdicts.items())
        told: dict[_Key, Failure] = {}
        for failure in found.failures:
            told.setdefault(_Key(check_called(failure.check).clause, failure.verdict, failure.cause), failure)
        self._seeds.update(list(told) if found.seed is not ONCE else [])
        for key, failure in told.items():
            rank = _rank(found.seed)
            if key not in self._first or rank < self._first[key][0]:
                self._first[key] = (rank, found.seed, failure)

    @property
    def left(self) -> Iterable[int | None]:
        """What is to be tried yet: what draws nothing, then the seeds, the smallest first."""
        if self.plan.checks(ONCE) and ONCE not in self._done:
            yield ONCE
        yield from (seed for seed in self.seeds if seed not in self._done)

    @property
    def tried(self) -> int:
        """How many seeds were tried."""
        return len(self._done) - (ONCE in self._done)

    @property
    def failed(self) -> int:
        """How many failures were found that are not the same."""
        return len(self._first)

    @property
    def rows(self) -> list[Row]:
        """The clauses that were to be tried, in the order of the catalogue."""
        drawn, once = set(self.plan.judged(0)), set(self.plan.judged(ONCE))
        return [self._row(clause, clause.id in drawn, clause.id in once) for clause in self._clauses(drawn | once)]

    @property
    def failures(self) -> list[Distinct]:
        """The failures that are not the same, in the order of their clauses."""
        order = {clause.id: at for at, clause in enumerate(CATALOGUE)}
        return [self._distinct(key) for key in sorted(self._first, key=lambda key: (order[key.clause], key))]

    @property
    def conclusion(self) -> Conclusion:
        """What it all adds up to, as for a run: each clause has the worst verdict that a seed came to."""
        verdicts = {row.clause.id: row.verdict for row in self.rows}
        every = [(clause, verdicts.get(clause.id, Verdict.NOT_RUN)) for clause in CATALOGUE]
        return conclude(every, problems=bool(self.problems))

    @property
    def exit_code(self) -> int:
        """As that of a run: 3 when something ended every process that tried a seed, else that of the conclusion."""
        return NO_VERDICT if self.given_up else self.conclusion.exit_code

    def as_dict(self) -> dict[str, Any]:
        """The report as its JSON schema describes it; the same seeds give the same dict."""
        conclusion = self.conclusion
        return {
            "schema": SCHEMA_VERSION,
            "verdict": str(conclusion),
            "judged": {"judged": conclusion.judged, "of": conclusion.of},
            "system": self.plan.system,
            "interface": interface.VERSION,
            "examples": self.plan.examples,
            "every_check": self.plan.every_check,
            "seeds": {"first": self.seeds.start, "end": self.seeds.stop, "tried": self.tried},
            "given_up": in_order(self.given_up),
            "problems": self.problems,
            "deviations": [deviation.as_dict() for deviation in self.plan.deviations],
            "clauses": [row.as_dict() for row in self.rows],
            "failures": [failure.as_dict() for failure in self.failures],
        }

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.as_dict(), indent=2) + "\n"

    def _clauses(self, ids: set[str]) -> list[Clause]:
        return [clause for clause in CATALOGUE if clause.id in ids]

    def _row(self, clause: Clause, drawn: bool, once: bool) -> Row:
        always = [self._once.get(clause.id, Verdict.NOT_RUN)] if once else []
        counts: Counter[Verdict] = Counter()
        for verdict in Verdict if drawn else ():
            if number := self._drawn[clause.id, verdict]:
                counts[of_clause([verdict, *always])] += number
        if not drawn and always != [Verdict.NOT_RUN]:
            counts.update(always)
        left = drawn and self.tried < len(self.seeds)
        worst = of_clause([*counts, *always, *([Verdict.NOT_RUN] if left else [])])
        return Row(clause, drawn, {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}, worst)

    def _distinct(self, key: _Key) -> Distinct:
        _, seed, failure = self._first[key]
        again = command(self.plan.system, key.clause, self.plan.settings(seed))
        deviation = self.plan.declared.get(key.clause)
        if deviation is not None and deviation.inputs is not None:
            again += f" --deviations {shlex.quote(str(self.deviations_file))}"
        return Distinct(key.clause, failure, None if seed is ONCE else self._seeds[key], seed, again)


def _rank(seed: int | None) -> tuple[bool, int]:
    """What is tried once comes before the seeds, the smaller of these before the larger."""
    return seed is not ONCE, seed or 0


def in_order(seeds: Iterable[int | None]) -> list[int | None]:
    """What is tried once, then the seeds, the smallest first."""
    return sorted(seeds, key=_rank)
