"""Sessions in a scenario: what a check needs of them, and what is told when it can't be had."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan
from flare_sim import JobNotDone
from tests.contract_tests.faulty_systems import Narrow, Reluctant


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


def test_a_form_is_taken_for_refused_where_no_other_session_can_be_asked(scenario: Scenario) -> None:
    """During an outage nobody can be: a session without a flag is judged by the forms that it takes."""
    alice = scenario.open()
    alice.session.list_jobs = lambda detailed=False: []
    scenario.on_system("outage")

    with pytest.raises(JudgedElsewhere):
        alice.do("list_jobs", all=True)


def test_the_jobs_of_all_users_are_put_together_where_they_can_not_be_asked_for() -> None:
    """A check that only looks at them sees them all, whoever's session it uses."""
    scenario = Scenario(Narrow())
    alice, bob = scenario.open(0), scenario.open(1)
    jobs = [alice.submit(), bob.submit(), alice.submit()]

    assert sorted(bob.listed(all=True)) == sorted(jobs)
    assert bob.listed() == [jobs[1]]


def _without_flags(list_jobs: Callable[[], Any]) -> Any:
    return list_jobs()


def test_only_the_jobs_of_all_users_are_put_together() -> None:
    """Another flag that a session does not take is a form to do without, and the call stays told."""

    class Plain(SimulatedSystem):
        def open_session(self, user: str | None = None) -> Any:
            session = super().open_session(user)
            session.list_jobs = partial(_without_flags, session.list_jobs)
            return session

    scenario = Scenario(Plain())
    alice = scenario.open()
    for flags in ({"detailed": True}, {"all": False}, {"detailed": True, "all": True}):
        with pytest.raises(JudgedElsewhere):
            alice.entries(**flags)

    assert alice.entries(all=True) == []
    assert [dict(step.operation.kwargs) for step in scenario.steps if step.operation.method == "list_jobs"] == [
        {"detailed": True},
        {"all": False},
        {"detailed": True},
        {},
        {},
    ]


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


def test_a_job_that_is_gone_breaks_the_promise_that_it_is_there(scenario: Scenario) -> None:
    """As long as it is there its facts are told."""
    alice = scenario.open()
    job = alice.submit(JobPlan(waits=True))

    assert alice.existing_snapshot(job) == alice.snapshot(job)

    alice.need("delete_job", job)
    with pytest.raises(Violation, match="job1 to be there still"):
        alice.existing_snapshot(job)


def test_a_monitor_is_handed_what_it_is_to_have(scenario: Scenario) -> None:
    """By position, in the order of the interface; or all of it by name, and no callback where there is none."""
    alice, callback = scenario.open(), Callback()
    given: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    alice.session.monitor_job = lambda *args, **kwargs: given.append((args, kwargs))

    alice.monitor("job")
    alice.monitor("job", callback, "more", timeout=3, poll=0.5, word=1)
    alice.monitor("job", by_name=True)
    alice.monitor("job", callback, timeout=3, poll=0.5, by_name=True, word=1)

    assert given == [
        (("job", 0, 2.0, None), {}),
        (("job", 3, 0.5, callback, "more"), {"word": 1}),
        ((), {"job_id": "job", "timeout": 0, "poll_interval": 2.0}),
        ((), {"job_id": "job", "cb": callback, "timeout": 3, "poll_interval": 0.5, "word": 1}),
    ]


def test_a_status_in_the_list_is_told_apart_from_none(scenario: Scenario) -> None:
    """A job that is not listed has none."""
    alice = scenario.open()
    job = alice.submit(JobPlan(waits=True))

    assert alice.listed_status(job, detailed=True) == "SUBMITTED"
    assert alice.listed_status("no-such-job") is None


def test_what_moves_in_an_entry_by_itself_is_no_effect_of_a_call() -> None:
    """A counter of a job's own in the list, seen by reading that very entry again; what stays counts."""

    class Counting(SimulatedSystem):
        lists = 0

        def open_session(self, user: str | None = None) -> Any:
            session = super().open_session(user)
            right = session.list_jobs

            def list_jobs(**flags: bool) -> list[dict[str, Any]]:
                Counting.lists += 1
                return [{**entry, "lists": Counting.lists, "stays": 1} for entry in right(**flags)]

            session.list_jobs = list_jobs
            return session

    s = Scenario(Counting())
    alice = s.open()
    jobs = [alice.submit(JobPlan(waits=True)) for _ in range(2)]
    before = alice.entry_snapshots(detailed=True)
    after = alice.entry_snapshots(detailed=True)

    assert [*before] == [*after]
    assert {*before} == {*jobs}
    s.unchanged(before, after, "the list")
    assert s.moving == {"lists"}
    changed = alice.entry_snapshots(detailed=True)
    changed[jobs[1]]["stays"] = 2
    with pytest.raises(Violation, match="stays: 1 became 2"):
        s.unchanged(before, changed, "the list")


@pytest.mark.parametrize("read", ["meta", "entries"])
def test_that_a_job_gets_on_as_it_was_planned_is_no_effect_of_a_call(read: str, scenario: Scenario) -> None:
    """It runs and ends in its time; before that, and otherwise than was planned, it does not by itself."""
    alice = scenario.open()
    job = alice.submit(JobPlan(runs=10.0, dispatches=10.0))

    def look() -> dict[str, Any]:
        return alice.snapshot(job) if read == "meta" else alice.entry_snapshots()[job]

    waits = look()
    scenario.sleep(15.0)
    runs = look()
    scenario.sleep(30.0)
    done = look()

    for before, after in ((waits, runs), (runs, done), (waits, done)):
        scenario.unchanged(before, after, "the job")
    done["status"] = "FINISHED:ABNORMAL"
    with pytest.raises(Violation, match="status: 'RUNNING' became 'FINISHED:ABNORMAL'"):
        scenario.unchanged(runs, done, "the job")


def test_an_entry_that_is_gone_can_not_be_read_again(scenario: Scenario) -> None:
    """Then all that differs counts."""
    alice = scenario.open()
    job = alice.submit(JobPlan(waits=True))
    before, after = alice.entry_snapshots(), alice.entry_snapshots()
    after[job]["of_its_own"] = 1
    alice.need("delete_job", job)

    with pytest.raises(Violation, match="of_its_own"):
        scenario.unchanged(before, after, "the list")


def test_entries_keep_no_counts_of_scheduling_until_a_job_is_done(scenario: Scenario) -> None:
    """What NVFLARE counts in a job that waits; of one that is done everything is told."""
    alice = scenario.open()
    waiting, done = alice.submit(JobPlan(waits=True)), scenario.job("completed", alice)
    alice.session.list_jobs = lambda: [
        {"job_id": waiting, "status": "SUBMITTED", "schedule_count": 3, "duration": "1", "name": "n"},
        {"job_id": done, "status": "FINISHED:COMPLETED", "schedule_count": 3},
    ]

    found = alice.entry_snapshots()

    assert found[waiting] == {"job_id": waiting, "status": "SUBMITTED", "name": "n"}
    assert found[done] == {"job_id": done, "status": "FINISHED:COMPLETED", "schedule_count": 3}
