"""What the two packages export is there, sorted, typed, and loaded no sooner than it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest

import flare_sim

PACKAGES = ("contract_tests", "flare_sim")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_export_exists(package: str) -> None:
    """Every name in __all__ can be had from the package."""
    module = import_module(package)

    assert [name for name in module.__all__ if getattr(module, name, None) is None] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_exports_are_listed_once(package: str) -> None:
    """No name is exported twice."""
    exported = import_module(package).__all__

    assert len(set(exported)) == len(exported)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_export_is_listed_by_dir(package: str) -> None:
    """Tools that list a package find its exports, also those not loaded yet."""
    module = import_module(package)

    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_exported_class_and_function_is_described(package: str) -> None:
    """Every exported class and function has a docstring of its own."""
    module = import_module(package)
    exported = {name: getattr(module, name) for name in module.__all__}

    assert [name for name, value in exported.items() if callable(value) and not value.__doc__] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_an_unknown_name_is_no_export(package: str) -> None:
    """A name that is not there raises AttributeError, as from any module."""
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = import_module(package).no_such_name


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_it_is_typed(package: str) -> None:
    """Type checkers find the marker next to the package."""
    where = import_module(package).__file__

    assert where is not None
    assert (Path(where).parent / "py.typed").is_file()


def test_the_package_and_the_distribution_agree_on_the_version() -> None:
    """flare_sim.__version__ is the version that was installed."""
    assert flare_sim.__version__ == version("flare-sim")


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    """Importing either package leaves pytest, Hypothesis, rich, click and jinja2 unloaded."""
    heavy = {"click", "hypothesis", "jinja2", "pytest", "rich"}
    program = f"import sys; import {package}; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_a_system_loads_nothing_but_the_standard_library_of_types() -> None:
    """A conftest that names its system loads three modules of ours, and neither dataclasses nor what writes folders."""
    program = "import sys; from contract_tests import System; print(*sorted(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(told.stdout.split())

    ours = {name for name in loaded if name.startswith("contract_tests")}
    assert ours == {"contract_tests", "contract_tests.system", "contract_tests.system.system"}
    assert not loaded & {"dataclasses", "inspect", "json", "multiprocessing", "pathlib", "shutil", "tempfile"}


def test_the_class_of_servers_loads_little() -> None:
    """Whoever names it pays for eighteen small modules of ours; what answers commands and reads jobs comes later."""
    program = "import sys; from flare_sim import SimulatedServer; print(*sorted(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(told.stdout.split())

    assert len({name for name in loaded if name.startswith("flare_sim")}) <= 18
    late = {"flare_sim.commands.table", "flare_sim.engine", "flare_sim.jobs.behavior", "flare_sim.jobs.reading"}
    assert not loaded & {*late, "dataclasses", "inspect", "json", "pathlib", "shutil", "tempfile"}
