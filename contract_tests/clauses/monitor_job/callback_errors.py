"""monitor_job's callback: what it raises ends the monitor, and comes out of it unchanged."""

from __future__ import annotations

from contextlib import suppress

from contract_tests.contract.interface import EXCEPTIONS, spec_modules
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import DONE, STATES, UNDONE
from contract_tests.scenario.operations import Callback, Interrupted, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, sampled_from

CHECKS = CheckTable()


class _Stop(Exception):
    """What a callback of these checks raises; nothing else knows it."""


_ERRORS = (
    "_Stop",
    "ValueError",
    "TypeError",
    "AttributeError",
    "KeyError",
    "TimeoutError",
    "StopIteration",
    "InterruptedError",
    "SystemExit",
    "GeneratorExit",
    "KeyboardInterrupt",
    *EXCEPTIONS,
)


def _error(s: Scenario, name: str) -> BaseException:
    """An error by its name; the interface's own where the system has it."""
    errors: dict[str, BaseException] = {
        "_Stop": _Stop("stop"),
        "ValueError": ValueError("from the callback"),
        "TypeError": TypeError("from the callback"),
        "AttributeError": AttributeError("from the callback"),
        "KeyError": KeyError("status"),
        "TimeoutError": TimeoutError("from the callback"),
        "StopIteration": StopIteration("from the callback"),
        "InterruptedError": InterruptedError("from the callback"),
        "SystemExit": SystemExit(3),
        "GeneratorExit": GeneratorExit("from the callback"),
        "KeyboardInterrupt": Interrupted("in the callback"),
    }
    for module in spec_modules(s.system.spec):
        cls = getattr(module, name, None)
        if isinstance(cls, type) and issubclass(cls, Exception):
            with suppress(TypeError):  # an exception of a system's own may be made of something else
                errors.setdefault(name, cls("from the callback"))
    return errors.get(name, errors["_Stop"])


_AT = (1, 2, 7)
"""At which calls a callback raises, one monitor of a job after the other."""


def _raising(s: Scenario, actor: Actor, job: str, name: str, at: int = 1) -> tuple[Outcome, Callback, BaseException]:
    error = _error(s, name)
    cb = Callback(answers=(True,) * (at - 1) + (error,), then=False)
    return actor.monitor(job, cb), cb, error


def _unchanged_error(s: Scenario, actor: Actor, job: str, name: str, at: int = 1) -> None:
    outcome, _, error = _raising(s, actor, job, name, at)
    s.require(outcome.error is error, f"the very {type(error).__name__} that the callback raised", outcome)
    cause = error.__cause__
    s.require(cause is None, "an error without a cause, as it was raised", f"one with the cause {s.tell(cause)}")


@CHECKS.check("monitor.callback-error", name=Each(*_ERRORS), state=sampled_from(*UNDONE))
def _error_unchanged(s: Scenario, name: str, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    for at in _AT:
        _unchanged_error(s, alice, job, name, at)


@CHECKS.check("monitor.callback-error", variant="every state", state=Each(*STATES), name=Each("_Stop", "KeyError"))
def _error_every_state(s: Scenario, state: str, name: str) -> None:
    alice = s.open()
    _unchanged_error(s, alice, s.job(state, alice), name)


@CHECKS.check("monitor.callback-error", variant="nested", name=Each("_Stop", "KeyError"), at=Each(1, 2))
def _error_nested(s: Scenario, name: str, at: int) -> None:
    """Of a monitor in a callback: what is raised there comes out of that one, and no further."""
    alice = s.open()
    job = s.job("running", alice)
    inner: list[tuple[Outcome, BaseException]] = []

    def nest(_: int) -> None:
        outcome, _cb, error = _raising(s, alice, job, name, at)
        inner.append((outcome, error))

    alice.monitor(job, Callback(answers=(True,), then=False, act=nest))
    for outcome, error in inner:
        s.require(outcome.error is error, f"the very {type(error).__name__} that the callback raised", outcome)


@CHECKS.check("monitor.callback-error-ends", name=Each(*_ERRORS), state=sampled_from(*UNDONE))
def _error_ends(s: Scenario, name: str, state: str) -> None:
    alice = s.open()
    job = s.job(state, alice)
    for at in _AT:
        _, cb, _ = _raising(s, alice, job, name, at)
        s.require(len(cb.calls) == at, f"no call after call {at} raised", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-error-ends", variant="done", state=Each(*DONE))
def _error_ends_done(s: Scenario, state: str) -> None:
    alice = s.open()
    _, cb, _ = _raising(s, alice, s.job(state, alice), "_Stop")
    s.require(len(cb.calls) == 1, "no call after call 1 raised", f"{len(cb.calls)} calls")
