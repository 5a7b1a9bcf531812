"""A report put together from results: what is counted, what comes first, and what its JSON says."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from typing import TYPE_CHECKING

import jsonschema
import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks, check_called, checks_of
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult, Namesake, Origin
from contract_tests.engine.coverage import Cell
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.report import Report, build, check_dict, cut_short
from contract_tests.engine.settings import RunSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

SETTINGS = RunSettings(7, seed=3)
SEVERAL = next(clause.id for clause in CATALOGUE if clause.judged and len(checks_of(clause.id)) > 1)
"""A clause with more than one check."""


def result(clause: str, verdict: Verdict = Verdict.MET, message: str = "") -> CheckResult:
    """What the first check of a clause says."""
    return CheckResult(checks_of(clause)[0].id, clause, verdict, message)


def results(clause: str, verdict: Verdict, message: str = "", lacks: Sequence[str] = ()) -> list[CheckResult]:
    """What all checks of a clause say, and say alike."""
    return [CheckResult(check.id, clause, verdict, message, lacks=[*lacks]) for check in checks_of(clause)]


def every(**verdicts: Verdict) -> list[CheckResult]:
    """What all checks say of a system that keeps everything, but for the clauses of these parts."""
    found = []
    for check in all_checks():
        otherwise = Verdict.MET if CATALOGUE[check.clause].judged else Verdict.UNDEFINED
        found.append(CheckResult(check.id, check.clause, verdicts.get(CATALOGUE[check.clause].part, otherwise)))
    return found


def report(*results: CheckResult) -> Report:
    """A report of these results and no others."""
    return build("some:System", SETTINGS, results)


def test_a_clause_is_judged_when_all_its_checks_were_run() -> None:
    """A check that is missing leaves it open, whatever the others say; one that failed decides it."""
    results = [CheckResult(check.id, SEVERAL, Verdict.MET) for check in checks_of(SEVERAL)]
    failed = [*results[:-1], CheckResult(results[-1].check, SEVERAL, Verdict.VIOLATED, "broken")]

    def verdict(*of: CheckResult) -> Verdict:
        return next(entry.verdict for entry in report(*of).clauses if entry.clause.id == SEVERAL)

    assert verdict(*results) is Verdict.MET
    assert verdict(*results[1:]) is Verdict.NOT_RUN
    assert verdict(*failed) is Verdict.VIOLATED
    assert verdict() is Verdict.NOT_RUN


def test_a_clause_is_told_with_the_check_that_decided_it() -> None:
    """Its message is that of a check with the clause's verdict that says something."""
    checks = [check.id for check in checks_of(SEVERAL)]
    met, broken = (
        CheckResult(checks[0], SEVERAL, Verdict.MET, "fine"),
        CheckResult(checks[1], SEVERAL, Verdict.VIOLATED),
    )
    broken.message = "it is broken"
    entry = next(entry for entry in report(met, broken).clauses if entry.clause.id == SEVERAL)

    assert entry.message == "it is broken"
    assert entry.deciding is broken
    assert next(entry for entry in report().clauses).message == ""


def test_what_is_observed_is_apart_from_what_is_judged() -> None:
    """Every clause is in one of the two lists, in the order of the catalogue."""
    found = report()

    assert [entry.clause for entry in found.clauses] == [clause for clause in CATALOGUE if clause.judged]
    assert [entry.clause for entry in found.observations] == [clause for clause in CATALOGUE if not clause.judged]


def test_broken_promises_come_before_what_can_not_be_tried() -> None:
    """And an error of the suite is a failure, also where nothing is judged."""
    found = report(
        result("submit.returns-id", Verdict.NOT_TESTABLE),
        result("clone.new-id", Verdict.STALE_DEVIATION),
        result("list.own", Verdict.VIOLATED),
        result("monitor.falsy", Verdict.SUITE_ERROR),
        *results("close.again", Verdict.NOT_CLAIMED),
        *results("abort.twice", Verdict.KNOWN_DEVIATION),
    )

    assert [(entry.clause.id, entry.verdict) for entry in found.failures] == [
        ("clone.new-id", Verdict.STALE_DEVIATION),
        ("list.own", Verdict.VIOLATED),
        ("monitor.falsy", Verdict.SUITE_ERROR),
        ("submit.returns-id", Verdict.NOT_TESTABLE),
    ]


def test_verdicts_are_counted() -> None:
    """Of clauses judged and observed alike; a verdict that none has is not there."""
    found = report(*every(close=Verdict.VIOLATED))
    close, silent = (
        sum(clause.part == "close" and clause.judged for clause in CATALOGUE),
        sum(not clause.judged and clause.part != "close" for clause in CATALOGUE),
    )

    assert found.counts["violated"] == close + sum(c.part == "close" and not c.judged for c in CATALOGUE)
    assert found.counts["undefined"] == silent
    assert sum(found.counts.values()) == len(CATALOGUE)
    assert set(found.counts) == {"met", "violated", "undefined"}


def test_a_level_tells_what_stands_in_its_way() -> None:
    """The clauses of that very level which are not kept; of the others none."""
    found = report(*every(list=Verdict.VIOLATED))
    levels = {CATALOGUE[clause.id].conformance_level for clause in CATALOGUE if clause.part == "list"}

    for level in found.levels:
        own = [entry.clause for entry in found.in_the_way(level)]
        assert bool(own) == (level.number - 1 in levels)
        assert {(clause.part, clause.conformance_level) for clause in own} <= {("list", level.number - 1)}
    assert found.level == min(levels)


def test_coverage_is_added_up_over_all_checks() -> None:
    """Cell by cell, of observations too, in the order of their names."""
    one, other = result("submit.returns-id"), result("monitor.falsy", Verdict.UNDEFINED)
    one.coverage = [("submit_job", "any", "open", 2), ("abort_job", "running", "open", 1)]
    other.coverage = [("submit_job", "any", "open", 3)]

    assert list(report(one, other).coverage.items()) == [
        (Cell("abort_job", "running", "open"), 1),
        (Cell("submit_job", "any", "open"), 5),
    ]


@pytest.mark.parametrize(
    ("failing", "count"),
    [
        (["unknown.abort-job"], "one of the failures comes with"),
        (["unknown.abort-job", "unknown.clone-job"], "2 of the failures come with"),
    ],
)
def test_a_module_of_look_alikes_is_noted_once(failing: list[str], count: str) -> None:
    """With how many failures come with it, and what to add."""
    broken = [result(clause, Verdict.VIOLATED) for clause in failing]
    for each in broken:
        each.namesakes = [Namesake("JobNotFound", "theirs", "spec = theirs")] * 2

    (note,) = report(*broken).notes
    assert note.startswith(f"{count} JobNotFound of the module theirs: the name is the interface's, the class is not. ")
    assert note.endswith(" If that module is your interface, add to your System: spec = theirs")


def test_a_look_alike_of_no_interface_is_to_be_replaced() -> None:
    """Modules are noted in the order of their names; a clause that is kept has nothing to note."""
    broken, kept = result("unknown.abort-job", Verdict.VIOLATED), result("unknown.clone-job")
    broken.namesakes = [Namesake("InternalError", "sqlite3", ""), Namesake("JobNotFound", "mine", "spec = mine")]
    kept.namesakes = [Namesake("JobNotDone", "other", "")]

    first, second = report(broken, kept).notes
    assert first.startswith("one of the failures comes with JobNotFound of the module mine")
    assert second.endswith("Raise the interface's own class, or a subclass of it")


def test_what_is_not_claimed_is_told_by_what_would_open_it() -> None:
    """By the need that its checks named, or by what they said where that is nothing of a system."""
    found = report(
        *results("submit.meta", Verdict.NOT_CLAIMED, "no", lacks=["clock"]),
        *results("list.own", Verdict.NOT_CLAIMED, "a word"),
        *results("clone.new-id", Verdict.VIOLATED),
    )

    assert {opening.needs: opening.clauses for opening in found.openings} == {
        ("clock",): ("submit.meta",),
        ("a word",): ("list.own",),
    }


def test_the_json_of_a_report_is_what_its_schema_describes() -> None:
    """Every key, with what it says; the same results give the same text."""
    broken = result("unknown.abort-job", Verdict.VIOLATED, "not so")
    broken.expected, broken.observed, broken.inputs = "this", "that", {"job": 1}
    broken.operations, broken.examples = ["alice: abort_job('x')"], 4
    broken.coverage = [("abort_job", "unknown", "open", 4)]
    broken.origin, broken.lacks = Origin("abort_job", "raised", "KeyError", "here"), ["clock"]
    found = report(broken, *results("submit.meta", Verdict.NOT_CLAIMED, "no clock"), result("monitor.falsy"))
    found.problems, found.about = ["deviations.toml: no"], {"python": "3.13"}
    found.deviations = [Deviation("list.own", "so be it", "https://example.org", dt.date(2030, 1, 2))]
    schema = json.loads(files("contract_tests").joinpath("report.schema.json").read_text(encoding="utf-8"))
    held = json.loads(found.to_json())
    clauses = {entry["id"]: entry for entry in held["clauses"]}

    assert list(jsonschema.Draft202012Validator(schema).iter_errors(held)) == []
    assert held.keys() == schema["properties"].keys()
    assert (held["verdict"], held["system"], held["seed"], held["examples"]) == ("non-conformant", "some:System", 3, 7)
    assert held["judged"] == {"judged": 1, "of": len(found.clauses)}
    assert (held["level"], [level["number"] for level in held["levels"]]) == (0, [1, 2, 3, 4, 5, 6])
    assert (held["about"], held["problems"], held["notes"]) == (found.about, found.problems, [])
    assert held["not_claimed"] == [{"needs": ["no clock"], "clauses": ["submit.meta"]}]
    assert held["deviations"] == [
        {"clause": "list.own", "reason": "so be it", "link": "https://example.org", "expires": "2030-01-02"}
    ]
    assert held["coverage"] == [{"operation": "abort_job", "job": "unknown", "session": "open", "count": 4}]
    assert [entry["id"] for entry in held["observations"]] == [entry.clause.id for entry in found.observations]
    assert clauses["unknown.abort-job"] == {
        "id": "unknown.abort-job",
        "level": "MUST",
        "basis": CATALOGUE["unknown.abort-job"].basis,
        "statement": CATALOGUE["unknown.abort-job"].statement,
        "verdict": "violated",
        "message": "not so",
        "checks": [
            {
                "check": broken.check,
                "clause": "unknown.abort-job",
                "verdict": "violated",
                "message": "not so",
                "expected": "this",
                "observed": "that",
                "operations": ["alice: abort_job('x')"],
                "inputs": {"job": 1},
                "examples": 4,
            }
        ],
    }
    assert found.to_json() == found.to_json()
    assert found.to_json().startswith('{\n  "schema"')
    assert found.to_json().endswith("}\n")


def test_a_deviation_without_an_end_has_no_day() -> None:
    """It holds until it is removed."""
    assert Deviation("list.own", "why", "", None).as_dict()["expires"] == ""


def test_a_check_that_ended_its_process_was_not_run() -> None:
    """Its clause is named, and how the process ended."""
    check = checks_of(SEVERAL)[1]
    found = cut_short(check.id, "signal SIGKILL")

    assert (found.check, found.clause, found.verdict) == (check.id, SEVERAL, Verdict.NOT_RUN)
    assert found.message == "the process that tried this ended before it did: signal SIGKILL"
    assert check_dict(found)["verdict"] == "not run"
    assert check_called(found.check) == check
