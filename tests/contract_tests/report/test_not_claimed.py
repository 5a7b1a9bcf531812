"""What is not claimed is told by what of System would open it, with how many clauses, in every report."""

from __future__ import annotations

import io
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING

import jsonschema
import pytest

from contract_tests import System
from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.report.html import to_html
from contract_tests.report.markdown import to_markdown
from contract_tests.report.not_claimed import offered
from contract_tests.report.terminal import console, show

if TYPE_CHECKING:
    from contract_tests.engine.report import Report


class Alone(System):
    """Sessions, and nothing else."""

    def __init__(self) -> None:
        self.server = SimulatedSystem().server

    def open_session(self, user: str = "admin@nvidia.com") -> object:
        """A session of the reference's server."""
        return self.server.connect(user)


CLAUSES = ["submit.meta", "submit.listed", "outage.open", "download.oversize", "shape.methods"]


@pytest.fixture(scope="module")
def report() -> Report:
    """What is said of some clauses that need a clock, jobs that run, an outage, and of one that needs nothing."""
    return run_suite(Alone, RunSettings(1), clauses=CLAUSES)


def printed(report: Report, *, quiet: bool = False) -> str:
    """What the terminal shows."""
    out = io.StringIO()
    show(report, console(out), quiet=quiet)
    return out.getvalue()


def test_the_terminal_tells_what_to_offer_next(report: Report) -> None:
    """A row for every step, what opens the most first; quietly, nothing of it."""
    told = printed(report).partition("Not claimed: what to offer next")[2]
    rows = re.findall(r"^ (\d+) +(\S.*?) *$", told, re.MULTILINE)

    assert rows == [
        ("2", "clock, job_folder for plans with runs"),
        ("1", "job_folder for plans with oversize"),
        ("1", "outage, recover"),
    ]
    assert "Not claimed" not in printed(report, quiet=True)


def test_markdown_and_the_page_tell_it_as_well(report: Report) -> None:
    """The page names the clauses, too."""
    assert "| 2 | clock, job_folder for plans with runs |\n" in to_markdown(report)
    page = to_html(report)
    assert '<b>2</b> <span class="id">clock, job_folder for plans with runs</span>' in page
    assert "submit.listed, submit.meta</p>" in page


def test_json_holds_it_as_data(report: Report) -> None:
    """As its schema says."""
    held = json.loads(report.to_json())
    schema = json.loads(files("contract_tests").joinpath("report.schema.json").read_text(encoding="utf-8"))

    assert held["not_claimed"][0] == {
        "needs": ["clock", "job_folder: runs"],
        "clauses": ["submit.listed", "submit.meta"],
    }
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(held)) == []


def test_nothing_is_told_where_everything_is_claimed(reference_report: Report) -> None:
    """Of the reference, say."""
    told = [printed(reference_report), to_markdown(reference_report), to_html(reference_report)]

    assert reference_report.openings == []
    assert [text for text in told if "what to offer next" in text] == []


def test_plans_stand_with_what_makes_jobs_of_them() -> None:
    """One method is named once."""
    assert offered(["clock", "job_folder: runs", "job_folder: mark"]) == "clock, job_folder for plans with runs, mark"


def test_what_a_level_lacks_is_named_where_it_is_little() -> None:
    """So that one sees what to do for it."""
    shape = [clause.id for clause in CATALOGUE if clause.conformance_level == 0]
    report = run_suite(Alone, RunSettings(1), clauses=shape)

    assert "levels reached: none; of 1 shape 17 of 18, without system.text\n" in printed(report)
