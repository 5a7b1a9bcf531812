"""What is not claimed, in words: what of `System` to implement next, and how many clauses each step opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from contract_tests.engine.report import Report

TITLE: Final = "Not claimed: what to offer next, and how many clauses that opens"

HINT: Final = (
    "Each counts what can be tried once those above it are offered, too. flare-contract init writes stubs of them."
)


def steps(report: Report) -> list[tuple[str, int]]:
    """What to offer, one after the other, each with how many clauses can be tried then that could not before."""
    return [(offered(opening.needs), len(opening.clauses)) for opening in report.openings]


def offered(needs: Iterable[str]) -> str:
    """Needs as one would look for them in the docs of `System`."""
    plans: dict[str, list[str]] = {}
    for need in needs:
        member, separator, plan = need.partition(": ")
        plans.setdefault(member, []).extend([plan] if separator else [])
    return ", ".join(f"{member} for plans with {', '.join(its)}" if its else member for member, its in plans.items())
