"""The rooms of ARCHITECTURE.md are held: no circles, floors for every package, and nothing exempt from them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.project.tree import ROOT, pyproject

PACKAGES = ("contract_tests", "flare_sim")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
FOLDERS = sorted({path.parent for path in MODULES.values()})
TABLES = ("contract_tests.clauses.monitor_job.clauses",)
"""Modules that are one table, and may be as long as it is."""

KNOWN_WIDE = {
    "contract_tests/clauses": "a package for each subject of the interface: the table of contents of the contract"
}
"""Folders of more than a dozen entries, and why."""


def imported(path: Path) -> Iterator[str]:
    """The modules of ours that a module names in an import, wherever it stands, also for type checkers alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in MODULES:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in MODULES else node.module


def contracts(kind: str) -> list[dict[str, object]]:
    """The contracts of one type that import-linter is given."""
    every: list[dict[str, object]] = pyproject()["tool"]["importlinter"]["contracts"]
    return [contract for contract in every if contract["type"] == kind]


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports that only a type checker reads count as well."""
    graph = {name: set(imported(path)) - {name} for name, path in MODULES.items()}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_every_package_has_floors() -> None:
    """A layers contract is written for every package that has modules beside its own."""
    held = {container for contract in contracts("layers") for container in contract["containers"]}  # type: ignore[attr-defined]
    packages = {name for name in MODULES if any(other.startswith(f"{name}.") for other in MODULES)}

    assert packages - held == set()


def test_no_module_is_exempt_from_the_floors() -> None:
    """Every module stands on a floor, no import is ignored, and what only a type checker reads counts."""
    told = pyproject()["tool"]["importlinter"]

    assert told.get("exclude_type_checking_imports", False) is False
    for contract in contracts("layers"):
        assert contract.get("exhaustive") is True, contract["name"]
        assert not {"ignore_imports", "exhaustive_ignores"} & set(contract), contract["name"]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_unless_it_is_a_table(name: str) -> None:
    """No module has more than 400 lines."""
    assert name in TABLES or len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_a_folder_can_be_taken_in_at_a_glance(folder: Path) -> None:
    """No folder has more than a dozen modules beside its ``__init__``."""
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= 12


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_is_in_it(name: str) -> None:
    """Every module begins with a docstring."""
    assert ast.get_docstring(ast.parse(MODULES[name].read_text(encoding="utf-8")))
