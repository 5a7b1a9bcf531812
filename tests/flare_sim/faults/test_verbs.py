"""What holds for every fault: when it comes, undoing it, arguments that make no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Faults, InternalError, MonitorReturnCode, NoConnection, SimulatedServer, VirtualClock
from flare_sim.clock import LONGEST_SECONDS
from tests.flare_sim.faults.long_job import LONG

if TYPE_CHECKING:
    from pathlib import Path

    from flare_sim import Session


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
        ("fail_deploy", ("site-1", -1), "^times must be .*, not -1"),
        ("fail_deploy", ("site-1", 1.5), "^times must be .*, not 1.5"),
        ("kill_job", ("x",), "no job 'x'"),
        ("kill_job", (None,), "no job None"),
        ("lose_sessions", (3,), "^user must be a name, or None for everybody, not 3"),
        ("slow_replies", (-1,), "^seconds must be .*, not -1"),
        ("slow_replies", (float("nan"),), "^seconds must be .*, not nan"),
        ("slow_replies", ("1",), "^seconds must be .*, not '1'"),
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
    ("when", "said"),
    [
        ({"after": -1}, "^after must be .*, not -1"),
        ({"after": "1"}, "^after must be .*, not '1'"),
        ({"at": float("nan")}, "^at must be .*, not nan"),
        ({"at": 10**12 + 1}, "^at must be .*, not 1000000000001"),
        ({"at": None, "after": 1e10}, "^after must be .*, not 10000000000.0"),
        ({"at": 1, "after": 1}, "^give one of after, at and at_call, not more"),
        ({"at": 1, "at_call": 1}, "^give one of after, at and at_call, not more"),
        ({"at_call": 0}, "^the number of a call must be from 1 to 1000000000, not 0"),
        ({"at_call": 1.5}, "^the number of a call must be from 1 to 1000000000, not 1.5"),
        ({"at_call": True}, "^at_call must be an NthCall, or the number of one, not True"),
        ({"at_call": "2"}, "^at_call must be an NthCall, or the number of one, not '2'"),
        ({"lasting": -1}, "^lasting must be a number of seconds from 0 to 1000000000, not -1"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(server: SimulatedServer, when: dict[str, Any], said: str) -> None:
    """A fault comes after some seconds, at a time or at a call, not at two of them and not in between."""
    with pytest.raises(ValueError, match=said):
        server.faults.partition(**when)


def test_what_is_refused_begins_behind_what_is_taken(server: SimulatedServer) -> None:
    """At most a billion failures, and as late as a clock shows."""
    faults = server.faults
    faults.fail_deploy("server", 10**9)
    faults.slow_replies(LONGEST_SECONDS)
    faults.hold(after=0)
    faults.hold(after=LONGEST_SECONDS)
    faults.hold(at=1e12)
    faults.hold(at=-1e12)

    assert repr(faults).startswith("<Faults: holding, slow (1000000000.0 s), deployments to fail 1,000,000,000 on ")
    assert repr(faults).endswith("hold() in 0.0 s, hold() in 1000000000.0 s, hold() in 998232774400.0 s>")
    with pytest.raises(ValueError, match=r"^times must be a whole number from 0 to 1000000000, not 1000000001$"):
        faults.fail_deploy("server", 10**9 + 1)


Said = tuple[str, tuple[Any, ...]]
VERBS: list[tuple[Said, Said | None, tuple[Any, ...]]] = [
    (("partition", ()), None, ("fault", "partition")),
    (("repair", ()), ("partition", ()), ("fault", "repair")),
    (("crash", ()), None, ("fault", "crash")),
    (("restart", ()), ("crash", ()), ("fault", "restart")),
    (("lose_sessions", ()), None, ("fault", "lose_sessions", "")),
    (("lose_sessions", ("lead@nvidia.com",)), None, ("fault", "lose_sessions", "lead@nvidia.com")),
    (("slow_replies", (1.5,)), None, ("fault", "slow_replies", 1_500_000)),
    (("normal_replies", ()), ("slow_replies", (1,)), ("fault", "normal_replies", 0)),
    (("malfunction", ()), None, ("fault", "malfunction")),
    (("mend", ()), ("malfunction", ()), ("fault", "mend")),
    (("hold", ()), None, ("fault", "hold")),
    (("release", ()), ("hold", ()), ("fault", "release")),
    (("drop", ("site-1",)), None, ("client", "site-1", "dropped")),
    (("reconnect", ("site-1",)), ("drop", ("site-1",)), ("client", "site-1", "reconnected")),
    (("fail_deploy", ("site-1", 2)), None, ("fault", "fail_deploy", "site-1", 2)),
]
"""Each verb with what it is about, what leaves something to do for it, and what the trace then says."""


@pytest.mark.parametrize("when", ["after", "at"])
@pytest.mark.parametrize(("said", "first", "told"), VERBS)
def test_every_verb_waits_as_long_as_it_is_told(
    server: SimulatedServer, said: Said, first: Said | None, told: tuple[Any, ...], when: str
) -> None:
    """Until then nothing has happened, and then it has; the trace says what."""
    if first:
        getattr(server.faults, first[0])(*first[1])
    before = len(server.trace)
    getattr(server.faults, said[0])(*said[1], **{when: 5.5 if when == "after" else server.clock.time() + 5.5})
    server.advance(5.499999)
    assert len(server.trace) == before
    server.advance(0.000001)

    assert server.trace.rows()[before:] == [(server._state.now, *told)]


@pytest.mark.parametrize("when", ["after", "at"])
def test_a_verb_waits_in_a_state_file(tmp_path: Path, when: str) -> None:
    """As long as it would have in the server that was told."""
    with SimulatedServer(state_file=tmp_path / "state", clock=VirtualClock(1000)) as told:
        told.faults.hold(after=5.5) if when == "after" else told.faults.hold(at=1005.5)

    with SimulatedServer(state_file=tmp_path / "state", clock=VirtualClock(1000)) as server:
        server.advance(5.499999)
        assert "holding" not in repr(server.faults)
        server.advance(0.000001)
        assert repr(server.faults) == "<Faults: holding>"


@pytest.mark.parametrize("when", ["after", "at"])
def test_a_job_is_killed_when_it_was_said(server: SimulatedServer, session: Session, when: str) -> None:
    """Not a moment earlier."""
    job_id = session.submit_definition(LONG)
    later = server.clock.time() + 5.5
    server.faults.kill_job(job_id, after=5.5) if when == "after" else server.faults.kill_job(job_id, at=later)
    server.advance(5.499999)
    assert session.get_job_meta(job_id)["status"] == "RUNNING"
    server.advance(0.000001)

    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABNORMAL"


def test_faults_say_what_is_wrong(server: SimulatedServer) -> None:
    """The representation lists all that is wrong now."""
    faults = server.faults
    assert repr(faults) == "<Faults: none>"
    faults.lose_sessions()
    faults.slow_replies(1e-6)
    assert repr(faults) == "<Faults: slow (1e-06 s)>"  # there were no sessions to lose
    server.connect()
    faults.hold()
    faults.slow_replies(1.5)
    faults.drop("site-2")
    assert repr(faults) == "<Faults: holding, slow (1.5 s), silent 'site-2'>"
    faults.lose_sessions("lead@nvidia.com")
    faults.fail_deploy("server", 2)
    faults.fail_deploy("site-1", 0)
    faults.partition()
    faults.malfunction()
    faults.crash()

    assert repr(faults) == (
        "<Faults: crashed, partitioned, malfunctioning, holding, slow (1.5 s), silent 'site-2', "
        "deployments to fail 2 on 'server', sessions lost up to 1 of everybody, up to 1 of 'lead@nvidia.com'>"
    )
    assert isinstance(faults, Faults)


def test_faults_say_what_is_to_come(server: SimulatedServer) -> None:
    """In its order, with what it was told and in how many seconds; of many the first ten."""
    faults = server.faults
    faults.crash(after=12.5)
    faults.slow_replies(3, at=server.clock.time() + 4)
    faults.lose_sessions(after=20)
    faults.fail_deploy("server", 2, after=3)
    faults.fail_deploy("site-1", 3, after=30)
    server.call_later(5, lambda: None)
    server.advance(3.5)

    assert repr(faults) == (
        "<Faults: deployments to fail 2 on 'server'; "
        "to come: slow_replies(3.0) in 0.5 s, crash() in 9.0 s, lose_sessions(None) in 16.5 s, "
        "fail_deploy('site-1', 3) in 26.5 s>"
    )
    for _ in range(6):
        faults.hold(after=1)
    assert repr(faults).endswith(", fail_deploy('site-1', 3) in 26.5 s>")
    for _ in range(994):
        faults.hold(after=1)
    assert repr(faults).endswith("hold() in 1.0 s and 994 more>")
