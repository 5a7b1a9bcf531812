"""All sequences of calls up to a depth on the reference, with one fault at a time: see `CASES`, and ``--depth``.

Every state is the whole of the simulator's, and in each of them its parts agree. What was gone through is told at the
end of a run, with ``-rP``.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Hashable, Iterator

import pytest

from contract_tests.exploration.alphabet import Alphabet, Call
from contract_tests.exploration.explorer import Exploration, Explorer
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.player import Player
from flare_sim.jobs.lifecycle import JobState
from tests.exploration.simulator_state import exact, sound
from tests.exploration.systems import Crashing, Holding, Killing, Steady, Undeployable

CASES: dict[str, tuple[type[SimulatedSystem], Alphabet]] = {
    "outage": (Steady, Alphabet(fault="outage")),
    "crash": (Crashing, Alphabet(fault="outage")),
    "lost sessions": (Steady, Alphabet(fault="lost sessions")),
    "misbehaving server": (Steady, Alphabet(fault="misbehaving server")),
    "lost clients": (Steady, Alphabet(fault="lost clients")),
    "pausing scheduler": (Holding, Alphabet(fault="lost clients")),
    "killed runs": (Killing, Alphabet(fault="lost clients")),
    "refused deployments": (Undeployable, Alphabet(fault="lost clients")),
    "jobs that fail or wait": (Steady, Alphabet(("fails", "waits"), "outage")),
    "two sessions of a user": (Steady, Alphabet(("short", "short"), "lost sessions", sessions=(0, 1))),
}
"""What is explored: the system, and what sequences are made of."""

LONG = 100_000.0
"""Seconds in which every job comes to its end that can, and the server gives up on the others."""


class Crossings(Alphabet):
    """An alphabet that notes in which states of a job's life which calls were tried on it."""

    crossed: Counter[tuple[JobState, str]]

    def calls(self, player: Player) -> Iterator[Call]:
        """The same calls."""
        system = player.scenario.system
        assert isinstance(system, SimulatedSystem)
        states = {job.job_id: job.state for job in system.server._state.store}
        for call in super().calls(player):
            state = states.get(player.model.ids.get(call[2], "")) if len(call) > 2 else None
            if state is not None:
                self.crossed[state, call[0]] += 1
            yield call


def table(found: Exploration) -> Iterator[str]:
    """What was gone through, a line for each depth."""
    yield "depth    states  transitions   sequences  CPU seconds"
    for depth, states, transitions, sequences, seconds in found.levels:
        yield f"{depth:5} {states:9,} {transitions:12,} {sequences:11,} {seconds:12.1f}"
    yield f"  all {len(found.paths):9,} {found.transitions:12,} {found.sequences:11,}"


@pytest.mark.parametrize("case", CASES)
def test_the_reference_agrees_with_the_model(case: str, depth: int) -> None:
    """On every sequence; its parts agree in every state, and from each of them every job comes to its end."""
    factory, alphabet = CASES[case]
    crossing = Crossings(*alphabet)
    crossing.crossed = Counter()

    found = Explorer(factory, crossing, exact, sound).explore(depth)

    crossed = (f"{state.name}: {dict(sorted(calls.items()))}" for state, calls in _by_state(crossing).items())
    sys.stdout.write("\n".join((case, *table(found), *crossed)) + "\n")
    assert (found.failure, found.not_offered) == (None, set())
    for path in found.paths.values():
        _comes_to_an_end(factory, path, alphabet.fault)


def _by_state(crossing: Crossings) -> dict[JobState, dict[str, int]]:
    told: dict[JobState, dict[str, int]] = {}
    for (state, call), count in crossing.crossed.items():
        told.setdefault(state, {})[call] = count
    return told


def _comes_to_an_end(factory: type[SimulatedSystem], path: list[Call], fault: str) -> None:
    """The assertion that every job is done in the end, once nothing is wrong any more."""
    with factory() as system:
        assert isinstance(system, SimulatedSystem)
        player = _played(system, path)
        player.play(["repair", fault])
        player.play(["sleep", LONG])
        player.play(["sleep", LONG])
        system.server.catch_up()
        assert [job.state for job in system.server._state.store if not job.state.done] == [], path


def _played(system: SimulatedSystem, calls: list[Call]) -> Player:
    player = Player(Scenario(system))
    for call in calls:
        player.play(call)
    return player


def _leads_to(factory: type[SimulatedSystem], alphabet: Alphabet, path: list[Call]) -> dict[str, Hashable]:
    """The state that every call leads to after these."""
    after = {}
    with factory() as system:
        calls = list(alphabet.calls(_looked_at(system, alphabet, path)))
    for call in calls:
        with factory() as system:
            player = _looked_at(system, alphabet, [*path, call])
            after[str(call)] = exact(player)
    return after


def _looked_at(system: SimulatedSystem, alphabet: Alphabet, path: list[Call]) -> Player:
    player = _played(system, path)
    for call in alphabet.reads(player):
        player.play(call)
    return player


@pytest.mark.parametrize("case", CASES)
def test_states_that_are_merged_go_on_alike(case: str) -> None:
    """Every sequence that was not followed leads, with each further call, where the one does that was."""
    factory, alphabet = CASES[case]
    found = Explorer(factory, alphabet, exact).explore(2)
    others: dict[Hashable, list[Call]] = {}
    for path in list(found.paths.values()):
        if len(path) == 2:
            continue
        with factory() as system:
            calls = list(alphabet.calls(_looked_at(system, alphabet, path)))
        for call in calls:
            with factory() as system:
                others[exact(_looked_at(system, alphabet, [*path, call]))] = [*path, call]

    assert set(others) <= set(found.paths)
    merged = [(found.paths[state], other) for state, other in others.items() if found.paths[state] != other]
    assert len(merged) > 5
    for first, other in merged:
        assert _leads_to(factory, alphabet, first) == _leads_to(factory, alphabet, other), (first, other)
