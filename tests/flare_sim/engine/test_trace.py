"""The trace: written the same way always, read back whole, and one digest for the same events."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import Trace
from flare_sim.engine.trace import SCHEDULED, STATES
from flare_sim.jobs.lifecycle import JobState
from flare_sim.untrusted_values import shown

FACTS = st.lists(st.one_of(st.integers(), st.text()), max_size=4)


@given(st.lists(st.tuples(st.integers(), st.text(), FACTS)))
def test_a_trace_survives_json_lines(records: list[tuple[int, str, list[int | str]]]) -> None:
    """What is written is read back equal, with the same digest."""
    trace = Trace()
    for ticks, kind, facts in records:
        trace.add(ticks, kind, *facts)

    again = Trace.from_jsonl(trace.to_jsonl())

    assert (again == trace, again.digest() == trace.digest(), len(again)) == (True, True, len(records))
    assert trace.to_jsonl().isascii()


def test_other_events_have_another_digest() -> None:
    """Any difference shows in the digest; a trace is not equal to something else."""
    one, other = Trace(), Trace()
    one.add(1, "state", "RUNNING")
    other.add(1, "state", "STOPPED")

    assert one.digest() != other.digest()
    assert one != other
    assert one != [(1, "state", "RUNNING")]
    assert len(one.digest()) == 64


def test_the_digest_of_the_same_events_never_changes() -> None:
    """Users keep digests, so one is pinned."""
    trace = Trace()
    trace.add(1, "state", "é")

    assert trace.to_jsonl() == '[1,"state","\\u00e9"]\n'
    assert trace.digest() == "ee12dd790d89a4e99613cc9a129392b020753073d664811a1b8680f42ff82a7c"


@pytest.mark.parametrize("record", [(), (1,), ("1", "state"), (1, 2), (1, "state", None), (True, "state")])
def test_what_is_no_record_is_refused(record: Any) -> None:
    """With all that is in it."""
    with pytest.raises(ValueError, match=r"^a record has a tick, a kind, and whole numbers and text, not ") as refused:
        Trace().add(*record)
    assert str(refused.value).endswith(f" not {shown(list(record))}")


def test_records_are_found_by_kind() -> None:
    """The records of one kind are in their order; one that nothing has happened of has none."""
    trace = Trace()
    trace.add(1, "state", "a")
    trace.add(2, "fault", "b")
    trace.add(3, "state", "c")

    assert trace.of("state") == [(1e-6, "state", "a"), (3e-6, "state", "c")]
    assert trace.of("run") == []
    assert repr(trace) == "<Trace of 3 records>"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("statte", "'statte'; did you mean 'state'? There are "),
        ("own", "'own'. There are "),
        ("x" * 10_000, "'xxx.*'... .10000 characters.. There are "),
        (None, "None. There are "),
    ],
)
def test_a_kind_that_there_is_not_is_refused(kind: Any, said: str) -> None:
    """With those that there are, one that somebody has added among them, and one that is spelled much like it."""
    trace = Trace()
    trace.add(1, "mine", "a")

    assert trace.of("mine") == [(1e-6, "mine", "a")]
    with pytest.raises(
        ValueError, match=f"^the trace has no kind {said.replace('?', '.')}'client', .*'mine', 'round', 'run'"
    ):
        trace.of(kind)


@pytest.mark.parametrize("line", ["{}", "[]", "[1]", '["1", "a"]', "[1, 2]", "nonsense"])
def test_a_line_that_is_no_record_is_refused(line: str) -> None:
    """Reading back refuses what was not written by a trace."""
    with pytest.raises(ValueError, match=f"^line 2 is not a record: {re.escape(shown(line))}$"):
        Trace.from_jsonl('[1,"state"]\n' + line + "\n")


@pytest.mark.parametrize("text", [None, b"", ["[1]"], 3])
def test_a_trace_is_read_from_text(text: Any) -> None:
    """Anything else is shown."""
    with pytest.raises(ValueError, match=f"^lines of text are needed, not {re.escape(shown(text))}$"):
        Trace.from_jsonl(text)


def test_what_is_told_of_jobs_is_told_with_their_ids() -> None:
    """In two numbers a fact, whatever it says; what was taken back is not told, nor an id that was."""
    trace = Trace()
    trace.introduce(0, "first")
    trace.introduce(1, "second")
    trace.tell(5, STATES[JobState.RUNNING], 1)
    trace.tell(6, SCHEDULED, 0)
    trace.tell(7, trace.code("command", "submit_job", "user", None), 1)
    length = len(trace)
    trace.tell(8, trace.code("command", "submit_job", "user", None), 1)
    trace.forget_since(length)
    trace.introduce(1, "another")

    assert trace.rows() == [
        (5, "state", "another", "RUNNING"),
        (6, "schedule", "first", "scheduled"),
        (7, "command", "submit_job", "user", "another"),
    ]
    assert trace.of("schedule") == [(6e-6, "schedule", "first", "scheduled")]


def test_jobs_that_are_gone_leave_gaps() -> None:
    """A server that is read from a file knows no ids of those."""
    trace = Trace()
    trace.introduce(0, "first")
    trace.introduce(7, "eighth")
    trace.introduce(8, "ninth")
    for serial in (0, 7, 8):
        trace.tell(1, STATES[JobState.COMPLETED], serial)

    assert [record.job_id for record in trace] == ["first", "eighth", "ninth"]


@pytest.mark.parametrize("ticks", [-(1 << 63), (1 << 63) - 1, 1 << 63, -(10**30)])
def test_any_tick_is_kept(ticks: int) -> None:
    """Those that no clock shows, too."""
    trace = Trace()
    trace.add(ticks, "state", "a")

    assert trace.rows() == [(ticks, "state", "a")]
    assert list(trace) == trace.of("state") == [(ticks / 1e6, "state", "a")]


@pytest.mark.parametrize("ticks", [-(1 << 63), -5, 0, (1 << 63) - 1])
def test_the_last_tick_is_that_of_the_last_fact(ticks: int) -> None:
    """Before the epoch, too; there is none while nothing was told."""
    trace = Trace()
    assert trace.last_tick is None
    trace.add(7, "state", "a")
    trace.add(ticks, "state", "a")

    assert trace.last_tick == ticks


def test_a_fact_is_found_from_the_first_to_the_last() -> None:
    """When it was told last of a job, whether all jobs have it alike or it stands for itself."""
    trace = Trace()
    trace.introduce(0, "first")
    trace.introduce(1, "second")
    paused = trace.code("run", None, "paused")
    for ticks, serial in ((5, 0), (6, 1), (7, 1)):
        trace.tell(ticks, paused, serial)

    assert [trace.last_told(serial, "run", "paused") for serial in (0, 1)] == [5, 7]
    assert trace.last_told(0, "run", "resumed") is None
    trace.add(8, "run", "first", "paused")
    trace.add(9, "run", "second", "resumed")
    assert [trace.last_told(serial, "run", "paused") for serial in (0, 1)] == [8, 7]
