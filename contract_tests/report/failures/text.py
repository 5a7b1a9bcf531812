"""What a failure says: the clause, what was done, expected and observed, where to look, how to repeat; or in a line."""

from __future__ import annotations

import itertools
import re
import shlex
import textwrap
from collections.abc import Iterator
from typing import Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.settings import RunSettings

_INDENT: Final = "    "
_LABEL: Final = re.compile(r"  [a-z ]+: +| {4} *\d+\. | *")
_VERBATIM: Final = ("  again:", "  script:")
"""Lines that are copied to a command line, so they stay in one piece."""


def failure_text(result: CheckResult, system: str, settings: RunSettings, again: str = "") -> str:
    """The failure of a check, for people; ``again`` is the command that tries it again, unless ``run`` does."""
    clause = CATALOGUE[result.clause]
    lines = [f"{clause.id} ({clause.level}, {clause.basis}): {result.verdict}", f"  promise:  {clause.statement}"]
    if result.operations:
        lines += ["  done:", *_numbered(result.operations)]
    if result.verdict in (Verdict.VIOLATED, Verdict.KNOWN_DEVIATION):
        lines += [f"  expected: {result.expected}", f"  observed: {result.observed}"]
    if result.verdict is not Verdict.VIOLATED:
        lines.append(f"  because:  {result.message}")
    if result.verdict is not Verdict.SUITE_ERROR:
        lines.append(f"  look at:  {clause.look}")
    else:
        lines.append("  this is a fault of the suite, not of the implementation; please report it")
    if result.inputs:
        lines.append(f"  inputs:   {_inputs(result)}")
    lines.append(f"  again:    {again or command(system, clause.id, settings)}")
    return "\n".join(lines)


def command(system: str, clause: str, settings: RunSettings) -> str:
    """The command that tries a clause again, or all of them, on the same inputs; words where it has no name."""
    options = ["--clause", clause] if clause else []
    options += ["--seed", str(settings.seed)]
    options += ["--examples", str(settings.examples)] if settings.examples != RunSettings().examples else []
    if "<" in system:
        return f"{' '.join(options)}, once {system} is a class or function that a module has by name"
    return shlex.join(["flare-contract", "run", system, *options])


def failure_line(result: CheckResult) -> str:
    """The failure of a check in a line: its clause, the verdict, and what was expected and observed, or why."""
    verdict = f"{result.verdict}: " if result.verdict is Verdict.VIOLATED else ""
    return f"{result.clause}: {verdict}{finding(result)}"


def finding(result: CheckResult) -> str:
    """What was expected and observed, in a line; where it is no violation, the verdict and why."""
    if result.verdict is Verdict.VIOLATED:
        return f"expected {result.expected}; observed {result.observed}"
    return f"{result.verdict}: {result.message.partition(chr(10))[0]}"


def wrapped(text: str, width: int) -> str:
    """A failure's text in lines that are no wider; what goes on stands below where it begins."""
    return "\n".join(part for line in text.splitlines() for part in _lines(line, width))


def _lines(line: str, width: int) -> Iterator[str]:
    if len(line) <= width or line.startswith(_VERBATIM):
        yield line
        return
    label = _LABEL.match(line)
    assert label is not None  # it matches nothing, too
    begins, rest = label.group(), line[label.end() :]
    yield from textwrap.wrap(
        rest, width, initial_indent=begins, subsequent_indent=" " * len(begins), break_on_hyphens=False
    )


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
