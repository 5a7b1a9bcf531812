"""Clauses that are expected to fail, in a run of pytest: what tests, the short summary and the verdict say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract_tests.pytest_suite.inner_runs import CONFTEST, Project

pytest_plugins = ["pytester"]

CLAUSE = "close.returns-none"
CHOSEN = ("--flare-contract", "-k", f"{CLAUSE} or shape.exceptions", "-rA", "--flare-json", "r.json")


def expecting(failures: str) -> str:
    """A conftest whose system, which breaks a clause, says so."""
    return CONFTEST.replace("def open_session", f"expected_failures = {failures}\n\n    def open_session")


def report(project: Project) -> Any:
    """The JSON report."""
    return json.loads((project.path / "r.json").read_text(encoding="utf-8"))


def clause(project: Project, clause_id: str) -> Any:
    """A clause of the JSON report."""
    return next(entry for entry in report(project)["clauses"] if entry["id"] == clause_id)


@pytest.mark.slow
@pytest.mark.parametrize("processes", [(), ("-n", "1")], ids=["one", "xdist"])
def test_an_expected_failure_is_a_known_deviation(processes: tuple[str, ...], project: Project) -> None:
    """The tests are xfailed with the reason; the report has the reason and, for a witness, the inputs."""
    project.write("conftest.py", expecting(f'{{"{CLAUSE}": "ours returns 7"}}'))

    result = project.run(*CHOSEN, *processes)

    assert result.ret == 0
    assert result.parseoutcomes()["xfailed"] == 2
    result.stdout.fnmatch_lines([f"XFAIL *{CLAUSE}] - *known deviation: ours returns 7"])
    told, found = report(project), clause(project, CLAUSE)
    assert told["deviations"] == [{"clause": CLAUSE, "reason": "ours returns 7", "link": "", "expires": ""}]
    assert (found["verdict"], found["message"]) == ("known deviation", "ours returns 7")
    assert found["checks"][0]["inputs"] == {"used": "not at all"}


@pytest.mark.slow
def test_what_is_expected_is_shown_to_who_asks(project: Project) -> None:
    """What was done and observed, rather than a line of the suite's own."""
    project.write("conftest.py", expecting(f'{{"{CLAUSE}": "ours returns 7"}}'))
    shown = ("--xfail-tb",) if pytest.version_tuple >= (8, 3) else ()

    result = project.run(*CHOSEN, *shown)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["close.returns-none (MUST, *): known deviation", "  expected: None"])
    result.stdout.fnmatch_lines(["  observed: returned 7", "  because:  ours returns 7"])
    assert "suite.py" not in result.stdout.str()


def test_an_expected_failure_that_is_kept_fails(project: Project) -> None:
    """It is told what to remove."""
    project.write("conftest.py", expecting('{"shape.exceptions": "not yet"}'))

    result = project.run(*CHOSEN, "-k", "shape.exceptions")

    assert result.ret == 1
    told = "stale deviation: expected to fail (not yet), but it is kept; remove it from expected_failures"
    result.stdout.fnmatch_lines([f"FAILED *shape.exceptions* - {told}"])
    assert (report(project)["verdict"], clause(project, "shape.exceptions")["verdict"]) == (
        "non-conformant",
        "stale deviation",
    )


def test_one_that_makes_no_sense_ends_the_run(project: Project) -> None:
    """With one failure that says what is wrong, exit code 2, and no table."""
    project.write("conftest.py", expecting('{"close.agian": "x"}'))

    result = project.run(*CHOSEN)

    assert result.ret == 2
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(["*there is no clause 'close.agian'; is it close.again?"])
    assert "verdict:" not in result.stdout.str()


MARKS = """
def pytest_collection_modifyitems(items):
    for item in items:
        if "close.returns-none" in item.nodeid:
            item.add_marker(pytest.mark.xfail(reason={reason!r}))
"""


def test_a_mark_is_an_expected_failure_too(project: Project) -> None:
    """As pytest's users mark tests of others: the verdict knows of it."""
    project.write("conftest.py", CONFTEST + MARKS.format(reason="ours returns 7"))

    result = project.run(*CHOSEN)

    assert result.ret == 0
    assert clause(project, CLAUSE)["verdict"] == "known deviation"
    assert report(project)["deviations"][0]["reason"] == "ours returns 7"


@pytest.mark.slow
def test_a_mark_without_a_reason_fails_the_run(project: Project) -> None:
    """No test fails, but nothing says why that is tolerated."""
    project.write("conftest.py", CONFTEST + MARKS.format(reason=""))

    result = project.run(*CHOSEN)

    assert (result.ret, result.parseoutcomes().get("failed")) == (1, None)
    result.stdout.fnmatch_lines(["*close.returns-none is marked xfail without a reason; say why it is tolerated"])
    result.stdout.fnmatch_lines(["flare-contract: the run fails: the system is non-conformant"])
