"""Work on processes of this machine: all of it comes back once, and what kills processes is found out."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from functools import partial
from itertools import count, islice
from pathlib import Path

import pytest

from contract_tests.distribution.engine import TRIES, GivenUp, flat
from contract_tests.distribution.local import Local
from tests.contract_tests.distribution.work import square, square_but_three


def _die_of_three(folder: str, times: int, number: int) -> int:
    """End the process that squares 3, so many times."""
    marks = Path(folder)
    if number == 3 and len(list(marks.iterdir())) < times:
        (marks / str(os.getpid())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_item_comes_back_once(jobs: int) -> None:
    """In whatever order, with what the work made of it."""
    assert sorted(flat(Local(jobs), square, range(20))) == [number * number for number in range(20)]


def test_nothing_to_do_starts_no_process() -> None:
    """It is over at once."""
    assert list(Local(2).results(square, [])) == []


def test_what_the_work_raises_comes_back_with_its_item() -> None:
    """The others are none the worse."""
    done = [done for ended in Local(2).results(square_but_three, range(6)) for done in ended]

    assert sorted(one.value for one in done if one.good) == [0, 1, 4, 16, 25]
    assert [(one.item, repr(one.value)) for one in done if not one.good] == [(3, "ArithmeticError('three')")]


def test_what_a_dead_process_was_at_is_tried_again(tmp_path: Path) -> None:
    """Nothing is lost by its death."""
    work = partial(_die_of_three, str(tmp_path), TRIES - 1)

    assert sorted(flat(Local(2), work, range(6))) == [0, 1, 4, 9, 16, 25]
    assert len(list(tmp_path.iterdir())) == TRIES - 1


def test_what_kills_every_process_is_given_up(tmp_path: Path) -> None:
    """After some tries; it is told which it was, and how they ended."""
    work = partial(_die_of_three, str(tmp_path), 1_000)
    done = [done for ended in Local(2).results(work, range(6)) for done in ended]
    (bad,) = (one for one in done if not one.good)

    assert sorted(one.value for one in done if one.good) == [0, 1, 4, 16, 25]
    assert (bad.item, type(bad.value), bad.value.how) == (3, GivenUp, "signal SIGKILL")
    assert len(list(tmp_path.iterdir())) == TRIES


def test_items_are_taken_as_there_is_room_for_them() -> None:
    """There may be no end of them."""
    taken = count()
    with closing(Local(2).results(square, (number for number in taken))) as results:
        first = [done.value for ended in islice(results, 3) for done in ended]

    assert set(first) <= {number * number for number in range(8)}
    assert next(taken) <= 8
