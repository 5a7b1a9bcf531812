"""What came of a check, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contract_tests.contract.verdict import Verdict


class Namesake(NamedTuple):
    """A class that was raised and only has the name of one of the interface's exceptions.

    Attributes:
        name, module: its name, and where it is defined.
        line: the line of a System that says it is the interface's; empty where that module looks like no interface.
    """

    name: str
    module: str
    line: str


class Origin(NamedTuple):
    """What a failure comes from, as far as that can be said; what comes from the same has one cause.

    Attributes:
        method: the interface's method it is about; empty where it is about none.
        kind: how its call ended: ``returned``, ``raised`` or ``hung``; empty where the failure is about something else.
        what: the class of what was raised or returned.
        place: the line of the implementer's code that raised it, as ``file:line, in function``; empty for none.
    """

    method: str
    kind: str
    what: str
    place: str


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
        namesakes: classes that were raised where it failed, and have only the names of the interface's exceptions.
        origin: what a failure comes from.
        lacks: of a check that is not claimed what it needed first, and after it all that the system lacks, as
            `contract_tests.system.needs` calls it; the first in other words where it is nothing of a `System`.
        coverage: how often each operation was performed, by operation, state of the job and state of the session.
        seconds: real seconds that it took; another run takes others, so nothing is compared by them.
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
    namesakes: list[Namesake] = field(default_factory=list)
    origin: Origin | None = None
    lacks: list[str] = field(default_factory=list)
    coverage: list[tuple[str, str, str, int]] = field(default_factory=list)
    seconds: float = field(default=0.0, compare=False)
