"""Sessions whose system info tells wrong things about the clients, connected or gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import INFO, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.families import clients
from contract_tests.mutants.families.clients import Clients
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import ClientInfo

HEARTBEAT: Final = 10.0


def _told(change: Callable[[Clients, Call], Clients]) -> Change:
    return on(INFO, do.informs(clients=change))


def _heard(moment: Callable[[float, Call], Any], where: Holds = when.always) -> Change:
    return on(INFO, clients.dates(moment, where))


def _with_old_entries(told: Clients, call: Call) -> Clients:
    seen: dict[str, ClientInfo] = call.memory
    known = [(each, seen[each.name]) for each in told if each.name in seen]
    away = [old for new, old in known if new.last_connect_time > old.last_connect_time + 1.5 * HEARTBEAT]
    seen.update({each.name: each for each in told})
    return told + away


def _twice_if_missed(told: Clients, call: Call) -> Clients:
    there = {each.name for each in told}
    call.memory.update(dict.fromkeys(there - call.memory.keys(), False))
    call.memory.update(dict.fromkeys(call.memory.keys() - there, True))
    return told + [each for each in told if call.memory[each.name]]


def _without_noted(told: Clients, call: Call) -> Clients:
    return [each for each in told if each.name not in call.memory]


def _without_later(told: Clients, call: Call) -> Clients:
    if not call.answer.job_info:
        call.memory.clear()
    return _without_noted(told, call)


def _note(call: Call) -> None:
    call.memory[call["name"]] = True


def _never_silent(told: Clients, call: Call) -> Clients:
    call.memory.update({each.name: True for each in told if call.now - each.last_connect_time > 60.0})
    return _without_noted(told, call)


def _known_first(told: Clients, call: Call) -> Clients:
    known = call.own.setdefault("known", [each.name for each in told])
    return [each for each in told if each.name in known]


def _first(time: float, call: Call) -> Any:
    return call.memory.setdefault(call["name"], time)


def _first_or_second(time: float, call: Call) -> Any:
    times = call.memory.setdefault(call["name"], {})
    times.setdefault(time)
    return list(times)[:2][-1]


def _from_the_start(time: float, call: Call) -> Any:
    since: float = call.memory.setdefault(call["name"], call.now)
    return call.answer.server_info.start_time if call.now - since < 2 * HEARTBEAT else time


def _in_ms(time: float, call: Call) -> float:
    return time * 1000


def _now(time: float, call: Call) -> float:
    return call.now


_FAULTS: Final[Faults] = {
    "system.clients": {
        "leaves out the last client": _told(lambda told, call: told[:-1]),
        "counts the server among the clients": _told(
            lambda told, call: [*told, ClientInfo("server", call.answer.server_info.start_time)]
        ),
        "names the clients in capitals": _told(
            lambda told, call: [ClientInfo(each.name.upper(), each.last_connect_time) for each in told]
        ),
        "leaves out a client that is busy with two jobs": _told(
            lambda told, call: told[len(call.answer.job_info) >= 2 :]
        ),
        "leaves out a client not heard of for more than eight seconds": _told(
            lambda told, call: [each for each in told if call.now - each.last_connect_time <= 8.0]
        ),
    },
    "system.client-names": {
        "names every client twice": _told(lambda told, call: told + told),
        "names a client once per job it takes part in": _told(
            lambda told, call: told + told[:1] * len(call.answer.job_info)
        ),
        "keeps the entry of a client that comes back, besides its new one": _told(_with_old_entries),
        "names a client twice that is back after nobody was told of it": _told(_twice_if_missed),
    },
    "system.connect-time": {
        "tells last_connect_time as text": _heard(lambda time, call: f"{time:.3f}"),
        "tells when a client is expected next instead of when it was heard of": _heard(
            lambda time, call: time + HEARTBEAT
        ),
        "does not know when a client that runs a job was heard of": _heard(
            lambda time, call: None, lambda call: call.answer.job_info
        ),
        "tells the time of a client that was not there before in milliseconds": _heard(_in_ms, clients.new),
        "tells the time of a client that is back in milliseconds": _heard(_in_ms, clients.was_back),
    },
    "system.connect-time-moves": {
        "tells the time a client first connected": _heard(_first),
        "stands still for one of the clients": _heard(_first, lambda call: call["name"] != "site-1"),
        "moves once and then no more": _heard(_first_or_second),
        "steps back a little on every second call": _heard(
            lambda time, call: time - 3.0, lambda call: when.count(call) % 2
        ),
        "does not hear of a client any more that dropped out and came back": _heard(_first, clients.was_back),
        "tells of a client that is back when it first connected, for some seconds": _heard(
            _from_the_start, clients.was_back
        ),
    },
    "system.dropped-client": {
        "tells of every client that it was heard of just now": _heard(_now),
        "moves the time of a client that is gone when a job is submitted": _heard(
            lambda time, call: max([time, *(each.at for each in call.earlier(SUBMIT))])
        ),
        "moves the time of a client that is gone for a minute after": _heard(
            lambda time, call: time + (1.0 if call.now - time > 60.0 else 0.0)
        ),
        "moves the time of a client that has gone on while a job runs": _heard(
            _now, clients.gone & (lambda call: call.answer.job_info)
        ),
    },
    "system.new-client": {
        "tells only of clients that were there when the session asked first": _told(_known_first),
        "tells of ten clients at most": _told(lambda told, call: told[:10]),
        "does not take back a client that was gone": _told(_never_silent),
        "tells a client that came while a job ran once none does": _told(_without_later)
        + on(clients.CONNECT, do.then(_note), when.while_running & clients.untouched),
    },
}

_OCCASIONS: Final[Mapping[str, Holds]] = {
    "ten minutes after it has gone": clients.away(600),
    "an hour after it has gone": clients.away(3600),
    "a day after it has gone": clients.away(86_400),
    "after an outage": when.after("recover"),
    "once another one has come": clients.another_came,
    "once all have gone": clients.all_gone,
    "when it goes a second time": clients.was_back,
    "to another user": ~when.user(1),
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    {
        "system.dropped-client": {
            f"tells of a client that has gone that it was heard of just now, {words}": on(INFO, clients.revives(holds))
            for words, holds in _OCCASIONS.items()
        }
    },
)
