"""A run writes as time passes: what is there at any moment is a beginning of the whole, and no more than had been."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import JobBehavior, MonitorReturnCode, SimulatedServer
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.interpreters import SUPPORTED, interpreter
from tests.flare_sim.job_samples import behaving, definition

ROUNDS = "metrics/round_metrics.jsonl"
BEGIN = 1.15
"""So long after it was submitted a job runs."""
PATHS = st.sampled_from(["a", "a/b", "app_server/model", "log_{round}", "app_{site}/x", "metrics"])
BEHAVIORS = st.builds(
    JobBehavior,
    rounds=st.none() | st.integers(1, 9),
    every=st.none() | st.sampled_from([0, 1, 2.5, 10 / 3]),
    run_seconds=st.none() | st.sampled_from([0, 7, 20]),
    metrics=st.sampled_from([None, "fedavg", {"*": {"loss": [3, 2, 1]}, "server": {"best": [1]}}]),
    round_files=st.none() | st.dictionaries(PATHS.filter(lambda path: path != "a"), st.just("in {round} by {site}")),
    timed_files=st.lists(st.tuples(st.sampled_from([0, 1, 4.25, 9]), st.sampled_from(["a", "a/b"]), st.just("x"))),
    log_lines=st.lists(st.tuples(st.sampled_from([0, 2, 8.5]), st.text("ab", max_size=3))),
)
TIMES = st.sampled_from([0.5, 1.0, 1.15, 2.5, 4.4, 6.15, 8.0, 11.15, 19.9])


def silent_at(server: SimulatedServer, changes: list[tuple[float, str, str]]) -> None:
    """Let clients drop and come back at their times."""
    for at, verb, client in changes:
        getattr(server.faults, verb)(client, after=at)


def started(behavior: Any, changes: list[tuple[float, str, str]], **given: Any) -> tuple[SimulatedServer, str]:
    """A server with a job that goes on with one client."""
    server = SimulatedServer(behavior=behavior, clients=["a", "b"], **given)
    job_id = server.submit(definition(min_clients=1))
    silent_at(server, changes)
    return server, job_id


CHANGES = st.lists(st.tuples(TIMES, st.sampled_from(["drop", "reconnect"]), st.sampled_from(["a", "b"])), max_size=6)


def log_of(files: dict[str, bytes]) -> list[bytes]:
    """The lines of a run's log, but for the one that says how it ended."""
    return [line for line in files.get("log.txt", b"").splitlines() if b" ended: FINISHED" not in line]


@settings(max_examples=150)
@given(BEHAVIORS, CHANGES, TIMES)
def test_what_is_there_at_any_time_is_a_beginning_of_the_whole(
    behavior: JobBehavior, changes: list[tuple[float, str, str]], when: float
) -> None:
    """Whoever looks changes nothing; an abort keeps what there was at that moment, to the byte."""
    whole, job_id = started(behavior, changes)
    whole.run_until_idle()
    cut, _ = started(behavior, changes)
    cut.advance(when)
    seen = cut.workspace(job_id)
    running = cut.jobs[0].status == "RUNNING"
    rounds = cut.jobs[0].rounds_over
    cut.connect().abort_job(job_id)
    kept, everything = cut.workspace(job_id), whole.workspace(job_id)

    if running and ROUNDS in everything:
        assert everything[ROUNDS].startswith(seen.get(ROUNDS, b""))
    if running:
        assert log_of(kept) == log_of(seen) == log_of(everything)[: len(log_of(seen))]
        assert {**kept, "log.txt": b""} == {**seen, "log.txt": b""}
        assert cut.jobs[0].rounds_over == rounds
    told = [record[:3] for record in whole.trace.of("round")]
    assert [record[:3] for record in cut.trace.of("round")] == told[: len(cut.trace.of("round"))]
    assert books(cut._state) == made_anew(cut._state)


@settings(max_examples=60)
@given(BEHAVIORS, CHANGES, st.lists(TIMES, max_size=4))
def test_looking_on_changes_nothing(
    behavior: JobBehavior, changes: list[tuple[float, str, str]], steps: list[float]
) -> None:
    """However time passes, and whoever looks meanwhile, it comes to the same, as it does in a second run."""
    ends = []
    for looks in ([], steps, []):
        server, job_id = started(behavior, changes)
        for seconds in looks:
            server.advance(seconds)
            server.workspace(job_id)
        server.advance(100 - sum(looks))
        ends.append((server.workspace(job_id), server.jobs, server.trace.digest()))

    assert ends[0] == ends[1] == ends[2]


TRAINING = JobBehavior(
    rounds=10,
    every=60,
    metrics="fedavg",
    round_files={"app_server/FL_global_model.pt": "weights {round}", "app_{site}/local.npy": "{site} {round}"},
    timed_files=[(90, "notes.txt", "early"), (500, "notes.txt", "late")],
    log_lines=[(30, "data loaded"), (590, "nearly done")],
)


def rounds_in(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """What is told of each round."""
    return [json.loads(line) for line in files.get(ROUNDS, b"").splitlines()]


def test_an_aborted_run_delivers_what_it_had_done(tmp_path: Path) -> None:
    """After 100 of 600 seconds that is one round of ten; the three seconds that the abort takes add nothing."""
    server = SimulatedServer(behavior=TRAINING)
    session = server.connect(download_dir=str(tmp_path))
    job_id = session.submit_definition(definition())
    server.advance(BEGIN + 100)
    session.abort_job(job_id)
    session.download_job_result(job_id)
    workspace = tmp_path / job_id / "workspace"

    assert server.jobs[0].status == "FINISHED:ABORTED"
    assert (workspace / "app_server/FL_global_model.pt").read_text() == "weights 0"
    assert (workspace / "app_site-2/local.npy").read_text() == "site-2 0"
    assert (workspace / "notes.txt").read_text() == "early"
    assert [line["round"] for line in rounds_in(server.workspace(job_id))] == [0]
    assert not (workspace / "metrics/metrics_summary.json").exists()
    assert [line.partition(" - server - INFO - ")[2] for line in (workspace / "log.txt").read_text().splitlines()] == [
        f"run {job_id} started",
        "client site-1 joined",
        "client site-2 joined",
        "data loaded",
        "round 0 ended: 2 of 2 clients took part",
        f"run {job_id} ended: FINISHED:ABORTED",
    ]


def test_a_run_that_ends_has_all_of_it() -> None:
    """It takes as long as its rounds, each of which the trace tells at its end."""
    server = SimulatedServer(behavior=TRAINING)
    job_id = server.submit(definition())
    server.run_until_idle()
    files = server.workspace(job_id)
    (job,) = server.jobs

    assert (job.rounds, job.rounds_over) == (10, 10)
    assert ((job.end_time or 0) - (job.start_time or 0)) == pytest.approx(600)
    assert [(round(record.seconds - (job.start_time or 0)), record.round) for record in server.trace.of("round")] == [
        (60 * (number + 1), number) for number in range(10)
    ]
    assert [record.kind for record in server.history(job_id)][-2:] == ["round", "state"]
    assert (files["app_server/FL_global_model.pt"], files["notes.txt"]) == (b"weights 9", b"late")
    summary = json.loads(files["metrics/metrics_summary.json"])
    assert summary == {
        "schema_version": "1",
        "status": "metrics_reported",
        "final_round": 9,
        "final_aggregated_metrics": rounds_in(files)[-1]["aggregated_metrics"],
        "round_metrics_file": "round_metrics.jsonl",
        "job_name": "small",
    }
    means = {metric["name"]: metric["value"] for metric in summary["final_aggregated_metrics"]}
    across = json.loads(files["cross_site_val/cross_val_results.json"])
    assert across == {site: {"SRV_FL_global_model.pt": means} for site in ("site-1", "site-2")}


def test_a_run_can_be_watched_growing(server: SimulatedServer) -> None:
    """Not by sessions, of which real ones get nothing before the end; by the server's owner."""
    server = SimulatedServer(behavior=TRAINING)
    job_id = server.submit(definition())
    grown = []
    for seconds in (1.1, 60.05, 60, 60):
        server.advance(seconds)
        files = server.workspace(job_id)
        grown.append((len(rounds_in(files)), files.get("app_server/FL_global_model.pt"), server.jobs[0].rounds_over))

    assert grown == [(0, None, 0), (1, b"weights 0", 1), (2, b"weights 1", 2), (3, b"weights 2", 3)]
    assert str(server.jobs[0]) == f"job {job_id} 'small': RUNNING, 3 of 10 rounds over"
    assert [path for path in server.stored_files(job_id) if path.startswith("workspace")] == []


def test_a_client_that_is_away_has_no_part() -> None:
    """From its drop on it writes nothing, and once it is back it goes on."""
    server = SimulatedServer(behavior=TRAINING)
    job_id = server.submit(definition(min_clients=1))
    server.faults.drop("site-2", after=BEGIN + 150)
    server.faults.reconnect("site-2", after=BEGIN + 290)
    server.advance(BEGIN + 250)
    away = server.workspace(job_id)
    server.run_until_idle()
    files = server.workspace(job_id)

    assert (away["app_site-1/local.npy"], away["app_site-2/local.npy"]) == (b"site-1 3", b"site-2 1")
    assert [sorted(site["name"] for site in line["sites"]) for line in rounds_in(files)] == [
        ["site-1"] if number in (2, 3) else ["site-1", "site-2"] for number in range(10)
    ]
    assert files["app_site-2/local.npy"] == b"site-2 9"
    assert b"round 2 ended: 1 of 2 clients took part" in files["log.txt"]


def test_a_paused_run_writes_nothing() -> None:
    """Its rounds and its files are as much later, and times in its log are those of the clock."""
    server = SimulatedServer(behavior=TRAINING)
    job_id = server.submit(definition())
    server.faults.drop("site-2", after=BEGIN + 80)
    server.faults.reconnect("site-2", after=BEGIN + 1080)
    server.advance(BEGIN + 1079)
    paused = server.workspace(job_id)
    server.run_until_idle()
    (job,) = server.jobs

    assert (len(rounds_in(paused)), "notes.txt" in paused) == (1, False)
    assert ((job.end_time or 0) - (job.start_time or 0)) == pytest.approx(1600)
    assert [round(record.seconds - (job.start_time or 0)) for record in server.trace.of("round")][:3] == [
        60,
        1120,
        1180,
    ]
    lines = server.workspace(job_id)["log.txt"].decode().splitlines()
    assert [line[11:19] for line in lines if "round 0" in line or "round 1 " in line] == ["00:01:01", "00:18:41"]


def test_a_crash_is_where_a_run_stops_writing() -> None:
    """What it had written is seen by the owner alone: of an abandoned run a server keeps nothing."""
    server = SimulatedServer(behavior=TRAINING)
    job_id = server.submit(definition())
    server.advance(BEGIN + 130)
    server.faults.crash()
    server.advance(500)
    server.faults.restart()
    server.advance(500)

    assert server.jobs[0].status == "FINISHED:ABANDONED"
    assert (server.jobs[0].rounds_over, len(rounds_in(server.workspace(job_id)))) == (2, 2)
    assert server.workspace(job_id)["notes.txt"] == b"early"
    assert len(server.trace.of("round")) == 2
    assert [path for path in server.stored_files(job_id) if path.startswith("workspace/")] == []


PROGRAM = """
import sys, hashlib
from flare_sim import JobBehavior, SimulatedServer
def behave(run):
    if run.round is None:
        return JobBehavior(rounds=5, every=60, metrics="fedavg", round_files={"app_{site}/{round}": "{round}"})
    run.log(f"{run.random.gauss()} {run.random.choice(run.sites)}")
server = SimulatedServer(behavior=behave, clients=["a", "b", "c"])
job_id = server.connect().submit_job("examples/hello-job")
server.faults.drop("b", after=100)
server.faults.reconnect("b", after=210)
server.run_until_idle()
sys.stdout.write(hashlib.sha256(repr(server.workspace(job_id)).encode()).hexdigest())
"""


@pytest.mark.slow
def test_it_is_the_same_everywhere() -> None:
    """In another process, with other hashes, in every supported Python: to the last byte."""
    root, told = Path(__file__).parents[3], set()
    pythons = [python for version in SUPPORTED if (python := interpreter(version))]
    for python, hash_seed in [(python, seed) for python in pythons for seed in ("0", "5")]:
        environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
        done = subprocess.run(
            [python, "-c", PROGRAM], capture_output=True, check=True, cwd=root, text=True, env=environment
        )
        told.add(done.stdout)

    assert len(told) == 1
    assert len(told.pop()) == 64


@pytest.mark.parametrize("outcome", ["EXECUTION_EXCEPTION", "ABNORMAL", "ABORTED"])
def test_a_run_that_fails_in_the_middle_has_so_many_rounds(outcome: str) -> None:
    """Told by how long it runs; a process that is killed stops there."""
    server = SimulatedServer(behavior=TRAINING.or_else(JobBehavior(run_seconds=150, outcome=outcome)))
    killed = SimulatedServer(behavior=TRAINING)
    ids = [one.submit(definition()) for one in (server, killed)]
    server.run_until_idle()
    killed.faults.kill_job(ids[1], after=BEGIN + 150)
    killed.run_until_idle()

    for one, job_id in zip((server, killed), ids, strict=True):
        assert (one.jobs[0].rounds, one.jobs[0].rounds_over) == (10, 2)
        assert len(rounds_in(one.workspace(job_id))) == 2
    assert killed.jobs[0].status == "FINISHED:ABNORMAL"


@pytest.mark.parametrize("progress", ["immediate", "manual"])
def test_jobs_that_get_on_without_time_write_the_same(progress: str) -> None:
    """All of it, round after round."""
    timed, other = SimulatedServer(behavior=TRAINING), SimulatedServer(behavior=TRAINING, progress=progress)
    ids = [server.submit(definition()) for server in (timed, other)]
    timed.run_until_idle()
    while other.jobs[0].status != "FINISHED:COMPLETED":
        other.step(ids[1]) if progress == "manual" else other.catch_up()
    files = [server.workspace(job_id) for server, job_id in zip((timed, other), ids, strict=True)]

    names = [name for name in files[0] if name not in ("log.txt", "meta.json")]
    assert [[one[name] for name in names] for one in files] == [[files[0][name] for name in names]] * 2
    assert [record.round for record in other.trace.of("round")] == list(range(10))
    assert files[1]["log.txt"].count(b"took part") == 10


def test_a_run_that_does_not_end_goes_on_writing_but_for_rounds() -> None:
    """One whose client has raised has the rounds of its time, and then waits for somebody to end it."""
    behavior = JobBehavior(
        rounds=5, every=10, run_seconds=25, outcome="CLIENT_EXCEPTION", log_lines=[(99, "still there")]
    )
    server = SimulatedServer(behavior=behavior)
    job_id = server.submit(definition())
    server.advance(200)

    assert (server.jobs[0].status, server.jobs[0].rounds_over) == ("RUNNING", 2)
    assert b"still there" in server.workspace(job_id)["log.txt"]


def test_a_monitor_sees_the_status_as_before(server: SimulatedServer) -> None:
    """Rounds are no change of status, and no reason to ask more often."""
    server = SimulatedServer(behavior=TRAINING)
    session = server.connect()
    job_id = session.submit_definition(definition())

    assert session.monitor_job(job_id, poll_interval=100) is MonitorReturnCode.JOB_FINISHED
    assert server.requests.counts["get_job_meta"] == 8


def test_a_job_says_it_itself_and_others_are_as_the_server_says() -> None:
    """In its meta, as JSON; the rounds of one source and the seconds of another go together."""
    server = SimulatedServer(behavior=JobBehavior(every=20, metrics="fedavg"))
    own = server.submit(definition(custom_props=behaving(rounds=4, round_files={"r{round}": "{round}"})))
    other = server.submit(definition(custom_props=behaving(run_seconds=50)))
    server.run_until_idle()

    assert [(job.rounds, job.rounds_over) for job in server.jobs] == [(4, 4), (2, 2)]
    assert [(job.end_time or 0) - (job.start_time or 0) for job in server.jobs] == pytest.approx([80, 50])
    assert [path for path in server.workspace(own) if path.startswith("r")] == ["r0", "r1", "r2", "r3"]
    assert len(rounds_in(server.workspace(other))) == 2


def test_a_server_without_rounds_plans_none(server: SimulatedServer) -> None:
    """A job of which nothing is said has no more events than it had, and no program."""
    server.submit(definition())
    server.advance(2)

    assert len(server._state.timeline) == 1
    assert [(job.output.program, job.output.history, job.course.progress) for job in server._state.store] == [
        (None, None, None)
    ]
