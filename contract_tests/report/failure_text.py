"""What a failure says: the clause, what was done, expected and observed, where to look, how to repeat."""

from __future__ import annotations

import itertools

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult

_INDENT = "    "


def failure_text(result: CheckResult, system: str, seed: int) -> str:
    """The failure of a check, for people."""
    clause = CATALOGUE[result.clause]
    lines = [f"{clause.id} ({clause.level}, {clause.basis}): {result.verdict}", f"  promise:  {clause.statement}"]
    if result.operations:
        lines += ["  done:", *_numbered(result.operations)]
    if result.verdict is Verdict.VIOLATED:
        lines += [f"  expected: {result.expected}", f"  observed: {result.observed}"]
    else:
        lines.append(f"  because:  {result.message}")
    if result.verdict is not Verdict.SUITE_ERROR:
        lines.append(f"  look at:  {clause.look}")
    else:
        lines.append("  this is a fault of the suite, not of the implementation; please report it")
    if result.inputs:
        lines.append(f"  inputs:   {_inputs(result)}")
    lines.append(f"  again:    flare-contract run {system} --clause {clause.id} --seed {seed}")
    return "\n".join(lines)


def _numbered(operations: list[str]) -> list[str]:
    """The operations with numbers; what stands for others has none."""
    numbers = itertools.count(1)
    return [
        f"{_INDENT}     {operation}" if operation.startswith("…") else f"{_INDENT}{next(numbers):3}. {operation}"
        for operation in operations
    ]


def _inputs(result: CheckResult) -> str:
    text = ", ".join(f"{name}={value!r}" for name, value in result.inputs.items())
    return text if len(text) <= 300 else text[:299] + "…"
