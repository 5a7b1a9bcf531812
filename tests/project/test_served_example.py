"""The example of a served system: its files are what they say, and its commands make sense."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml

from flare_sim import Scenario
from flare_sim.cli import main
from tests.project.tree import ROOT

FOLDER = ROOT / "examples" / "served"
FILES = ("compose.yaml", "github-workflow.yml")
_COMMAND = re.compile(r"flare-sim (serve|ctl) ([^&\"\n]*(?:\n +--[^&\"\n]*)*)")


@pytest.mark.parametrize("name", FILES)
def test_every_command_can_be_read(name: str) -> None:
    """With all its options; a scenario of a container is that of the folder."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert yaml.safe_load(text)
    found = _COMMAND.findall(text)
    assert found != []
    for command, words in found:
        given = shlex.split(words.replace("/scenario.toml", str(FOLDER / "scenario.toml")))
        main.commands[command].make_context(command, given)


def test_its_scenario_is_one() -> None:
    """As any file."""
    assert Scenario.from_file(FOLDER / "scenario.toml").title.startswith("Two wards")
