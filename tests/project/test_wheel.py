"""What is published is the whole of both packages, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.project.tree import ROOT, pyproject

PACKAGES = ("contract_tests", "flare_sim")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """The wheel, built from this tree by the build backend itself, so without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (built,) = folder.glob("*.whl")
    return ZipFile(built)


def named(wheel: ZipFile, end: str) -> str:
    """The text of the one file of the wheel's own description whose name ends so."""
    (name,) = (name for name in wheel.namelist() if name.endswith(f".dist-info/{end}"))
    return wheel.read(name).decode()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_holds_every_file_of_a_package(wheel: ZipFile, package: str) -> None:
    """Modules, schema, templates and the marker for type checkers: all that is in the tree is in the wheel."""
    in_tree = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert f"{package}/py.typed" in in_tree
    assert {name for name in wheel.namelist() if name.startswith(f"{package}/")} == in_tree


def test_the_wheel_holds_nothing_else(wheel: ZipFile) -> None:
    """No tests, no examples, no pictures are installed into other people's environments."""
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_carries_the_licence(wheel: ZipFile) -> None:
    """The text of the licence travels with the code."""
    assert "Apache License" in named(wheel, "licenses/LICENSE")


@pytest.mark.slow
def test_the_wheel_works_without_the_tree(wheel: ZipFile, tmp_path: Path) -> None:
    """The suite runs from the unpacked wheel and finds its schema and its templates there."""
    wheel.extractall(tmp_path / "site")
    program = "import contract_tests; from contract_tests.cli import main; print(contract_tests.__file__); main()"
    options = ["--clause", "close", "--quiet", "--html", "page.html", "--json", "report.json"]
    done = subprocess.run(
        [sys.executable, "-c", program, "run", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert Path(done.stdout.splitlines()[0]).parents[1] == tmp_path / "site"
    assert done.returncode == 1, done.stderr  # a part of the contract is not the contract
    assert "partial" in done.stdout
    assert (tmp_path / "page.html").stat().st_size > 0
    assert (tmp_path / "report.json").stat().st_size > 0


def test_no_dependency_has_an_upper_bound(wheel: ZipFile) -> None:
    """Whoever installs this distribution may have any newer version of what it needs."""
    needed = HeaderParser().parsestr(named(wheel, "METADATA")).get_all("Requires-Dist") or []

    assert len(needed) >= len(pyproject()["project"]["dependencies"])
    bounds = [need.partition(";")[0] for need in needed]
    assert [bound for bound in bounds if "<" in bound or "==" in bound or "~=" in bound] == []
