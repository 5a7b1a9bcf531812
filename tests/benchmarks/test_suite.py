"""What the suite costs: a call and an example beside what they do to a server, clauses, and a mutant of the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contract_tests.clauses.checks import checks_of
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.mutants.catalogue import all_mutants
from contract_tests.mutants.kill_matrix import try_mutant
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan
from tests.benchmarks.compare import each, side_by_side

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from tests.benchmarks.conftest import Compare

CALLS = 200
EXAMPLES = 50
CHECK = checks_of("meta.dict")[0]


def test_a_recorded_call(benchmark: BenchmarkFixture, compare: Compare) -> None:
    """A meta, through an actor and directly: the suite may take as long again as the reference does."""
    system = SimulatedSystem()
    scenario = Scenario(system)
    actor, session = scenario.open(), system.open_session()
    job = session.submit_job(system.job_folder(JobPlan()))

    def bare(_: Any) -> None:
        session.get_job_meta(job)

    def recorded(_: Any) -> None:
        actor.attempt("get_job_meta", job)

    calls = range(CALLS)
    found = side_by_side(20, CALLS, (lambda: calls, each(bare)), (lambda: calls, each(recorded)))
    compare("a recorded call, beside a bare one", found, "<= 2")
    benchmark.pedantic(recorded, args=(None,), rounds=20, iterations=CALLS)


def test_an_example(benchmark: BenchmarkFixture, compare: Compare) -> None:
    """A system, a session, a job and a look at it: tried by the suite, and done by hand."""
    folder = SimulatedSystem().job_folder(JobPlan(waits=True))
    inputs = {name: listed.values[0] for name, listed in CHECK.each.items()}

    def by_hand(_: Any) -> None:
        with SimulatedSystem() as system:
            session = system.open_session()
            session.get_job_meta(session.submit_job(folder))

    def tried(_: Any) -> None:
        try_inputs(CHECK, inputs, SimulatedSystem)

    examples = range(EXAMPLES)
    found = side_by_side(10, EXAMPLES, (lambda: examples, each(by_hand)), (lambda: examples, each(tried)))
    compare("an example, beside what it does", found, "<= 3")
    benchmark.pedantic(tried, args=(None,), rounds=10, iterations=EXAMPLES)


def test_three_clauses(benchmark: BenchmarkFixture) -> None:
    """All that a default run tries of them."""
    checks = [check for clause in ("delete.list", "delete.others", "delete.done") for check in checks_of(clause)]

    benchmark.pedantic(lambda: [run_check(check, SimulatedSystem, RunSettings()) for check in checks], rounds=3)


def test_a_mutant(benchmark: BenchmarkFixture) -> None:
    """A mutant of the kill matrix, on its own clause and on the others."""
    mutant = next(mutant for mutant in all_mutants() if mutant.clause == "delete.list")

    benchmark.pedantic(lambda: try_mutant(mutant), rounds=3, warmup_rounds=1)
