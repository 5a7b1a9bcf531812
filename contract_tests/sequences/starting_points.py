"""Starting points: a session and a job in some state, with a history that an implementation might trip over.

Most promises hold whatever happened before. So checks try them not only in every state of a job, but also for the
eleventh job, the clone of a deleted one, a job of another session, a job read before, and so on.
"""

from __future__ import annotations

from typing import Final

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.sequences.histories import HISTORIES, StartingPoint
from contract_tests.system.job_plan import JobPlan

HISTORY_NAMES: Final = tuple(name for name in HISTORIES if name != "nothing")
"""Everything that may have come before."""

_FINISHED: Final = ("third to finish", "downloaded", "finished a day ago")

WAITING_HISTORIES: Final = tuple(name for name in HISTORY_NAMES if name not in _FINISHED)
"""The histories whose job waits where no other state is asked for, so that nothing happens to it by itself."""

MAIN_HISTORIES: Final = (
    "eleventh",
    "clone",
    "clone of a deleted job",
    "clone of another user's job",
    "clone by another user",
    "original of a clone",
    "in a second session",
    "in a session opened anew",
    "of another user",
    "after another user's session",
    "of a closed session",
    "after monitors",
    "after refusals",
    "after an outage",
)
"""The histories that a job of any state can have, and that a promise is tried with in several states."""

OF_ANOTHER_USER: Final = ("of another user", "clone by another user")
"""The histories whose job is another user's than the session's, where there is another one."""

ANY: Final = (*STATES, *HISTORY_NAMES)
"""Every state and every history."""

EVERY_HISTORY: Final = Each(*HISTORIES)
"""What may lie behind a session; nothing comes first, so that a failure shows a history only where it takes one."""
LIKELY_HISTORIES: Final = Each(
    "after a deletion", "after refusals", "clone", "read before", "in a second session", "eleventh"
)
"""The likeliest of them to matter, for promises that are many."""


def starting_point(s: Scenario, name: str, state: str = "") -> StartingPoint:
    """Bring about a starting point: one of `ANY`, or a history with a job in a state of `STATES`.

    Where no state is asked for, the job of a history is done if the history takes that, and waits otherwise.

    Raises:
        NotTestable: the job can't be made, or does not get into its state.
    """
    if name in STATES:
        name, state = "nothing", name
    state = state or ("completed" if name in _FINISHED else "waiting")
    history = HISTORIES[name](s, STATES[state].plan)
    begun = next(history)
    s.bring(begun.job, state, begun.actor)
    return next(history, begun)


def submitted_after(s: Scenario, history: str, plan: JobPlan) -> StartingPoint:
    """A job at the beginning of its life that behaves as planned, with what is before it in a history."""
    return next(HISTORIES[history](s, plan))


def session_after(s: Scenario, history: str) -> Actor:
    """A session to go on with, after one of `EVERY_HISTORY`."""
    return s.open() if history == "nothing" else starting_point(s, history).actor
