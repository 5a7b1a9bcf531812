"""The state machine: Hypothesis draws calls one at a time, a `Player` plays them and the model judges each.

The calls are kept as data, so the shortest failing sequence is an input like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from hypothesis import seed as seeded
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.drawn_calls import any_call
from contract_tests.sequences.player import Player
from contract_tests.system.system import System


class End(Protocol):
    """Closes the system of an example, after a failure or without one."""

    def __call__(self, system: System, *, failed: bool) -> None:
        """Close it."""
        ...


class Sequences(RuleBasedStateMachine):
    """Any sequence of calls from four sessions of two users; subclassed with the system and the hooks of one run."""

    open_system: Callable[[], System]
    begun: Callable[[Scenario, list[list[Any]]], None]
    guard: Callable[[Callable[[], None]], None]
    end: End

    @initialize()
    def begin(self) -> None:
        """Open a fresh system and the four sessions."""
        self.failed = True
        self.system = type(self).open_system()
        self.scenario = Scenario(self.system)
        self.calls: list[list[Any]] = []
        type(self).begun(self.scenario, self.calls)
        self._guarded(self._open)

    def _open(self) -> None:
        self.player = Player(self.scenario)

    def teardown(self) -> None:
        """Give the system back."""
        system = getattr(self, "system", None)
        if system is not None:
            type(self).end(system, failed=self.failed)

    def _guarded(self, act: Callable[[], None]) -> None:
        self.failed = True
        type(self).guard(act)
        self.failed = False

    @rule(call=any_call())
    def call(self, call: list[Any]) -> None:
        """Make a call, drawn as data; one on a job before there is one is left out.

        There is one rule and not one for each call, as Hypothesis would switch most of many rules off in most
        examples, which is no help where a fault shows after three or four different calls.
        """
        if not self.player.can(call):
            return
        self.calls.append(call)
        self._guarded(lambda: self.player.play(call))


def run(
    open_system: Callable[[], System],
    begun: Callable[[Scenario, list[list[Any]]], None],
    guard: Callable[[Callable[[], None]], None],
    end: End,
    config: settings,
    seed: int,
) -> None:
    """Run the machine on fresh systems; ``begun`` is told of each, ``guard`` wraps every call, ``end`` closes them."""
    hooks = {
        name: staticmethod(hook)
        for name, hook in (("open_system", open_system), ("begun", begun), ("guard", guard), ("end", end))
    }
    machine = type("Sequences", (Sequences,), hooks)

    def make() -> RuleBasedStateMachine:
        return machine()  # type: ignore[no-any-return]

    seeded(seed)(make)
    run_state_machine_as_test(make, settings=config)  # type: ignore[arg-type]
