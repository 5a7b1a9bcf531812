"""The rooms of ARCHITECTURE.md are held: no circles, floors for every package, and nothing exempt from them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from contract_tests.clauses.catalogue import SUBJECTS
from tests.project.tree import ROOT, pyproject

PACKAGES = ("contract_tests", "flare_sim")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
KNOWN_WIDE = {
    "contract_tests/clauses": "a package for each subject of the interface: the table of contents of the contract"
}
"""Folders of more than a dozen entries, and why."""


@cache
def parsed(path: Path) -> ast.Module:
    """A module's tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """The modules of ours that a module names in an import, wherever it stands, also for type checkers alone."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


def contracts(kind: str) -> list[dict[str, Any]]:
    """The contracts of one type that import-linter is given."""
    every: list[dict[str, Any]] = pyproject()["tool"]["importlinter"]["contracts"]
    return [contract for contract in every if contract["type"] == kind]


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports that only a type checker reads count as well."""
    graph = {name: set(imported(path)) - {name} for name, path in MODULES.items()}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_package_has_floors() -> None:
    """A layers contract is written for every package; those of the subjects have no circles, and are small."""
    held = {container for contract in contracts("layers") for container in contract["containers"]}
    packages = {name for name in MODULES if any(other.startswith(f"{name}.") for other in MODULES)}
    subjects = {f"contract_tests.{room}.{subject}" for room in ("clauses", "mutants.catalogue") for subject in SUBJECTS}

    assert packages - held == subjects


def test_no_module_is_exempt_from_the_floors() -> None:
    """Every module stands on a floor, no import is ignored, and what only a type checker reads counts."""
    assert pyproject()["tool"]["importlinter"]["exclude_type_checking_imports"] is False
    for contract in contracts("layers"):
        assert set(contract) == {"name", "type", "containers", "exhaustive", "layers"}, contract["name"]
        assert contract["exhaustive"] is True, contract["name"]


def test_no_package_is_exempt_from_having_no_circles() -> None:
    """The rule is for both packages, at every depth, without an exception."""
    (contract,) = contracts("acyclic_siblings")

    assert set(contract) == {"name", "type", "ancestors"}
    assert contract["ancestors"] == ["flare_sim", "contract_tests"]


def test_a_module_is_short() -> None:
    """No module has more than 400 lines, tests included."""
    modules = (*MODULES.values(), *(ROOT / "tests").rglob("*.py"))

    assert [str(path) for path in modules if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_a_folder_can_be_taken_in_at_a_glance() -> None:
    """No folder has more than a dozen modules beside its ``__init__``."""
    modules = Counter(path.parent for path in MODULES.values() if path.name != "__init__.py")

    assert [str(folder) for folder, count in modules.items() if count > 12] == []


def test_a_module_says_what_is_in_it() -> None:
    """Every module begins with a docstring, and no two say the same."""
    told = Counter(ast.get_docstring(parsed(path)) for path in MODULES.values())

    assert [text for text, count in told.items() if not text or count > 1] == []


TOP = {"contract_tests", "docs", "examples", "flare_sim", "tests", ".ci", ".github"}
"""The folders at the top,"""
TOP_FILES = {
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "mkdocs.yml",
    "pyproject.toml",
    "tox.ini",
}
"""and the files, save those whose names begin with a dot."""


def test_nothing_strays_into_the_top_of_the_tree() -> None:
    """What a test or a recorder leaves behind is not committed; an archive of the tree has no git to ask."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("no git checkout")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert {path.partition("/")[0] for path in listed.splitlines() if "/" in path} == TOP
    assert {path for path in listed.splitlines() if "/" not in path and path[0] != "."} == TOP_FILES
