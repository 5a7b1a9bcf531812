"""Looks at one job without a request: until when they see nothing new, and that each counts as a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import SimulatedServer, VirtualClock
from flare_sim.clock import now_on
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim.engine.waiting.watch import Watch

SECOND = 1_000_000


def watched(server: SimulatedServer, run_seconds: float = 100, wanted: int = 2) -> Watch:
    """A look at a job that runs for so long, three seconds after it was submitted; another one was there before."""
    session = server.connect()
    session.abort_job(session.submit_definition(definition()))
    job_id = session.submit_definition(definition(min_clients=wanted, custom_props=behaving(run_seconds=run_seconds)))
    server.advance(3)
    session.get_job_meta(job_id)
    watch = server.watch(job_id)
    assert watch is not None
    return watch


def looks_of(server: SimulatedServer, watch: Watch, interval: int, left: int | None) -> int:
    """After how many looks, so many ticks apart, it goes on: as long as that takes passes."""
    began = now_on(server.clock)
    watch.pass_looks(interval, left)
    looks, more = divmod(now_on(server.clock) - began, interval)
    assert more == 0
    return looks


@pytest.mark.parametrize(
    ("left", "interval", "looks"),
    [
        (None, 2 * SECOND, 50),  # the run ends 98.15 seconds from now
        (None, 98_150_000, 1),
        (None, 98_149_999, 2),
        (None, 200 * SECOND, 1),
        (99 * SECOND, 2 * SECOND, 50),
        (9 * SECOND, 2 * SECOND, 5),
        (8 * SECOND, 2 * SECOND, 4),
        (1, 2 * SECOND, 1),
    ],
)
def test_nothing_is_to_be_seen_until_something_is_due_or_time_is_over(
    left: int | None, interval: int, looks: int
) -> None:
    """The look at which there is, or at which nobody waits any longer, is the one that counts."""
    server = SimulatedServer()
    watch = watched(server)
    before, began = len(server.requests), server.clock.time()

    assert looks_of(server, watch, interval, left) == looks
    told = list(server.requests)[before:]
    assert [round((look.seconds - began) * 1e6) for look in told] == [interval * number for number in range(1, looks)]
    assert {look.job_id for look in told} <= {server.jobs[-1].job_id}


@pytest.mark.parametrize(("seconds", "looks"), [(2, 3), (3, 2), (7, 1), (8, 1)])
def test_no_look_is_left_out_at_which_a_call_of_the_clock_may_have_changed_something(seconds: int, looks: int) -> None:
    """It goes on at the last one before that."""
    server = SimulatedServer(clock=VirtualClock())
    watch = watched(server)
    server.clock.call_later(7, lambda: None)  # type: ignore[attr-defined]

    assert looks_of(server, watch, seconds * SECOND, None) == looks


@pytest.mark.parametrize(
    ("longest", "left", "interval", "looks"),
    [(10.5, None, 1, 10), (10.5, None, 3, 4), (10.5, None, 11, 1), (10.5, 25, 1, 25), (None, None, 1, 1)],
)
def test_where_nothing_is_planned_looks_are_a_millionth_of_the_horizon_apart(
    longest: float | None, left: int | None, interval: int, looks: int
) -> None:
    """Or further; unless time is over at one of them. Without a horizon none is left out."""
    server = SimulatedServer(clock=VirtualClock(max_seconds=longest))
    watched(server)
    server.faults.drop("site-1")
    session = server.connect()
    session.get_job_meta(server.jobs[-1].job_id)
    watch = server.watch(server.jobs[-1].job_id)

    assert watch is not None
    assert looks_of(server, watch, interval, left) == looks


def test_a_look_shows_the_meta_while_nothing_has_happened() -> None:
    """Each a copy of its own, and a request; of what is due now it can't tell."""
    server = SimulatedServer()
    watch = watched(server, run_seconds=10)
    first, again = watch.meta(), watch.meta()
    assert first == again is not None
    assert first is not again
    assert server.requests.counts["get_job_meta"] == 3
    server.clock.sleep(8.149999)
    assert watch.meta() is not None
    server.clock.sleep(0.000001)
    assert watch.meta() is None


@pytest.mark.parametrize(
    "act", [lambda server: server.faults.hold(), lambda server: server.call_later(9, print), SimulatedServer.close]
)
def test_a_look_is_of_no_use_once_something_was_done(act: Callable[[SimulatedServer], None]) -> None:
    """Or planned, or the server closed."""
    server = SimulatedServer()
    watch = watched(server)
    assert watch.meta() is not None
    act(server)
    assert watch.meta() is None
