"""Checks a JSON report against itself: whether its verdict, counts and levels follow from its rows."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.conclusion import conclude
from contract_tests.contract.levels import levels
from contract_tests.contract.verdict import Verdict, of_clause
from contract_tests.engine.report import SCHEMA_VERSION
from contract_tests.plain_text import in_a_line, said, shown

_MOST: Final = 50
"""Problems that are told; of a report in which more is wrong nobody reads the rest."""


def problems(held: Any) -> list[str]:
    """What does not hold in a report, in words; nothing when it holds."""
    try:
        found = _problems(held)
        return found if len(found) <= _MOST else [*found[:_MOST], f"… and {len(found) - _MOST} more"]
    except KeyError as error:
        return [f"it is not in the form of a report: somewhere it lacks {shown(error.args[0])}"]
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        return [f"it is not in the form of a report: {said(error)}"]


def _problems(held: dict[str, Any]) -> list[str]:
    if held["schema"] != SCHEMA_VERSION:
        return [
            f"it is of schema {shown(held['schema'])}, not {SCHEMA_VERSION}, so its verdict means another; judge anew"
        ]
    rows = [*held["clauses"], *held["observations"]]
    found = _rows(held)
    known = [(CATALOGUE[row["id"]], Verdict(row["verdict"])) for row in rows if row["id"] in CATALOGUE]
    computed = conclude(known, problems=bool(held["problems"]))
    if held["verdict"] != str(computed):
        found.append(f"its verdict is {shown(held['verdict'])}, but its rows say {str(computed)!r}")
    if held["judged"] != {"judged": computed.judged, "of": computed.of}:
        found.append(f"it says that {shown(held['judged'])} are judged, but its rows say {computed.extent}")
    every = [row["verdict"] for row in rows]
    counts = {verdict.value: every.count(verdict.value) for verdict in Verdict if verdict.value in every}
    if held["counts"] != counts:
        found.append(f"its counts are {shown(held['counts'])}, but its rows say {counts}")
    its_levels = levels((clause, verdict) for clause, verdict in known if clause.judged)
    if held["levels"] != [level._asdict() for level in its_levels]:
        found.append("its levels do not follow from its rows")
    if held["level"] != computed.level:
        found.append(f"its level is {shown(held['level'])}, but its rows say {computed.level}")
    return found + _undeclared(held)


def _undeclared(held: dict[str, Any]) -> list[str]:
    declared = {entry["clause"] for entry in held["deviations"]}
    of_deviations = (Verdict.KNOWN_DEVIATION.value, Verdict.STALE_DEVIATION.value)
    return [
        f"{in_a_line(row['id'])} is a {row['verdict']}, but no deviation is declared for it"
        for row in held["clauses"]
        if row["verdict"] in of_deviations and row["id"] not in declared
    ]


def _rows(held: dict[str, Any]) -> list[str]:
    found = []
    for name, judged in (("clauses", True), ("observations", False)):
        told = [row["id"] for row in held[name]]
        wanted = [clause.id for clause in CATALOGUE if clause.judged is judged]
        held_ids = set(told)
        missing, extra = [one for one in wanted if one not in held_ids], sorted(held_ids.difference(wanted))
        found += [f"{clause} is missing from its {name}" for clause in missing]
        found += [f"{in_a_line(clause)} is in its {name}, but in no catalogue" for clause in extra]
        if len(told) != len(held_ids):
            found.append(f"a clause stands twice in its {name}")
    for row in [*held["clauses"], *held["observations"]]:
        checks = [Verdict(check["verdict"]) for check in row["checks"]]
        computed = of_clause(checks)
        if row["verdict"] not in (computed.value, Verdict.NOT_RUN.value):
            found.append(f"{in_a_line(row['id'])} is {shown(row['verdict'])}, but its checks say {computed.value!r}")
    return found
