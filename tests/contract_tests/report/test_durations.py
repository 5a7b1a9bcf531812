"""The time that clauses took is told in every report, and nothing else depends on it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import jsonschema

from contract_tests.report.html import to_html
from contract_tests.report.junit import to_junit
from contract_tests.report.terminal import console, show

if TYPE_CHECKING:
    from contract_tests.engine.report import Report


def test_every_clause_that_was_tried_has_its_time(reference_report: Report) -> None:
    """The longest comes first."""
    seconds = reference_report.seconds

    assert set(seconds) == {entry.clause.id for entry in [*reference_report.clauses, *reference_report.observations]}
    assert list(seconds.values()) == sorted(seconds.values(), reverse=True)
    assert max(seconds.values()) > 0


def test_the_json_report_tells_it_and_the_comparable_part_does_not(reference_report: Report) -> None:
    """What `as_dict` tells is the same on every run."""
    told = json.loads(reference_report.to_json())
    schema = json.loads((files("contract_tests") / "report.schema.json").read_text(encoding="utf-8"))

    assert told.pop("seconds") == reference_report.seconds
    assert told == json.loads(json.dumps(reference_report.as_dict(), default=repr))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(reference_report.to_json()))) == []


def test_results_are_the_same_whatever_they_took(reference_report: Report) -> None:
    """A result of another run is not another result."""
    result = reference_report.clauses[0].checks[0]

    assert replace(result, seconds=result.seconds + 1) == result


def test_junit_tells_it_of_every_case_and_of_all(reference_report: Report) -> None:
    """In the attribute that tools look for."""
    suite = ET.fromstring(to_junit(reference_report))[0]
    times = {case.get("name"): float(case.get("time", "")) for case in suite.iter("testcase")}

    assert times == reference_report.seconds
    assert abs(float(suite.get("time", "")) - sum(times.values())) < 0.001 * len(times)


def test_the_page_tells_it_in_the_row_of_a_clause(reference_report: Report) -> None:
    """With as many digits for all."""
    clause, seconds = next(iter(reference_report.seconds.items()))
    row = re.search(rf'<tr data-clause="{re.escape(clause)}".*?</tr>', to_html(reference_report), re.DOTALL)

    assert row is not None
    assert f"<td>{seconds:.3f}</td>" in row[0]


def test_the_terminal_tells_the_slowest_when_asked(reference_report: Report) -> None:
    """So many of them; and quietly as well."""

    def told(slowest: int) -> str:
        out = io.StringIO()
        show(reference_report, console(out), quiet=True, slowest=slowest)
        return out.getvalue()

    first, second, third = list(reference_report.seconds)[:3]

    assert re.search(rf"{re.escape(first)}.*{re.escape(second)}", told(2), re.DOTALL)
    assert third not in told(2)
    assert "took longest" not in told(0)
