"""Sessions whose system info is wrong about the server, has wrong parts, or the same ones for all, or another text."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, INFO, LIST, Change, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import NoConnection, ServerInfo, SystemInfo

AN_HOUR: Final = 3600.0


def _jobs(change: Callable[[Any], Any]) -> Change:
    return on(INFO, do.answers(lambda info: SimpleNamespace(**{**vars(info), "job_info": change(info.job_info)})))


def _is_one(info: SystemInfo, call: Call) -> SystemInfo:
    kept: SystemInfo = call.memory.setdefault("info", info)
    vars(kept).update(vars(info))
    return kept


def _same_list(new: list[Any], call: Call) -> list[Any]:
    kept: list[Any] = call.memory.setdefault("list", [])
    kept[:] = new
    return kept


def _same_entry(new: Any, call: Call) -> Any:
    kept = call.memory.setdefault(getattr(new, "name", None) or new.job_id, new)
    vars(kept).update(vars(new))
    return kept


def _same_entries(entries: list[Any], call: Call) -> list[Any]:
    return [_same_entry(entry, call) for entry in entries]


def _same_server(new: Any, call: Call) -> Any:
    kept = call.memory.setdefault("server", new)
    kept.start_time = new.start_time
    return kept


class _View(SystemInfo):
    """Asks for a part when somebody looks at it."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("server_info", "client_info", "job_info"):
            return getattr(object.__getattribute__(self, "ask")(), name)
        return object.__getattribute__(self, name)


def _live(info: SystemInfo, call: Call) -> SystemInfo:
    view = _View(info.server_info, info.client_info, info.job_info)
    view.__dict__["ask"] = call.inner.get_system_info
    return view


def _printed(text: Callable[[SystemInfo], str]) -> Effect:
    cls = type("Info", (SystemInfo,), {"__str__": text})
    return do.answers(lambda info: cls(info.server_info, info.client_info, info.job_info))


def _shown(clients: int | None = None, jobs: int | None = None) -> Effect:
    return _printed(lambda info: str(SystemInfo(info.server_info, info.client_info[:clients], info.job_info[:jobs])))


def _server(part: str, told: do.Part, holds: Holds = when.always) -> Change:
    def server(right: ServerInfo, call: Call) -> ServerInfo:
        return ServerInfo(**{**vars(right), part: told(getattr(right, part), call)})

    return on(INFO, do.informs(server=server), holds)


_status: Final = partial(_server, "status")
_start: Final = partial(_server, "start_time")

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
    "system.parts": {
        "returns system info as a dict": on(INFO, do.answers(lambda info: dict(vars(info)))),
        "returns the jobs as a dict by id": _jobs(lambda jobs: {job.job_id: job for job in jobs}),
        "has None instead of a list when no job is executed": _jobs(lambda jobs: jobs or None),
        "tells of jobs without their app once one is executed": _jobs(lambda jobs: [job.job_id for job in jobs]),
        "has no server_info on the second call of a session": on(
            INFO, do.informs(server=lambda server, call: None), when.nth_here(2)
        ),
        "gives clients as tuples after an outage": on(
            INFO,
            do.informs(clients=lambda clients, call: [(each.name, each.last_connect_time) for each in clients]),
            when.after_error(NoConnection, LIST),
        ),
        "hands out one and the same object, brought up to date each time": on(INFO, do.answers_of(_is_one)),
        "hands out one list of clients, filled anew each time": on(INFO, do.informs(clients=_same_list)),
        "hands out one list of jobs, filled anew each time": on(INFO, do.informs(jobs=_same_list)),
        "hands out one entry per client, brought up to date": on(INFO, do.informs(clients=_same_entries)),
        "hands out the same entry of a job each time": on(INFO, do.informs(jobs=_same_entries)),
        "keeps the server's status where callers can write it": on(INFO, do.informs(server=_same_server)),
        "hands out the same object for as long as nothing has changed": on(
            INFO, do.answers_of(lambda info, call: call.memory.setdefault(str(info), info))
        ),
        "looks things up when they are looked at": on(INFO, do.answers_of(_live)),
    },
    "system.text": {
        "prints how many clients and jobs there are, not which": on(
            INFO,
            _printed(lambda info: f"{info.server_info}, {len(info.client_info)} clients, {len(info.job_info)} jobs"),
        ),
        "prints the first job only": on(INFO, _shown(jobs=1)),
        "prints as an object of a class without a text": on(
            INFO, do.answers(lambda info: type("Info", (), vars(info))())
        ),
        "prints 2 clients at most": on(INFO, _shown(clients=2)),
        "prints 10 clients at most": on(INFO, _shown(clients=10)),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
