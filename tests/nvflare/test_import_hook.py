"""A script's own code lives on a clock, and nobody else's does."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flare_sim import VirtualClock
from flare_sim.nvflare.import_hook import ImportHook
from flare_sim.on_clock.client_time import ClientTime

START = 1_800_000_000.0


@pytest.fixture
def clock() -> VirtualClock:
    """A clock of its own."""
    return VirtualClock(START)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to import from, and from a site-packages in it; what was imported is forgotten."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "site-packages"), *sys.path])
    loaded = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - loaded:
        if name.startswith("tried_"):
            del sys.modules[name]


def write(path: Path, text: str) -> None:
    """Write a file, and the folders it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def run(hook: ImportHook, code: str) -> dict[str, Any]:
    """Run code with the builtins of the user's own."""
    namespace: dict[str, Any] = {"__builtins__": hook.builtins, "__name__": "own"}
    exec(code, namespace)
    return namespace


@pytest.mark.parametrize(
    "code",
    ["import time", "import time as t; time = t", "def f():\n import time\n return time\ntime = f()"],
)
def test_an_import_gives_the_clocks_time(clock: VirtualClock, code: str) -> None:
    """However the statement is written, and wherever it stands."""
    assert run(ImportHook(clock), code)["time"].time() == START


@pytest.mark.parametrize("code", ["from time import sleep; sleep(60)", "from time import *; sleep(60)"])
def test_names_from_the_module_are_the_clocks(clock: VirtualClock, code: str) -> None:
    """A sleep that was imported by name moves the clock too."""
    run(ImportHook(clock), code)

    assert clock.time() == START + 60


def test_own_modules_see_the_clock(clock: VirtualClock, folder: Path) -> None:
    """A neighbour does, also a package with a module of its own that is named time."""
    write(
        folder / "tried_package" / "__init__.py",
        "import time as their_time\nfrom . import time as mine\nfrom .time import nap",
    )
    write(folder / "tried_package" / "time.py", "import time\nnap = time.sleep")

    with ImportHook(clock) as hook:
        package = run(hook, "import tried_package")["tried_package"]
    package.nap(5)

    assert package.their_time.time() == package.mine.time.time() == START + 5


def test_libraries_do_not_see_the_clock(clock: VirtualClock, folder: Path) -> None:
    """What is installed keeps the machine's time."""
    write(folder / "site-packages" / "tried_library.py", "import time")
    with ImportHook(clock) as hook:
        library = run(hook, "import tried_library")["tried_library"]

    assert library.time is time


def test_the_module_time_is_never_touched(clock: VirtualClock) -> None:
    """Nothing in it is another, and no finder is left, while and after code lives on a clock."""
    real, finders = dict(vars(time)), list(sys.meta_path)
    with ImportHook(clock) as hook:
        run(hook, "import time; time.sleep(5)")
        assert dict(vars(time)) == real

    assert sys.meta_path == finders


def test_a_day_of_polling_is_over_at_once(clock: VirtualClock) -> None:
    """A loop with a deadline polls as often as it would in a day."""
    code = """
import time
deadline, polls = time.monotonic() + 86400, 0
while time.monotonic() < deadline:
    time.sleep(60)
    polls += 1
"""

    assert run(ImportHook(clock), code)["polls"] == 1440


def test_now_is_the_clocks_in_every_form(clock: VirtualClock) -> None:
    """What says now without being given a time says the clock's."""
    client_time = ClientTime(clock)

    assert client_time.time_ns() == 1_800_000_000 * 10**9 == client_time.monotonic_ns()
    assert client_time.localtime() == time.localtime(START)
    assert client_time.gmtime() == time.gmtime(START)
    assert client_time.ctime() == time.ctime(START)
    assert client_time.asctime() == time.asctime(time.localtime(START))
    assert client_time.strftime("%c") == time.strftime("%c", time.localtime(START))


def test_a_given_time_is_taken_as_it_is(clock: VirtualClock) -> None:
    """What is given a time does as it always does."""
    client_time = ClientTime(clock)
    given = time.gmtime(86_400)

    assert client_time.gmtime(86_400) == given
    assert client_time.asctime(given) == time.asctime(given)
    assert client_time.strftime("%Y", given) == "1970"
    assert client_time.mktime is time.mktime
