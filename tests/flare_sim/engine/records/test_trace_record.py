"""Facts as people read them: parts with names, seconds, and the statuses of the interface."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import Trace, TraceRecord
from flare_sim.engine.records.trace_record import KINDS
from flare_sim.jobs.lifecycle import JobState

NAMES = [name for name in dir(TraceRecord) if type(getattr(TraceRecord, name)) is property]


def read(*rows: tuple[int | str, ...]) -> list[TraceRecord]:
    """What a trace of these rows is read as."""
    trace = Trace()
    for row in rows:
        trace.add(*row)
    return list(trace)


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_of_a_kind_have_names(kind: str) -> None:
    """Those that a kind does not have are empty, and what has no name is among ``args``."""
    names = KINDS[kind]
    facts = [f"its {name}" for name in names]
    (record,) = read((1_500_000, kind, *(fact for fact in facts if fact != "its status"), "more"))
    record = TraceRecord("its state" if part == "its status" else part for part in record)
    named = {name: f"its {name}".replace("status", "state") for name in names}

    assert {name: getattr(record, name) for name in NAMES} == {
        **dict.fromkeys(NAMES, ""),
        **named,
        "seconds": 1.5,
        "kind": kind,
        "args": ("more",),
    }


def test_a_record_is_a_tuple_that_shows_its_names() -> None:
    """It is unpacked, compared, copied and pickled as one."""
    record, fault = read((1_500_000, "state", "a", "COMPLETED"), (2_000_000, "fault", "fail_deploy", "server", 2))
    seconds, kind, job_id, status, _ = record

    assert (seconds, kind, job_id, status) == (1.5, "state", "a", "FINISHED:COMPLETED") == record[:4]
    assert repr(record) == (
        "TraceRecord(seconds=1.5, kind='state', job_id='a', status='FINISHED:COMPLETED', state='COMPLETED')"
    )
    assert record.as_dict() == {
        "seconds": 1.5,
        "kind": "state",
        "job_id": "a",
        "status": "FINISHED:COMPLETED",
        "state": "COMPLETED",
    }
    assert fault.as_dict() == {"seconds": 2.0, "kind": "fault", "verb": "fail_deploy", "args": ("server", 2)}
    assert repr(fault) == "TraceRecord(seconds=2.0, kind='fault', verb='fail_deploy', args=('server', 2))"
    for again in (copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert (again, type(again)) == (record, TraceRecord)


@pytest.mark.parametrize("state", JobState)
def test_a_status_is_the_one_the_interface_shows(state: JobState) -> None:
    """The state beside it tells apart what looks alike there."""
    (record,) = read((0, "state", "a", state.name))

    assert (record.status, record.state) == (state.status, state.name)


def test_a_job_that_a_restart_leaves_as_it_is_shows_what_it_showed() -> None:
    """Of a trace that begins behind that it runs, for all that is known."""
    records = read((0, "state", "a", "DISPATCHED"), (1, "state", "a", "orphaned"), (1, "state", "b", "orphaned"))

    assert [record.status for record in records] == ["DISPATCHED", "DISPATCHED", "RUNNING"]


def test_what_replies_take_is_told_in_seconds() -> None:
    """In the trace's rows it is ticks; what is not told a whole number is told as it is."""
    told: dict[tuple[int | str, ...], tuple[Any, ...]] = {
        ("slow_replies", 1_500_000): (1.5,),
        ("normal_replies", 0, "more", "yet"): (0.0, "more", "yet"),
        ("slow_replies", "long"): ("long",),
        ("slow_replies",): (),
        ("hold",): (),
        ("fail_deploy", 3): (3,),
    }
    assert [record.args for record in read(*((0, "fault", *facts) for facts in told))] == [*told.values()]


@given(st.integers(), st.sampled_from([*KINDS, "mine"]), st.lists(st.one_of(st.integers(), st.text()), max_size=4))
def test_whatever_a_trace_holds_is_read(ticks: int, kind: str, facts: list[Any]) -> None:
    """With ticks that no clock shows, and facts that are few or many or of another kind."""
    (record,) = read((ticks, kind, *facts))

    assert (type(record.seconds), record.kind) == (float, kind)
    assert repr(record).startswith("TraceRecord(seconds=")
    assert all(type(getattr(record, name)) is str for name in NAMES if name not in ("seconds", "args", "round"))
    assert record.round == (facts[1] if kind == "round" and len(facts) > 1 else "")


@pytest.mark.parametrize("ticks", [10**400, -(10**400)])
def test_a_tick_beyond_all_floats_is_infinitely_far_away(ticks: int) -> None:
    """No clock shows it, but a line of a file may."""
    assert [record.seconds for record in read((ticks, "state"))] == [float("inf") if ticks > 0 else float("-inf")]
