"""Checks: how one is declared, and which inputs are its own."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.scenario.check import STATEFUL, WALK, Check, CheckTable
from contract_tests.scenario.strategies import LED, THREADED, TURN, Each, integers


def test_checks_are_declared_in_order_under_their_clauses() -> None:
    """With a name of their own where a clause has several; what is drawn and what is listed is told apart."""
    table, number, state = CheckTable(), integers(0, 9), Each("a", "b")

    @table.check("some.clause", number=number, state=state)
    def first(s: Any, number: int, state: str) -> None: ...

    @table.check("some.clause", variant="another way", kind=WALK)
    def second(s: Any, calls: list[Any]) -> None: ...

    assert [*table] == [
        Check("some.clause", "some.clause", first, {"number": number}, {"state": state}, ""),
        Check("some.clause/another way", "some.clause", second, {}, {}, WALK),
    ]


@pytest.mark.parametrize(
    ("kind", "inputs", "fits"),
    [
        ("", {"number": 1, "state": "a"}, True),
        ("", {"state": "a", "number": 1, TURN: 3, LED: 1, THREADED: True}, True),
        ("", {"number": 1}, False),
        ("", {"number": 1, "state": "a", "calls": []}, False),
        ("", {}, False),
        (WALK, {"calls": []}, True),
        (WALK, {"calls": [], TURN: 3}, True),
        (STATEFUL, {"calls": []}, True),
        (STATEFUL, {}, False),
        (STATEFUL, {"number": 1, "state": "a"}, False),
    ],
)
def test_inputs_fit_by_their_names(kind: str, inputs: dict[str, Any], fits: bool) -> None:
    """All of a check's own, and no others but the settings that any check may have; of sequences the calls."""
    check = Check("id", "clause", lambda s: None, {"number": integers(0, 9)}, {"state": Each("a")}, kind)

    assert check.fits(inputs) is fits
