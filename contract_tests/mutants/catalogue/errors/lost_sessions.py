"""Sessions that raise no SessionClosed once the server has ended them, or can't be closed then."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CLOSE, LIST, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families import failures
from contract_tests.mutants.families.failures import READS, Kind
from contract_tests.mutants.variant import Faults, mutants
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import AuthenticationError, InternalError, NoConnection, SessionClosed

_LOGS_IN: Final = failures.by_another_session

_KINDS: Final = (
    Kind("logs in again for {method} when the server has ended the session", _LOGS_IN),
    Kind("raises AuthenticationError for {method} in a lost session", do.raises(AuthenticationError)),
    Kind("logs in again for the second {method} in a lost session", _LOGS_IN, failures.from_failure(2)),
    Kind("raises NoConnection for {method} in a lost session", do.raises(NoConnection)),
    Kind(
        "raises a SessionClosed of its own for {method} in a lost session",
        do.raises(failures.look_alike("SessionClosed")),
    ),
    Kind("logs in again for {method} a minute after the session was lost", _LOGS_IN, failures.minutes_later),
    Kind("returns nothing for {method} in a lost session", do.nothing),
    Kind("answers {method} from memory in a lost session", failures.from_memory, methods=READS),
    Kind("logs in again for {method} in a lost second session", _LOGS_IN, when.later_session),
    Kind(
        "raises InternalError for {method} of a done job in a lost session",
        do.raises(InternalError),
        failures.job_is("FINISHED"),
    ),
)


def _newest(call: Call) -> Any:
    opened = [each.answer for each in call.system.history if each.point == "open_session"]
    return [session for session in opened if session is not None][-1]


_BY_THE_NEWEST: Final = Kind(
    "does {method} by the newest session, when the one it is asked of was ended by the server",
    lambda call: call.on_session(_newest(call).inner),
    lambda call: _newest(call) is not call.session,
)

_lost = partial(failures.wrong, SERVER_METHODS, error=SessionClosed, clause="lost", concerns=failures.never_closed)


def _goes_on_in_another(call: Call) -> Any:
    call.session.inner = SimulatedSystem.open_session(call.system, call.user)
    return call.go()


def _asks_the_server(call: Call) -> None:
    with suppress(NoConnection):
        call.inner.list_jobs()


_FAULTS: Final[Faults] = {
    "lost.monitor-job": {
        "logs in again when the session is lost in the middle of a monitor": failures.polls_with(
            SessionClosed, _goes_on_in_another
        ),
        "raises AuthenticationError when the session is lost while a job runs": failures.polls_with(
            SessionClosed, do.raises(AuthenticationError), when.read("RUNNING")
        ),
        "logs in again in the middle of a monitor, when there is no callback": failures.polls_with(
            SessionClosed, _goes_on_in_another, when.without_callback
        ),
    },
    "lost.close": {
        "raises SessionClosed when a lost session is closed": on(CLOSE, do.first(_asks_the_server), ~when.closed),
        "raises when a session is closed that knows it is lost": on(
            CLOSE,
            do.raises(SessionClosed),
            when.after_error(SessionClosed, LIST, like=when.same_session) & ~when.closed,
        ),
        "raises when a lost session is closed a second time": on(
            CLOSE, do.raises(NoConnection), when.after(CLOSE, when.lost & ~when.closed, like=when.same_session)
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _lost(kinds=_KINDS),
    _lost(kinds=(_BY_THE_NEWEST,), each=1),
    failures.wrong(
        JOB_METHODS,
        failures.key_error_when_deleted("in a lost session"),
        SessionClosed,
        "lost",
        failures.never_closed,
        each=1,
    ),
    failures.with_flags(SessionClosed, "lost"),
    failures.with_timeout(SessionClosed, "lost"),
    _FAULTS,
)
