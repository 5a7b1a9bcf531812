"""Sessions whose methods raise no NoConnection, or another error, while there is no server."""

from __future__ import annotations

from typing import Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.wrong_errors import (
    READS,
    Kind,
    declare,
    declare_with_flags,
    declare_with_timeout,
    from_fourth,
    from_memory,
    from_second,
    job_runs,
    key_error_when_deleted,
    later_session,
    look_alike,
    minutes_later,
    nothing,
    raises,
    when,
)
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import InternalError, JobNotFound, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_IN_OUTAGE: Final = "while there is no server"

_OUTAGE_KINDS: Final = (
    Kind(
        "IsConnectionError", f"raises ConnectionError for {{method}} {_IN_OUTAGE}", raises(ConnectionError, "refused")
    ),
    Kind("FromMemory", f"answers {{method}} from memory {_IN_OUTAGE}", from_memory, READS),
    Kind(
        "IsClosedSecondTime",
        f"raises SessionClosed for a second {{method}} {_IN_OUTAGE}",
        when(from_second, raises(SessionClosed)),
    ),
    Kind("IsLookAlike", "raises a NoConnection of its own for {method}", raises(look_alike("NoConnection"))),
    Kind(
        "IsTimeoutErrorLater",
        "raises TimeoutError for {method} a minute into an outage",
        when(minutes_later, raises(TimeoutError)),
    ),
    Kind("IsInternalError", f"raises InternalError for {{method}} {_IN_OUTAGE}", raises(InternalError)),
    Kind("IsNothing", f"returns nothing for {{method}} {_IN_OUTAGE}", nothing),
    Kind(
        "NothingWhenRunning", f"returns nothing for {{method}} of a running job {_IN_OUTAGE}", when(job_runs, nothing)
    ),
    Kind(
        "IsErrorInLaterSession",
        "raises OSError for {method} in an outage in a second session",
        when(later_session, raises(OSError)),
    ),
    Kind(
        "IsNotFoundFourthTime",
        f"raises JobNotFound for a fourth {{method}} {_IN_OUTAGE}",
        when(from_fourth, raises(JobNotFound)),
    ),
)

declare(_GENERATOR, "Outage", SERVER_METHODS, _OUTAGE_KINDS, NoConnection, "outage")
declare(
    _GENERATOR,
    "Outage",
    JOB_METHODS,
    key_error_when_deleted("while there is no server"),
    NoConnection,
    "outage",
    each=1,
)

declare_with_flags(_GENERATOR, "Outage", "outage", NoConnection)

declare_with_timeout(_GENERATOR, "Outage", "outage", NoConnection)
