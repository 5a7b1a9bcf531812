"""Coverage: operations by the state of the job and of the session."""

from __future__ import annotations

import pytest

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.engine.coverage import JOB_STATES, SESSION_STATES, Cell, cells, reachable
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


def test_an_open_session_calls_every_method_on_a_job_in_every_state() -> None:
    """Also on one that was deleted, and on one that nobody knows."""
    found = {(cell.operation, cell.job) for cell in reachable() if cell.job != "any"}

    assert found == {(method, state) for method in JOB_METHODS for state in JOB_STATES}
    assert {cell.session for cell in reachable() if cell.job != "any"} == {"open"}


def test_every_method_is_called_in_every_state_of_a_session_that_is_another_for_it() -> None:
    """Everybody may look, and nothing is denied to who closes; nor does that ask a server that misbehaves."""
    left_out = {
        *((method, "not allowed") for method in ("get_job_meta", "list_jobs", "get_system_info", "monitor_job")),
        *(("close", session) for session in ("not allowed", "misbehaving server")),
    }
    every = {(method, session) for method in (*SERVER_METHODS, "close") for session in SESSION_STATES}

    assert {(cell.operation, cell.session) for cell in reachable() if cell.job == "any"} == every - left_out


def test_a_cell_says_what_a_server_is_like_and_whose_job_it_was() -> None:
    """A fault is over when it is ended; a call about no job, and one on a job just made, have words of their own."""

    def step(actor: str, method: str, *args: object) -> Step:
        return Step(Operation(actor, method, args), Outcome("returned"))

    found = cells(
        [
            step("world", "misbehave"),
            step("alice", "abort_job", "a"),
            step("world", "behave"),
            step("alice", "abort_job", "a"),
            step("world", "outage"),
            step("alice", "abort_job", "b"),
            step("alice", "abort_job"),
            step("alice", "get_system_info"),
            step("alice", "delete_job", "a"),
            step("alice", "close"),
            step("alice", "delete_job", "a"),
            step("bob", "delete_job", "b"),
        ],
        {"a": "running"},
        ["a", "b"],
    )

    assert {cell: count for cell, count in found.items() if cell.job != "any"} == {
        Cell("abort_job", "running", "misbehaving server"): 1,
        Cell("abort_job", "running", "open"): 1,
        Cell("abort_job", "submitted", "no server"): 1,
        Cell("abort_job", "no job", "no server"): 1,
        Cell("get_system_info", "no job", "no server"): 1,
        Cell("delete_job", "running", "no server"): 1,
        Cell("close", "no job", "no server"): 1,
        Cell("delete_job", "deleted", "closed"): 1,
        Cell("delete_job", "submitted", "no server"): 1,
    }
    assert sum(found.values()) == 2 * 9


def test_sessions_that_were_opened_before_are_the_lost_ones() -> None:
    """One that is opened afterwards is none of them; a refused deletion leaves the job what it was."""
    steps = [
        Step(Operation("world", "open_session", ("alice",)), Outcome("returned")),
        Step(Operation("world", "lose_sessions"), Outcome("returned")),
        Step(Operation("world", "open_session", ("bob",)), Outcome("returned")),
        *(Step(Operation(who, "delete_job", ("a",)), Outcome("raised")) for who in ("alice", "bob", "bob")),
    ]

    found = cells(steps, {"a": "waiting"}, ["a"])

    assert found[Cell("delete_job", "waiting", "lost")] == 1
    assert found[Cell("delete_job", "waiting", "open")] == 2
