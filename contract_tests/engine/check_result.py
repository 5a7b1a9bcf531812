"""What came of a check, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contract_tests.contract.verdict import Verdict


@dataclass
class CheckResult:
    """What came of a check.

    Attributes:
        check: its id.
        clause: the id of the clause it judges.
        verdict: what it says.
        message: why, in a sentence; for an undefined clause what was observed.
        expected, observed: of a violation, in the interface's terms.
        operations: what was done, in words, one operation each.
        inputs: the inputs that led there; JSON can hold them.
        examples: how many examples were tried.
        coverage: how often each operation was performed, by operation, state of the job and state of the session.
    """

    check: str
    clause: str
    verdict: Verdict
    message: str = ""
    expected: str = ""
    observed: str = ""
    operations: list[str] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    examples: int = 0
    coverage: list[tuple[str, str, str, int]] = field(default_factory=list)
