"""What a run has written by a moment: files, lines and metrics, worked out from its program and its history."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import JobBehavior
from flare_sim.engine.history import History, Notes, Program
from flare_sim.engine.job import Job, Output
from flare_sim.engine.runs.written import files_written, lines_written, rounds_told
from flare_sim.jobs.result_files import clashing
from tests.flare_sim.job_samples import new_job

SECOND = 1_000_000


def job_of(history: History, files: dict[str, bytes] | None = None, length: int = 100, **behavior: Any) -> Job:
    """A job whose run on ``a`` and ``b`` began at second 1000."""
    job = new_job()
    job.apps = {"server": "app", "a": "app", "b": "app"}
    job.output = Output(files or {}, 0, (), Program(JobBehavior(**behavior), length * SECOND), history)
    return job


RUNNING = History().gone_on(1000 * SECOND)


def test_what_is_written_last_is_there() -> None:
    """At the same place, or where it is in the way: as a file or as a folder."""
    job = job_of(
        RUNNING,
        {"a": b"0", "b/c": b"0", "d": b"0"},
        timed_files=[
            (0, "d", "now"),
            (3, "a", "3"),
            (2, "a/x", "2"),
            (4, "b", "4"),
            (5, "b/c/d", "5"),
            (5, "e", "5"),
            (5, "e", "6"),
        ],
    )
    seen = [files_written(job, (1000 + second) * SECOND) for second in range(6)]

    assert seen == [
        {"a": b"0", "b/c": b"0", "d": b"now"},
        {"a": b"0", "b/c": b"0", "d": b"now"},
        {"a/x": b"2", "b/c": b"0", "d": b"now"},
        {"a": b"3", "b/c": b"0", "d": b"now"},
        {"a": b"3", "b": b"4", "d": b"now"},
        {"a": b"3", "b/c/d": b"5", "d": b"now", "e": b"6"},
    ]


PATHS = st.sampled_from(["a", "a/b", "a/b/c", "b", "b/a", "metrics", "{round}", "{site}/x"])


@given(
    st.dictionaries(PATHS.filter(lambda path: "{" not in path and path in ("a", "b", "metrics")), st.just(b"0")),
    st.lists(st.tuples(st.integers(0, 9), PATHS.filter(lambda path: "{" not in path), st.just("t"))),
    st.dictionaries(PATHS, st.just("r{round}")).filter(lambda files: clashing(files) is None),
    st.integers(0, 5),
)
def test_no_file_is_a_folder(
    files: dict[str, bytes], timed: list[tuple[int, str, str]], of_rounds: dict[str, str], rounds: int
) -> None:
    """Whatever is written over what."""
    history = RUNNING._replace(rounds=rounds)
    job = job_of(history, files, rounds=5, every=2, metrics="fedavg", timed_files=timed, round_files=of_rounds)

    assert clashing(files_written(job, 1010 * SECOND)) is None


def test_a_rounds_files_are_those_of_its_end() -> None:
    """What a function or a time has written then is over them; who is away writes none, nor who has no name for one."""
    notes = Notes(files=((2 * SECOND, "x", b"note"),))
    history = RUNNING._replace(rounds=2, away=((1, ("a",)),), notes=notes)
    job = job_of(history, rounds=3, every=1, round_files={"{site}/{round}": "{site} in {round}", "x": "{round}"})
    job.apps = {**job.apps, "..": "app"}

    assert files_written(job, 1001 * SECOND) == {"a/0": b"a in 0", "b/0": b"b in 0", "b/1": b"b in 1", "x": b"note"}


def test_a_rounds_files_are_written_at_its_end() -> None:
    """Between what is written before and what is written after it; rounds may take no time at all."""
    files: dict[str, Any] = {
        "round_files": {"x": "round {round}"},
        "timed_files": [(1, "x", "before"), (5, "x", "after")],
    }
    seen = {}
    for second, rounds in ((1, 0), (2, 1), (4, 2), (5, 2)):
        job = job_of(RUNNING._replace(rounds=rounds), rounds=3, every=2, **files)
        seen[second] = files_written(job, (1000 + second) * SECOND)["x"]

    assert seen == {1: b"before", 2: b"round 0", 4: b"round 1", 5: b"after"}
    at_once = job_of(RUNNING._replace(rounds=3), rounds=3, every=0, **files)
    assert files_written(at_once, 1000 * SECOND)["x"] == b"round 2"


def test_a_log_has_its_lines_in_their_order() -> None:
    """With the time of the clock at which they were written, no later than now."""
    history = RUNNING._replace(rounds=1, away=((0, ("a",)),), notes=Notes(lines=((3 * SECOND, "noted"),)))
    job = job_of(history, rounds=2, every=2, log_lines=[(5, "late"), (1, "soon"), (1, "and"), (0, "at once")])

    assert lines_written(job, 1004 * SECOND) == [
        (1000 * SECOND, "at once"),
        (1001 * SECOND, "soon"),
        (1001 * SECOND, "and"),
        (1002 * SECOND, "round 0 ended: 1 of 2 clients took part"),
        (1003 * SECOND, "noted"),
    ]
    fresh = job_of(RUNNING, log_lines=[(1, "soon"), (0, "at once")])
    assert lines_written(fresh, 1000 * SECOND) == [(1000 * SECOND, "at once")]


@pytest.mark.parametrize("job", [new_job(), job_of(History(), rounds=1, every=1, log_lines=[(0, "x")])])
def test_a_run_that_has_not_begun_has_written_nothing(job: Job) -> None:
    """Nor has one that has no program."""
    assert (files_written(job, 0), lines_written(job, 0), list(rounds_told(job))) == ({}, [], [])


def test_metrics_are_those_that_are_said() -> None:
    """For each site, or any other; where a list ends there are no more; and what a function says is over them."""
    said = {"a": {"loss": [3, 2], "samples": [1, 1]}, "*": {"loss": [1, 1, 1]}, "server": {"best": [7]}}
    noted = ((1, "b", (("f1", 0.5),)), (2, "server", (("loss", 9),)))
    history = RUNNING._replace(rounds=3, away=((1, ("a",)), (2, ())), notes=Notes(metrics=noted))
    job = job_of(history, rounds=4, every=1, metrics=said)

    assert list(rounds_told(job)) == [
        ({"a": {"loss": 3, "samples": 1}, "b": {"loss": 1}}, {"loss": 2.0, "best": 7}),
        ({"b": {"loss": 1, "f1": 0.5}}, {"loss": 1.0, "f1": 0.5}),
        ({"b": {"loss": 1}}, {"loss": 9}),
    ]


def test_any_site_is_not_the_server() -> None:
    """What goes for every other site is none of the mean."""
    job = job_of(RUNNING._replace(rounds=1), rounds=1, every=1, metrics={"a": {"loss": [3]}, "*": {"loss": [1]}})

    assert list(rounds_told(job)) == [({"a": {"loss": 3}, "b": {"loss": 1}}, {"loss": 2.0})]


@pytest.mark.parametrize("metrics", [{"server": {"best": [1]}}, {"a": {"samples": [1]}}])
def test_metrics_of_the_server_or_of_a_site_alone_are_written(metrics: dict[str, Any]) -> None:
    """There is nothing more to tell."""
    job = job_of(RUNNING._replace(rounds=1), rounds=2, every=1, metrics=metrics)

    assert list(files_written(job, 1001 * SECOND)) == ["metrics/round_metrics.jsonl"]


def test_metrics_lie_where_nvflare_has_them() -> None:
    """A line for each round; the last ones when all are over, for every site only if they are made up."""
    made = {}
    for metrics in ("fedavg", {"*": {"loss": [1, 2]}}):
        for rounds in (0, 1, 2):
            job = job_of(RUNNING._replace(rounds=rounds), rounds=2, every=1, metrics=metrics)
            made[str(metrics), rounds] = files_written(job, 1002 * SECOND)
    lines, summary, across = (
        "metrics/round_metrics.jsonl",
        "metrics/metrics_summary.json",
        "cross_site_val/cross_val_results.json",
    )

    assert [sorted(files) for files in made.values()] == [
        *([], [lines], [across, summary, lines]),
        *([], [lines], [summary, lines]),
    ]
    (_, _, own) = list(made.values())[3:]
    assert [json.loads(line) for line in own[lines].splitlines()] == [
        {
            "round": number,
            "aggregated_metrics": [{"name": "loss", "value": number + 1.0}],
            "sites": [{"name": site, "metrics": [{"name": "loss", "value": number + 1}]} for site in "ab"],
            "skipped_metrics": [],
        }
        for number in range(2)
    ]
    assert json.loads(own[summary])["final_aggregated_metrics"] == [{"name": "loss", "value": 2.0}]


def test_a_sites_samples_are_its_weight() -> None:
    """As NVFLARE tells it, where it has any."""
    said = {"a": {"loss": [1], "samples": [30]}, "b": {"loss": [2], "samples": [0]}}
    job = job_of(RUNNING._replace(rounds=1), rounds=1, every=1, metrics=said)
    line = json.loads(files_written(job, 1001 * SECOND)["metrics/round_metrics.jsonl"])

    assert line["sites"] == [
        {
            "name": "a",
            "metrics": [{"name": "loss", "value": 1}],
            "weight": 30,
            "weight_key": "NUM_STEPS_CURRENT_ROUND",
        },
        {"name": "b", "metrics": [{"name": "loss", "value": 2}]},
    ]
    assert line["aggregated_metrics"] == [{"name": "loss", "value": 1.0}]


def test_files_of_ones_own_are_over_those_with_metrics() -> None:
    """Where somebody has other plans for that place."""
    job = job_of(RUNNING._replace(rounds=1), {"metrics": b"mine"}, rounds=1, every=1, metrics="fedavg")

    assert sorted(files_written(job, 1001 * SECOND)) == ["cross_site_val/cross_val_results.json", "metrics"]
