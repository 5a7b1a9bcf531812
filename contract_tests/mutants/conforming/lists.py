"""Conforming variants whose lists, and what they tell of the system, are ordered or made otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import INFO, LIST, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.variant import Differences, conforming
from flare_sim import spec

_PARTS: Final = ("submit", "clone", "meta", "list", "abort", "delete", "close", "malformed", "life")
"""Where metas are compared."""


class _Jobs(list[dict[str, Any]]):
    pass


def _whole(entry: dict[str, Any], call: Call) -> dict[str, Any]:
    try:
        return {**call.meta, **entry}
    except spec.JobNotFound:  # deleted by another thread meanwhile
        return entry


def _details_in_addition(call: Call) -> list[dict[str, Any]]:
    """Tell nothing twice, and times as the plain list does."""
    jobs = call.go()
    plain = {entry["job_id"]: entry for entry in call.go(detailed=False)}
    told = [{**job, **plain.get(job["job_id"], {})} for job in jobs]
    return [{key: value for key, value in job.items() if key != "name"} for job in told]


_ORDERED: Final[dict[str, Differences]] = {
    "lists jobs newest first": on(LIST, do.answers(lambda jobs: jobs[::-1])),
    "lists jobs by id": on(LIST, do.answers(lambda jobs: sorted(jobs, key=lambda job: str(job["job_id"])))),
    "lists jobs by status": on(
        LIST, do.answers(lambda jobs: sorted(jobs, key=lambda job: (job["status"], job["job_id"])))
    ),
    "always lists in detail": on(
        LIST, do.passing(detailed=lambda call: True if call["detailed"] is False else call["detailed"])
    ),
}

_MADE: Final[dict[str, Differences]] = {
    "lists jobs in a list of its own class": on(LIST, do.answers(_Jobs)),
    "tells all of the meta in a detailed list": on(LIST, do.told(_whole, lambda call: call["detailed"] is True)),
    "adds to a plain entry, in detail, what that does not tell": on(LIST, _details_in_addition),
}


class _SystemInfo(spec.SystemInfo):
    version = "2.9.0"


class _JobInfo(spec.JobInfo):
    study = "default"


def _own_classes(info: Any) -> spec.SystemInfo:
    jobs: list[spec.JobInfo] = [_JobInfo(job.job_id, job.app_name) for job in info.job_info]
    return _SystemInfo(info.server_info, info.client_info, jobs)


class _Info(SimpleNamespace):
    """Prints as the interface's own does, with a line before and after."""

    def __str__(self) -> str:
        return f"FLARE\n{self.text}\nas of now"


def _foreign_classes(info: Any) -> _Info:
    clients = sorted(info.client_info, key=lambda client: str(client.name), reverse=True)
    return _Info(
        text=str(info),
        server_info=SimpleNamespace(status=info.server_info.status, start_time=info.server_info.start_time),
        client_info=[SimpleNamespace(name=one.name, last_connect_time=one.last_connect_time) for one in clients],
        job_info=[SimpleNamespace(job_id=job.job_id, app_name=job.app_name) for job in info.job_info],
    )


def _says(server: Any, call: Call) -> spec.ServerInfo:
    return spec.ServerInfo("ready" if call.answer.job_info else "idle", server.start_time)


def _says_more(server: Any, call: Call) -> spec.ServerInfo:
    status = f"Engine status: {server.status}, {len(call.answer.client_info)} clients"
    return spec.ServerInfo(status, server.start_time)


_INFORMED: Final[dict[str, Differences]] = {
    "lists clients in reverse": on(
        INFO, do.informs(clients=lambda clients, call: clients[::-1], jobs=lambda jobs, call: jobs[::-1])
    ),
    "has info classes of its own": on(INFO, do.answers(_own_classes)),
    "has system info of classes of its own, which inherit from nothing": on(INFO, do.answers(_foreign_classes)),
    "calls the server's status something else": on(INFO, do.informs(server=_says)),
    "says more of the server's status": on(INFO, do.informs(server=_says_more)),
    "gives whole seconds for the times of server and clients": on(
        INFO,
        do.informs(
            server=lambda server, call: spec.ServerInfo(server.status, int(server.start_time)),
            clients=lambda clients, call: [spec.ClientInfo(one.name, int(one.last_connect_time)) for one in clients],
        ),
    ),
}

CONFORMING: Final = (
    *conforming(__name__, "lists", _ORDERED),
    *conforming(__name__, "lists", _MADE, _PARTS),
    *conforming(__name__, "info", _INFORMED),
)
