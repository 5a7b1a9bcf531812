"""Systems that raise what nobody expects, wherever they are asked something: never a verdict, never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.command_lines.trying import tried

if TYPE_CHECKING:
    from pathlib import Path

RAISED = {
    "SystemExit(0)": "SystemExit",
    "SystemExit('\\x1b[31m')": "SystemExit",
    "GeneratorExit": "GeneratorExit",
    "Other('a\\nb')": "Other",
    "Unsaid": "Unsaid whose text raises",
    "RecursionError": "RecursionError",
    "MemoryError": "MemoryError",
}
HEAD = """
from contract_tests.reference import SimulatedSystem
class Other(BaseException): pass
class Unsaid(Exception):
    def __str__(self): raise SystemError
def boom(*given, **more): raise {raised}
"""
PLACES = {
    "import": "boom()",
    "attribute": "__getattr__ = boom",
    "constructor": "class Made(SimulatedSystem):\n    __init__ = boom",
    "function": "Made = boom",
    "open_session": "class Made(SimulatedSystem):\n    open_session = boom",
    "job_folder": "class Made(SimulatedSystem):\n    job_folder = boom",
    "close": "class Made(SimulatedSystem):\n    close = boom",
    "examples": "class Made(SimulatedSystem):\n    examples = property(boom)",
    "users": "class Made(SimulatedSystem):\n    users = property(boom)",
}
LINES = {
    "run": ["run", "-q", "--clause", "list.own", "--repro", "", "--examples", "1", "--jobs", "1", "{}"],
    "replay": ["replay", "{file}", "--system", "{}"],
    "diff": ["diff", "{}", "{}", "--examples", "1"],
}


TRIED = [("run", place, raised) for place in PLACES for raised in RAISED]
TRIED += [(command, place, "SystemExit(0)") for command in ("replay", "diff") for place in PLACES]
TRIED.remove(("replay", "job_folder", "SystemExit(0)"))  # of which what is replayed asks nothing


@pytest.mark.parametrize(("command", "place", "raised"), TRIED)
def test_nothing_can_be_judged(command: str, place: str, raised: str, at: dict[str, str], tmp_path: Path) -> None:
    """Exit code 2, and a line that says what was raised."""
    path = tmp_path / f"{tmp_path.name}.py"
    path.write_text(f"{HEAD.format(raised=raised)}\n{PLACES[place]}\n")
    told = tried("flare-contract", [word.format(f"{path}:Made", file=at["reproducer"]) for word in LINES[command]])

    assert told.code == 2, told.output
    assert len(told.errors) == 1, told.output
    assert RAISED[raised] in told.output
