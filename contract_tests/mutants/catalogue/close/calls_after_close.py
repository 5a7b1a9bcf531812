"""Sessions that work after they were closed, or raise another error than SessionClosed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CLOSE, DELETE, LIST, META, MONITOR, SUBMIT, Change, on
from contract_tests.mutants.families import failures
from contract_tests.mutants.families.failures import READS, Kind, by_another_session, clause_of
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, JobNotFound, NoConnection, SessionClosed

_KINDS: Final = (
    Kind("answers {method} after it was closed", by_another_session),
    Kind("answers the second call of {method} after it was closed", by_another_session, failures.from_failure(2)),
    Kind("raises RuntimeError for {method} once it is closed", do.raises(RuntimeError, "closed")),
    Kind("answers {method} after it was closed while a job runs", by_another_session, failures.job_is("RUNNING")),
    Kind("raises a SessionClosed of its own for {method}", do.raises(failures.look_alike("SessionClosed"))),
    Kind("answers {method} a minute after it was closed", by_another_session, failures.minutes_later),
    Kind("returns nothing for {method} once it is closed", do.nothing),
    Kind("answers {method} in a closed second session", by_another_session, when.later_session),
    Kind("raises NoConnection for {method} once it is closed", do.raises(NoConnection, "no connection")),
    Kind("answers {method} from memory once it is closed", failures.from_memory, methods=READS),
    Kind("raises InternalError for {method} once it is closed", do.raises(InternalError)),
    Kind("returns nothing for {method} of a done job once it is closed", do.nothing, failures.job_is("FINISHED")),
    Kind("fails with an AttributeError in {method} once it is closed", do.raises(AttributeError)),
)

SHUT: Final = when.after(CLOSE, when.in_outage, like=when.same_session)
"""In a session that was closed in an outage."""


def _works_again(method: str) -> Change:
    """A session that can't tell the server that it is closed when there is none, and leaves it at that."""
    refused = SHUT & (lambda call: call.point != method or when.in_outage(call))
    return on(CLOSE, do.skips, when.in_outage) + on(SERVER_METHODS, do.raises(SessionClosed), refused)


def _arguments_first(method: str, error: type[Exception], bad: Callable[[Any], Any]) -> Faults:
    change = on(method, do.raises(error, "that is no good"), lambda call: bad(next(iter(call.given.values()))))
    return {
        "close.only-session-closed": {
            f"raises {error.__name__} for some arguments of {method} of a closed session": change
        }
    }


_FAULTS: Final[Faults] = {
    "close.only-session-closed": {
        "tests whether the callback can be called before it tests whether it is closed": on(
            MONITOR,
            do.raises(TypeError, "cb can't be called"),
            lambda call: call["cb"] is not None and not callable(call["cb"]),
        ),
        "tests the timeout before it tests whether it is closed": on(
            MONITOR,
            do.raises(TypeError, "timeout is no number"),
            lambda call: not isinstance(call["timeout"], (int, float)),
        ),
    }
}

MUTANTS: Final = mutants(
    __name__,
    failures.wrong(SERVER_METHODS, _KINDS, SessionClosed, "close.then", when.closed),
    *(
        {
            clause_of("close.then", method): {
                f"lets {method} work again after an outage in which the session was closed": _works_again(method),
                f"answers {method} in the callback that closed it": on(
                    method, failures.failing(SessionClosed, by_another_session, when.in_callback)
                ),
            }
        }
        for method in SERVER_METHODS
    ),
    failures.wrong(
        JOB_METHODS,
        failures.key_error_when_deleted("in a closed session"),
        SessionClosed,
        "close.then",
        when.closed,
        each=1,
    ),
    failures.with_flags(SessionClosed, "close.then"),
    failures.with_timeout(SessionClosed, "close.then"),
    _arguments_first(META, AttributeError, lambda value: not value),
    _arguments_first(SUBMIT, JobNotFound, lambda value: not isinstance(value, str)),
    _arguments_first(MONITOR, TypeError, lambda value: not isinstance(value, str)),
    _arguments_first(LIST, TypeError, lambda value: not isinstance(value, (bool, str))),
    _arguments_first(DELETE, NoConnection, lambda value: value == "no-such-thing"),
    _FAULTS,
)
