"""Tests of an application on broken servers: which ones do they notice?"""

from __future__ import annotations

import pytest

from tests.contract_tests.pytest_suite.inner_runs import Project

pytest_plugins = ["pytester"]

APPLICATION = """
def finished(session):
    return [job["job_id"] for job in session.list_jobs() if job["status"].startswith("FINISHED")]

def test_finds_what_is_done(flare_session, make_flare_job):
    job_id = flare_session.submit_job(make_flare_job())
    flare_session.monitor_job(job_id)

    assert finished(flare_session) == [job_id]

def test_has_no_server():
    pass
"""

ONLY_RIGHT = """
def test_fails_on_any(flare_server):
    with flare_server.connect() as session:
        assert session.list_jobs() == ["a job"]
"""


def test_what_no_test_notices_is_told(project: Project) -> None:
    """A test that fails on a broken server has noticed; one without a server is run once."""
    project.write("test_application.py", APPLICATION)
    result = project.run("-q", "--flare-mutants", "list.ids/", "--flare-mutants", "close.returns-none")

    told = result.stdout.str()
    assert result.ret == 0, told
    assert "not noticed: list.ids/shortens-ids" not in told
    assert "not noticed: list.ids/names-the-originals-id-in-the-entry-of-a-clone" in told
    assert "not noticed: close.returns-none/" in told
    assert "broken servers noticed" in told
    assert "2 passed" in told


def test_a_test_that_fails_anyway_counts_for_nothing(project: Project) -> None:
    """It is told of, and the run fails as it would without mutants."""
    project.write("test_application.py", ONLY_RIGHT)
    result = project.run("-q", "--flare-mutants", "list.empty/lists-a-heading")

    told = result.stdout.str()
    assert result.ret == 1, told
    assert "0 of 1 broken servers noticed" in told
    assert "1 tests fail on a server that is right" in told


@pytest.mark.slow
def test_one_of_each_clause(project: Project) -> None:
    """Which takes a hundredth of the time, and is a beginning; on several workers as on one."""
    project.write("test_application.py", APPLICATION)
    result = project.run("-q", "--flare-mutants", "each", "-n", "2")

    told = result.stdout.str()
    assert result.ret == 0, told
    assert "not noticed: close.returns-none/" in told
    assert "broken servers noticed" in told


def test_without_any_server_nothing_is_claimed(project: Project) -> None:
    """Nobody is to take it for a pass."""
    project.write("test_application.py", "def test_nothing(): pass")
    result = project.run("-q", "--flare-mutants", "list.ids")

    assert "no test of these uses flare_server" in result.stdout.str()


def test_an_unknown_name_ends_the_run_at_once(project: Project) -> None:
    """One line says so, and what to do."""
    project.write("test_application.py", APPLICATION)
    result = project.run("-q", "--flare-mutants", "no-such")

    assert result.ret == 4
    assert "no mutant of sessions is called 'no-such'; flare-contract mutants lists all" in result.stderr.str()
