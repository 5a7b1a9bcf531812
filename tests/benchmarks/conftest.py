"""Figures that compare two measurements of the same run are collected and shown in one table at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.compare import Comparison

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture

    Compare = Callable[[str, Comparison, str], None]

_SHOWN = pytest.StashKey[list[str]]()


@pytest.fixture
def compare(request: pytest.FixtureRequest, benchmark: BenchmarkFixture) -> Compare:
    """A function that puts a named comparison beside the benchmark's own figures, with the goal it is held against."""

    def note(name: str, comparison: Comparison, goal: str) -> None:
        benchmark.extra_info[name] = {**comparison._asdict(), "ratio": comparison.ratio, "goal": goal}
        request.config.stash.setdefault(_SHOWN, []).append(f"{name:<44} {comparison}   goal {goal}")

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the comparisons."""
    lines = config.stash.get(_SHOWN, [])
    if lines:
        terminalreporter.section("side by side")
        for line in lines:
            terminalreporter.write_line(line)
