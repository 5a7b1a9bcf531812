"""What importing the simulator costs over starting a bare interpreter, in every Python at hand; and naming a system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.compare import side_by_side
from tests.flare_sim.interpreters import SUPPORTED, interpreter

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from tests.benchmarks.conftest import Compare

ROOT = Path(__file__).parents[2]
STATEMENTS = {
    "import": "import flare_sim",
    "class": "from flare_sim import SimulatedServer",
    "server": "from flare_sim import SimulatedServer; SimulatedServer().connect().list_jobs()",
}


def start(python: str, statement: str) -> None:
    """Start a Python, let it do something, and wait for its end."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}"
    subprocess.run([python, "-I", "-S", "-c", code], check=True)


def measured(benchmark: BenchmarkFixture, compare: Compare, python: str, name: str, statement: str, goal: str) -> None:
    """Compare the CPU time of a process that does something with that of one that does nothing."""
    start(python, statement)  # the compiled files are there now
    benchmark.pedantic(start, args=(python, statement), rounds=3)

    comparison = side_by_side(
        15,
        1,
        (lambda: "pass", lambda statement: start(python, statement)),
        (lambda: statement, lambda statement: start(python, statement)),
    )
    over = (comparison.second - comparison.first) / 1000
    compare(f"{name} (+{over:.1f} ms)", comparison, goal)


@pytest.mark.parametrize("version", SUPPORTED)
@pytest.mark.parametrize("what", STATEMENTS)
def test_import(benchmark: BenchmarkFixture, compare: Compare, version: str, what: str) -> None:
    """CPU time of a process that imports the simulator, beside one that does nothing."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    measured(benchmark, compare, python, f"{version} bare, with {what}", STATEMENTS[what], "+15 ms for the class")


@pytest.mark.parametrize("statement", ["import typing", "from contract_tests import System"])
def test_a_system(benchmark: BenchmarkFixture, compare: Compare, statement: str) -> None:
    """What a conftest costs that names the class of a system, and what of it is the types'."""
    measured(benchmark, compare, sys.executable, f"bare, {statement}", statement, "+20 ms")
