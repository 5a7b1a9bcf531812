"""Sessions whose system info tells wrong things about the server."""

from __future__ import annotations

from functools import partial
from typing import Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, INFO, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import ServerInfo

AN_HOUR: Final = 3600.0


def _told(part: str, told: do.Part, holds: Holds = when.always) -> Change:
    def server(right: ServerInfo, call: Call) -> ServerInfo:
        return ServerInfo(**{**vars(right), part: told(getattr(right, part), call)})

    return on(INFO, do.informs(server=server), holds)


_status: Final = partial(_told, "status")
_start: Final = partial(_told, "start_time")

_FAULTS: Final[Faults] = {
    "system.server-status": {
        "tells the server's status as a bool": _status(lambda status, call: status == "started"),
        "has an empty status while nothing is executed": _status(
            lambda status, call: status if call.answer.job_info else ""
        ),
        "has no status once a job was aborted": _status(lambda status, call: None, when.after(ABORT)),
    },
    "system.start-time": {
        "tells the start time as text": _start(lambda start, call: str(start)),
        "tells a start time in another time zone, an hour ahead": _start(lambda start, call: start + AN_HOUR),
        "tells the start time in milliseconds": _start(lambda start, call: start * 1000),
        "does not know the start time while a job runs": _start(
            lambda start, call: None if call.answer.job_info else start
        ),
    },
    "system.start-time-stays": {
        "tells the time of the call as the start time": _start(lambda start, call: call.now),
        "tells when the session was opened as the start time": _start(lambda start, call: call.session.opened.at),
        "takes the start of the running job for that of the server": _start(
            lambda start, call: start + (0.5 if call.answer.job_info else 0.0)
        ),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
