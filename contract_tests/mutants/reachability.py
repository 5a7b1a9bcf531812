"""Which methods of a session a check calls, and which ones a variant changes: only where they meet is it worth a try.

A plain `Wrapper` hands every call on, and never calls itself. As long as a check calls no method that a variant has
changed, the variant is a plain wrapper, and the check ends on both in the same way. That holds for variants that change
nothing but methods of a session; others are tried on everything. What a check calls is found by watching it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from contract_tests.clauses.checks import check_called
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.runner import run_check, try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.mutants.algebra.altered import Altered, AlteredSystem, Change
from contract_tests.mutants.algebra.monitor import STEPS
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.scenario.check import Check
from contract_tests.system.system import System

METHODS: Final = frozenset(name for name in vars(Wrapper) if not name.startswith("_"))
"""The methods of a session."""

_HELD: Final = frozenset(("inner", "system", "user"))
"""What every wrapper holds."""


class _Empty(Wrapper):
    """Changes nothing."""

    system: WrappedSystem


_SAY_NOTHING: Final = frozenset(vars(_Empty))
"""What the body of a class leaves in it by itself."""


def changed(system: type[System]) -> frozenset[str] | None:
    """The methods of a session that a variant has its own of; None for one that may differ in any other way."""
    session = getattr(system, "session", None)
    if isinstance(session, type) and issubclass(session, Altered) and issubclass(system, AlteredSystem):
        return None if _own(system, AlteredSystem) - {"session", "change"} else _altered(session.change)
    if not (issubclass(system, WrappedSystem) and isinstance(session, type) and issubclass(session, Wrapper)):
        return None
    if _own(system, WrappedSystem) - {"session"}:
        return None
    own = _own(session, Wrapper)
    special = {name for name in own if name.startswith("__")}
    if not special <= {"__init__"} or own & _HELD or ("__init__" in special and not _begins_like_any(system)):
        return None
    return frozenset(own & METHODS)


def _altered(change: Change) -> frozenset[str] | None:
    """The methods that a change is about; a step is a part of the monitor, an act none of any method."""
    points = {"monitor_job" if point in STEPS else point for point in change.points}
    return frozenset(points) if points <= METHODS else None


def _own(cls: type, base: type) -> set[str]:
    """The names that a class and those between it and a base of it define."""
    between = cls.__mro__[: cls.__mro__.index(base)]
    return {name for part in between for name in vars(part)} - _SAY_NOTHING


def _begins_like_any(system: type[System]) -> bool:
    """Whether opening sessions of a variant does nothing but make wrappers that hand on to sessions like any."""
    with WrappedSystem() as plain, system() as other:
        assert isinstance(other, WrappedSystem)
        for user in (*plain.users, *plain.users):
            session, unchanged = other.open_session(user), plain.open_session(user)
            same = session.system is other and session.user == user and type(session.inner) is type(unchanged.inner)
            if not same or METHODS & set(vars(session)):
                return False
        return _history(other) == _history(plain)


def _history(system: WrappedSystem) -> tuple[str, float]:
    return system.server.trace.digest(), system.server.clock.time()


def reached(check: Check, inputs: Mapping[str, Any]) -> frozenset[str]:
    """The methods that a check calls when it is tried on these inputs."""
    return _methods(*_tried(check.id, json.dumps(inputs)))


def calls(check: Check, inputs: Mapping[str, Any]) -> int:
    """How many calls that are; where threads race, in as many tries as are made then."""
    return _tried(check.id, json.dumps(inputs))[0].total()


@cache
def _tried(check_id: str, inputs: str) -> tuple[Counter[str], Verdict]:
    return _watched(lambda system: try_inputs(check_called(check_id), json.loads(inputs), system))


@cache
def reached_in_all(check_id: str, settings: RunSettings) -> frozenset[str]:
    """The methods that a check calls when it is run with these settings."""
    return _methods(*_watched(lambda system: run_check(check_called(check_id), system, settings)))


def _watched(run: Callable[[type[System]], CheckResult]) -> tuple[Counter[str], Verdict]:
    """What is called of the plain wrapper, how often, and what is said of it."""
    seen: Counter[str] = Counter()

    class Watched(Wrapper):
        def __getattribute__(self, name: str) -> Any:
            if name in METHODS:
                seen[name] += 1
            return object.__getattribute__(self, name)

    result = run(type("Watched", (WrappedSystem,), {"session": Watched}))
    return seen, result.verdict


def _methods(seen: Counter[str], verdict: Verdict) -> frozenset[str]:
    """What was called; everything, should even the plain wrapper not keep the clause."""
    return frozenset(seen) if verdict in (Verdict.MET, Verdict.UNDEFINED) else METHODS
