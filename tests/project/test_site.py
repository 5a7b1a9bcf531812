"""The documentation as a site: every page is reached, and the commands of tutorials and how-tos do what is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from inspect import getdoc
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import contract_tests
import flare_sim
from tests.project.tree import GUIDES, LESSONS, ROOT, blocks

_CODE = re.compile(r"  # exit code (\d+)$")
COMMANDS = {
    lesson: [line for block in blocks(lesson) if block.language == "console" for line in block.text.splitlines()]
    for lesson in LESSONS
}


def navigated(entries: object) -> list[str]:
    """The pages below entries of the navigation."""
    if isinstance(entries, dict):
        return [page for below in entries.values() for page in navigated(below)]
    return [page for entry in entries for page in navigated(entry)] if isinstance(entries, list) else [str(entries)]


def test_every_guide_is_in_the_navigation() -> None:
    """README.md is the first page; conformance is reached by its own."""
    site = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = navigated(yaml.safe_load(site[site.index("\nnav:") :])["nav"])

    assert sorted(set(pages)) == sorted(pages)
    assert pages[0] == "index.md"
    assert {guide.removeprefix("docs/") for guide in GUIDES} - {*pages} == {"README.md"}


@pytest.mark.parametrize("package", [contract_tests, flare_sim], ids=lambda package: package.__name__)
def test_examples_in_docstrings_are_shown_as_code(package: ModuleType) -> None:
    """They stand in a section that the site knows as that, else what begins with >>> is a quotation there."""
    objects = [package, *(getattr(package, name) for name in package.__all__)]
    texts = {getattr(one, "__name__", ""): getdoc(one) or "" for one in objects if callable(one) or one is package}
    outside = {
        name: re.sub(r"^Examples:\n(    .*\n?|\n)+", "", text, flags=re.MULTILINE) for name, text in texts.items()
    }

    assert [
        name for name, text in outside.items() if ">>>" in text or re.search("^Example:$", text, re.MULTILINE)
    ] == []


def test_tutorials_have_commands() -> None:
    """There is something to try."""
    assert [lesson for lesson, lines in COMMANDS.items() if "tutorials" in lesson and lines] != []


@pytest.mark.slow
@pytest.mark.parametrize("lesson", [lesson for lesson, lines in COMMANDS.items() if lines])
def test_the_commands_of_a_lesson_end_as_it_says(lesson: str, tmp_path: Path) -> None:
    """One after the other, as they stand, in a folder with the files that lessons show; 0 unless it is said."""
    for block in (block for other in LESSONS for block in blocks(other) if block.file):
        (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    ended = {line: _run(line, tmp_path) for line in COMMANDS[lesson]}

    said = {line: int(found.group(1)) if (found := _CODE.search(line)) else 0 for line in ended}
    assert {line: done.returncode for line, done in ended.items()} == said, [
        done.stdout[-2000:] + done.stderr for done in ended.values()
    ]


def _run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, in which this Python and the commands beside it are the first that are found."""
    here = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLARE_", "PYTEST_"))}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env={**environment, "PATH": here}, capture_output=True, text=True, check=False
    )
