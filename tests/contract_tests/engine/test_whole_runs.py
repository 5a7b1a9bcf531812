"""Whole runs: the reference keeps everything, a small system claims little, a system on real time works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests import BadSystem, RealClock, System, check
from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import checks_of
from contract_tests.contract.clause import CONFORMANCE_LEVELS
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine import suite_run
from contract_tests.engine.coverage import reachable
from contract_tests.engine.settings import PROFILES, RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.reference import SimulatedSystem
from flare_sim import ServerConfig, SimulatedServer, SystemClock
from tests.contract_tests.faulty_systems import Careless

if TYPE_CHECKING:
    from contract_tests.engine.check_result import CheckResult
    from contract_tests.engine.report import Report
    from contract_tests.scenario.check import Check


class Smallest(System):
    """The one required method, over a server nobody else sees."""

    def __init__(self) -> None:
        self._server = SimulatedServer()

    def open_session(self, user: str = "alice") -> Any:
        """A session of the administrator, whoever asks."""
        return self._server.connect("admin@nvidia.com")


class InRealTime(System):
    """A simulated server on the machine's own clock, fifty times as fast as the contract speaks."""

    clock = RealClock()
    time_unit = 0.02
    tolerance = 0.3
    examples = 1
    combinations = 6
    longest = 50.0
    users = ("admin@nvidia.com", "lead@nvidia.com")
    client_names = ("site-1", "site-2")
    simulated_jobs = True

    def __init__(self) -> None:
        config = ServerConfig(
            tick_seconds=0.02,
            deploy_seconds=0.001,
            start_seconds=0.002,
            run_seconds=0.1,
            abort_seconds=0.06,
            max_schedule_count=2,
            min_schedule_interval=0.1,
        )
        self._server = SimulatedServer(clock=SystemClock(), clients=self.client_names, config=config)

    def open_session(self, user: str = "admin@nvidia.com") -> Any:
        """A session on real time."""
        return self._server.connect(user)

    def close(self) -> None:
        """Remove what was downloaded."""
        self._server.close()


@pytest.fixture(scope="module")
def smallest() -> Report:
    """What the suite says of the smallest system."""
    return check(Smallest, examples=PROFILES["quick"], seed=9)


def test_the_reference_is_conformant(reference_report: Report) -> None:
    """Every judged clause is met, none is left out, and every silent one is observed."""
    assert [
        (entry.clause.id, entry.message) for entry in reference_report.clauses if entry.verdict is not Verdict.MET
    ] == []
    assert {entry.verdict for entry in reference_report.observations} == {Verdict.UNDEFINED}
    assert (reference_report.verdict, reference_report.exit_code) == (Overall.CONFORMANT, 0)
    assert reference_report.conclusion.judged == reference_report.conclusion.of == len(reference_report.clauses)
    assert len(reference_report.clauses) >= 100


def test_the_reference_reaches_every_level(reference_report: Report) -> None:
    """From shape to faults and concurrency."""
    assert reference_report.level == len(CONFORMANCE_LEVELS)


def test_something_was_observed_wherever_the_interface_is_silent(reference_report: Report) -> None:
    """An observation is a sentence, not nothing."""
    assert [entry.clause.id for entry in reference_report.observations if not entry.message] == []


def test_a_default_run_exercises_every_cell_that_can_be(reference_report: Report) -> None:
    """Every operation is tried in every state of a job and of a session."""
    assert sorted(reachable() - set(reference_report.coverage)) == []


def test_every_clause_is_told_in_the_order_of_the_catalogue(reference_report: Report) -> None:
    """Rows of a report never change places."""
    assert [entry.clause for entry in reference_report.clauses] == [clause for clause in CATALOGUE if clause.judged]
    assert [entry.clause for entry in reference_report.observations] == [c for c in CATALOGUE if not c.judged]


@pytest.mark.slow
def test_the_smallest_system_breaks_nothing(smallest: Report) -> None:
    """A session alone is enough to be judged by everything that needs no more."""
    assert smallest.failures == []
    assert {entry.verdict for entry in smallest.clauses} == {Verdict.MET, Verdict.NOT_CLAIMED}
    assert smallest.counts["met"] >= 40


@pytest.mark.slow
def test_a_system_that_offers_little_has_proven_little(smallest: Report) -> None:
    """Not even what is broken shows, so the run fails, and the headline says on how little it rests."""
    careless = check(Careless, examples=PROFILES["quick"])

    for report in (smallest, careless):
        assert (str(report.conclusion), report.exit_code) == ("unproven", 1)
        assert report.conclusion.judged == report.counts["met"] < len(report.clauses) / 4
    assert careless.failures == []


@pytest.mark.slow
def test_the_smallest_system_is_told_what_it_does_not_claim(smallest: Report) -> None:
    """Every clause that was not judged says what it would have needed."""
    lacking = {entry.clause.id: entry.message for entry in smallest.clauses if entry.verdict is Verdict.NOT_CLAIMED}

    assert all(message.startswith("the system does not offer ") for message in lacking.values())
    assert lacking["list.all"].endswith("a second user")
    assert lacking["monitor.timeout"].endswith("a clock the suite can see")
    assert lacking["outage.list-jobs"].endswith("an outage")
    assert lacking["delete.files"].endswith("a look into the server's storage")


@pytest.mark.slow
def test_what_is_not_claimed_reaches_no_level(smallest: Report) -> None:
    """A level is reached by keeping its promises, not by leaving them out."""
    assert smallest.level < len(CONFORMANCE_LEVELS)
    assert not smallest.levels[-1].reached


WAITS_LONG = pytest.param("monitor.timeout-not-early", marks=pytest.mark.slow)


@pytest.mark.parametrize(
    "clause", ["shape.methods", "submit.returns-id", "monitor.callback-first", WAITS_LONG, "abort.waiting-ends"]
)
def test_a_system_on_real_time_is_judged(clause: str) -> None:
    """With its own time unit and tolerance, an implementation that really sleeps runs the same checks."""
    report = run_suite(InRealTime, clauses=[clause])
    entry = next(entry for entry in report.clauses if entry.clause.id == clause)

    assert (entry.verdict, entry.message) == (Verdict.MET, "")
    assert report.settings.examples == 1


def test_a_system_says_how_many_examples_are_enough() -> None:
    """What the system wants is the most; a run that asks for less gets less."""

    class Slow(SimulatedSystem):
        examples = 4

    assert run_suite(Slow, RunSettings(12), clauses=[]).settings == RunSettings(4)
    assert run_suite(Slow, RunSettings(2), clauses=[]).settings == RunSettings(2)
    assert run_suite(SimulatedSystem, RunSettings(12), clauses=[]).settings == RunSettings(12)


def test_a_system_that_cannot_be_made_is_told_once() -> None:
    """No clause is tried on it, and there is no report."""

    def make() -> System:
        raise OSError("nothing there")

    with pytest.raises(BadSystem, match="can't be made: OSError: 'nothing there'"):
        run_suite(make, clauses=["shape.methods", "close.again"])


def test_a_run_of_some_clauses_is_partial() -> None:
    """What was not tried counts as not run, and no run in part is conformant."""
    report = run_suite(SimulatedSystem, clauses=["shape.methods", "monitor.falsy"])

    assert report.verdict is Overall.PARTIAL
    assert report.exit_code == 1
    assert report.counts["met"] == report.counts["undefined"] == 1
    assert report.counts["not run"] == len(CATALOGUE) - 2


def test_a_run_of_no_clauses_is_partial() -> None:
    """Nothing was shown."""
    assert run_suite(SimulatedSystem, clauses=[]).verdict is Overall.PARTIAL


class Deaf(SimulatedSystem):
    """Clones nothing."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that does not clone."""
        session = super().open_session(user)
        session.clone_job = lambda job_id: None
        return session


class QuicklyTried(Deaf):
    """Wants to be tried on as little as a glance is."""

    examples = combinations = 1


def test_fail_fast_ends_at_the_first_clause_that_is_not_kept() -> None:
    """What comes after it is not run; the verdict stays non-conformant."""
    clauses = ["shape.methods", "clone.returns-id", "close.again"]

    report = run_suite(QuicklyTried, clauses=clauses, fail_fast=True)
    verdicts = {entry.clause.id: entry.verdict for entry in report.clauses if entry.checks}

    assert verdicts == {"shape.methods": Verdict.MET, "clone.returns-id": Verdict.VIOLATED}
    assert report.verdict is Overall.NON_CONFORMANT


def test_fail_fast_goes_on_past_what_can_not_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A promise that can't be tried for want of a clone tells nobody what is broken."""
    monkeypatch.setattr(suite_run, "_at_a_glance", lambda *args: None)
    clauses = ["submit.listed", "clone.returns-id", "close.again"]

    report = run_suite(Deaf, RunSettings(2), clauses=clauses, fail_fast=True)
    verdicts = {entry.clause.id: entry.verdict for entry in report.clauses if entry.checks}

    assert verdicts == {"submit.listed": Verdict.NOT_TESTABLE, "clone.returns-id": Verdict.VIOLATED}
    assert report.verdict is Overall.NON_CONFORMANT


class Locked(SimulatedSystem):
    """Whose sessions hold a lock while they monitor, and want it for every submission."""

    call_limit = 0.2

    def open_session(self, user: str | None = None) -> Any:
        """A session with a lock."""
        session, lock = super().open_session(user), threading.Lock()
        for name in ("monitor_job", "submit_job"):
            setattr(session, name, _holding(lock, getattr(session, name)))
        return session


def _holding(lock: threading.Lock, call: Callable[..., Any]) -> Callable[..., Any]:
    def held(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return call(*args, **kwargs)

    return held


@pytest.mark.usefixtures("quick_watchdog")
def test_fail_fast_ends_at_a_call_that_does_not_come_back() -> None:
    """Though it is none of the promise's, and no other is found broken: each further one would be waited for."""
    clauses = ["submit.folder-untouched", "close.again"]

    report = run_suite(Locked, RunSettings(2), clauses=clauses, fail_fast=True)
    (entry,) = [entry for entry in report.clauses if entry.checks]

    assert (entry.verdict, entry.checks[0].message) == (Verdict.NOT_TESTABLE, "submit_job did not come back")
    assert report.verdict is Overall.NON_CONFORMANT


def test_fail_fast_tries_first_what_fails_at_a_glance() -> None:
    """It is then tried as in any run, so that its failure is as small and as well explained; and nothing else is."""
    tried: list[str] = []

    report = run_suite(Deaf, RunSettings(2), fail_fast=True, progress=lambda check, result: tried.append(check.id))
    entries = [entry for entry in report.clauses if entry.checks]

    assert [(entry.clause.id, entry.verdict) for entry in entries] == [("clone.returns-id", Verdict.VIOLATED)]
    assert tried == ["clone.returns-id"] * 2
    assert entries[0].checks[0].operations
    assert report.verdict is Overall.NON_CONFORMANT


def test_progress_is_told_of_every_check() -> None:
    """Before it runs, and with its result after."""
    seen: list[tuple[str, Verdict | None]] = []

    def tell(check: Check, result: CheckResult | None) -> None:
        seen.append((check.id, result.verdict if result else None))

    run_suite(SimulatedSystem, clauses=["close.again", "close.returns-none"], progress=tell)

    expected = [check.id for clause in ("close.returns-none", "close.again") for check in checks_of(clause)]
    assert seen == [(name, verdict) for name in expected for verdict in (None, Verdict.MET)]


@pytest.mark.slow
def test_check_takes_examples_and_seed(smallest: Report) -> None:
    """The plain function gives the report of a run with them."""
    assert smallest.settings == RunSettings(PROFILES["quick"], 9)
    assert smallest.system == f"{__name__}:Smallest"


@pytest.mark.slow
def test_a_run_works_in_another_thread() -> None:
    """Nothing in a run needs the main thread."""
    reports: list[Report] = []
    thread = threading.Thread(
        target=lambda: reports.append(
            run_suite(SimulatedSystem, RunSettings(2), clauses=["submit.new-id", "life.model"])
        )
    )
    thread.start()
    thread.join()

    assert reports[0].counts["met"] == 2
