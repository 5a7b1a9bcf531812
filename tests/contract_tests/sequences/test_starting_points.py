"""Starting points: every history can be had, with the job in the state that was asked for."""

from __future__ import annotations

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.histories import HISTORIES
from contract_tests.sequences.starting_points import (
    ANY,
    EVERY_HISTORY,
    HISTORY_NAMES,
    LIKELY_HISTORIES,
    MAIN_HISTORIES,
    WAITING_HISTORIES,
    session_after,
    starting_point,
    submitted_after,
)
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed


class Alone(SimulatedSystem):
    """A system with one user, whose server can't be made to fail."""

    users = ("admin@nvidia.com",)

    def outage(self) -> None:
        """Claim none."""
        raise NotClaimed("an outage")


@pytest.mark.parametrize("past", MAIN_HISTORIES)
@pytest.mark.parametrize("state", STATES)
def test_a_job_of_any_state_can_have_a_main_past(past: str, state: str, scenario: Scenario) -> None:
    """The session that is given tells the state that was asked for."""
    actor, job = starting_point(scenario, past, state)

    assert STATES[state].reached(actor.status(job))
    assert scenario.states[job] == state


@pytest.mark.parametrize("past", HISTORY_NAMES)
def test_the_job_of_a_past_waits_or_is_done(past: str, scenario: Scenario) -> None:
    """Where no state is asked for it is told by the history, and listed for everyone."""
    actor, job = starting_point(scenario, past)

    assert finished(actor.status(job)) == (past not in WAITING_HISTORIES)
    assert job in actor.listed(all=True)


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_a_situation_with_nothing_before_it(state: str, scenario: Scenario) -> None:
    """The job is the only one, and in that state."""
    actor, job = starting_point(scenario, state)

    assert scenario.jobs == [job]
    assert STATES[state].reached(actor.status(job))


@pytest.mark.parametrize("past", HISTORY_NAMES)
def test_a_past_that_can_not_be_had_costs_no_situation(past: str) -> None:
    """Without a second user and outages there is a session and a job of a state all the same."""
    actor, job = starting_point(Scenario(Alone()), past)

    assert finished(actor.status(job)) == (past not in WAITING_HISTORIES)


def test_a_job_at_the_beginning_of_its_life_is_not_waited_for(scenario: Scenario) -> None:
    """It was just made, by the plan, after what its history puts before it."""
    actor, job = submitted_after(scenario, "clone", JobPlan(runs=3.0))

    assert scenario.jobs[-1] == job
    assert actor.status(job) == "SUBMITTED"


def test_nothing_before_a_session_is_nothing_at_all(scenario: Scenario) -> None:
    """Then it has no jobs; after any other history it has."""
    assert session_after(scenario, "nothing").listed() == []
    assert session_after(scenario, "clone").listed()


def test_all_lists_of_pasts_name_pasts() -> None:
    """What checks draw from is in the one table, and states and histories have names of their own."""
    assert {*MAIN_HISTORIES, *LIKELY_HISTORIES.values, *WAITING_HISTORIES} <= {*HISTORY_NAMES}
    assert EVERY_HISTORY.values == ("nothing", *HISTORY_NAMES) == tuple(HISTORIES)
    assert len(ANY) == len(set(ANY))
