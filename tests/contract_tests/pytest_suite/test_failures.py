"""What a run of pytest says of failures: in the summary, of how to try again, and of factories that fail."""

from __future__ import annotations

import shlex
from xml.etree import ElementTree as ET

import pytest

from contract_tests.pytest_suite import options
from tests.contract_tests.pytest_suite.inner_runs import CONFTEST, Project, ran

pytest_plugins = ["pytester"]

ONE = "test_flare_contract.py::test_contract[close.returns-none]"
CHOSEN = ("--flare-contract", "-k", "close.returns-none and not always")


def test_the_short_summary_says_what_was_expected_and_observed(project: Project) -> None:
    """So does the message in JUnit's XML."""
    project.write("conftest.py", CONFTEST)

    result = project.run(*CHOSEN, "--junitxml", "junit.xml")

    result.stdout.fnmatch_lines([f"FAILED {ONE.replace('[', '[[]')} - expected None; observed returned 7"])
    failure = ET.parse(project.path / "junit.xml").find(".//failure")
    assert failure is not None
    assert failure.get("message") == "expected None; observed returned 7"


@pytest.mark.slow
@pytest.mark.parametrize("given", ["Mine", "lambda: Mine()"])
@pytest.mark.parametrize("folder", ["", "tests/"])
def test_what_is_said_of_how_to_try_again_works(given: str, folder: str, project: Project) -> None:
    """Pasted as it is, wherever the conftest is, and whether or not the factory has a name."""
    project.write(f"{folder}conftest.py", CONFTEST.replace("return Mine", f"return {given}"))

    result = project.run(*CHOSEN, "--flare-seed", "3")
    again = next(line.split(maxsplit=1)[1] for line in result.outlines if line.startswith("  again:"))
    command, *arguments = shlex.split(again)
    repeated = project.run(*arguments, "-v")

    assert command == "pytest"
    assert ran(repeated) == [f"{folder}{ONE}"]
    assert again in repeated.stdout.str()
    assert "seed 3, 1 examples" in repeated.stdout.str()


def test_a_script_finds_a_system_of_a_conftest_anywhere(project: Project) -> None:
    """The system is called by its file where its module would not be found."""
    project.write("tests/conftest.py", CONFTEST)

    project.run(*CHOSEN, "--flare-repro", "scripts")
    told = (project.path / "scripts" / "repro_close_returns_none.py").read_text(encoding="utf-8")

    assert "\"system\": 'tests/conftest.py:Mine'" in told
    assert "flare-contract run tests/conftest.py:Mine --clause close.returns-none" in told


FAILING = {
    "raise RuntimeError('no server')": "raised RuntimeError: 'no server'",
    "pytest.fail('no server')": "raised Failed: 'no server'",
    "request.getfixturevalue('no_such')": "asks for no_such, which is no fixture",
    "return 7": "what the fixture flare_system_factory gives can't be called",
    "return lambda: 7": "made a int, not a contract_tests.System",
}


@pytest.mark.slow
@pytest.mark.parametrize("body", FAILING)
def test_a_factory_that_fails_is_told_once(body: str, project: Project) -> None:
    """One failure names it and the cause; there is no table, least of all one that names another system."""
    text = CONFTEST.replace("factory():", "factory(request):").replace("return Mine", body)
    project.write("conftest.py", text)

    result = project.run("--flare-contract", "-k", "close")

    assert result.ret == 2
    assert result.parseoutcomes()["failed"] == 1
    assert any("flare_system_factory" in line and FAILING[body] in line for line in result.outlines)
    assert "verdict:" not in result.stdout.str()
    assert "SimulatedSystem" not in result.stdout.str()


def test_a_factory_is_looked_at_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function like a class, however many tests there are."""
    looks: list[object] = []
    monkeypatch.setattr(options, "preflight", looks.append)
    project.write("conftest.py", CONFTEST.replace("return Mine", "return make\n\ndef make():\n    return Mine()"))

    result = project.run("--flare-contract", "-k", "close.returns-none or shape.exceptions")

    assert (result.parseoutcomes()["failed"], result.parseoutcomes()["passed"]) == (2, 1)
    assert len(looks) == 1


def test_a_factory_that_skips_names_no_other_system(project: Project) -> None:
    """Nothing was tried; the report is about what the fixture would have given."""
    project.write("conftest.py", CONFTEST.replace("return Mine", "pytest.skip('no server')"))

    result = project.run(*CHOSEN)

    assert result.parseoutcomes()["skipped"] == 1
    assert "verdict: partial" in result.stdout.str()
    assert "SimulatedSystem" not in result.stdout.str()


OWN = "from contract_tests import contract_suite\ntest_contract = contract_suite()\n"


@pytest.mark.parametrize(
    ("arguments", "ini", "told"),
    [
        (("--flare-examples", "0"), "", "'0' is no number of examples"),
        (("--flare-seed", "x"), "", "argument --flare-seed: invalid int value: 'x'"),
        (("--flare-system", "no_such:System"), "", "no_such can't be imported"),
        (("--flare-deviations", "no_such.toml"), "", "no_such.toml can't be read"),
        ((), "flare_system = nothing", "'nothing' names no system"),
        ((), "flare_require_level = 9", "the level required is '9'"),
        (("-n", "1", "--flare-examples", "many"), "", "'many' is no number of examples"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(arguments: tuple[str, ...], ini: str, told: str, project: Project) -> None:
    """One line and pytest's exit code for that, also where the suite is in a file of one's own; nothing is run."""
    project.write("pytest.ini", f"[pytest]\naddopts = -p no:randomly\n{ini}\n")
    project.write("test_mine.py", OWN)

    result = project.run("-k", "close", *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [told in line for line in result.errlines if "flare" in line.lower()].count(True) == 1
    assert "Traceback" not in result.stderr.str() + result.stdout.str()
    assert ran(result) == []
