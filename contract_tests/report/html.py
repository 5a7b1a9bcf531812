"""A report as one HTML page that needs no network: verdict, levels, failures, clauses, observations, coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.contract.interface import JOB_METHODS, METHODS
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine.coverage import JOB_STATES, SESSION_STATES, Cell, reachable
from contract_tests.engine.report import ClauseReport, Report, check_dict
from contract_tests.plain_text import printable
from contract_tests.report import not_claimed
from contract_tests.report.failures.causes import by_cause
from contract_tests.report.failures.text import command, finding

if TYPE_CHECKING:
    from jinja2 import Environment

_TONES: Final = {
    Verdict.MET.value: "good",
    Verdict.VIOLATED.value: "bad",
    Verdict.NOT_TESTABLE.value: "bad",
    Verdict.STALE_DEVIATION.value: "bad",
    Verdict.SUITE_ERROR.value: "odd",
    Verdict.KNOWN_DEVIATION.value: "warn",
    Verdict.NOT_CLAIMED.value: "calm",
    Verdict.UNDEFINED.value: "calm",
    Verdict.NOT_RUN.value: "none",
}

_VERDICT_TONES: Final = {
    Overall.CONFORMANT: "good",
    Overall.WITH_DEVIATIONS: "warn",
    Overall.AT_LEVEL: "calm",
    Overall.UNPROVEN: "none",
    Overall.PARTIAL: "none",
    Overall.NON_CONFORMANT: "bad",
    Overall.ERROR: "odd",
}


def render(template: str, **values: Any) -> str:
    """A page from one of the package's templates; every value is text, and escaped."""
    return _environment().get_template(template).render(version=_version(), **values) + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """What finds templates, and compiles each but once."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("contract_tests.report"),
        autoescape=True,
        finalize=_finalized,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _finalized(value: Any) -> Any:
    """What a template puts on a page: text of others without what can't be printed; what is HTML already as it is."""
    return printable(value) if type(value) is str else value


def to_html(report: Report, scripts: Mapping[str, str] | None = None) -> str:
    """The page of a report.

    Args:
        report: what was found out.
        scripts: the reproducer script of each failed check, by the check's id.
    """
    told = report.as_dict()
    return render(
        "report.html",
        title=f"{report.conclusion}: {report.system}",
        report=told,
        seconds=report.seconds,
        tones=_TONES,
        verdict_tone=_VERDICT_TONES[report.verdict],
        causes=[
            {"head": cause.head, "failures": [_failure(failure, report) for failure in cause.failures]}
            for cause in by_cause(report.failures)
        ],
        failed={failure.clause.id for failure in report.failures},
        deviations=_deviations(told),
        not_claimed=not_claimed,
        openings=report.openings,
        looks={clause.id: clause.look for clause in CATALOGUE},
        parts=_parts(told["clauses"]),
        scripts=_Scripts(scripts or {}),
        matrices=_matrices(report.coverage),
    )


def _failure(failure: ClauseReport, report: Report) -> dict[str, Any]:
    """A failure, as its card tells it."""
    check = failure.deciding
    return {
        **failure.as_dict(),
        "part": failure.clause.part,
        "deciding": check_dict(check),
        "finding": finding(check),
        "again": command(report.system, failure.clause.id, report.settings),
    }


def _parts(clauses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The clauses by the part of the interface they are about, and how many of each have which verdict."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for entry in clauses:
        parts.setdefault(CATALOGUE[entry["id"]].part, []).append(entry)
    return [
        {"name": name, "clauses": entries, "counts": Counter(entry["verdict"] for entry in entries)}
        for name, entries in parts.items()
    ]


def _deviations(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The declared deviations that still hold, each with its clause and what its witness shows."""
    clauses = {entry["id"]: entry for entry in told["clauses"] if entry["verdict"] == Verdict.KNOWN_DEVIATION.value}
    return [
        {**declared, "entry": clauses[declared["clause"]], "check": clauses[declared["clause"]]["checks"][0]}
        for declared in told["deviations"]
        if declared["clause"] in clauses
    ]


def kill_matrix(matrix: Mapping[str, Any]) -> str:
    """The page of a kill matrix, as `contract_tests.mutants.kill_matrix.KillMatrix.as_dict` tells it."""
    by_clause: dict[str, list[Mapping[str, Any]]] = {clause.id: [] for clause in CATALOGUE if clause.judged}
    for mutant in matrix["mutants"]:
        by_clause[mutant["clause"]].append(mutant)
    idle: dict[str, list[str]] = {}
    for check in matrix["idle"]:
        idle.setdefault(check.partition("/")[0], []).append(check)
    clauses = []
    for name, mutants in by_clause.items():
        if mutants or name in matrix["uncovered"] or name in idle:
            told = {"part": CATALOGUE[name].part, "idle": idle.get(name, []), "mutants": mutants}
            clauses.append({**CATALOGUE[name]._asdict(), **told, "killed": sum(mutant["killed"] for mutant in mutants)})
    parts: dict[str, dict[str, Any]] = {}
    for clause in clauses:
        part = parts.setdefault(clause["part"], {"name": clause["part"], "mutants": 0, "killed": 0})
        part["mutants"] += len(clause["mutants"])
        part["killed"] += clause["killed"]
    return render(
        "kill_matrix.html",
        title="Kill matrix",
        matrix=matrix,
        clauses=clauses,
        parts=list(parts.values()),
    )


def grid(told: Mapping[str, Any]) -> str:
    """The page of the grid of mutants, as `contract_tests.mutants.grid.record.as_dict` tells it."""
    counts = Counter(state for method in told["methods"] for row in method["rows"] for state in row["states"])
    methods = [method["name"] for method in told["methods"]]
    return render("grid.html", title="The grid of mutants", data=told, counts=counts, methods=methods)


class _Scripts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _matrices(coverage: Mapping[Cell, int]) -> list[dict[str, Any]]:
    wanted = reachable()

    def matrix(title: str, operations: list[str], columns: tuple[str, ...], by_job: bool) -> dict[str, Any]:
        def cell(operation: str, column: str) -> dict[str, Any]:
            at = Cell(operation, column, "open") if by_job else Cell(operation, "any", column)
            return {"count": coverage.get(at, 0), "reachable": at in wanted}

        rows = [{"name": name, "cells": [cell(name, column) for column in columns]} for name in operations]
        return {"title": title, "columns": columns, "rows": rows}

    return [
        matrix("Operations by the state of the job", list(JOB_METHODS), JOB_STATES, by_job=True),
        matrix(
            "Operations by the state of the session", [method.name for method in METHODS], SESSION_STATES, by_job=False
        ),
    ]


def _version() -> str:
    try:
        return version("flare-sim")
    except PackageNotFoundError:
        return "(not installed)"
