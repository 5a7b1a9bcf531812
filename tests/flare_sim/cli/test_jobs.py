"""flare-sim run: what it prints, and what it exits with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import SimulatedServer, Trace
from tests.flare_sim.cli.flare_sim_command import flare_sim
from tests.flare_sim.disk.full_disk import full_disk
from tests.flare_sim.job_samples import behaving, definition, write_job

if TYPE_CHECKING:
    from pathlib import Path


def test_a_job_is_run_and_its_life_shown(job: str) -> None:
    """Every step with its time, the final status, what the servers wrote down; exit 0."""
    result = flare_sim("run", job)

    assert result.exit_code == 0
    life = ("submit_job by admin@nvidia.com", "SUBMITTED (deploying)", "1.050", "DISPATCHED", "FINISHED:COMPLETED")
    for line in (*life, "8.150", "site-2: OK"):
        assert line in result.output


@pytest.mark.parametrize(
    ("words", "changes", "expected"),
    [
        ([], {"custom_props": behaving(outcome="ABNORMAL")}, "FINISHED:ABNORMAL"),
        ([], {"min_clients": 5}, "connected sites (2) < min_sites (5)"),
        (["--clients", "0"], {}, "'small': SUBMITTED, waits for clients: 2 wanted, none there"),
        (["--clients", "1"], {}, "FINISHED:CAN_NOT_SCHEDULE"),
        (["--user", "eve"], {}, "Error: unknown user 'eve'"),
        (["--user", "member@nvidia.com"], {}, "not authorized for 'submit_job'"),
        ([], {"min_clients": 0}, "  problem  min_clients must be"),
    ],
)
def test_a_job_that_does_not_complete_is_exit_1(
    tmp_path: Path, words: list[str], changes: dict[str, Any], expected: str
) -> None:
    """Any other end, and a refusal, says why and exits with 1."""
    result = flare_sim("run", write_job(tmp_path / "small", **changes), *words)

    assert result.exit_code == 1
    assert expected in result.output


def test_the_life_of_a_job_is_told_as_json(job: str, tmp_path: Path) -> None:
    """Nothing but JSON is printed, whatever is written besides; records and meta are those of the server."""
    trace, out = tmp_path / "t.jsonl", tmp_path / "out"
    result = flare_sim("run", job, "--json", "--trace", str(trace), "--download", str(out))
    told = json.loads(result.output)

    records = Trace.from_jsonl(trace.read_text(encoding="ascii"))
    assert (result.exit_code, told["format"], told["status"]) == (0, 1, "FINISHED:COMPLETED")
    assert told["life"] == [record.as_dict() for record in records.about(told["job_id"])]
    assert told["digest"] == records.digest()
    assert told["meta"]["name"] == "small"
    assert (told["stuck"], told["problems"], told["result"]) == ({}, [], str(out / told["job_id"]))


def test_what_is_wrong_with_a_job_is_told_as_json(tmp_path: Path) -> None:
    """Of one that is refused, and of one that waits for ever."""
    refused = flare_sim("run", write_job(tmp_path / "a", min_clients=0), "--json")
    stuck = flare_sim("run", write_job(tmp_path / "b"), "--json", "--clients", "0")

    told = json.loads(refused.stdout)
    assert (refused.exit_code, told["job_id"], told["error"]) == (1, None, "InvalidJobDefinition")
    assert [problem["kind"] for problem in told["problems"]] == ["min-clients"]
    assert stuck.exit_code == 1
    assert list(json.loads(stuck.stdout)["stuck"].values()) == ["waits for clients: 2 wanted, none there"]


def test_a_timeline_is_written(job: str, tmp_path: Path) -> None:
    """The page of the server, also afterwards, of its trace or its state file; those two name what they tell of."""
    page, trace, state = (str(tmp_path / name) for name in ("page.html", "trace.jsonl", "twin.flare"))
    ran = flare_sim("run", job, "--timeline", page, "--trace", trace, "--state", state)
    drawn = [flare_sim("timeline", file, "-o", "-") for file in (trace, state)]

    assert f"Timeline: {page}" in ran.output
    assert [one.exit_code for one in (ran, *drawn)] == [0, 0, 0]
    of_run = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert of_run == drawn[1].stdout
    assert "<title>simulated_project</title>" in of_run
    assert "<title>trace.jsonl</title>" in drawn[0].stdout
    for text in (of_run, drawn[0].stdout):
        assert "submit_job by admin@nvidia.com" in text
        assert text.count('class="bar RUNNING"') == 2


def test_a_timeline_goes_where_it_is_said(job: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To timeline.html, unless told."""
    monkeypatch.chdir(tmp_path)
    assert flare_sim("run", job, "--trace", "trace.jsonl").exit_code == 0

    told = flare_sim("timeline", "trace.jsonl")

    assert (told.exit_code, told.output) == (0, "Timeline: timeline.html\n")
    assert (tmp_path / "timeline.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"{}", "line 1 is not a record: '{}'"), (b"\xff", "it is no text"), (b"flare-sim state\n!", "")],
)
def test_what_is_no_trace_has_no_timeline(content: bytes, reason: str, tmp_path: Path) -> None:
    """Nothing is written, and it is wrong usage."""
    (tmp_path / "file").write_bytes(content)
    told = flare_sim("timeline", str(tmp_path / "file"), "-o", str(tmp_path / "page.html"))

    assert told.exit_code == 2
    assert "is neither a trace nor a state file: " in told.output.replace("\n", " ")
    assert reason in told.output
    assert not (tmp_path / "page.html").exists()


def test_a_state_file_of_a_server_with_functions_has_a_timeline(tmp_path: Path) -> None:
    """Nothing runs there, so it does not matter what its jobs were told to do."""
    with SimulatedServer(behavior=lambda run: None, state_file=tmp_path / "twin.flare") as server:
        server.submit(definition(name="by-function"))
        server.run_until_idle()

    assert "by-function" in flare_sim("timeline", str(tmp_path / "twin.flare"), "-o", "-").stdout


def test_trace_and_result_are_written(job: str, tmp_path: Path) -> None:
    """The trace is read back, the result is where it was asked for, and the seed decides the id."""
    words = ("run", job, "--trace", str(tmp_path / "t.jsonl"), "--download", str(tmp_path / "out"), "--seed", "3")

    assert flare_sim(*words).exit_code == 0

    trace = Trace.from_jsonl((tmp_path / "t.jsonl").read_text(encoding="ascii"))
    (folder,) = (tmp_path / "out").iterdir()
    assert [record.state for record in trace.of("state")] == ["DEPLOYING", "DISPATCHED", "RUNNING", "COMPLETED"]
    assert {folder.name} == {record.job_id for record in trace.of("state")}
    assert (folder / "workspace" / "fl_app.txt").read_text() == "app"


def test_a_trace_that_cannot_be_written_whole_leaves_the_one_before(job: str, tmp_path: Path) -> None:
    """A disk that is full spoils nothing."""
    (tmp_path / "t.jsonl").write_text("before")

    with full_disk(100):
        result = flare_sim("run", job, "--trace", str(tmp_path / "t.jsonl"))

    assert "t.jsonl: File too large" in result.output
    assert result.exit_code != 0
    assert (tmp_path / "t.jsonl").read_text() == "before"


def test_results_of_two_runs_are_kept_apart(job: str, tmp_path: Path) -> None:
    """Two runs have a job of the same id, and each its result: the first stays as it is."""
    words = ("run", job, "--download", str(tmp_path / "out"))
    flare_sim(*words)
    (first,) = (tmp_path / "out").iterdir()
    (first / "job" / "mine.txt").write_text("mine")

    assert flare_sim(*words, "--run-seconds", "3").exit_code == 0

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [first.name, f"{first.name}__1"]
    assert (first / "job" / "mine.txt").exists()
    assert not (tmp_path / "out" / f"{first.name}__1" / "job" / "mine.txt").exists()


def test_a_trace_that_cannot_be_written_is_an_error(job: str, tmp_path: Path) -> None:
    """A place that isn't there is reported, without a traceback."""
    result = flare_sim("run", job, "--trace", str(tmp_path / "no" / "t.jsonl"))

    assert result.exit_code == 4
    assert f"Error: can't write {tmp_path}/no/t.jsonl: No such file or directory\n" in result.output


def test_a_refused_job_is_told_as_check_tells_it(tmp_path: Path) -> None:
    """The same lines, on standard error, and nothing else."""
    path = write_job(tmp_path / "small", min_clients=0, name=5)

    result = flare_sim("run", path)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == flare_sim("check", path).stdout


def test_what_clients_lack_is_told_of_a_job_that_runs(tmp_path: Path) -> None:
    """A warning comes before the life of the job, as ``check --clients`` gives it."""
    path = write_job(tmp_path / "small", min_clients=5)

    result = flare_sim("run", "--clients", "a,b,c", path)

    assert "the job needs 5 clients, and 3 are there" in result.stderr
    assert "connected sites (3) < min_sites (5)" in result.stdout


def test_it_takes_the_options_of_a_server(job: str, tmp_path: Path) -> None:
    """Whose servers it is like, who its clients are, how jobs run, and how large they may be."""
    named = flare_sim("run", "--clients", "hospital-a,hospital-b", "--run-seconds", "100", job)
    like_2_3 = flare_sim("run", "--personality", "nvflare-2.3", write_job(tmp_path / "bad", deploy_map=["app"]))

    assert "hospital-b: OK" in named.output
    assert "101.150" in named.output
    assert "  answer  " in like_2_3.stderr
    assert flare_sim("run", "--outcome", "ABNORMAL", job).exit_code == 1
    assert "--max-job-bytes" in flare_sim("run", "--max-job-bytes", "1", job).stderr


def test_a_run_may_have_rounds(job: str, tmp_path: Path) -> None:
    """Which the table tells, and a result with what was reached in each."""
    words = ("--rounds", "3", "--every", "60", "--metrics", "fedavg", "--download", str(tmp_path / "out"))
    result = flare_sim("run", job, *words)

    told = [line.replace("│", " ").split() for line in result.output.splitlines() if "is over" in line]
    assert told == [[f"{61.15 + 60 * number:.3f}", "round", str(number), "is", "over"] for number in range(3)]
    (folder,) = (tmp_path / "out").iterdir()
    assert len((folder / "workspace/metrics/round_metrics.jsonl").read_text().splitlines()) == 3


def test_somebody_else_may_submit(job: str) -> None:
    """A user with a role is there; one who may not submit is told so, whatever the job is like."""
    assert "submit_job by me@here.org" in flare_sim("run", "--user", "me@here.org:lead", job).output
    refused = flare_sim("run", "--user", "me@here.org:member", job)
    assert (refused.exit_code, "not authorized" in refused.stderr) == (1, True)
    assert flare_sim("run", "--user", "me@here.org:king", job).exit_code == 2


def test_a_system_is_kept_from_call_to_call(job: str, tmp_path: Path) -> None:
    """Its jobs, its ids and its time go on; a file that is no state is told of in a line."""
    words = ("run", job, "--state", str(tmp_path / "state"), "--trace", str(tmp_path / "t.jsonl"))
    for times in (1, 2):
        assert flare_sim(*words).exit_code == 0
        trace = Trace.from_jsonl((tmp_path / "t.jsonl").read_text(encoding="ascii"))
        assert len({record.job_id for record in trace.of("command")}) == times
    refused = flare_sim(*words, "--seed", "5")
    (tmp_path / "state").write_text("something else")
    broken = flare_sim(*words)

    assert (refused.exit_code, broken.exit_code) == (2, 2)
    assert "another seed: 0, not 5" in refused.output
    assert "is not the state of a server" in broken.output
