"""Calls that never come back are ended, and told as what they are."""

from __future__ import annotations

import time
from typing import Any

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import integers
from contract_tests.system.job_plan import JobPlan
from tests.contract_tests.made_up_checks import THOROUGH, run

pytestmark = pytest.mark.usefixtures("quick_watchdog")


class Hanging(SimulatedSystem):
    """A system on which whatever is named in `hangs` waits for ever."""

    call_limit = 0.2
    hangs = ""

    def _wait(self, name: str) -> None:
        while self.hangs == name:
            time.sleep(0.01)

    def open_session(self, user: str | None = None) -> Any:
        """Hang, or give a session that does."""
        self._wait("open_session")
        session = super().open_session(user)
        if self.hangs in ("list_jobs", "submit_job"):
            setattr(session, self.hangs, lambda *args, **kwargs: self._wait(self.hangs))
        return session

    def job_folder(self, plan: JobPlan) -> str:
        """Hang or not."""
        self._wait("job_folder")
        return super().job_folder(plan)

    def outage(self) -> None:
        """Hang or not."""
        self._wait("outage")

    def close(self) -> None:
        """Hang or not."""
        self._wait("close")
        super().close()


def hanging(where: str) -> type[Hanging]:
    """A system that hangs in one place."""
    return type("HangsThere", (Hanging,), {"hangs": where})


def test_a_call_that_never_comes_back_is_a_violation() -> None:
    """The call under test is ended and reported, not waited for."""

    def body(s: Scenario) -> None:
        outcome = s.open().do("list_jobs")
        s.require(outcome.returned, "a list", outcome)

    result = run(body, hanging("list_jobs"), reference=SimulatedSystem)

    assert (result.verdict, result.observed) == (Verdict.VIOLATED, "did not come back")
    assert result.operations[-1] == "alice: list_jobs() did not come back"


def test_a_hang_is_not_made_smaller() -> None:
    """Each further try would be waited for, so the first inputs that hang are the ones that are told."""

    def body(s: Scenario, number: int) -> None:
        outcome = s.open().do("list_jobs")
        s.require(outcome.returned, "a list", outcome)

    assert run(body, hanging("list_jobs"), THOROUGH, number=integers(0, 1000)).examples == 1


@pytest.mark.parametrize("where", ["submit_job", "open_session", "job_folder", "outage"])
def test_a_hang_on_the_way_is_not_testable(where: str) -> None:
    """A call that is needed first and never comes back ends the check; nobody waits for it."""

    def body(s: Scenario) -> None:
        s.open().submit()
        s.on_system("outage")

    result = run(body, hanging(where), reference=SimulatedSystem)

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "did not come back" in result.message


def test_a_check_that_does_not_care_for_a_hang_is_not_testable() -> None:
    """And is not tried any more: the next example would be waited for, too."""

    def body(s: Scenario, number: int) -> None:
        s.open().do("list_jobs")

    result = run(body, hanging("list_jobs"), THOROUGH, number=integers(0, 1000))

    assert (result.verdict, result.message) == (Verdict.NOT_TESTABLE, "list_jobs did not come back")
    assert result.examples == 1


def test_a_system_that_is_never_closed_is_not_testable() -> None:
    """A close that hangs is ended as well."""
    result = run(lambda s: None, hanging("close"))

    assert result.verdict is Verdict.NOT_TESTABLE
    assert "did not come back" in result.message


def test_a_monitor_that_asks_for_ever_is_ended() -> None:
    """A callback that is called far too often ends its monitor, which then counts as one that never came back."""
    from contract_tests.scenario.operations import Callback

    def body(s: Scenario) -> None:
        alice = s.open()
        outcome = alice.monitor(alice.submit(JobPlan(waits=True)), Callback(limit=10), poll=0.5)
        s.require(outcome.returned, "an end", outcome)

    result = run(body)

    assert result.verdict is Verdict.VIOLATED
    assert "did not come back" in result.observed
