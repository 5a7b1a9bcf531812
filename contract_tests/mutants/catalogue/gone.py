"""Sessions that first look whether there is such a job, and only then whether they can be used at all."""

from __future__ import annotations

from typing import Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.toolkit.failing import Failure, Kind, declare, raises, when
from contract_tests.mutants.toolkit.helpers import Generator
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import InternalError, JobNotFound, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


def _job_is_gone(failure: Failure) -> bool:
    """When the job was deleted: it had an id like any, and has no status."""
    wanted = failure.args[0] if failure.args else failure.kwargs.get("job_id")
    return isinstance(wanted, str) and len(wanted) == 36 and not failure.status


_OF_GONE: Final = when(_job_is_gone, raises(JobNotFound, "it was deleted"))
_STORY: Final = "raises JobNotFound for {method} of a job that was deleted"


def _kinds(where: str) -> tuple[Kind, ...]:
    return (Kind("IsNotFoundOfDeleted", f"{_STORY}, {where}", _OF_GONE),)


declare(
    _GENERATE,
    "Closed",
    JOB_METHODS,
    _kinds("in a closed session"),
    SessionClosed,
    "close.then",
    lambda session, args: session.closed,
    each=1,
)
declare(
    _GENERATE,
    "Lost",
    JOB_METHODS,
    _kinds("in a lost session"),
    SessionClosed,
    "lost",
    lambda session, args: not session.closed,
    each=1,
)
declare(_GENERATE, "Outage", JOB_METHODS, _kinds("while there is no server"), NoConnection, "outage", each=1)
declare(
    _GENERATE, "Misbehaving", JOB_METHODS, _kinds("when the server misbehaves"), InternalError, "misbehaving", each=1
)
