"""Wording: short, safe and the same every time, whatever an implementation hands out."""

from __future__ import annotations

import enum
import tempfile
from typing import Any

import pytest

from contract_tests.scenario import wording
from contract_tests.scenario.operations import OPEN, SYSTEM, WAIT, Callback, JobRef, Operation, Outcome, Step
from contract_tests.system.job_plan import BadJob, JobPlan

JOBS = ["id-of-the-first", "id-of-the-second"]


class Code(int, enum.Enum):
    """An enumeration like the interface's."""

    DONE = 0


class Loose(int):
    """A number without a name."""

    def __repr__(self) -> str:
        return f"loose {int(self)}"


_WHOLE = "{job_id: 4, name: 2, status: 3, submitter_name: 1, … 4 keys}"


class HostileRepr:
    """Can't be told."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class HostileText(str):
    """A str whose everything raises."""

    __slots__ = ()

    def __repr__(self) -> str:
        raise RuntimeError("no")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no")

    __hash__ = str.__hash__


class HostileError(Exception):
    """An exception that can't be printed."""

    def __str__(self) -> str:
        raise RuntimeError("no")


class HostileDict(dict[str, Any]):
    """A dict that can't be looked into."""

    def __contains__(self, key: object) -> bool:
        raise RuntimeError("no")


class ExitingRepr:
    """Ends the process when it is told."""

    def __repr__(self) -> str:
        raise SystemExit(0)


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        (None, "None"),
        (True, "True"),
        (7, "7"),
        (2.5, "2.5"),
        (1767225600.123456, "1767225600.123456"),
        ("text", "'text'"),
        ("id-of-the-second", "job2"),
        (["text"], "['text']"),
        (Code.DONE, "DONE"),
        (JobRef(3), "job3"),
        ({"job_id": "id-of-the-first", "status": "RUNNING", "x": 1}, "{job_id: job1, status: 'RUNNING', … 3 keys}"),
        ([{"job_id": "id-of-the-first"}, {"job_id": "other"}], "[job1, 'other']"),
        ([{"job_id": "x"}] * 6, "['x', 'x', 'x', 'x', 'x', 'x']"),
        ([{"job_id": "x"}] * 7, "['x', 'x', 'x', 'x', 'x', 'x', … 7 jobs]"),
        ([{"job_id": "x"}, 7], "[{'job_id': 'x'}, 7]"),
        ([{}], "[None]"),
        ({"status": "x"}, "{status: 'x', … 1 keys}"),
        ({"submitter_name": 1, "name": 2, "status": 3, "job_id": 4}, _WHOLE),
        ({"job_id": "id-of-the-first"}, "{'job_id': job1}"),
        (999_999.0, "999999"),
        (1_000_000.0, "1000000.0"),
        (-1_000_000.0, "-1000000.0"),
        (0.1 + 0.2, "0.3"),
        (False, "False"),
        ((), "()"),
        ((1,), "(1,)"),
        ((1, "id-of-the-first"), "(1, job1)"),
        ({}, "{}"),
        (frozenset(), "frozenset()"),
        (Loose(5), "loose 5"),
        (type("SystemInfo", (), {})(), "SystemInfo"),
        ([], "[]"),
        (JobPlan(), "<job folder>"),
        (BadJob("min-clients/2"), '<bad job definition min-clients/2: meta.json has "min_clients": "some">'),
    ],
)
def test_a_value_in_words(thing: object, told: str) -> None:
    """Jobs are told by their number, metas by what matters, everything else as Python writes it."""
    assert wording.value(thing, JOBS) == told


@pytest.mark.parametrize(
    "thing", [HostileRepr(), [HostileRepr()], HostileText("x"), HostileDict(a=1), {"a": HostileRepr()}, ExitingRepr()]
)
def test_a_hostile_value_is_told_by_its_class(thing: object) -> None:
    """A repr that raises does not hide the failure that is being told."""
    assert type(thing).__name__ in wording.value(thing, JOBS)


def test_a_hostile_exception_is_told_by_its_class() -> None:
    """So is an exception that can't be printed."""
    assert wording.error(HostileError("x")).startswith("HostileError")
    assert "HostileError" in wording.outcome(Outcome("raised", error=HostileError("x")))


@pytest.mark.parametrize("thing", ["x" * 10_000, ["y" * 100] * 100, "\0" * 1000, {"key": "z" * 500}])
def test_a_long_value_is_cut(thing: object) -> None:
    """No value fills a screen."""
    told = wording.value(thing)

    assert len(told) <= wording.LONGEST
    assert told.endswith(("…", "'"))


@pytest.mark.parametrize(("length", "cut"), [(158, False), (159, True), (400, True)])
def test_a_value_has_so_many_characters_at_most(length: int, cut: bool) -> None:
    """What is longer has a sign at its end that it goes on."""
    whole, listed = repr("x" * length), repr(["x" * (length - 2)])

    assert wording.value("x" * length) == (whole[:159] + "…" if cut else whole)
    assert wording.value(["x" * (length - 2)]) == (listed[:159] + "…" if cut else listed)


def test_control_characters_and_surrogates_are_escaped() -> None:
    """A value can't write on a terminal by itself."""
    assert wording.value("a\x1b[31m\ud800\n") == r"'a\x1b[31m\ud800\n'"


def test_addresses_are_left_out() -> None:
    """What a value looks like does not depend on where it lies in memory."""
    assert wording.value(object()) == "<object object>"
    assert wording.value([object(), lambda: 0]) == wording.value([object(), lambda: 0])


def test_sets_are_told_in_order() -> None:
    """What a set looks like does not depend on the hash seed."""
    assert wording.value({"b", "a", "c"}) == "{'a', 'b', 'c'}"
    assert wording.value(frozenset({"b", "a"})) == "frozenset({'a', 'b'})"
    assert wording.value(set()) == "set()"


def test_temporary_folders_are_told_by_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A path below the folder for temporary files is another one in every run, or in memory, but for its end."""
    for folder in (tempfile.gettempdir(), "/elsewhere", tempfile.gettempdir()):
        monkeypatch.setattr(tempfile, "tempdir", folder)

        assert wording.value(f"{folder}/flare-x7f3/results/abc") == "'…/abc'"
        assert wording.value(f"{folder}/flare-x7f3/results/abc/") == "'…/abc/'"


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (Outcome("returned", None), "returned None"),
        (Outcome("returned", "id-of-the-first"), "returned job1"),
        (Outcome("returned", 1, started=1.0, ended=3.5), "returned 1 after 2.5 s"),
        (Outcome("returned", 1, started=1.0, ended=1.0), "returned 1"),
        (Outcome("raised", error=KeyError()), "raised KeyError"),
        (Outcome("raised", error=ValueError("why")), "raised ValueError: 'why'"),
        (Outcome("hung"), "did not come back"),
    ],
)
def test_an_outcome_in_words(result: Outcome, told: str) -> None:
    """What came of a call, with the time it took where it took any."""
    assert wording.outcome(result, JOBS) == told


def test_no_error_in_words() -> None:
    """An outcome that claims to have raised nothing is told, too."""
    assert wording.error(None) == "NoneType"


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (Operation("alice", "list_jobs"), "alice: list_jobs()"),
        (Operation("bob", "get_job_meta", ("id-of-the-first",)), "bob: get_job_meta(job1)"),
        (Operation("alice", "list_jobs", (), (("all", True),)), "alice: list_jobs(all=True)"),
        (Operation("alice", "submit_job", (JobPlan(runs=4.0),)), "alice: submit_job(<job folder: runs 4 s>)"),
        (
            Operation("alice", "monitor_job", (JobRef(1), 5.0, 2.0, Callback((True, OSError()), False))),
            "alice: monitor_job(job1, 5 s, 2 s, <callback: True, raises OSError, then False>)",
        ),
        (
            Operation("alice", "monitor_job", (JobRef(1),), (("timeout", 0.5), ("poll_interval", "soon"))),
            "alice: monitor_job(job1, timeout=0.5 s, poll_interval='soon')",
        ),
        (Operation("alice", "monitor_job", (JobRef(1), True, float("nan"))), "alice: monitor_job(job1, True, nan)"),
        (Operation("alice", "list_jobs", (5, 2)), "alice: list_jobs(5, 2)"),
        (Operation(SYSTEM, "sleep", (2.5,)), "sleep(2.5 s)"),
        (Operation(SYSTEM, WAIT, ("wait until", "id-of-the-second", "is running")), "wait until job2 is running"),
        (Operation(SYSTEM, OPEN, ("alice", "opens a session")), "alice opens a session"),
    ],
)
def test_an_operation_in_words(operation: Operation, told: str) -> None:
    """Who called what, as a person would write it."""
    assert wording.operation(operation, JOBS) == told


def test_times_of_a_call_are_told_in_contract_seconds() -> None:
    """What a session is handed are real ones; the suite sleeps in contract seconds."""
    monitored = Operation("alice", "monitor_job", (JobRef(1), 0.1, 0.04), (("timeout", 0.02),))

    assert wording.operation(monitored, JOBS, 0.02) == "alice: monitor_job(job1, 5 s, 2 s, timeout=1 s)"
    assert wording.operation(Operation(SYSTEM, "sleep", (5.0,)), JOBS, 0.02) == "sleep(5 s)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sleep(2.5 s)", "sleep(2.5 s (0.05 s real))"),
        ("TIMEOUT after 1e+06 s, not 3 s later", "TIMEOUT after 1e+06 s (20000 s real), not 3 s (0.06 s real) later"),
        ("<job folder: can't be scheduled, runs 10 s>", "<job folder: can't be scheduled, runs 10 s (0.2 s real)>"),
        ("raised OSError: 'no reply in 5 s' after 5 s", "raised OSError: 'no reply in 5 s' after 5 s (0.1 s real)"),
        ("""raised "it's 5 s" after 5 s""", """raised "it's 5 s" after 5 s (0.1 s real)"""),
        ("submit_time 1767225600.5 s since the epoch", "submit_time 1767225600.5 s since the epoch"),
        ("3 jobs, 5 sessions, job7 s", "3 jobs, 5 sessions, job7 s"),
    ],
)
def test_real_seconds_stand_beside_scaled_ones(text: str, told: str) -> None:
    """Wherever a number of seconds stands, but for what is somebody else's text; where they are the same, nowhere."""
    assert wording.in_real_time(text, 0.02) == told
    assert wording.in_real_time(text, 1.0) == text


@pytest.mark.parametrize(
    ("reading", "told"),
    [(1767225600.25, "1767225600.25 s since the epoch"), (7, "7 s since the epoch"), (None, "None")],
)
def test_a_reading_of_a_clock_is_told_with_its_unit(reading: object, told: str) -> None:
    """What is no number is told as any value."""
    assert wording.moment(reading) == told


def test_a_step_in_words() -> None:
    """A call with its outcome; what the world does, without one; what a callback does, marked."""
    called = Operation("alice", "abort_job", ("id-of-the-first",))

    assert wording.step(Step(called, Outcome("returned")), JOBS) == "alice: abort_job(job1) returned None"
    assert wording.step(Step(called, Outcome("returned"), 1), JOBS).startswith("(in the callback) alice: abort_job")
    assert wording.step(Step(Operation(SYSTEM, "outage"), Outcome("returned"))) == "outage()"
    assert wording.step(Step(Operation(SYSTEM, OPEN, ("a", "opens")), Outcome("hung"))) == "a opens did not come back"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["b: 2 became 3"]),
        ({"a": 1}, {"b": 2}, ["a: 1 became None", "b: None became 2"]),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["a.b: 1 became 2"]),
        (({"job_id": "id-of-the-first", "s": 1},), ({"job_id": "id-of-the-first", "s": 2},), ["job1.s: 1 became 2"]),
        ((1, 2), (1, 3), ["2 became 3"]),
        ((1, 2), (1,), ["(1, 2) became (1,)"]),
        ("x", "id-of-the-second", ["'x' became job2"]),
        ({"a": {"id-of-the-first": 1}}, {"a": {"id-of-the-first": 2}}, ["a.job1: 1 became 2"]),
        ({7: 1}, {7: 2}, ["7: 1 became 2"]),
        ({"status": "A", "a": 1}, {"status": "B", "b": 2}, ["status: 'A' became 'B'"]),
        ({"status": "A", "a": 1}, {"a": 2, "b": 3}, ["status: 'A' became None", "a: 1 became 2", "b: None became 3"]),
        (({"x": 1},), ({"x": 2},), ["x: 1 became 2"]),
        ([1], [2], ["[1] became [2]"]),
    ],
)
def test_a_difference_in_words(before: object, after: object, told: list[str]) -> None:
    """Only what differs is told, by where it stands."""
    assert wording.difference(before, after, JOBS) == told


def test_blanks_do_not_decide_what_a_text_tells() -> None:
    """NVFLARE 2.8 prints a client with a blank where 2.3 has none; a name in quotes is another name."""
    assert wording.tells("client_info:\nsite-1 (last_connect_time: now)", "site-1(last_connect_time: now)")
    assert not wording.tells("'site-1'(last_connect_time: now)", "site-1(last_connect_time: now)")


def test_jobs_are_told_by_number_inside_of_things() -> None:
    """In lists, dicts, tuples and sets."""
    jobs = ["id-a", "id-b"]

    told = wording.value([("id-b", {"id-a": ["id-b"]}), {"id-a"}], jobs)

    assert told == "[(job2, {job1: [job2]}), {job1}]"


@pytest.mark.parametrize(
    ("wrap", "told"),
    [
        (lambda inner: [inner], "[[[[[…]]]]]"),
        (lambda inner: (inner,), "(((((…,),),),),)"),
        (lambda inner: {"k": inner}, "{'k': {'k': {'k': {'k': {'k': …}}}}}"),
        (lambda inner: frozenset([inner]), "frozenset({" * 5 + "…" + "})" * 5),
    ],
    ids=["lists", "tuples", "dicts", "sets"],
)
def test_what_lies_deep_is_not_told(wrap: Any, told: str) -> None:
    """Five containers deep something else stands for all that is in there."""
    thing: Any = frozenset()
    for _ in range(9):
        thing = wrap(thing)

    assert wording.value(thing) == told


def test_what_lies_deep_in_a_key_is_not_told() -> None:
    """No more than what lies in a value."""
    assert wording.value({((((((),),),),),): 0}) == "{((((…,),),),): 0}"


def test_of_a_long_container_the_beginning_is_looked_at() -> None:
    """Sixty of its elements, whatever else is in there; a set has to be put in order as a whole."""
    looked: list[int] = []

    class Element:
        def __init__(self, number: int) -> None:
            self.number = number

        def __repr__(self) -> str:
            looked.append(self.number)
            return ""

    elements = [Element(number) for number in range(90)]
    seen = []
    for thing in (elements, (*elements,), dict.fromkeys(elements, 0), dict(enumerate(elements)), {*elements}):
        wording.value(thing)
        seen.append(len(looked))
        looked.clear()

    assert seen == [60, 60, 60, 60, 90]


def test_steps_that_come_again_and_again_are_told_once() -> None:
    """Up to four of them, from the third time on, with a line that says how often."""
    looks = ["sleep(1)", "alice: get_job_meta(job1) returned the same"]

    told = wording.folded(["alice opens a session", *looks * 50, "sleep(1)", "the end"])

    assert told == ["alice opens a session", *looks, "… the 2 steps before, 49 times more …", "sleep(1)", "the end"]


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("", []),
        ("a", ["a"]),
        ("aa", ["a", "a"]),
        ("aaa", ["a", "… the step before, 2 times more …"]),
        ("abcdabcdabcd", ["a", "b", "c", "d", "… the 4 steps before, 2 times more …"]),
        ("abcdeabcdeabcde", [*"abcdeabcdeabcde"]),
        ("aaaaaa", ["a", "… the step before, 5 times more …"]),
        ("aabaabaab", ["a", "a", "b", "… the 3 steps before, 2 times more …"]),
        ("xaaax", ["x", "a", "… the step before, 2 times more …", "x"]),
    ],
)
def test_up_to_four_steps_are_told_once(steps: str, told: list[str]) -> None:
    """From three times on, the shortest that come again."""
    assert wording.folded([*steps]) == told


def test_steps_that_come_three_times_are_told_once() -> None:
    """As many of them as belong together."""
    assert wording.folded([*"abababc"]) == ["a", "b", "… the 2 steps before, 2 times more …", "c"]
    assert wording.folded([*"aaab"]) == ["a", "… the step before, 2 times more …", "b"]


def test_steps_that_come_twice_are_told_twice() -> None:
    """What is short is told as it is."""
    steps = ["a", "a", "b", "c", "b", "c", "d"]

    assert wording.folded(steps) == steps
