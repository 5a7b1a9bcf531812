"""A plug-in of pytest that tries mutants in place of running tests, each in a process that has everything loaded.

mutmut makes the mutants, and notes which tests are tried on which. It would have pytest begin anew with each, which
takes longer than the tests.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.format_utils import mangled_name_from_mutant_name

from tests.mutation.mirrors import mirror_of

ASKED: Final = "MUTATION_TRIALS"
"""The variable that has the path of what is asked for."""
CPU_SECONDS: Final = 10
"""A mutant that has taken so much of the processor's time for a test, beyond what that took, runs in a circle."""
WALL_SECONDS: Final = 300.0
"""One that has taken so long, beyond that, waits for what never comes."""
BYTES: Final = 6 << 30
"""Nor may it fill the memory."""
QUICK_SECONDS: Final = 12.0
"""So long a mutant is tried that was not tried before; what survives is tried by all tests there are for it."""
NOTHING: Final = "nothing"
"""The name of no mutant: all tests have to pass."""


class Asked(NamedTuple):
    """What is asked for."""

    names: list[str]
    """The mutants, after ``NOTHING`` where the tests are new."""
    processes: int
    """How many are tried at once."""
    seconds: float
    """For how long, from when the tests have passed without a mutant."""
    thorough: bool
    """Whether all tests of a mutant are tried, or those that take a few seconds."""
    results: str
    """The path of the file that gets a line for each: its name, and the exit code of its process."""


class Trial(NamedTuple):
    """A mutant that is being tried."""

    name: str
    begun: float
    folder: str
    """Where all that it leaves behind is."""
    items: list[pytest.Item]
    """The tests that are tried on it."""
    expected: float
    """Seconds that they take, twice over, as a mutant may be slower."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try what is asked for, and write down what became of each; when tests fail without a mutant, that is all."""
    asked = Asked(**json.loads(Path(os.environ[ASKED]).read_text(encoding="utf-8")))
    _notes()
    gc.freeze()
    with Path(asked.results).open("w", encoding="utf-8") as results:
        for name, code in _tried(session, asked):
            print(f"{code:>4} {name}", file=sys.stderr)  # noqa: T201  (a slice takes minutes)
            results.write(f"{name} {code}\n")
            results.flush()
            if name == NOTHING and code:
                break
    return True


def _tried(session: pytest.Session, asked: Asked) -> Iterator[tuple[str, int]]:
    """Yield each mutant with the exit code of the process that tried it."""
    until = time.monotonic() + asked.seconds
    waiting = asked.names[::-1]
    running: dict[int, Trial] = {}
    while running or (waiting and time.monotonic() < until):
        alone = any(trial.name == NOTHING for trial in running.values())
        if waiting and len(running) < asked.processes and not alone and time.monotonic() < until:
            name, folder = waiting.pop(), tempfile.mkdtemp(prefix="trial-")
            items = _chosen(session, name, thorough=asked.thorough)
            trial = Trial(name, time.monotonic(), folder, items, 2 * sum(map(_duration, items)))
            pid = os.fork()
            if pid == 0:
                os._exit(_try(session, trial))
            running[pid] = trial
            continue
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid:
            trial = running.pop(pid)
            shutil.rmtree(trial.folder, ignore_errors=True)
            if trial.name == NOTHING:
                until = time.monotonic() + asked.seconds
            yield trial.name, os.waitstatus_to_exitcode(status)
        else:
            now = time.monotonic()
            for late in [pid for pid, one in running.items() if now > one.begun + WALL_SECONDS + one.expected]:
                os.kill(late, signal.SIGXCPU)
            time.sleep(0.01)


def _try(session: pytest.Session, trial: Trial) -> int:
    """Run tests on a mutant, in a process of its own; returns 1 when one has failed, 33 when there is none."""
    os.setsid()
    name, folder, items = trial.name, trial.folder, trial.items
    if name != NOTHING:
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    os.environ.update(TMPDIR=folder, PYTEST_DEBUG_TEMPROOT=folder)
    tempfile.tempdir = folder
    set_mutant_under_test(name)
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            if name != NOTHING:
                seconds = round(time.process_time() + _duration(item)) + CPU_SECONDS
                resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return 1
    except BaseException:  # noqa: BLE001  (whatever a mutant raises through pytest is noticed)
        return 1
    return 0 if items else 33


@cache
def _notes() -> dict[str, Any]:
    """What mutmut has noted of the tests."""
    noted: dict[str, Any] = json.loads(Path("mutmut-stats.json").read_text(encoding="utf-8"))
    return noted


def _duration(item: pytest.Item) -> float:
    """Seconds that a test took when it was noted."""
    seconds: float = _notes()["duration_by_test"].get(item.nodeid, 0.0)
    return seconds


def _chosen(session: pytest.Session, name: str, *, thorough: bool) -> list[pytest.Item]:
    """Return the tests of a mutant: those that mirror its module, then others, quick ones first."""
    if name == NOTHING:
        return session.items
    function = mangled_name_from_mutant_name(name)
    nodes = {*_notes()["tests_by_mangled_function_name"].get(function, ())}
    items = [item for item in session.items if item.nodeid in nodes]
    items.sort(key=_duration)
    mirror = mirror_of(function)
    beside = [item for item in items if item.nodeid.partition("::")[0] == mirror]
    others = [item for item in items if item.nodeid.partition("::")[0] != mirror]
    sums = accumulate(map(_duration, others))
    return beside + [item for item, seconds in zip(others, sums, strict=True) if thorough or seconds < QUICK_SECONDS]
