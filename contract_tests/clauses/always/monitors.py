"""Every monitor: what its callback gets, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from contract_tests.clauses.shared.monitoring import code
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import Callback, CallRecord, Interrupted, Outcome
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look

CHECKS = InvariantTable()
_KWARGS: Final[dict[str, Any]] = {"two": 2, "three": None}


class _Monitored(NamedTuple):
    """A monitor that its callback has ended: of which job, the first call of the callback, and what came of it."""

    look: Look
    number: int
    call: CallRecord
    calls: int
    outcome: Outcome


def _monitors(clause: str, expected: str, right: Callable[[_Monitored], bool]) -> None:
    @CHECKS.invariant(clause)
    def judge(look: Look) -> None:
        if number := look.job():
            cb = Callback(then=False)
            timeout = look.number % 2 * 50
            outcome = look.actor.monitor(look.id(number), cb, "one", None, timeout=timeout, **_KWARGS)
            if not cb.calls:
                raise JudgedElsewhere
            call = cb.calls[0]
            told = look.s.tell([call.job_id, call.meta, call.args, call.kwargs])
            observed = f"{len(cb.calls)} calls, the first with {told}, then {look.s.tell(outcome.value)}"
            kept = right(_Monitored(look, number, call, len(cb.calls), outcome))
            look.s.require(kept, f"{expected}, for job{number}", observed)


def _met_by(m: _Monitored) -> bool:
    """Whether the meta is of the job, and of now if no time has passed."""
    if not isinstance(m.call.meta, dict):
        return False
    meta, told = m.look.meta(m.number), m.call.meta
    same = told.get("job_id") == meta.get("job_id") and told.get("status") == meta.get("status")
    return same or m.look.s.now() != m.call.time


def _ended_at_once(m: _Monitored) -> bool:
    ended = isinstance(m.call.meta, dict) and finished(m.call.meta.get("status"))
    return code(m.outcome) == "ENDED_BY_CB" or (ended and code(m.outcome) == "JOB_FINISHED")


_monitors("monitor.callback-session", "the session itself", lambda m: m.call.session is m.look.actor.session)
_monitors("monitor.callback-job-id", "the id of the job", lambda m: m.call.job_id == m.look.id(m.number))
_monitors("monitor.callback-meta", "the meta of the job, as its poll read it", _met_by)
_monitors("monitor.callback-args", "the arguments 'one' and None", lambda m: m.call.args[:2] == ("one", None))
_monitors("monitor.callback-kwargs", "two=2 and three=None", lambda m: m.call.kwargs.items() >= _KWARGS.items())
_monitors(
    "monitor.callback-nothing-else",
    "no argument but 'one', None, two and three",
    lambda m: set(m.call.kwargs) <= set(_KWARGS) and len(m.call.args) <= 2,
)
_monitors("monitor.callback-false-first", "ENDED_BY_CB after False", _ended_at_once)
_monitors("monitor.callback-false-no-more", "no call after False", lambda m: m.calls == 1)


@CHECKS.invariant("monitor.finished")
def _finished(look: Look) -> None:
    number = look.job()
    if number and finished(look.status(number)):
        for callback in (None, Callback()):
            outcome = look.actor.monitor(look.id(number), callback, timeout=look.number % 3)
            look.require(code(outcome) == "JOB_FINISHED", f"JOB_FINISHED, as job{number} is done", outcome)


@CHECKS.invariant("monitor.callback-error")
def _error(look: Look) -> None:
    if number := look.job():
        error = _ERRORS[look.number % len(_ERRORS)]("of the callback")
        callback = Callback(answers=(error,))
        outcome = look.actor.monitor(look.id(number), callback)
        raised = not callback.calls or outcome.error is error
        look.require(raised, f"the {type(error).__name__} that the callback raised", outcome)


class _OfItsOwn(BaseException):
    """What no implementation knows."""


_ERRORS: Final[tuple[type[BaseException], ...]] = (
    *(ValueError, KeyError, StopIteration, TimeoutError, ConnectionError, _OfItsOwn),
    *(GeneratorExit, Interrupted, SystemExit, AttributeError, TypeError),
)
