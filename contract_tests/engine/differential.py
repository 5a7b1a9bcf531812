"""Differential runs: the same calls on two systems, side by side, up to the first that turn out differently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contract_tests.engine.search import by_seed_alone, hypothesis_settings
from contract_tests.engine.settings import RunSettings
from contract_tests.scenario import wording
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import SYSTEM, Step
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.drawn_calls import any_call
from contract_tests.sequences.player import Player
from contract_tests.system.system import System


@dataclass
class Divergence:
    """Where two systems part: the calls before, in words, and what each made of the last one."""

    calls: list[list[Any]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    call: str = ""
    first: str = ""
    second: str = ""


class _Diverged(Exception):
    pass


def compare(first: Callable[[], System], second: Callable[[], System], calls: list[list[Any]]) -> Divergence | None:
    """Play a sequence on a fresh system of each; the first divergence, or None when there is none."""
    with first() as one, second() as other:
        players = Player(Scenario(one), judging=False), Player(Scenario(other), judging=False)
        found = Divergence(calls)
        for call in calls:
            if not all(player.can(call) for player in players):
                continue
            steps = [_play(player, call) for player in players]
            told = [[_facts(step, player) for step in its] for its, player in zip(steps, players, strict=True)]
            texts = [
                [wording.step(step, player.ids) for step in its] for its, player in zip(steps, players, strict=True)
            ]
            if told[0] != told[1]:
                at = next((index for index, pair in enumerate(zip(*told, strict=False)) if pair[0] != pair[1]), 0)
                found.call = wording.operation(steps[0][at].operation, players[0].ids)
                found.first, found.second = (
                    _observed(its[at], facts[at]) for its, facts in zip(steps, told, strict=True)
                )
                return found
            found.done += texts[0]
    return None


def _play(player: Player, call: list[Any]) -> list[Step]:
    begun = len(player.scenario.steps)
    player.play(call)
    return player.scenario.steps[begun:]


def _observed(step: Step, facts: Any) -> str:
    return f"raised {wording.error(step.outcome.error)}" if step.outcome.kind == "raised" else str(facts)


def _facts(step: Step, player: Player) -> Any:
    """What of an outcome two systems have to agree on: no ids, no times, no wording."""
    outcome = step.outcome
    if step.operation.actor == SYSTEM and outcome.returned:
        return "done"
    if outcome.kind != "returned":
        return f"{outcome.kind} {next(iter(outcome.contract_errors), type(outcome.error).__name__)}"
    return _plain(outcome.value, player.ids)


def _plain(value: Any, ids: list[str]) -> Any:
    if isinstance(value, str):
        return f"job{ids.index(value) + 1}" if value in ids else "text"
    if isinstance(value, dict):
        return {
            key: _status(value[key]) if key == "status" else _plain(value[key], ids)
            for key in ("job_id", "status")
            if key in value
        }
    if isinstance(value, list):
        return sorted((_plain(entry, ids) for entry in value), key=str)
    if hasattr(value, "job_info"):
        return {"jobs": sorted(_plain(entry.job_id, ids) for entry in value.job_info)}
    return getattr(value, "name", None) or (value if value is None else type(value).__name__)


def _status(status: Any) -> str:
    """A status as far as two systems of different speed agree on it: what it ended as, or that it has not."""
    return str(status) if isinstance(status, str) and finished(status) else "not finished"


@by_seed_alone()
def diff(first: Callable[[], System], second: Callable[[], System], settings: RunSettings) -> Divergence | None:
    """Look for a sequence of calls on which two systems differ, and make it short; None when none was found."""
    from hypothesis import given
    from hypothesis import seed as seeded

    smallest: list[Divergence] = []

    @given(_sequences())
    def example(calls: list[list[Any]]) -> None:
        found = compare(first, second, calls)
        if found is not None:
            smallest[:] = [found]
            raise _Diverged

    try:
        seeded(settings.seed)(hypothesis_settings(settings.examples)(example))()
    except _Diverged:
        return smallest[0]
    return None


def _sequences() -> Any:
    from hypothesis import strategies as st

    return st.lists(any_call(), min_size=1, max_size=25).map(lambda calls: [["submit", 0, "long"], *calls])
