"""What importing the simulator costs over starting a bare interpreter, in every Python at hand."""

from __future__ import annotations

import subprocess
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
    "server": "from flare_sim import SimulatedServer; SimulatedServer().connect()",
}


def start(python: str, statement: str) -> None:
    """Start a Python, let it do something, and wait for its end."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {statement}"
    subprocess.run([python, "-I", "-S", "-c", code], check=True)


@pytest.mark.parametrize("version", SUPPORTED)
@pytest.mark.parametrize("what", STATEMENTS)
def test_import(benchmark: BenchmarkFixture, compare: Compare, version: str, what: str) -> None:
    """Wall time of a process that imports the simulator, beside one that does nothing."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    start(python, STATEMENTS[what])  # the compiled files are there now
    benchmark.pedantic(start, args=(python, STATEMENTS[what]), rounds=3)

    comparison = side_by_side(
        15,
        1,
        (lambda: "pass", lambda statement: start(python, statement)),
        (lambda: STATEMENTS[what], lambda statement: start(python, statement)),
    )
    over = (comparison.second - comparison.first) / 1000
    compare(f"{version} bare, with {what} (+{over:.1f} ms)", comparison, "+20 ms")
