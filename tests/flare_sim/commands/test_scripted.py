"""What servers answer, word for word: people's programs read it, and their consoles show it."""

from __future__ import annotations

import json

import pytest

from tests.flare_sim.commands.scripted import KEPT, PERSONALITIES, SCRIPT, page


@pytest.mark.parametrize("name", PERSONALITIES)
def test_every_reply_is_the_one_that_was_read(name: str) -> None:
    """The values, the texts of a console, the files and the time a reply takes; ``scripted`` says how they are kept."""
    kept = [json.loads(line) for line in (KEPT / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    given = [json.loads(line) for line in page(PERSONALITIES[name]).splitlines()]

    assert [reply for reply in given if reply not in kept] == []
    assert given == kept


def test_every_command_is_in_the_script() -> None:
    """Those a server carries out, and one that it does not know."""
    from flare_sim.commands.table import COMMANDS

    verbs = {line.split()[0] for line in SCRIPT.strip().splitlines()}

    assert COMMANDS.keys() - verbs == {"admin_check_status"}
    assert verbs - COMMANDS.keys() == {"bye", "drop", "kill", "member", "wait"}
