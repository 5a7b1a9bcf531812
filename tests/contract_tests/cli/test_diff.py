"""The command ``flare-contract diff``: what it tells of two systems, as text and as JSON."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from tests.contract_tests.faulty_systems import NAME, REFERENCE


@pytest.mark.slow
@pytest.mark.parametrize(("other", "code"), [(REFERENCE, 0), (NAME, 1)])
def test_two_systems_are_told_apart(other: str, code: int) -> None:
    """By the first call that turns out differently; text and JSON say the same, with the same exit code."""
    text, told = (
        CliRunner().invoke(main, ["diff", REFERENCE, other, "--examples", "60", *more]) for more in ((), ("--json",))
    )
    found = json.loads(told.stdout)

    assert (text.exit_code, told.exit_code) == (code, code)
    assert (found["first"], found["second"], found["sequences"], found["seed"]) == (REFERENCE, other, 60, 0)
    if code:
        assert found["divergence"]["call"].split("(")[0] in text.stdout
        assert "JobNotDone" in found["divergence"]["second"]
    else:
        assert (found["divergence"], text.stdout) == (None, "no difference in 60 sequences of calls\n")
