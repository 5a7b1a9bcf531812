"""Walks are the same for the same seed, can be played, and are made short when something was found."""

from __future__ import annotations

import json
from hashlib import blake2b
from itertools import product
from typing import Any

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.check import WALK, Check
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences import walks
from contract_tests.sequences.player import PLANS, play_all


def test_a_walk_is_drawn_from_its_seed() -> None:
    """The same walk for the same one, another for another."""
    assert walks.drawn("0/a/0") == walks.drawn("0/a/0")
    assert walks.drawn("0/a/0") != walks.drawn("0/a/1")


def test_walks_are_what_they_were() -> None:
    """A seed that somebody has written down leads where it led, in every Python."""
    drawn = json.dumps([walks.drawn(str(number)) for number in range(40)])

    assert blake2b(drawn.encode(), digest_size=8).hexdigest() == "d9e32e8aeee501f4"


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


def test_a_walk_begins_with_a_lively_server_and_ends_when_nothing_is_young() -> None:
    """After its beginning there are three stretches, with a long time and a new job before the second and the third."""
    for number in range(20):
        calls = walks.drawn(str(number))
        rest = calls[len(walks.START) :]

        assert calls[: len(walks.START)] == [*walks.START]
        assert len(rest) == 3 * 6 + 2 * 3
        assert [rest[6], rest[15]] == [["sleep", 90_000.0], ["sleep", 800_000.0]]
        assert [rest[7], rest[16]] == [["submit", 1, "long"], ["submit", 2, "long"]]
        assert rest[8] == rest[17] == ["sleep", 3.0]


def test_a_brief_walk_is_the_same_whatever_it_is_drawn_from() -> None:
    """How it begins up to the first sleep, and a few calls after it."""
    assert walks.drawn("1", brief=True) == walks.drawn("2", brief=True)
    assert [call[0] for call in walks.drawn("", brief=True)] == [
        *("submit", "submit", "submit", "submit", "clone"),
        *("abort", "meta", "delete", "list"),
    ]


def test_a_drawn_walk_is_nobody_elses() -> None:
    """Whoever changes one changes no other, nor the beginning of all."""
    for brief in (False, True):
        for call in walks.drawn("0", brief=brief):
            call.append("spoilt")
        assert [call for call in walks.drawn("0", brief=brief) if "spoilt" in call] == []


def test_calls_are_drawn_from_all_there_are() -> None:
    """Any session, job, plan, pause and kind of list; a monitor with and without an end by its callback."""
    found: dict[str, list[list[Any]]] = {}
    for number in range(150):
        for call in walks.drawn(str(number))[len(walks.START) :]:
            found.setdefault(call[0], []).append(call[1:])

    def values(name: str, place: int) -> set[Any]:
        return {arguments[place] for arguments in found[name]}

    assert values("submit", 1) == {*PLANS}
    assert values("sleep", 0) == {0.25, 1.0, 3.0, 10.0, 60.0, 300.0, 4_000.0, 90_000.0, 800_000.0}
    for name in found.keys() - {"sleep"}:
        assert values(name, 0) == {0, 1, 2, 3}
    for name in ("clone", "abort", "delete", "monitor", "watch", "meta", "download"):
        assert values(name, 1) == {-1, 0, 1, 2, 3, 4, 5, 6, 7}
    assert {tuple(arguments[1:]) for arguments in found["list"]} == {*product([False, True], repeat=2)}
    assert values("monitor", 2) == {*range(1, 10)}
    assert values("monitor", 3) == {0, 1, 2, 3}
    assert values("watch", 2) == {"abort", "delete", "clone", "meta"}
    assert values("watch", 3) == {1, 2}
    assert {len(arguments) for name in ("info", "reopen", "refused", "outage") for arguments in found[name]} == {1}
    assert {len(arguments) for name in ("clone", "abort", "delete", "meta") for arguments in found[name]} == {2}


def test_what_a_failure_does_not_need_is_left_out() -> None:
    """The two calls that matter are left, in their order."""
    calls: list[list[Any]] = [[name] for name in "abcdefgh"]

    def fails(some: list[list[Any]]) -> bool:
        return ["b"] in some and ["g"] in some

    assert walks.shortened(calls, fails) == [["b"], ["g"]]


@pytest.mark.parametrize("needed", [[0], [7], [0, 7], [3, 4], [2, 3, 6], [0, 1, 2, 3, 4, 5, 6, 7]])
def test_nothing_is_left_that_could_be_left_out(needed: list[int]) -> None:
    """Wherever what matters stands, it alone stays, in its order."""
    calls: list[list[Any]] = [[number] for number in range(8)]

    assert walks.shortened(calls, lambda some: all([number] in some for number in needed)) == [[n] for n in needed]


def test_a_failure_is_made_shorter_in_few_tries() -> None:
    """Long pieces are left out first: of 64 calls one is found in a few more tries than it takes to halve them."""
    tries: list[int] = []

    def fails(some: list[list[Any]]) -> bool:
        tries.append(len(some))
        return [63] in some

    assert walks.shortened([[number] for number in range(64)], fails) == [[63]]
    assert tries[0] == 32
    assert len(tries) < 16


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
