"""Sessions whose system info is wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.algebra.altered import INFO
from contract_tests.mutants.algebra.occasions import OF_ANY_CALL, bound_to_threads, wrong_on
from contract_tests.mutants.variant import mutants
from flare_sim.spec import ServerInfo, SystemInfo


def _later_start(info: SystemInfo) -> SystemInfo:
    server = ServerInfo(info.server_info.status, info.server_info.start_time + 1)
    return SystemInfo(server, info.client_info, info.job_info)


def _without_client(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info[:-1], info.job_info)


def _without_job(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info, info.job_info[:-1])


MUTANTS: Final = mutants(
    __name__,
    wrong_on(OF_ANY_CALL, "system.parts", "returns system info as its text", INFO, str),
    wrong_on(OF_ANY_CALL, "system.start-time-stays", "tells a later start time", INFO, _later_start),
    wrong_on(OF_ANY_CALL, "system.clients", "leaves out a client", INFO, _without_client),
    wrong_on(OF_ANY_CALL, "system.jobs", "leaves out a job that is executed", INFO, _without_job),
    bound_to_threads("system.parts", INFO),
)
