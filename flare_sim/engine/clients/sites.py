"""The clients of a system: who is there, when the server last heard from them, what they have to give.

A connected client sends heartbeats at a fixed interval.  No event stands for a heartbeat: when the last one came
follows from when the client connected.  A client that drops says nothing; the server goes on listing it, with a last
connect time that no longer moves, until its heartbeat timeout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.config import DEFAULT_CLIENTS
from flare_sim.engine.clients.resources import GPUS, Offer, offer
from flare_sim.engine.clients.roster import Roster
from flare_sim.personality.quirks import NO_QUIRKS
from flare_sim.untrusted_values import plain_items, plain_label, plain_list, plain_number, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Client", "Site", "Sites", "client_list"]

MOST_CLIENTS = 100_000
"""No system has more clients,"""
MOST_GPUS = 10_000
"""no client more GPUs,"""
MOST_OF_ANYTHING = 1e15
"""and none more of anything else: beyond it a float does not count any more."""
_NEVER = 1 << 62
"""A tick that never comes."""


class _ClientFields(NamedTuple):
    name: str
    resources: Mapping[str, float] | None = None


class Client(_ClientFields):
    """A client a server is built with: its site name, and what it has, checked when it is made.

    Example: ``Client("site-1", {"num_of_gpus": 2, "mem_per_gpu_in_GiB": 16})``.

    Args:
        name: its site name.
        resources: what it has: name -> amount.  None is no limit, or no GPUs where GPUs are counted
            (``clients-count-gpus``).  A name that begins with ``mem_per_`` is what each of something has, which is
            compared and not used up.

    Raises:
        ValueError: the name is none or reserved, or the resources are no amounts.
    """

    __slots__ = ()

    def __new__(cls, name: str, resources: Mapping[str, float] | None = None) -> Client:
        """Look at what is given before there is a client."""
        return super().__new__(cls, _plain_name(name), _plain_resources(name, resources))


def _plain_name(given: Any) -> str:
    name = plain_label(given)
    if name is None or name == "server" or name.casefold() == "@all":
        raise ValueError(f"a client cannot be called {shown(given)} (empty, reserved, or no name)")
    return name


def _plain_resources(name: Any, given: Any) -> dict[str, float] | None:
    if given is None:
        return None
    resources = plain_items(given)
    if resources is None:
        raise ValueError(f"the resources of client {shown(name)} must be amounts by name, not {shown(given)}")
    amounts: dict[str, float] = {}
    for key, value in resources:
        what, amount = plain_label(key), plain_number(value)
        most = MOST_GPUS if what == GPUS else MOST_OF_ANYTHING
        if what is None or amount is None or not 0 <= amount <= most:
            told = f"{shown(value)} of {shown(key)}"
            raise ValueError(f"client {shown(name)} cannot have {told}: an amount is a number from 0 to {most:.0f}")
        amounts[what] = amount
    return amounts


_DEFAULT_CLIENTS = [Client(name) for name in DEFAULT_CLIENTS]


def client_list(clients: int | Iterable[Client | str]) -> list[Client]:
    """Return clients from what a server is built with: a number (site-1, site-2, ...), names, or ``Client``s.

    Raises:
        ValueError: too many, or a negative number; a name that is none, reserved or given twice; resources that are
            no amounts.
    """
    if clients is DEFAULT_CLIENTS:
        return list(_DEFAULT_CLIENTS)
    number = plain_number(clients)
    if type(number) is int:
        if not 0 <= number <= MOST_CLIENTS:
            raise ValueError(f"a system cannot have {shown(number)} clients")
        return [Client._make((f"site-{place}", None)) for place in range(1, number + 1)]
    listed = plain_list(clients)
    if listed is None or len(listed) > MOST_CLIENTS:
        raise ValueError(f"clients must be their number, names or Clients, not {shown(clients)}")
    by_name: dict[str, Client] = {}
    for given in listed:
        client = _client(given)
        if client.name in by_name:
            raise ValueError(f"a client cannot be called {shown(client.name)} (given twice)")
        by_name[client.name] = client
    return list(by_name.values())


def _client(given: Any) -> Client:
    """Return a client that was looked at now: a mapping may have changed, and tuple's own methods look at nothing."""
    if not issubclass(type(given), Client):
        return Client(given)
    parts = tuple(tuple.__iter__(given))
    if not 1 <= len(parts) <= len(Client._fields):
        raise ValueError(f"a client has a name and resources, not {len(parts)} parts")
    return Client(*parts)


class Site:
    """One client as the server knows it.

    Attributes:
        name: its site name.
        resources: what it has, as it was declared.
        number: how many clients registered before it.
        present: whether it is registered with the server at all.
        since: tick at which it last registered or came back.
        dropped_at: tick at which it fell silent, None while it is connected.
        shut_down: whether it was told to end for good.
        orphans: (job id, app) of runs that a server it has lost left with it; ``orphaned`` is when it found one again.
        held: what the jobs it takes part in were given, by their serials, in the order in which they were chosen.
    """

    __slots__ = (
        "dropped_at",
        "held",
        "name",
        "number",
        "orphaned",
        "orphans",
        "present",
        "resources",
        "shut_down",
        "since",
    )

    def __init__(self, name: str, resources: Mapping[str, float] | None, number: int, now: int) -> None:
        self.name = name
        self.resources = resources
        self.number = number
        self.present = True
        self.since = now
        self.dropped_at: int | None = None
        self.shut_down = False
        self.held: dict[int, Mapping[str, Any]] = {}
        self.orphans: list[tuple[str, str]] = []
        self.orphaned = 0

    @property
    def connected(self) -> bool:
        """Whether it would answer now."""
        return self.present and self.dropped_at is None

    def last_connect(self, now: int, interval: int) -> int:
        """Return the tick of its last heartbeat."""
        until = now if self.dropped_at is None else self.dropped_at
        return self.since + (until - self.since) // interval * interval

    def offer(self, need: Mapping[str, Any], quirks: frozenset[str] = NO_QUIRKS) -> Offer:
        """Tell whether it answers and has ``need`` on top of what it already gives."""
        if not self.connected:
            return Offer(enough=False)
        return offer(self.resources, self.held.values(), need, quirks)


class Sites:
    """All clients, in the order they registered.

    Args:
        clients: those there from the start.
        now: the start, in ticks.
        interval: ticks between heartbeats.
        timeout: ticks without a heartbeat after which a client is no longer listed.

    Attributes:
        registered: how often a client has ever registered.
    """

    __slots__ = ("_by_name", "_roster", "interval", "registered", "timeout")

    def __init__(self, clients: Iterable[Client], now: int, interval: int, timeout: int) -> None:
        self.interval = interval
        self.timeout = timeout
        self.registered = 0
        self._roster = Roster((), -_NEVER)
        self._by_name: dict[str, Site] = {}
        for client in clients:
            self._by_name[client.name] = Site(client.name, client.resources, self.registered, now)
            self.registered += 1

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Site]:
        return iter(self._by_name.values())

    def add(self, client: Client, now: int, *, present: bool = True) -> Site:
        """Register a client the server did not know (its name has been checked), unless it is not ``present`` yet."""
        site = Site(client.name, client.resources, self.registered, now)
        site.present = present
        self._roster.until = -_NEVER
        self._by_name = {**self._by_name, site.name: site}
        self.registered += 1
        return site

    def remove(self, name: str) -> None:
        """Forget a client; it says good-bye, so it is no longer listed at once."""
        self._roster.until = -_NEVER
        self._by_name[name].present = False
        self._by_name = {other: site for other, site in self._by_name.items() if other != name}

    def get(self, name: str) -> Site | None:
        """Return a client by name."""
        return self._by_name.get(name)

    def connected(self, name: str) -> bool:
        """Tell whether the client of that name would answer now."""
        site = self._by_name.get(name)
        return site is not None and site.connected

    def is_listed(self, site: Site, now: int) -> bool:
        """Tell whether the server still counts the client as there."""
        if site.dropped_at is None:
            return site.present
        return site.present and now - site.last_connect(now, self.interval) < self.timeout

    def listed(self, now: int) -> list[Site]:
        """Return the clients the server counts as there, in order of registration."""
        return list(self.roster(now).sites)

    def roster(self, now: int) -> Roster:
        """Return the same, as an object that stays the same until something changes about who is there."""
        roster = self._roster
        if now >= roster.until:
            listed = [site for site in self._by_name.values() if self.is_listed(site, now)]
            silent = [site.last_connect(now, self.interval) for site in listed if site.dropped_at is not None]
            self._roster = roster = Roster(listed, min(silent) + self.timeout if silent else _NEVER)
        return roster

    def drop(self, name: str, now: int) -> bool:
        """Let a client fall silent; False when it was not connected."""
        site = self._by_name.get(name)
        if site is None or not site.connected:
            return False
        self._roster.until = -_NEVER
        site.dropped_at = now
        return True

    def leave(self, name: str) -> None:
        """Lose one client; it is no longer listed."""
        self._roster.until = -_NEVER
        self._by_name[name].present = False

    def leave_all(self) -> list[str]:
        """Lose every client, as a server that dies does; returns the names of those that were connected."""
        names = [site.name for site in self._by_name.values() if site.connected]
        self._roster.until = -_NEVER
        for site in self._by_name.values():
            site.present = False
        return names

    def reconnect(self, name: str, now: int) -> bool:
        """Let a client come back, at the end of the list when it was no longer listed; False when it was connected."""
        site = self._by_name.get(name)
        if site is None or site.connected:
            return False
        self._roster.until = -_NEVER
        if not self.is_listed(site, now):
            self._by_name = {**{other: one for other, one in self._by_name.items() if other != name}, name: site}
            site.number = self.registered
            self.registered += 1
        site.present, site.dropped_at, site.since, site.shut_down = True, None, now, False
        return True

    def hold(self, serial: int, needs: Mapping[str, Mapping[str, Any]]) -> None:
        """Give each site's ``needs`` to the job numbered ``serial``."""
        for name, need in needs.items():
            site = self._by_name.get(name)
            if site is not None:
                site.held[serial] = need

    def release(self, serial: int, names: Iterable[str]) -> None:
        """Take back what the job numbered ``serial`` was given."""
        for name in names:
            site = self._by_name.get(name)
            if site is not None:
                site.held.pop(serial, None)
