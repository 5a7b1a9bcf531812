"""What reports say of systems at fault changes when somebody means it to, and is the same in every Python."""

from __future__ import annotations

import json

import pytest

from tests.contract_tests.engine.kept_reports import CASES, KEPT, digest, told

DIGESTS: dict[str, str] = json.loads(KEPT.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if case.clauses is None else name for name, case in CASES.items()],
)
def test_a_report_says_what_it_said(name: str) -> None:
    """Where that was to change, ``python -m tests.contract_tests.engine.kept_reports`` writes it down anew."""
    assert digest(name) == DIGESTS[name], told(name)


def test_every_case_is_told_as_something_else() -> None:
    """What is kept is not empty, and there are no others."""
    assert list(DIGESTS) == list(CASES)
    assert len(set(DIGESTS.values())) == len(CASES)
