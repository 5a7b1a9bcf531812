"""The page about a System says what is so: every file of it runs, opens what it is about, and is accused of nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests import System
from contract_tests.system.needs import NEEDS, lacking
from tests.project.tree import blocks

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "docs/system.md"

SHOWN = [
    ("jobs_system.py:JobsSystem", ["clock", "job_folder: runs"], ["submit.meta", "download.repeat"]),
    ("real_time_system.py:RealTimeSystem", ["clock", "meanwhile"], ["submit.returns-id", "submit.meta"]),
    ("interface_system.py:InterfaceSystem", [], ["shape", "unknown"]),
    ("users_system.py:UsersSystem", ["users", "restricted_user", "unknown_user"], ["denied", "credentials"]),
    (
        "faults_system.py:FaultsSystem",
        ["outage", "recover", "lose_sessions", "misbehave", "behave", "stored_files", "meanwhile", "threads"],
        ["outage.open", "lost.close", "misbehaving.get-system-info", "system.dropped-client", "delete.files"],
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of the page."""
    for block in blocks(PAGE):
        if block.language == "python":
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    return tmp_path


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in a folder, where nothing but the folder's own files says which system to judge."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLARE_", "PYTEST_"))}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def judged(folder: Path, system: str, clauses: list[str]) -> dict[str, Any]:
    """The report on some clauses of a system."""
    options = [word for clause in clauses for word in ("--clause", clause)]
    main = "from contract_tests.cli import main; main()"
    done = python(folder, "-c", main, "run", system, "-q", "--examples", "1", "--json", "report.json", *options)
    assert (folder / "report.json").exists(), done.stderr
    told: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.slow
@pytest.mark.parametrize(("system", "needs", "clauses"), SHOWN, ids=[row[0] for row in SHOWN])
def test_each_system_of_the_page_offers_what_it_is_about(
    folder: Path, system: str, needs: list[str], clauses: list[str]
) -> None:
    """What it shows is claimed, and all clauses that are tried with it are met."""
    report = judged(folder, system, clauses)

    assert set(report["counts"]) <= {"met", "undefined", "not run"}, report["counts"]
    assert report["counts"]["met"] >= len(clauses)
    file, _, name = system.partition(":")
    told = f"from contract_tests.system.needs import lacking; from {file[:-3]} import {name}; print(lacking({name}()))"
    done = python(folder, "-W", "error", "-c", told)
    assert [need for need in needs if need in done.stdout] == [], done.stderr


def test_every_file_of_the_page_is_tried() -> None:
    """There is none that is shown and not run; together they show every part of a System."""
    files = {block.file for block in blocks(PAGE) if block.language == "python"}
    text = "".join(block.text for block in blocks(PAGE))

    assert files == {"my_interface.py", *(system.partition(":")[0] for system, _, _ in SHOWN)}
    assert lacking(System()) != []
    assert [need for need in NEEDS if need.partition(":")[0] not in text] == []
