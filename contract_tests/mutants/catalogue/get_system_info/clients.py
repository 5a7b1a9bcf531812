"""Sessions whose system info tells wrong things about the clients, connected or gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import INFO, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import ClientInfo

HEARTBEAT: Final = 10.0
Clients = list[ClientInfo]


def _clients(change: Callable[[Clients, Call], Clients]) -> Change:
    return on(INFO, do.informs(clients=change))


def _heard(
    moment: Callable[[float, str, Call], Any],
    where: Callable[[str, Call], Any] = lambda name, call: True,
) -> Change:
    """Another time than the right one, of the clients of which something is true, by name."""
    return _clients(
        lambda clients, call: [
            ClientInfo(each.name, moment(each.last_connect_time, each.name, call)) if where(each.name, call) else each
            for each in clients
        ]
    )


# --- what has become of a client --------------------------------------------------------------------------------------


def _acts(name: str, call: Call) -> list[Call]:
    return [each for each in call.earlier("drop_client", "connect_client") if each["name"] == name]


def _gone(name: str, call: Call) -> bool:
    return [each.point for each in _acts(name, call)[-1:]] == ["drop_client"]


def _was_back(name: str, call: Call) -> bool:
    points = [each.point for each in _acts(name, call)]
    return ("drop_client", "connect_client") in pairwise(points)


def _all_gone(call: Call) -> list[str]:
    return [name for name in dict.fromkeys(each["name"] for each in call.earlier("drop_client")) if _gone(name, call)]


def _away(name: str, call: Call) -> float:
    return call.now - _acts(name, call)[-1].at


def _another_came(name: str, call: Call) -> bool:
    return any(not _gone(each["name"], each) for each in call.earlier("connect_client"))


# --- what is told of it -----------------------------------------------------------------------------------------------


def _heard_now(fresh: Callable[[str, Call], Any]) -> Change:
    """The present as the time of clients that are gone and fresh, whether they are told of or not."""

    def told(clients: Clients, call: Call) -> Clients:
        times = {each.name: each.last_connect_time for each in clients}
        times.update({name: call.now for name in _all_gone(call) if fresh(name, call)})
        return [ClientInfo(name, time) for name, time in times.items()]

    return _clients(told)


def _with_old_entries(clients: Clients, call: Call) -> Clients:
    seen: dict[str, ClientInfo] = call.memory
    known = [(each, seen[each.name]) for each in clients if each.name in seen]
    away = [old for new, old in known if new.last_connect_time > old.last_connect_time + 1.5 * HEARTBEAT]
    seen.update({each.name: each for each in clients})
    return clients + away


def _without_later(clients: Clients, call: Call) -> Clients:
    if not call.answer.job_info:
        call.memory.clear()
    return [each for each in clients if each.name not in call.memory]


def _note_later(call: Call) -> None:
    call.memory[call["name"]] = "came while a job ran"


def _second_of_all(time: float, name: str, call: Call) -> Any:
    times = call.memory.setdefault(name, {})
    times.setdefault(time)
    return list(times)[:2][-1]


def _as_from_the_start(time: float, name: str, call: Call) -> Any:
    since: float = call.memory.setdefault(name, call.now)
    return call.answer.server_info.start_time if call.now - since < 2 * HEARTBEAT else time


def _known_first(clients: Clients, call: Call) -> Clients:
    known = call.own.setdefault("known", [each.name for each in clients])
    return [each for each in clients if each.name in known]


def _never_silent(clients: Clients, call: Call) -> Clients:
    call.memory.update({each.name: "silent" for each in clients if call.now - each.last_connect_time > 60.0})
    return [each for each in clients if each.name not in call.memory]


def _first(time: float, name: str, call: Call) -> Any:
    return call.memory.setdefault(name, time)


def _in_ms(time: float, name: str, call: Call) -> float:
    return time * 1000


def _now(time: float, name: str, call: Call) -> float:
    return call.now


def _is_new(name: str, call: Call) -> bool:
    return name not in call.system.client_names


_FAULTS: Final[Faults] = {
    "system.clients": {
        "leaves out the last client": _clients(lambda clients, call: clients[:-1]),
        "counts the server among the clients": _clients(
            lambda clients, call: [*clients, ClientInfo("server", call.answer.server_info.start_time)]
        ),
        "names the clients in capitals": _clients(
            lambda clients, call: [ClientInfo(each.name.upper(), each.last_connect_time) for each in clients]
        ),
        "leaves out a client that is busy with two jobs": _clients(
            lambda clients, call: clients[len(call.answer.job_info) >= 2 :]
        ),
        "leaves out a client not heard of for more than eight seconds": _clients(
            lambda clients, call: [each for each in clients if call.now - each.last_connect_time <= 8.0]
        ),
    },
    "system.client-names": {
        "names every client twice": _clients(lambda clients, call: clients + clients),
        "names a client once per job it takes part in": _clients(
            lambda clients, call: clients + clients[:1] * len(call.answer.job_info)
        ),
        "keeps the entry of a client that comes back, besides its new one": _clients(_with_old_entries),
    },
    "system.connect-time": {
        "tells last_connect_time as text": _heard(lambda time, name, call: f"{time:.3f}"),
        "tells when a client is expected next instead of when it was heard of": _heard(
            lambda time, name, call: time + HEARTBEAT
        ),
        "does not know when a client that runs a job was heard of": _heard(
            lambda time, name, call: None if call.answer.job_info else time
        ),
        "tells the time of a client that was not there before in milliseconds": _heard(_in_ms, _is_new),
        "tells the time of a client that is back in milliseconds": _heard(_in_ms, _was_back),
    },
    "system.connect-time-moves": {
        "tells the time a client first connected": _heard(_first),
        "stands still for one of the clients": _heard(_first, lambda name, call: name != "site-1"),
        "moves once and then no more": _heard(_second_of_all),
        "steps back a little on every second call": _heard(
            lambda time, name, call: time - 3.0 * (when.count(call) % 2)
        ),
        "does not hear of a client any more that dropped out and came back": _heard(_first, _was_back),
        "tells of a client that is back when it first connected, for some seconds": _heard(
            _as_from_the_start, _was_back
        ),
    },
    "system.dropped-client": {
        "tells of every client that it was heard of just now": _heard(_now),
        "moves the time of a client that is gone when a job is submitted": _heard(
            lambda time, name, call: max(time, *(each.at for each in call.earlier(SUBMIT)), 0.0)
        ),
        "moves the time of a client that is gone for a minute after": _heard(
            lambda time, name, call: time + (1.0 if call.now - time > 60.0 else 0.0)
        ),
        "moves the time of a client that has gone on while a job runs": _heard(
            _now, lambda name, call: call.answer.job_info and _gone(name, call)
        ),
    },
    "system.new-client": {
        "tells only of clients that were there when the session asked first": _clients(_known_first),
        "tells of ten clients at most": _clients(lambda clients, call: clients[:10]),
        "does not take back a client that was gone": _clients(_never_silent),
        "tells a client that came while a job ran once none does": on(
            "connect_client",
            do.then(_note_later),
            when.while_running & (lambda call: not _acts(call["name"], call)),
        )
        + _clients(_without_later),
    },
}

_FRESH: Final[Mapping[str, Callable[[str, Call], Any]]] = {
    "ten minutes after it has gone": lambda name, call: _away(name, call) > 600,
    "an hour after it has gone": lambda name, call: _away(name, call) > 3600,
    "a day after it has gone": lambda name, call: _away(name, call) > 86_400,
    "after an outage": lambda name, call: when.after("recover")(call),
    "once another one has come": _another_came,
    "once all have gone": lambda name, call: len(_all_gone(call)) == len(call.system.client_names),
    "when it goes a second time": _was_back,
    "to another user": lambda name, call: call.user != call.system.users[0],
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    {
        "system.dropped-client": {
            f"tells of a client that has gone that it was heard of just now, {words}": _heard_now(fresh)
            for words, fresh in _FRESH.items()
        }
    },
)
