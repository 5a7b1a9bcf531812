"""Checks made up for a test, and small systems for them to be run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contract_tests.clauses.checks import all_checks
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import PROFILES, RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.check import Check
from contract_tests.scenario.strategies import Each, LazyStrategy

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.engine.check_result import CheckResult
    from contract_tests.system.system import System

JUDGED = "close.jobs"
"""A judged clause for made-up checks to be about."""

SILENT = "monitor.falsy"
"""A clause on which no verdict is passed."""


def check(body: Callable[..., Any], *, clause: str = JUDGED, kind: str = "", **inputs: LazyStrategy | Each) -> Check:
    """A check that is in no table, with the given body and inputs."""
    drawn = {name: source for name, source in inputs.items() if isinstance(source, LazyStrategy)}
    each = {name: source for name, source in inputs.items() if isinstance(source, Each)}
    return Check(f"{clause}/made-up", clause, body, drawn, each, kind)


QUICK = RunSettings(examples=PROFILES["quick"])
THOROUGH = RunSettings(examples=100)


def run(
    body: Callable[..., Any],
    system: Callable[[], System] = SimulatedSystem,
    settings: RunSettings = QUICK,
    reference: Callable[[], System] | None = None,
    **inputs: Any,
) -> CheckResult:
    """What comes of a made-up check."""
    return run_check(check(body, **inputs), system, settings, reference)


def real_check(check_id: str) -> Check:
    """A check of the suite, by its id."""
    return next(check for check in all_checks() if check.id == check_id)


class Recording(SimulatedSystem):
    """The reference system, remembering every instance that was made and which of them were closed."""

    made: list[Recording]
    closed: list[Recording]

    def __init__(self) -> None:
        super().__init__()
        type(self).made.append(self)

    def close(self) -> None:
        """Note it, then close."""
        type(self).closed.append(self)
        super().close()


def recording() -> type[Recording]:
    """A fresh recording system class."""
    return type("FreshRecording", (Recording,), {"made": [], "closed": []})
