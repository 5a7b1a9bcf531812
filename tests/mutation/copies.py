"""A copy of the tree for each part, in which mutmut works, and goes on where it stopped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.mutation.trials import ASKED, NOTHING, Asked

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = {
    "twin": "flare_sim.clock.x_to_seconds__mutmut_1",
    "suite": "contract_tests.engine.settings.*__mutmut_1",
}
"""The parts, each with some mutants that mutmut tries itself: it makes none without."""
COPIED: Final = ("flare_sim", "contract_tests", "tests", "docs", "examples")
FILES: Final = ("tox.ini", "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE")


def folder_of(part: str) -> Path:
    """The folder of a part's copy."""
    return ROOT / ".mutation" / part


def renew(part: str) -> None:
    """Bring the copy of a part up to date, and its mutants, when anything has changed.

    Raises:
        CalledProcessError: mutmut could not make them.
    """
    folder = folder_of(part)
    (folder / "mutants").mkdir(parents=True, exist_ok=True)
    changed = [_mirror(ROOT / name, folder / name) for name in COPIED]
    changed += [_renew(ROOT / name, folder / name) for name in FILES]
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = (ROOT / "tests" / "mutation" / f"{part}.toml").read_text(encoding="utf-8")
    settings = folder / "pyproject.toml"
    if not settings.exists() or settings.read_text(encoding="utf-8") != f"{told}\n{asked}":
        settings.write_text(f"{told}\n{asked}", encoding="utf-8")
        changed.append(True)
    if any(changed):
        for name in ("made.txt", "passed.txt"):
            (folder / name).unlink(missing_ok=True)
    if not (folder / "made.txt").exists():
        _make_mutants(part)
        (folder / "made.txt").touch()


def _mirror(source: Path, target: Path) -> bool:
    """Copy what is new or has changed, and take away what is gone, here and where mutmut has its mutants."""
    there = {path.relative_to(source) for path in source.rglob("*") if "__pycache__" not in path.parts}
    changed = [_renew(source / path, target / path) for path in sorted(there) if (source / path).is_file()]
    mutants = target.parent / "mutants" / target.name
    for gone in (target, mutants):
        for path in list(gone.rglob("*.py")):
            if path.relative_to(gone) not in there:
                path.unlink()
                path.with_name(f"{path.name}.meta").unlink(missing_ok=True)
                changed.append(True)
    return any(changed)


def _renew(source: Path, target: Path) -> bool:
    if target.exists() and target.read_bytes() == source.read_bytes():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return True


def environment_of(folder: Path) -> dict[str, str]:
    """The variables that processes in a copy are begun with."""
    return {
        **os.environ,
        "CI": "1",  # Hypothesis draws the same examples each time
        "PYTHONPATH": str(folder / "mutants"),  # for processes that tests begin
    }


def _make_mutants(part: str) -> None:
    """Have mutmut make the mutants of a part, and note which tests call what; what it prints says why it could not."""
    folder = folder_of(part)
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", PARTS[part]]
    subprocess.run(command, cwd=folder, env=environment_of(folder), check=True)


def try_mutants(part: str, names: list[str], processes: int, seconds: float, *, thorough: bool) -> dict[str, int]:
    """Try mutants for so many seconds; returns the exit codes of the processes of those that were tried.

    Args:
        part: whose mutants they are.
        names: which.
        processes: how many are tried at once.
        seconds: when to begin no other.
        thorough: whether all tests of a mutant are tried on it, or the quick ones.

    Raises:
        RuntimeError: tests fail without any mutant.
    """
    folder = folder_of(part)
    asked, results, passed = (folder / name for name in ("asked.json", "results.txt", "passed.txt"))
    results.write_text("", encoding="utf-8")
    request = Asked(names if passed.exists() else [NOTHING, *names], processes, seconds, thorough, str(results))
    asked.write_text(json.dumps(request._asdict()), encoding="utf-8")
    selection = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "tests.mutation.trials", "--rootdir=."]
    command += selection["pytest_add_cli_args"] + selection["pytest_add_cli_args_test_selection"]
    environment = {**environment_of(folder), ASKED: str(asked), "MUTANT_UNDER_TEST": NOTHING}
    subprocess.run(command, cwd=folder / "mutants", env=environment, check=False, stdout=subprocess.DEVNULL)
    lines = [line.split() for line in results.read_text(encoding="utf-8").splitlines()]
    codes = {name: int(code) for name, code in lines}
    if codes.pop(NOTHING, 0):
        raise RuntimeError("tests fail without any mutant")
    passed.touch()
    return codes
