"""A behavior function is asked whenever a round is over: what it is told, what it writes, and what it may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flare_sim import JobBehavior, Run, SimulatedServer
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.job_samples import definition

BEGIN = 1.15
"""So long after it was submitted a job runs."""


def test_a_function_sees_rounds_pass() -> None:
    """It is asked when the run begins and when each round is over: with the time, who is there, and a stream."""
    asked: list[tuple[Any, ...]] = []

    def behave(run: Run) -> JobBehavior | None:
        asked.append((run.round, run.elapsed, run.sites, run.random.random()))
        if run.round is None:
            run.write("begun", "yes")
            run.write("later", "no", at=150)
            run.log("begins")
            run.log("waits", at=100)
            return JobBehavior(rounds=3, every=60)
        run.write("last", f"{run.round}")
        run.log(f"over: {run.round}")
        for site in run.sites:
            run.report(site, {"loss": 1.5 - run.round, "samples": 3 if site == "site-1" else 1})
        run.report("server", {"best": run.round})
        return JobBehavior(outcome="ABNORMAL")  # of what is over it says nothing

    server = SimulatedServer(behavior=behave)
    job_id = server.submit(definition(min_clients=1))
    server.faults.drop("site-1", after=BEGIN + 90)
    server.advance(BEGIN + 130)
    cut = server.workspace(job_id)
    server.run_until_idle()
    files = server.workspace(job_id)

    both = ("site-1", "site-2")
    assert [one[:3] for one in asked] == [(None, 0, both), (0, 60, both), (1, 120, both[1:]), (2, 180, both[1:])]
    assert len({one[3] for one in asked}) == 4
    assert server.jobs[0].status == "FINISHED:COMPLETED"
    assert (cut["begun"], cut["last"], "later" in cut) == (b"yes", b"1", False)
    assert (files["last"], files["later"]) == (b"2", b"no")
    told = [line.rpartition(" - ")[2] for line in files["log.txt"].decode().splitlines()]
    assert [line for line in told if ":" in line or "s" in line][3:] == [
        "begins",
        "over: 0",
        "round 0 ended: 2 of 2 clients took part",
        "waits",
        "over: 1",
        "round 1 ended: 1 of 2 clients took part",
        "over: 2",
        "round 2 ended: 1 of 2 clients took part",
        f"run {job_id} ended: FINISHED:COMPLETED",
    ]
    first = json.loads(files["metrics/round_metrics.jsonl"].splitlines()[0])
    assert first["aggregated_metrics"] == [{"name": "loss", "value": 1.5}, {"name": "best", "value": 0}]


def test_a_function_that_raises_in_a_round_ends_the_run_there() -> None:
    """What it has written before is there, and in that round until it raised."""

    def behave(run: Run) -> JobBehavior:
        run.write("last", f"{run.round}")
        if run.round == 1:
            raise RuntimeError("no more memory")
        return JobBehavior(rounds=3, every=60)

    server = SimulatedServer(behavior=behave)
    job_id = server.submit(definition())
    server.run_until_idle()
    (job,) = server.jobs

    assert (job.status, job.rounds_over) == ("FINISHED:EXECUTION_EXCEPTION", 2)
    assert (job.end_time or 0) - (job.start_time or 0) == pytest.approx(120)
    assert server.workspace(job_id)["last"] == b"1"
    assert b"ERROR - RuntimeError: no more memory" in server.workspace(job_id)["log.txt"]


@pytest.mark.parametrize("verb", ["abort", "drop", "drop and reconnect", "kill", "delete"])
def test_a_function_may_do_something_to_its_own_run(verb: str) -> None:
    """In the middle of it; the round counts, what it wrote is there, and nothing is done twice."""
    asked: list[int | None] = []

    def behave(run: Run) -> JobBehavior | None:
        asked.append(run.round)
        if run.round == 1:
            run.write("last", "1")
            if verb == "abort":
                session.abort_job(run.job_id)
            if verb == "delete":
                session.delete_job(run.job_id)
            if verb == "kill":
                server.faults.kill_job(run.job_id)
            if verb.startswith("drop"):
                server.faults.drop("site-1")
            if verb.endswith("reconnect"):
                server.faults.reconnect("site-1")
        return JobBehavior(rounds=4, every=60)

    server = SimulatedServer(behavior=behave)
    session = server.connect()
    job_id = server.submit(definition())
    server.advance(BEGIN + 130)
    seen = server.workspace(job_id) if verb != "delete" else {}
    server.faults.reconnect("site-1", after=1000)
    server.run_until_idle()

    on = verb.startswith("drop")
    assert asked == [None, 0, 1, *([2, 3] if on else [])]
    assert [record.round for record in server.trace.of("round")] == list(range(4 if on else 2))
    assert [seen.get("last")] == [b"1" if verb != "delete" else None]
    ends = {"abort": "FINISHED:ABORTED", "kill": "FINISHED:ABNORMAL", "delete": None}
    assert [job.status for job in server.jobs] == [end for end in [ends.get(verb, "FINISHED:COMPLETED")] if end]
    assert books(server._state) == made_anew(server._state)
