"""Sequences of calls: played, judged, played again from their data, and searched for deep mutants."""

from __future__ import annotations

import json
from hashlib import blake2b
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import wording
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.drawn_calls import any_call
from contract_tests.sequences.player import ON_JOBS, PLANS, Player, play_all
from contract_tests.system.system import NotClaimed, System
from flare_sim import SimulatedServer
from tests.contract_tests.faulty_systems import Narrow
from tests.contract_tests.made_up_checks import real_check

EVERYTHING: list[list[Any]] = [
    *(["submit", number, plan] for number, plan in enumerate(PLANS)),
    ["info", 0],
    ["sleep", 3.0],
    *(["meta", number, number] for number in range(6)),
    ["clone", 0, 1],
    ["clone", 2, 1],
    ["clone", 3, 3],
    ["list", 0, True, False],
    ["list", 2, False, True],
    ["monitor", 1, 1, 5, 0],
    ["monitor", 1, 2, 5, 2],
    ["monitor", 1, 3, 1, 0],
    ["reopen", 1],
    ["abort", 1, 2],
    ["abort", 3, 1],
    ["download", 2, 1],
    ["sleep", 300.0],
    ["delete", 0, 1],
    *([call, 0, 1] for call in ("meta", "abort", "clone", "delete", "download")),
    ["info", 3],
    ["list", 3, True, True],
]
"""Every call there is, on every kind of job."""


class ForgetsAfterClone(SimulatedSystem):
    """Its list loses the newest job once somebody tried to clone a job that was deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.confused = False

    def open_session(self, user: str | None = None) -> Any:
        """A session with the fault."""
        session = super().open_session(user)
        clone, list_jobs = session.clone_job, session.list_jobs

        def clone_job(job_id: str) -> str:
            try:
                new: str = clone(job_id)
            except Exception:
                self.confused = True
                raise
            return new

        def listing(detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
            jobs: list[dict[str, Any]] = list_jobs(detailed, all)
            return jobs[:-1] if self.confused else jobs

        session.clone_job, session.list_jobs = clone_job, listing
        return session


def test_every_call_can_be_played_on_the_reference() -> None:
    """The model agrees with each outcome."""
    scenario = Scenario(SimulatedSystem())

    play_all(scenario, EVERYTHING)

    assert {step.operation.method for step in scenario.steps} >= {
        "submit_job",
        "clone_job",
        "get_job_meta",
        "list_jobs",
        "download_job_result",
        "abort_job",
        "delete_job",
        "get_system_info",
        "monitor_job",
        "close",
        "sleep",
    }


class OneUser(SimulatedSystem):
    """Has users without names."""

    users = ()

    def open_session(self, user: str | None = None) -> Any:
        """A session of the administrator."""
        return super().open_session("admin@nvidia.com")


@pytest.mark.parametrize(
    ("system", "performed"), [(SimulatedSystem, "2a75f4afafd32baa"), (OneUser, "9c7464ef373d822b")]
)
def test_every_call_performs_what_it_did(system: type[System], performed: str) -> None:
    """Reproducers hold calls: what a call stands for does not change by the way."""
    scenario = Scenario(system())
    player = Player(scenario, judging=False)
    for call in (*EVERYTHING, ["refused", 3], ["outage", 2], ["watch", 0, 3, "meta", 2], ["list", 9, False, True]):
        player.play(call)

    told = [wording.step(step, player.ids) for step in scenario.steps]
    assert blake2b("\n".join(told).encode(), digest_size=8).hexdigest() == performed, told


def test_a_call_on_a_job_before_there_is_one_is_left_out() -> None:
    """Any list of calls can be played, however it was cut down."""
    scenario = Scenario(SimulatedSystem())

    play_all(scenario, [["meta", 0, 1], ["delete", 3, 7], ["monitor", 0, 1, 1, 1]])

    assert scenario.steps[-1].operation.method == "open_session"


def test_numbers_wrap_around() -> None:
    """A session or job of any number is one that there is."""
    scenario = Scenario(SimulatedSystem())

    play_all(scenario, [["submit", 7, "short"], ["meta", 102, 55]])

    assert scenario.steps[-1].outcome.value["job_id"] == scenario.jobs[0]


def test_a_system_with_one_user_is_played_with_two_sessions() -> None:
    """Without a second user all sessions are the first one's; submitters are not judged."""

    class One(System):
        def __init__(self) -> None:
            self.server = SimulatedServer()
            self.clock = self.server.clock
            self.simulated_jobs = True
            self.client_names = ("site-1", "site-2")

        def open_session(self, user: str = "") -> Any:
            return self.server.connect()

    scenario = Scenario(One())
    play_all(scenario, [call for call in EVERYTHING if call[0] != "sleep"])

    assert {step.operation.actor for step in scenario.steps} - {"world"} == {"alice", "alice-2", "alice-3"}


def test_a_list_of_all_users_that_is_refused_is_asked_for_without_them() -> None:
    """It is judged as what it is then: the user's own."""
    scenario = Scenario(Narrow())
    play_all(
        scenario, [["submit", 0, "waits"], ["submit", 2, "waits"], ["list", 2, True, True], ["list", 0, True, False]]
    )

    lists = [step for step in scenario.steps if step.operation.method == "list_jobs"]
    assert [(dict(step.operation.kwargs), step.outcome.returned) for step in lists] == [
        ({"detailed": True, "all": True}, False),
        ({"detailed": True}, True),
        ({"all": True}, False),
        ({}, True),
    ]


def test_without_a_clock_time_cannot_pass() -> None:
    """A sequence that sleeps needs a clock."""

    class Timeless(SimulatedSystem):
        def __init__(self) -> None:
            super().__init__()
            self.clock = None

    with pytest.raises(NotClaimed, match="a clock"):
        play_all(Scenario(Timeless()), [["sleep", 1.0]])


def test_an_outcome_that_disagrees_is_a_violation() -> None:
    """What the model allows and what was seen are the two sides of it."""
    player = Player(Scenario(ForgetsAfterClone()))
    for call in (["submit", 0, "waits"], ["submit", 0, "waits"], ["delete", 0, 1], ["clone", 0, 1]):
        player.play(call)

    with pytest.raises(Violation) as caught:
        player.play(["list", 0, False, False])

    assert (caught.value.expected, caught.value.observed) == ("every live job in the list", "without job2")
    assert player.jobs == len(player.ids) == 2


def test_a_player_that_does_not_judge_goes_on() -> None:
    """For comparing two systems, outcomes are taken as they are."""
    player = Player(Scenario(ForgetsAfterClone()), judging=False)

    for call in (["submit", 0, "waits"], ["delete", 0, 1], ["submit", 0, "waits"], ["clone", 0, 1], ["list", 0, 0, 0]):
        player.play(call)

    assert player.scenario.steps[-1].outcome.value == []


@pytest.fixture(scope="module")
def found() -> CheckResult:
    """What the state machine makes of the forgetful list, from the first seed that shows it."""
    results = (
        run_check(real_check("life.model"), ForgetsAfterClone, RunSettings(seed=seed), SimulatedSystem)
        for seed in range(4)
    )
    return next(result for result in results if result.verdict is Verdict.VIOLATED)


@pytest.mark.slow
def test_the_state_machine_finds_a_deep_fault(found: CheckResult) -> None:
    """Three calls in the right order, with nothing wrong before the fourth, are found and cut down to them."""
    names = [call[0] for call in found.inputs["calls"]]

    assert sorted(set(names)) == ["clone", "delete", "list", "submit"]
    assert len(names) <= 6
    assert found.expected == "every live job in the list"
    assert found.operations[-1].startswith("alice: list_jobs(")


@pytest.mark.slow
def test_what_the_state_machine_found_is_played_again_from_its_data(found: CheckResult) -> None:
    """The inputs of the failure give the same failure, without a search; on the reference they give none."""
    check = real_check("life.model")

    again = try_inputs(check, found.inputs, ForgetsAfterClone)

    assert (again.verdict, again.observed, again.operations) == (found.verdict, found.observed, found.operations)
    assert try_inputs(check, found.inputs, SimulatedSystem).verdict is Verdict.MET


def test_finding_a_deep_fault_is_no_matter_of_luck() -> None:
    """It is found from two seeds of four at least, with the examples of a default run."""
    results = (
        run_check(real_check("life.model"), ForgetsAfterClone, RunSettings(seed=seed), shrink=False)
        for seed in range(4)
    )
    found = (result for result in results if result.verdict is Verdict.VIOLATED)

    assert len([*islice(found, 2)]) == 2


def test_any_call_can_be_written_down() -> None:
    """Every kind of call is drawn, as data that JSON can hold, and can be played."""
    drawn: list[list[Any]] = []

    @settings(deadline=None, database=None, derandomize=True, max_examples=200)
    @given(any_call())
    def draw(call: list[Any]) -> None:
        assert json.loads(json.dumps(call)) == call
        drawn.append(call)

    draw()
    play_all(Scenario(SimulatedSystem()), [["submit", 0, "long"], *drawn[:60]])

    assert {call[0] for call in drawn} == {"submit", "sleep", "list", "info", "reopen", *ON_JOBS} - {
        "abort while",
        "inside",
    }
