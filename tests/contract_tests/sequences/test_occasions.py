"""Occasions and kinds of jobs: what comes right before a call, and which jobs it is about."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.drawn_calls import MORE_LOOKS
from contract_tests.sequences.occasions import (
    ACTS_ON_JOBS,
    CIRCUMSTANCES,
    INSIDE,
    INSIDE_AFTER,
    LIVELY,
    OCCASIONS,
    OF_KINDS,
    OTHER_FIRST,
    occasion,
    on_every_kind,
)
from contract_tests.sequences.player import PLANS, Player
from contract_tests.system.system import System

ACTS = {"submit", "clone", "abort", "delete", "download", "monitor", "watch", "reopen"}


@pytest.mark.parametrize("name", OCCASIONS)
def test_every_kind_of_call_comes_right_after_what_may_have_happened(name: str) -> None:
    """By both users."""
    calls = occasion(name)
    last = OCCASIONS[name][-1]
    after = [calls[at + 1] for at in range(len(calls) - 1) if calls[at] == last and calls[at + 1][0] in ACTS]

    assert {call[0] for call in after} == ACTS
    assert {call[1] // 2 for call in after} == {0, 1}


def test_every_kind_of_call_is_made_in_callbacks_and_in_those_of_others() -> None:
    """Of a monitor of the same session, of another user's, and of one in the callback of another."""
    calls = [call for call in occasion(INSIDE) if call[0] == "inside"]
    once = [call for call in calls if call[3][0] != "inside"]

    assert {call[3][0] for call in once} == ACTS
    assert {call[3][3][0] for call in calls if call[3][0] == "inside"} == {*ACTS, "meta", "list", "info"}
    assert {call[1] == call[3][1] for call in once} == {True, False}


def test_callbacks_come_after_an_outage_too_and_the_other_user_comes_first_once() -> None:
    """The same calls as without that."""
    inside, after = occasion(INSIDE), occasion(INSIDE_AFTER)
    other = occasion(OTHER_FIRST)

    assert [call for call in after if call[4:] == MORE_LOOKS] == [call for call in inside if call[4:] == MORE_LOOKS]
    assert after.count(*OCCASIONS["outage"]) == 1
    assert [call[1] for call in other[:4]] == [(call[1] + 2) % 4 for call in LIVELY[:4]]


def test_every_look_comes_right_after_every_kind_of_call() -> None:
    """On one occasion or another."""
    pairs = {(one[0], two[0]) for name in OCCASIONS for one, two in pairwise(occasion(name))}

    assert pairs >= {(act, look) for act in ACTS for look in ("meta", "list", "info")}


@pytest.mark.parametrize("name", OCCASIONS)
def test_every_look_comes_right_after_what_may_have_happened(name: str) -> None:
    """And not only after a call that came after it."""
    calls = occasion(name)
    last = OCCASIONS[name][-1]

    assert {call[0] for before, call in pairwise(calls) if before == last} >= {"meta", "list", "info"}


def test_who_was_aborted_is_looked_at_once_more() -> None:
    """When the job has had the time to end that a system is given, and would not have ended by itself."""
    calls = occasion("refusals")
    sleeps = [call[1] for call in calls if call[0] == "sleep"]

    assert System.patience < sleeps[-1] < (PLANS["long"].runs or 0)
    assert calls[-len(MORE_LOOKS) :] == MORE_LOOKS


@pytest.mark.parametrize(("act", "circumstance"), [*product(ACTS_ON_JOBS, CIRCUMSTANCES)])
def test_calls_are_made_about_jobs_of_every_kind(act: str, circumstance: str) -> None:
    """By all four sessions, in callbacks where that is the circumstance, and the same by the other user."""
    calls, other = (on_every_kind(act, circumstance, other=other) for other in (False, True))
    made = [call[3] if call[0] == "inside" else call for call in calls]
    about = [call for call in made if call[0] == act]

    assert {call[2] for call in about} >= set(OF_KINDS)
    assert {call[1] for call in about} == {0, 1, 2, 3}
    assert [other_call[0] for other_call in other] == [call[0] for call in calls]
    assert all((one[1] + 2) % 4 == two[1] for one, two in zip(calls, other, strict=True) if one[0] != "sleep")


def test_the_kinds_of_jobs_are_what_they_are_called() -> None:
    """Waiting, starting, running, done and failed ones are there; the one with the callbacks runs, and goes on to."""
    player = Player(Scenario(SimulatedSystem()))
    for call in on_every_kind("monitor", "nothing", other=False):
        if call[:1] == ["monitor"]:
            break
        player.play(call)
    statuses = [player.session(0)[1].status(job) for job in player.ids]

    assert statuses == [
        *("SUBMITTED", "SUBMITTED", "FINISHED:EXECUTION_EXCEPTION", "FINISHED:COMPLETED", "SUBMITTED"),
        *("SUBMITTED", "FINISHED:COMPLETED", "FINISHED:COMPLETED", "FINISHED:COMPLETED", "FINISHED:COMPLETED"),
        *("RUNNING", "RUNNING", "RUNNING", "DISPATCHED", "SUBMITTED"),
    ]


def test_a_lively_server_has_jobs_in_every_state() -> None:
    """Of both users, and clones of both that run."""
    player = Player(Scenario(SimulatedSystem()))
    for call in LIVELY:
        player.play(call)

    assert [player.session(0)[1].status(job) for job in player.ids] == [
        *("SUBMITTED", "SUBMITTED", "FINISHED:EXECUTION_EXCEPTION", "FINISHED:COMPLETED"),
        *("FINISHED:EXECUTION_EXCEPTION", "RUNNING", "RUNNING", "RUNNING", "RUNNING", "SUBMITTED"),
    ]
