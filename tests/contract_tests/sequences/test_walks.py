"""Walks are the same for the same seed, can be played, and are made short when something was found."""

from __future__ import annotations

import json
from typing import Any

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.check import WALK, Check
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences import walks
from contract_tests.sequences.player import play_all


def test_a_walk_is_drawn_from_its_seed() -> None:
    """The same walk for the same one, another for another."""
    assert walks.drawn("0/a/0") == walks.drawn("0/a/0")
    assert walks.drawn("0/a/0") != walks.drawn("0/a/1")


def test_walks_are_data_and_agree_with_the_model() -> None:
    """Every kind of call can be written down and played on the reference."""
    for number in range(12):
        calls = walks.drawn(str(number))
        assert json.loads(json.dumps(calls)) == calls
        play_all(Scenario(SimulatedSystem()), calls)


def test_a_brief_walk_takes_no_time() -> None:
    """It can be walked on a system that runs on real time."""
    system = SimulatedSystem()
    began = system.server.clock.time()

    play_all(Scenario(system), walks.drawn("0", brief=True))

    assert system.server.clock.time() == began


def test_every_kind_of_call_is_drawn() -> None:
    """None is left out of all walks."""
    names = {call[0] for number in range(40) for call in walks.drawn(str(number))}

    assert names >= {"watch", "refused", "outage", "reopen", "monitor", "delete", "clone", "info"}


def test_what_a_failure_does_not_need_is_left_out() -> None:
    """The two calls that matter are left, in their order."""
    calls: list[list[Any]] = [[name] for name in "abcdefgh"]

    def fails(some: list[list[Any]]) -> bool:
        return ["b"] in some and ["g"] in some

    assert walks.shortened(calls, fails) == [["b"], ["g"]]


def test_a_failure_that_needs_everything_keeps_it() -> None:
    """Nothing is left out for nothing."""
    calls: list[list[Any]] = [["a"], ["b"], ["c"]]

    assert walks.shortened(calls, lambda some: len(some) == 3) == calls


def _never_two_jobs(s: Scenario, calls: list[list[Any]]) -> None:
    play_all(s, calls)
    s.require(len(s.jobs) < 2, "no second job", len(s.jobs))


def test_a_walk_that_fails_is_told_in_its_shortest_form() -> None:
    """It is an input that shows the failure again."""

    class Blamed(SimulatedSystem):
        pass

    check = Check("submit.new-id/made-up", "submit.new-id", _never_two_jobs, {}, {}, WALK)
    result = run_check(check, Blamed, RunSettings())

    assert result.verdict is Verdict.VIOLATED
    assert len(result.inputs["calls"]) == 2
    assert check.fits(result.inputs)
    assert try_inputs(check, result.inputs, Blamed).verdict is Verdict.VIOLATED


def test_there_is_a_walk_for_what_holds_always() -> None:
    """Of the promises about answers, metas, lists and refusals."""
    walked = {check.clause for check in all_checks() if check.kind == WALK}

    assert walked >= {"meta.job-id", "list.own", "submit.owner", "delete.then.clone-job", "submit.refuses.no-meta"}
