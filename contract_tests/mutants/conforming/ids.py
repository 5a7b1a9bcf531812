"""Conforming variants whose jobs have ids of another shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.renaming import numbered, real, renames
from contract_tests.mutants.variant import Differences, conforming
from contract_tests.mutants.wrapper import WrappedSystem

_PARTS: Final = ("submit", "clone", "meta", "delete", "system", "unknown", "malformed", "life")
"""Where an id of an odd shape might be taken for something else; some shapes are tried on everything."""


class _JobId(str):
    __slots__ = ()


def _shaped(shape: Callable[[int], str]) -> Change:
    """Give the n-th job an id of this shape; the server's storage is looked into by the real one."""
    return renames(lambda call: shape(numbered(call))) + on("stored_files", do.about(real))


def _normalizes(normal_id: Callable[[str], str]) -> Differences:
    def normal(call: Call) -> object:
        return normal_id(call.job_id) if isinstance(call.job_id, str) and call.job_id.strip() else call.job_id

    system = type("_Normalizes", (WrappedSystem,), {"normal_id": staticmethod(normal_id)})
    return on(JOB_METHODS, do.passing(job_id=normal)), system


def _named(number: int) -> str:
    return "contract-job" if number == 1 else f"contract-job-{number}"


_TRIED_ON_EVERYTHING: Final[dict[str, Differences]] = {
    "has ids with slashes and colons": _shaped(lambda number: f"jobs/2026:{number}"),
    "calls its jobs 1, 2, 3": _shaped(str),
    "has ids of a str subclass": on(SUBMIT, do.answers(_JobId)),
    "takes an id with blanks before it for that id, as it documents": _normalizes(str.lstrip),
    "takes ids in any case, as it documents": _normalizes(str.casefold),
}

_SHAPES: Final[dict[str, Differences]] = {
    "numbers its jobs": _shaped(lambda number: f"{number:06d}"),
    "has ids with a prefix and capitals": _shaped(lambda number: f"JOB-2026-{number:04X}"),
    "calls its jobs 0, 1, 2": _shaped(lambda number: str(number - 1)),
    "calls a job by its name, the next one by name and number": _shaped(_named),
    "calls its jobs a, b, c": _shaped(lambda number: chr(97 + number % 26) * (number // 26 + 1)),
    "has ids in capitals, with dashes": _shaped(lambda number: f"{number:08X}-AAAA-4BBB-8CCC-DDDDEEEEFFFF"),
    "has ids of other scripts": _shaped(lambda number: f"作業-{number}"),
    "has ids of several words": _shaped(lambda number: f"job no {number}"),
    "has ids with quotes and braces": _shaped(lambda number: f"{{job'{number}'}}"),
    "has ids of 200 characters": _shaped(lambda number: f"{number}-".ljust(200, "x")),
}

CONFORMING: Final = (
    *conforming(__name__, "ids", _TRIED_ON_EVERYTHING),
    *conforming(__name__, "ids", _SHAPES, _PARTS),
)
