"""What `flare_sim` offers: every name, loaded when it is used, and nothing heavy before."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import flare_sim

ROOT = Path(flare_sim.__file__).parents[1]


def modules_after(statement: str) -> set[str]:
    """The modules a fresh Python has loaded after a statement, beyond those of a bare one."""
    program = f"import sys; bare = set(sys.modules)\n{statement}\nprint(*sorted(set(sys.modules) - bare))"
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT, text=True)
    return set(outcome.stdout.split())


@pytest.mark.parametrize("name", flare_sim.__all__)
def test_an_exported_name_is_there(name: str) -> None:
    """Every name in __all__ can be had, is documented, and is listed by dir()."""
    value = getattr(flare_sim, name)

    assert value is not None
    assert name in dir(flare_sim)
    assert name == "__version__" or not callable(value) or (value.__doc__ or "").strip()


def test_the_exports_are_sorted() -> None:
    """They are in order, each once."""
    assert sorted(set(flare_sim.__all__)) == sorted(flare_sim.__all__)


def test_another_name_is_no_attribute() -> None:
    """A name that isn't offered is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="'flare_sim' has no attribute 'Missing'"):
        _ = flare_sim.Missing


def test_the_package_itself_loads_nothing() -> None:
    """Importing the package loads none of its modules; using a name loads what it needs."""
    assert not {name for name in modules_after("import flare_sim") if name.startswith("flare_sim.")}
    assert "flare_sim.server" not in modules_after("from flare_sim import VirtualClock")


def test_the_class_of_servers_loads_few_modules() -> None:
    """24 of ours at most are loaded with it, and 65 with a server that lists its jobs: each when it is needed."""
    named = "from flare_sim import SimulatedServer"
    ours, used = (
        {name for name in modules_after(statement) if name.startswith("flare_sim")}
        for statement in (named, f"{named}; SimulatedServer().connect().list_jobs()")
    )

    assert len(ours) <= 24
    assert len(used) <= 65
    assert not {"heapq", "math"} & modules_after(named)
    assert not {name for name in used if name.startswith(("flare_sim.commands.system", "flare_sim.jobs.judging"))}
    assert not used & {
        "flare_sim.events",
        "flare_sim.faults",
        "flare_sim.personality.personalities",
        "flare_sim.temporary_folders",
    }


def test_the_simulator_loads_nothing_heavy() -> None:
    """A server and a session need none of the standard library's slow modules, and nobody else's."""
    loaded = modules_after("from flare_sim import SimulatedServer; SimulatedServer().connect().list_jobs()")
    loaded -= modules_after("import typing")  # which loads re on 3.10, and whatever we do not decide elsewhere

    heavy = {
        "dataclasses",
        "inspect",
        "json",
        "random",
        "re",
        "uuid",
        "zipfile",
        "tempfile",
        "logging",
        "datetime",
        "asyncio",
    }
    assert not loaded & (heavy | {"click", "rich", "pytest", "hypothesis", "contract_tests", "hashlib"})
    assert not loaded & {"flare_sim.jobs.judging.judge", "flare_sim.jobs.reading.job_files"}


def test_the_core_knows_no_time_but_the_clocks() -> None:
    """No module but the clock's and the interface's mentions time, none random numbers; some rooms are no core."""
    package = ROOT / "flare_sim"
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] in ("cli", "control", "nvflare", "on_clock", "scenarios", "serving"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.name not in ("clock.py", "spec.py"):
            assert re.search(r"\bimport time\b", text) is None
        assert "import random" not in text
        assert "datetime" not in text
