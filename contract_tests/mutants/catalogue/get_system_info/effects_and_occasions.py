"""Sessions in which asking for system info changes something, or goes wrong on some occasions only."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, DELETE, INFO, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.marks import holds_jobs, marking
from contract_tests.mutants.algebra.occasions import OF_ANY_CALL, bound_to_threads, wrong_on
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import ServerInfo, SystemInfo


def _later_start(info: SystemInfo) -> SystemInfo:
    server = ServerInfo(info.server_info.status, info.server_info.start_time + 1)
    return SystemInfo(server, info.client_info, info.job_info)


def _without_client(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info[:-1], info.job_info)


def _without_job(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info, info.job_info[:-1])


def _oldest_of_many(call: Call) -> Any:
    jobs = call.answer.job_info
    return jobs[0].job_id if len(jobs) > 3 else None


_FAULTS: Final[Faults] = {
    "system.no-effect": {
        "aborts jobs that wait while it looks": on(INFO, do.then(do.does(ABORT, do.those(when.mine & when.waiting)))),
        "aborts what is executed on the tenth look": on(
            INFO, do.then(do.does(ABORT, do.those(when.mine & when.running))), when.nth(10)
        ),
        "removes failed jobs when it looks": on(
            INFO, do.then(do.does(DELETE, do.those(when.mine & when.status("FINISHED:EXECUTION_EXCEPTION"))))
        ),
        "stops the oldest of many jobs when it is asked what is executed": on(
            INFO, do.then(do.does(ABORT, _oldest_of_many))
        ),
    }
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    holds_jobs("system.no-effect", INFO),
    marking("system.no-effect", INFO),
    wrong_on(OF_ANY_CALL, "system.parts", "returns system info as its text", INFO, str),
    wrong_on(OF_ANY_CALL, "system.start-time-stays", "tells a later start time", INFO, _later_start),
    wrong_on(OF_ANY_CALL, "system.clients", "leaves out a client", INFO, _without_client),
    wrong_on(OF_ANY_CALL, "system.jobs", "leaves out a job that is executed", INFO, _without_job),
    bound_to_threads("system.parts", INFO),
)
