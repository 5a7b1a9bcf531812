"""Files of the right form in which some value is of a type that it can't be: words, whatever it is and wherever."""

from __future__ import annotations

import copy
import datetime as dt
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest
import tomli_w

from contract_tests.engine import deviations
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.report import reproducer
from contract_tests.report.verify import problems
from contract_tests.system.lookup import BadSystem
from tests.contract_tests.faulty_systems import CLAUSE, NAME, Reluctant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contract_tests.engine.report import Report

WRONG: dict[str, Any] = {
    "true": True,
    "zero": 0,
    "negative": -1,
    "large": 10**4000,
    "fraction": 0.5,
    "empty": "",
    "text": "\x1b[31m\n\ud800",
    "list": [],
    "lists": [[[["a"]]], {}],
    "dict": {"a": {"b": "c"}},
}
TODAY = dt.date(2026, 1, 1)


@lru_cache
def report() -> Report:
    """A report on a system that breaks a clause; nothing else was tried."""
    return run_suite(Reluctant, RunSettings(1), clauses=[CLAUSE])


def places(held: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of a value, of a list the first and the one that was tried."""
    if path:
        yield path
    if isinstance(held, dict):
        for key, value in held.items():
            yield from places(value, (*path, key))
    if isinstance(held, list):
        telling = [at for at, value in enumerate(held) if isinstance(value, dict) and value.get("checks")]
        for at in {*range(min(1, len(held))), *telling}:
            yield from places(held[at], (*path, at))


def changed(held: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value in a place."""
    made = copy.copy(held)
    made[path[0]] = changed(held[path[0]], path[1:], value) if path[1:] else value
    return made


@pytest.mark.parametrize("wrong", [*WRONG, "none", "nothing"])
def test_a_report_is_said_not_to_hold(wrong: str) -> None:
    """Where it decides something; elsewhere it says what it says."""
    good = json.loads(report().to_json())
    decides = {"schema", "verdict", "judged", "counts", "levels", "level", "clauses", "observations"}

    assert problems(good) == []
    for path in places(good):
        held = changed(good, path, WRONG.get(wrong))
        if wrong == "nothing":
            del held[path[0]]
        found = problems(held)
        assert all(line.isprintable() for line in found), path
        assert found or path[0] not in decides or len(path) > 1 or held == good, path


@pytest.mark.parametrize("wrong", WRONG)
def test_a_deviation_is_said_to_be_none(wrong: str, tmp_path: Path) -> None:
    """In a line that says which and why."""
    failed = next(check for check in report().failures[0].checks if check.inputs)
    witness = {"check": failed.check, "inputs": json.dumps(failed.inputs)}
    good = {"clause": CLAUSE, "reason": "why", "link": "there", "expires": dt.date(2027, 1, 1), "witness": witness}
    path = tmp_path / "given.toml"

    def read(entry: Any) -> list[str]:
        path.write_text(tomli_w.dumps({"deviation": [entry]}), encoding="utf-8", errors="replace")
        return deviations.read(path, TODAY)[1]

    assert read(good) == []
    for place in places(good):
        if (place == ("link",) and isinstance(WRONG[wrong], str)) or (place == ("reason",) and wrong == "text"):
            continue
        (told,) = read(changed(good, place, WRONG[wrong]))
        assert told.isprintable()
        assert told.startswith(f"{path}: deviation 1: ")


@pytest.mark.parametrize("wrong", [*WRONG, "none"])
def test_a_reproducer_is_said_to_be_none(wrong: str, tmp_path: Path) -> None:
    """Before anything that it names is run."""
    failed = next(check for check in report().failures[0].checks if check.inputs)
    good = {"check": failed.check, "inputs": json.dumps(failed.inputs), "system": NAME}
    path = tmp_path / "given.py"
    for key in good:
        path.write_text(f"REPRO = {changed(good, (key,), WRONG.get(wrong))!r}\n")
        with pytest.raises((reproducer.BadRepro, BadSystem)) as told:
            reproducer.repeat(reproducer.read(path))

        assert str(told.value).isprintable()


@pytest.mark.parametrize("wrong", [*WRONG, "none"])
def test_inputs_of_a_wrong_type_are_told_of(wrong: str) -> None:
    """What a check makes nothing of is no verdict on a system: an error, or what a check says of such a value."""
    failed = next(check for check in report().failures[0].checks if check.inputs)
    for path in places(failed.inputs):
        inputs = changed(failed.inputs, path, WRONG.get(wrong))
        result = reproducer.repeat(reproducer.Repro(failed.check, inputs, NAME))

        assert reproducer.outcome(result) in {"FIXED", "FAILED", "ERROR"}, path
