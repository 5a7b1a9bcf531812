"""The explorer: breadth first through all sequences of calls, from every state that was not reached before.

A state is reached again by playing its calls on a fresh system, as no system promises to be copied. After every call
everything there is to see is looked at, and all of it is judged by the contract's model. A call after which the state
is the same one is followed by the next on the same system: what failed then is what was really played, and is cut down.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from contract_tests.exploration.alphabet import Alphabet, Call
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable, Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.player import Player
from contract_tests.sequences.walks import shortened
from contract_tests.system.system import NotClaimed, System

Digest = Callable[[Player], Hashable]
Invariant = Callable[[Player], None]

_READ: Final = ("get_job_meta", "list_jobs", "get_system_info")
"""The methods that are called after every call anyway."""


class Level(NamedTuple):
    """What came of all sequences of one length.

    Attributes:
        depth: their length.
        states: the states that were not reached before.
        transitions: the calls made in the states of the level before, each of which was judged.
        sequences: how many sequences of this length there are, had no state been merged with another.
        seconds: CPU seconds that it took.
    """

    depth: int
    states: int
    transitions: int
    sequences: int
    seconds: float


class Failure(NamedTuple):
    """What disagrees with the model: the calls, cut down, and what was expected and observed."""

    calls: list[Call]
    message: str


@dataclass
class Exploration:
    """What was explored.

    Attributes:
        levels: a level for every length of sequences, from 1 on.
        paths: the shortest sequence that leads to each state, by its digest.
        moves: what the calls tried in a state lead to, and how many of them there.
        failure: the first disagreement, at which the exploration ends.
        not_offered: the calls that the system does not offer, by their names.
    """

    levels: list[Level] = field(default_factory=list)
    paths: dict[Hashable, list[Call]] = field(default_factory=dict)
    moves: dict[Hashable, Counter[Hashable]] = field(default_factory=dict)
    failure: Failure | None = None
    not_offered: set[str] = field(default_factory=set)

    @property
    def transitions(self) -> int:
        """How many calls were made in a state, and judged."""
        return sum(moves.total() for moves in self.moves.values())

    @property
    def sequences(self) -> int:
        """How many sequences they stand for."""
        return sum(level.sequences for level in self.levels)


def observable(player: Player) -> Hashable:
    """What anybody can tell of a state: what is known of each job and session, and how old what is not done is."""
    jobs = tuple(_known(player, number) for number in player.model.jobs)
    return jobs, player.service.fault, tuple(player.state(session) for session in range(4))


def _known(player: Player, number: int) -> Hashable:
    job, s = player.model.jobs[number], player.scenario
    if job.deleted:
        return "deleted", job.owner
    moves = job.final is None and not job.plan.waits and s.system.clock is not None
    age = round(s.now() - s.made[player.model.ids[number]], 3) if moves else None
    return job.owner, job.plan, job.original, job.seen, job.final, job.aborted, job.stopped, age


def remembering(player: Player) -> Hashable:
    """What is observable, and which calls were made before, of which jobs: an implementation may remember that."""
    numbers = {job: number for number, job in player.model.ids.items()}
    made = {
        (step.operation.method, *(numbers[value] for value in step.operation.args[:1] if value in numbers))
        for step in player.scenario.steps
        if step.operation.method not in _READ
    }
    return observable(player), frozenset(made)


class _Run:
    """A system that calls are played on, and what was played."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.calls: list[Call] = []

    def begin(self, calls: list[Call], *, judging: bool) -> None:
        """Open the sessions and play the first calls; one on a job before there is one is left out."""
        self.player = Player(Scenario(self.system), judging=judging)
        for call in calls:
            if self.player.can(call):
                self.play(call)

    def play(self, call: Call) -> None:
        """Play a call; one in a form that the session does not take is left out."""
        self.calls.append(call)
        with suppress(JudgedElsewhere):
            self.player.play(call)


class Explorer:
    """Explores a system.

    Args:
        factory: makes fresh systems.
        alphabet: what sequences are made of.
        digest: tells states apart; equal ones are explored once.
        invariant: asserts what else is to hold in every state; raises `Violation`.
        judging: whether the model judges, or the invariant alone, as of systems that are known to deviate.
    """

    def __init__(
        self,
        factory: Callable[[], System],
        alphabet: Alphabet,
        digest: Digest = observable,
        invariant: Invariant = lambda player: None,
        *,
        judging: bool = True,
    ) -> None:
        self._factory = factory
        self._alphabet = alphabet
        self._digest = digest
        self._invariant = invariant
        self._judging = judging
        self._run: _Run | None = None
        self._found = Exploration()

    def explore(self, depth: int, progress: Callable[[Level], None] = lambda level: None) -> Exploration:
        """Try all sequences of up to ``depth`` calls; ends at the first disagreement."""
        found = self._found = Exploration()
        try:
            start, _ = self._reach([])
            found.paths[start] = []
            frontier, sequences = [start], Counter({start: 1})
            for length in range(1, depth + 1):
                begun, known = time.process_time(), len(found.paths)
                for state in frontier:
                    self._leave(state)
                made = sum(found.moves[state].total() for state in frontier)
                frontier = list(found.paths)[known:]
                sequences = _one_longer(sequences, found.moves)
                seconds = time.process_time() - begun
                found.levels.append(Level(length, len(frontier), made, sequences.total(), seconds))
                progress(found.levels[-1])
        except (Violation, NotTestable) as error:
            found.failure = self._cut_down(self._run.calls if self._run else [], str(error))
        finally:
            self._give_back()
        return found

    def _leave(self, state: Hashable) -> None:
        """Try every call in a state, and note where it leads."""
        path, moves = self._found.paths[state], self._found.moves.setdefault(state, Counter())
        own, run = self._reach(path)
        self._found.paths.setdefault(own, path)  # another one only where it matters that nobody looked on the way
        moves[own] += len(list(self._alphabet.reads(run.player)))  # made after every call, and once more after each
        for call in list(self._alphabet.calls(run.player)):
            if call[0] in self._found.not_offered:
                continue
            if self._run is None:
                own, run = self._reach(path)
            try:
                run.play(call)
            except NotClaimed:
                self._found.not_offered.add(call[0])
                self._give_back()
                continue
            after = self._look(run)
            moves[after] += 1
            self._found.paths.setdefault(after, [*path, call])
            if after != own:
                self._give_back()

    def _reach(self, path: list[Call]) -> tuple[Hashable, _Run]:
        """Play the calls of a path on a fresh system; returns the digest of the state, and the run."""
        run = self._fresh()
        run.begin(path, judging=self._judging)
        return self._look(run), run

    def _fresh(self) -> _Run:
        self._give_back()
        self._run = _Run(self._factory())
        return self._run

    def _look(self, run: _Run) -> Hashable:
        """Look at everything there is to see; returns the digest of the state."""
        for call in self._alphabet.reads(run.player):
            run.play(call)
        self._invariant(run.player)
        return self._digest(run.player)

    def _give_back(self) -> None:
        if self._run is not None:
            self._run.system.close()
            self._run = None

    def _cut_down(self, calls: list[Call], message: str) -> Failure:
        """The failure with only those calls that it takes."""
        told = [message]

        def fails(fewer: list[Call]) -> bool:
            again = self._message(fewer)
            told[:] = [again] if again else told
            return bool(again)

        return Failure(shortened(calls, fails) if fails(calls) else calls, told[0])

    def _message(self, calls: list[Call]) -> str:
        """What fails when calls are played on a fresh system, empty for nothing."""
        run = self._fresh()
        try:
            run.begin(calls, judging=self._judging)
            self._invariant(run.player)
        except (Violation, NotTestable) as error:
            return str(error)
        return ""


def _one_longer(sequences: Counter[Hashable], moves: dict[Hashable, Counter[Hashable]]) -> Counter[Hashable]:
    """How many sequences with one call more lead to each state."""
    longer: Counter[Hashable] = Counter()
    for state, count in sequences.items():
        for after, calls in moves[state].items():
            longer[after] += count * calls
    return longer
