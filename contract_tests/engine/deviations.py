"""Known deviations: promises an implementation is declared to break, each with a reason and a witness.

A witness is the inputs of a check that shows the deviation. It is replayed, never searched for: a deviation whose
witness fails no more is stale, and that is found out in milliseconds, the same way every time.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import checks_of
from contract_tests.contract.verdict import FAILING, Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.plain_text import in_a_line, printable, shown
from contract_tests.scenario.check import Check
from contract_tests.system import given_files
from contract_tests.system.lookup import BadSystem, asked, label
from contract_tests.system.system import System


@dataclass(frozen=True)
class Deviation:
    """A declared deviation.

    Attributes:
        clause: the id of the clause.
        reason: why it is known and tolerated.
        link: where it is tracked; may be empty.
        expires: the last day it is tolerated, or None.
        check: the id of the check whose inputs are the witness.
        inputs: those inputs; None for a witness that is yet to be found.
    """

    clause: str
    reason: str
    link: str
    expires: dt.date | None
    check: str = ""
    inputs: dict[str, Any] | None = None

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
        held = given_files.read(path, given_files.TOML)
    except given_files.BadFile as error:
        raise BadDeviations(str(error)) from error
    name = in_a_line(str(path))
    problems = [
        f"{name}: unknown key {shown(key)}; entries are written as [[deviation]]" for key in held if key != "deviation"
    ]
    entries = held.get("deviation", [])
    if not isinstance(entries, list):
        return [], [*problems, f"{name}: entries are written as [[deviation]]"]
    found: list[Deviation] = []
    for number, entry in enumerate(entries, 1):
        where = f"{name}: deviation {number}"
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
        raise ValueError(f"unknown key {shown(unknown[0])}; there are {', '.join(sorted(_KEYS))}")
    clause = entry.get("clause")
    if not isinstance(clause, str) or clause not in CATALOGUE or not CATALOGUE[clause].judged:
        raise ValueError(f"unknown clause: {shown(clause)} is in no catalogue of judged clauses")
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
    link = entry.get("link", "")
    if not isinstance(link, str):
        raise ValueError(f"{clause}: its link is no text")
    check, inputs = _witness(clause, entry.get("witness"))
    return Deviation(clause, reason.strip(), link, expires, check, inputs)


def _witness(clause: str, held: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(held, dict) or "check" not in held or "inputs" not in held:
        raise ValueError(f"{clause} has no witness: give witness.check and witness.inputs (JSON)")
    if held["check"] not in [check.id for check in checks_of(clause)]:
        raise ValueError(f"{clause}: its witness is of {shown(held['check'])}, which is no check of the clause")
    try:
        inputs = given_files.json_from(held["inputs"])
    except (TypeError, ValueError) as error:
        raise ValueError(in_a_line(f"{clause}: the inputs of its witness are no JSON: {error}")) from error
    if not isinstance(inputs, dict):
        raise ValueError(f"{clause}: the inputs of its witness are no JSON object")
    if not next(check for check in checks_of(clause) if check.id == held["check"]).fits(inputs):
        raise ValueError(f"{clause}: the inputs of its witness are not those of the check; find a new witness")
    return held["check"], inputs


def replay(deviation: Deviation, factory: Callable[[], System]) -> CheckResult:
    """Replay a witness, which is given: a known deviation while it fails, a stale one when it does not."""
    check = next(check for check in checks_of(deviation.clause) if check.id == deviation.check)
    begun = monotonic()
    result = try_inputs(check, deviation.inputs or {}, factory)
    result.seconds = monotonic() - begun
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
    return printable(" ".join(text.split()))


# --- expected failures ------------------------------------------------------------------------------------------------


def with_expected(deviations: Iterable[Deviation], factory: Callable[[], System]) -> list[Deviation]:
    """The deviations that are declared, and those that systems from ``factory`` expect of themselves.

    Raises:
        BadSystem: `System.expected_failures` makes no sense; the text says why, in a line for each entry.
    """
    declared = list(deviations)
    held: Any = asked(factory, lambda system: _plain(system.expected_failures), {})
    where = f"expected_failures of {label(factory)}"
    if not isinstance(held, dict):
        raise BadSystem(f"{where} is a {type(held).__name__}; write {{clause: reason}}")
    wrong = [f"{where}: {told}" for clause, reason in held.items() for told in _amiss(clause, reason, declared)]
    if wrong:
        raise BadSystem("\n".join(wrong))
    return declared + [Deviation(clause, reason.strip(), "", None) for clause, reason in held.items()]


def _plain(held: Any) -> Any:
    return dict(held) if isinstance(held, Mapping) else held


def _amiss(clause: Any, reason: Any, declared: Iterable[Deviation]) -> Iterator[str]:
    """What is wrong with an entry, if anything is."""
    if clause not in CATALOGUE:
        near = difflib.get_close_matches(clause, [known.id for known in CATALOGUE]) if type(clause) is str else []
        yield f"there is no clause {shown(clause)}" + (
            f"; is it {near[0]}?" if near else "; flare-contract clauses lists them"
        )
    elif not CATALOGUE[clause].judged:
        yield f"{clause} is only observed, as the interface is silent there: it can't fail"
    elif not isinstance(reason, str) or not reason.strip():
        yield f"{clause} has no reason; say why it is tolerated"
    elif clause in {deviation.clause for deviation in declared}:
        yield f"{clause} is declared in the file of deviations, too; declare it once"


def judge_expected(
    check: Check,
    factory: Callable[[], System],
    settings: RunSettings,
    reference: Callable[[], System],
    deviation: Deviation,
) -> CheckResult:
    """What a check says of a clause that is expected to fail: a known deviation when one of its checks shows it.

    The first that does is the witness for all. When none does the deviation is stale.
    """
    found = _sought(deviation.clause, factory, settings, reference)
    result = replace(found, check=check.id)
    if found.check != check.id:
        result.examples, result.coverage, result.seconds = 0, [], 0.0
    if found.verdict in FAILING:
        result.verdict, result.message = Verdict.KNOWN_DEVIATION, deviation.reason
    elif found.verdict not in (Verdict.SUITE_ERROR, Verdict.NOT_RUN):
        shown = "kept" if found.verdict is Verdict.MET else str(found.verdict)
        told = f"expected to fail ({deviation.reason}), but it is {shown}; remove it from expected_failures"
        result.verdict, result.message = Verdict.STALE_DEVIATION, told
    return result


@lru_cache(maxsize=1024)
def _sought(
    clause: str, factory: Callable[[], System], settings: RunSettings, reference: Callable[[], System]
) -> CheckResult:
    """The first failure of a clause's checks; without any what was not tried to its end, else what came last."""
    results = []
    for check in checks_of(clause):
        result = run_check(check, factory, settings, reference, shrink=settings.examples > 1)
        if result.verdict in FAILING or result.verdict is Verdict.SUITE_ERROR:
            return result
        results.append(result)
    found = {result.verdict: result for result in results}
    return found.get(Verdict.NOT_RUN) or found.get(Verdict.MET) or results[-1]
