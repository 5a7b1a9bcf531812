"""A copy of the tree for each part, in which mutmut works, and goes on where it stopped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PARTS: Final = ("twin", "suite")
COPIED: Final = ("flare_sim", "contract_tests", "tests", "docs", "examples")
FILES: Final = ("tox.ini", "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE")


def folder_of(part: str) -> Path:
    """The folder of a part's copy."""
    return ROOT / ".mutation" / part


def renewed(part: str) -> Path:
    """Bring the copy of a part up to date and return its folder; mutants of functions that changed are new again."""
    folder = folder_of(part)
    (folder / "mutants").mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        _mirror(ROOT / name, folder / name)
    for name in FILES:
        _renew(ROOT / name, folder / name)
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    asked = (ROOT / "tests" / "mutation" / f"{part}.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(f"{told}\n{asked}", encoding="utf-8")
    return folder


def _mirror(source: Path, target: Path) -> None:
    """Copy what is new or has changed, and take away what is gone, here and where mutmut has its mutants."""
    there = {path.relative_to(source) for path in source.rglob("*") if "__pycache__" not in path.parts}
    for path in sorted(there):
        if (source / path).is_file():
            _renew(source / path, target / path)
    mutants = target.parent / "mutants" / target.name
    for gone in (target, mutants):
        for path in list(gone.rglob("*.py")):
            if path.relative_to(gone) not in there:
                path.unlink()
                path.with_name(f"{path.name}.meta").unlink(missing_ok=True)


def _renew(source: Path, target: Path) -> None:
    if not target.exists() or target.read_bytes() != source.read_bytes():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def run_mutmut(folder: Path, names: list[str], children: int, seconds: float) -> None:
    """Let mutmut try these mutants; after so many seconds it is told to stop, and what it found is kept."""
    environment = {
        **os.environ,
        "CI": "1",  # Hypothesis draws the same examples each time
        "PYTHONPATH": str(folder / "mutants"),  # for processes that tests begin
    }
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children), *names]
    with subprocess.Popen(command, cwd=folder, env=environment) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(2)
            running.wait()
