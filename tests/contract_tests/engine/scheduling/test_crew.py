"""How many checks run at once: what is learned from how busy they are."""

from __future__ import annotations

import pytest

from contract_tests.engine.scheduling.crew import Crew


def taught(crew: Crew, cpu: float, wall: float, times: int = 100) -> int:
    """The size of a crew after some pieces of work that all took the same."""
    for _ in range(times):
        crew.spent(cpu, wall)
    return crew.size


@pytest.mark.parametrize(("cpu", "size"), [(0.0, 16), (0.01, 16), (0.09, 15), (0.3, 4), (0.6, 2), (1.0, 1), (2.0, 1)])
def test_as_many_as_the_waiting_allows(cpu: float, size: int) -> None:
    """On two cores: what computes all the time gets less than the cores, what only waits gets all there may be."""
    assert taught(Crew(2), cpu, 1.0) == size


def test_it_grows_one_by_one_and_shrinks_at_once() -> None:
    """What is started takes time as well; what is too much is so now."""
    crew = Crew(2)

    assert [taught(crew, 0.0, 1.0, times=1) for _ in range(3)] == [3, 4, 5]
    assert taught(crew, 8.0, 1.0, times=1) == 1


def test_what_is_long_past_is_forgotten() -> None:
    """The first piece of work loads what all need."""
    crew = Crew(2)
    crew.spent(100.0, 100.0)

    assert taught(crew, 0.0, 1.0) == crew.most == 16


def test_who_says_how_many_gets_as_many() -> None:
    """However busy they are."""
    assert taught(Crew(2, 5), 1.0, 1.0) == Crew(2, 5).most == 5
