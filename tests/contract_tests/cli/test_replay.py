"""The command ``flare-contract replay``: whom it runs, what it says before that, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from contract_tests.clauses.checks import check_called
from contract_tests.cli import main
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.repro import main as run_script
from tests.contract_tests.faulty_systems import CLAUSE, NAME, REFERENCE, Reluctant

if TYPE_CHECKING:
    from click.testing import Result

HERE = "tests.contract_tests.cli.test_replay"


class Unhelpful(SimulatedSystem):
    """Lets no job run, so that what happens to one that runs can't be tried."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that submits nothing."""
        session = super().open_session(user)
        session.submit_job = lambda job_definition_path: 1 / 0
        return session


def text() -> str:
    """A function that makes no system."""
    return "a system"


called: list[str] = []


def noted() -> SimulatedSystem:
    """The reference; that it was made is noted."""
    called.append("noted")
    return SimulatedSystem()


@pytest.fixture(scope="module")
def inputs() -> str:
    """The inputs of a failure, as JSON."""
    return json.dumps(run_check(check_called(CLAUSE), Reluctant, RunSettings()).inputs)


@pytest.fixture
def replay(inputs: str, tmp_path: Path) -> Any:
    """Replay a script that names a system, with more arguments."""

    def replayed(system: object, *arguments: str) -> Result:
        path = tmp_path / "script.py"
        held = {"check": CLAUSE, "inputs": inputs, "system": system}
        path.write_text(f"REPRO = {held!r}\n", encoding="utf-8")
        return CliRunner().invoke(main, ["replay", str(path), *arguments])

    return replayed


@pytest.mark.parametrize(
    ("system", "told", "code"),
    [
        (NAME, "FAILED: delete.running (MUST, stated): violated", 1),
        (REFERENCE, "FIXED", 0),
        (f"{HERE}:Unhelpful", "ERROR: delete.running (MUST, stated): not testable", 2),
        (f"{HERE}:text", f"ERROR: {HERE}:text() made a str, not a contract_tests.System", 2),
        ("os:getcwd", "ERROR: os:getcwd() made a str, not a contract_tests.System", 2),
        ("json:JSONDecoder", "ERROR: json:JSONDecoder is not a subclass of contract_tests.System", 2),
        ("nowhere:Nothing", "ERROR: nowhere can't be imported", 2),
        (7, "script.py is no reproducer of flare-contract", 2),
    ],
)
def test_what_came_of_it_is_told_and_exits(replay: Any, system: object, told: str, code: int) -> None:
    """Broken is FAILED, kept is FIXED, and all else is ERROR, with a line that says why."""
    result = replay(system)

    assert told in result.output
    assert result.exit_code == code
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("system", "outcome", "code"), [(NAME, "FAILED", 1), (REFERENCE, "FIXED", 0)])
def test_what_came_of_it_is_told_as_json(replay: Any, system: str, outcome: str, code: int) -> None:
    """With the check's result, as reports have it."""
    result = replay(system, "--json")
    told = json.loads(result.stdout)

    assert (told["outcome"], told["system"], told["check"], result.exit_code) == (outcome, system, CLAUSE, code)
    assert bool(told["operations"]) == (outcome == "FAILED")


def test_it_says_what_it_runs_before_it_runs_it(replay: Any) -> None:
    """What a file names is run; whose word that is stands in the first line."""
    told = replay(NAME).output.splitlines()[0]

    assert told.startswith(f"trying {CLAUSE} on {NAME}, as ")
    assert told.endswith("script.py says")


def test_the_system_that_is_given_wins_over_that_of_the_file(replay: Any) -> None:
    """What the file names is not even made."""
    result = replay(f"{HERE}:noted", "--system", REFERENCE)

    assert (result.exit_code, called) == (0, [])
    assert result.output.splitlines()[0] == f"trying {CLAUSE} on {REFERENCE}"


def test_an_empty_system_is_none(replay: Any) -> None:
    """Nothing is tried on the file's instead."""
    result = replay(f"{HERE}:noted", "--system", "")

    assert (result.exit_code, called) == (2, [])
    assert "names no system" in result.output


def test_the_help_says_that_the_system_is_run() -> None:
    """Who replays somebody else's file is warned."""
    told = " ".join(CliRunner().invoke(main, ["replay", "--help"]).output.split())

    assert "the system that it names is imported and run" in told
    assert "replay only files that you trust" in told


def test_a_script_gives_the_same_exit_codes(inputs: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run by itself, it says the same."""
    held = {"check": CLAUSE, "inputs": inputs, "system": f"{HERE}:Unhelpful"}

    assert run_script(held, []) == 2
    assert run_script({**held, "system": f"{HERE}:text"}, []) == 2
    assert run_script({**held, "inputs": "["}, []) == 2
    assert run_script(held, ["--system", REFERENCE]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("ERROR: delete.running")
