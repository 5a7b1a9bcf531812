"""Sessions that raise no InternalError when the server misbehaves, or do not work as before afterwards."""

from __future__ import annotations

from typing import Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, MONITOR, SUBMIT, on
from contract_tests.mutants.families import failures
from contract_tests.mutants.families.failures import READS, Kind
from contract_tests.mutants.families.monitoring import last_read
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, JobNotFound, MonitorReturnCode, NoConnection, SessionClosed

_KINDS: Final = (
    Kind("returns nothing for {method} when the server misbehaves", do.nothing),
    Kind(
        "raises NoConnection for a fourth {method} of a misbehaving server",
        do.raises(NoConnection),
        failures.from_failure(4),
    ),
    Kind("raises KeyError for {method} when the server misbehaves", do.raises(KeyError, "status")),
    Kind("raises an InternalError of its own for {method}", do.raises(failures.look_alike("InternalError"))),
    Kind("answers {method} from memory when the server misbehaves", failures.from_memory, methods=READS),
    Kind("raises JobNotFound for {method} when the server misbehaves", do.raises(JobNotFound)),
    Kind(
        "raises SessionClosed for {method} when the server has misbehaved for a minute",
        do.raises(SessionClosed),
        failures.minutes_later,
    ),
    Kind(
        "returns nothing for {method} of a running job when the server misbehaves",
        do.nothing,
        failures.job_is("RUNNING"),
    ),
    Kind(
        "raises ValueError for {method} of a misbehaving server in a second session",
        do.raises(ValueError),
        when.later_session,
    ),
    Kind("raises NoConnection for {method} when the server misbehaves", do.raises(NoConnection)),
)

_SCARRED: Final = when.after_error(InternalError, like=when.same_session)
"""In a session that has met a server that misbehaved."""

_REFUSES: Final = do.raises(InternalError, "the server misbehaved")


class _OverError(Exception):
    """Ends a monitor."""


_FAULTS: Final[Faults] = {
    "misbehaving.monitor-job": {
        "hands out the last meta when a poll gets nonsense": failures.polls_with(InternalError, last_read),
        "takes nonsense after the first poll for a lost connection": failures.polls_with(
            InternalError, do.raises(NoConnection)
        ),
        "returns TIMEOUT when a poll gets nonsense": on(MONITOR, do.swallows(_OverError, MonitorReturnCode.TIMEOUT))
        + failures.polls_with(InternalError, do.raises(_OverError)),
        "takes nonsense for no news for an hour, when there is no callback": failures.polls_with(
            InternalError, last_read, when.without_callback & (lambda call: call.monitor.elapsed < 3_600)
        ),
    },
    "misbehaving.recovery": {
        "never works again once the server has misbehaved": on(SERVER_METHODS, _REFUSES, _SCARRED),
        "does not submit any more once the server has misbehaved": on(SUBMIT, _REFUSES, _SCARRED),
        "does not clone, abort or delete any more once the server has misbehaved": on(
            (CLONE, ABORT, DELETE), _REFUSES, _SCARRED
        ),
        "fails once more after the server has misbehaved": on(
            [method for method in SERVER_METHODS if method != MONITOR],
            failures.once_well(InternalError, InternalError),
        ),
        "is closed by a server that misbehaves": on(SERVER_METHODS, do.raises(SessionClosed), _SCARRED),
        "takes no second session when the first one met a misbehaving server": on(
            SERVER_METHODS,
            _REFUSES,
            when.opened(lambda opened: any(each.session and _SCARRED(each) for each in opened.earlier())),
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    failures.wrong(SERVER_METHODS, _KINDS, InternalError, "misbehaving"),
    failures.wrong(
        JOB_METHODS,
        failures.key_error_when_deleted("when the server misbehaves"),
        InternalError,
        "misbehaving",
        each=1,
    ),
    failures.with_flags(InternalError, "misbehaving"),
    failures.with_timeout(InternalError, "misbehaving"),
    failures.breaks_monitors(InternalError, "misbehaving", "the server misbehaved"),
    _FAULTS,
)
