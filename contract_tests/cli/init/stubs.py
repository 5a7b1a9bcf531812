"""Stubs of everything a `System` can offer, each under a comment with how many clauses it opens; made from the code."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Final

from contract_tests.clauses.needs import ahead
from contract_tests.report.not_claimed import offered
from contract_tests.system.needs import lacking
from contract_tests.system.system import System

_VALUES: Final = {
    "clock": "RealClock()",
    "users": '("alice", "bob")',
    "restricted_user": '"guest"',
    "unknown_user": '"nobody"',
    "client_names": '("site-1", "site-2")',
    "expected_failures": '{"delete.running": "why that is tolerated"}',
    "isolated": "True",
    "threads": "True",
    "spec": "my_package.interface",
}
"""What an attribute may be set to; of all others the default is shown."""

_BODIES: Final = {
    "job_folder": (
        "if plan.waits:  # leave this out where a job waits that asks for more clients than there are",
        '    raise NotClaimed("jobs that wait")',
        "return super().job_folder(plan)  # or the path of a folder that your server runs as plan says",
    ),
    "close": ("super().close()",),
}
"""What a method may do; all others claim nothing until they do something."""


def stubs() -> Iterator[str]:
    """The lines of a body of a class that offers everything, in the order in which one would see to it."""
    opens = _opens()
    rest = [member for member in _members() if member not in opens]
    for member in (*opens, *rest):
        for line in (*opens.get(member, [f"{member}: opens nothing by itself"]), *_about(member)):
            yield from textwrap.wrap(line, 108, initial_indent="# ", subsequent_indent="#   ")
        yield from _code(member)
        yield ""


def _members() -> list[str]:
    return [name for name in vars(System) if not name.startswith("_") and name != "open_session"]


def _opens() -> dict[str, list[str]]:
    """What every member of a System opens, in words, once what comes before it is offered; in that order."""
    found: dict[str, list[str]] = {}
    for step in ahead(lacking(System())):
        for member in dict.fromkeys(need.partition(":")[0] for need in step.needs):
            own = [need for need in step.needs if need.partition(":")[0] == member]
            others = offered(need for need in step.needs if need not in own)
            count = len(step.clauses)
            counted = f"{count} {'more' if member in found else 'clause' if count == 1 else 'clauses'}"
            told = f"{offered(own)}: opens {counted}{f', together with {others}' if others else ''}"
            found.setdefault(member, []).append(told)
    return found


def _about(member: str) -> Iterator[str]:
    """What an attribute is; a method says it in its docstring."""
    if not callable(getattr(System, member)):
        told = re.search(rf"^ +{member}: (.+(?:\n {{8}}.+)*)", inspect.getdoc(System) or "", re.MULTILINE)
        yield re.sub(r"\s+", " ", told[1]).partition(". ")[0].rstrip(".") if told else ""


def _code(member: str) -> Iterator[str]:
    value = getattr(System, member)
    if not callable(value):
        yield f"{member} = {_VALUES.get(member, repr(value))}"
        return
    yield f"def {member}{str(inspect.signature(value)).replace(chr(39), '')}:"
    yield f'    """{(inspect.getdoc(value) or member).splitlines()[0]}"""'
    yield from (f"    {line}" for line in _BODIES.get(member, (f'raise NotClaimed("{member}")',)))
