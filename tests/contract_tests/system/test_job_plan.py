"""Job plans, as failures tell them."""

from __future__ import annotations

import dataclasses

import pytest

from contract_tests.system.job_plan import JobPlan


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        (JobPlan(), "<job folder>"),
        (JobPlan(name="x", mark="y"), "<job folder>"),
        (JobPlan(waits=True), "<job folder: can't be scheduled>"),
        (JobPlan(runs=2.5), "<job folder: runs 2.5 s>"),
        (JobPlan(dispatches=60.0, runs=300.0), "<job folder: stays dispatched 60 s, runs 300 s>"),
        (JobPlan(ends="ABNORMAL", oversize=True), "<job folder: ends ABNORMAL, has an oversize result>"),
    ],
)
def test_a_plan_in_words(plan: JobPlan, text: str) -> None:
    """What a job is to do, and nothing that makes no difference to it."""
    assert str(plan) == text


def test_only_what_a_folder_alone_brings_about_is_plain() -> None:
    """A name, clients and waiting are plain; how long it runs, how it ends and what it leaves are not."""
    plain = {"name": "x", "waits": True, "min_clients": 3, "mandatory_clients": ("a",)}
    more = {"runs": 1.0, "dispatches": 1.0, "ends": "ABNORMAL", "mark": "x", "oversize": True}

    assert {field.name for field in dataclasses.fields(JobPlan)} == {*plain, *more}
    assert [name for name, value in plain.items() if not JobPlan(**{name: value}).plain] == []  # type: ignore[arg-type]
    assert [name for name, value in more.items() if JobPlan(**{name: value}).plain] == []  # type: ignore[arg-type]
