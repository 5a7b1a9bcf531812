"""Reproducer scripts: a failure as a file of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.clauses.checks import checks_of
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.report import reproducer
from contract_tests.system import lookup
from tests.contract_tests.faulty_systems import CLAUSE, NAME, REFERENCE, Reluctant

ROOT = Path(__file__).parents[3]
BLOCKED = "import sys; sys.modules['pytest'] = sys.modules['hypothesis'] = None; import runpy; "


@pytest.fixture(scope="module")
def failure() -> CheckResult:
    """The smallest failure of the reluctant system on its clause."""
    (check,) = checks_of(CLAUSE)[:1]
    return run_check(check, Reluctant, RunSettings())


def run_script(path: Path, *arguments: str, blocked: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a script in a fresh Python; blocked: where pytest and Hypothesis can't be imported."""
    script = [str(path), *arguments]
    if blocked:
        code = f"{BLOCKED}sys.argv = {script!r}; runpy.run_path({script[0]!r}, run_name='__main__')"
        script = ["-c", code]
    return subprocess.run(
        [sys.executable, *script], capture_output=True, text=True, cwd=ROOT, check=False, env={"PYTHONPATH": str(ROOT)}
    )


def test_a_script_fails_on_the_faulty_system_and_passes_on_the_reference(failure: CheckResult, tmp_path: Path) -> None:
    """It needs neither pytest nor Hypothesis, and its exit code says what came of it."""
    path = reproducer.write(failure, NAME, RunSettings(), tmp_path)

    broken, kept = run_script(path, blocked=True), run_script(path, "--system", REFERENCE, blocked=True)

    assert broken.returncode == 1, broken.stderr
    assert "JobNotDone" in broken.stdout
    assert CLAUSE in broken.stdout
    assert kept.returncode == 0, kept.stderr
    assert kept.stdout.startswith("FIXED")


def test_a_script_says_when_it_can_not_be_tried(failure: CheckResult, tmp_path: Path) -> None:
    """An unknown system is an error, neither fixed nor failed."""
    result = run_script(reproducer.write(failure, NAME, RunSettings(), tmp_path), "--system", "nowhere:Nothing")

    assert result.returncode == 2
    assert result.stderr.startswith("ERROR")


def test_a_script_is_read_back_without_running_it(failure: CheckResult, tmp_path: Path) -> None:
    """What was written is what is read."""
    path = reproducer.write(failure, NAME, RunSettings(), tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + "\nraise SystemExit('ran')\n", encoding="utf-8")

    assert reproducer.read(path) == reproducer.Repro(failure.check, failure.inputs, NAME)


def test_the_same_failure_gives_the_same_file(failure: CheckResult, tmp_path: Path) -> None:
    """Scripts can be kept under version control."""
    first, second = (reproducer.write(failure, NAME, RunSettings(), tmp_path / name) for name in ("a", "b"))

    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_a_script_survives_any_text(failure: CheckResult, tmp_path: Path) -> None:
    """Quotes, backslashes and lone surrogates in what was observed do not break the script."""
    odd = CheckResult(**{**failure.__dict__, "observed": '"""\\x\ud800\0', "operations": ["say '''\"\"\""]})

    assert reproducer.read(reproducer.write(odd, NAME, RunSettings(), tmp_path)).check == failure.check


@pytest.mark.parametrize("content", ["", "REPRO = 7\n", "REPRO = {'check': 'x'}\n", "no python (", "REPRO = print()\n"])
def test_what_is_no_script_is_refused(content: str, tmp_path: Path) -> None:
    """Any other file is refused with one clear error that names it."""
    path = tmp_path / "other.py"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(reproducer.BadRepro, match=r"other\.py is no reproducer"):
        reproducer.read(path)


def test_an_unknown_check_or_system_is_told() -> None:
    """A script of another release, or of a system that has gone, says so."""
    with pytest.raises(reproducer.BadRepro, match="no check 'nonsense'"):
        reproducer.repeat(reproducer.Repro("nonsense", {}, REFERENCE))
    with pytest.raises(reproducer.BadRepro, match="another release"):
        reproducer.repeat(reproducer.Repro(CLAUSE, {"nonsense": 1}, REFERENCE))
    with pytest.raises(lookup.BadSystem):
        reproducer.repeat(reproducer.Repro("close.again", {"times": 1, "pause": 0.0}, "nowhere:Nothing"))
