"""System info, whenever it is asked for: the server, its clients, and the jobs that are executed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from contract_tests.scenario.job_states import finished
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look
from contract_tests.system import job_folders

CHECKS = InvariantTable()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_past(look: Look, told: Any, what: str) -> None:
    """The assertion that something is a number of seconds, and not in the future."""
    look.require(_is_number(told), f"{what} that is a number", told)
    passed = told / look.s.system.time_unit <= look.s.now() + look.s.slack
    look.require(passed, f"{what} that is not in the future", told)


# --- the server -----------------------------------------------------------------------------------------------------


@CHECKS.invariant("system.server-status")
def _server_status(look: Look) -> None:
    status = getattr(look.info().server_info, "status", None)
    look.require(isinstance(status, str) and status, "a status that is a str and not empty", status)


@CHECKS.invariant("system.start-time")
def _start_time(look: Look) -> None:
    _is_past(look, getattr(look.info().server_info, "start_time", None), "a start_time")


@CHECKS.invariant("system.start-time-stays")
def _start_time_stays(look: Look) -> None:
    told = getattr(look.info().server_info, "start_time", None)
    first = look.seen.setdefault("start", told)
    look.require(told == first, f"the start_time to stay {first}", told)


# --- clients --------------------------------------------------------------------------------------------------------


def _clients(look: Look) -> list[Any]:
    return [getattr(client, "name", None) for client in look.info().client_info]


@CHECKS.invariant("system.clients")
def _every_client(look: Look) -> None:
    found = _clients(look)
    for name in look.s.system.client_names:
        look.require(found.count(name) == 1, f"one entry of {name}", found)
    strange = [name for name in found if name not in look.s.system.client_names]
    look.require(not strange or not look.s.system.client_names, "no entry but of connected clients", strange)


@CHECKS.invariant("system.client-names")
def _client_names(look: Look) -> None:
    found = _clients(look)
    twice = [name for name, times in Counter(map(str, found)).items() if times > 1]
    look.require(not twice, "no two clients of one name", found)


@CHECKS.invariant("system.connect-time")
def _connect_time(look: Look) -> None:
    for client in look.info().client_info:
        _is_past(look, getattr(client, "last_connect_time", None), f"a last_connect_time of {client.name}")


@CHECKS.invariant("system.connect-time-moves")
def _connect_time_moves(look: Look) -> None:
    for client in look.info().client_info:
        name: Any = client.name
        told: Any = getattr(client, "last_connect_time", None)
        if _is_number(told):
            before = look.seen.get(name, told)
            look.require(told >= before, f"the last_connect_time of {name} not to move back from {before}", told)
            look.seen[name] = told


# --- jobs -----------------------------------------------------------------------------------------------------------


def _executing(look: Look) -> list[Any]:
    return [getattr(entry, "job_id", None) for entry in look.info().job_info]


@CHECKS.invariant("system.jobs")
def _every_job(look: Look) -> None:
    """That runs by the metas read at the same time."""
    before = look.s.now()
    told = _executing(look)
    running = [
        number for number in look.jobs() if look.model(number).final is None and look.status(number) == "RUNNING"
    ]
    if look.s.now() == before:
        for number in running:
            look.require(told.count(look.id(number)) == 1, f"one entry of job{number}, which runs", told)


@CHECKS.invariant("system.only-running-jobs")
def _no_other_job(look: Look) -> None:
    """That can't be scheduled, or is done by the meta read before: it stays so."""
    idle: dict[Any, int] = {}
    for number in look.jobs():
        if look.model(number).plan.waits or finished(look.status(number)):
            idle[look.id(number)] = number
    for job in _executing(look):
        look.s.require(job not in idle, f"no entry of job{idle.get(job)}, which waits or is done", "it has one")


@CHECKS.invariant("delete.system-info")
def _no_deleted_job(look: Look) -> None:
    told = _executing(look)
    still = [number for number in look.jobs(deleted=True) if look.id(number) in told]
    look.s.require(not still, "no entry of a deleted job", f"one of job{still[:1]}")


@CHECKS.invariant("system.app-name")
def _app_name(look: Look) -> None:
    for entry in look.info().job_info:
        name = getattr(entry, "app_name", None)
        if getattr(entry, "job_id", None) in look.player.ids:
            look.require(name == job_folders.APP, f"the app of the job, {job_folders.APP!r}", name)
