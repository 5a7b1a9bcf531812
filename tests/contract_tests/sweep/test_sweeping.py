"""A sweep: the same report whoever does the work, in whatever order, and however often it is ended in the middle."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from contract_tests.distribution.engine import GivenUp
from contract_tests.distribution.local import Local
from contract_tests.engine.processes import Done
from contract_tests.sweep.journal import NAME, Journal
from contract_tests.sweep.merged import Merged
from contract_tests.sweep.plan import Plan
from contract_tests.sweep.sweeping import Asked, Signals, looked, sweep
from contract_tests.sweep.trying import AnotherSuite, tried
from contract_tests.system.lookup import BadSystem
from tests.contract_tests.sweep.systems import CLAUSE, EXAMPLES, Here, Moody

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path
    from typing import Any

    from contract_tests.distribution.engine import Engine

PLAN = Plan(f"{Moody.__module__}:Moody", frozenset([CLAUSE]), EXAMPLES)
SEEDS = range(30)


def swept(engine: Engine, plan: Plan = PLAN, seeds: range = SEEDS) -> Merged:
    """The report on a sweep."""
    merged = Merged(plan, seeds)
    sweep(engine, merged, None, lambda: False, lambda: None)
    return merged


@pytest.fixture(scope="module")
def expected() -> str:
    """The report, by whom it is made in the simplest way; some seeds fail in it, and some do not."""
    merged = swept(Here())
    (failure,) = merged.failures
    assert failure.seeds is not None
    assert 0 < failure.seeds < len(SEEDS)
    return merged.to_json()


@pytest.mark.parametrize("engine", [Here(7), Here(4, reversed_=True), Here(100), Local(1), Local(3)], ids=range(5))
def test_whoever_does_the_work_the_report_is_the_same(engine: Engine, expected: str) -> None:
    """To the byte."""
    assert swept(engine).to_json() == expected


def test_a_sweep_that_is_ended_again_and_again_comes_to_the_same(expected: str, tmp_path: Path) -> None:
    """With its journal, of which a line is cut short by each end."""
    for ended in range(1, len(SEEDS) + 2):
        merged = Merged(PLAN, SEEDS)
        with closing(Journal(tmp_path, PLAN)) as journal:
            for found in journal.known:
                merged.add(found)
            rounds = iter(range(3))
            sweep(Here(), merged, journal, lambda: next(rounds, None) is None, lambda: None)  # noqa: B023 - at once
        if merged.tried == len(SEEDS):
            break
        with (tmp_path / NAME).open("r+b") as file:
            file.truncate(file.seek(0, os.SEEK_END) - 5)
        assert ended <= len(SEEDS)

    assert merged.to_json() == expected
    assert ended > 5


def test_a_longer_range_goes_on_with_what_is_known(tmp_path: Path, expected: str) -> None:
    """And a shorter one takes what it needs of it."""
    with closing(Journal(tmp_path, PLAN)) as journal:
        sweep(Here(), Merged(PLAN, range(5, 12)), journal, lambda: False, lambda: None)
    merged = Merged(PLAN, SEEDS)
    with closing(Journal(tmp_path, PLAN)) as journal:
        for found in journal.known:
            merged.add(found)
        assert merged.tried == 7
        sweep(Here(), merged, journal, lambda: False, lambda: None)

    assert merged.to_json() == expected


def test_what_kills_its_processes_is_given_up_and_nothing_else() -> None:
    """It is told which seeds that were; all others have their verdict."""
    deadly = Plan(f"{Moody.__module__}:Deadly", PLAN.clauses, EXAMPLES)
    seeds = range(6)
    fatal = [seed for seed in seeds if tried(PLAN, seed).failures]
    merged = swept(Local(2), deadly, seeds)

    assert fatal != []
    assert merged.given_up == dict.fromkeys(fatal, "exit code 7")
    assert merged.tried == len(seeds) - len(fatal)
    assert merged.failures == []
    assert merged.exit_code == 3


class Broken:
    """An engine whose work comes to nothing but this error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def results(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[list[Done], None, None]:
        """As of any engine."""
        yield [Done(item, 0, False, self._error, 0.0, 0.0) for item in items]


def test_a_fault_of_the_suite_costs_the_seed_it_comes_with() -> None:
    """It is told with it."""
    merged = swept(Broken(ZeroDivisionError("x")), seeds=range(2))

    assert merged.given_up == dict.fromkeys((None, 0, 1), "ZeroDivisionError: x")


@pytest.mark.parametrize("error", [BadSystem("none"), AnotherSuite("other")])
def test_what_is_wrong_with_every_seed_ends_the_sweep(error: Exception) -> None:
    """It would only be told a thousand times."""
    with pytest.raises(type(error), match=str(error)):
        swept(Broken(error))


def test_a_look_tells_what_is_wrong_with_the_system() -> None:
    """Before anything is tried."""
    with pytest.raises(BadSystem, match="nowhere"):
        looked(Here(), Plan("nowhere:Thing"), lambda: False)
    with pytest.raises(GivenUp):
        looked(Broken(GivenUp(None, "exit code 7")), PLAN, lambda: False)


class Idle:
    """An engine in which nothing is ever done."""

    def results(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[list[Done], None, None]:
        """As of any engine."""
        while True:
            yield []


def test_whoever_waits_can_end_it() -> None:
    """While nothing comes back."""
    rounds = iter(range(5))
    merged = Merged(PLAN, SEEDS)
    sweep(Idle(), merged, None, lambda: next(rounds, None) is None, lambda: None)

    assert merged.tried == 0
    with pytest.raises(Asked):
        looked(Idle(), PLAN, lambda: True)


def test_a_signal_is_heard_once() -> None:
    """Whoever sends another is obeyed at once."""
    signals = Signals()
    with signals.heard():
        os.kill(os.getpid(), signal.SIGINT)

        assert signals.asked == signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
