"""Who is served: what the calls of a session have to end in while something is wrong, and once it is over."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario import wording
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.model.jobs import Disagreement
from contract_tests.sequences.model.service import FAULTS, Service
from contract_tests.sequences.player import Player
from flare_sim import SimulatedServer
from flare_sim.spec import JobNotFound, SessionClosed

SERVED = Outcome("returned", [])


def raised(*names: str) -> Outcome:
    """A call that ended in exceptions of the interface."""
    return Outcome("raised", error=Exception(), contract_errors=names)


@pytest.mark.parametrize("fault", ["outage", "misbehaving server"])
def test_while_a_fault_lasts_every_call_ends_in_its_error(fault: str) -> None:
    """Nothing else will do: neither a value nor another error."""
    service = Service()
    service.begin(fault, ["alice"])

    assert not service.serves("alice", raised(FAULTS[fault].error), [])
    for outcome in (SERVED, raised("JobNotFound"), raised()):
        with pytest.raises(Disagreement, match=FAULTS[fault].error):
            service.serves("alice", outcome, [])


def test_afterwards_a_session_goes_one_way() -> None:
    """It is usable again, and then has to stay so, or over for good."""
    service = Service()
    service.begin("outage", ["alice", "bob", "carol"])
    service.end()

    assert service.serves("alice", SERVED, [])
    assert service.serves("alice", raised("SessionClosed"), [])  # for the model of jobs, which takes it for no answer
    assert not service.serves("bob", raised("SessionClosed"), [])
    with pytest.raises(Disagreement, match="SessionClosed"):
        service.serves("bob", SERVED, [])
    assert [service.state(name) for name in ("alice", "bob", "carol", "dave")] == ["open", "over", "in doubt", "open"]


def test_a_misbehaving_server_ends_no_session() -> None:
    """What works again works for everybody."""
    service = Service()
    service.begin("misbehaving server", ["alice"])
    service.end()

    assert service.state("alice") == "open"


def test_lost_sessions_are_over_and_later_ones_are_not() -> None:
    """The fault is over at once."""
    service = Service()
    service.begin("lost sessions", ["alice"])

    assert (service.fault, service.state("alice"), service.state("alice-2")) == ("", "over", "open")


def test_of_two_errors_that_are_due_either_will_do() -> None:
    """A closed session in an outage; a deleted job that the session itself knows to be gone."""
    service = Service(over={"alice"})
    service.begin("outage", ["alice", "bob"])

    assert not service.serves("alice", raised("SessionClosed"), [])
    assert not service.serves("alice", raised("NoConnection"), [])
    assert not service.serves("bob", raised("JobNotFound"), [], gone=True)


def test_a_session_opens_only_where_there_is_a_server() -> None:
    """What a misbehaving one makes of it is not stated."""
    service = Service()
    service.begin("outage", [])

    assert not service.opens(raised("NoConnection"))
    for outcome in (SERVED, raised("SessionClosed")):
        with pytest.raises(Disagreement, match="NoConnection"):
            service.opens(outcome)
    service.end()
    service.begin("misbehaving server", [])
    assert service.opens(SERVED)
    assert not service.opens(raised("InternalError"))


TROUBLED: list[list[Any]] = [
    ["submit", 0, "short"],
    ["submit", 2, "waits"],
    ["close", 0],
    *(["list", 0, False, False], ["abort", 0, 1], ["submit", 0, "waits"], ["monitor", 0, 1, 1, 0], ["close", 0]),
    ["reopen", 0],
    ["sleep", 2.0],
    ["abort while", 0, 1, "delete", 2],
    ["abort while", 0, 2, "meta", 2],
    *(["fault", "outage"], ["fault", "lost sessions"], ["list", 2, True, True], ["reopen", 2], ["list", 2, True, True]),
    *(["repair", "misbehaving server"], ["delete", 0, 1], ["repair", "outage"], ["repair", "outage"], ["reopen", 2]),
    *(["fault", "misbehaving server"], ["meta", 2, 2], ["close", 2], ["reopen", 2], ["repair", "misbehaving server"]),
    *(["fault", "lost sessions"], ["list", 0, True, True], ["list", 2, True, True], ["reopen", 0], ["info", 0]),
    *(["fault", "lost clients"], ["sleep", 20.0], ["list", 0, True, True], ["repair", "lost clients"]),
]
"""Every call about sessions and faults, in and out of place."""


def test_faults_are_played_on_the_reference() -> None:
    """It keeps what is promised of each."""
    player = Player(Scenario(SimulatedSystem()))

    for call in TROUBLED:
        player.play(call)

    told = [wording.step(step, player.ids) for step in player.scenario.steps]
    assert {step.operation.method for step in player.scenario.steps} >= {"outage", "misbehave", "drop_client", "close"}
    assert blake2b("\n".join(told).encode(), digest_size=8).hexdigest() == "ddafedbdc127bbc6", told


class Knowing(SimulatedSystem):
    """Its sessions know by themselves which jobs were deleted."""

    def open_session(self, user: str | None = None) -> object:
        """One that asks no server for these."""
        session = super().open_session(user)
        delete, meta = session.delete_job, session.get_job_meta
        gone: set[str] = set()

        def delete_job(job_id: str) -> None:
            delete(job_id)
            gone.add(job_id)

        def get_job_meta(job_id: str) -> object:
            if job_id in gone:
                raise JobNotFound(job_id)
            return meta(job_id)

        session.delete_job, session.get_job_meta = delete_job, get_job_meta
        return session


def test_a_session_may_know_in_an_outage_that_a_job_is_deleted() -> None:
    """Of one that is there it has to say that there is no server."""
    player = Player(Scenario(Knowing()))
    calls: list[list[Any]] = [
        *(["submit", 0, "waits"], ["submit", 0, "waits"], ["delete", 0, 1], ["fault", "outage"], ["meta", 0, 1]),
        ["meta", 0, 2],
    ]
    for call in calls:
        player.play(call)

    outcomes = [step.outcome for step in player.scenario.steps if step.operation.method == "get_job_meta"]
    assert [outcome.contract_errors for outcome in outcomes] == [("JobNotFound",), ("NoConnection",)]
    player.model.jobs[1].deleted = False
    with pytest.raises(Violation, match="expected NoConnection; observed raised JobNotFound"):
        player.play(["meta", 0, 1])


def test_a_job_may_be_deleted_while_its_abort_waits() -> None:
    """Then the abort may say that there is no such job, and it need not."""

    class Forgetful(SimulatedSystem):
        def open_session(self, user: str | None = None) -> object:
            session = super().open_session(user)
            abort = session.abort_job

            def abort_job(job_id: str) -> None:
                abort(job_id)
                session.get_job_meta(job_id)

            session.abort_job = abort_job
            return session

    for system in (SimulatedSystem(), Forgetful()):
        player = Player(Scenario(system))
        for call in (["submit", 0, "short"], ["sleep", 2.0], ["abort while", 0, 1, "delete", 0], ["meta", 2, 1]):
            player.play(call)
        assert player.model.jobs[1].deleted


def test_what_is_wrong_in_the_midst_of_an_abort_is_told() -> None:
    """The abort itself may be fine."""

    class ClosesOthers(SimulatedSystem):
        def open_session(self, user: str | None = None) -> object:
            session = super().open_session(user)
            meta = session.get_job_meta

            def get_job_meta(job_id: str) -> object:
                if any(job.status == "RUNNING" for job in self.server.jobs):
                    raise SessionClosed
                return meta(job_id)

            session.get_job_meta = get_job_meta
            return session

    player = Player(Scenario(ClosesOthers()))
    player.play(["submit", 0, "short"])
    player.play(["sleep", 2.0])

    with pytest.raises(Violation, match="SessionClosed"):
        player.play(["abort while", 0, 1, "meta", 2])


def test_one_user_is_enough() -> None:
    """A system whose users have no names is played with faults too."""

    class One(SimulatedSystem):
        users = ()

        def __init__(self) -> None:
            self.server = SimulatedServer()
            self.clock = self.server.clock

        def open_session(self, user: str | None = None) -> object:
            return self.server.connect()

    player = Player(Scenario(One()))
    for call in (["fault", "outage"], ["reopen", 1], ["repair", "outage"], ["reopen", 1], ["list", 1, False, False]):
        player.play(call)

    assert player.state(1) == "open"
