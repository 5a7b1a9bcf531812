"""A recording, replayed: nothing differs on a server made the same way, and on another just the calls that do."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flare_sim import (
    ClockPool,
    JobBehavior,
    JobNotFound,
    NoConnection,
    SessionClosed,
    SimulatedServer,
    SystemClock,
    VirtualClock,
    make_job,
)
from flare_sim.recording import BadRecording, Recorder, Recording, record, replay, scenario_of
from flare_sim.recording.notes import METHODS
from tests.flare_sim.recording.drawn_sessions import SEQUENCES, SERVERS, play

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flare_sim.recording.recording import Call
    from tests.flare_sim.recording.drawn_sessions import Step


@given(SEQUENCES, st.sampled_from(sorted(SERVERS)))
def test_on_a_server_made_the_same_way_nothing_differs(steps: Sequence[Step], name: str) -> None:
    """To the tick, the last letter of an error, and the last byte of a result."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "calls.jsonl"
        with SERVERS[name]() as server:
            play(server, steps, Path(folder), file)
        with SERVERS[name]() as other:
            told = replay(file, other, tolerance=0, texts=True, digests=True)

    assert str(told) == f"{len(told.made)} call{'' if len(told.made) == 1 else 's'} replayed: {len(told.made)} agree."
    assert told.agrees


@given(SEQUENCES, st.sampled_from(sorted(SERVERS)))
def test_every_recording_can_be_replayed_without_a_server(steps: Sequence[Step], name: str) -> None:
    """Whatever was seen of the system, one like it is made, and each call is made or told."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "calls.jsonl"
        with SERVERS[name]() as server:
            play(server, steps, Path(folder), file)
        told = replay(file)

    assert set(told.made) == {call.number for call in told.recording.calls}


TEXTS = ("", "RUNNING", "FINISHED:X", "job-1", "site-1", "lead", "x" * 1001, "0:00:01", "999999999 days, 0:00:00")
KEYS = (
    *("$type", "job_id", "name", "status", "duration", "client_info", "job_info", "files", "job"),
    *("submitter_name", "submitter_org", "submitter_role", "workspace/x", "workspace/x/y", "job/a/x"),
)
ANY: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, -1, 3.5, *TEXTS]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(KEYS), part, max_size=6),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from(METHODS), st.lists(ANY, max_size=3), ANY, ANY), max_size=4))
def test_whatever_a_recording_tells_is_replayed(told: list[tuple[str, list[Any], Any, Any]]) -> None:
    """It may have been written by anybody."""
    lines: list[dict[str, Any]] = [
        {"recording": 1, "by": "", "started": 0},
        {"session": 1, "at": 0, "user": None, "type": "", "library": "nvflare 2.9", "simulated": False},
    ]
    for number, (method, args, returned, meta) in enumerate(told, 1):
        call = {"call": number, "session": 1, "at": number, "took": 1, "method": method, "args": args, "kwargs": {}}
        lines.append({**call, "returned": returned, "looks": [{"at": 0, "took": 0, "meta": meta, "returned": True}]})
    recording = Recording.read("".join(json.dumps(line) + "\n" for line in lines).encode())

    assert len(replay(recording, clock=VirtualClock(max_seconds=1000)).made) == len(told)
    assert scenario_of(recording).title == "What was recorded of nvflare 2.9 at 1970-01-01T00:00:00Z"


OTHERS: dict[str, Callable[[], SimulatedServer]] = {
    "it refuses to delete": lambda: SimulatedServer(quirks=("delete-refused-while-running",)),
    "its lists tell more": lambda: SimulatedServer(quirks=("meta-has-study",)),
    "its jobs fail": lambda: SimulatedServer(behavior=JobBehavior(outcome="EXECUTION_EXCEPTION")),
    "its jobs take longer": lambda: SimulatedServer(behavior=JobBehavior(run_seconds=25)),
    "it has more clients": lambda: SimulatedServer(clients=3),
}
TIMES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00)?|\b1767\d{6}(\.\d+)?")


def facts(call: Call) -> Any:
    """What counts of a call, told in another way than a replay does: all of it as text without times."""
    kind = call.outcome.raised and call.outcome.raised[0]
    returned = None if call.method in ("submit_job", "clone_job") else call.outcome.returned
    statuses = [look.meta["status"] for look in call.looks if look.meta["status"] != "DISPATCHED"]
    if isinstance(returned, dict) and "files" in returned:
        returned = sorted(returned["files"])
    return kind, TIMES.sub("", json.dumps(returned)), call.took, list(dict.fromkeys(statuses))


@given(SEQUENCES, st.sampled_from(sorted(OTHERS)))
def test_on_another_server_just_the_calls_differ_that_do_there(steps: Sequence[Step], name: str) -> None:
    """They are those that a recording of the same calls on that server has otherwise."""
    with TemporaryDirectory() as folder:
        here, there = Path(folder) / "here.jsonl", Path(folder) / "there.jsonl"
        play(SimulatedServer(), steps, Path(folder) / "1", here)
        play(OTHERS[name](), steps, Path(folder) / "2", there)
        first, second = Recording.load(here).calls, Recording.load(there).calls
        assume([(call.at, call.method) for call in first] == [(call.at, call.method) for call in second])
        told = replay(here, OTHERS[name](), tolerance=0)

    differ = {call.number for call, other in zip(first, second, strict=True) if facts(call) != facts(other)}
    assert {difference.call for difference in told.differences} == differ


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A recording of a job that is watched, looked at, deleted while another one runs."""
    file = tmp_path / "calls.jsonl"
    job = make_job(tmp_path / "job")
    server = SimulatedServer()
    with record(server.connect(), file) as session:
        first = session.submit_job(job)
        session.get_system_info()
        session.monitor_job(first)
        second = session.submit_job(job)
        session.monitor_job(second, timeout=4)
        session.list_jobs()
        session.delete_job(second)
        with suppress(JobNotFound):
            session.get_job_meta(second)
    return file


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {}),
        ({"quirks": ("delete-refused-while-running",)}, {7: "raised", 8: "raised"}),
        ({"behavior": JobBehavior(run_seconds=20)}, {3: "seconds", 6: "[0].duration"}),
        ({"behavior": {"job": JobBehavior(outcome="ABORTED")}}, {6: "[0].status"}),
        ({"clients": 3}, {2: "client_info"}),
        ({"users": ["admin@nvidia.com", "member@nvidia.com"]}, {}),
        ({"users": ["member@nvidia.com"]}, dict.fromkeys(range(1, 10), "made")),
    ],
)
def test_just_the_calls_differ_that_do(recorded: Path, options: dict[str, Any], expected: dict[int, str]) -> None:
    """Each is named with what of it is different."""
    told = replay(recorded, **options)

    assert {difference.call: difference.what for difference in reversed(told.differences)} == expected
    assert told.agrees is not bool(expected)


def test_without_a_server_jobs_do_what_they_did(tmp_path: Path) -> None:
    """They run as long, and end as they did; one that somebody aborted, or nobody saw end, runs until then."""
    ends = {"one": JobBehavior(run_seconds=100), "two": JobBehavior(run_seconds=3, outcome="EXECUTION_EXCEPTION")}
    ends |= {"three": JobBehavior(outcome="FAILED_TO_RUN"), "four": JobBehavior(run_seconds=5_000)}
    server = SimulatedServer(behavior=ends, clients=["a", "b", "c"], users=["ann"])
    with record(server.connect("ann"), tmp_path / "calls.jsonl") as session:
        session.get_system_info()
        jobs = [session.submit_job(make_job(tmp_path / name)) for name in ends]
        for job_id in jobs[:3]:
            session.monitor_job(job_id)
        session.abort_job(session.clone_job(jobs[3]))
        session.list_jobs(detailed=True)

    assert str(replay(tmp_path / "calls.jsonl", tolerance=0, texts=True)) == "12 calls replayed: 12 agree."


def test_an_outage_is_one_in_the_replay_too(tmp_path: Path) -> None:
    """A server that nobody got through to, one that was started again, and sessions that were lost."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=600))
    faults, job = server.faults, make_job(tmp_path / "job")
    faults.partition(after=10)
    faults.repair(after=20)
    faults.crash(after=30)
    faults.restart(after=40)
    faults.lose_sessions("lead@nvidia.com", after=60)
    with Recorder(tmp_path / "calls.jsonl", clock=server.clock) as recorder:
        session = recorder.record(server.connect())
        session.submit_job(job)
        for seconds in (11, 10, 10, 10, 1):
            server.advance(seconds)
            with suppress(NoConnection, SessionClosed):
                session.get_system_info()
        session = recorder.record(server.connect("lead@nvidia.com"))
        for seconds in (10, 10):
            server.advance(seconds)
            with suppress(SessionClosed):
                session.list_jobs(all=True)
    told = replay(tmp_path / "calls.jsonl")

    assert [call.outcome.raised and call.outcome.raised[0] for call in told.recording.calls] == [
        *(None, "NoConnection", None, "NoConnection", "SessionClosed", "SessionClosed", None, "SessionClosed")
    ]
    assert str(told) == "8 calls replayed: 8 agree."


def test_an_outage_during_a_monitor_is_one_in_the_replay_too(tmp_path: Path) -> None:
    """It began between two looks; with a callback or without, the monitor ends as it did."""
    for callback in (None, lambda *seen: True):
        server = SimulatedServer(behavior=JobBehavior(run_seconds=600))
        server.faults.partition(after=31)
        with record(server.connect(), tmp_path / "calls.jsonl") as session, suppress(NoConnection):
            session.monitor_job(session.submit_job(make_job(tmp_path / str(callback))), poll_interval=5, cb=callback)
        told = replay(tmp_path / "calls.jsonl", tolerance=0)

        assert "NoConnection" in str(told.recording.calls[1].outcome)
        assert (told.recording.calls[1].took, str(told)) == (35.0, "3 calls replayed: 3 agree.")


def test_calls_of_several_threads_overlap_in_the_replay_too(tmp_path: Path) -> None:
    """Each begins at its time, and takes its own."""
    server = SimulatedServer(behavior={"short": JobBehavior(run_seconds=50), "long": JobBehavior(run_seconds=200)})
    jobs = [make_job(tmp_path / folder, name=folder.rstrip("2")) for folder in ("short", "long", "short2")]
    with Recorder(tmp_path / "calls.jsonl", clock=server.clock) as recorder, ClockPool(server.clock) as pool:

        def work(job: str) -> None:
            with recorder.record(server.connect()) as session:
                job_id = session.submit_job(job)
                session.monitor_job(job_id, poll_interval=7)
                server.clock.sleep(3)
                session.get_job_meta(job_id)

        for job in jobs:
            pool.submit(work, job)
    told = replay(tmp_path / "calls.jsonl", tolerance=0, texts=True)

    assert str(told) == "12 calls replayed: 12 agree."
    assert sorted(call.took for call in told.recording.calls)[-3:] == [56, 56, 203]


def test_a_callback_does_again_what_it_did(tmp_path: Path) -> None:
    """It answers, takes its time, calls and raises, look by look."""
    server = SimulatedServer()

    def callback(session: Any, job_id: str, meta: dict[str, Any]) -> int:
        server.clock.sleep(1)
        if meta["status"] == "RUNNING":
            session.abort_job(job_id)
        if meta["status"] == "FINISHED:ABORTED":
            raise LookupError(job_id)
        return 1

    with record(server.connect(), tmp_path / "calls.jsonl") as session, pytest.raises(LookupError):
        session.monitor_job(session.submit_job(make_job(tmp_path / "job")), cb=callback)
    told = replay(tmp_path / "calls.jsonl", tolerance=0, texts=True)

    assert [call.method for call in told.recording.calls] == ["submit_job", "monitor_job", "abort_job", "close"]
    assert str(told) == "4 calls replayed: 4 agree."


def test_what_a_callback_no_longer_does_is_told(tmp_path: Path) -> None:
    """Its calls are not made when it is not called."""
    server = SimulatedServer(behavior=JobBehavior(run_seconds=60))
    with record(server.connect(), tmp_path / "calls.jsonl") as session:
        looks: list[str] = []

        def watch(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
            looks.append(meta["status"])
            return len(looks) < 10 or session.list_jobs() != []

        session.monitor_job(session.submit_job(make_job(tmp_path / "job")), cb=watch)
    told = replay(tmp_path / "calls.jsonl", behavior=JobBehavior(run_seconds=5))

    assert {difference.what for difference in told.differences if difference.method == "list_jobs"} == {"made"}


def test_jobs_that_were_there_before_are_left_out_of_lists(tmp_path: Path) -> None:
    """They are named; a call about one can't turn out as recorded."""
    server, job = SimulatedServer(), make_job(tmp_path / "job")
    before = server.connect().submit_job(job)
    with record(server.connect(), tmp_path / "calls.jsonl") as session:
        session.submit_job(job)
        session.list_jobs()
        session.get_job_meta(before)
    told = replay(tmp_path / "calls.jsonl", seed=1)

    assert told.foreign == (before,)
    assert [(difference.call, difference.what) for difference in told.differences] == [(3, "raised")]
    assert f"'{before}'" in str(told)


def test_results_may_differ_in_what_is_in_them(tmp_path: Path) -> None:
    """Names count; sizes and digests where that is asked for."""
    made = {text: SimulatedServer(behavior=JobBehavior(result_files={"a.txt": text})) for text in ("one", "other")}
    with record(made["one"].connect(), tmp_path / "calls.jsonl") as session:
        job_id = session.submit_job(make_job(tmp_path / "job"))
        session.monitor_job(job_id)
        session.download_job_result(job_id)
    told = replay(tmp_path / "calls.jsonl", made["other"], digests=True)
    again = SimulatedServer(behavior=JobBehavior(result_files={"b.txt": "one"}))

    assert [difference.what for difference in told.differences] == [
        "files.workspace/a.txt[0]",
        "files.workspace/a.txt[1]",
    ]
    assert {difference.what for difference in replay(tmp_path / "calls.jsonl", again).differences} == {
        "files.workspace/a.txt",
        "files.workspace/b.txt",
    }


def test_a_replay_is_told_as_json(recorded: Path) -> None:
    """All that is in a difference, and nothing that JSON does not have."""
    told = json.loads(json.dumps(replay(recorded, quirks=("delete-refused-while-running",)).as_dict()))

    assert (told["format"], told["agrees"], told["calls"]) == (1, False, 9)
    assert told["differences"][0] == {
        "call": 7,
        "at": 14.0,
        "user": "admin@nvidia.com",
        "method": "delete_job",
        "what": "raised",
        "recorded": "returned None",
        "simulated": told["differences"][0]["simulated"],
    }
    assert told["differences"][0]["simulated"].startswith("JobNotDone: ")


def test_who_would_wait_for_ever_is_ended(tmp_path: Path) -> None:
    """Long after the recording was over, in every thread; what could not be waited for is told."""
    server = SimulatedServer()
    with Recorder(tmp_path / "calls.jsonl", clock=server.clock) as recorder, ClockPool(server.clock) as pool:
        sessions = [recorder.record(server.connect()) for _ in range(3)]
        jobs = [session.submit_job(make_job(tmp_path / f"{number}")) for number, session in enumerate(sessions)]
        list(pool.map(lambda session, job_id: session.monitor_job(job_id), sessions, jobs))
    told = replay(tmp_path / "calls.jsonl", behavior=JobBehavior(run_seconds=1e8))

    assert [difference.simulated[:12] for difference in told.differences if difference.what == "raised"] == [
        *(["StillWaiting"] * 3)
    ]
    assert "StillWaiting: it waits 10 times as long as the recording took" in str(told)


@pytest.mark.parametrize(
    ("method", "args", "told"),
    [
        ("__init__", [], "no: it is no method of the interface"),
        ("submit_definition", [1], "no: it is no method of the interface"),
        ("show_stats", [], "no: it is no method of the interface"),
        ("submit_job", ["examples/hello-job"], "InvalidJobDefinition: there is no file or folder 'hello-job'"),
        ("submit_job", [{"$type": "path", "name": "/etc"}], "InvalidJobDefinition: there is no file or folder 'etc'"),
        ("submit_job", [{"$type": "job", "job": "x"}], "InvalidJobDefinition: there is no file or folder 'None'"),
    ],
)
def test_nothing_of_this_machine_is_touched(method: str, args: list[Any], told: str) -> None:
    """Whatever a recording names: methods of the interface are called, and its own jobs submitted."""
    call = {"call": 1, "session": 1, "at": 0, "took": 0, "method": method, "args": args, "kwargs": {}, "returned": 1}
    session = {"session": 1, "at": 0, "user": None, "type": "", "library": None, "simulated": True}
    lines = ({"recording": 1, "by": "", "started": 0}, session, call)
    recording = Recording.read("".join(json.dumps(line) + "\n" for line in lines).encode())
    (difference,) = replay(recording).differences

    assert difference.simulated == told


def test_what_makes_no_sense_is_refused(recorded: Path) -> None:
    """Before any call is made."""
    with pytest.raises(ValueError, match="tolerance must be a number of seconds, not 'much'"):
        replay(recorded, tolerance="much")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="server must have a VirtualClock"):
        replay(recorded, SimulatedServer(clock=SystemClock()))
    with pytest.raises(ValueError, match="server must be a SimulatedServer, not 5"):
        replay(recorded, 5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="connect must be a function, not 5"):
        replay(recorded, connect=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a server that is given can't be made with seed"):
        replay(recorded, SimulatedServer(), seed=1)
    with pytest.raises(BadRecording, match="file must be the path of a recording, not 7"):
        replay(7)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="personality"):
        replay(recorded, personality="nvflare-9.9")
