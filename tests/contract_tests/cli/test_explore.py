"""The command ``flare-contract explore``: what it tells of what it went through, and of what it found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.report import reproducer

if TYPE_CHECKING:
    from click.testing import Result

MEMORY = "contract_tests.mutants.systems:life.model/tells-a-list-from-memory-until-the-session-itself-does-something"
SESSIONS = "contract_tests.mutants.systems:systems/offers-nothing-but-sessions"


def explore(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["explore", *arguments])


def test_all_sequences_of_the_reference_agree() -> None:
    """It is explored unless another system is named; each length is told."""
    done = explore("--depth", "2", "--fault", "outage")

    assert done.exit_code == 0
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["1 call", "2 calls"]
    assert "sequences of up to 2 calls agree with the model" in done.stdout


def test_what_was_explored_is_told_as_json(tmp_path: Path) -> None:
    """Of all that agrees, and of what does not, whose script is there, too."""
    good = json.loads(explore("--depth", "2", "--json").stdout)
    found = explore(MEMORY, "--depth", "1", "--json", "--repro", str(tmp_path))
    bad = json.loads(found.stdout)

    assert [level["depth"] for level in good["levels"]] == [1, 2]
    assert good["sequences"] == sum(level["sequences"] for level in good["levels"]) > 14
    assert (good["failure"], good["disagrees"]) == (None, None)
    assert found.exit_code == 1
    assert (bad["system"], bad["failure"]["check"], bad["failure"]["verdict"]) == (MEMORY, "life.model", "violated")
    assert bad["failure"]["inputs"] == {"calls": bad["disagrees"]["calls"]}
    assert len(list(tmp_path.iterdir())) == 1


def test_what_disagrees_is_told_with_its_calls(tmp_path: Path) -> None:
    """As any failure is, and with a script that shows it again."""
    done = explore(MEMORY, "--depth", "1", "--repro", str(tmp_path))

    assert done.exit_code == 1
    assert "life.model (MUST, implied): violated" in done.stdout
    assert "expected: every live job in the list" in done.stdout
    assert f"again:    flare-contract explore {MEMORY} --depth 1" in done.stdout
    (script,) = tmp_path.iterdir()
    assert reproducer.outcome(reproducer.repeat(reproducer.read(script))) == "FAILED"


def test_a_script_that_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    """The failure has been told by then."""
    (tmp_path / "file").write_text("")

    done = explore(MEMORY, "--depth", "1", "--repro", str(tmp_path / "file" / "folder"))

    assert done.exit_code == 4
    assert f"can't write {tmp_path / 'file' / 'folder'}" in done.stderr
    assert "violated" in done.stdout


def test_what_a_system_does_not_offer_is_left_out() -> None:
    """And named; the jobs are those that it can bring about."""
    done = explore(SESSIONS, "--depth", "1", "--fault", "outage")

    assert done.exit_code == 0
    assert "left out, for the system does not offer it: fault, sleep" in done.stdout


def test_calls_that_take_time_can_be_left_out() -> None:
    """For systems that take it really."""
    counts = [explore("--depth", "1", *options).stderr for options in ((), ("--untimed",))]

    assert counts[0] != counts[1]


def test_a_system_that_is_none_is_wrong_usage() -> None:
    """So is one that opens no session."""
    assert explore("contract_tests.nothing:Here").exit_code == 2
    assert explore("contract_tests.system.system:System").exit_code == 2
