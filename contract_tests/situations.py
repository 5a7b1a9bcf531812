"""Situations: a session, a job in some state, and a past that an implementation might trip over.

Most promises hold whatever happened before. So checks try them not only in every state of a job, but also for the
eleventh job, the clone of a deleted one, a job of another session, a job read before, and so on: see
`contract_tests.pasts`.
"""

from __future__ import annotations

from typing import Any, Final

from contract_tests.actor import Actor
from contract_tests.domains import Each
from contract_tests.operations import Outcome
from contract_tests.pasts import COURSES, Situation
from contract_tests.plan import BadJob, JobPlan
from contract_tests.scenario import Scenario
from contract_tests.states import STATES

FLAGS: Final = Each({}, {"detailed": True}, {"all": True}, {"detailed": True, "all": True})
"""Every way to list jobs."""

PASTS: Final = tuple(past for past in COURSES if past != "nothing")
"""Everything that may have come before."""

_FINISHED: Final = ("third to finish", "downloaded")

WAITING_PASTS: Final = tuple(past for past in PASTS if past not in _FINISHED)
"""The pasts whose job waits where no other state is asked for, so that nothing happens to it by itself."""

MAIN_PASTS: Final = (
    "eleventh",
    "clone",
    "clone of a deleted job",
    "original of a clone",
    "in a second session",
    "in a session opened anew",
    "of another user",
    "of a closed session",
    "after monitors",
    "after refusals",
    "after an outage",
)
"""The pasts that a job of any state can have, and that a promise is tried with in several states."""

ANY: Final = (*STATES, *PASTS)
"""Every state and every past."""

HISTORIES: Final = Each(*COURSES)
"""What may lie behind a session; nothing comes first, so that a failure shows a past only where it takes one."""
FEW_HISTORIES: Final = Each(
    "after a deletion", "after refusals", "clone", "read before", "in a second session", "eleventh"
)
"""The likeliest of them to matter, for promises that are many."""


def situate(s: Scenario, name: str, state: str = "") -> Situation:
    """Bring about a situation: one of `ANY`, or a past with a job in a state of `STATES`.

    Where no state is asked for, the job of a past is done if the past takes that, and waits otherwise.

    Raises:
        NotTestable: the job can't be made, or does not get into its state.
    """
    if name in STATES:
        name, state = "nothing", name
    state = state or ("completed" if name in _FINISHED else "waiting")
    course = COURSES[name](s, STATES[state].plan)
    situation = next(course)
    s.bring(situation.job, state, situation.actor)
    return next(course, situation)


def submitted(s: Scenario, past: str, plan: JobPlan) -> Situation:
    """A job at the beginning of its life that behaves as planned, with what is before it in a past."""
    return next(COURSES[past](s, plan))


def begin(s: Scenario, history: str) -> Actor:
    """A session to go on with, after one of `HISTORIES`."""
    return s.open() if history == "nothing" else situate(s, history).actor


def still(s: Scenario, actor: Actor, job: str) -> dict[str, Any]:
    """The facts of a job that has to be there still: not to find it breaks the promise a check is about.

    Raises:
        Violation: its meta can't be read.
    """
    s.still(actor, job)
    return actor.facts(job)


def listed_status(actor: Actor, job: str, **flags: bool) -> Any:
    """The status of a job in the list; None where it is not listed."""
    return next((entry.get("status") for entry in actor.entries(**flags) if entry.get("job_id") == job), None)


def performed(s: Scenario, method: str) -> list[Outcome]:
    """What came of every call of a method so far; of submit_job only where the definition was good."""
    return [
        step.outcome
        for step in s.steps
        if step.operation.method == method and not any(isinstance(value, BadJob) for value in step.operation.args)
    ]
