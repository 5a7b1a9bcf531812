"""What holds for every fault: when it comes, undoing it, arguments that make no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Faults, InternalError, MonitorReturnCode, NoConnection, SimulatedServer

if TYPE_CHECKING:
    from flare_sim import Session
from tests.flare_sim.faults.long_job import LONG


def test_a_fault_comes_at_its_time(server: SimulatedServer, session: Session) -> None:
    """Later means so many seconds from now or a time; a time that has passed is now."""
    now = server.clock.time()
    server.faults.partition(at=now + 10)
    server.faults.repair(after=12)
    server.faults.malfunction(at=now - 5)
    with pytest.raises(InternalError):
        session.list_jobs()
    server.faults.mend()
    server.advance(9.9)
    assert session.list_jobs() == []
    server.advance(0.1)
    with pytest.raises(NoConnection):
        session.list_jobs()
    server.advance(2)
    assert session.list_jobs() == []


def test_a_monitor_sees_the_faults_in_its_time(server: SimulatedServer, session: Session) -> None:
    """A monitor sleeps through to the moment of a fault and raises at its next look; undone, it works again."""
    job_id = session.submit_definition(LONG)
    server.faults.partition(after=10)
    start = server.clock.time()
    with pytest.raises(NoConnection):
        session.monitor_job(job_id)
    assert server.clock.time() - start == 10
    server.faults.repair()

    assert session.monitor_job(job_id) is MonitorReturnCode.JOB_FINISHED


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("partition", ()),
        ("repair", ()),
        ("restart", ()),
        ("normal_replies", ()),
        ("mend", ()),
        ("release", ()),
        ("reconnect", ("site-1",)),
    ],
)
def test_undoing_what_was_not_done_does_nothing(server: SimulatedServer, verb: str, args: tuple[str, ...]) -> None:
    """Verbs may be said twice: the second time there is nothing to do, and no trace."""
    getattr(server.faults, verb)(*args)
    before = server.trace.digest()

    getattr(server.faults, verb)(*args)

    assert server.trace.digest() == before


@pytest.mark.parametrize(
    ("verb", "args", "match"),
    [
        ("drop", ("site-9",), "no client 'site-9'"),
        ("drop", (None,), "no client None"),
        ("reconnect", ("",), "no client"),
        ("fail_deploy", ("site-9",), "no client"),
        ("fail_deploy", ("site-1", -1), "times"),
        ("fail_deploy", ("site-1", 1.5), "times"),
        ("kill_job", ("x",), "no job 'x'"),
        ("kill_job", (None,), "no job None"),
        ("slow_replies", (-1,), "seconds"),
        ("slow_replies", (float("nan"),), "seconds"),
        ("slow_replies", ("1",), "seconds"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    server: SimulatedServer, verb: str, args: tuple[Any, ...], match: str
) -> None:
    """A site or job that isn't there, or a number that is none, is refused when it is said."""
    with pytest.raises(ValueError, match=match):
        getattr(server.faults, verb)(*args)

    assert len(server.trace) == 0


@pytest.mark.parametrize(
    "when", [{"after": -1}, {"after": "1"}, {"at": float("nan")}, {"at": None, "after": 1e10}, {"at": 1, "after": 1}]
)
def test_a_time_that_makes_no_sense_is_refused(server: SimulatedServer, when: dict[str, Any]) -> None:
    """A fault comes after some seconds or at a time, not at both and not in between."""
    with pytest.raises(ValueError, match=r"after|at"):
        server.faults.partition(**when)


def test_faults_say_what_is_wrong(server: SimulatedServer) -> None:
    """The representation lists what is wrong now."""
    assert repr(server.faults) == "<Faults: none>"
    server.faults.hold()
    server.faults.slow_replies(1)

    assert repr(server.faults) == "<Faults: holding, slow>"
    assert isinstance(server.faults, Faults)
