"""Writes the page about the contract, ``docs/contract.md``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from contract_tests.contract.clause import Clause

_HEAD: Final = """\
# The contract

Every clause of the catalogue, with what it rests on. A basis is *stated* by the interface, *implied* by what it \
states, or *observed* of real servers where it is silent. What MUST be kept is stated or implied; on what SHOULD be \
kept users may rely with reason; on what is MAY no verdict is passed. The words are those of \
`nvflare/fuel/flare_api/api_spec.py` of NVFLARE 2.3: `abort_job, Returns` is the paragraph *Returns* of that method's \
docstring, `JobNotFound` the class, and a passage without a heading goes by the words it begins with. This page is \
what `flare-contract clauses --markdown` prints.
"""


def to_page(clauses: Iterable[Clause]) -> str:
    """The page about some clauses, those of each part of the interface in a table."""
    lines = [_HEAD]
    for part, of_part in groupby(clauses, lambda clause: clause.part):
        lines += [f"## {part}", "", "| clause | level | basis | rests on | promise |", f"|{' --- |' * 5}"]
        lines += [*map(_row, of_part), ""]
    return "\n".join(lines)


def _row(clause: Clause) -> str:
    pointers = "<br>".join(f"`{pointer}`" for pointer in clause.words.split("; ") if pointer)
    return f"| `{clause.id}` | {clause.level} | {clause.basis} | {pointers} | {clause.statement} |"
