"""get_system_info, at every point of any sequence of calls: the server, its clients and the executed jobs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from contract_tests.clauses.shared.invariants import answers_are, asking_changes_nothing, stays_as_handed_out
from contract_tests.scenario.job_states import finished
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint, has_parts
from contract_tests.system import job_folders

CHECKS = InvariantTable()


@CHECKS.invariant("system.parts")
def _parts(view: Viewpoint) -> None:
    expected = "server_info and the lists client_info and job_info"
    answers_are(view, "get_system_info", expected, has_parts, lambda: view.actor.do("get_system_info"))
    stays_as_handed_out(view, view.info)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_past(view: Viewpoint, told: Any, what: str) -> None:
    """The assertion that something is a number of seconds, and not in the future."""
    view.require(_is_number(told), f"{what} that is a number", told)
    passed = told / view.s.system.time_unit <= view.s.now() + view.s.slack
    view.s.require(passed, f"{what} that is not in the future", view.s.moment(told))


# --- the server -----------------------------------------------------------------------------------------------------


@CHECKS.invariant("system.server-status")
def _server_status(view: Viewpoint) -> None:
    status = getattr(view.info().server_info, "status", None)
    view.require(isinstance(status, str) and status, "a status that is a str and not empty", status)


@CHECKS.invariant("system.start-time")
def _start_time(view: Viewpoint) -> None:
    _is_past(view, getattr(view.info().server_info, "start_time", None), "a start_time")


@CHECKS.invariant("system.start-time-stays")
def _start_time_stays(view: Viewpoint) -> None:
    told = getattr(view.info().server_info, "start_time", None)
    first = view.seen.setdefault("start", told)
    view.s.require(told == first, f"the start_time to stay {view.s.moment(first)}", view.s.moment(told))


# --- clients --------------------------------------------------------------------------------------------------------


def _clients(view: Viewpoint) -> list[Any]:
    return [getattr(client, "name", None) for client in view.info().client_info]


@CHECKS.invariant("system.clients")
def _every_client(view: Viewpoint) -> None:
    found = _clients(view)
    for name in view.s.system.client_names:
        view.require(found.count(name) == 1, f"one entry of {name}", found)
    strange = [name for name in found if name not in view.s.system.client_names]
    view.require(not strange or not view.s.system.client_names, "no entry but of connected clients", strange)


@CHECKS.invariant("system.client-names")
def _client_names(view: Viewpoint) -> None:
    found = _clients(view)
    twice = [name for name, times in Counter(map(str, found)).items() if times > 1]
    view.require(not twice, "no two clients of one name", found)


@CHECKS.invariant("system.connect-time")
def _connect_time(view: Viewpoint) -> None:
    for client in view.info().client_info:
        _is_past(view, getattr(client, "last_connect_time", None), f"a last_connect_time of {client.name}")


@CHECKS.invariant("system.connect-time-moves")
def _connect_time_moves(view: Viewpoint) -> None:
    for client in view.info().client_info:
        name: Any = client.name
        told: Any = getattr(client, "last_connect_time", None)
        if _is_number(told):
            before = view.seen.get(name, told)
            back = f"the last_connect_time of {name} not to move back from {view.s.moment(before)}"
            view.s.require(told >= before, back, view.s.moment(told))
            view.seen[name] = told


# --- jobs -----------------------------------------------------------------------------------------------------------


@CHECKS.invariant("system.jobs")
def _every_job(view: Viewpoint) -> None:
    """A job runs if its meta, read at the same time, says so."""
    before = view.s.now()
    told = view.executing()
    running = [
        number for number in view.jobs() if view.model(number).final is None and view.status(number) == "RUNNING"
    ]
    if view.s.now() == before:
        for number in running:
            view.require(told.count(view.id(number)) == 1, f"one entry of job{number}, which runs", told)


@CHECKS.invariant("system.only-running-jobs")
def _no_other_job(view: Viewpoint) -> None:
    """A job is known not to run if it can't be scheduled, or if its meta, read before, says that it is done."""
    idle: dict[Any, int] = {}
    for number in view.jobs():
        if view.model(number).plan.waits or finished(view.status(number)):
            idle[view.id(number)] = number
    for job in view.executing():
        view.s.require(job not in idle, f"no entry of job{idle.get(job)}, which waits or is done", "it has one")


@CHECKS.invariant("system.app-name")
def _app_name(view: Viewpoint) -> None:
    for entry in view.info().job_info:
        name = getattr(entry, "app_name", None)
        if getattr(entry, "job_id", None) in view.player.ids:
            view.require(name == job_folders.APP, f"the app of the job, {job_folders.APP!r}", name)


@CHECKS.invariant("system.no-effect")
def _no_effect(view: Viewpoint) -> None:
    asking_changes_nothing(view, lambda _: view.actor.do("get_system_info"))
