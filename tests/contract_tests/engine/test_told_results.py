"""What a failure says of times and of bad definitions: units, real seconds beside scaled ones, and what was wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from contract_tests.clauses.checks import check_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.report import reproducer
from contract_tests.report.failures.text import failure_text
from contract_tests.system.job_plan import JobPlan

UNIT: Final = 0.02


class _Odd:
    """Takes whatever it is given for a good job, and is late."""

    def __init__(self, inner: Any, good: str) -> None:
        self._inner = inner
        self._good = good

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def submit_job(self, job_definition_path: object) -> Any:
        """Submit a job, though not always the one that is meant."""
        return self._inner.submit_job(self._good)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """A meta in which the job was submitted long ago."""
        return {**self._inner.get_job_meta(job_id), "submit_time": 1767225000}

    def monitor_job(self, job_id: str, timeout: float = 0, *arguments: Any, **options: Any) -> Any:
        """Wait three times as long."""
        return self._inner.monitor_job(job_id, 3 * timeout, *arguments, **options)


class Odd(SimulatedSystem):
    """The reference with odd sessions."""

    def open_session(self, user: str | None = None) -> Any:
        """Open an odd session."""
        return _Odd(super().open_session(user), self.job_folder(JobPlan(waits=True)))


class Scaled(Odd):
    """Fifty contract seconds a second."""

    time_unit = UNIT


def broken(check: str, inputs: dict[str, Any], factory: type[Odd]) -> CheckResult:
    """What a check finds broken on given inputs."""
    result = try_inputs(check_called(check), inputs, factory)
    assert result.verdict is Verdict.VIOLATED
    return result


LATE: Final = {"state": "waiting", "callback_given": False, "timeout": 2, "poll": 0.5, "slow": 0.0, "later": 0.0}
BESIDE: Final = "2 s (0.04 s real), 0.5 s (0.01 s real)"


@pytest.mark.parametrize(
    ("factory", "call", "expected", "observed"),
    [
        (
            Odd,
            "alice: monitor_job(job1, 2 s, 0.5 s, None) returned TIMEOUT after 6 s",
            "an end within 2 s, a poll of 0.5 s",
            "returned TIMEOUT after 6 s",
        ),
        (
            Scaled,
            f"alice: monitor_job(job1, {BESIDE}, None) returned TIMEOUT after 6 s (0.12 s real)",
            "an end within 2 s (0.04 s real), a poll of 0.5 s (0.01 s real)",
            "returned TIMEOUT after 6 s (0.12 s real)",
        ),
    ],
)
def test_times_are_told_with_their_unit_and_real_ones_beside(
    factory: type[Odd], call: str, expected: str, observed: str
) -> None:
    """In the calls, in what was expected, and in what was observed; real seconds where they are others."""
    result = broken("monitor.timeout-not-late", LATE, factory)

    assert result.operations[-1] == call
    assert (result.expected, result.observed) == (expected, observed)


@pytest.mark.parametrize("factory", [Odd, Scaled])
def test_moments_are_told_as_the_clock_of_the_system_tells_them(factory: type[Odd]) -> None:
    """However contract seconds are scaled: what is told is what the implementer's own code sees."""
    result = broken("submit.time", {"history": "nothing"}, factory)

    assert result.observed == "1767225000 s since the epoch"
    assert result.expected.startswith("submit_time between 17672")
    assert result.expected.endswith(" s since the epoch")


def test_a_bad_definition_is_told_in_the_message_and_in_the_script(tmp_path: Path) -> None:
    """By the name of its case, and the line of its meta.json that is wrong."""
    result = broken("submit.refuses.min-clients", {"way": 2}, Odd)
    told = 'min-clients/2: meta.json has "min_clients": "some"'
    script = reproducer.write(result, "somewhere:Odd", RunSettings(), tmp_path).read_text(encoding="utf-8")

    assert result.expected == f"InvalidJobDefinition for {told}"
    assert result.operations[-1] == f"alice: submit_job(<bad job definition {told}>) returned job1"
    for text in (failure_text(result, "somewhere:Odd", RunSettings()), script):
        assert text.count(told) == 2


def test_a_folder_that_was_spoilt_is_told_by_what_it_has_become() -> None:
    """Where the call tells a path alone."""
    result = broken("submit.refuses.no-client-config/spoilt", {"way": 0}, Odd)

    assert result.expected.endswith("for no-client-config/0: no app/config/config_fed_client.json")
