"""The alphabet: which calls are tried in a state, as the player takes them, and what is looked at after each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from contract_tests.scenario.recorder import Recorder
from contract_tests.sequences.player import PLANS, Player
from contract_tests.system.system import NotClaimed, System

Call = list[Any]

POLL: Final = 1.0
"""Contract seconds between two looks of a monitor: the shortest time that passes."""

END: Final = 20.0
"""Contract seconds in which every run ends that is under way, and every job starts to run that is dispatched."""

_LISTS: Final = ((False, False), (True, True))
"""The lists that are looked at: the user's own jobs, and everybody's with all details."""

_WATCH_ACTS: Final = ("abort", "delete")
_MEANWHILE_ACTS: Final = ("meta", "abort", "delete", "clone", "download")
_RUNNING: Final = 2
_NOTHING_KNOWN: Final = ("submit", "clone", "abort", "delete", "watch", "abort while")
"""Calls that change something, which a server that answers with nonsense may do or not: nothing can be said of them."""


_LIKELIEST: Final = ("slow start", "short", "fails", "long")
"""The plans that show most: those first that lead through every state of a job's life."""


def plans_for(system: System) -> tuple[str, str]:
    """The names of two plans, one for each user, that a system can bring about."""
    brought = [name for name in _LIKELIEST if _brings_about(system, name)]
    first, second, *_ = [*brought, "waits", "waits"]
    return first, second


def _brings_about(system: System, plan: str) -> bool:
    try:
        Recorder(system).given(PLANS[plan])
    except NotClaimed:
        return False
    return True


class Alphabet(NamedTuple):
    """What sequences are made of.

    Attributes:
        plans: the names of the plans of the jobs that are submitted, by the user who does.
        fault: what can go wrong, and be mended: a name of ``sequences.model.service.FAULTS``; empty for nothing.
        sessions: the sessions that call, by their number: 0 and 1 are the first user's, 2 and 3 the second one's.
        jobs: how many jobs are made at most, clones included.
        timed: whether time passes: a poll interval, and as long as a run takes.
    """

    plans: tuple[str, str] = ("slow start", "short")
    fault: str = ""
    sessions: tuple[int, ...] = (0, 2)
    jobs: int = 2
    timed: bool = True

    def reads(self, player: Player) -> Iterator[Call]:
        """The calls that tell everything there is to see, of every job and for every user."""
        for session in self.sessions:
            # Where a session is over, the user's other one sees what it can't.
            for seeing in (session, session ^ 1) if player.state(session) == "over" else (session,):
                yield from (["meta", seeing, number] for number in range(1, player.jobs + 1))
                yield from (["list", seeing, everyone, detailed] for everyone, detailed in _LISTS)
                yield ["info", seeing]

    def calls(self, player: Player) -> Iterator[Call]:
        """The other calls that are tried in the state a player is in."""
        unsure = player.service.fault == "misbehaving server"
        for call in self._others(player):
            if not (unsure and call[0] in _NOTHING_KNOWN):
                yield call

    def _others(self, player: Player) -> Iterator[Call]:
        for session in self.sessions:
            if player.jobs < self.jobs:
                yield ["submit", session, self.plans[player.session(session)[0]]]
            for number in (number for number in range(1, player.jobs + 1) if _may(player, session, number)):
                yield from self._on_job(player, session, number)
            yield ["close", session]
            yield ["reopen", session]
        if self.timed:
            yield ["sleep", POLL]
            yield ["sleep", END]
        if self.fault:
            yield ["repair" if player.service.fault else "fault", self.fault]

    def _on_job(self, player: Player, session: int, number: int) -> Iterator[Call]:
        job = player.model.jobs[number]
        if job.deleted or player.jobs < self.jobs:
            yield ["clone", session, number]
        yield ["download", session, number]
        yield ["abort", session, number]
        yield ["delete", session, number]
        if not self.timed:
            return
        yield ["monitor", session, number, int(POLL), 0]
        if player.session(session)[0] == job.owner:
            yield from (["watch", session, number, act, 1] for act in _WATCH_ACTS)
        if job.seen == _RUNNING and not job.deleted and job.final is None:
            for other in self.sessions:
                for act in _MEANWHILE_ACTS:
                    if act != "clone" or player.jobs < self.jobs:
                        yield ["abort while", session, number, act, other]


def _may(player: Player, session: int, number: int) -> bool:
    """Whether it is known that a session may do anything to a job."""
    user, _ = player.session(session)
    return user in (0, player.model.jobs[number].owner)
