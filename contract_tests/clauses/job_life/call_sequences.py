"""Sequences of calls, judged by the contract's model of a server."""

from __future__ import annotations

from typing import Any

from contract_tests.scenario.check import STATEFUL, CheckTable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.drawn_calls import TOUR_CALLS, many, tour
from contract_tests.sequences.occasions import (
    ACTS_ON_JOBS,
    CIRCUMSTANCES,
    INSIDE,
    INSIDE_AFTER,
    OCCASIONS,
    OTHER_FIRST,
    occasion,
    on_every_kind,
)
from contract_tests.sequences.player import play_all

CHECKS = CheckTable()


@CHECKS.check("life.model", variant="tours", first=Each(*TOUR_CALLS), second=Each(*TOUR_CALLS))
def _tours(s: Scenario, first: str, second: str) -> None:
    play_all(s, tour(first, second))


@CHECKS.check("life.model", variant="occasions", name=Each(*OCCASIONS, OTHER_FIRST, INSIDE, INSIDE_AFTER))
def _occasions(s: Scenario, name: str) -> None:
    play_all(s, occasion(name))


@CHECKS.check(
    "life.model",
    variant="kinds of jobs",
    act=Each(*ACTS_ON_JOBS),
    circumstance=Each(*CIRCUMSTANCES),
    other=Each(False, True),
)
def _kinds(s: Scenario, act: str, circumstance: str, other: bool) -> None:
    play_all(s, on_every_kind(act, circumstance, other=other))


@CHECKS.check("life.model", variant="many")
def _many(s: Scenario) -> None:
    play_all(s, many())


@CHECKS.check("life.model", kind=STATEFUL)
def _model(s: Scenario, calls: list[list[Any]]) -> None:
    play_all(s, calls)
