"""Work on the workers of a Dask scheduler: the same report as anywhere else, whoever dies in the middle of it."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.distribution import dask
from contract_tests.distribution.dask import Dask
from contract_tests.distribution.engine import OutOfReach, flat
from contract_tests.sweep.merged import Merged
from contract_tests.sweep.plan import Plan
from contract_tests.sweep.sweeping import looked, sweep
from contract_tests.sweep.trying import AnotherSuite, tried
from contract_tests.system.lookup import BadSystem
from tests.contract_tests.distribution.work import square, square_but_three
from tests.contract_tests.sweep.systems import CLAUSE, EXAMPLES, Here, Moody

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.distribution.engine import Engine
    from tests.dask.conftest import Cluster

PLAN = Plan(f"{Moody.__module__}:Moody", frozenset([CLAUSE]), EXAMPLES)
SEEDS = range(60)


def swept(engine: Engine, progress: Callable[[Merged], None] = lambda merged: None) -> str:
    """The report on a sweep."""
    merged = Merged(PLAN, SEEDS)
    sweep(engine, merged, None, lambda: False, lambda: progress(merged))
    return merged.to_json()


@pytest.fixture(scope="module")
def expected() -> str:
    """The report, by whom it is made in the simplest way."""
    return swept(Here())


def test_every_item_comes_back_once(shared: Cluster) -> None:
    """With what the work made of it, or what it raised."""
    with closing(Dask(shared.address)) as engine:
        assert sorted(flat(engine, square, range(100))) == [number * number for number in range(100)]
        done = [one for ended in engine.results(square_but_three, range(6)) for one in ended]

    assert sorted(one.value for one in done if one.good) == [0, 1, 4, 16, 25]
    assert [(one.item, repr(one.value)) for one in done if not one.good] == [(3, "ArithmeticError('three')")]


def test_workers_that_come_at_any_moment_are_given_everything(shared: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """When there are none yet, nothing is handed out; that all is done is said when there was somebody to take more."""
    seen = chain([0], repeat(2))
    monkeypatch.setattr(dask._Crew, "workers", property(lambda crew: next(seen)))

    with closing(Dask(shared.address)) as engine:
        assert sorted(flat(engine, square, range(5))) == [0, 1, 4, 9, 16]


def test_the_report_is_that_of_any_engine(shared: Cluster, expected: str) -> None:
    """To the byte."""
    with closing(Dask(shared.address)) as engine:
        assert swept(engine) == expected


def test_a_worker_that_is_killed_in_the_middle_takes_nothing_with_it(own: Cluster, expected: str) -> None:
    """What it was at is tried by another."""
    victim, _ = own.add(), own.add()

    def kill(merged: Merged) -> None:
        if merged.tried > 10:
            victim.kill()

    with closing(Dask(own.address)) as engine:
        while len(engine._client.nthreads()) < 2:
            time.sleep(0.05)

        assert swept(engine, kill) == expected
    assert victim.wait() != 0


def test_what_kills_its_workers_is_given_up_and_nothing_else(own: Cluster) -> None:
    """Dask blames all that a dead worker had been handed; the report those that it died of."""
    for _ in range(2):
        own.add(nanny=True)
    fatal = next(seed for seed in range(100) if tried(PLAN, seed).failures)
    merged = Merged(replace(PLAN, system=f"{Moody.__module__}:Deadly"), range(fatal - 3, fatal + 1))
    with closing(Dask(own.address)) as engine:
        sweep(engine, merged, None, lambda: False, lambda: None)

    assert merged.given_up == {fatal: "the workers that tried it died"}
    assert merged.tried == 3


def test_without_workers_it_does_not_wait_for_ever(own: Cluster) -> None:
    """It says so."""
    with closing(Dask(own.address, patience=0.5)) as engine, pytest.raises(OutOfReach, match="has no workers"):
        swept(engine)


def test_a_scheduler_that_dies_in_the_middle_is_told_of(own: Cluster) -> None:
    """What was found before is known."""
    own.add()
    merged = Merged(PLAN, range(100_000))

    def kill() -> None:
        if merged.tried:
            own.scheduler.kill()

    with closing(Dask(own.address)) as engine, pytest.raises(OutOfReach, match="is gone"):
        sweep(engine, merged, None, lambda: False, kill)
    assert merged.tried > 0
    assert merged.given_up == {}


def test_a_look_tells_what_is_wrong_where_it_is_tried(shared: Cluster) -> None:
    """A worker that finds no such system, or has another suite."""
    with closing(Dask(shared.address)) as engine:
        with pytest.raises(BadSystem, match="nowhere can't be imported"):
            looked(engine, Plan("nowhere:Thing"), lambda: False)
        with pytest.raises(AnotherSuite):
            looked(engine, replace(PLAN, suite="another"), lambda: False)
        assert looked(engine, PLAN, lambda: False).plan == PLAN


@pytest.mark.parametrize("address", ["", "127.0.0.1", "127.0.0.1:8786", "tcp://host", "inproc://x:1", "tcp://a b:1"])
def test_what_is_no_address_is_told_at_once(address: str) -> None:
    """Dask is not asked."""
    with pytest.raises(OutOfReach, match="is no address of a scheduler: write tcp://HOST:PORT"):
        Dask(address)


def test_where_no_scheduler_is_there_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong usage."""
    monkeypatch.setattr(dask, "_TIME_TO_ANSWER", 0.5)
    command = ["sweep", "--seeds", "0:2", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"]
    done = CliRunner().invoke(main, command)

    assert done.exit_code == 2
    assert "Error: no scheduler answers at tcp://127.0.0.1:1: " in done.stderr


def test_the_command_sweeps_on_a_cluster(shared: Cluster) -> None:
    """With the report that it makes on processes."""
    command = ["sweep", PLAN.system, "--clause", CLAUSE, "--examples", str(EXAMPLES), "--seeds", "0:60"]
    done = CliRunner().invoke(main, [*command, "--engine", "dask", "--scheduler", shared.address])

    assert done.exit_code == 1
    assert f"{CLAUSE}: violated with " in done.stdout
    assert "60 of 60 seeds tried" in done.stdout


def test_the_kill_matrix_is_tried_on_a_cluster(shared: Cluster) -> None:
    """As on processes."""
    command = ["prove", "delete.waiting/refuses", "--own-only", "--engine", "dask", "--scheduler", shared.address]
    done = CliRunner().invoke(main, command)

    assert done.exit_code == 0, done.output
    assert "2 of 2 mutants killed by their own clause" in done.stdout
