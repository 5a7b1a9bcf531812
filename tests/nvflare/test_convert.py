"""Raw recordings are turned into steps, from what was done before and what situations say; the rest is told."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.nvflare.recordings.convert import calls_in, main, turn
from tests.nvflare.recordings.replay import differences, replay

RELEASE = version("nvflare")
ONE, TWO = "0f7dcba3-7a8f-4d36-9be5-395398e96bc6", "1f7dcba3-7a8f-4d36-9be5-395398e96bc6"


def entry(method: str, args: Any, situation: str = "", **outcome: Any) -> dict[str, Any]:
    """An entry of a raw recording."""
    kind = "raise" if "message" in outcome else "return"
    return {"method": method, "args": args, "situation": situation, "outcome_kind": kind, "elapsed_s": 0.01, **outcome}


RAW = [
    entry("submit_job", ["WORK/jobs/minclients"], type="str", value=ONE),
    entry("clone_job", f"('{ONE}',)", "waiting", type="str", value=f"'{TWO}'"),
    entry("delete_job", [ONE], type="NoneType", value=None),
    entry("get_job_meta", [ONE], "deleted", type="JobNotFound", message=f"no such job: {ONE}"),
    entry("list_jobs", [], "after close", type="SessionClosed", message="session closed"),
    entry("list_jobs", "()", "limit=2", type="list", value="['a']"),
    entry("get_job_meta", ["2f7dcba3-7a8f-4d36-9be5-395398e96bc6"], type="dict", value={"status": "RUNNING"}),
    {
        "method": "(note)",
        "situation": "",
        "args": [],
        "outcome_kind": "note",
        "type": "bool",
        "value": True,
        "elapsed_s": 0,
    },
]


def test_steps_are_taken_from_what_was_done_before() -> None:
    """Jobs are made again, and what was done to them is done again."""
    turned, _ = turn(calls_in(RAW), RELEASE)

    assert [(item["do"], item["args"], item["given"]) for item in turned] == [
        ("submit_job", ["@folder/minclients"], []),
        ("clone_job", ["@job0"], ["submit minclients"]),
        ("delete_job", ["@job0"], ["submit minclients"]),
        ("get_job_meta", ["@job0"], ["submit minclients", "call delete_job @job0"]),
        ("list_jobs", [], ["close"]),
    ]


def test_what_was_turned_is_replayed() -> None:
    """On a simulated server it turns out as in the raw recording, but for what a delete returns on 2.9."""
    turned, _ = turn(calls_in(RAW), RELEASE)

    assert [item["do"] for item in turned if differences(item, replay(item, RELEASE))] in ([], ["delete_job"])


def test_what_can_not_be_turned_is_told() -> None:
    """With the reason."""
    _, left = turn(calls_in(RAW), RELEASE)

    assert [(call.number, reason.partition(" ")[0]) for call, reason in left] == [(5, "its"), (6, "where")]


def test_a_status_is_waited_for() -> None:
    """The one that the situation names, or else the last one seen."""
    raw = [
        entry("submit_job", ["WORK/jobs/long"], type="str", value=ONE),
        entry("delete_job", [ONE], "RUNNING job", type="JobNotDone", message=f"job {ONE} is still running"),
        entry("get_job_meta", [ONE], type="dict", value={"job_id": ONE, "status": "RUNNING"}),
        entry("abort_job", [ONE], type="NoneType", value=None),
        entry("get_job_meta", [ONE], "by lead", type="dict", value={"job_id": ONE, "status": "FINISHED:ABORTED"}),
    ]
    turned, _ = turn(calls_in(raw), RELEASE)

    assert turned[1]["given"] == ["submit long", "until RUNNING"]
    assert turned[3]["given"] == ["submit long", "until RUNNING"]
    assert turned[4]["given"] == ["submit long", "until RUNNING", "call abort_job @job0", "user lead@nvidia.com"]


def test_the_command_writes_a_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And tells how much it turned; what is no raw recording gets one line."""
    raw, out = tmp_path / "raw.json", tmp_path / "out.json"
    raw.write_text(json.dumps(RAW), encoding="utf-8")
    main([str(raw), RELEASE, "--out", str(out)])

    assert len(json.loads(out.read_text(encoding="utf-8"))["observations"]) == 5
    assert capsys.readouterr().err.splitlines()[-1] == "5 of 7 calls of the interface turned"
    raw.write_text("{", encoding="utf-8")
    with pytest.raises(SystemExit):
        main([str(raw), RELEASE])
    assert "is no raw recording" in capsys.readouterr().err
