"""Something done while a call waits: at its time, noted as such, and by nobody any more when the call is over."""

from __future__ import annotations

from functools import partial

import pytest

from contract_tests import words
from contract_tests.endings import NotTestable
from contract_tests.meanwhile import Meanwhile
from contract_tests.plan import JobPlan
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import Scenario
from contract_tests.system import NotClaimed, System
from flare_sim import SimulatedServer


def test_it_is_done_in_the_middle_of_a_monitor() -> None:
    """Between two polls, and the list of operations says so."""
    with SimulatedSystem() as system:
        s = Scenario(system)
        alice, other = s.open(), s.open()
        job = alice.submit(JobPlan(waits=True))
        began = s.now()
        with Meanwhile(s, 3.5, lambda: other.need("abort_job", job)) as aborted:
            outcome = alice.monitor(job, poll=2.0)

        assert outcome.value.name == "JOB_FINISHED"
        assert aborted.over is not None
        assert aborted.over - began >= 3.5
        told = [words.step(step, s.jobs) for step in s.steps[-2:]]
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
        with pytest.raises(NotTestable, match="delete_job"), Meanwhile(s, 1.0, delete):
            outcomes.append(alice.monitor(job, timeout=5))

        assert outcomes[0].value.name == "TIMEOUT"


def test_nothing_is_done_once_the_call_is_over() -> None:
    """However long the clock goes on."""
    with SimulatedSystem() as system:
        s = Scenario(system)
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        with Meanwhile(s, 50.0, lambda: alice.need("delete_job", job)) as deleted:
            alice.monitor(job, timeout=5)
        s.sleep(500.0)

        assert deleted.over is None
        assert alice.do("get_job_meta", job).returned


def test_who_offers_nobody_to_act_does_not_claim_it() -> None:
    """And nor does who has no clock."""

    class Plain(System):
        def open_session(self, user: str = "") -> object:
            return SimulatedServer().connect("admin@nvidia.com")

    class Clocked(Plain):
        clock = SimulatedSystem().clock

    for system in (Plain(), Clocked()):
        with pytest.raises(NotClaimed), Meanwhile(Scenario(system), 1.0, list):
            pass
