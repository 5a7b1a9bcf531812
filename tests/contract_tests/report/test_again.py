"""What is said of how to try a failure again: a command that works as it stands."""

from __future__ import annotations

import shlex

import pytest

from contract_tests.engine.settings import RunSettings
from contract_tests.report.failures.text import command


@pytest.mark.parametrize("system", ["pkg.mod:Mine", "with blank/conftest.py:Mine"])
@pytest.mark.parametrize(
    ("settings", "told"),
    [(RunSettings(), ["--seed", "0"]), (RunSettings(150, 7), ["--seed", "7", "--examples", "150"])],
)
def test_a_command_tries_the_same_inputs_again(system: str, settings: RunSettings, told: list[str]) -> None:
    """With the seed, and as many examples when they are not those by default; a shell takes it as it stands."""
    words = shlex.split(command(system, "close.again", settings))

    assert words == ["flare-contract", "run", system, "--clause", "close.again", *told]
    assert shlex.split(command(system, "", settings)) == ["flare-contract", "run", system, *told]


def test_a_system_without_a_name_is_told_so() -> None:
    """No command would find it."""
    told = command("conftest:make.<locals>.<lambda>", "close.again", RunSettings())

    assert told.startswith("--clause close.again --seed 0, once conftest:make.<locals>.<lambda> is a class or function")
    assert "flare-contract run" not in told
