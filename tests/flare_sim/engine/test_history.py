"""How time passes for a run: it counts while the run is under way, and rounds with it."""

from __future__ import annotations

import pytest

from flare_sim import JobBehavior
from flare_sim.engine.history import History, Notes, Program


def test_time_counts_while_a_run_is_under_way() -> None:
    """From each time it goes on to each time it halts."""
    begun = History().gone_on(100)
    paused = begun.halted(begun.elapsed(130, 0))
    again = paused.gone_on(500)

    assert [one.elapsed(130, 0) for one in (History(), begun, paused)] == [0, 30, 30]
    assert (paused.elapsed(499, 0), again.elapsed(500, 0), again.elapsed(505, 0)) == (30, 30, 35)
    assert again.spells == ((100, 0), (500, 30))


def test_what_goes_on_goes_on_and_what_has_halted_has() -> None:
    """Saying so again changes nothing."""
    begun = History().gone_on(100)
    halted = begun.halted(5)

    assert begun.gone_on(200) is begun
    assert halted.halted(7) is halted


def test_moments_of_a_run_are_moments_of_the_clock() -> None:
    """The end of a pause belongs to what comes then, its begin to what came before."""
    history = History(spells=((100, 0), (500, 30), (900, 30), (1000, 50)), stopped=None)

    assert [history.tick_of(elapsed) for elapsed in (0, 1, 30, 31, 50, 51)] == [100, 101, 130, 901, 920, 1001]


def test_rounds_are_counted_and_who_was_away() -> None:
    """Where that changed, and nowhere else."""
    history = History()
    for away in ((), ("a",), ("a",), (), ("b", "a")):
        history = history.with_round(away)

    assert history.rounds == 5
    assert history.away == ((1, ("a",)), (3, ()), (4, ("b", "a")))


def test_rounds_pass_where_time_does_not() -> None:
    """A run that has three rounds behind it was under way as long as they are, whatever the clock shows."""
    history = History(rounds=3).gone_on(100)

    assert (history.elapsed(100, 60), history.elapsed(400, 60)) == (180, 300)


@pytest.mark.parametrize(
    ("rounds", "every", "length", "fitting"),
    [
        (5, 1.0, 5_000_000, 5),
        (5, 1.0, 4_999_999, 4),
        (5, 0.0, 0, 5),
        (5, 0.0, 9, 5),
        (None, None, 9, 0),
        (5, 1.0, 0, 0),
    ],
)
def test_so_many_rounds_fit(rounds: int | None, every: float | None, length: int, fitting: int) -> None:
    """All whole ones; of those that take no time all."""
    program = Program(JobBehavior(rounds=rounds, every=every), length)

    assert (program.fitting, program.rounds) == (fitting, rounds or 0)


def test_notes_come_one_after_the_other() -> None:
    """Of each kind."""
    first = Notes(files=((1, "a", b""),), lines=((1, "a"),))
    more = Notes(lines=((2, "b"),), metrics=((0, "a", ()),))

    assert first.and_those(more) == Notes(((1, "a", b""),), ((1, "a"), (2, "b")), ((0, "a", ()),))
