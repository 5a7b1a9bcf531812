"""monitor_job, at every point of any sequence of calls: what the callback gets, and how the monitor ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from contract_tests.clauses.monitor_job.returns import is_code
from contract_tests.clauses.shared.invariants import answers_are, asking_changes_nothing
from contract_tests.clauses.shared.monitoring import code
from contract_tests.scenario.exceptions import JudgedElsewhere
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import Callback, CallRecord, Interrupted, Outcome
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("monitor.returns-code")
def _returns_code(view: Viewpoint) -> None:
    def ask() -> None:
        if number := view.job():
            view.actor.monitor(view.id(number), Callback(then=False), *("more",) * (view.number % 2))

    answers_are(view, "monitor_job", "a MonitorReturnCode", lambda value: is_code(view.s, value), ask)


_KWARGS: Final[dict[str, Any]] = {"two": 2, "three": None}


class _Monitored(NamedTuple):
    """A monitor that its callback has ended: of which job, the first call of the callback, and what came of it."""

    view: Viewpoint
    number: int
    call: CallRecord
    calls: int
    outcome: Outcome


def _monitors(clause: str, expected: str, right: Callable[[_Monitored], bool]) -> None:
    @CHECKS.invariant(clause)
    def every_monitor(view: Viewpoint) -> None:
        if number := view.job():
            cb = Callback(then=False)
            timeout = view.number % 2 * 50
            outcome = view.actor.monitor(view.id(number), cb, "one", None, timeout=timeout, **_KWARGS)
            if not cb.calls:
                raise JudgedElsewhere
            call = cb.calls[0]
            told = view.s.tell([call.job_id, call.meta, call.args, call.kwargs])
            observed = f"{len(cb.calls)} calls, the first with {told}, then {view.s.tell(outcome.value)}"
            kept = right(_Monitored(view, number, call, len(cb.calls), outcome))
            view.s.require(kept, f"{expected}, for job{number}", observed)


def _met_by(m: _Monitored) -> bool:
    """Whether the meta is the one of the job; if no time has passed since, with its status."""
    if not isinstance(m.call.meta, dict):
        return False
    meta, told = m.view.meta(m.number), m.call.meta
    same = told.get("job_id") == meta.get("job_id") and told.get("status") == meta.get("status")
    return same or m.view.s.now() != m.call.time


def _ended_at_once(m: _Monitored) -> bool:
    ended = isinstance(m.call.meta, dict) and finished(m.call.meta.get("status"))
    return code(m.outcome) == "ENDED_BY_CB" or (ended and code(m.outcome) == "JOB_FINISHED")


_monitors("monitor.callback-session", "the session itself", lambda m: m.call.session is m.view.actor.session)
_monitors("monitor.callback-job-id", "the id of the job", lambda m: m.call.job_id == m.view.id(m.number))
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
def _finished(view: Viewpoint) -> None:
    number = view.job()
    if number and finished(view.status(number)):
        for callback in (None, Callback()):
            outcome = view.actor.monitor(view.id(number), callback, timeout=view.number % 3)
            view.require(code(outcome) == "JOB_FINISHED", f"JOB_FINISHED, as job{number} is done", outcome)


@CHECKS.invariant("monitor.callback-error")
def _error(view: Viewpoint) -> None:
    if number := view.job():
        error = _ERRORS[view.number % len(_ERRORS)]("of the callback")
        callback = Callback(answers=(error,))
        outcome = view.actor.monitor(view.id(number), callback)
        raised = not callback.calls or outcome.error is error
        view.require(raised, f"the {type(error).__name__} that the callback raised", outcome)


class _OfItsOwn(BaseException):
    """An exception that no implementation knows."""


_ERRORS: Final[tuple[type[BaseException], ...]] = (
    *(ValueError, KeyError, StopIteration, TimeoutError, ConnectionError, _OfItsOwn),
    *(GeneratorExit, Interrupted, SystemExit, AttributeError, TypeError),
)


@CHECKS.invariant("monitor.callback-end-no-effect")
def _callback_end_no_effect(view: Viewpoint) -> None:
    asking_changes_nothing(view, lambda number: view.actor.monitor(view.id(number), Callback(then=False)))
