"""The state machine: Hypothesis draws calls one at a time, a `Player` plays them and the model judges each.

The calls are kept as data, so the shortest failing sequence is an input like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from hypothesis import seed as seeded
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from contract_tests.scenario import Scenario
from contract_tests.sequences import PLANS, Player
from contract_tests.system import System

_SESSIONS = st.integers(0, 3)
_JOBS = st.integers(1, 8)


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

    def _play(self, *call: Any) -> None:
        self.calls.append(list(call))
        self._guarded(lambda: self.player.play(list(call)))

    def _has_jobs(self) -> bool:
        return self.player.jobs > 0

    @rule(session=_SESSIONS, plan=st.sampled_from(sorted(PLANS)))
    def submit_job(self, session: int, plan: str) -> None:
        """Submit a job of some kind."""
        self._play("submit", session, plan)

    @precondition(_has_jobs)
    @rule(session=_SESSIONS, job=_JOBS, call=st.sampled_from(["clone", "meta", "meta", "abort", "delete", "download"]))
    def on_job(self, session: int, job: int, call: str) -> None:
        """Do something with a job, perhaps a deleted one."""
        self._play(call, session, job)

    @precondition(_has_jobs)
    @rule(session=_SESSIONS, job=_JOBS, timeout=st.integers(1, 20), stop_at=st.integers(0, 3))
    def monitor(self, session: int, job: int, timeout: int, stop_at: int) -> None:
        """Monitor a job until it is done, the time is up or the callback ends it."""
        self._play("monitor", session, job, timeout, stop_at)

    @rule(session=_SESSIONS, everyone=st.booleans(), detailed=st.booleans())
    def list_jobs(self, session: int, everyone: bool, detailed: bool) -> None:
        """List jobs."""
        self._play("list", session, everyone, detailed)

    @rule(session=_SESSIONS)
    def info(self, session: int) -> None:
        """Ask for system info."""
        self._play("info", session)

    @rule(seconds=st.sampled_from([0.25, 1.0, 3.0, 10.0, 60.0, 300.0]))
    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._play("sleep", seconds)

    @rule(session=_SESSIONS)
    def reopen(self, session: int) -> None:
        """Close a session and open another in its place."""
        self._play("reopen", session)


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
