"""The horizon of a virtual clock: whoever waits in vain is told for what, and whoever means it is let be."""

from __future__ import annotations

import gc
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import HorizonReached, InternalError, MonitorReturnCode, SimulatedServer, VirtualClock
from flare_sim.on_clock.client_time import ClientTime
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from collections.abc import Callable

WEEK = 604_800.0
STUCK = definition(min_clients=4)


def paused(clock: VirtualClock | None = None) -> tuple[SimulatedServer, str]:
    """A server with a job that wants four clients, one of which falls silent three seconds in."""
    server = SimulatedServer(clients=4, clock=clock)
    job_id = server.submit(STUCK)
    server.advance(3)
    server.faults.drop("site-2")
    return server, job_id


@pytest.mark.slow
@pytest.mark.parametrize("cb", [None, lambda *_: True])
def test_a_monitor_that_would_wait_for_ever_says_for_what(cb: Any) -> None:
    """A week after the last thing that happened, and again whenever somebody goes on, until it is mended."""
    server, job_id = paused()
    session, dropped = server.connect(), server.clock.time()

    for _ in range(2):
        with pytest.raises(HorizonReached) as told:
            session.monitor_job(job_id, cb=cb)
        assert str(told.value) == (
            "nothing has happened for 604800 seconds, and nothing more will by itself:\n"
            f"  job {job_id} 'small': RUNNING, paused since site-2 dropped at 2026-01-01T00:00:03Z: "
            "4 clients wanted, 3 connected\n"
            "  (VirtualClock(max_seconds=None) waits on; so does --max-seconds none on the command line)"
        )
        assert server.clock.time() - dropped == WEEK

    server.faults.reconnect("site-2")
    assert session.monitor_job(job_id, cb=cb) is MonitorReturnCode.JOB_FINISHED


def test_it_is_where_the_clock_was_told_it_is() -> None:
    """Nearer, or nowhere: then somebody else has to end it, as on a real system."""
    near, job_id = paused(VirtualClock(max_seconds=60))
    with pytest.raises(HorizonReached, match="for 60 seconds"):
        near.connect().monitor_job(job_id)
    assert near.clock.time() == 1767225663.0

    nowhere, job_id = paused(VirtualClock(max_seconds=None))
    nowhere.clock.call_later(3 * WEEK, partial(nowhere.connect().abort_job, job_id))  # type: ignore[attr-defined]
    assert nowhere.connect().monitor_job(job_id, poll_interval=60) is MonitorReturnCode.JOB_FINISHED


def test_no_loop_outlives_it() -> None:
    """Not one that tries again whatever is raised: it is no Exception, and what it says is also true of a server."""
    server = SimulatedServer()
    session, time = server.connect(), ClientTime(server.clock)
    server.faults.crash()
    server.close()

    def try_again() -> None:
        while True:
            with suppress(Exception):
                session.list_jobs()
                break
            with suppress(Exception):
                time.sleep(60)

    with pytest.raises(HorizonReached) as told:
        try_again()
    assert str(told.value).splitlines()[1:-1] == [
        "  simulated_project was closed",
        "  simulated_project is down",
        "  no job of simulated_project waits, 0 of 2 clients are connected (site-1 is gone, site-2 is gone)",
    ]


def test_what_nobody_looked_at_happens_first() -> None:
    """A loop that only sleeps gets as far as one that looks: what was due meanwhile may lead to more."""
    server = SimulatedServer(clock=VirtualClock(max_seconds=100))
    server.submit(definition(custom_props=behaving(run_seconds=1_000)))

    def only_sleep() -> None:
        while True:
            server.clock.sleep(1)

    with pytest.raises(HorizonReached):
        only_sleep()
    assert server.jobs[0].status == "FINISHED:COMPLETED"
    assert 99 < server.clock.time() - server.jobs[0].end_time <= 100  # type: ignore[operator]


@pytest.mark.parametrize(
    "wait",
    [
        lambda server, _: server.clock.sleep(1e8),
        lambda server, _: [server.advance(86_400) for _ in range(30)],
        lambda server, job_id: server.connect().monitor_job(job_id, 10**8),
        lambda server, job_id: server.connect().monitor_job(job_id, 10**8, 3_600, lambda *_: True),
        lambda server, _: server.run_until_idle(),
    ],
    ids=["one long sleep", "advance", "a monitor with a timeout", "one with a callback", "until idle"],
)
def test_what_is_meant_to_pass_does(wait: Callable[[SimulatedServer, str], object]) -> None:
    """Whoever has an end of his own is not stopped, and begins the count anew."""
    server, job_id = paused()
    for _ in range(2):
        wait(server, job_id)

    server.clock.sleep(WEEK - 1)
    with pytest.raises(HorizonReached):
        server.clock.sleep(2)


def test_a_thousand_long_sleeps_in_a_row_are_meant() -> None:
    """Each is longer than the horizon is far; one that is just as long, or shorter, is none of them."""
    server = SimulatedServer(clock=VirtualClock(max_seconds=10))
    for _ in range(2):
        for _ in range(1_000):
            server.clock.sleep(11)
        with pytest.raises(HorizonReached):
            server.clock.sleep(11)
        server.clock.sleep(10)
        with pytest.raises(HorizonReached):
            server.clock.sleep(1e-6)
        server.faults.drop("site-1")
        server.faults.reconnect("site-1")
        server.clock.sleep(10)
        with pytest.raises(HorizonReached):
            server.clock.sleep(1e-6)


@pytest.mark.parametrize("what", ["what was broken", "a job", "a call of the clock's", "nobody there"])
def test_long_sleeps_between_which_something_happens_may_be_many(what: str) -> None:
    """They are in a row from the last thing that happened; while something is planned, or nobody is there, none is."""
    server, _ = paused(VirtualClock(max_seconds=10))
    clock, rounds = server.clock, 2_100
    if what == "a call of the clock's":
        clock.call_later(11 * rounds, lambda: None)  # type: ignore[attr-defined]
    for number in range(rounds):
        if what == "what was broken" and number % 1_000 == 0:
            (server.faults.release if server._state.held else server.faults.hold)()
        elif what == "a job" and number % 1_000 == 0:
            server.submit(definition(min_clients=1))
        elif what == "nobody there" and number == 0:
            del server
            gc.collect()
        clock.sleep(11)


@pytest.mark.parametrize("whose", ["a fault", "the server", "the clock", "another server", "a run"])
def test_what_is_planned_is_worth_waiting_for(whose: str) -> None:
    """However far off, wherever it was planned on this clock."""
    server, job_id = paused()
    other, far = SimulatedServer(clock=server.clock), 3 * WEEK
    plans: dict[str, Callable[[], object]] = {
        "a fault": lambda: server.faults.drop("site-1", after=far),
        "the server": lambda: server.call_later(far, lambda: None),
        "the clock": lambda: server.clock.call_later(far, lambda: None),  # type: ignore[attr-defined]
        "another server": lambda: other.faults.hold(after=far),
        "a run": lambda: other.submit(definition(custom_props=behaving(run_seconds=far))),
    }
    plans[whose]()
    began = server.clock.time()

    with pytest.raises(HorizonReached):
        server.connect().monitor_job(job_id, poll_interval=3_600)
    assert far < server.clock.time() - began < far + 2 * WEEK + 3_600


def test_what_was_planned_for_a_run_that_stands_still_is_not() -> None:
    """A pause puts the end of a run out of date, thirty years before it would come."""
    server = SimulatedServer()
    job_id = server.submit(definition(custom_props=behaving(run_seconds=1e9)))
    server.advance(WEEK / 2)
    server.faults.drop("site-1")

    with pytest.raises(HorizonReached, match="2 clients wanted, 1 connected"):
        server.connect().monitor_job(job_id, poll_interval=60)
    assert server.clock.time() == 1767225600 + 1.5 * WEEK


def test_what_is_out_of_date_is_not_waited_for() -> None:
    """Whoever sleeps without a look is told as soon, though what was planned is still on the timeline."""
    server = SimulatedServer(clock=VirtualClock(max_seconds=100))
    server.submit(definition(custom_props=behaving(run_seconds=1e6)))
    server.advance(10)
    server.faults.drop("site-1")
    for _ in range(10):
        server.clock.sleep(10)
    with pytest.raises(HorizonReached, match="2 clients wanted, 1 connected"):
        server.clock.sleep(10)


def test_it_needs_somebody_who_could_do_something() -> None:
    """A clock without a server, or whose server is gone, has no horizon; with a new one it begins anew."""
    clock = VirtualClock(max_seconds=10)

    def pass_a_minute() -> None:
        for _ in range(60):
            clock.sleep(1)

    pass_a_minute()
    server = SimulatedServer(clock=clock)
    with pytest.raises(HorizonReached):
        pass_a_minute()
    del server
    gc.collect()
    pass_a_minute()
    assert clock.time() == 1767225600 + 60 + 10 + 60
    server = SimulatedServer(clock=VirtualClock())
    server.clock = clock
    with pytest.raises(HorizonReached):
        pass_a_minute()


def test_a_clock_keeps_no_server() -> None:
    """Nor anything of one that nobody has any more."""
    clock = VirtualClock()
    for _ in range(3):
        server = SimulatedServer(clock=clock)
        server.clock = clock
    del server
    gc.collect()

    assert clock._horizon is not None
    assert len(clock._horizon._residents) == 0  # type: ignore[attr-defined]


def test_a_clock_asks_only_about_what_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to the horizon a sleep costs nothing more, and then nothing up to the next one."""
    server, asked = SimulatedServer(clock=VirtualClock(max_seconds=100)), list[int]()
    quiet_since = server.quiet_since

    def noted(now: int) -> int | None:
        asked.append(now)
        return quiet_since(now)

    monkeypatch.setattr(server, "quiet_since", noted)
    for _ in range(10):
        server.clock.sleep(9)
    server.faults.hold()
    assert asked == []
    for _ in range(11):
        server.clock.sleep(9)
    assert {round(now / 1e6 - 1767225600) for now in asked} == {99}


def test_a_server_that_cannot_tell_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one cannot whose state file is not to be written any more."""
    server, job_id = paused()
    broken = SimulatedServer(clock=server.clock)

    def refuse() -> None:
        raise InternalError("no room")

    monkeypatch.setattr(broken, "catch_up", refuse)
    monkeypatch.setattr(broken, "awaited", refuse)
    with pytest.raises(HorizonReached, match=rf"job {job_id} .*\n  no room\n"):
        server.connect().monitor_job(job_id, poll_interval=60)


VERBS = st.one_of(
    st.tuples(st.sampled_from(["drop", "reconnect", "fail_deploy"]), st.sampled_from(["site-1", "site-2", "site-3"])),
    st.tuples(st.sampled_from(["hold", "release", "partition", "repair", "crash", "restart", "kill_job"])),
)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(VERBS, st.floats(0, 40)), max_size=8),
    st.sampled_from([0.3, 2.0, 7, 2_000]),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from([None, "nvflare-2.3", "nvflare-2.9"]),
)
def test_a_monitor_ends_whatever_is_broken(
    calls: list[tuple[tuple[str, ...], float]], interval: float, wanted: int, looks: bool, personality: str | None
) -> None:
    """It returns, or says what is wrong, or what would have to happen: and then that of each job that is not over."""
    server = SimulatedServer(clients=3, clock=VirtualClock(max_seconds=1_000), personality=personality)
    session, began = server.connect(), server.clock.time()
    job_id = server.submit(definition(min_clients=wanted, custom_props=behaving(run_seconds=20)))
    for (verb, *about), seconds in calls:
        getattr(server.faults, verb)(*([job_id] if verb == "kill_job" else about), after=seconds)
    told = ""
    try:
        session.monitor_job(job_id, 0, interval, (lambda *_: True) if looks else None)
    except HorizonReached as problem:
        told = str(problem)
    except Exception:  # noqa: BLE001  (as any call may)
        pass
    # The last fault, the scheduler's tries in vain, and the horizon; or a thousand looks that are further apart.
    assert server.clock.time() - began < 25_000 + (1_002 * interval if interval > 1_000 else 0)
    stuck = server.run_until_idle()
    assert [job.job_id for job in stuck if job.reason] == ([job_id] if stuck else [])
    assert not told or [str(job) in told for job in stuck] == [True]
