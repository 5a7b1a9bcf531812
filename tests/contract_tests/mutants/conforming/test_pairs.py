"""Pairs of conforming variants: each does both, all meet in the end, and none is accused."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.mutants.conforming.pairs import EXCLUDED, excluded, pairs, pairs_of_run
from contract_tests.mutants.kill_matrix import try_conforming_variant
from contract_tests.mutants.systems import called
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.lookup import factory

COMPOSING = [variant for variant in all_conforming_variants() if variant.composes]
NUMBERED = "ids/calls-its-jobs-1-2-3"
SLOW = "changing/counts-in-a-meta-what-it-tries-with-the-job-on-a-slow-server"


def test_in_as_many_turns_as_there_are_variants_every_two_meet_once() -> None:
    """Whatever is of two kinds, and not excluded; in a turn each is in one pair at most."""
    kinds = [
        (one, other) for one, other in combinations(COMPOSING, 2) if one.kind != other.kind and not excluded(one, other)
    ]
    met = [[variant.name.split(" + ") for variant in pairs(turn)] for turn in range(len(COMPOSING))]

    assert sorted(both for turn in met for both in turn) == sorted([one.name, other.name] for one, other in kinds)
    for turn in met:
        assert len(turn) > 50
        assert len({name for both in turn for name in both}) == 2 * len(turn)


def test_every_run_tries_others() -> None:
    """By its seed; thoroughly ten times as many."""
    first, second, many = pairs_of_run(0), pairs_of_run(1), pairs_of_run(0, thorough=True)

    assert not {variant.name for variant in first} & {variant.name for variant in second}
    assert {variant.name for variant in first} < {variant.name for variant in many}
    assert len(many) > 9 * len(first)


def test_a_pair_is_found_by_its_name() -> None:
    """In every process, so that it can be handed out and repeated."""
    for variant in pairs():
        system = called(variant.name).system
        assert factory(f"{system.__module__}:{system.__qualname__}") is system
    with pytest.raises(KeyError):
        called(f"{NUMBERED} + nothing/of-the-kind")


def _two_jobs(name: str) -> tuple[Any, list[str]]:
    system: Any = called(name).system()
    session = system.open_session()
    return session, [session.submit_job(system.job_folder(JobPlan())) for _ in range(2)]


@pytest.mark.parametrize(
    "other",
    [
        "architecture/finds-all-its-methods-by-name",
        "presentation/tells-metas-that-cant-be-changed",
        "architecture/does-everything-in-a-thread-callbacks-as-well",
    ],
)
def test_a_pair_does_both(other: str) -> None:
    """The ids are others in whatever is told, and to callbacks, whatever the session is like."""
    session, jobs = _two_jobs(f"{other} + {NUMBERED}")
    told: list[Any] = []

    def notes(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
        told.append((session, job_id, meta["job_id"]))
        return False

    session.monitor_job("2", cb=notes)

    assert jobs == [job["job_id"] for job in session.list_jobs()] == ["1", "2"]
    assert [one for one, *_ in told] == [session]
    assert [rest for _, *rest in told] == [["2", "2"]]


def test_a_pair_of_orders_and_ids_does_both() -> None:
    """What is inside is told by what is outside."""
    session, jobs = _two_jobs(f"{NUMBERED} + lists/lists-jobs-newest-first")

    assert [job["job_id"] for job in session.list_jobs()] == jobs[::-1] == ["2", "1"]


def test_what_two_systems_take_adds_up() -> None:
    """The time of their replies, and what they say of it."""
    system: Any = called(f"{SLOW} + clocks/shows-whole-seconds-and-says-so").system()
    late: Any = called(f"{SLOW} + delays/has-a-server-that-answers-half-a-second-later").system()
    began = late.server.clock.time()
    late.open_session().list_jobs()

    assert system.tolerance == pytest.approx(2.0, abs=0.01)
    assert system.clock.time() == int(system.server.clock.time())
    assert late.server.clock.time() - began == pytest.approx(0.6)


def test_what_is_excluded_is_there_and_has_a_reason() -> None:
    """A name that no variant begins with would exclude nothing."""
    for (one, other), reason in EXCLUDED.items():
        assert reason
        assert any(excluded(*both) for both in combinations(COMPOSING, 2) if both[0].name.startswith(one)), other


@pytest.mark.slow
@pytest.mark.parametrize("variant", list(pairs(40))[::16], ids=lambda variant: variant.name)
def test_a_pair_is_not_accused(variant: Any) -> None:
    """Some of a turn; ``flare-contract prove`` tries all of one."""
    assert try_conforming_variant(variant).accused == []
