"""An exception raised before any bytecode of an operation leaves a server whole: what was done is done, or never was.

Each operation is tried at some points here, always the same.  With ``EVERY_BYTECODE=1`` in the environment, as
``tox -e interrupts`` sets it, those that are short are tried at all, and the long ones at every eleventh.
"""

from __future__ import annotations

import gc
import os

import pytest

from flare_sim import VirtualClock
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.interrupts.operations import OPERATIONS, final, prepared
from tests.flare_sim.interrupts.points import interrupted, is_free, points

THOROUGH = "EVERY_BYTECODE" in os.environ
SHORT = 8_000
"""An operation of no more bytecodes is tried at all of them."""


def tried(total: int) -> range:
    """The points that are tried; a prime number lies between them, so that no loop hides one."""
    if THOROUGH:
        return range(1, total + 1, 1 if total <= SHORT else 11)
    return range(1, total + 1, next(prime for prime in (61, 127, 251, 509, 1021, 2039, 4093) if prime * 16 >= total))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_interrupted_operation_is_done_or_has_never_been(name: str) -> None:
    """The lock is free, all that is kept follows from the facts, and every job comes to the same end as either way."""
    act = OPERATIONS[name].act
    never, done = prepared(name), prepared(name)
    act(done)
    ends = {final(never), final(done)}
    counted = prepared(name)
    for point in tried(points(lambda: act(counted))):
        played = prepared(name)
        where = interrupted(lambda: act(played), point)  # noqa: B023  (it is called at once)
        state = played.server._state

        assert where, f"{name} has no point {point}"
        assert is_free(played.server.catch_up), where
        assert (state.timeline.doing, state.timeline.savepoint) == (None, None), where
        assert books(state) == made_anew(state), where
        assert final(played) in ends, where


@pytest.mark.parametrize("name", ["advance", "submit with a token", "faults to come"])
def test_what_is_interrupted_again_and_again_goes_on(name: str) -> None:
    """However often the same server is interrupted, each time a little later, the end is the same."""
    act = OPERATIONS[name].act
    never, done = prepared(name), prepared(name)
    act(done)
    ends = {final(never), final(done)}
    played = prepared(name)
    point = 1
    while interrupted(played.server.catch_up if name != "submit with a token" else lambda: act(played), point):
        point += 37
        if name != "submit with a token":
            played.server.clock.sleep(0.3)
        elif len(played.server.jobs) > 6:
            break

    assert books(played.server._state) == made_anew(played.server._state)
    assert final(played) in ends


def test_an_interrupted_clock_is_let_go() -> None:
    """Wherever that is, another thread can sleep on it."""

    def use(clock: VirtualClock) -> None:
        clock.call_later(1, list)
        clock.sleep(2)

    for point in range(1, points(lambda: use(VirtualClock())) + 1):
        clock = VirtualClock()
        where = interrupted(lambda: use(clock), point)  # noqa: B023  (it is called at once)

        assert is_free(lambda: clock.sleep(3)), where  # noqa: B023


def test_what_is_collected_meanwhile_is_not_interrupted() -> None:
    """Servers that other tests have left are let go of by the collector, whenever that comes, in code of ours."""

    class Left:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            VirtualClock()

    def leave_many() -> None:
        for _ in range(10_000):
            Left()

    assert points(leave_many) == 0
    assert gc.isenabled()
