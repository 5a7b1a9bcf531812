"""Scenarios: what they note, what they need, and how they bring jobs into states."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.endings import JudgedElsewhere, NotTestable, Violation
from contract_tests.operations import Callback, JobRef, Operation
from contract_tests.plan import BadJob, JobPlan
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import Scenario
from contract_tests.states import DONE, STATES, UNDONE, finished
from contract_tests.system import NotClaimed, System
from contract_tests.words import step
from flare_sim import JobNotDone, ServerConfig, SimulatedServer
from tests.contract_tests.faulty import Narrow, Reluctant


class Least(System):
    """A system that offers nothing but sessions."""

    def __init__(self) -> None:
        self.server = SimulatedServer()

    def open_session(self, user: str = "") -> Any:
        """A session of the administrator."""
        return self.server.connect("admin@nvidia.com")


@pytest.fixture
def scenario() -> Scenario:
    """A scenario on the reference system."""
    return Scenario(SimulatedSystem())


def told(scenario: Scenario) -> list[str]:
    """The operations so far, in words."""
    return [step(done, scenario.jobs) for done in scenario.steps]


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


def test_everything_is_noted_in_order(scenario: Scenario) -> None:
    """Waiting is one entry however often it looked; what is done in a callback stands behind its monitor."""
    alice, bob = scenario.open(), scenario.open(1)
    job = alice.submit(JobPlan(runs=4.0))
    scenario.until(alice, job, STATES["running"].reached, "running")

    def abort(number: int) -> None:
        bob.do("abort_job", job)

    alice.monitor(job, Callback(answers=(False,), act=abort))
    scenario.world("outage")

    assert [line.split(" returned")[0].split(" raised")[0] for line in told(scenario)] == [
        "alice opens a session",
        "bob opens a session",
        "alice: submit_job(<job folder: runs 4 s>)",
        "wait until job1 is running",
        "alice: monitor_job(job1, 0, 2, <callback: False, then True>)",
        "(in the callback) bob: abort_job(job1)",
        "outage()",
    ]


def test_sessions_are_numbered(scenario: Scenario) -> None:
    """A second session of a user is told from the first."""
    assert [scenario.open().name, scenario.open().name, scenario.open(1).name, scenario.open().name] == [
        "alice",
        "alice-2",
        "bob",
        "alice-3",
    ]


def test_a_job_can_be_named_by_its_number(scenario: Scenario) -> None:
    """A JobRef stands for the id that the system gave."""
    alice = scenario.open()
    job = alice.submit()

    outcome = scenario.perform(Operation("alice", "get_job_meta", (JobRef(1),)))

    assert outcome.value["job_id"] == job


def test_a_bad_definition_is_handed_over_as_what_it_stands_for(scenario: Scenario) -> None:
    """A BadJob becomes the path, or the thing that is no path."""
    outcome = scenario.open().do("submit_job", BadJob("not-text/1"))

    assert outcome.raised("InvalidJobDefinition")
    assert told(scenario)[-1].startswith("alice: submit_job(<bad job definition: not-text/1>) raised")


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
        (lambda s: s.world("outage"), "an outage"),
        (lambda s: s.world("recover"), "recovery from an outage"),
        (lambda s: s.world("lose_sessions"), "sessions ended by the server"),
        (lambda s: s.world("misbehave"), "a server that misbehaves"),
        (lambda s: s.world("behave"), "a server that behaves again"),
        (lambda s: s.world("drop_client", "site-1"), "a client that drops out"),
        (lambda s: s.world("connect_client", "site-1"), "a client that connects"),
        (lambda s: s.world("stored_files", "x"), "a look into the server's storage"),
        (lambda s: s.open().do("list_jobs").took, "a clock"),
    ],
)
def test_what_a_small_system_lacks_is_named(act: Any, lacks: str) -> None:
    """A system that offers only sessions does not claim the rest, each thing by its name."""
    with pytest.raises(NotClaimed, match=lacks):
        act(Scenario(Least()))


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


@pytest.mark.parametrize(
    ("method", "answer", "told"),
    [
        ("submit", None, "submit_job, needed for this check, returned None"),
        ("submit", "", "submit_job, needed for this check, returned ''"),
        ("clone", 7, "clone_job, needed for this check, returned 7"),
        ("meta", {}, "get_job_meta, needed for this check, returned {}"),
        ("meta", {"status": 3}, "get_job_meta, needed for this check, returned"),
        ("entries", [1], "list_jobs, needed for this check, returned [1]"),
        ("entries", None, "list_jobs, needed for this check, returned None"),
        ("info", None, "get_system_info, needed for this check, returned None"),
    ],
)
def test_an_answer_of_no_use_is_not_testable(method: str, answer: object, told: str, scenario: Scenario) -> None:
    """What a check needs first is looked at before it is used; a wrong answer there is no crash of the check."""
    alice = scenario.open()
    for name in ("submit_job", "clone_job", "get_job_meta", "list_jobs", "get_system_info"):
        setattr(alice.session, name, lambda *args, **kwargs: answer)
    arguments = {"clone": ("x",), "meta": ("x",)}.get(method, ())

    with pytest.raises(NotTestable) as caught:
        getattr(alice, method)(*arguments)

    assert str(caught.value).startswith(told)


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


def test_a_form_that_a_session_does_not_take_is_told_from_a_failure() -> None:
    """A check that is about something else learns that it has to do without."""
    alice = Scenario(Narrow()).open()

    with pytest.raises(JudgedElsewhere):
        alice.do("list_jobs", all=True)
    assert alice.do("list_jobs", detailed=True).returned
    assert isinstance(alice.attempt("list_jobs", all=True).error, TypeError)


def test_a_call_that_fails_only_now_and_then_is_no_refused_form() -> None:
    """A session that takes the form elsewhere has failed here."""
    alice, other = (scenario := Scenario(SimulatedSystem())).open(), scenario.open()
    alice.session.list_jobs = lambda **_: 1 + "1"  # type: ignore[operator]

    assert isinstance(alice.do("list_jobs", all=True).error, TypeError)
    assert other.do("list_jobs", all=True).returned


def test_the_jobs_of_all_users_are_put_together_where_they_can_not_be_asked_for() -> None:
    """A check that only looks at them sees them all, whoever's session it uses."""
    scenario = Scenario(Narrow())
    alice, bob = scenario.open(0), scenario.open(1)
    jobs = [alice.submit(), bob.submit(), alice.submit()]

    assert sorted(bob.listed(all=True)) == sorted(jobs)
    assert bob.listed() == [jobs[1]]


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


def test_a_job_that_does_not_run_though_nothing_else_does_is_not_testable() -> None:
    """There was room for it."""

    class Idle(SimulatedSystem):
        def job_folder(self, plan: JobPlan) -> str:
            return super().job_folder(JobPlan(waits=True))

    scenario = Scenario(Idle())

    with pytest.raises(NotTestable, match="did not become running"):
        scenario.job("running", scenario.open())


def test_a_refused_deletion_of_what_is_executed_is_judged_by_its_own_clause() -> None:
    """What only needs a job to be gone is tried on others."""
    alice = (scenario := Scenario(Reluctant())).open()
    job = scenario.job("running", alice)

    with pytest.raises(JudgedElsewhere):
        alice.need("delete_job", job)


def test_a_refusal_inside_a_callback_is_not_taken_for_the_monitors() -> None:
    """Nobody is told that the monitor raised what the suite itself did."""
    alice = (scenario := Scenario(Reluctant())).open()
    job = scenario.job("running", alice)
    callback = Callback(act=lambda _: alice.need("delete_job", job))

    with pytest.raises(JudgedElsewhere):
        alice.monitor(job, callback, timeout=3)


def test_a_refused_deletion_of_anything_else_is_not_testable() -> None:
    """JobNotDone is an excuse only for a job that is not done."""
    alice = (scenario := Scenario(SimulatedSystem())).open()
    job = scenario.job("completed", alice)

    def refuse(job_id: str) -> None:
        raise JobNotDone(job_id)

    alice.session.delete_job = refuse
    with pytest.raises(NotTestable):
        alice.need("delete_job", job)


def test_a_system_need_not_have_a_text() -> None:
    """Nothing that works is told, so nothing of it needs a repr."""

    class Unprintable(SimulatedSystem):
        def __repr__(self) -> str:
            raise RuntimeError("no text")

    scenario = Scenario(Unprintable())

    assert scenario.open().submit()
    scenario.sleep(1.0)
    scenario.world("outage")
