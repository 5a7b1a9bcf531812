"""Snapshots: what is kept of a job to compare with later."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.scenario.snapshot import Snapshot, kept, settled, spoil


class ReadOnly(dict[str, Any]):
    """A dict that refuses to be changed."""

    def __setitem__(self, *_: Any) -> None:
        raise TypeError("read only")

    def clear(self) -> None:
        """Refuse."""
        raise TypeError("read only")


def looking(*looks: dict[str, Any] | None) -> Callable[[float], dict[str, Any] | None]:
    """A look that tells one meta after the other."""
    coming = iter(looks)
    return lambda seconds: next(coming)


def test_a_copy_keeps_its_containers_to_itself() -> None:
    """At every depth, in dicts, lists, tuples and sets."""
    given = {"a": [1, {"b": ({"c": 2}, [3])}], "d": {4}}

    copy = kept(given)
    given["a"][1]["b"][0]["c"] = 5  # type: ignore[index]
    given["d"].add(6)  # type: ignore[attr-defined]

    assert copy == {"a": [1, {"b": ({"c": 2}, [3])}], "d": {4}}


def test_a_copy_shares_what_can_not_be_compared() -> None:
    """So that a handle, or a number that is not one, is equal to itself."""
    handle, nothing = object(), float("nan")

    assert kept({"handle": handle, "ratio": nothing}) == {"handle": handle, "ratio": nothing}


def test_a_copy_forgets_the_order_of_keys() -> None:
    """Ordered dicts differ by it, and no promise is about it."""
    assert kept(OrderedDict(a=1, b=2)) == kept(OrderedDict(b=2, a=1))


def test_everything_is_spoilt() -> None:
    """A value that was returned is changed at every depth."""
    given = {"status": "RUNNING", "inner": {"x": [1]}}
    inner, numbers = given["inner"], given["inner"]["x"]  # type: ignore[index]

    spoil(given)

    assert given == {"status": "FINISHED:SPOILT"}
    assert inner == {"status": "FINISHED:SPOILT"}
    assert numbers == [1, "spoilt"]


def test_what_refuses_to_be_spoilt_may() -> None:
    """A meta may be read only."""
    given = ReadOnly(status="RUNNING")

    spoil([given])

    assert given == {"status": "RUNNING"}


def test_what_changes_by_itself_is_left_out() -> None:
    """The time of the reply is no effect of a call."""
    before = Snapshot({"status": "FINISHED:COMPLETED", "told_at": 1}, looking())
    looks = ({"status": "FINISHED:COMPLETED", "told_at": number} for number in itertools.count(2))
    after = Snapshot({"status": "FINISHED:COMPLETED", "told_at": 9}, lambda seconds: next(looks))

    one, other = settled((before, ["a"]), (after, ["a"]))

    assert one == other


@pytest.mark.parametrize("key", ["name", "submit_time", "deploy_map", "min_clients"])
def test_what_the_contract_names_is_never_left_out(key: str) -> None:
    """Neither that nor what was submitted changes by itself, whatever a look says."""
    after = Snapshot({key: "b"}, looking({key: "c"}, {key: "d"}, {key: "e"}))

    one, other = settled(Snapshot({key: "a"}, looking()), after)

    assert one != other


def test_what_a_call_changed_is_not_left_out() -> None:
    """A key of its own that stays as the call left it counts, however long one looks."""
    told = {"aborts": 2}
    after = Snapshot(told, looking(*[told] * 6))

    one, other = settled(Snapshot({"aborts": 1}, looking()), after)

    assert (one, other) == ({"aborts": 1}, {"aborts": 2})


@pytest.mark.parametrize("moves_at", range(1, 6))
def test_what_changes_with_any_read_or_at_any_time_is_left_out(moves_at: int) -> None:
    """With the next read, a second later, as much later as had passed, or very long after."""
    looks = [{"tries": int(number >= moves_at)} for number in range(6)]
    waited: list[float] = []

    def look(seconds: float) -> dict[str, Any]:
        waited.append(seconds)
        return looks[len(waited) - 1]

    one, other = settled(Snapshot({"tries": 3}, looking(), taken=10.0), Snapshot({"tries": 4}, look, taken=17.0))

    assert one == other == {}
    assert waited == [0.0, 0.0, 0.0, 1.0, 7.0, 600.0][: moves_at + 1]


def test_nobody_looks_again_for_what_is_known_to_change_by_itself() -> None:
    """Snapshots of one scenario know it from one another."""
    moving: set[str] = set()
    first = Snapshot({"seen": 2}, looking({"seen": 3}, {"seen": 4}), moving=moving)
    settled(Snapshot({"seen": 1}, looking(), moving=moving), first)

    one, other = settled(
        Snapshot({"seen": 5}, looking(), moving=moving), Snapshot({"seen": 6}, looking(), moving=moving)
    )

    assert one == other == {}


def test_what_changes_by_itself_is_left_out_at_any_depth() -> None:
    """In lists of snapshots as in tuples, and in dicts by the ids of jobs."""
    looks = ({"reads": number} for number in itertools.count(5))
    before, after = (Snapshot({"reads": number}, lambda seconds: next(looks)) for number in (1, 2))

    for wrapped in (lambda one: [one], lambda one: (one, ["a"]), lambda one: {"job": one}):
        one, other = settled(wrapped(before), wrapped(after))
        assert one == other


def test_nothing_is_left_out_of_a_job_that_can_not_be_read() -> None:
    """Where there is nothing to compare with, everything counts."""
    after = Snapshot({"told_at": 2}, looking(None, None, None))

    one, other = settled(Snapshot({"told_at": 1}, looking()), after)

    assert one != other


def test_a_job_that_waits_may_get_a_status_of_a_later_release() -> None:
    """Approved, say; but it may not be done, nor leave a status that is final."""
    told = {"status": "APPROVED"}
    same = settled(Snapshot({"status": "SUBMITTED"}, looking()), Snapshot(told, looking(told, told, told)))
    ended = settled(Snapshot({"status": "FINISHED:ABORTED"}, looking()), Snapshot(told, looking(told, told, told)))

    assert same[0] == same[1]
    assert ended[0] != ended[1]
