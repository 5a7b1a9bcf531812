"""Scenarios: the sessions they open, and how they bring jobs into states."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import NotTestable, Violation
from contract_tests.scenario.job_states import DONE, STATES, UNDONE, finished
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.threads import need_threads
from contract_tests.scenario.wording import step as step_in_words
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed, System
from flare_sim import ServerConfig, SimulatedServer


class Least(System):
    """A system that offers nothing but sessions."""

    def __init__(self) -> None:
        self.server = SimulatedServer()

    def open_session(self, user: str = "") -> Any:
        """A session of the administrator."""
        return self.server.connect("admin@nvidia.com")


@pytest.mark.parametrize("state", STATES)
def test_a_job_is_brought_into_every_state(state: str, scenario: Scenario) -> None:
    """The state is the one asked for, and is remembered for the job."""
    alice = scenario.open()

    job = scenario.job(state, alice)

    assert STATES[state].reached(alice.status(job))
    assert scenario.states == {job: state}
    assert finished(alice.status(job)) == (state in DONE)


def test_states_are_done_or_not() -> None:
    """Every state is in one of the two lists."""
    assert sorted([*DONE, *UNDONE]) == sorted(STATES)


def test_a_job_that_ends_differently_is_not_testable() -> None:
    """A job planned to run that is done before it ran is the system's fault, told with its status."""

    class Hasty(SimulatedSystem):
        def job_folder(self, plan: JobPlan) -> str:
            return super().job_folder(JobPlan(ends="ABNORMAL", runs=0.25))

    scenario = Scenario(Hasty())
    alice = scenario.open()
    job = alice.submit(JobPlan(runs=300.0))
    scenario.sleep(50.0)

    with pytest.raises(NotTestable, match="did not become running in 0 s: it is FINISHED:ABNORMAL"):
        scenario.until(alice, job, STATES["running"].reached, "running")


def test_a_job_that_never_gets_there_is_not_testable() -> None:
    """Patience has an end, which is told in seconds of the contract."""

    class Lazy(SimulatedSystem):
        patience = 10.0

        def job_folder(self, plan: JobPlan) -> str:
            return super().job_folder(JobPlan(waits=True))

    scenario = Scenario(Lazy())

    with pytest.raises(NotTestable, match=r"did not become running in 1\d\.\d* s: it is SUBMITTED"):
        scenario.job("running", scenario.open())


def test_a_waiting_job_that_is_done_at_once_is_not_testable() -> None:
    """A system whose folder for a waiting job does not wait offers what does not work."""

    class Eager(SimulatedSystem):
        def job_folder(self, plan: JobPlan) -> str:
            return super().job_folder(JobPlan(ends="FAILED_TO_RUN"))

        def open_session(self, user: str | None = None) -> Any:
            session = super().open_session(user)
            submit = session.submit_job

            def submit_and_wait(path: str) -> str:
                job: str = submit(path)
                self.server.run_until_idle()
                return job

            session.submit_job = submit_and_wait
            return session

    scenario = Scenario(Eager())

    with pytest.raises(NotTestable, match="can't be scheduled is FINISHED"):
        scenario.job("waiting", scenario.open())


def test_sessions_are_numbered(scenario: Scenario) -> None:
    """A second session of a user is told from the first."""
    assert [scenario.open().name, scenario.open().name, scenario.open(1).name, scenario.open().name] == [
        "alice",
        "alice-2",
        "bob",
        "alice-3",
    ]


@pytest.mark.parametrize(
    ("act", "lacks"),
    [
        (lambda s: s.now(), "a clock"),
        (lambda s: s.sleep(0), "a clock"),
        (lambda s: s.sleep(1), "a clock"),
        (lambda s: s.open(1), "a second user"),
        (lambda s: s.open_restricted(), "a user who may not"),
        (lambda s: s.job("running", s.open()), "jobs that behave as planned"),
        (lambda s: s.open().monitor(s.open().submit(JobPlan(oversize=True))), "jobs that behave as planned"),
        (lambda s: s.on_system("outage"), "an outage"),
        (lambda s: s.on_system("recover"), "recovery from an outage"),
        (lambda s: s.on_system("lose_sessions"), "sessions ended by the server"),
        (lambda s: s.on_system("misbehave"), "a server that misbehaves"),
        (lambda s: s.on_system("behave"), "a server that behaves again"),
        (lambda s: s.on_system("drop_client", "site-1"), "a client that drops out"),
        (lambda s: s.on_system("connect_client", "site-1"), "a client that connects"),
        (lambda s: s.on_system("stored_files", "x"), "a look into the server's storage"),
        (lambda s: s.system.meanwhile(1.0, list), "somebody who acts while a call waits"),
        (lambda s: s.open().do("list_jobs").took, "a clock"),
    ],
)
def test_what_a_small_system_lacks_is_named(act: Any, lacks: str) -> None:
    """A system that offers only sessions does not claim the rest, each thing by its name."""
    with pytest.raises(NotClaimed, match=lacks):
        act(Scenario(Least()))


@pytest.mark.parametrize(
    ("act", "need"),
    [
        (lambda s: s.now(), "clock"),
        (lambda s: s.open(1), "users"),
        (lambda s: s.open_restricted(), "restricted_user"),
        (lambda s: s.job("running", s.open()), "job_folder: runs"),
        (lambda s: s.until(s.open(), "a job", STATES["running"].reached, "running"), "clock"),
        (lambda s: s.on_system("outage"), "outage"),
        (lambda s: s.open().do("list_jobs").took, "clock"),
        (need_threads, "threads"),
    ],
)
def test_what_a_small_system_would_have_to_offer_is_named(act: Any, need: str) -> None:
    """As the report of what to offer next has it."""
    with pytest.raises(NotClaimed) as caught:
        act(Scenario(Least()))

    assert caught.value.need == need


@pytest.mark.parametrize(
    ("act", "need"),
    [
        (lambda s: s.on_system("outage"), "outage"),
        (lambda s: s.open().submit(JobPlan(ends="ABNORMAL")), "job_folder: ends='ABNORMAL'"),
        (lambda s: s.open().submit(), "job_folder: "),
        (lambda s: s.on_system("drop_client", "site-1"), "its own word for it"),
    ],
)
def test_a_system_that_refuses_by_itself_is_told_what_it_does_not_offer(act: Any, need: str) -> None:
    """The method that was called, and what of a job was asked for, unless it says so."""

    class Wayward(Least):
        def outage(self) -> None:
            raise NotClaimed("not today")

        def recover(self) -> None:
            """There is nothing to recover from."""

        def job_folder(self, plan: JobPlan) -> str:
            raise NotClaimed("not today")

        def drop_client(self, name: str) -> None:
            raise NotClaimed("not today", "its own word for it")

        def connect_client(self, name: str) -> None:
            """There is none that would be gone."""

    with pytest.raises(NotClaimed, match="not today") as caught:
        act(Scenario(Wayward()))

    assert caught.value.need == need


def test_without_a_clock_a_job_is_waited_for_by_its_monitor() -> None:
    """A finished job needs no clock that the suite can see."""
    scenario = Scenario(Least())
    alice = scenario.open()

    job = alice.submit()
    scenario.until(alice, job, finished, "completed")

    assert finished(alice.status(job))


def test_without_a_clock_a_job_can_wait() -> None:
    """A job that can't be scheduled is a portable one."""
    scenario = Scenario(Least())
    alice = scenario.open()

    assert not finished(alice.status(scenario.job("waiting", alice)))


@pytest.mark.parametrize(
    ("signature", "given"),
    [
        (lambda self, user="alice": ("one", user), ("one", "alice")),
        (lambda self, user: ("two", user), ("two", "alice")),
        (lambda self, *, user: ("three", user), ("three", "alice")),
        (lambda self: ("four",), ("four",)),
        (lambda self, **anything: ("five", anything), ("five", {})),
    ],
)
def test_a_session_is_opened_whatever_open_session_takes(signature: Any, given: object) -> None:
    """A required user is given one; a default, or no parameter at all, is left alone."""
    system = type("Mine", (System,), {"open_session": signature})()

    assert Scenario(system).open().session == given


def test_named_users_are_handed_over() -> None:
    """A system with users is asked for them by name; the first one only when the parameter has no default."""
    system = type("Mine", (System,), {"users": ("u", "v"), "open_session": lambda self, user="default": user})()

    assert [Scenario(system).open().session, Scenario(system).open(1).session] == ["default", "v"]


def test_an_assertion_of_a_check(scenario: Scenario) -> None:
    """A promise that is kept passes; one that is not raises with both sides in words."""
    scenario.require(True, "anything", "whatever")

    with pytest.raises(Violation) as caught:
        scenario.require([], "something", scenario.open().do("close"))

    assert (caught.value.expected, caught.value.observed) == ("something", "returned None")


def test_the_assertion_that_nothing_changed(scenario: Scenario) -> None:
    """It tells only what differs."""
    scenario.unchanged({"a": 1}, {"a": 1}, "it")

    with pytest.raises(Violation, match="expected it as before; observed b: 1 became 2"):
        scenario.unchanged({"a": 1, "b": 1}, {"a": 1, "b": 2}, "it")


class OneByOne(SimulatedSystem):
    """Runs one job at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.server.close()
        self.server = SimulatedServer(clients=self.client_names, config=ServerConfig(max_jobs=1))
        self.clock = self.server.clock


def test_more_jobs_at_once_than_a_server_runs_are_not_claimed() -> None:
    """Nobody promises to run a second job beside the first."""
    scenario = Scenario(OneByOne())
    alice = scenario.open()
    scenario.job("running", alice)

    with pytest.raises(NotClaimed, match="to run job2 beside job1"):
        scenario.job("running", alice)


def test_a_short_job_that_came_and_went_after_another_is_not_claimed_to_run_beside_it() -> None:
    """Where there is the patience to wait for the first one's end, a look may come too late for the second."""
    scenario = Scenario(OneByOne())
    scenario.system.patience = 600.0
    alice = scenario.open()
    scenario.job("running", alice)
    short = alice.submit(JobPlan(runs=2.0))

    with pytest.raises(NotClaimed, match="to run job2 beside job1"):
        scenario.until(alice, short, STATES["running"].reached, "running")


def test_a_job_that_does_not_run_though_nothing_else_does_is_not_testable() -> None:
    """There was room for it."""

    class Idle(SimulatedSystem):
        def job_folder(self, plan: JobPlan) -> str:
            return super().job_folder(JobPlan(waits=True))

    scenario = Scenario(Idle())

    with pytest.raises(NotTestable, match="did not become running"):
        scenario.job("running", scenario.open())


@pytest.mark.parametrize("wanted", ["completed", "running"])
def test_a_job_that_runs_needs_no_more_room(wanted: str) -> None:
    """It does not wait for another that runs beside it: that it does not get on is its own matter."""

    class Endless(SimulatedSystem):
        patience = 10.0

        def job_folder(self, plan: JobPlan) -> str:
            return super().job_folder(JobPlan(runs=5000.0))

    scenario = Scenario(Endless())
    alice = scenario.open()
    scenario.job("running", alice)
    job = alice.submit(JobPlan(runs=1.0))

    if wanted == "running":
        scenario.until(alice, job, STATES["running"].reached, "running")
        return
    with pytest.raises(NotTestable, match=r"the job did not become completed in [\d.]+ s: it is RUNNING"):
        scenario.until(alice, job, finished, "completed")


def test_a_wait_in_a_callback_is_told_as_such(scenario: Scenario) -> None:
    """It is one step there, however often it looked."""
    alice = scenario.open()
    job, other = alice.submit(JobPlan(waits=True)), alice.submit(JobPlan(runs=2.0))
    callback = Callback(then=False, act=lambda _: scenario.until(alice, other, finished, "completed"))
    alice.monitor(job, callback)

    assert [(step.operation.args[0], step.depth) for step in scenario.steps[-2:]] == [(job, 0), ("wait until", 1)]
    assert step_in_words(scenario.steps[-1], scenario.jobs) == "(in the callback) wait until job2 is completed"


def test_a_job_that_ends_a_minute_late_may_have_waited_for_another() -> None:
    """Where jobs run one by one it did so, if another ended meanwhile; one that is in time has waited for nobody."""
    ended = []
    for first in (200.0, 30.0):
        scenario = Scenario(OneByOne())
        scenario.system.patience = 600.0
        alice = scenario.open()
        alice.submit(JobPlan(runs=first))
        second = alice.submit(JobPlan(runs=20.0))
        try:
            scenario.until(alice, second, finished, "completed")
            ended.append("in time")
        except NotClaimed as error:
            ended.append(str(error))

    assert ended == ["to run job2 beside job1", "in time"]


def test_an_id_is_told_by_the_system(scenario: Scenario) -> None:
    """A text is the id of a job when it is the very id, or when the system documents to take it for that."""
    job = scenario.open().submit(JobPlan(waits=True))

    assert [scenario.is_id_of_job(text) for text in (job, job.upper(), "no-such-job")] == [True, False, False]

    class AnyCase(SimulatedSystem):
        def normal_id(self, text: str) -> str:
            return text.lower()

    told = Scenario(AnyCase())
    job = told.open().submit(JobPlan(waits=True))
    assert [told.is_id_of_job(text) for text in (job.upper(), "no-such-job")] == [True, False]
