"""Histories: what each of them does before a promise is tried, as a failure tells it."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import wording
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.histories import HISTORIES, over_outage
from contract_tests.sequences.starting_points import starting_point
from contract_tests.system.system import NotClaimed

WAITS: Final = "<job folder: can't be scheduled>"

CALLS: Final = {
    "nothing": "alice opens a session; submit_job(a waiting job); get_job_meta(job1); alice has job1",
    "eleventh": "alice opens a session; 11 times submit_job(a waiting job); get_job_meta(job11); alice has job11",
    "first of eleven": """
        alice opens a session; submit_job(a waiting job); get_job_meta(job1); 10 times submit_job(a waiting
        job); alice has job1
    """,
    "clone": """
        alice opens a session; submit_job(a waiting job); clone_job(job1); get_job_meta(job2); alice has job2
    """,
    "original of a clone": """
        alice opens a session; submit_job(a waiting job); get_job_meta(job1); clone_job(job1); alice has job1
    """,
    "clone of a clone": """
        alice opens a session; submit_job(a waiting job); clone_job(job1); clone_job(job2); get_job_meta(job3);
        alice has job3
    """,
    "clone of a deleted job": """
        alice opens a session; submit_job(a waiting job); clone_job(job1); delete_job(job1); get_job_meta(job2);
        alice has job2
    """,
    "clone of an aborted job": """
        alice opens a session; submit_job(a waiting job); abort_job(job1); wait until job1 is finished;
        clone_job(job1); get_job_meta(job2); alice has job2
    """,
    "clone of another user's job": """
        alice opens a session; bob opens a session; bob: submit_job(a waiting job); clone_job(job1);
        get_job_meta(job2); alice has job2
    """,
    "clone by another user": """
        alice opens a session; bob opens a session; bob: submit_job(a waiting job); bob: clone_job(job1); bob:
        get_job_meta(job2); alice has job2
    """,
    "after a deletion": """
        alice opens a session; submit_job(a waiting job); delete_job(job1); submit_job(a waiting job);
        get_job_meta(job2); alice has job2
    """,
    "after an abort": """
        alice opens a session; submit_job(a waiting job); abort_job(job1); submit_job(a waiting job);
        get_job_meta(job2); alice has job2
    """,
    "after refusals": """
        alice opens a session; submit_job(<bad job definition no-meta/0: no meta.json in a folder that holds
        app/>); get_job_meta('no-such-job'); abort_job('no-such-job'); monitor_job('no-such-job'); submit_job(a
        waiting job); get_job_meta(job1); alice has job1
    """,
    "after monitors": """
        alice opens a session; submit_job(a waiting job); monitor_job(job1, 1 s, 2 s, None); monitor_job(job1, 2
        s, 2 s, None); submit_job(a waiting job); get_job_meta(job2); alice has job2
    """,
    "read before": """
        alice opens a session; submit_job(a waiting job); 2 times get_job_meta(job1); list_jobs();
        list_jobs(detailed=True); list_jobs(all=True); get_system_info(); get_job_meta(job1); list_jobs();
        list_jobs(detailed=True); list_jobs(all=True); get_system_info(); alice has job1
    """,
    "of another session": """
        alice opens a session; submit_job(a waiting job); get_job_meta(job1); alice-2 opens a session; alice-2
        has job1
    """,
    "of another session, opened later": """
        alice opens a session; alice-2 opens a session; alice-2: submit_job(a waiting job); alice-2:
        get_job_meta(job1); alice has job1
    """,
    "of a closed session": """
        alice opens a session; submit_job(a waiting job); get_job_meta(job1); close(); alice-2 opens a session;
        alice-2 has job1
    """,
    "in a second session": """
        alice opens a session; submit_job(a waiting job); alice-2 opens a session; alice-2: submit_job(a waiting
        job); alice-2: get_job_meta(job2); alice-2 has job2
    """,
    "in a session opened anew": """
        alice opens a session; submit_job(<job folder>); close(); alice-2 opens a session; alice-2: submit_job(a
        waiting job); alice-2: get_job_meta(job2); alice-2 has job2
    """,
    "of another user": """
        alice opens a session; bob opens a session; bob: submit_job(a waiting job); bob: get_job_meta(job1);
        alice has job1
    """,
    "beside another user's": """
        alice opens a session; submit_job(a waiting job); get_job_meta(job1); bob opens a session; bob:
        submit_job(a waiting job); alice has job1
    """,
    "after another user's session": """
        bob opens a session; bob: submit_job(a waiting job); bob: close(); alice opens a session; submit_job(a
        waiting job); get_job_meta(job2); alice has job2
    """,
    "after an outage": """
        alice opens a session; outage(); sleep(5 s); get_job_meta('no-such-job'); list_jobs(); sleep(5 s);
        recover(); get_system_info(); submit_job(a waiting job); get_job_meta(job1); alice has job1
    """,
    "through an outage": """
        alice opens a session; submit_job(a waiting job); 2 times get_job_meta(job1); list_jobs(); outage();
        sleep(5 s); get_job_meta(job1); list_jobs(); sleep(5 s); recover(); get_system_info(); alice has job1
    """,
    "submitted in a callback": """
        alice opens a session; bob opens a session; bob: submit_job(a waiting job); monitor_job(job1, 0 s, 2 s,
        <callback: then False>); submit_job(a waiting job); get_job_meta(job2); alice has job2
    """,
    "after a client's return": """
        alice opens a session; drop_client('site-1'); get_system_info(); connect_client('site-1'); submit_job(a
        waiting job); get_job_meta(job1); alice has job1
    """,
    "asked for its result early": """
        alice opens a session; submit_job(a waiting job); download_job_result(job1); get_job_meta(job1); alice
        has job1
    """,
    "monitored": """
        alice opens a session; submit_job(a waiting job); get_job_meta(job1); monitor_job(job1, 3 s, 2 s, None);
        alice has job1
    """,
    "minutes later": """
        alice opens a session; submit_job(a waiting job); get_job_meta(job1); sleep(200 s); alice has job1
    """,
    "finished a day ago": """
        alice opens a session; submit_job(<job folder: runs 4 s>); wait until job1 is completed; sleep(90000 s);
        alice has job1
    """,
    "beside a running job": """
        alice opens a session; submit_job(<job folder: runs 300 s>); wait until job1 is running; submit_job(a
        waiting job); get_job_meta(job2); alice has job2
    """,
    "third to finish": """
        alice opens a session; submit_job(<job folder: runs 4 s>); wait until job1 is completed; submit_job(<job
        folder: runs 4 s>); wait until job2 is completed; submit_job(<job folder: runs 4 s>); wait until job3 is
        completed; alice has job3
    """,
    "downloaded": """
        alice opens a session; submit_job(<job folder: runs 4 s>); wait until job1 is completed;
        download_job_result(job1); alice has job1
    """,
}
"""The calls of every history, the first user's where no other is named, and who has which job in the end."""

OF_A_RUNNING_JOB: Final = {
    "clone": """
        alice opens a session; submit_job(<job folder: runs 300 s>); abort_job(job1); clone_job(job1); wait
        until job2 is running; alice has job2
    """,
    "clone of a clone": """
        alice opens a session; submit_job(<job folder: runs 300 s>); abort_job(job1); clone_job(job1);
        abort_job(job2); clone_job(job2); wait until job3 is running; alice has job3
    """,
    "clone of a deleted job": """
        alice opens a session; submit_job(<job folder: runs 300 s>); abort_job(job1); clone_job(job1); wait
        until job1 is finished; delete_job(job1); wait until job2 is running; alice has job2
    """,
    "clone of an aborted job": """
        alice opens a session; submit_job(<job folder: runs 300 s>); abort_job(job1); wait until job1 is
        finished; clone_job(job1); wait until job2 is running; alice has job2
    """,
    "after a deletion": """
        alice opens a session; submit_job(a waiting job); delete_job(job1); submit_job(<job folder: runs 300
        s>); wait until job2 is running; alice has job2
    """,
}
"""Where the job that is cloned would run beside its clone, it is aborted before."""


def told(name: str, state: str = "", system: SimulatedSystem | None = None) -> list[str]:
    """What is done for a starting point, in words, and what it is."""
    s = Scenario(system or SimulatedSystem())
    actor, job = starting_point(s, name, state)
    words = [wording.operation(step.operation, s.jobs).replace(WAITS, "a waiting job") for step in s.steps]
    counted = [(word, len([*same])) for word, same in groupby(words)]
    lines = [word if times == 1 else f"{times} times {word}" for word, times in counted]
    return [*(line.replace("alice: ", "") for line in lines), f"{actor.name} has {s.tell(job)}"]


def calls_of(text: str) -> list[str]:
    """The calls of an entry."""
    return " ".join(text.split()).split("; ")


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_does_what_its_name_says(name: str) -> None:
    """These calls, in this order, and no others."""
    assert told(name) == calls_of(CALLS[name])


@pytest.mark.parametrize("name", OF_A_RUNNING_JOB)
def test_what_a_job_is_cloned_from_does_not_run_beside_it(name: str) -> None:
    """It is aborted where it would."""
    assert told(name, "running") == calls_of(OF_A_RUNNING_JOB[name])


class OneUser(SimulatedSystem):
    """A system with one user, whose server neither fails nor loses a client."""

    users = ("admin@nvidia.com",)

    def outage(self) -> None:
        """Claim none."""
        raise NotClaimed("an outage")

    def drop_client(self, name: str) -> None:
        """Claim none."""
        raise NotClaimed("a client that drops out")


OF_ONE_USER: Final = {
    "of another user": CALLS["nothing"],
    "beside another user's": CALLS["nothing"],
    "after an outage": CALLS["nothing"],
    "after a client's return": CALLS["nothing"],
    "submitted in a callback": CALLS["submitted in a callback"].replace("bob opens a session; bob: ", ""),
}


@pytest.mark.parametrize("name", OF_ONE_USER)
def test_a_history_that_can_not_be_had_is_the_plainest_there_is(name: str) -> None:
    """With the first user's own job where there is nobody else."""
    assert told(name, system=OneUser()) == calls_of(OF_ONE_USER[name])


def test_a_session_that_an_outage_has_ended_is_replaced() -> None:
    """One that is usable again is gone on with, and so is one that saw no outage."""

    class EndsSessions(SimulatedSystem):
        def recover(self) -> None:
            super().recover()
            self.lose_sessions()

    for system, same in ((SimulatedSystem(), True), (OneUser(), True), (EndsSessions(), False)):
        s = Scenario(system)
        alice = s.open()
        after = over_outage(s, alice)
        assert (after is alice) is same
        assert after.do("list_jobs").returned


def test_a_callback_that_is_never_called_is_replaced_by_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A monitor that calls nothing back is what another promise is about."""

    class Silent(SimulatedSystem):
        def open_session(self, user: str | None = None) -> Any:
            session = super().open_session(user)
            monkeypatch.setattr(session, "monitor_job", lambda *args, **options: None)
            return session

    assert told("submitted in a callback", system=Silent())[-3:] == [
        "submit_job(a waiting job)",
        "get_job_meta(job2)",
        "alice has job2",
    ]
