"""What the suite does to a system changes when somebody means it to, and is the same in every process and Python."""

from __future__ import annotations

import json

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from tests.contract_tests.clauses.performed import KEPT, digest, performed

DIGESTS: dict[str, str] = json.loads(KEPT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("clause", [clause.id for clause in CATALOGUE])
def test_the_checks_of_a_clause_perform_what_they_did(clause: str) -> None:
    """Where that was to change, ``python -m tests.contract_tests.clauses.performed`` writes it down anew."""
    assert digest(clause) == DIGESTS[clause], "\n".join(performed(clause))


def test_digests_are_kept_of_every_clause_and_of_nothing_else() -> None:
    """In the order of the catalogue."""
    assert list(DIGESTS) == [clause.id for clause in CATALOGUE]


def test_every_check_performs_something() -> None:
    """What is kept is not empty."""
    told = list(performed("delete.running"))

    assert any(line.startswith("  alice: delete_job(job1) returned None") for line in told)
