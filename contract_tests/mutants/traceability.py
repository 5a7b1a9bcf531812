"""Where the sentence, the checks and the mutants of a clause stand, by file and line."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from contract_tests.clauses.catalogue import SUBJECTS
from contract_tests.clauses.checks import checks_of
from contract_tests.contract.clause import Clause
from contract_tests.mutants.catalogue import all_mutants
from contract_tests.mutants.variant import Variant


class Place(NamedTuple):
    """Where something about a clause stands.

    Attributes:
        kind: ``sentence``, ``check`` or ``mutant``.
        name: the id of the check, or the name of the mutant.
        where: ``file:line``, or the file alone where a line can't be told.
    """

    kind: str
    name: str
    where: str


def places(clause: Clause) -> Iterator[Place]:
    """Everything that stands about a clause: its sentence, then its checks, then its mutants."""
    subject = next(name for name, clauses in SUBJECTS.items() if clause in clauses)
    yield Place("sentence", clause.id, _sentence(clause, f"contract_tests.clauses.{subject}.clauses"))
    for check in checks_of(clause.id):
        yield Place("check", check.id, _function(check.body))
    for mutant in all_mutants():
        if mutant.clause == clause.id:
            yield Place("mutant", mutant.name, _mutant(mutant))


def _sentence(clause: Clause, module: str) -> str:
    """The line that has the clause's id, or, of one of many made alike, the part of it that stands in the table."""
    front, _, back = clause.id.rpartition(".")
    return _line(module, clause.id, back, front)


def _function(function: Callable[..., Any]) -> str:
    code = inspect.unwrap(function).__code__
    return f"{_shown(code.co_filename)}:{code.co_firstlineno}"


def _mutant(mutant: Variant) -> str:
    """The line of what it does wrong; of one of many made alike that of its clause, or of their family."""
    return _line(mutant.module, mutant.difference, mutant.clause, mutant.clause.rpartition(".")[0])


def _line(module: str, *texts: str) -> str:
    """The first line of a module with the first of some texts, in quotes, that is in it; else the module's file."""
    file = str(sys.modules[module].__file__)
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    for text in texts:
        for number, line in enumerate(lines, 1):
            if f'"{text}"' in line:
                return f"{_shown(file)}:{number}"
    return _shown(file)


def _shown(file: str) -> str:
    """A path as it can be opened from here, without the way up."""
    relative = os.path.relpath(file)
    return file if relative.startswith(os.pardir) else relative
