"""The tables that flare-sim shows: the life of a job, and personalities."""

from __future__ import annotations

import json
from pathlib import Path

from flare_sim.jobs.lifecycle import TRANSITIONS, JobState, mermaid
from flare_sim.personality.personalities import PERSONALITIES
from flare_sim.personality.quirk_table import QUIRKS
from tests.flare_sim.cli.flare_sim_command import flare_sim


def test_the_lifecycle_is_shown_from_its_table() -> None:
    """As a table with every state, or as a diagram."""
    table = flare_sim("lifecycle")

    assert table.exit_code == 0
    assert "CAN_NOT_SCHEDULE" in table.output
    assert "FINISHED:CAN_NOT_SCHEDULE" in table.output
    assert flare_sim("lifecycle", "--mermaid").output == mermaid()


def test_personalities_are_shown_from_their_table() -> None:
    """As a table with every quirk, or as the page in the documentation, which is up to date."""
    table = flare_sim("personalities")
    page = Path(__file__).parents[4] / "docs" / "personalities.md"

    assert table.exit_code == 0
    assert all(name in table.output for name in QUIRKS)
    assert flare_sim("personalities", "--markdown").output == page.read_text(encoding="utf-8")


def test_the_tables_are_told_as_json() -> None:
    """Every move, and every quirk with who has it and where it was seen."""
    states = {row["state"]: row for row in json.loads(flare_sim("lifecycle", "--json").output)}
    quirks = json.loads(flare_sim("personalities", "--json").output)

    assert {name: row["status"] for name, row in states.items()} == {state.name: state.status for state in JobState}
    assert {name: set(row["moves"].values()) for name, row in states.items()} == {
        state.name: {target.name for target in row.values()} for state, row in TRANSITIONS.items()
    }
    assert [quirk["name"] for quirk in quirks] == [*QUIRKS]
    for quirk in quirks:
        assert quirk["source"] == QUIRKS[quirk["name"]].source
        assert quirk["personalities"] == [name for name in PERSONALITIES if quirk["name"] in PERSONALITIES[name].quirks]
