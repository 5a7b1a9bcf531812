"""The fixtures for tests of applications that need no NVFLARE, as a project meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract_tests.pytest_suite.inner_runs import Project

pytest_plugins = ["pytester"]

DISPATCHER = """
import time
from time import sleep


def wait(seconds):
    began = time.monotonic()
    sleep(seconds)
    return time.monotonic() - began
"""


def passes(project: Project, text: str, *arguments: str) -> None:
    """Every test of a module passes."""
    project.write("test_application.py", text)
    result = project.run("-q", *arguments)

    assert result.ret == 0, result.stdout.str()


def test_a_server_and_a_session_are_all_it_takes(project: Project) -> None:
    """A fresh server for every test, with a session; a job folder takes a line."""
    passes(
        project,
        """
def test_a_job_runs(flare_server, flare_session, make_flare_job):
    job_id = flare_session.submit_job(make_flare_job("hello", min_clients=2, behavior={"run_seconds": 3600}))

    assert flare_session.monitor_job(job_id).name == "JOB_FINISHED"
    assert flare_server.requests.counts["submit_job"] == 1

def test_the_next_one_is_fresh(flare_server):
    assert flare_server.jobs == ()

def test_two_jobs(make_flare_job):
    assert make_flare_job() != make_flare_job("other")
""",
    )


def test_a_marker_says_what_a_server_is_made_with(project: Project) -> None:
    """Of the test, its class, its module: the closest counts, for each option."""
    passes(
        project,
        """
import pytest
from flare_sim import JobBehavior

pytestmark = pytest.mark.flare(clients=3, seed=5)

def test_of_the_module(flare_server):
    assert "3 clients" in repr(flare_server) and flare_server.seed == 5

@pytest.mark.flare(clients=["site-9"])
class TestClass:
    def test_of_the_class(self, flare_server, flare_session):
        assert [client.name for client in flare_session.get_system_info().client_info] == ["site-9"]
        assert flare_server.seed == 5

    @pytest.mark.flare(users=["ann@nvidia.com"], user="ann@nvidia.com", clients=4)
    def test_of_its_own(self, flare_server, flare_session):
        assert "ann@nvidia.com" in repr(flare_session)
        assert len(flare_session.get_system_info().client_info) == 4
""",
    )


def test_a_fixture_says_what_a_server_is_made_with(project: Project, tmp_path: Path) -> None:
    """The marker goes before it."""
    passes(
        project,
        """
import pytest

@pytest.fixture
def flare_server_options(tmp_path):
    return {"clients": 5, "user": "lead@nvidia.com", "download_dir": str(tmp_path / "results")}

def test_as_the_fixture_says(flare_server, flare_session, make_flare_job, tmp_path):
    assert len(flare_session.get_system_info().client_info) == 5
    assert "lead@nvidia.com" in repr(flare_session)
    job_id = flare_session.submit_job(make_flare_job())
    flare_server.run_until_idle()
    assert flare_session.download_job_result(job_id).startswith(str(tmp_path / "results"))

@pytest.mark.flare(clients=1)
def test_as_the_marker_says(flare_session):
    assert len(flare_session.get_system_info().client_info) == 1
""",
    )


@pytest.mark.parametrize("modules", ['"dispatcher"', '["dispatcher"]', '("dispatcher",)'])
def test_modules_that_are_named_live_on_the_clock(project: Project, modules: str) -> None:
    """For the test, and are put back."""
    project.write("dispatcher.py", DISPATCHER)
    passes(
        project,
        f"""
import sys, time
sys.path.insert(0, ".")
import dispatcher, pytest

@pytest.mark.flare(time_in={modules})
def test_time_passes_on_the_clock(flare_server):
    began = flare_server.clock.time()
    assert dispatcher.wait(86_400) == 86_400 == flare_server.clock.time() - began

def test_everything_was_put_back():
    assert dispatcher.time is time and dispatcher.sleep is time.sleep
""",
    )


SCOPED = """
import pytest
{mark}
def test_first(flare_server, flare_session, make_flare_job):
    flare_session.submit_job(make_flare_job())

def test_second(flare_server, flare_session):
    assert len(flare_session.list_jobs()) == {jobs}
"""


@pytest.mark.parametrize(("scope", "jobs"), [("session", 1), ("package", 1), ("module", 1), ("class", 0)])
def test_a_setting_gives_it_another_scope(project: Project, scope: str, jobs: int) -> None:
    """Servers of a module are shared by its tests; the marker is that of the module then."""
    mark = "pytestmark = pytest.mark.flare(seed=5)" if scope in ("module", "class") else ""
    passes(project, SCOPED.format(mark=mark, jobs=jobs), "-o", f"flare_server_scope={scope}")


def test_a_fixture_of_ones_own_gives_one_module_another_scope(project: Project) -> None:
    """The session goes on with it."""
    own = """
@pytest.fixture(scope="module")
def flare_server():
    from flare_sim import SimulatedServer
    with SimulatedServer(clients=7) as server:
        yield server

def test_third(flare_session):
    assert len(flare_session.get_system_info().client_info) == 7
"""
    passes(project, SCOPED.format(mark=own, jobs=1))


def test_a_marker_that_would_be_ignored_ends_the_run(project: Project) -> None:
    """A test can't choose a server that it shares with others."""
    project.write("test_application.py", SCOPED.format(mark="@pytest.mark.flare(clients=5)", jobs=1))
    result = project.run("-o", "flare_server_scope=module")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*test_first: flare_server lives as long as the module*can't be said here*"])


def test_a_scope_that_there_is_not_ends_the_run(project: Project) -> None:
    """The setting is named, and those there are."""
    project.write("test_application.py", SCOPED.format(mark="", jobs=1))
    result = project.run("-o", "flare_server_scope=file")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*flare_server_scope must be one of session, package, module, class, function*"])


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("5", "pytest.mark.flare takes options by their names, such as clients=5"),
        ("cleints=5", "unexpected keyword argument 'cleints'"),
        ("clients=-1", "a system cannot have -1 clients"),
        ("time_in='no_such_module'", "No module named 'no_such_module'"),
    ],
)
def test_what_makes_no_sense_is_an_error_of_the_test(project: Project, mark: str, told: str) -> None:
    """It says what was wrong."""
    project.write("test_application.py", SCOPED.format(mark=f"@pytest.mark.flare({mark})", jobs=0))
    result = project.run()

    assert result.ret == 1
    result.assert_outcomes(errors=1, passed=1)
    assert told in result.stdout.str()


FAILING = """
def test_it_fails(flare_server, flare_session, make_flare_job):
    flare_session.submit_job(make_flare_job("hello", min_clients=2))
    flare_server.advance(3)
    flare_server.faults.drop("site-2")
    assert flare_server.jobs[0].status == "FINISHED:COMPLETED"

def test_it_passes(flare_server):
    pass

def test_no_server():
    assert 0
"""


def test_a_test_that_fails_tells_what_happened_at_its_server(project: Project) -> None:
    """In sentences, with why jobs wait and what was asked for; once, as one test failed that has a server."""
    project.write("test_application.py", FAILING)
    result = project.run()

    result.assert_outcomes(failed=2, passed=1)
    assert result.stdout.str().count("- simulated server -") == 1
    result.stdout.fnmatch_lines(
        [
            "0 s: admin@nvidia.com called submit_job: 'hello'",
            "*1.15 s: 'hello' is RUNNING",
            "3 s: site-2 dropped",
            "3 s: the run of 'hello' is paused",
            "*'hello': RUNNING, paused since site-2 dropped at *: 2 clients wanted, 1 connected",
            "requests: 1 submit_job",
        ]
    )


def test_stories_that_differ_are_told_by_their_lines(project: Project) -> None:
    """An assertion about what happened shows the sentence that is another one."""
    project.write(
        "test_application.py",
        """
def test_it_fails(flare_server):
    flare_server.faults.drop("site-2")
    assert flare_server.story() == ["0 s: drop('site-2')", "0 s: site-1 dropped"]
""",
    )
    result = project.run("-vv")

    result.stdout.fnmatch_lines(
        ["E*-     \"0 s: drop('site-2')\",", "E*-     '0 s: site-1 dropped',", "E*'0 s: site-2 dropped',"]
    )


def test_a_long_story_is_told_from_its_end(project: Project) -> None:
    """With how much there was before."""
    project.write(
        "test_application.py",
        """
def test_it_fails(flare_server):
    for number in range(150):
        flare_server.add_user(f"user-{number}")
    assert 0
""",
    )
    told = project.run().stdout.str()

    assert "(50 lines before)" in told
    assert "user-49 was added" not in told
    assert "user-50 was added" in told


@pytest.mark.slow
def test_who_does_not_use_it_loads_nothing_of_it(tmp_path: Path) -> None:
    """The plugin is in every project; the simulator is loaded with the first test that asks for it."""
    (tmp_path / "test_other.py").write_text(
        "import sys\n\ndef test_it():\n    assert not [name for name in sys.modules if name.startswith('flare_sim')]\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_a_server_is_in_a_scenario(project: Project) -> None:
    """One of the gallery, a file beside the test, or one made in Python; other options go before it."""
    project.write("night.toml", 'clients = ["ward"]\n')
    passes(
        project,
        """
import pytest
from flare_sim import NoConnection, Scenario

def names(session):
    return [client.name for client in session.get_system_info().client_info]

@pytest.mark.flare(scenario="night.toml")
def test_a_file(flare_session):
    assert names(flare_session) == ["ward"]

@pytest.mark.flare(scenario="lost-reply", clients=3)
def test_the_gallery(flare_server, flare_session, make_flare_job):
    with pytest.raises(NoConnection):
        flare_session.submit_job(make_flare_job())
    assert len(flare_server.jobs) == 1
    flare_server.advance(10)
    assert len(names(flare_session)) == 3

@pytest.mark.flare(scenario=Scenario(clients=["a", {"name": "b", "joins": 5}]))
def test_python(flare_server, flare_session):
    flare_server.advance(5)
    assert names(flare_session) == ["a", "b"]
""",
    )


def test_a_scenario_that_there_is_not_is_named(project: Project) -> None:
    """With those there are."""
    project.write(
        "test_application.py",
        """
import pytest

@pytest.mark.flare(scenario="lost-repyl")
def test_it(flare_server):
    pass
""",
    )
    result = project.run("-q")

    result.stdout.fnmatch_lines(["*there is no scenario 'lost-repyl'; did you mean 'lost-reply'?*"])
