"""Conditions of clients, and effects on what is told of them.

A condition of a client is true of a call that has the client's ``name`` among its arguments: one that drops or connects
it, or what the effects here make of a call of get_system_info for each client that is told of.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.algebra.conditions import Condition, always
from contract_tests.mutants.algebra.effects import informs
from flare_sim.spec import ClientInfo

DROP: Final = "drop_client"
CONNECT: Final = "connect_client"
Clients = list[ClientInfo]


def _acts(call: Call) -> list[Call]:
    return [each for each in call.earlier(DROP, CONNECT) if each["name"] == call["name"]]


untouched: Final = Condition("for a client that never went or came", lambda call: not _acts(call))
gone: Final = Condition("for a client that has gone", lambda call: [each.point for each in _acts(call)[-1:]] == [DROP])
was_back: Final = Condition(
    "for a client that was back once",
    lambda call: (DROP, CONNECT) in pairwise(each.point for each in _acts(call)),
)
new: Final = Condition(
    "for a client that was not there at first", lambda call: call["name"] not in call.system.client_names
)
all_gone: Final = Condition(
    "once all clients have gone", lambda call: all(gone(call.seen(name=name)) for name in call.system.client_names)
)
another_came: Final = Condition(
    "once another client has come", lambda call: any(not gone(each) for each in call.earlier(CONNECT))
)


def away(seconds: float) -> Condition:
    """Of a client that has gone more than ``seconds`` ago."""
    return Condition(
        f"{seconds:g} s after a client has gone", lambda call: gone(call) and call.now - _acts(call)[-1].at > seconds
    )


def dates(moment: Callable[[float, Call], Any], where: Holds = always) -> Effect:
    """Tell when clients of which something is true were heard of otherwise, given the right time and the call."""

    def one(client: ClientInfo, call: Call) -> ClientInfo:
        return ClientInfo(client.name, moment(client.last_connect_time, call)) if where(call) else client

    return informs(clients=lambda clients, call: [one(each, call.seen(name=each.name)) for each in clients])


def revives(where: Holds) -> Effect:
    """Tell of clients that have gone, and of which something is true, that they were heard of just now."""

    def told(clients: Clients, call: Call) -> Clients:
        times = {each.name: each.last_connect_time for each in clients}
        dropped = [call.seen(name=each["name"]) for each in call.earlier(DROP)]
        times.update({each["name"]: call.now for each in dropped if gone(each) and where(each)})
        return [ClientInfo(name, time) for name, time in times.items()]

    return informs(clients=told)
