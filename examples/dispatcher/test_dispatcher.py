"""The dispatcher, tried without a FLARE system: days of training, outages and clients that are gone take no time."""

from __future__ import annotations

import json
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import dispatcher
import pytest
from dispatcher import Order

from flare_sim import AuthorizationError, ClockPool, JobBehavior, SimulatedServer, time_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatcher import Dispatcher

    from flare_sim import Run

ROUNDS = [{"round": number, "accuracy": 0.5 + number / 10} for number in range(3)]


def took(server: SimulatedServer) -> float:
    """Hours that have passed since the first thing that happened."""
    return round((server.clock.time() - server.trace.of("command")[0].seconds) / 3600, 1)


def test_jobs_of_several_sites_are_run_side_by_side(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """Each on its sites; three of an hour take an hour."""
    orders = [Order(make_flare_job(site, sites=[site])) for site in ("site-1", "site-2", "site-3")]
    outcomes = dispatch().run(orders)

    assert [outcome.status for outcome in outcomes] == ["FINISHED:COMPLETED"] * 3
    assert [job.sites for job in flare_server.jobs] == [("site-1",), ("site-2",), ("site-3",)]
    assert took(flare_server) == 1.0


def test_no_more_jobs_are_there_at_once_than_wanted(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """Five jobs, two at a time: three hours."""
    outcomes = dispatch(at_once=2).run([Order(make_flare_job(f"job-{number}")) for number in range(5)])

    assert all(outcome.succeeded for outcome in outcomes)
    assert took(flare_server) == 3.0


@pytest.mark.flare(behavior=JobBehavior(run_seconds=60, result_files={"app_server/metrics.json": json.dumps(ROUNDS)}))
def test_the_metrics_of_every_round_are_read(
    dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """From what the job leaves in its workspace."""
    (outcome,) = dispatch().run([Order(make_flare_job())])

    assert outcome.metrics == ROUNDS


def fails_at_first() -> Callable[[Run], JobBehavior]:
    """A behavior of jobs whose first run raises."""
    runs: list[str] = []

    def behave(run: Run) -> JobBehavior:
        runs.append(run.job_id)
        return JobBehavior(run_seconds=600, outcome="EXECUTION_EXCEPTION" if len(runs) == 1 else "COMPLETED")

    return behave


@pytest.mark.flare(behavior=fails_at_first())
def test_a_job_that_fails_is_cleaned_up_and_tried_again(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """After a pause; only the one that came to its end is left."""
    (outcome,) = dispatch(poll_interval=10, pause=60).run([Order(make_flare_job("training"))])
    failed, good = outcome.job_ids

    assert outcome.succeeded
    assert [job.job_id for job in flare_server.jobs] == [good]
    assert [line.partition(": ")[2] for line in flare_server.story(failed)][-3:] == [
        f"job {failed[:8]} is FINISHED:EXECUTION_EXCEPTION",
        f"admin@nvidia.com called delete_job: job {failed[:8]}",
        f"job {failed[:8]} was deleted",
    ]


@pytest.mark.flare(behavior=JobBehavior(outcome="ABNORMAL"))
def test_a_job_that_always_fails_is_given_up(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """After as many tries as it has; the last one is left to be looked at."""
    (outcome,) = dispatch().run([Order(make_flare_job(), tries=3)])

    assert outcome.status == "FINISHED:ABNORMAL"
    assert flare_server.requests.counts["submit_job"] == 3
    assert [job.job_id for job in flare_server.jobs] == outcome.job_ids[-1:]


def test_an_outage_is_waited_for(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """All jobs are watched to their end, though nobody could get through for a quarter of an hour."""
    flare_server.faults.partition(after=600)
    flare_server.faults.repair(after=1500)
    outcomes = dispatch().run([Order(make_flare_job(f"job-{number}")) for number in range(3)])

    assert [outcome.status for outcome in outcomes] == ["FINISHED:COMPLETED"] * 3
    assert [len(outcome.job_ids) for outcome in outcomes] == [1, 1, 1]


@pytest.mark.flare(scenario="lost-reply")
def test_a_job_whose_reply_is_lost_is_found_again(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """It is not submitted a second time, and so is no other of its name."""
    outcomes = dispatch().run([Order(make_flare_job(f"job-{number}", name="training")) for number in range(3)])

    assert [outcome.status for outcome in outcomes] == ["FINISHED:COMPLETED"] * 3
    submitted = chain.from_iterable(outcome.job_ids for outcome in outcomes)
    assert sorted(submitted) == sorted(job.job_id for job in flare_server.jobs)


@pytest.mark.flare(scenario="flaky-training", behavior=None)
def test_a_training_that_fails_twice_is_tried_until_it_works(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """What failed is cleaned up."""
    training, evaluation = dispatch().run([Order(make_flare_job("train-unet")), Order(make_flare_job("eval-unet"))])

    assert (training.status, len(training.job_ids)) == ("FINISHED:COMPLETED", 3)
    assert (evaluation.status, len(evaluation.job_ids)) == ("FINISHED:COMPLETED", 1)
    assert len(flare_server.jobs) == 2


def test_a_job_that_does_not_get_on_is_aborted(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """When its time is over; the others are none the worse for it."""
    orders = [
        Order(make_flare_job("wide", min_clients=3), longest=2 * 3600),
        Order(make_flare_job("small", sites=["site-1"])),
    ]
    flare_server.faults.drop("site-3", after=1200)
    wide, small = dispatch().run(orders)

    assert (wide.status, small.status) == ("TIMEOUT", "FINISHED:COMPLETED")
    assert [job.status for job in flare_server.jobs] == ["FINISHED:ABORTED", "FINISHED:COMPLETED"]
    assert took(flare_server) == 2.0


def test_every_change_is_told(dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]) -> None:
    """Once, while it is looked often enough."""
    told: list[str] = []
    dispatch(poll_interval=0.02, on_change=lambda order, status: told.append(status)).run(
        [Order(make_flare_job(behavior={"run_seconds": 5}))]
    )

    assert told == ["SUBMITTED", "DISPATCHED", "RUNNING", "FINISHED:COMPLETED"]


def test_who_may_no_longer_submit_is_told(
    flare_server: SimulatedServer, dispatch: Callable[..., Dispatcher], make_flare_job: Callable[..., str]
) -> None:
    """At once: trying again would not help."""
    flare_server.change_role("admin@nvidia.com", "member")
    with pytest.raises(AuthorizationError):
        dispatch().run([Order(make_flare_job())])

    assert flare_server.jobs == ()


def test_two_runs_are_the_same(make_flare_job: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """To the microsecond: whoever is next among threads follows from the clock."""
    orders = [Order(make_flare_job(f"job-{number}")) for number in range(6)]

    def run() -> str:
        with SimulatedServer() as server, time_in(server.clock, dispatcher), server.connect() as session:
            monkeypatch.setattr(dispatcher, "ThreadPoolExecutor", partial(ClockPool, server.clock))
            dispatcher.Dispatcher(session, at_once=3, poll_interval=2).run(orders)
            return server.trace.digest()

    assert run() == run()
