"""Repeated runs: a system keeps its sessions from turn to turn, and all its jobs are deleted in between."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.check import Check
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import LED, THREADED, TURN
from contract_tests.sequences.repeated_runs import RepeatedSystem, before, only_first
from contract_tests.system.system import NotClaimed, System


class Undeletable:
    """A session of the simulated server that deletes nothing."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def delete_job(self, job_id: str) -> None:
        """Do nothing."""


class NothingGoes(SimulatedSystem):
    """A system whose jobs can't be deleted."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that deletes nothing."""
        return Undeletable(super().open_session(user))


def lasting(leader: int = 0, system: System | None = None) -> Any:
    """A simulated system that lasts."""
    return RepeatedSystem(system or SimulatedSystem(), leader)


def test_a_session_is_opened_once_for_all_turns() -> None:
    """The first session of a turn is the first one of the turn before."""
    system = lasting()
    first = [system.open_session(), system.open_session()]
    settled = system.settle([])

    assert settled
    assert [system.open_session(), system.open_session()] == first


def test_each_user_has_sessions_of_his_own() -> None:
    """A session that was opened for one is not given to another."""
    system = lasting()
    alice, bob = system.users[:2]

    assert system.open_session(alice) is not system.open_session(bob)


def test_jobs_are_gone_on_the_next_turn() -> None:
    """Whatever state they are in."""
    system = lasting()
    s = Scenario(system)
    alice = s.open()
    for state in ("waiting", "running", "completed"):
        s.job(state, alice)

    assert system.settle(s.steps)
    assert system.open_session().list_jobs(all=True) == []


def test_a_system_that_can_not_be_swept_has_no_other_turn() -> None:
    """What is left behind would be taken for a fault."""
    system = lasting(system=NothingGoes())
    s = Scenario(system)
    s.open().submit()

    assert not system.settle(s.steps)


@pytest.mark.parametrize(("trouble", "end"), [("outage", "recover"), ("misbehave", "behave"), ("lose_sessions", "")])
def test_trouble_is_over_on_the_next_turn(trouble: str, end: str) -> None:
    """The server works again, with sessions of its own."""
    system = lasting()
    s = Scenario(system)
    session = s.open().session
    s.on_system(trouble)

    assert system.settle(s.steps)
    assert system.open_session() is not session
    assert system.open_session().list_jobs() == []


def test_a_closed_session_is_not_used_again() -> None:
    """It would refuse everything."""
    system = lasting()
    s = Scenario(system)
    s.open().need("close")

    assert system.settle(s.steps)
    assert system.open_session().list_jobs() == []


def test_a_client_that_came_or_went_ends_the_turns() -> None:
    """It can't be taken back."""
    system = lasting()
    s = Scenario(system)
    s.open()
    s.on_system("connect_client", "site-9")

    assert not system.settle(s.steps)


def test_the_second_user_can_lead() -> None:
    """He stands where the first one does, and there is nobody else."""
    system = lasting(1)
    s = Scenario(system)
    alice = s.open()
    job = alice.submit()

    assert alice.meta(job)["submitter_name"] == SimulatedSystem.users[1]
    with pytest.raises(NotClaimed):
        s.open(1)


def test_nobody_can_lead_where_there_is_one_user() -> None:
    """The system offers no other."""

    class Alone(SimulatedSystem):
        users = ()

    with pytest.raises(NotClaimed):
        lasting(1, Alone())


def test_only_who_is_alone_can_be_another() -> None:
    """Two users in a check have their roles."""
    s = Scenario(SimulatedSystem())
    s.open()

    assert only_first(s.steps)
    s.open(1)
    assert not only_first(s.steps)


def test_what_came_before_is_told() -> None:
    """A failure says on which turn, and by whom."""
    assert before({"state": "running"}) == []
    assert "second user" in before({LED: 1})[0]
    assert "3 times" in before({TURN: 3})[0]


class Third:
    """A session that returns something for the third abort."""

    aborts = 0

    def __init__(self, inner: Any, user: str | None) -> None:
        self._inner = inner
        self._user = user

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def abort_job(self, job_id: str) -> Any:
        """Count."""
        self._inner.abort_job(job_id)
        self.aborts += 1
        return True if self.aborts == 3 or self._user == SimulatedSystem.users[1] else None


class CountsAborts(SimulatedSystem):
    """A system whose sessions count."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that counts."""
        return Third(super().open_session(user), user)


def _aborts(s: Scenario) -> None:
    outcome = s.open().do("abort_job", s.open().submit())
    s.require(outcome.value is None, "None", outcome)


CHECK = Check("abort.returns-none", "abort.returns-none", _aborts, {}, {})


def test_a_check_is_played_again_and_by_another_user() -> None:
    """What shows only on a later turn, or to a later user, is found, and its inputs show it again."""
    result = run_check(CHECK, CountsAborts, RunSettings(), SimulatedSystem)

    assert result.verdict is Verdict.VIOLATED
    assert result.inputs == {LED: 1}
    assert CHECK.fits(result.inputs)
    assert try_inputs(CHECK, result.inputs, CountsAborts).verdict is Verdict.VIOLATED
    assert try_inputs(CHECK, {TURN: 11}, CountsAborts).inputs == {TURN: 2}


def test_a_system_that_says_it_is_slow_is_not_played_on_again() -> None:
    """On real time every turn costs; where nothing is waited for, few examples are no reason to leave turns out."""
    assert run_check(CHECK, CountsAborts, RunSettings(examples=2, combinations=3)).verdict is Verdict.MET
    assert run_check(CHECK, CountsAborts, RunSettings(examples=2)).verdict is Verdict.VIOLATED


class WhereOpened(SimulatedSystem):
    """A system whose sessions abort jobs in the thread alone that opened them."""

    def open_session(self, user: str | None = None) -> Any:
        """Such a session."""
        session, opened = super().open_session(user), threading.get_ident()
        right = session.abort_job

        def abort_job(job_id: str) -> None:
            if threading.get_ident() != opened:
                raise RuntimeError("made in another thread")
            right(job_id)

        session.abort_job = abort_job
        return session


def test_a_check_is_played_again_in_threads() -> None:
    """Where that is claimed, and only there; its inputs show it again, and the failure says how it was called."""

    def body(s: Scenario) -> None:
        outcome = s.open().do("abort_job", s.open().submit())
        s.require(outcome.returned, "an abort", outcome)

    check = CHECK._replace(body=body)
    result = run_check(check, WhereOpened, RunSettings(), SimulatedSystem)

    assert result.verdict is Verdict.VIOLATED
    assert result.inputs == {THREADED: True}
    assert check.fits(result.inputs)
    assert "in another thread" in result.operations[0]
    assert try_inputs(check, result.inputs, WhereOpened).verdict is Verdict.VIOLATED

    class OneThread(WhereOpened):
        threads = False

    assert run_check(check, OneThread, RunSettings(), SimulatedSystem).verdict is Verdict.MET
