"""What a System says of itself: what makes no sense is told before any clause, and what does passes."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests import System
from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.preflight.attributes import wrong
from contract_tests.preflight.plug import opens_sessions
from contract_tests.reference import SimulatedSystem
from contract_tests.system.lookup import BadSystem

NONSENSE = [
    ("time_unit", "z"),
    ("time_unit", 0),
    ("time_unit", float("inf")),
    ("time_unit", True),
    ("tolerance", None),
    ("tolerance", -1),
    ("patience", float("nan")),
    ("longest", []),
    ("call_limit", "20"),
    ("call_limit", 10**400),
    ("download_limit", "all"),
    ("examples", -5),
    ("examples", 0),
    ("examples", 1.5),
    ("combinations", "all"),
    ("users", "alice"),
    ("users", (1, 2)),
    ("client_names", 7),
    ("restricted_user", 7),
    ("unknown_user", b"nobody"),
]
SENSE = [
    ("tolerance", 0),
    ("patience", float("inf")),
    ("examples", None),
    ("examples", 1),
    ("users", ["alice", "bob"]),
    ("client_names", {"site-1": 1}),
]


class Opening(System):
    """Opens sessions of the reference, and says nothing of itself."""

    def open_session(self, user: str = "") -> Any:
        """A session."""
        return SimulatedSystem().open_session()


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_what_makes_no_sense_is_told(name: str, value: Any) -> None:
    """With the attribute, what it is and what it has to be; nothing is judged."""
    told = type("Told", (Opening,), {name: value})
    said = rf"nothing can be judged yet: {name} (is|can't be read)(.|\n)*implement: {name}, "

    with pytest.raises(BadSystem, match=said):
        opens_sessions(told)


@pytest.mark.parametrize(("name", "value"), SENSE)
def test_what_makes_sense_passes(name: str, value: Any) -> None:
    """However unusual it is."""
    assert wrong(type("Told", (System,), {name: value})()) is None


@pytest.mark.parametrize("ended_by", [SystemExit(0), GeneratorExit(), RecursionError("deep"), ValueError("\x1b[31m")])
def test_what_can_not_be_read_is_told(ended_by: BaseException) -> None:
    """Whatever comes of it."""

    def users(self: System) -> Any:
        raise ended_by

    found = wrong(type("Told", (System,), {"users": property(users)})())

    assert found is not None
    assert found.told.startswith(f"users can't be read: {type(ended_by).__name__}")
    assert found.told.isprintable()


def test_no_conforming_variant_makes_no_sense() -> None:
    """Unusual systems pass."""
    made = [variant.system() for variant in all_conforming_variants()]

    assert [wrong(system) for system in made if wrong(system)] == []
