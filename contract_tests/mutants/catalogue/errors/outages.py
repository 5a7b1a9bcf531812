"""Sessions that raise no NoConnection while there is no server, or do not work as before afterwards."""

from __future__ import annotations

from contextlib import suppress
from math import inf
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import (
    ABORT,
    CLONE,
    CLOSE,
    DELETE,
    DOWNLOAD,
    INFO,
    LIST,
    META,
    MONITOR,
    SUBMIT,
    Change,
    on,
)
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.families import failures
from contract_tests.mutants.families.failures import READS, Kind
from contract_tests.mutants.families.monitoring import last_read
from contract_tests.mutants.families.results import emptied
from contract_tests.mutants.variant import Faults, mutants
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import (
    AuthenticationError,
    InternalError,
    JobNotFound,
    MonitorReturnCode,
    NoConnection,
    SessionClosed,
)

_IN_OUTAGE: Final = "while there is no server"

_KINDS: Final = (
    Kind(f"raises ConnectionError for {{method}} {_IN_OUTAGE}", do.raises(ConnectionError, "refused")),
    Kind(f"answers {{method}} from memory {_IN_OUTAGE}", failures.from_memory, methods=READS),
    Kind(
        f"raises SessionClosed for a second {{method}} {_IN_OUTAGE}", do.raises(SessionClosed), failures.from_failure(2)
    ),
    Kind("raises a NoConnection of its own for {method}", do.raises(failures.look_alike("NoConnection"))),
    Kind("raises TimeoutError for {method} a minute into an outage", do.raises(TimeoutError), failures.minutes_later),
    Kind(f"raises InternalError for {{method}} {_IN_OUTAGE}", do.raises(InternalError)),
    Kind(f"returns nothing for {{method}} {_IN_OUTAGE}", do.nothing),
    Kind(f"returns nothing for {{method}} of a running job {_IN_OUTAGE}", do.nothing, failures.job_is("RUNNING")),
    Kind("raises OSError for {method} in an outage in a second session", do.raises(OSError), when.later_session),
    Kind(f"raises JobNotFound for a fourth {{method}} {_IN_OUTAGE}", do.raises(JobNotFound), failures.from_failure(4)),
)

_NOTICED: Final = when.after_error(NoConnection, like=when.same_session)
"""In a session that was without a server."""

_UNREACHED: Final = do.raises(NoConnection, "no connection")


# --- afterwards -------------------------------------------------------------------------------------------------------


def _tries_every_ten_seconds(call: Call) -> Any:
    if call.now - call.own.get("tried", -inf) < 10:
        raise NoConnection("not tried yet")
    call.own["tried"] = call.now
    return call.go()


def _missed(call: Call, method: str) -> list[Call]:
    return [each for each in call.earlier(method) if isinstance(each.error, NoConnection)]


def _makes_up_for(method: str) -> Change:
    """A system that does what was asked for in an outage once that is over."""

    def effect(call: Call) -> None:
        before = max((act.place for act in call.earlier("recover")), default=0)
        session = SimulatedSystem.open_session(call.system)
        for each in _missed(call, method):
            if each.place > before:
                each.on_session(session)

    return on("recover", do.then(effect))


def _sends_with(method: str, later: str) -> Change:
    """A session that does what it was asked for in an outage with another call."""

    def effect(call: Call) -> None:
        sent = call.own.setdefault("sent", [])
        with suppress(NoConnection, JobNotFound):
            for each in _missed(call, method):
                if each.session is call.session and each not in sent:
                    each.on_session(call.inner)
                    sent.append(each)

    return on(later, do.first(effect))


def _unsent(jobs: list[dict[str, Any]], call: Call) -> list[dict[str, Any]]:
    return [{"job_id": f"unsent-{n}", "status": "SUBMITTED"} for n, _ in enumerate(_missed(call, SUBMIT))]


# --- opening and closing ----------------------------------------------------------------------------------------------


def _opens(instead: Effect, holds: Holds = when.always) -> Change:
    return on("open_session", failures.failing(NoConnection, instead, holds=holds))


def _without_a_server_yet(call: Call) -> Any:
    call.system.server.faults.repair()
    try:
        return call.go()
    finally:
        call.system.server.faults.partition()


def _asks_the_server(call: Call) -> None:
    with suppress(SessionClosed):
        call.inner.list_jobs()


_FAULTS: Final[Faults] = {
    "outage.monitoring": {
        "hands out the last meta while there is no server": failures.polls_with(NoConnection, last_read),
        "tries again once before it gives up": failures.polls_with(
            NoConnection, last_read, lambda call: call.own.setdefault("tried", call) is call
        ),
        "takes an outage after the third poll for the end of the job": failures.polls_with(
            NoConnection,
            lambda call: {**call.monitor.meta, "status": "FINISHED:COMPLETED"},
            when.poll(lambda number: number > 3),
        ),
        "returns TIMEOUT when the server goes": on(
            MONITOR, do.swallows(NoConnection, MonitorReturnCode.TIMEOUT, lambda call: call.now > call.at)
        ),
        "raises InternalError when the server goes while a job runs": failures.polls_with(
            NoConnection, do.raises(InternalError), when.read("RUNNING")
        ),
        "waits out an outage of up to an hour, silently": failures.polls_with(
            NoConnection, do.first(do.sleeps(3600.0))
        ),
        "waits a minute for the server to come back, when there is no callback": failures.polls_with(
            NoConnection, do.first(do.sleeps(60.0)), when.without_callback
        ),
    },
    "outage.recovery": {
        "never works again after an outage it has noticed, with NoConnection": on(SERVER_METHODS, _UNREACHED, _NOTICED),
        "does not submit any more after an outage it has noticed": on(SUBMIT, _UNREACHED, _NOTICED),
        "raises SessionClosed for the first call after an outage, and works then": on(
            SERVER_METHODS, failures.once_well(NoConnection, SessionClosed)
        ),
        "opens a circuit breaker after three failures, for ever": on(
            SERVER_METHODS, _UNREACHED, when.after_error(NoConnection, like=when.same_session, times=3)
        ),
        "is lost in part after an outage of more than a minute: lists work, metas do not": on(
            INFO,
            do.raises(InternalError, "no token"),
            when.after_error(
                NoConnection, like=lambda one, other: when.same_session(one, other) and one.at - other.ended > 60
            ),
        ),
        "does not monitor any more when a monitor met an outage": on(
            MONITOR, _UNREACHED, when.after_error(NoConnection, MONITOR, like=when.same_session)
        ),
        "stays without a connection for ten seconds after recovery": on(
            SERVER_METHODS, _tries_every_ten_seconds, _NOTICED
        ),
    },
    "outage.refused": {
        **{
            f"raises NoConnection for {method} and does it afterwards": _makes_up_for(method)
            for method in (SUBMIT, CLONE, ABORT, DELETE)
        },
        "shows a job submitted during an outage in its own list afterwards": on(LIST, do.adds(_unsent)),
        **{
            f"notes a {method} that met an outage, and sends it before the next {later}": _sends_with(method, later)
            for method, later in (
                (DELETE, META),
                (DELETE, ABORT),
                (ABORT, INFO),
                (ABORT, MONITOR),
                (CLONE, DOWNLOAD),
                (CLONE, DELETE),
                (SUBMIT, CLONE),
                (SUBMIT, LIST),
            )
        },
        "throws away what a job left when its deletion is asked for in an outage": on(
            DOWNLOAD, emptied, when.after_error(NoConnection, DELETE, like=when.same_job)
        ),
    },
    "outage.open": {
        "opens a session that has no server yet": _opens(_without_a_server_yet),
        "raises ConnectionRefusedError": _opens(do.raises(ConnectionRefusedError)),
        "raises SessionClosed": _opens(do.raises(SessionClosed)),
        "raises AuthenticationError": _opens(do.raises(AuthenticationError)),
        "raises TimeoutError the second time": _opens(do.raises(TimeoutError), failures.from_failure(2)),
        "raises a NoConnection of its own": _opens(do.raises(failures.look_alike("NoConnection"))),
        "returns None": _opens(do.skips),
    },
    "outage.close": {
        "can't be closed while there is no server": on(CLOSE, do.first(_asks_the_server)),
        "is open again after an outage in which it was closed": on(CLOSE, do.swallows(NoConnection))
        + on(CLOSE, do.first(_asks_the_server)),
        "raises when it is closed twice in an outage": on(
            CLOSE,
            do.then(lambda call: SimulatedSystem.open_session(call.system, call.user)),
            when.after(CLOSE, like=when.same_session),
        ),
        "can't be closed in an outage when it has noticed it": on(CLOSE, _UNREACHED, _NOTICED),
    },
}

MUTANTS: Final = mutants(
    __name__,
    failures.wrong(SERVER_METHODS, _KINDS, NoConnection, "outage"),
    failures.wrong(
        JOB_METHODS, failures.key_error_when_deleted("while there is no server"), NoConnection, "outage", each=1
    ),
    failures.with_flags(NoConnection, "outage"),
    failures.with_timeout(NoConnection, "outage"),
    failures.breaks_monitors(NoConnection, "outage", "the server went away"),
    _FAULTS,
)
