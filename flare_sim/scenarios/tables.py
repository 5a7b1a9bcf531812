"""The tables of a scenario: what each may say, and what it comes to on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.config import ServerConfig
from flare_sim.engine.clients.sites import Client, client_list
from flare_sim.events import UNDONE_BY, NthCall
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.scenarios.values import (
    BadScenario,
    at,
    each,
    items,
    label,
    list_of,
    listed,
    moment,
    one_or_more,
    read_table,
    seconds,
    text,
)
from flare_sim.untrusted_values import plain_number, plain_text, shown
from flare_sim.users import DEFAULT_USERS, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flare_sim.scenarios.values import Place, Read
    from flare_sim.server import SimulatedServer

__all__ = ["FIELDS", "Act", "Parts", "parts_of"]


class Act(NamedTuple):
    """Something that is said to a server once it is there."""

    place: Place
    """Which part of the scenario says it."""
    verb: str
    """A method of the server, or of its ``faults``,"""
    arguments: dict[str, Any]
    """and what it takes."""

    def on(self, server: SimulatedServer) -> None:
        """Say it.

        Raises:
            BadScenario: it makes no sense there.
        """
        with at(self.place):
            getattr(server if self.verb in _OF_SERVERS else server.faults, self.verb)(**self.arguments)


class Parts(NamedTuple):
    """What a scenario comes to."""

    options: dict[str, Any]
    """What a server is made with, the time it begins at (``start``) among it."""
    acts: list[Act]
    """What it is told then, about clients and users that come and go, and faults."""


def parts_of(said: Mapping[str, Any]) -> Parts:
    """Return what a scenario comes to.

    Args:
        said: its tables and values, by their keys (``FIELDS``).

    Raises:
        BadScenario: one makes no sense by itself.
    """
    options = {key: value for key, value in said.items() if key in _PLAIN}
    acts: list[Act] = []
    if "clients" in said:
        options["clients"], coming = _clients(said["clients"])
        acts += coming
    if "users" in said:
        options["users"], coming = _users(said["users"])
        acts += coming
    if "jobs" in said:
        options["behavior"] = said["jobs"]
    acts += (act for number, table in enumerate(said.get("faults", ())) for act in _fault(table, ("faults", number)))
    return Parts(options, acts)


def _any(value: Any, _: Place) -> Any:
    return value


def _named(fields: Mapping[str, Read]) -> Read:
    """Return what reads a table that has a name, which may stand for it."""

    def read(value: Any, place: Place) -> dict[str, Any]:
        if plain_text(value) is not None:
            return {"name": label(value, place)}
        table = read_table(value, place, {"name": label, **fields})
        if "name" not in table:
            raise BadScenario(place, "has no name")
        return table

    return read


def _change(value: Any, place: Place) -> dict[str, Any]:
    table = read_table(value, place, {"at": seconds, "role": text})
    if len(table) < 2:
        raise BadScenario(place, "must say at which time, and which role")
    return table


_client = _named(
    {
        "resources": _any,
        "joins": seconds,
        "drops": one_or_more(seconds),
        "returns": one_or_more(seconds),
        "leaves": seconds,
    }
)
_user = _named({"org": text, "role": text, "joins": seconds, "changes": list_of(_change), "revoked": seconds})


def _read_clients(value: Any, place: Place) -> Any:
    if plain_number(value) is not None:
        with at(place):
            client_list(value)
        return value
    listed = list_of(_client_of)(value, place)
    names: set[str] = set()
    for number, table in enumerate(listed):
        if table["name"] in names:
            raise BadScenario((*place, number), f"there is already a client {shown(table['name'])}")
        names.add(table["name"])
    return listed


def _client_of(value: Any, place: Place) -> dict[str, Any]:
    if type(value) is Client:
        value = {"name": value.name, **({} if value.resources is None else {"resources": value.resources})}
    table: dict[str, Any] = _client(value, place)
    with at(place):
        resources = Client(table["name"], table.get("resources")).resources
    return {**table, "resources": resources} if "resources" in table else table


def _user_of(value: Any, place: Place) -> dict[str, Any]:
    table: dict[str, Any] = _user(value._asdict() if type(value) is User else value, place)
    with at(place):
        _user_in(table)
    return table


def _user_in(table: Mapping[str, Any]) -> User:
    return User(**{key: table[key] for key in User._fields if key in table})


def _read_config(value: Any, place: Place) -> ServerConfig:
    if type(value) is ServerConfig:
        value = {key: one for key, one in value._asdict().items() if one != getattr(ServerConfig(), key)}
    table = read_table(value, place, dict.fromkeys(ServerConfig._fields, _any))
    for key, one in table.items():
        with at((*place, key)):
            ServerConfig()._replace(**{key: one}).checked()
    return ServerConfig(**table).checked()


def _read_jobs(value: Any, place: Place) -> dict[str, Any]:
    jobs: dict[str, Any] = {}
    for name, one in items(value, place):
        here = (*place, name)
        turns = None if type(one) is JobBehavior else listed(one)
        jobs[name] = (
            _behavior(one, here)
            if turns is None
            else [_behavior(turn, (*here, number)) for number, turn in enumerate(turns)]
        )
        if not jobs[name]:
            raise BadScenario(here, "must be a table, or a list of tables with one at least")
    return jobs


def _behavior(value: Any, place: Place) -> JobBehavior:
    if type(value) is JobBehavior:
        return value
    table = dict(items(value, place))
    for key, one in table.items():
        with at((*place, key)):
            JobBehavior.from_mapping({key: one})
    with at(place):
        return JobBehavior.from_mapping(table)


def _read_start(value: Any, place: Place) -> float:
    from flare_sim.clock import VirtualClock

    with at(place):
        return VirtualClock(moment(value, place)).time()


_MOMENT: Mapping[str, Read] = {
    "at": one_or_more(seconds),
    "at_call": _any,
    "of": _any,
    "by": _any,
    "answered": _any,
}
_VERBS: Mapping[str, tuple[str, ...]] = {
    "slow_replies": ("seconds",),
    "drop": ("client",),
    "reconnect": ("client",),
    "lose_sessions": (),
    "fail_deploy": ("site",),
    "kill_jobs": ("name",),
    **dict.fromkeys(("partition", "repair", "crash", "restart", "normal_replies"), ()),
    **dict.fromkeys(("malfunction", "mend", "hold", "release"), ()),
}
"""The faults there are, and what each has to be told: arguments of the verb of ``Faults``."""
_MAY_BE_TOLD: Mapping[str, str] = {
    "lose_sessions": "user",
    "fail_deploy": "times",
    **dict.fromkeys(UNDONE_BY, "lasting"),
}
"""What a fault may be told besides."""
_OF_SERVERS = ("add_client", "remove_client", "add_user", "change_role", "revoke_user")
"""What is said to a server itself, and not to its faults."""


def _read_fault(value: Any, place: Place) -> dict[str, Any]:
    named = dict(items(value, place)).get("fault")
    if named is None:
        raise BadScenario(place, "names no fault")
    verb = plain_text(named) or ""
    if verb not in _VERBS:
        from flare_sim.engine.records.names import no_such

        raise BadScenario((*place, "fault"), no_such("there is no fault", named, _VERBS))
    own = dict.fromkeys((*_VERBS[verb], *filter(None, [_MAY_BE_TOLD.get(verb)])), _any)
    table = read_table(value, place, {"fault": text, **own, **_MOMENT})
    lacks = [key for key in _VERBS[verb] if key not in table]
    if lacks:
        raise BadScenario(place, f"{verb} has to be told its {lacks[0]}")
    told = {key for key in ("of", "by", "answered") if key in table}
    if told and "at_call" not in table:
        raise BadScenario((*place, min(told)), "says which calls count, and at_call does not say how many")
    if {"at", "at_call"} <= {*table}:
        raise BadScenario((*place, "at_call"), "is said beside at; one of them can count")
    return table


def _fault(table: Mapping[str, Any], place: Place) -> list[Act]:
    verb = table["fault"]
    own = {key: one for key, one in table.items() if key not in _MOMENT and key != "fault"}
    if "at_call" not in table:
        whens = [{"after": after} if after else {} for after in each(table.get("at", 0))]
        return [Act(place, verb, {**own, **when}) for when in whens]
    with at((*place, "at_call")):
        NthCall(table["at_call"])
    with at(place):
        call = NthCall(table["at_call"], table.get("of"), table.get("by"), table.get("answered", False))
    return [Act(place, verb, {**own, "at_call": call})]


def _clients(said: Any) -> tuple[Any, list[Act]]:
    """Return the clients that are there from the beginning, and what is to come of clients."""
    if plain_number(said) is not None:
        return said, []
    there: list[Client] = []
    acts: list[Act] = []
    for number, table in enumerate(said):
        place = ("clients", number)
        client = Client(table["name"], table.get("resources"))
        if "joins" in table:
            acts.append(Act((*place, "joins"), "add_client", {"client": client, "after": table["joins"]}))
        else:
            there.append(client)
        for key, verb in (("drops", "drop"), ("returns", "reconnect")):
            acts += (
                Act((*place, key), verb, {"client": client.name, "after": after}) for after in each(table.get(key, []))
            )
        if "leaves" in table:
            acts.append(Act((*place, "leaves"), "remove_client", {"name": client.name, "after": table["leaves"]}))
    return there, acts


def _users(said: list[dict[str, Any]]) -> tuple[list[User], list[Act]]:
    """Return who may connect from the beginning, beside those who may anyway, and what is to come of users."""
    there = {user.name: user for user in DEFAULT_USERS}
    acts: list[Act] = []
    for number, table in enumerate(said):
        place = ("users", number)
        user = _user_in(table)
        there.pop(user.name, None)
        if "joins" in table:
            acts.append(Act((*place, "joins"), "add_user", {"user": user, "after": table["joins"]}))
        else:
            there[user.name] = user
        for turn, change in enumerate(table.get("changes", ())):
            role = {"user": user.name, "role": change["role"], "after": change["at"]}
            acts.append(Act((*place, "changes", turn), "change_role", role))
        if "revoked" in table:
            acts.append(Act((*place, "revoked"), "revoke_user", {"user": user.name, "after": table["revoked"]}))
    return list(there.values()), acts


FIELDS: Mapping[str, Read] = {
    "title": text,
    "description": text,
    "seed": _any,
    "start": _read_start,
    "personality": text,
    "quirks": list_of(text),
    "progress": text,
    "config": _read_config,
    "clients": _read_clients,
    "users": list_of(_user_of),
    "jobs": _read_jobs,
    "faults": list_of(_read_fault),
}
"""What a scenario may say."""
_PLAIN = ("seed", "start", "personality", "quirks", "progress", "config")
