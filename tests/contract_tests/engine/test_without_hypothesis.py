"""What works without Hypothesis, pytest and the simulator: trying again, scripts, the catalogue."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

BLOCKER = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} is blocked")

BLOCKED = sys.argv[1].split(",")
sys.meta_path.insert(0, Blocker())
sys.path.insert(0, sys.argv[2])
"""

TRY_INPUTS = """
from contract_tests.clauses.checks import all_checks
from contract_tests.reference import SimulatedSystem
from contract_tests.engine.runner import try_inputs

class Refusing(SimulatedSystem):
    def open_session(self, user=None):
        session = super().open_session(user)
        def refuse(job_id):
            raise OSError("not now")
        session.delete_job = refuse
        return session

check = next(check for check in all_checks() if check.id == "delete.done")
inputs = {name: source.values[0] for name, source in check.each.items()} | {name: 0 for name in check.inputs}
print(try_inputs(check, inputs, SimulatedSystem).verdict, try_inputs(check, inputs, Refusing).verdict)
model = next(check for check in all_checks() if check.id == "life.model")
calls = [["submit", 0, "short"], ["delete", 1, 1], ["list", 0, True, False]]
print(try_inputs(model, {"calls": calls}, Refusing).verdict)
"""


def run_blocked(blocked: str, program: str) -> str:
    """The output of a program in which some packages can't be imported."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", BLOCKER + program, blocked, str(ROOT)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_inputs_are_tried_again_without_hypothesis_and_pytest() -> None:
    """A check runs on given inputs where only the suite itself is installed; so does a sequence of calls."""
    assert run_blocked("hypothesis,pytest,_pytest,rich,click,jinja2", TRY_INPUTS).split("\n")[:2] == [
        "met violated",
        "violated",
    ]


def test_the_blocker_blocks() -> None:
    """The proof above is one: what is blocked can't be imported."""
    told = run_blocked("hypothesis", "try:\n    import hypothesis\nexcept ImportError as error:\n    print(error)")

    assert told == "hypothesis is blocked\n"


def test_the_catalogue_and_the_checks_need_no_tool_and_no_simulator() -> None:
    """Reading the contract, and judging an implementation of one's own, needs no flare_sim."""
    program = "from contract_tests.clauses.checks import all_checks\nprint(len(all_checks()) > 100)"

    assert run_blocked("hypothesis,pytest,rich,click,jinja2,flare_sim", program) == "True\n"


def test_importing_the_package_costs_nothing() -> None:
    """A conftest that imports System imports no more than that takes."""
    program = (
        "import contract_tests\nfrom contract_tests import System\n"
        "heavy = {'hypothesis', 'rich', 'click', 'flare_sim', 'jsonschema', 'pytest', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    assert run_blocked("nothing", program) == "[]\n"
