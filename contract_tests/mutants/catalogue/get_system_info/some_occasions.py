"""Sessions whose system info is wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.occasions import (
    OF_ANY_CALL,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "GetSystemInfoOtherType",
    "system.parts",
    "returns system info as its text",
    "get_system_info",
    str,
)


def _later_start(info: SystemInfo) -> SystemInfo:
    info.server_info.start_time += 1
    return info


wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "MovesStart",
    "system.start-time-stays",
    "tells a later start time",
    "get_system_info",
    _later_start,
)


def _without_client(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info[:-1], info.job_info)


wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "LosesClient",
    "system.clients",
    "leaves out a client",
    "get_system_info",
    _without_client,
)


def _without_job(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info, info.job_info[:-1])


wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "LosesJob",
    "system.jobs",
    "leaves out a job that is executed",
    "get_system_info",
    _without_job,
)

bound_to_threads(_GENERATOR, "system.parts", "get_system_info")
