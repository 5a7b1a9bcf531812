"""Whose fault it is: a check that is wrong accuses nobody, however the suite is run."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from contract_tests.clauses.checks import all_checks
from contract_tests.cli import main
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine import suite_run
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.check import Check
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.lookup import REFERENCE
from contract_tests.system.system import System
from tests.contract_tests.faulty_systems import CLAUSE, NAME, Reluctant

BROKEN = "submit.returns-id"


@pytest.fixture(autouse=True)
def broken_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite with one check broken: it wants a number where the interface promises a text."""

    def body(s: Scenario, history: str) -> None:
        outcome = s.open().do("submit_job", "examples/hello-job")
        s.require(isinstance(outcome.value, int), "a number", outcome)

    def checks() -> list[Check]:
        return [check._replace(body=body) if check.id == BROKEN else check for check in all_checks()]

    monkeypatch.setattr(suite_run, "all_checks", checks)


@pytest.mark.parametrize("system", [SimulatedSystem, Reluctant])
def test_a_broken_check_is_a_fault_of_the_suite(system: type[System]) -> None:
    """The run ends as an error of the suite, with its own exit code, and the clause is not held against the system."""
    report = suite_run.run_suite(system, RunSettings(1), clauses=[BROKEN, "close.again"])

    verdicts = {entry.clause.id: entry.verdict for entry in report.clauses if entry.verdict is not Verdict.NOT_RUN}
    assert verdicts == {BROKEN: Verdict.SUITE_ERROR, "close.again": Verdict.MET}
    assert (report.verdict, report.exit_code) == (Overall.ERROR, 3)


def test_what_is_broken_besides_is_still_told() -> None:
    """The fault of a system is found beside the fault of the suite."""
    report = suite_run.run_suite(Reluctant, RunSettings(1), clauses=[BROKEN, CLAUSE])

    assert [(failure.clause.id, failure.verdict) for failure in report.failures] == [
        (BROKEN, Verdict.SUITE_ERROR),
        (CLAUSE, Verdict.VIOLATED),
    ]
    assert report.exit_code == 3


@pytest.mark.parametrize("system", [REFERENCE, NAME])
def test_the_command_exits_with_its_own_code(system: str) -> None:
    """``flare-contract run`` exits 3, says whose fault it is and does not say where to look in the system."""
    arguments = ["run", system, "--clause", BROKEN, "--examples", "1", "--repro", ""]

    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 3, result.output
    assert "suite error" in result.output
    assert "fault of the suite" in " ".join(result.output.split())
