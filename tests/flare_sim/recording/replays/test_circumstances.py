"""What a recording tells of its system."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flare_sim import DEFAULT_USERS, JobBehavior, User
from flare_sim.recording import Recording
from flare_sim.recording.replays.circumstances import Circumstances, Fault, circumstances

JOB = "0f7dcba3-7a8f-4d36-9be5-395398e96bc6"
FOREVER = JobBehavior(run_seconds=1e9)


def told(*calls: tuple[float, str, Any, Any], sessions: tuple[dict[str, Any], ...] = ({},)) -> Circumstances:
    """What calls tell: when they began, the method, the argument, what they returned, or raised."""
    lines: list[dict[str, Any]] = [{"recording": 1, "by": "", "started": 0}]
    for number, session in enumerate(sessions, 1):
        facts = {"session": number, "at": 0, "user": "ann", "type": "", "library": None, "simulated": False}
        lines.append({**facts, **session})
    for number, (at, method, arg, outcome) in enumerate(calls, 1):
        call = {"call": number, "session": 1, "at": at, "took": 0, "method": method, "args": [arg], "kwargs": {}}
        raised = isinstance(outcome, type)
        lines.append(
            {**call, **({"raised": {"type": outcome.__name__, "text": ""}} if raised else {"returned": outcome})}
        )
    return circumstances(Recording.read("".join(json.dumps(line) + "\n" for line in lines).encode()))


def status(of: str, **more: Any) -> dict[str, Any]:
    """A meta of the job."""
    return {"job_id": JOB, "status": of, **more}


class NoConnection(Exception):
    """By its name."""


class SessionClosed(Exception):
    """By its name."""


@pytest.mark.parametrize(
    ("calls", "behavior"),
    [
        ([], None),
        ([(1, status("SUBMITTED"))], None),
        ([(1, status("RUNNING"))], JobBehavior(run_seconds=1)),
        ([(9, status("RUNNING", duration="0:00:07"))], JobBehavior(run_seconds=8)),
        ([(1, status("RUNNING")), (9, status("FINISHED:ABANDONED"))], FOREVER),
        ([(9, status("FINISHED:COMPLETED", duration="0:01:00.5"))], JobBehavior(run_seconds=60.5)),
        ([(9, status("FINISHED:ABNORMAL", duration="N/A"))], JobBehavior(outcome="ABNORMAL")),
        (
            [(5.15, status("RUNNING")), (7.15, status("FINISHED:ABNORMAL"))],
            JobBehavior(run_seconds=5.0, outcome="ABNORMAL"),
        ),
        ([(9, status("FINISHED:CAN_NOT_SCHEDULE"))], None),
    ],
)
def test_how_a_job_ran(calls: list[tuple[float, dict[str, Any]]], behavior: JobBehavior | None) -> None:
    """As long as its duration tells, or between two sights; for ever when nobody saw it end."""
    seen = [(at, "get_job_meta", JOB, meta) for at, meta in calls]

    assert told((0, "submit_job", "x", JOB), *seen).behaviors == ({} if behavior is None else {JOB: behavior})


def test_a_job_of_which_little_was_seen_is_like_others_of_its_name() -> None:
    """The last one that was seen to end."""
    other = "f7200b34-2660-4b26-8f97-23a977d1da93"
    ended = status("FINISHED:COMPLETED", duration="0:01:00", name="a")
    seen = told(
        (0, "submit_job", "x", JOB),
        (0, "submit_job", "x", other),
        (1, "get_job_meta", other, {"job_id": other, "status": "SUBMITTED", "name": "a"}),
        (90, "get_job_meta", JOB, ended),
    )

    assert seen.behaviors == dict.fromkeys((JOB, other), JobBehavior(run_seconds=60))


def test_a_job_that_no_longer_runs_is_over() -> None:
    """As the system information tells."""
    ran, gone = ({"client_info": [], "job_info": jobs} for jobs in ([{"job_id": JOB}], []))
    seen = told(
        (0, "submit_job", "x", JOB), (5.15, "get_system_info", None, ran), (7.15, "get_system_info", None, gone)
    )

    assert seen.behaviors == {JOB: JobBehavior(run_seconds=5)}


def test_a_job_that_was_aborted_ran_until_then() -> None:
    """By a call of the recording; another's abort is how it ends."""
    over = status("FINISHED:ABORTED", duration="0:00:05")

    assert told((5, "abort_job", JOB, None), (6, "get_job_meta", JOB, over)).behaviors == {JOB: FOREVER}
    assert told((6, "get_job_meta", JOB, over)).behaviors == {JOB: JobBehavior(run_seconds=5, outcome="ABORTED")}


def test_what_a_job_left_is_there_by_name() -> None:
    """Neither what servers write, nor the job itself, nor signatures."""
    names = ["meta.json", "job/j/app/config/a.json", "workspace/log.txt", "workspace/app_server/config/a.json"]
    names += ("workspace/models/m.npy", "workspace/app_server/g.pt", "workspace/app_server/.__nvfl_sig.json")
    files = {"$type": "folder", "files": {name: [1, ""] for name in names}}
    seen = told((0, "get_job_meta", JOB, status("FINISHED:COMPLETED")), (1, "download_job_result", JOB, files))

    assert dict(seen.behaviors[JOB].result_files or ()) == {"models/m.npy": b"", "app_server/g.pt": b""}


def test_who_was_there() -> None:
    """Clients as the system information tells them, users with the roles that metas tell."""
    info = {"client_info": [{"name": "b"}, {"name": "a"}], "job_info": [{"job_id": JOB}]}
    meta = status("SUBMITTED", submitter_name="bob", submitter_org="x", submitter_role="member")
    seen = told((0, "get_system_info", None, info), (1, "get_job_meta", JOB, meta), sessions=({}, {"user": "admin"}))

    assert seen.clients == ("b", "a")
    assert set(seen.users) - set(DEFAULT_USERS) == {
        User("bob", "x", "member"),
        User("ann"),
        User("admin", role="super"),
    }
    assert told().clients is None


@pytest.mark.parametrize(
    ("library", "simulated", "personality"),
    [
        ("nvflare 2.9.0", False, "nvflare-2.9"),
        ("nvflare 2.3.12", False, "nvflare-2.3"),
        ("nvflare 2.5.2", False, None),
        ("nvflare 2.9.0", True, None),
        ("other 2.9", False, None),
        (None, False, None),
    ],
)
def test_whose_server_it_was(library: str | None, simulated: bool, personality: str | None) -> None:
    """That of a release, unless it was a simulated one."""
    assert told(sessions=({"library": library, "simulated": simulated},)).personality == personality


LIST: tuple[Any, ...] = ("list_jobs", None, [])
GONE = ("list_jobs", None, NoConnection)
CLOSED = ("list_jobs", None, SessionClosed)


@pytest.mark.parametrize(
    ("calls", "faults"),
    [
        ([(1, *LIST), (2, *LIST)], ()),
        ([(1, *LIST), (2, *GONE), (3, *GONE), (4, *LIST)], (Fault(2, "partition"), Fault(4, "repair"))),
        ([(2, *GONE)], (Fault(2, "partition"),)),
        ([(2, *GONE), (4, *CLOSED), (5, *CLOSED)], (Fault(2, "crash"), Fault(4, "restart"))),
        ([(4, *CLOSED), (5, *CLOSED)], (Fault(4, "lose_sessions", ("ann",)),)),
        ([(1, "close", None, None), (2, *CLOSED)], ()),
    ],
)
def test_what_broke(calls: list[Any], faults: tuple[Fault, ...]) -> None:
    """Whatever explains what calls raised; a session that was closed explains itself."""
    assert told(*calls).faults == faults
