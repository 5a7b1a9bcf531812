"""Plans: what behaviors come to in ticks, found once for jobs that behave alike."""

from __future__ import annotations

import pytest

from flare_sim.clock import to_ticks
from flare_sim.engine.job import Answer, Output, Plan
from flare_sim.engine.runs.plans import Plans
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.jobs.lifecycle import JobEvent
from flare_sim.personality.quirks import CLIENT_FAILURE_ENDS_RUN
from tests.flare_sim.job_samples import behaving, definition, new_job

DEFAULTS = JobBehavior(
    deploy_seconds=1,
    start_seconds=2,
    run_seconds=3,
    outcome="COMPLETED",
    deploy_failures=(),
    result_bytes=0,
    result_files={},
)


def test_every_field_becomes_part_of_the_plan() -> None:
    """Seconds in ticks, the outcome as an event, files by their paths."""
    behavior = behaving(
        run_seconds=0.5, outcome="ABNORMAL", deploy_failures=["a"], result_bytes=7, result_files={"x": "y"}
    )
    job = new_job(made=definition(custom_props=behavior))

    plan = Plans(frozenset(), to_ticks).of(job, None, DEFAULTS)
    assert plan == Plan(1_000_000, 2_000_000, 500_000, frozenset({"a"}), JobEvent.DIED, Output({"x": b"y"}, 7))


def test_a_failing_client_ends_a_run_where_it_does() -> None:
    """And nowhere else."""
    job = new_job(made=definition(custom_props=behaving(outcome="CLIENT_EXCEPTION")))

    ends = [
        Plans(frozenset(quirks), to_ticks).of(job, None, DEFAULTS).ending for quirks in ([], [CLIENT_FAILURE_ENDS_RUN])
    ]
    assert ends == [None, JobEvent.DIED]


def test_jobs_that_behave_alike_have_one_plan() -> None:
    """By their own behavior and their name, until the server's is another."""
    plans = Plans(frozenset(), to_ticks)
    given = {"other": JobBehavior(run_seconds=9)}
    first, second, other = (new_job(made=definition(name=name)) for name in ("one", "one", "other"))
    plan = plans.of(first, given, DEFAULTS)

    assert plans.of(second, given, DEFAULTS) is plan
    assert (plan.run, plans.of(other, given, DEFAULTS).run) == (3_000_000, 9_000_000)
    plans.forget()
    assert plans.of(other, None, DEFAULTS).run == 3_000_000


def test_a_functions_answer_is_not_kept_for_other_jobs() -> None:
    """Each job has its own."""
    plans = Plans(frozenset(), to_ticks)
    first, second = new_job(), new_job()
    first.course = first.course._replace(answer=Answer(JobBehavior(run_seconds=50), {}))

    runs = [plans.of(job, lambda _: None, DEFAULTS).run for job in (first, second)]
    assert runs == [50_000_000, 3_000_000]


def test_so_many_plans_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those for what comes next take their place."""
    monkeypatch.setattr("flare_sim.engine.runs.plans._MOST", 2)
    plans = Plans(frozenset(), to_ticks)
    kept = []
    for name in ("one", "two", "three"):
        plans.of(new_job(made=definition(name=name)), None, DEFAULTS)
        kept.append(len(plans._known))

    assert kept == [1, 2, 1]
