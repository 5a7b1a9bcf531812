"""Expected failures: what a system says of itself that it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from contract_tests import BadSystem, check
from contract_tests.clauses.checks import checks_of
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine.deviations import Deviation, judge_expected, with_expected
from contract_tests.engine.report import Report
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import reference_factory, run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.system.lookup import label
from contract_tests.system.system import System
from tests.contract_tests.faulty_systems import CLAUSE, Reluctant

SETTINGS = RunSettings(2)


def expecting(base: type[System], failures: Any) -> type[System]:
    """A system that says what it breaks."""

    class Honest(base):  # type: ignore[misc,valid-type]
        expected_failures: Mapping[str, str] = failures

    return Honest


def verdicts(report: Report) -> dict[str, Verdict]:
    """The verdicts of the clauses that were tried."""
    return {entry.clause.id: entry.verdict for entry in report.clauses if entry.verdict is not Verdict.NOT_RUN}


def test_an_expected_failure_is_a_known_deviation_with_a_witness() -> None:
    """The inputs that show it are found; a run of all else conforms."""
    system = expecting(Reluctant, {CLAUSE: "  servers refuse "})

    report = run_suite(system, SETTINGS, clauses=[CLAUSE, "close.again"])
    found = next(entry for entry in report.clauses if entry.clause.id == CLAUSE)

    assert verdicts(report) == {CLAUSE: Verdict.KNOWN_DEVIATION, "close.again": Verdict.MET}
    assert found.message == "servers refuse"
    assert {result.check for result in found.checks} == {check.id for check in checks_of(CLAUSE)}
    assert all(result.inputs and result.observed for result in found.checks)
    assert report.deviations == [Deviation(CLAUSE, "servers refuse", "", None)]
    assert sum(result.seconds > 0.0 for result in found.checks) == 1  # it was sought once for all


def test_the_order_in_which_checks_are_tried_changes_nothing() -> None:
    """A check by itself says what it says in a whole run, as in a process of its own."""
    system = expecting(Reluctant, {CLAUSE: "servers refuse"})
    deviation = with_expected((), system)[0]
    whole = run_suite(system, SETTINGS, clauses=[CLAUSE])

    alone = [
        judge_expected(each, system, SETTINGS, reference_factory(), deviation) for each in reversed(checks_of(CLAUSE))
    ]

    assert alone[::-1] == next(entry for entry in whole.clauses if entry.clause.id == CLAUSE).checks


def test_one_that_the_reference_shows_as_well_is_a_fault_of_the_suite() -> None:
    """A check that accuses whoever it is tried on excuses nobody."""
    deviation = Deviation(CLAUSE, "servers refuse", "", None)
    check_of = {each.id: each for each in checks_of(CLAUSE)}[CLAUSE]

    found = judge_expected(check_of, Reluctant, SETTINGS, Reluctant, deviation)

    assert found.verdict is Verdict.SUITE_ERROR
    assert found.message.startswith("the reference fails this check on the same inputs: ")


def test_one_that_is_kept_is_stale() -> None:
    """A run does not conform while more is excused than is broken."""
    report = run_suite(expecting(SimulatedSystem, {CLAUSE: "not yet"}), SETTINGS, clauses=[CLAUSE])

    assert verdicts(report) == {CLAUSE: Verdict.STALE_DEVIATION}
    assert report.verdict is Overall.NON_CONFORMANT
    assert report.failures[0].message == "expected to fail (not yet), but it is kept; remove it from expected_failures"


def test_one_that_is_not_claimed_is_stale_too() -> None:
    """Nothing is to be excused there."""

    class Little(SimulatedSystem):
        unknown_user = None

    report = run_suite(expecting(Little, {"credentials.refused": "any do"}), SETTINGS, clauses=["credentials.refused"])

    assert verdicts(report) == {"credentials.refused": Verdict.STALE_DEVIATION}
    assert report.failures[0].message == (
        "expected to fail (any do), but it is not claimed; remove it from expected_failures"
    )


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ({"close.agian": "x"}, "there is no clause 'close.agian'; is it close.again?"),
        ({7: "x"}, "there is no clause 7; flare-contract clauses lists them"),
        ({"zzz": "x"}, "there is no clause 'zzz'; flare-contract clauses lists them"),
        ({"monitor.falsy": "x"}, "monitor.falsy is only observed, as the interface is silent there: it can't fail"),
        ({"close.again": ""}, "close.again has no reason; say why it is tolerated"),
        ({"close.again": None}, "close.again has no reason; say why it is tolerated"),
        (["close.again"], None),
    ],
)
def test_what_makes_no_sense_is_one_clear_error(failures: Any, told: str | None) -> None:
    """It names the system, and nothing is tried."""
    system = expecting(SimulatedSystem, failures)
    with pytest.raises(BadSystem) as caught:
        check(system)

    where = f"expected_failures of {label(system)}"
    assert str(caught.value) == (f"{where}: {told}" if told else f"{where} is a list; write {{clause: reason}}")


def test_each_expected_failure_that_makes_no_sense_is_told() -> None:
    """In a line of its own."""
    failures = {"close.again": "", "submit.runs": "not yet", "monitor.falsy": "x"}
    with pytest.raises(BadSystem) as caught:
        with_expected((), expecting(SimulatedSystem, failures))

    assert [line.partition(": ")[2].split()[0] for line in str(caught.value).splitlines()] == [
        "close.again",
        "monitor.falsy",
    ]


def test_a_clause_is_declared_once() -> None:
    """In a file or by the system, not in both."""
    declared = Deviation(CLAUSE, "servers refuse", "", None, CLAUSE, {})

    with pytest.raises(BadSystem, match="is declared in the file of deviations, too"):
        run_suite(expecting(Reluctant, {CLAUSE: "x"}), SETTINGS, deviations=[declared])


def test_a_budget_that_ends_leaves_it_undecided() -> None:
    """Not run, rather than stale."""
    report = run_suite(expecting(SimulatedSystem, {CLAUSE: "not yet"}), SETTINGS, clauses=[CLAUSE], budget=1e-9)

    assert report.counts == {"not run": 270}
