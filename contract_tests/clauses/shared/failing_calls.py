"""Calls that have to fail, and to go on failing, in whatever form they are written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan

SOME_STATES: Final = ("waiting", "running", "completed")
SOME_HISTORIES: Final = (
    "eleventh",
    "clone",
    "clone of a deleted job",
    "of another session",
    "of another session, opened later",
    "of a closed session",
    "in a second session",
    "of another user",
    "through an outage",
    "monitored",
)
"""The histories that a session which keeps records of its own might trip over."""

Form = tuple[tuple[Any, ...], dict[str, Any]]
"""The arguments of a call, by position and by name."""

_PAUSES: Final = (0.0, 1.0, 90.0, 4_000.0)


def right_call(method: str, job: str) -> tuple[Any, ...]:
    """Arguments with which a method works on an open session."""
    if method in JOB_METHODS:
        return (job,)
    return (JobPlan(),) if method == "submit_job" else ()


def named_call(method: str, job: str) -> dict[str, Any]:
    """The same arguments by name."""
    if method in JOB_METHODS:
        return {"job_id": job}
    return {"job_definition_path": JobPlan()} if method == "submit_job" else {}


def forms(s: Scenario, method: str, job: str) -> list[Form]:
    """The ways to write a call that works on an open session, with and without what can be left out."""
    written: list[Form] = [(right_call(method, job), {}), ((), named_call(method, job))]
    if method == "list_jobs":
        return [((), {}), ((), {"all": True}), ((True,), {}), ((), {"detailed": True, "all": True})]
    if method == "monitor_job":
        timed: dict[str, Any] = {"job_id": job, "timeout": s.real(5), "cb": Callback(then=False)}
        written += [((job, s.real(5)), {}), ((), timed)]
    return written


def use(s: Scenario, actor: Actor, method: str, job: str) -> None:
    """Call a method while all is well, so that a session may remember something; the job stays as it is."""
    if method == "monitor_job":
        actor.monitor(job, timeout=1, poll=1.0)
    elif method not in ("abort_job", "delete_job"):
        actor.do(method, *right_call(method, job))


def keeps_raising(s: Scenario, actor: Actor, method: str, job: str, *expected: str) -> None:
    """The assertion that a method raises one of some errors, again and again, now and much later, in whatever form."""
    keeps_failing(s, method, job, lambda form: raises(s, actor, method, form, *expected))


def keeps_failing(s: Scenario, method: str, job: str, fails: Callable[[Form], object]) -> None:
    """Try a call that ``fails`` asserts to fail, again and again, now and much later, in whatever form."""
    written = cycle(forms(s, method, job))
    for pause in _PAUSES:
        s.sleep_long(pause, times=25)
        for _ in range(2):
            fails(next(written))


def raises(s: Scenario, actor: Actor, method: str, form: Form, *expected: str) -> None:
    """The assertion that a call raises one of some errors, unless the session does not take calls of that form.

    More than one is expected where more than one is true: nobody says which comes first.
    """
    args, kwargs = form
    with suppress(JudgedElsewhere):
        outcome = actor.do(method, *args, **kwargs)
        s.require(any(map(outcome.raised, expected)), " or ".join(expected), outcome)
