"""What happens by itself, or late, on systems that live on real time is not held against them, here on virtual time."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.clauses.checks import all_checks
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.reference import SimulatedSystem
from contract_tests.system.system import System
from tests.contract_tests.clauses.worlds import SUBJECTS

(NeverGivesUp,) = (
    variant.system for variant in all_conforming_variants() if variant.name == "servers/never-gives-a-job-up"
)


@pytest.mark.parametrize("clause", ["monitor.finished", "life.ends.unschedulable", "close.then.list-jobs"])
def test_no_check_waits_longer_for_a_job_to_be_given_up_than_the_system_has_time(clause: str) -> None:
    """A server need not give up; its ``longest`` says how long that is waited for."""
    begun: list[tuple[System, float]] = []

    def short() -> System:
        system = NeverGivesUp()
        system.longest = 100.0
        assert system.clock is not None
        begun.append((system, system.clock.time()))
        return system

    report = run_suite(short, RunSettings(4), clauses=[clause])
    (judged,) = (entry for entry in report.clauses if entry.clause.id == clause)

    assert judged.verdict in ("met", "not claimed"), judged.message
    assert max(system.clock.time() - start for system, start in begun if system.clock) < 1000


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_example_takes_a_system_with_little_time_for_long(subject: str) -> None:
    """Its ``longest`` says what is reasonable: a day, or what an hour may bring, is so much shorter there."""
    begun: list[tuple[SimulatedSystem, float]] = []

    def short() -> System:
        system = SimulatedSystem()
        system.longest = 100.0
        begun.append((system, system.server.clock.time()))
        return system

    for check in all_checks():
        if check.clause.partition(".")[0] == subject:
            begun.clear()
            run_check(check, short, RunSettings(1))
            assert max(system.server.clock.time() - start for system, start in begun) < 6000, check.id


class Slow(SimulatedSystem):
    """Metas take longer than a job stays dispatched, so it gets on between a list and the meta that is read next."""

    def open_session(self, user: str | None = None) -> Any:
        """One that takes its time."""
        session, clock = super().open_session(user), self.server.clock

        class SlowSession(type(session)):  # type: ignore[misc]
            def get_job_meta(self, job_id: str) -> dict[str, Any]:
                clock.sleep(0.12)
                found: dict[str, Any] = super().get_job_meta(job_id)
                return found

        session.__class__ = SlowSession
        return session


@pytest.mark.parametrize("begins", [number / 20 for number in range(20)])
def test_a_job_may_get_on_between_a_list_and_its_meta(begins: float) -> None:
    """Nobody has changed it."""

    class Begun(Slow):
        def __init__(self) -> None:
            super().__init__()
            self.server.clock.sleep(begins)

    report = run_suite(Begun, RunSettings(1), clauses=["meta.callers-copy"])
    (judged,) = (entry for entry in report.clauses if entry.clause.id == "meta.callers-copy")

    assert judged.verdict == "met", judged.message
