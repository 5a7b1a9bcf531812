"""The FLARE API's contract, as checks for any implementation.

Plug an implementation in by subclassing `System`; run it with ``flare-contract run pkg.mod:MySystem``, with
``pytest --flare-contract``, with a test file that calls `contract_suite`, or with the function `check`.

Names are loaded when they are used, so that a conftest that imports `System` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_tests.clauses.catalogue import CATALOGUE as CATALOGUE
    from contract_tests.engine.report import Report as Report
    from contract_tests.engine.suite_run import check as check
    from contract_tests.pytest_suite.suite import contract_suite as contract_suite
    from contract_tests.system.job_plan import JobPlan as JobPlan
    from contract_tests.system.lookup import BadSystem as BadSystem
    from contract_tests.system.system import NotClaimed as NotClaimed
    from contract_tests.system.system import RealClock as RealClock
    from contract_tests.system.system import System as System

_HOMES = {
    "BadSystem": "system.lookup",
    "CATALOGUE": "clauses.catalogue",
    "JobPlan": "system.job_plan",
    "NotClaimed": "system.system",
    "RealClock": "system.system",
    "Report": "engine.report",
    "System": "system.system",
    "check": "engine.suite_run",
    "contract_suite": "pytest_suite.suite",
}

__all__ = [
    "CATALOGUE",
    "BadSystem",
    "JobPlan",
    "NotClaimed",
    "RealClock",
    "Report",
    "System",
    "check",
    "contract_suite",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"contract_tests.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'contract_tests' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
