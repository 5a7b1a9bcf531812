"""A recording is read, or refused with the line that is wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import SimulatedServer
from flare_sim.recording import BadRecording, Recording, record

if TYPE_CHECKING:
    from pathlib import Path

HEAD: dict[str, Any] = {"recording": 1, "by": "flare-sim 0.1.0", "started": 5.0}
SESSION: dict[str, Any] = {
    "session": 1,
    "at": 0.0,
    "user": "ann",
    "type": "a.B",
    "library": None,
    "simulated": False,
}
JOB: dict[str, Any] = {"job": "sha256:1", "name": "j", "zip": False, "files": {}, "folders": [], "left_out": {}}
CALL: dict[str, Any] = {
    "call": 1,
    "session": 1,
    "at": 1.0,
    "took": 2,
    "method": "list_jobs",
    "args": [],
    "kwargs": {},
    "returned": [],
}
RAISED = {"type": "KeyError", "text": "x"}
LOOK = {"at": 1, "took": 0, "meta": {"a": 1, "b": 2}, "returned": True}


def content(*told: Any) -> bytes:
    """Lines, as a file has them."""
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in told)


def without(line: dict[str, Any], name: str) -> dict[str, Any]:
    """A line that lacks something."""
    return {key: value for key, value in line.items() if key != name}


def test_a_recording_is_what_its_lines_say() -> None:
    """Calls come in the order in which they began, and metas of looks whole."""
    looks = [LOOK, {**without(LOOK, "meta"), "changed": {"b": 3}, "gone": ["a"]}]
    second = {**without(CALL, "returned"), "call": 2, "raised": RAISED, "looks": looks, "within": [1, 0]}
    told = Recording.read(
        content(HEAD, SESSION, {**JOB, "files": {"a/b": "text", "c": {"base64": "AAE="}}}, second, CALL)
    )

    assert (told.started, told.cut_off) == (5.0, False)
    assert told.jobs["sha256:1"].files == {"a/b": b"text", "c": b"\0\1"}
    assert [(call.number, call.ended) for call in told.calls] == [(1, 3.0), (2, 3.0)]
    assert told.calls[1].outcome.raised == ("KeyError", "x")
    assert [look.meta for look in told.calls[1].looks] == [{"a": 1, "b": 2}, {"b": 3}]


WRONG: dict[str, tuple[tuple[Any, ...], str]] = {
    "nothing": ((), "the recording is no recording: it has no line that is whole"),
    "text": ((b"hello",), "line 1: it is no JSON object"),
    "another file": (({"jobs": []},), "line 1: it has no recording"),
    "of tomorrow": (({**HEAD, "recording": 2},), "line 1: it is of version 2, and this reads version 1"),
    "a list": ((HEAD, [1]), "line 2: it is no JSON object"),
    "an empty object": ((HEAD, {}), "line 2: it is no JSON object"),
    "an empty line": ((HEAD, b"", SESSION), "line 2: it is no JSON object"),
    "no number": ((HEAD, b'{"session": NaN}'), "line 2: it is no JSON object"),
    "deep": ((HEAD, b"[" * 100_000), "line 2: it is no JSON object"),
    "another kind": ((HEAD, {"fault": 1}), "line 2: it begins with 'fault', which is none of session, job, call"),
    "a true number": ((HEAD, {**SESSION, "session": True}), "line 2: its session can't be True"),
    "a missing part": ((HEAD, without(SESSION, "type")), "line 2: it has no type"),
    "an unknown part": ((HEAD, {**SESSION, "more": 1}), "line 2: it has 'more', which is not known"),
    "nobody's session": ((HEAD, CALL), "line 2: it is a call of session 1, which no line before tells of"),
    "a call twice": ((HEAD, SESSION, CALL, CALL), "line 4: there was a call 1 before"),
    "no outcome": ((HEAD, SESSION, without(CALL, "returned")), "line 3: it has to have either returned or raised"),
    "two outcomes": ((HEAD, SESSION, {**CALL, "raised": RAISED}), "line 3: it has to have either returned or raised"),
    "a time before": ((HEAD, SESSION, {**CALL, "at": -1}), "line 3: its at can't be -1"),
    "no end": ((HEAD, SESSION, {**CALL, "took": 1e300}), "line 3: its took can't be 1e.300"),
    "a place": ((HEAD, SESSION, {**CALL, "within": [1]}), r"line 3: its within can't be \[1\]"),
    "raised what": (
        (HEAD, SESSION, {**without(CALL, "returned"), "raised": {"type": 1}}),
        "line 3: its type can't be 1",
    ),
    "a look": ((HEAD, SESSION, {**CALL, "looks": [1]}), "line 3: 1 is no object"),
    "a change of nothing": ((HEAD, SESSION, {**CALL, "looks": [without(LOOK, "meta")]}), "line 3: a look of its"),
    "a way out": ((HEAD, {**JOB, "files": {"../x": ""}}), "line 2: '../x' is no path inside a job"),
    "an absolute path": ((HEAD, {**JOB, "name": "/x"}), "line 2: '/x' is no path inside a job"),
    "a file of numbers": ((HEAD, {**JOB, "files": {"x": 1}}), "line 2: what it has of a job is no text"),
    "no base64": ((HEAD, {**JOB, "files": {"x": {"base64": "!"}}}), "line 2: "),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_line(name: str) -> None:
    """In one sentence."""
    told, message = WRONG[name]

    with pytest.raises(BadRecording, match=message):
        Recording.read(content(*told))


def test_the_file_is_named(tmp_path: Path) -> None:
    """As it was said."""
    path = tmp_path / "calls.jsonl"
    path.write_bytes(b"hello\n")

    with pytest.raises(BadRecording, match=f"{re.escape(str(path))}, line 1: it is no JSON object"):
        Recording.load(path)
    with pytest.raises(FileNotFoundError):
        Recording.load(tmp_path / "missing")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A recording of some calls."""
    file = tmp_path_factory.mktemp("recorded") / "calls.jsonl"
    with record(SimulatedServer().connect(), file) as session:
        session.list_jobs()
        session.get_system_info()
    return file.read_bytes()


@given(st.data())
def test_a_file_that_is_cut_off_is_read_up_to_there(recorded: bytes, data: st.DataObject) -> None:
    """Up to its last whole line; without a whole one it is no recording."""
    length = data.draw(st.integers(0, len(recorded)))
    cut = recorded[:length]
    whole = cut.count(b"\n")
    if not whole:
        with pytest.raises(BadRecording):
            Recording.read(cut)
        return
    told = Recording.read(cut)

    assert len(told.calls) == max(0, whole - 2)
    assert told.cut_off is not cut.endswith(b"\n")


@given(st.data())
def test_a_file_with_other_bytes_is_read_or_refused(recorded: bytes, data: st.DataObject) -> None:
    """Nothing else comes of it."""
    at = data.draw(st.integers(0, len(recorded) - 1))
    changed = recorded[:at] + data.draw(st.binary(max_size=3)) + recorded[at + 1 :]
    try:
        Recording.read(changed)
    except BadRecording as problem:
        assert "line" in str(problem)  # noqa: PT017  (most changes do no harm)
