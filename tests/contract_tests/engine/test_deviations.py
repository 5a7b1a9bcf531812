"""Known deviations: what is declared, what is refused, what is stale."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract_tests.clauses.checks import checks_of
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine import deviations
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import reference_factory, run_suite
from tests.contract_tests.faulty_systems import CLAUSE, Reluctant

if TYPE_CHECKING:
    from contract_tests.engine.report import Report

TODAY = dt.date(2026, 6, 1)
CHECK = checks_of(CLAUSE)[0]


@pytest.fixture(scope="module")
def witness() -> str:
    """Inputs that show the deviation, as JSON."""
    return json.dumps(run_check(CHECK, Reluctant, RunSettings()).inputs)


def entry(witness: str, **changes: str | None) -> str:
    """A correct entry in TOML, with some keys changed, or left out when None."""
    values = {"clause": f'"{CLAUSE}"', "reason": '"servers refuse"', "link": '"https://example.org/1"', **changes}
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None and not key.startswith("witness")]
    inner = {"witness_check": f'"{CHECK.id}"', "witness_inputs": f"'{witness}'", **changes}
    told = [f"{key[8:]} = {inner[key]}" for key in ("witness_check", "witness_inputs") if inner[key] is not None]
    return "\n".join(["[[deviation]]", *lines, *(["[deviation.witness]", *told] if told else []), ""])


def read(text: str, folder: Path) -> tuple[list[deviations.Deviation], list[str]]:
    """Read a file with this text, on a fixed day."""
    path = folder / "deviations.toml"
    path.write_text(text, encoding="utf-8")
    return deviations.read(path, TODAY)


def test_a_declared_deviation_is_known_while_its_witness_fails(witness: str, tmp_path: Path) -> None:
    """The clause is neither violated nor searched for; the run conforms with deviations."""
    found, problems = read(entry(witness), tmp_path)

    report = run_suite(Reluctant, RunSettings(2), clauses=[CLAUSE, "close.again"], deviations=found)

    assert problems == []
    verdicts = {clause.clause.id: clause.verdict for clause in report.clauses}
    assert verdicts[CLAUSE] is Verdict.KNOWN_DEVIATION
    assert verdicts["close.again"] is Verdict.MET
    assert next(clause for clause in report.clauses if clause.clause.id == CLAUSE).message == "servers refuse"


def test_a_deviation_whose_witness_shows_nothing_is_stale(witness: str, tmp_path: Path) -> None:
    """On a system that keeps the clause the entry fails the gate."""
    found, _ = read(entry(witness), tmp_path)

    report = run_suite(reference_factory(), RunSettings(2), clauses=[CLAUSE], deviations=found)

    assert report.verdict is Overall.NON_CONFORMANT
    assert "remove the entry" in report.failures[0].message
    assert report.failures[0].verdict is Verdict.STALE_DEVIATION


def test_a_problem_of_the_file_fails_the_run(witness: str, tmp_path: Path, reference_report: Report) -> None:
    """A conformant system does not pass with a broken file of deviations."""
    _, problems = read(entry(witness, clause='"no.clause"'), tmp_path)
    report = replace(reference_report, problems=problems)

    assert (reference_report.verdict, report.verdict) == (Overall.CONFORMANT, Overall.NON_CONFORMANT)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"clause": '"no.clause"'}, "unknown clause: 'no.clause' is in no catalogue of judged clauses"),
        ({"clause": '"monitor.falsy"'}, "unknown clause: 'monitor.falsy' is in no catalogue of judged clauses"),
        ({"clause": None}, "unknown clause: None is in no catalogue of judged clauses"),
        ({"reason": None}, "delete.running has no reason"),
        ({"reason": '"  "'}, "delete.running has no reason"),
        ({"reason": "1"}, "delete.running has no reason"),
        ({"link": "1"}, "delete.running: its link is no text"),
        ({"expires": "2026-05-31"}, "delete.running expired on 2026-05-31"),
        ({"expires": "2026-05-31T23:59:59"}, "delete.running expired on 2026-05-31"),
        ({"expires": '"soon"'}, "delete.running: expires is no date"),
        (
            {"witness_check": None, "witness_inputs": None},
            "delete.running has no witness: give witness.check and witness.inputs (JSON)",
        ),
        (
            {"witness_inputs": None},
            "delete.running has no witness: give witness.check and witness.inputs (JSON)",
        ),
        (
            {"witness_check": '"close.again"'},
            "delete.running: its witness is of 'close.again', which is no check of the clause",
        ),
        (
            {"witness_inputs": "3"},
            "delete.running: the inputs of its witness are no JSON: ",
        ),
        (
            {"witness_inputs": '"{"'},
            "delete.running: the inputs of its witness are no JSON: ",
        ),
        ({"witness_inputs": '"[]"'}, "delete.running: the inputs of its witness are no JSON object"),
        (
            {"witness_inputs": "'{}'"},
            "delete.running: the inputs of its witness are not those of the check; find a new witness",
        ),
        (
            {"colour": '"red"', "shape": '"round"'},
            "unknown key 'colour'; there are clause, expires, link, reason, witness",
        ),
    ],
)
def test_a_bad_entry_is_told_exactly(changes: dict[str, str | None], told: str, witness: str, tmp_path: Path) -> None:
    """Unknown, unreasoned, expired and unwitnessed entries are refused, by file, number and cause."""
    found, (problem,) = read(entry(witness, **changes), tmp_path)

    assert found == []
    whole = f"{tmp_path / 'deviations.toml'}: deviation 1: {told}"
    assert problem.startswith(whole) if told.endswith(" ") else problem == whole


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("deviation = 1", ["entries are written as [[deviation]]"]),
        ("[deviation]", ["entries are written as [[deviation]]"]),
        ("a = 1\ndeviation = []", ["unknown key 'a'; entries are written as [[deviation]]"]),
        (
            "b = 1\ndeviation = {}",
            ["unknown key 'b'; entries are written as [[deviation]]", "entries are written as [[deviation]]"],
        ),
        ("deviation = [1, 2]", ["deviation 1: is no table", "deviation 2: is no table"]),
        ("", []),
    ],
)
def test_a_file_of_another_form_is_told_exactly(text: str, told: list[str], tmp_path: Path) -> None:
    """By its name, and what is written there instead."""
    assert read(text, tmp_path) == ([], [f"{tmp_path / 'deviations.toml'}: {line}" for line in told])


def test_a_clause_can_be_declared_once(witness: str, tmp_path: Path) -> None:
    """The second entry of a clause is refused, the first holds."""
    found, problems = read(entry(witness) + entry(witness), tmp_path)

    assert [deviation.clause for deviation in found] == [CLAUSE]
    assert problems == [
        f"{tmp_path / 'deviations.toml'}: deviation 2: duplicate: {CLAUSE} is declared before",
    ]


def test_an_entry_needs_no_link(witness: str, tmp_path: Path) -> None:
    """What is left out is empty."""
    (found,), problems = read(entry(witness, link=None), tmp_path)

    assert (found.link, problems) == ("", [])


def test_an_entry_holds_on_its_last_day(witness: str, tmp_path: Path) -> None:
    """It expires the day after."""
    found, problems = read(entry(witness, expires=str(TODAY)), tmp_path)

    assert (len(found), problems) == (1, [])


@pytest.mark.parametrize("text", ["[[deviation", "\x00"])
def test_what_is_no_toml_is_refused(text: str, tmp_path: Path) -> None:
    """A broken file is wrong usage, not a verdict."""
    with pytest.raises(deviations.BadDeviations, match=r"deviations\.toml"):
        read(text, tmp_path)


def test_what_is_declared_with_reasons_can_be_read(tmp_path: Path) -> None:
    """Every failed check becomes an entry whose witness still fails."""
    results = [run_check(check, Reluctant, RunSettings()) for check in checks_of(CLAUSE)]

    found, problems = read(deviations.to_toml(results, {CLAUSE: "Servers\n  refuse."}), tmp_path)

    assert problems == []
    assert [deviation.reason for deviation in found] == ["Servers refuse."]
    assert [deviations.replay(deviation, Reluctant).verdict for deviation in found] == [Verdict.KNOWN_DEVIATION]


def test_an_entry_without_a_reason_waits_for_one(tmp_path: Path) -> None:
    """What was found is told in a comment, whatever characters are in it; the reason is for somebody to give."""
    results = [run_check(check, Reluctant, RunSettings()) for check in checks_of(CLAUSE)]
    results[0].message = 'no\x00 "JobNotDone"\n\ud800 here'

    text = deviations.to_toml(results)
    found, problems = read(text, tmp_path)

    assert text.splitlines()[:4] == [
        '# no\\x00 "JobNotDone" \\ud800 here',
        "[[deviation]]",
        f'clause = "{CLAUSE}"',
        'reason = ""',
    ]
    assert found == []
    assert [problem.partition(": ")[2] for problem in problems] == [f"deviation 1: {CLAUSE} has no reason"]


def test_a_witness_that_is_nested_too_deep_is_a_problem(tmp_path: Path) -> None:
    """It is told of its entry, like any other witness that is no JSON."""
    found, problems = read(entry('{"a": ' * 5000 + "1" + "}" * 5000), tmp_path)

    assert found == []
    assert "deviation 1: delete.running: the inputs of its witness are no JSON: it is nested too deep" in problems[0]
