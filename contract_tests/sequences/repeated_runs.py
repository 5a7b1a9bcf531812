"""Repeated runs: a check is run several times on one system, or by another user, and must not tell the difference.

An implementation that counts (calls, jobs, sessions), or that serves one user better than another, is right about the
first call of the first user and wrong about a later one. So after a check has passed on fresh systems it is tried on
one whose history is nothing but the check itself: all jobs are deleted between two turns, its sessions stay open, and
it has to look as good as new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import OPEN, SYSTEM, Step
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import LED, THREADED, TURN
from contract_tests.system.system import NotClaimed, System

TURNS: Final = 12
"""How often a check is played on one system."""

CALLS: Final = 45
"""Operations after which a system has lasted long enough, however few turns they were."""

_TROUBLE: Final = {"outage": "recover", "misbehave": "behave", "lose_sessions": ""}
"""What a check may do to a system that its sessions may not survive, and what makes up for it."""


class RepeatedSystem:
    """A system whose sessions outlast a turn; everything else of it is the system's own.

    Args:
        system: the system.
        leader: which user comes first; with the second in that place there is no other user.
    """

    def __init__(self, system: System, leader: int = 0) -> None:
        self._system = system
        self._troubled = False
        self._opened: Counter[str] = Counter()
        self._sessions: dict[str, list[Any]] = {}
        self.users = system.users if leader == 0 else system.users[leader : leader + 1]
        self._leader = self.users[0] if leader and self.users else ""
        if leader >= len(system.users) and leader:
            raise NotClaimed("a second user", "users")

    def __getattr__(self, name: str) -> Any:
        self._troubled = self._troubled or name in _TROUBLE
        return getattr(self._system, name)

    def open_session(self, user: str = "") -> Any:
        """The session that was opened in this place on the turn before, or a new one."""
        user = user or self._leader
        kept = self._sessions.setdefault(user, [])
        if self._opened[user] == len(kept) or self._troubled:
            session = self._system.open_session(user) if user else self._system.open_session()
            kept.insert(self._opened[user], session)
        self._opened[user] += 1
        return kept[self._opened[user] - 1]

    def settle(self, steps: Iterable[Step]) -> bool:
        """Make up for what was done in a turn; whether that worked, and another turn can begin."""
        acts = [step.operation.method for step in steps if step.operation.actor == SYSTEM]
        if "connect_client" in acts or "drop_client" in acts:
            return False
        if self._troubled or any(step.operation.method == "close" for step in steps):
            self._sessions.clear()
        self._troubled = False
        self._opened.clear()
        swept = self._sweep([end for act, end in _TROUBLE.items() if act in acts and end])
        self._opened.clear()
        return swept

    def _sweep(self, ends: list[str]) -> bool:
        """End the trouble there is and delete all jobs; whether none is left."""
        sweeper = Scenario(self)  # type: ignore[arg-type]
        try:
            for end in ends:
                sweeper.on_system(end)
            actor = sweeper.open()
            left = actor.entries(all=True)
            for entry in left:
                job = entry["job_id"]
                if not finished(str(entry.get("status"))):
                    actor.need("abort_job", job)
                actor.need("delete_job", job)
            return not left or not actor.entries(all=True)
        except (JudgedElsewhere, NotTestable, NotClaimed, KeyError):
            return False


def only_first(steps: Iterable[Step]) -> bool:
    """Whether all sessions that were opened are the first user's, so that another could have been in that place."""
    opened = [str(step.operation.args[0]) for step in steps if step.operation.method == OPEN]
    return bool(opened) and all(name.partition("-")[0] == "alice" for name in opened)


def before(inputs: Mapping[str, Any]) -> list[str]:
    """What is to be said before the operations of a failure: what came before them, or who made them."""
    told = []
    if inputs.get(LED):
        told.append("(all of it by the second user, alone)")
    if inputs.get(THREADED):
        told.append("(every call in another thread than the one before)")
    if inputs.get(TURN):
        told.append(f"(after the same {inputs[TURN]} times before on this system, all jobs deleted each time)")
    return told
