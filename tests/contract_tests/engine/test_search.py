"""The search: all listed inputs, the smallest that fail, a fresh system for every example."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check
from contract_tests.engine.search import hypothesis_settings
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, lists, sampled_from
from contract_tests.system.system import NotClaimed
from tests.contract_tests.made_up_checks import THOROUGH, real_check, recording, run


def test_a_violation_has_the_smallest_inputs() -> None:
    """Of all the inputs that break a promise, the report shows the least."""
    result = run(
        lambda s, number, letters: s.require(number < 17, "less than 17", number),
        settings=THOROUGH,
        number=integers(0, 1000),
        letters=lists(sampled_from("a", "b"), 0, 9),
    )

    assert (result.verdict, result.inputs) == (Verdict.VIOLATED, {"number": 17, "letters": []})


def test_all_listed_inputs_are_tried() -> None:
    """Every combination of listed inputs is tried, however few examples were asked for."""
    seen = set()

    def body(s: Scenario, state: str, by: int, number: int) -> None:
        seen.add((state, by))

    result = run(
        body, settings=RunSettings(examples=1), state=Each("a", "b", "c"), by=Each(0, 1), number=integers(0, 10)
    )

    assert seen == {(state, by) for state in "abc" for by in (0, 1)}
    assert result.verdict is Verdict.MET
    assert result.examples >= 6


def test_listed_inputs_of_a_violation_are_told() -> None:
    """The combination that failed is among the inputs."""
    result = run(lambda s, state: s.require(state != "b", "not b", state), state=Each("a", "b", "c"))

    assert result.inputs == {"state": "b"}


def test_of_a_few_listed_inputs_some_can_be_judged() -> None:
    """Where the few that were chosen are another clause's affair, others take their place until one is not."""
    tried = []

    def body(s: Scenario, state: str) -> None:
        tried.append(state)
        if state != "d":
            raise JudgedElsewhere

    few = RunSettings(combinations=2)

    assert run(body, settings=few, state=Each(*"abcedf")).verdict is Verdict.MET
    assert tried == [*"aebcd"]
    assert run(body, settings=few, state=Each(*"abcef")).verdict is Verdict.NOT_TESTABLE


def test_an_implementation_that_answers_differently_each_time_is_still_violating() -> None:
    """A violation that does not come back when it is tried again is told, with the remark that it comes and goes."""
    asked = []

    def body(s: Scenario, number: int) -> None:
        asked.append(number)
        s.require(len(asked) != 3, "the same each time", "a surprise")

    result = run(body, settings=THOROUGH, number=integers(0, 1000))

    assert (result.verdict, result.observed) == (Verdict.VIOLATED, "a surprise")
    assert "not on every try" in result.message


def test_nothing_more_is_tried_once_a_check_cannot_go_on() -> None:
    """Not claimed and not testable end a search at its first example."""
    tried = []

    def body(s: Scenario, number: int, which: str) -> None:
        tried.append(number)
        raise NotClaimed("more") if which == "a" else NotTestable("later")

    run(body, settings=THOROUGH, number=integers(0, 1000), which=Each("a", "b"))

    assert len(tried) == 1


def test_a_fresh_system_is_made_for_every_example_and_closed() -> None:
    """No example sees what another left behind, however it ended."""
    system = recording()
    result = run(lambda s, number: s.require(number < 50, "less", number), system, THOROUGH, number=integers(0, 100))

    assert result.verdict is Verdict.VIOLATED
    assert len(system.made) == result.examples
    assert system.closed == system.made


def test_the_state_machine_closes_every_system_it_opens() -> None:
    """Sequences leave nothing open either."""
    system = recording()
    result = run_check(real_check("life.model"), system, RunSettings(examples=3))

    assert result.verdict is Verdict.MET
    assert system.closed == system.made
    assert len(system.made) == result.examples > 3


def test_values_that_are_written_down_are_all_tried() -> None:
    """A single example is one of many for what is drawn, not for what is listed, as long as nothing is waited for."""
    seen = set()

    def body(s: Scenario, way: str, ways: list[str], number: int) -> None:
        seen.update({way, *ways})

    way, ways = sampled_from("a", "b", "c"), lists(sampled_from("d", "e"), 1, 4)
    result = run(body, settings=RunSettings(examples=1), number=integers(0, 10), way=way, ways=ways)

    assert seen == set("abcde")
    assert result.verdict is Verdict.MET


@pytest.mark.parametrize(
    ("settings", "wait"), [(RunSettings(1), 10.0), (RunSettings(1, combinations=1), 0.0)], ids=["waits", "slow system"]
)
def test_where_an_example_takes_time_one_is_one(settings: RunSettings, wait: float) -> None:
    """It waits for something, or the system says that combinations take long."""
    seen = []

    def body(s: Scenario, way: str) -> None:
        s.sleep(wait)
        seen.append(way)

    run(body, settings=settings, way=sampled_from("a", "b", "c"))

    assert len(seen) == 1


@pytest.mark.parametrize("shrink", [True, False])
def test_a_search_leaves_nothing_to_the_profile_of_a_user(shrink: bool) -> None:
    """Whatever that says: a user's own tests may be slow, or few, or remembered."""
    theirs = {
        "max_examples": 7,
        "deadline": 1,
        "derandomize": True,
        "print_blob": True,
        "report_multiple_bugs": True,
        "stateful_step_count": 3,
        "verbosity": hypothesis.Verbosity.debug,
        "phases": [hypothesis.Phase.explain],
        "suppress_health_check": [],
    }
    before = hypothesis.settings.default
    assert before is not None
    hypothesis.settings.register_profile("theirs", **theirs)  # type: ignore[arg-type]
    hypothesis.settings.load_profile("theirs")
    try:
        found = hypothesis_settings(40, shrink=shrink)
    finally:
        hypothesis.settings.register_profile("before", before)
        hypothesis.settings.load_profile("before")

    assert {name: getattr(found, name) for name in (*theirs, "database")} == {
        "max_examples": 40,
        "deadline": None,
        "derandomize": False,
        "print_blob": False,
        "report_multiple_bugs": False,
        "stateful_step_count": 30,
        "verbosity": hypothesis.Verbosity.quiet,
        "phases": (hypothesis.Phase.generate, hypothesis.Phase.shrink)[: 1 + shrink],
        "suppress_health_check": tuple(hypothesis.HealthCheck),
        "database": None,
    }


class _Favours(SimulatedSystem):
    """Takes what is no id for one, unless the first user asks."""

    def open_session(self, user: str | None = None) -> Any:
        """The second user's sessions answer too much."""
        session = super().open_session(user)
        if user == self.users[1]:
            session.get_job_meta = lambda job_id: {"job_id": job_id}
        return session


@pytest.mark.parametrize("examples", [1, 4, 12])
def test_few_examples_see_what_many_see_in_the_same_time(examples: int) -> None:
    """A clause that is tried without any waiting is tried by the second user and again and again, however few."""
    result = run_check(real_check("malformed.get-job-meta"), _Favours, RunSettings(examples), SimulatedSystem)

    assert result.verdict is Verdict.VIOLATED
