"""The same seed gives the same report, whatever the process and the user's settings of Hypothesis."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine import search
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import integers
from contract_tests.system.lookup import factory
from tests.contract_tests.made_up_checks import check, real_check

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
FEW = 2
"""Combinations of what is listed, which nobody draws."""

CLAUSES = ("shape.methods", "submit.new-id", "list.ids", "download.folder", "monitor.timeout", "life.model")

STRANGE = """
from contract_tests.reference import SimulatedSystem

class Strange(SimulatedSystem):
    "Answers with things that look different in every process."

    def open_session(self, user=None):
        session = super().open_session(user)
        session.list_jobs = lambda detailed=False, all=False: {"a", "b", "c", "d"}
        session.get_system_info = lambda: object()
        download = session.download_job_result
        session.download_job_result = lambda job_id: download(job_id) + "-gone"
        session.clone_job = lambda job_id: [object(), {object: print}]
        return session
"""

PROGRAM = """
import json, sys
from contract_tests.system.lookup import factory
from contract_tests.engine.suite_run import run_suite
from contract_tests.engine.settings import RunSettings
name, seed, *clauses = sys.argv[1:]
report = run_suite(factory(name), RunSettings(4, int(seed), 2), clauses=clauses or None)
sys.stdout.write(json.dumps(report.as_dict(), default=repr))
"""


def report_in_another_process(system: str, hash_seed: str, *clauses: str, cwd: Path, seed: int = 5) -> str:
    """The JSON report of a run in a fresh interpreter with the given PYTHONHASHSEED."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, system, str(seed), *clauses],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.slow
def test_the_report_is_the_same_in_every_process(tmp_path: Path) -> None:
    """Two processes with different hash seeds write the same bytes."""
    first, second = (
        report_in_another_process("contract_tests.reference:SimulatedSystem", hash_seed, *CLAUSES, cwd=tmp_path)
        for hash_seed in ("1", "4242")
    )

    assert first == second
    assert json.loads(first)["counts"]["met"] == len(CLAUSES)


@pytest.mark.slow
def test_the_report_of_a_faulty_system_is_the_same_in_every_process(tmp_path: Path) -> None:
    """Not even values that print their address, the order of a set or a temporary folder change the bytes."""
    (tmp_path / "strange.py").write_text(STRANGE, encoding="utf-8")
    clauses = ("list.dicts", "system.parts", "download.folder", "clone.returns-id", "life.model")

    first, second = (
        report_in_another_process("strange:Strange", hash_seed, *clauses, cwd=tmp_path) for hash_seed in ("1", "4242")
    )

    assert first == second
    assert json.loads(first)["counts"]["violated"] == len(clauses)


@pytest.mark.slow
def test_two_runs_in_one_process_give_the_same_report() -> None:
    """A run leaves nothing behind that another one sees."""
    first, second = (run_suite(SimulatedSystem, RunSettings(3, 7, FEW), clauses=CLAUSES).as_dict() for _ in range(2))

    assert first == second


def drawn_numbers() -> list[int]:
    """What a check draws, as if it had not drawn before."""
    search._drawn.cache_clear()
    numbers: list[int] = []
    run_check(
        check(lambda s, number: numbers.append(number), number=integers(0, 10_000)),
        SimulatedSystem,
        RunSettings(300, 7),
    )
    return numbers


def test_what_else_is_loaded_does_not_change_what_is_drawn(tmp_path: Path) -> None:
    """Hypothesis would draw the constants that stand in modules, too: in those of this project, or of a system."""
    before = drawn_numbers()
    constants = tmp_path / "constants.py"
    constants.write_text(f"System = {list(range(3_000, 3_500))}.copy\n", encoding="utf-8")
    factory(f"{constants}:System")

    assert drawn_numbers() == before


def test_the_users_own_tests_draw_as_they_always_do() -> None:
    """What the suite does to Hypothesis it undoes."""
    providers = pytest.importorskip("hypothesis.internal.conjecture.providers")
    before = dict(vars(providers))
    drawn_numbers()

    assert {name: value for name, value in vars(providers).items() if value is not before.get(name)} == {}


@pytest.fixture(params=["derandomized", "with a database"])
def hostile_profile(request: pytest.FixtureRequest) -> Iterator[None]:
    """A profile of the user's that would spoil any search."""
    own: dict[str, Any] = (
        {"derandomize": True, "database": None}
        if request.param == "derandomized"
        else {"derandomize": False, "database": hypothesis.database.InMemoryExampleDatabase()}
    )
    hypothesis.settings.register_profile("before", hypothesis.settings())
    hypothesis.settings.register_profile(
        "hostile",
        deadline=1,
        max_examples=1,
        stateful_step_count=1,
        verbosity=hypothesis.Verbosity.debug,
        print_blob=True,
        phases=(hypothesis.Phase.explicit,),
        suppress_health_check=(),
        **own,
    )
    hypothesis.settings.load_profile("hostile")
    yield
    hypothesis.settings.load_profile("before")


@pytest.mark.slow
def test_the_users_profile_changes_nothing(hostile_profile: None, capsys: pytest.CaptureFixture[str]) -> None:
    """No profile changes how many examples are tried, in which order, or what is printed."""
    under_profile = run_suite(SimulatedSystem, RunSettings(3, 7, FEW), clauses=CLAUSES).as_dict()
    printed = capsys.readouterr()
    hypothesis.settings.load_profile("before")

    assert under_profile == run_suite(SimulatedSystem, RunSettings(3, 7, FEW), clauses=CLAUSES).as_dict()
    assert printed == ("", "")


def test_the_users_profile_does_not_change_what_is_found(hostile_profile: None) -> None:
    """Under a profile that generates nothing, a violation is still found and made small."""
    result = run_check(
        check(lambda s, number: s.require(number < 100, "less", number), number=integers(0, 5000)),
        SimulatedSystem,
        RunSettings(50),
    )

    assert (result.verdict, result.inputs) == (Verdict.VIOLATED, {"number": 100})


def test_a_slow_system_is_no_failure(hostile_profile: None) -> None:
    """No deadline of Hypothesis is put on an implementation."""
    import time

    def body(s: Scenario, number: int) -> None:
        time.sleep(0.003)

    assert run_check(check(body, number=integers(0, 9)), SimulatedSystem, RunSettings(3)).verdict is Verdict.MET


@pytest.mark.slow
def test_another_seed_tries_other_inputs() -> None:
    """The seed is where all drawing starts from, of properties and of sequences."""

    def drawn(seed: int) -> list[int]:
        seen: list[int] = []
        run_check(
            check(lambda s, number: seen.append(number), number=integers(0, 10**9)),
            SimulatedSystem,
            RunSettings(10, seed),
        )
        return seen

    assert drawn(1) == drawn(1) != drawn(2)

    sequences = [run_check(real_check("life.model"), SimulatedSystem, RunSettings(4, seed)).examples for seed in (1, 1)]
    assert sequences[0] == sequences[1]


@pytest.mark.slow
def test_nothing_is_written_beside_the_user(here: Path) -> None:
    """A run makes no folder of Hypothesis's, nor any other, where it was started."""
    run_suite(SimulatedSystem, RunSettings(2, combinations=FEW), clauses=CLAUSES)

    assert list(here.iterdir()) == []


@pytest.mark.parametrize("fail_fast", [False, True])
def test_the_report_is_the_same_on_several_processes(fail_fast: bool) -> None:
    """Whatever process a check ran in, and whatever was done first."""
    named = "tests.contract_tests.faulty_systems:Reluctant"

    def report(jobs: int) -> dict[str, Any]:
        clauses = ("shape.methods", "submit.new-id", "delete.running", "close.again")
        return run_suite(
            factory(named), RunSettings(2), clauses=clauses, fail_fast=fail_fast, jobs=jobs, named=named
        ).as_dict()

    assert report(1) == report(2)
    assert report(1)["counts"]["violated"] >= 1


def test_a_system_without_a_name_runs_in_one_process() -> None:
    """Another process could not find it, so it is not asked to."""

    class Local(SimulatedSystem):
        """Known here alone."""

    report = run_suite(Local, RunSettings(1), clauses=["close.again"], jobs=2)

    assert report.counts["met"] == 1
