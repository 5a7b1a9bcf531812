"""Known deviations: promises an implementation is declared to break, each with a reason and a witness.

A witness is the inputs of a check that shows the deviation. It is replayed, never searched for: a deviation whose
witness fails no more is stale, and that is found out in milliseconds, the same way every time.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import checks_of
from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import try_inputs
from contract_tests.system import given_files
from contract_tests.system.system import System

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]


@dataclass(frozen=True)
class Deviation:
    """A declared deviation.

    Attributes:
        clause: the id of the clause.
        reason: why it is known and tolerated.
        link: where it is tracked; may be empty.
        expires: the last day it is tolerated, or None.
        check: the id of the check whose inputs are the witness.
        inputs: those inputs.
    """

    clause: str
    reason: str
    link: str
    expires: dt.date | None
    check: str
    inputs: dict[str, Any]

    def as_dict(self) -> dict[str, str]:
        """What a report tells of the declaration itself; the witness is told by the clause's check."""
        return {
            "clause": self.clause,
            "reason": self.reason,
            "link": self.link,
            "expires": str(self.expires or ""),
        }


class BadDeviations(Exception):
    """A file of deviations can't be read; the text says where and why."""


def read(path: Path, today: dt.date) -> tuple[list[Deviation], list[str]]:
    """The usable deviations of a file, and an exact message for every entry that is not.

    Raises:
        BadDeviations: the file can't be read or is no TOML; one line that names it.
    """
    try:
        held = given_files.read(path, tomllib.loads, "TOML")
    except given_files.BadFile as error:
        raise BadDeviations(str(error)) from error
    problems = [
        f"{path}: unknown key {key!r}; entries are written as [[deviation]]" for key in held if key != "deviation"
    ]
    entries = held.get("deviation", [])
    if not isinstance(entries, list):
        return [], [*problems, f"{path}: entries are written as [[deviation]]"]
    found: list[Deviation] = []
    for number, entry in enumerate(entries, 1):
        where = f"{path}: deviation {number}"
        try:
            deviation = _entry(entry, today)
            if deviation.clause in {known.clause for known in found}:
                raise ValueError(f"duplicate: {deviation.clause} is declared before")
            found.append(deviation)
        except ValueError as error:
            problems.append(f"{where}: {error}")
    return found, problems


_KEYS = {"clause", "reason", "link", "expires", "witness"}


def _entry(entry: Any, today: dt.date) -> Deviation:
    if not isinstance(entry, dict):
        raise ValueError("is no table")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; there are {', '.join(sorted(_KEYS))}")
    clause = entry.get("clause")
    if not isinstance(clause, str) or clause not in CATALOGUE or not CATALOGUE[clause].judged:
        raise ValueError(f"unknown clause: {clause!r} is in no catalogue of judged clauses")
    reason = entry.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError(f"{clause} has no reason")
    expires = entry.get("expires")
    if isinstance(expires, dt.datetime):
        expires = expires.date()
    if expires is not None and not isinstance(expires, dt.date):
        raise ValueError(f"{clause}: expires is no date")
    if expires is not None and expires < today:
        raise ValueError(f"{clause} expired on {expires}")
    check, inputs = _witness(clause, entry.get("witness"))
    return Deviation(clause, reason.strip(), str(entry.get("link", "")), expires, check, inputs)


def _witness(clause: str, held: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(held, dict) or "check" not in held or "inputs" not in held:
        raise ValueError(f"{clause} has no witness: give witness.check and witness.inputs (JSON)")
    if held["check"] not in [check.id for check in checks_of(clause)]:
        raise ValueError(f"{clause}: its witness is of {held['check']!r}, which is no check of the clause")
    try:
        inputs = given_files.json_from(held["inputs"])
    except (TypeError, ValueError) as error:
        raise ValueError(f"{clause}: the inputs of its witness are no JSON: {error}") from error
    if not isinstance(inputs, dict):
        raise ValueError(f"{clause}: the inputs of its witness are no JSON object")
    if not next(check for check in checks_of(clause) if check.id == held["check"]).fits(inputs):
        raise ValueError(f"{clause}: the inputs of its witness are not those of the check; find a new witness")
    return held["check"], inputs


def replay(deviation: Deviation, factory: Callable[[], System]) -> CheckResult:
    """Replay a witness: a known deviation while it fails, a stale one when it does not."""
    check = next(check for check in checks_of(deviation.clause) if check.id == deviation.check)
    result = try_inputs(check, deviation.inputs, factory)
    if result.verdict in FAILING:
        result.verdict = Verdict.KNOWN_DEVIATION
        result.message = deviation.reason
    elif result.verdict not in (Verdict.SUITE_ERROR, Verdict.NOT_RUN):
        result.message = f"declared as a deviation ({deviation.reason}), but its witness shows none; remove the entry"
        result.verdict = Verdict.STALE_DEVIATION
    return result


def to_toml(results: Iterable[CheckResult], reasons: Mapping[str, str] | None = None) -> str:
    """A file of deviations from failed checks, one entry per clause.

    Args:
        results: what came of the checks; those that did not fail are left out.
        reasons: why each clause is not kept, by its id. An entry without one is left for somebody to give a reason,
            under a comment that says what was found: until then it fails the run it is declared in.
    """
    import tomli_w

    entries: dict[str, str] = {}
    for result in results:
        if result.verdict in FAILING and result.clause not in entries:
            reason = " ".join((reasons or {}).get(result.clause, "").split())
            entry = {
                "clause": result.clause,
                "reason": reason,
                "link": "",
                "witness": {"check": result.check, "inputs": json.dumps(result.inputs)},
            }
            found = "" if reason else f"# {_comment(result.message)}\n"
            entries[result.clause] = found + tomli_w.dumps({"deviation": [entry]})
    return "\n".join(entries.values())


def _comment(text: str) -> str:
    """Text in a line that TOML takes for a comment."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))
