"""Interleaving: what is done while a call waits is done at its time, noted as such, and not after the call is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import wording
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.interleaving import Interleaving, overlapping
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed, System
from flare_sim import JobNotFound, SimulatedServer


def test_it_is_done_in_the_middle_of_a_monitor() -> None:
    """Between two polls, and the list of operations says so."""
    with SimulatedSystem() as system:
        s = Scenario(system)
        alice, other = s.open(), s.open()
        job = alice.submit(JobPlan(waits=True))
        began = s.now()
        with Interleaving(s, 3.5, lambda: other.need("abort_job", job)) as aborted:
            outcome = alice.monitor(job, poll=2.0)

        assert outcome.value.name == "JOB_FINISHED"
        assert aborted.over is not None
        assert aborted.over - began >= 3.5
        told = [wording.step(step, s.jobs) for step in s.steps[-2:]]
        assert told[0].startswith("alice: monitor_job(job1")
        assert told[1].startswith("(meanwhile) alice-2: abort_job(job1)")


def test_what_goes_wrong_is_told_after_the_call() -> None:
    """In the middle of somebody else's sleep it would be taken for trouble of that one."""
    with SimulatedSystem() as system:
        s = Scenario(system)
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        delete = partial(alice.need, "delete_job", "none")
        outcomes = []
        with pytest.raises(NotTestable, match="delete_job"), Interleaving(s, 1.0, delete):
            outcomes.append(alice.monitor(job, timeout=5))

        assert outcomes[0].value.name == "TIMEOUT"


def test_nothing_is_done_once_the_call_is_over() -> None:
    """However long the clock goes on."""
    with SimulatedSystem() as system:
        s = Scenario(system)
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        with Interleaving(s, 50.0, lambda: alice.need("delete_job", job)) as deleted:
            alice.monitor(job, timeout=5)
        s.sleep(500.0)

        assert deleted.over is None
        assert alice.do("get_job_meta", job).returned


@pytest.mark.parametrize(("late", "judged"), [(0.0, True), (3.0, True), (1e6, False)])
def test_who_is_late_is_waited_for(late: float, judged: bool) -> None:
    """And where nobody acts at all there is nothing to judge."""

    class Late(SimulatedSystem):
        def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
            super().meanwhile(seconds + late, act)

    with Late() as system:
        s = Scenario(system)
        alice, other = s.open(), s.open()
        job = alice.submit(JobPlan(waits=True))

        assert overlapping(s, 2.0, lambda: other.do("abort_job", job), alice.listed) is judged
        assert alice.status(job) == ("FINISHED:ABORTED" if judged else "SUBMITTED")


def test_who_has_begun_to_act_is_waited_for() -> None:
    """Another thread may still be at it when the call that it was to interrupt is over."""
    begun, ended = threading.Event(), threading.Event()

    class Threaded(SimulatedSystem):
        def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
            threading.Thread(target=act).start()

    def act() -> None:
        begun.set()
        ended.wait(0.2)

    with Threaded() as system, Interleaving(Scenario(system), 1.0, act) as acted:
        assert begun.wait(10)
    over = acted.over
    ended.set()

    assert over is not None


def test_who_offers_nobody_to_act_does_not_claim_it() -> None:
    """And nor does who has no clock."""

    class Plain(System):
        def open_session(self, user: str = "") -> object:
            return SimulatedServer().connect("admin@nvidia.com")

    class Clocked(Plain):
        clock = SimulatedSystem().clock

    for system in (Plain(), Clocked()):
        with pytest.raises(NotClaimed), Interleaving(Scenario(system), 1.0, list):
            pass


@pytest.mark.parametrize("seconds", [1.0, 50.0])
def test_two_calls_overlap(seconds: float) -> None:
    """The second is made while the first one waits, or afterwards when that did not wait so long."""
    with SimulatedSystem() as system:
        s = Scenario(system)
        alice, other = s.open(), s.open()
        first, second = (s.job("running", actor) for actor in (alice, other))

        judged = overlapping(s, seconds, lambda: other.do("abort_job", second), lambda: alice.need("abort_job", first))

        assert judged
        assert {alice.status(job) for job in (first, second)} == {"FINISHED:ABORTED"}


@pytest.mark.parametrize(("raises", "judged"), [(RuntimeError, False), (JobNotFound, True)])
def test_a_session_that_cant_be_called_meanwhile_is_not_judged(raises: type[Exception], judged: bool) -> None:
    """One that runs an event loop says so by an error that is none of the interface's."""

    class Looping(SimulatedSystem):
        def open_session(self, user: str | None = None) -> Any:
            session = super().open_session(user)

            class Busy(type(session)):  # type: ignore[misc]
                def abort_job(self, job_id: str) -> None:
                    raise raises("busy")

            session.__class__ = Busy
            return session

    with Looping() as system:
        s = Scenario(system)
        alice = s.open()
        assert overlapping(s, 1.0, lambda: alice.do("abort_job", "job"), lambda: s.sleep(2.0)) is judged


def test_calls_of_a_system_where_nobody_can_act_do_not_overlap() -> None:
    """There is nothing to judge then."""

    class Plain(System):
        def open_session(self, user: str = "") -> object:
            return SimulatedServer().connect("admin@nvidia.com")

    s = Scenario(Plain())
    assert not overlapping(s, 1.0, lambda: s.open().do("list_jobs"), list)
