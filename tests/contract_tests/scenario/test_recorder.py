"""The recorder: what is noted of operations, how arguments are handed over, what replies take."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import NotTestable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.operations import Callback, Interrupted, JobRef, Operation, Outcome, Runaway
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.wording import step
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.watchdog import CallHung


def told(scenario: Scenario) -> list[str]:
    """The operations so far, in words."""
    return [step(done, scenario.jobs) for done in scenario.steps]


def test_everything_is_noted_in_order(scenario: Scenario) -> None:
    """Waiting is one entry however often it looked; what is done in a callback stands behind its monitor."""
    alice, bob = scenario.open(), scenario.open(1)
    job = alice.submit(JobPlan(runs=4.0))
    scenario.until(alice, job, STATES["running"].reached, "running")

    def abort(number: int) -> None:
        bob.do("abort_job", job)

    alice.monitor(job, Callback(answers=(False,), act=abort))
    scenario.on_system("outage")

    assert [line.split(" returned")[0].split(" raised")[0] for line in told(scenario)] == [
        "alice opens a session",
        "bob opens a session",
        "alice: submit_job(<job folder: runs 4 s>)",
        "wait until job1 is running",
        "alice: monitor_job(job1, 0 s, 2 s, <callback: False, then True>)",
        "(in the callback) bob: abort_job(job1)",
        "outage()",
    ]


def test_a_job_can_be_named_by_its_number(scenario: Scenario) -> None:
    """A JobRef stands for the id that the system gave."""
    alice = scenario.open()
    job = alice.submit()

    outcome = scenario.perform(Operation("alice", "get_job_meta", (JobRef(1),)))

    assert outcome.value["job_id"] == job


def test_an_interrupt_that_a_callback_raises_for_a_check_is_noted(scenario: Scenario) -> None:
    """It comes out of the monitor as any other error does."""
    alice = scenario.open()
    job = alice.submit()

    outcome = alice.monitor(job, Callback(answers=(error := Interrupted("in the callback"),)))

    assert outcome.error is error


def test_an_interrupt_of_the_user_ends_the_run(scenario: Scenario) -> None:
    """Ctrl-C is not for the session, wherever it strikes."""
    alice = scenario.open()
    job = alice.submit()

    with pytest.raises(KeyboardInterrupt):
        alice.monitor(job, Callback(answers=(KeyboardInterrupt(),)))


def test_a_bad_definition_is_handed_over_as_what_it_stands_for(scenario: Scenario) -> None:
    """A BadJob becomes the path, or the thing that is no path."""
    outcome = scenario.open().do("submit_job", BadJob("not-text/1"))

    assert outcome.raised("InvalidJobDefinition")
    assert told(scenario)[-1].startswith("alice: submit_job(<bad job definition not-text/1: no text but 0>) raised")


def test_times_are_scaled_by_the_time_unit() -> None:
    """A check speaks in contract seconds; the implementation and its clock are given the system's own."""

    class Fast(SimulatedSystem):
        time_unit = 0.5
        tolerance = 0.25

        def job_folder(self, plan: JobPlan) -> str:
            self.planned = plan
            return super().job_folder(plan)

    system = Fast()
    scenario = Scenario(system)
    alice = scenario.open()
    before = system.server.clock.time()
    job = alice.submit(JobPlan(runs=8.0, dispatches=2.0))
    scenario.sleep(3.0)
    given: list[Any] = []
    alice.session.monitor_job = lambda *args: given.extend(args)
    alice.monitor(job, None, "x", timeout=10, poll=4.0)

    assert system.planned == JobPlan(runs=4.0, dispatches=1.0)
    assert system.server.clock.time() - before == 1.5
    assert given == [job, 5.0, 2.0, None, "x"]
    assert scenario.slack == 0.5
    assert scenario.now() == system.server.clock.time() * 2


def test_what_replies_take_is_allowed_for() -> None:
    """A server that needs a moment for every reply may be late by as much; it need not say so."""
    system = SimulatedSystem()
    scenario = Scenario(system)
    alice = scenario.open()
    before = scenario.slack

    system.server.faults.slow_replies(0.5)
    alice.do("list_jobs")

    assert (before, scenario.slack) == (0.001, 1.001)


def test_what_has_to_be_stopped_or_waited_for_is_no_reply(scenario: Scenario) -> None:
    """An abort takes as long as stopping the job, a monitor as long as the job runs."""
    alice = scenario.open()
    job = scenario.job("running", alice)

    alice.need("abort_job", job)
    alice.need("monitor_job", job)

    assert scenario.slack == 0.001


def test_jobs_before_it_may_keep_a_job_waiting(scenario: Scenario) -> None:
    """As long as they run and are dispatched, their clones as well; those that wait for ever keep nobody."""
    alice = scenario.open()
    job = alice.submit(JobPlan(runs=10.0, dispatches=5.0))
    alice.clone(job)
    alice.submit(JobPlan(waits=True))

    assert scenario.backlog == 30.0


def test_a_system_need_not_have_a_text() -> None:
    """Nothing that works is told, so nothing of it needs a repr."""

    class Unprintable(SimulatedSystem):
        def __repr__(self) -> str:
            raise RuntimeError("no text")

    scenario = Scenario(Unprintable())

    assert scenario.open().submit()
    scenario.sleep(1.0)
    scenario.on_system("outage")


def test_what_came_of_a_method_is_told_of_good_definitions_only(scenario: Scenario) -> None:
    """The outcomes of one method, in order, without those of bad definitions."""
    alice = scenario.open()
    jobs = [alice.submit(JobPlan(waits=True)), alice.submit(JobPlan(waits=True))]
    alice.attempt("submit_job", BadJob("no-meta"))
    alice.clone(jobs[0])

    assert [outcome.value for outcome in scenario.performed("submit_job")] == jobs


def test_a_status_is_due_as_the_plan_of_a_job_says(scenario: Scenario) -> None:
    """It is dispatched from the beginning, runs when that is over, and ends as planned when it has run; not before."""
    alice = scenario.open()
    job = alice.submit(JobPlan(dispatches=10.0, runs=20.0, ends="ABNORMAL"))
    statuses = ("DISPATCHED", "RUNNING", "FINISHED:ABNORMAL", "FINISHED:COMPLETED", "SUBMITTED")
    due = {}
    for seconds in (5.0, 10.0, 30.0):
        scenario.sleep(seconds)
        due[seconds] = [status for status in statuses if scenario.due(job, status)]

    assert due == {
        5.0: ["DISPATCHED"],
        10.0: ["DISPATCHED", "RUNNING"],
        30.0: ["DISPATCHED", "RUNNING", "FINISHED:ABNORMAL"],
    }
    assert [ago for ago in (5.0, 20.0, 40.0) if scenario.due(job, "RUNNING", ago)] == [5.0, 20.0]
    assert not scenario.due(job, None)


def test_nothing_is_due_of_a_job_that_waits_or_is_not_known(scenario: Scenario) -> None:
    """Nor of one that was made when nobody saw the time."""
    alice = scenario.open()
    waiting, untimed = alice.submit(JobPlan(waits=True)), alice.submit(JobPlan(runs=1.0))
    clone = alice.clone(untimed)
    del scenario.made[untimed]
    scenario.sleep(50.0)

    assert [scenario.due(job, "RUNNING") for job in (waiting, untimed, "no-such-job")] == [False] * 3
    assert scenario.due(clone, "FINISHED:COMPLETED")


def test_a_scenario_begins_with_nothing(scenario: Scenario) -> None:
    """Calls are made in this thread, one after the other, and none has hung."""
    assert (scenario.steps, scenario.jobs, scenario.made, scenario.slowest) == ([], [], {}, 0.0)
    assert (scenario.hung, scenario.aside, scenario.threads, scenario.raced) == (False, False, None, False)


def test_a_reply_is_noted_with_the_time_it_took(scenario: Scenario) -> None:
    """As it was returned, whatever is done to it later."""
    alice = scenario.open()
    quick = alice.session.list_jobs

    def slow(*args: Any, **kwargs: Any) -> Any:
        scenario.system.clock.sleep(1.5)  # type: ignore[union-attr]
        return quick(*args, **kwargs)

    alice.session.list_jobs = slow
    outcome = alice.do("list_jobs")
    outcome.value.append("later")

    noted = next(done.outcome for done in scenario.steps if done.operation.method == "list_jobs")
    assert (noted.kind, noted.value, noted.took) == ("returned", [], 1.5)


@pytest.mark.parametrize("hangs", [False, True])
def test_a_call_that_does_not_come_back_is_noted_with_its_times(hangs: bool) -> None:
    """One that the watchdog ended, and a monitor that went on calling; the first is dear, and that is remembered."""
    scenario = Scenario(SimulatedSystem())
    alice = scenario.open()
    begun = scenario.now()

    def runs_away() -> None:
        scenario.system.clock.sleep(2.0)  # type: ignore[union-attr]
        raise CallHung if hangs else Runaway

    alice.session.get_system_info = runs_away
    outcome = alice.do("get_system_info")

    assert outcome == Outcome("hung", None, None, (), begun, begun + 2.0)
    assert scenario.steps[-1].outcome == outcome
    assert scenario.hung is hangs


def test_a_session_without_a_method_can_not_be_tried(scenario: Scenario) -> None:
    """Which one it is is told."""
    alice = scenario.open()

    with pytest.raises(NotTestable, match=r"^the session has no list_nothing: AttributeError: .*list_nothing"):
        alice.do("list_nothing")


def test_what_a_job_has_left_to_run_follows_from_its_plan(scenario: Scenario) -> None:
    """Less with time, nothing once it was aborted, or where its plan does not say."""
    alice = scenario.open()
    job, stopped = (alice.submit(JobPlan(runs=10.0, dispatches=2.0)) for _ in range(2))
    waiting = alice.submit(JobPlan(waits=True))
    scenario.sleep(5.0)
    alice.do("abort_job", stopped)
    since = scenario.now() - scenario.made[job]

    assert scenario.left_to_run(job) == 12.0 - since
    assert [scenario.left_to_run(other) for other in (stopped, waiting, "no job")] == [0.0, 0.0, 0.0]
    scenario.sleep(20.0)
    assert scenario.left_to_run(job) == 0.0


def test_a_clone_has_the_plan_of_its_original(scenario: Scenario) -> None:
    """Whether that is named by its id or by its number, by position or by name; of any other job nothing is known."""
    alice = scenario.open()
    jobs = [alice.submit(JobPlan(runs=100.0 * number)) for number in (1, 2, 3)]
    other = alice.session.clone_job(jobs[0])
    backlog = scenario.backlog
    grown = []
    for args, kwargs in (((jobs[1],), ()), ((JobRef(3),), ()), ((JobRef(1),), ()), ((), (("job_id", JobRef(2)),))):
        scenario.perform(Operation("alice", "clone_job", args, kwargs))
        grown.append(scenario.backlog - backlog)
        backlog = scenario.backlog

    assert grown == [200.0, 300.0, 100.0, 200.0]
    alice.clone(other)
    assert scenario.backlog - backlog == 30.0


def test_without_a_clock_nothing_is_said_of_what_is_left() -> None:
    """Nor is anything due."""
    system = SimulatedSystem()
    system.clock = None
    scenario = Scenario(system)
    job = scenario.open().submit(JobPlan(runs=10.0))

    assert (scenario.left_to_run(job), scenario.due(job, "RUNNING")) == (0.0, False)
