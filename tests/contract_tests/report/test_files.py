"""Reports in every form: HTML, Markdown, badge, and a report that is checked against itself."""

from __future__ import annotations

import copy
import io
import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from click.testing import CliRunner

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks, checks_of
from contract_tests.cli import main
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.deviations import Deviation
from contract_tests.engine.report import build
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.mutants.kill_matrix import ConformingVariantResult, KillMatrix, MutantResult
from contract_tests.report import badge, verify
from contract_tests.report.files import write_reports, write_scripts
from contract_tests.report.html import kill_matrix, to_html
from contract_tests.report.junit import to_junit
from contract_tests.report.markdown import to_markdown
from contract_tests.report.terminal import console, show
from tests.contract_tests.faulty_systems import CLAUSE, Reluctant

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.engine.report import Report


@pytest.fixture(scope="module")
def faulty_report() -> Report:
    """A quick report on a faulty system."""
    return run_suite(Reluctant, RunSettings(2), clauses=[CLAUSE, "close.again", "monitor.falsy"])


def test_the_page_tells_verdict_clauses_and_failures(faulty_report: Report) -> None:
    """Everything a reader looks for is on it."""
    page = to_html(faulty_report, {CLAUSE: "flare-contract-repro/repro_delete_running.py"})

    assert "non-conformant" in page
    assert f'id="failure-{CLAUSE}"' in page
    assert "flare-contract-repro/repro_delete_running.py" in page
    assert all(entry.clause.id in page for entry in faulty_report.clauses)


def test_the_page_needs_no_network(reference_report: Report) -> None:
    """Nothing is loaded from elsewhere."""
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|url\(|@import', to_html(reference_report)) == []


def test_the_page_escapes_what_an_implementation_says(faulty_report: Report) -> None:
    """An implementation can't write into the page."""
    report = copy.deepcopy(faulty_report)
    failed = report.failures[0].checks[0]
    failed.observed, failed.operations = "<script>alert(1)</script>", ["<b>submit</b>"]

    page = to_html(report)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>submit" not in page


def test_the_summary_has_a_row_for_every_failure(faulty_report: Report) -> None:
    """A CI job page shows what broke, and a pipe in a text does not break the table."""
    report = copy.deepcopy(faulty_report)
    report.failures[0].checks[0].observed = "a | b\nc"

    text = to_markdown(report)

    assert "## FLARE API: non-conformant" in text
    assert re.search(rf"^\| `{re.escape(CLAUSE)}` \| violated \|.* a \\\| b c \|$", text, re.MULTILINE)


def claiming(level: int, **checks: Verdict) -> Report:
    """A report on a system that keeps what it claims, up to a level; ``checks`` of its fourth part fare otherwise."""
    results = []
    for one in all_checks():
        clause = CATALOGUE[one.clause]
        verdict = Verdict.MET if clause.conformance_level < level else Verdict.NOT_CLAIMED
        results.append(CheckResult(one.id, one.clause, checks.get(clause.part, verdict), "because"))
    return build("somewhere:Made", RunSettings(), results)


HEADLINES = [
    ("conformant", "#2e7d32", "brightgreen", claiming(6)),
    ("conformant at level 3", "#0969da", "blue", claiming(3)),
    ("conformant at level 3 with deviations", "#0969da", "blue", claiming(3, clone=Verdict.KNOWN_DEVIATION)),
    ("conformant with deviations", "#9a6700", "yellow", claiming(6, clone=Verdict.KNOWN_DEVIATION)),
    ("unproven", "#6e7781", "lightgrey", claiming(0)),
    ("partial", "#6e7781", "lightgrey", claiming(6, clone=Verdict.NOT_RUN)),
    ("non-conformant", "#c62828", "red", claiming(3, clone=Verdict.VIOLATED)),
    ("error", "#7b1fa2", "purple", claiming(6, clone=Verdict.SUITE_ERROR)),
]


@pytest.mark.parametrize(("headline", "fill", "color", "report"), HEADLINES, ids=[row[0] for row in HEADLINES])
def test_every_report_tells_the_headline_and_on_how_much_it_rests(
    headline: str, fill: str, color: str, report: Report
) -> None:
    """In the terminal, in every file, and on the badge, whose color is green for nothing but conformant."""
    found = report.conclusion
    printed, svg, shown = io.StringIO(), badge.svg(report), json.loads(badge.shields_json(report))
    show(report, console(printed), quiet=True)
    junit = {one.get("name"): one.get("value") for one in ET.fromstring(to_junit(report))[0][0]}
    page = to_html(report)

    assert f"verdict: {headline}  ({found.judged} of 261 judged: " in printed.getvalue()
    assert f"## FLARE API: {headline}\n" in to_markdown(report)
    assert f". {found.judged} of 261 judged: " in to_markdown(report)
    assert f">{headline}</span>" in page
    assert f"<dd>{found.judged} of 261 clauses</dd>" in page
    assert f"{headline}, {found.judged} of 261 judged" in "".join(ET.fromstring(svg).itertext())
    assert fill in svg
    assert (shown["message"], shown["color"]) == (f"{headline}, {found.judged} of 261 judged", color)
    assert (report.as_dict()["verdict"], report.as_dict()["judged"]) == (headline, {"judged": found.judged, "of": 261})
    assert (junit["verdict"], junit["judged"]) == (headline, f"{found.judged} of 261")
    assert junit["level"] == str(found.level)


@pytest.mark.parametrize("report", [row[3] for row in HEADLINES[:-3]], ids=[row[0] for row in HEADLINES[:-3]])
def test_what_was_shown_is_computed_again(report: Report) -> None:
    """A headline that says more than its rows, or rests on more, does not hold; the true one does, and fits."""
    report = copy.deepcopy(report)
    report.deviations = [
        Deviation(entry.clause.id, "So far.", "", None, "", {})
        for entry in report.clauses
        if entry.verdict is Verdict.KNOWN_DEVIATION
    ]
    held = json.loads(report.to_json())
    schema = json.loads(files("contract_tests").joinpath("report.schema.json").read_text(encoding="utf-8"))

    assert list(jsonschema.Draft202012Validator(schema).iter_errors(held)) == []
    assert verify.problems(held) == []
    assert verify.problems({**held, "judged": {"judged": 260, "of": 261}}) != []
    for other in {row[0] for row in HEADLINES} - {held["verdict"]}:
        assert verify.problems({**held, "verdict": other}) == [
            f"its verdict is {other!r}, but its rows say {held['verdict']!r}"
        ]


def test_a_report_of_the_first_schema_is_refused_in_a_line(reference_report: Report, tmp_path: Path) -> None:
    """What its verdict means is not what it means today."""
    held = {**json.loads(reference_report.to_json()), "schema": 1}
    del held["judged"]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(held), encoding="utf-8")

    told = CliRunner().invoke(main, ["verify", str(path)])

    assert told.exit_code == 1
    assert told.output.splitlines() == [
        f"{path}: it is of schema 1, not 2, so its verdict means another; judge anew",
        f"{path}: the report does not hold",
    ]


@pytest.mark.parametrize(("level", "code"), [(1, 1), (6, 1)])
def test_a_level_can_be_required(level: int, code: int) -> None:
    """A level that is not complete fails the run, with a line that says so, also when nothing is broken."""
    told = CliRunner().invoke(main, ["run", "-q", "--clause", "shape", "--require-level", str(level)])
    (*_, last) = told.output.splitlines()

    assert told.exit_code == code
    assert (last == "level 6 (faults and concurrency) is required, but none is reached") == (level == 6)


def test_a_level_that_does_not_exist_is_wrong_usage() -> None:
    """There are six."""
    assert CliRunner().invoke(main, ["run", "--require-level", "7"]).exit_code == 2


def test_reports_are_written_in_every_form(faulty_report: Report, tmp_path: Path) -> None:
    """Folders on the way are made, and the kind of badge follows its name."""
    names = ("r.json", "r.xml", "r.html", "r.md", "b.svg")
    json_file, junit, html, markdown, svg = (tmp_path / "new" / name for name in names)

    write_reports(faulty_report, {}, json=json_file, junit=junit, html=html, markdown=markdown, badge=svg)
    write_reports(faulty_report, {}, badge=tmp_path / "b.json")

    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(names)
    assert json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))["schemaVersion"] == 1


def test_every_failed_check_gets_a_script(faulty_report: Report, tmp_path: Path) -> None:
    """Their paths are returned by the id of the check."""
    scripts = write_scripts(faulty_report, tmp_path)

    assert scripts
    assert all(check.startswith(CLAUSE) and Path(path).is_file() for check, path in scripts.items())


def test_whether_a_report_holds_is_told_as_json(faulty_report: Report, tmp_path: Path) -> None:
    """With what is wrong with it, and the exit codes of the text."""
    path = tmp_path / "report.json"
    held = json.loads(faulty_report.to_json())
    for verdict, code in ((held["verdict"], 0), ("conformant", 1)):
        path.write_text(json.dumps({**held, "verdict": verdict}), encoding="utf-8")
        done = CliRunner().invoke(main, ["verify", str(path), "--json"])
        told = json.loads(done.stdout)

        assert (told["file"], told["holds"], bool(told["problems"]), done.exit_code) == (
            str(path),
            code == 0,
            code == 1,
            code,
        )


def test_a_report_that_is_left_alone_holds(reference_report: Report, faulty_report: Report) -> None:
    """Its verdict, counts and levels follow from its rows."""
    for report in (reference_report, faulty_report):
        assert verify.problems(json.loads(report.to_json())) == []


def _set(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda held: held.update({key: value})


@pytest.mark.parametrize(
    "forge",
    [
        _set("verdict", "conformant"),
        _set("level", 6),
        _set("judged", {"judged": 261, "of": 261}),
        _set("counts", {"met": 999}),
        _set("schema", 99),
        lambda held: held["clauses"].pop(),
        lambda held: held["clauses"].append(held["clauses"][0]),
        lambda held: next(row for row in held["clauses"] if row["id"] == CLAUSE).update({"verdict": "met"}),
        lambda held: held["levels"][1].update({"reached": True}),
        lambda held: held.pop("clauses"),
        lambda held: held.update({"clauses": 7}),
    ],
)
def test_a_forged_report_does_not_hold(forge: Callable[[dict[str, Any]], None], faulty_report: Report) -> None:
    """Whatever was changed by hand is found."""
    held = json.loads(faulty_report.to_json())
    forge(held)

    assert verify.problems(held) != []


@pytest.mark.parametrize("held", [None, [], 7, "report", {}, {"schema": 1}])
def test_what_is_no_report_does_not_hold(held: object) -> None:
    """It is told, not raised."""
    assert verify.problems(held) != []


@pytest.fixture(scope="module")
def deviating_report() -> Report:
    """A report on a faulty system whose fault is declared."""
    witness = run_check(checks_of(CLAUSE)[0], Reluctant, RunSettings())
    declared = Deviation(CLAUSE, "Servers refuse.", "https://example.org/1", None, witness.check, witness.inputs)
    return run_suite(Reluctant, RunSettings(2), clauses=[CLAUSE, "close.again"], deviations=[declared])


def test_the_page_tells_a_deviation_with_its_witness(deviating_report: Report) -> None:
    """Reason, link and what was done to see it stand together, and the row of the clause leads there."""
    page = to_html(deviating_report)
    told = page[page.index(f'id="deviation-{CLAUSE}"') :].partition("</details>")[0]

    assert f'href="#deviation-{CLAUSE}"' in page
    assert all(text in told for text in ("Servers refuse.", "https://example.org/1", "delete_job(job1)", "observed"))


def test_the_summary_tells_deviations_and_reasons(deviating_report: Report) -> None:
    """A CI job page shows what is tolerated, and why."""
    assert f"| `{CLAUSE}` | Servers refuse. https://example.org/1 |" in to_markdown(deviating_report)


def test_a_report_tells_what_was_declared_and_holds(deviating_report: Report) -> None:
    """What was declared is part of the report."""
    held = json.loads(deviating_report.to_json())

    assert held["deviations"] == [
        {"clause": CLAUSE, "reason": "Servers refuse.", "link": "https://example.org/1", "expires": ""}
    ]
    assert verify.problems(held) == []


def test_a_tolerated_clause_that_nobody_declared_does_not_hold(deviating_report: Report) -> None:
    """A fault can't be turned into a known deviation by editing its row."""
    held = json.loads(deviating_report.to_json())
    held["deviations"] = []

    assert verify.problems(held) == [f"{CLAUSE} is a known deviation, but no deviation is declared for it"]


def test_every_report_fits_its_schema(
    reference_report: Report, faulty_report: Report, deviating_report: Report
) -> None:
    """Conformant, broken and with deviations: the schema that comes with the package describes them all."""
    schema = json.loads(files("contract_tests").joinpath("report.schema.json").read_text(encoding="utf-8"))
    fits = jsonschema.Draft202012Validator(schema)
    held = [json.loads(report.to_json()) for report in (reference_report, faulty_report, deviating_report)]

    assert [error.message for each in held for error in fits.iter_errors(each)] == []


def test_the_schema_refuses_what_it_does_not_describe(faulty_report: Report) -> None:
    """A verdict that does not exist, a row without its clause, and a key nobody knows are found."""
    schema = json.loads(files("contract_tests").joinpath("report.schema.json").read_text(encoding="utf-8"))
    held = json.loads(faulty_report.to_json())
    held["verdict"], held["colour"] = "splendid", "red"
    del held["clauses"][0]["id"]

    assert len(list(jsonschema.Draft202012Validator(schema).iter_errors(held))) == 3


@pytest.mark.slow
def test_what_else_is_to_be_known_is_told_in_every_report(reference_report: Report) -> None:
    """Versions, a date: in the JSON, which still holds, in the page, and in the summary, where it adds one line."""
    bare = to_markdown(reference_report)
    report = replace(reference_report, about={"NVFLARE": "2.9.7", "date": "2030-01-02"})

    assert report.as_dict()["about"] == report.about
    assert verify.problems(report.as_dict()) == []
    schema = json.loads(files("contract_tests").joinpath("report.schema.json").read_text(encoding="utf-8"))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(report.as_dict())) == []
    assert "2.9.7" in to_html(report)
    assert "NVFLARE 2.9.7, date 2030-01-02." in to_markdown(report).splitlines()
    assert len(to_markdown(report).splitlines()) == len(bare.splitlines()) + 2


@pytest.mark.parametrize("fact", ["2.9", "=2.9"])
def test_what_is_told_without_a_name_is_wrong_usage(fact: str) -> None:
    """It is refused before anything is tried."""
    told = CliRunner().invoke(main, ["run", "--clause", "close.again", "--about", fact])

    assert told.exit_code == 2
    assert "write NAME=TEXT" in told.output


def _matrix() -> dict[str, Any]:
    killed = MutantResult(
        "keeps-<it>", "delete.running", "keeps a running job", True, "violated", ["delete.running"], ["delete.list"]
    )
    survivor = MutantResult("hides-it", "delete.list", "hides it", False, "met", [])
    return KillMatrix(
        [killed, survivor], [ConformingVariantResult("polite", "says please", ["list.own"])], whole=False
    ).as_dict()


def test_the_kill_matrix_page_tells_what_was_killed_and_what_is_amiss() -> None:
    """Every mutant under its clause with the checks that killed it, survivors, and whoever was accused."""
    page = kill_matrix(_matrix())

    for told in ("keeps-&lt;it&gt;", "keeps a running job", 'id="delete.running"', "hides it", "polite", "list.own"):
        assert told in page
    assert "survived: hides-it (delete.list: met)" in page
    assert "not proven" in page
    assert 'href="#delete.list"' in page


def test_the_kill_matrix_page_needs_no_network() -> None:
    """Nothing is loaded from anywhere."""
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"|url\(|@import', kill_matrix(_matrix())) == []
