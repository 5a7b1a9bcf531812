"""What checks take, measured on the reference: the order in which they are tried, and how long that will be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MethodType
from typing import Final, NamedTuple

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.engine.runner import run_check
from contract_tests.engine.scheduling.pace import Pace
from contract_tests.engine.search import A_WALK, combinations
from contract_tests.engine.settings import RunSettings
from contract_tests.scenario.check import Check
from contract_tests.system.system import System

_LIMITS: Final = ("longest", "patience", "threads")
_USERS: Final = ("restricted_user", "unknown_user")
_OFFERS: Final = ("outage", "lose_sessions", "misbehave", "drop_client", "connect_client", "meanwhile", "stored_files")
"""What a system may do without: then some checks end before they take any time."""


_VARIANT: Final = 4.0
"""How much longer the first of a clause's checks may take than others and still be looked at before them."""


class Cost(NamedTuple):
    """What a check takes.

    Attributes:
        times: on how many combinations of its listed inputs it is tried.
        examples: how many systems one of them takes, with a single example of what is drawn.
        calls, waits: the calls that are made there, and the contract seconds that pass.
        drawn: how many examples are drawn for each combination.
    """

    times: int
    examples: int
    calls: int
    waits: float
    drawn: int

    @property
    def rank(self) -> float:
        """What is compared to try the cheapest first; an example counts as a second of its own."""
        return self.times * (self.examples + self.waits)

    def once(self, pace: Pace) -> float:
        """The real seconds of a first look."""
        return pace.seconds(self.calls, self.waits)

    def whole(self, pace: Pace) -> float:
        """The real seconds of all of it."""
        return self.times * self.drawn * self.once(pace)


def priced(
    checks: Sequence[Check], settings: RunSettings, reference: Callable[[], System], like: System | None = None
) -> dict[str, Cost]:
    """What every check takes, by its id, with a single one of its inputs tried on the reference.

    Args:
        checks: the checks.
        settings: how thoroughly they will be tried.
        reference: makes the reference systems.
        like: a system that may offer less, or have less time; the reference then does as well.
    """
    once = replace(settings, examples=1, combinations=1)
    costs = {}
    for check in checks:
        systems: list[tuple[System, float]] = []

        def timed(made: list[tuple[System, float]] = systems) -> System:
            system = reference()
            if like is not None:
                _reduce(system, like)
            made.append((system, _time(system)))
            return system

        result = run_check(check, timed, once)
        times = len(combinations(check, settings.combinations))
        waits = sum(_time(system) - begun for system, begun in systems)
        drawn = max(1, settings.examples // (A_WALK if check.kind else times)) if check.inputs or check.kind else 1
        calls = sum(count for *_, count in result.coverage) + len(systems)
        costs[check.id] = Cost(times, len(systems), calls, waits, drawn)
    return costs


def _reduce(system: System, like: System) -> None:
    """Let the reference offer no more than another system does."""
    for name in _LIMITS:
        setattr(system, name, getattr(like, name))
    for name in _USERS:
        if getattr(like, name) is None:
            setattr(system, name, None)
    system.users = system.users[: len(like.users)]
    for name in _OFFERS:
        if getattr(type(like), name) is getattr(System, name):
            setattr(system, name, MethodType(getattr(System, name), system))


def _time(system: System) -> float:
    return 0.0 if system.clock is None else system.clock.time()


def cheapest_first(checks: Sequence[Check], costs: Mapping[str, Cost]) -> list[Check]:
    """The checks, those of a clause together, the clauses that take the least contract seconds first."""
    ranks: dict[str, float] = dict.fromkeys((check.clause for check in checks), 0.0)
    for check in checks:
        ranks[check.clause] += costs[check.id].rank
    return sorted(checks, key=lambda check: ranks[check.clause])


def likeliest_first(checks: Sequence[Check], costs: Mapping[str, Cost], pace: Pace) -> list[Check]:
    """The checks in the order of a first look: what takes least, what is basic, and what says most of its clause."""

    def key(check: Check) -> tuple[bool, float]:
        unlikely = (1 + CATALOGUE[check.clause].conformance_level) * (1.0 if check.id == check.clause else _VARIANT)
        return bool(check.kind), costs[check.id].once(pace) * unlikely

    return sorted(checks, key=key)


def shortest_first(checks: Sequence[Check], costs: Mapping[str, Cost], pace: Pace) -> list[Check]:
    """The checks in the order in which they are over, side by side."""
    return sorted(checks, key=lambda check: costs[check.id].whole(pace))
