"""Coverage: operations by the state of the job and of the session."""

from __future__ import annotations

import pytest

from contract_tests.engine.coverage import Cell, cells
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.operations import Operation, Outcome, Step
from contract_tests.scenario.scenario import Scenario


def test_cells_follow_what_was_done() -> None:
    """The state of a job and of a session is the one the scenario brought about."""
    with SimulatedSystem() as system:
        scenario = Scenario(system)
        alice = scenario.open()
        job = scenario.job("completed", alice)
        alice.do("abort_job", job)
        alice.do("delete_job", job)
        alice.do("get_job_meta", job)
        alice.do("get_job_meta", "nonsense")
        scenario.on_system("outage")
        alice.do("list_jobs")
        scenario.on_system("recover")
        alice.do("close")
        alice.do("list_jobs")
        found = cells(scenario.steps, scenario.states, scenario.jobs)

    assert found[Cell("abort_job", "completed", "open")] == 1
    assert found[Cell("delete_job", "completed", "open")] == 1
    assert found[Cell("get_job_meta", "deleted", "open")] == 1
    assert found[Cell("get_job_meta", "unknown", "open")] == 1
    assert found[Cell("list_jobs", "any", "no server")] == 1
    assert found[Cell("close", "any", "open")] == 1
    assert found[Cell("list_jobs", "any", "closed")] == 1


@pytest.mark.parametrize("odd", [[], {}, None, "no-such-job"], ids=repr)
def test_a_deletion_of_what_is_no_job_is_one_of_an_unknown_job(odd: object) -> None:
    """A session may come back from it, whatever it was handed; no state of a job follows."""
    steps = [Step(Operation("alice", "delete_job", (odd,)), Outcome("returned"))] * 2

    assert cells(steps, {}, []) == {Cell("delete_job", "unknown", "open"): 2, Cell("delete_job", "any", "open"): 2}


def test_a_lost_session_and_a_guest_have_cells_of_their_own() -> None:
    """What the server ended and what a user may not do is told apart from an open session."""
    with SimulatedSystem() as system:
        scenario = Scenario(system)
        alice, guest = scenario.open(), scenario.open_restricted()
        guest.do("submit_job", "nowhere")
        scenario.on_system("lose_sessions")
        alice.do("list_jobs")
        found = cells(scenario.steps, scenario.states, scenario.jobs)

    assert found[Cell("submit_job", "any", "not allowed")] == 1
    assert found[Cell("list_jobs", "any", "lost")] == 1
