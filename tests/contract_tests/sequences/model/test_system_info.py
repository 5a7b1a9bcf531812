"""What the contract's model makes of system info: the clients, the jobs that run, and when the server was started."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from contract_tests.scenario.operations import Outcome
from contract_tests.sequences.model.jobs import Disagreement, Model
from contract_tests.system.job_plan import JobPlan

THERE = ("site-1", "site-2")


def model() -> Model:
    """A model that knows two clients and a job."""
    made = Model(clients=frozenset(THERE))
    made.created(0, JobPlan(), Outcome("returned", "id1"))
    return made


def tells(model: Model, *clients: str, jobs: tuple[str, ...] = (), started: float = 5.0) -> None:
    """Judge system info."""
    info = SimpleNamespace(
        server_info=SimpleNamespace(status="started", start_time=started),
        client_info=[SimpleNamespace(name=name, last_connect_time=1.0) for name in clients],
        job_info=[SimpleNamespace(job_id=job, app_name="app") for job in jobs],
    )
    model.informed(Outcome("returned", info))


def reads(model: Model, status: str) -> None:
    """Judge a meta with a status."""
    meta = {"job_id": "id1", "name": "contract-job", "submitter_name": "ann", "status": status}
    model.read(1, "ann", Outcome("returned", meta))


def test_clients_are_those_that_are_there() -> None:
    """In any order; somebody who has just come may be told of; where nobody knows who is there, anybody may."""
    known = model()
    tells(known, *THERE)
    known.newcomers.add("site-3")
    tells(known, "site-3", *reversed(THERE))
    tells(known, *THERE)
    tells(Model(), "anybody")


@pytest.mark.parametrize(
    ("names", "observed"),
    [
        (("site-1",), "site-1"),
        ((), "none"),
        ((*THERE, "site-9"), "site-1, site-2, site-9"),
        ((*THERE, "site-1"), "site-1 more than once"),
    ],
)
def test_other_clients_are_ruled_out(names: tuple[str, ...], observed: str) -> None:
    """One too few or too many, or one twice."""
    with pytest.raises(Disagreement) as raised:
        tells(model(), *names)

    assert raised.value.args[1] == observed


def test_a_server_was_started_once() -> None:
    """Whenever it is asked."""
    known = model()
    tells(known, *THERE)

    with pytest.raises(Disagreement, match="as told before"):
        tells(known, *THERE, started=6.0)


def test_a_job_that_runs_before_and_after_is_in_between() -> None:
    """And has to be told of then; one that has come to its end since need not have been."""
    ended, running = model(), model()
    for known in (ended, running):
        reads(known, "RUNNING")
        tells(known, *THERE)
    reads(ended, "FINISHED:COMPLETED")

    with pytest.raises(Disagreement, match="job1, which runs, in system info"):
        reads(running, "RUNNING")


def test_a_job_that_is_told_of_or_being_stopped_is_right() -> None:
    """Nobody knows when one that was aborted is not executed any more."""
    told, aborted = model(), model()
    for known in (told, aborted):
        reads(known, "RUNNING")
    tells(told, *THERE, jobs=("id1",))
    reads(told, "RUNNING")
    aborted.aborted(1, Outcome("returned"))
    tells(aborted, *THERE)
    reads(aborted, "RUNNING")
