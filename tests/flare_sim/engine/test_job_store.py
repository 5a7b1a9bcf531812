"""The store: jobs by id, by submitter, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from flare_sim.commands.job_meta import job_meta
from flare_sim.engine.job_store import JobStore
from flare_sim.jobs.lifecycle import JobState
from tests.flare_sim.job_samples import USERS, new_job

if TYPE_CHECKING:
    from flare_sim.engine.job import Job


@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "move"]), st.integers(0, 20), st.sampled_from(JobState))))
def test_the_store_agrees_with_a_list(steps: list[tuple[str, int, JobState]]) -> None:
    """Whatever is added, moved and removed: order, submitters, active jobs and counts are those of a plain list."""
    store = JobStore()
    model: list[Job] = []
    for verb, number, state in steps:
        if verb == "add":
            job = new_job(store.counter, number % 2)
            store.add(job)
            model.append(job)
        elif model and verb == "remove":
            store.move(model[number % len(model)], JobState.ABORTED)
            store.remove(model.pop(number % len(model)))
        elif model:
            store.move(model[number % len(model)], state)

        assert list(store) == model
        assert len(store) == len(model)
        for user in USERS:
            assert list(store.of(user.name)) == [job for job in reversed(model) if job.submitter is user]
        assert sorted(store.active) == [job.serial for job in model if job.state.active]
        assert {status: count for status, count in store.counts.items() if count} == {
            status: sum(job.state.status == status for job in model) for status in {job.state.status for job in model}
        }


def test_only_the_very_id_finds_a_job() -> None:
    """Not one that is written in capitals, or a part of it."""
    store = JobStore()
    store.add(new_job())

    assert store.get("id-0000") is not None
    assert [store.get(other) for other in ("ID-0000", "id", "")] == [None] * 3
    assert list(store.of("nobody")) == []


def test_what_was_removed_is_not_kept() -> None:
    """Not for long: half of what is kept of a user's jobs is there, and nothing when none is."""
    store = JobStore()
    jobs = [new_job(number) for number in range(100)]
    for job in jobs:
        store.add(job)
    for number, job in enumerate(jobs, 1):
        store.remove(job)
        assert len(store._by_submitter[job.submitter.name]) <= 2 * (100 - number)


def test_a_job_with_the_id_of_one_that_was_removed_is_another() -> None:
    """A user who submits jobs with ids of their own may do so."""
    store = JobStore()
    for number in range(3):
        store.add(new_job(number))
    (first, *_) = store
    store.remove(first)
    again = new_job(0)
    again.serial = 3
    store.add(again)

    assert [job.serial for job in store.of(again.submitter.name)] == [3, 2, 1]
    assert next(iter(store.of(again.submitter.name))) is again


def test_jobs_without_a_name_that_is_text_are_known() -> None:
    """As long as they are there: a list that asks for names does not look for them."""
    store = JobStore()
    odd, plain = new_job(0), new_job(1)
    odd.definition.name_type = "int"
    for job in (odd, plain):
        store.add(job)
    assert list(store.oddly_named.values()) == [odd]

    store.remove(odd)

    assert not store.oddly_named


def test_moving_puts_plans_out_of_date() -> None:
    """Every move makes a new epoch and forgets the rendered meta."""
    store = JobStore()
    job = new_job()
    store.add(job)
    job_meta(job)

    store.move(job, JobState.RUNNING)

    assert (job.epoch, job.blob) == (1, None)
    assert repr(job) == "<Job id-0000 'small' RUNNING>"
