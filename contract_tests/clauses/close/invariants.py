"""close, at every point of any sequence of calls: what it returns."""

from __future__ import annotations

from contract_tests.clauses.shared.invariants import answers_are
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("close.returns-none")
def _returns_none(view: Viewpoint) -> None:
    def ask() -> None:
        extra = view.s.open(view.user)
        for _ in range(3):
            extra.do("close")

    answers_are(view, "close", "None", lambda value: value is None, ask)
