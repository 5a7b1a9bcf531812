"""Clients: heartbeats without events, silence, return, and what they have to give."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import Client
from flare_sim.engine.clients import sites as sites_module
from flare_sim.engine.clients.sites import Site, Sites, client_list


def two_sites(**resources: float) -> Sites:
    """Two clients there from tick 0, a heartbeat every 10, listed for 60."""
    return Sites([Client("a", resources or None), Client("b")], 0, 10, 60)


def site(sites: Sites, name: str) -> Site:
    """A client that is there."""
    found = sites.get(name)
    assert found is not None
    return found


def names(sites: Sites, now: int) -> list[str]:
    """The names listed."""
    return [item.name for item in sites.listed(now)]


@given(st.integers(0, 10_000))
def test_a_connected_client_was_heard_of_within_an_interval(now: int) -> None:
    """The last connect time is the last heartbeat: a whole number of intervals, never in the future, never old."""
    last = site(two_sites(), "a").last_connect(now, 10)

    assert last % 10 == 0
    assert now - 10 < last <= now


def test_a_silent_client_is_listed_until_its_timeout() -> None:
    """A client that drops stays listed with the time of its last heartbeat, and then no more."""
    sites = two_sites()

    assert sites.drop("a", 25)
    assert [site(sites, "a").last_connect(now, 10) for now in (25, 50, 500)] == [20, 20, 20]
    assert [names(sites, now) for now in (25, 79, 80)] == [["a", "b"], ["a", "b"], ["b"]]
    assert not sites.connected("a")
    assert not sites.drop("a", 26)


def test_a_client_that_returns_in_time_keeps_its_place() -> None:
    """A client still listed comes back where it was; its heartbeats start anew."""
    sites = two_sites()
    sites.drop("a", 25)

    assert sites.reconnect("a", 33)
    assert not sites.reconnect("a", 34)
    assert names(sites, 40) == ["a", "b"]
    assert [site(sites, "a").last_connect(now, 10) for now in (33, 42, 43)] == [33, 33, 43]


def test_a_client_that_returns_late_registers_again() -> None:
    """A client no longer listed comes back at the end of the list."""
    sites = two_sites()
    sites.drop("a", 25)

    assert sites.reconnect("a", 90)
    assert names(sites, 90) == ["b", "a"]


@pytest.mark.parametrize(
    ("clients", "said"),
    [
        (-1, "a system cannot have -1 clients"),
        (10**6, "a system cannot have 1000000 clients"),
        ("site-1", "clients must be their number, names or Clients, not 'site-1'"),
        (None, "clients must be their number, names or Clients, not None"),
        ([""], "a client cannot be called '' (empty, reserved, or no name)"),
        (["server"], "a client cannot be called 'server' (empty, reserved, or no name)"),
        (["@All"], "a client cannot be called '@All' (empty, reserved, or no name)"),
        ([3], "a client cannot be called 3 (empty, reserved, or no name)"),
        (["a", "b", "a"], "a client cannot be called 'a' (given twice)"),
    ],
)
def test_what_is_no_client_is_shown(clients: Any, said: str) -> None:
    """With what is wrong with it."""
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        client_list(clients)


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (3, "the resources of client 'a' must be amounts by name, not 3"),
        ({"gpus": -1}, "client 'a' cannot have -1 of 'gpus': an amount is a number from 0 to 1000000000000000"),
        ({"gpus": "2"}, "client 'a' cannot have '2' of 'gpus': an amount is a number from 0 to 1000000000000000"),
        ({"": 2}, "client 'a' cannot have 2 of '': an amount is a number from 0 to 1000000000000000"),
        ({7: 2}, "client 'a' cannot have 2 of 7: an amount is a number from 0 to 1000000000000000"),
        (
            {"num_of_gpus": 10_001},
            "client 'a' cannot have 10001 of 'num_of_gpus': an amount is a number from 0 to 10000",
        ),
    ],
)
def test_resources_that_nobody_has_are_shown(resources: Any, said: str) -> None:
    """Whose they are, of what there is how much, and how much there may be."""
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        Client("a", resources)


def test_a_system_has_as_many_clients_as_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether they are counted or named, and not one more."""
    monkeypatch.setattr(sites_module, "MOST_CLIENTS", 3)
    whole: list[Any] = [3, ["site-1", "site-2", "site-3"]]
    assert [client_list(clients) for clients in whole] == [[Client(name) for name in whole[1]]] * 2
    beyond: list[Any] = [4, list("abcd")]
    for too_many in beyond:
        with pytest.raises(ValueError, match=r"a system cannot have 4 clients|clients must be their number"):
            client_list(too_many)


@pytest.mark.parametrize("resources", [{"num_of_gpus": 10_000}, {"gpus": 10**15}, {"gpus": 0}, {"num_of_gpus": 0}, {}])
def test_resources_may_be_as_much_as_is_said_and_nothing(resources: dict[str, float]) -> None:
    """To the last of them."""
    assert client_list([Client("a", resources)]) == [("a", resources)]


def test_a_client_that_comes_later_has_what_it_says() -> None:
    """And the next number, as long as there are clients to count."""
    sites = Sites([Client("a"), Client("b")], 0, 10, 100)
    added = [sites.add(Client(name, {"gpu": 2}), 5) for name in "cd"]

    assert [(site.number, site.resources) for site in added] == [(2, {"gpu": 2}), (3, {"gpu": 2})]
    assert names(sites, 5) == ["a", "b", "c", "d"]


def test_a_client_that_leaves_is_gone_at_once() -> None:
    """Leaving is not falling silent: the client is no longer listed, nor known."""
    sites = two_sites()
    gone = site(sites, "a")
    sites.remove("a")

    assert (names(sites, 1), "a" in sites, sites.get("a"), gone.connected) == (["b"], False, None, False)
    assert not sites.reconnect("a", 2)


def test_all_leave_a_server_that_dies() -> None:
    """Nobody is listed afterwards; those that were connected are named."""
    sites = two_sites()
    sites.drop("b", 1)

    assert sites.leave_all() == ["a"]
    assert sites.listed(2) == []
    assert sites.leave_all() == []


@pytest.mark.parametrize(
    ("need", "enough"),
    [
        ({}, True),
        ({"gpus": 2}, True),
        ({"gpus": 3}, False),
        ({"gpus": 0}, True),
        ({"gpus": -5}, True),
        ({"gpus": "many"}, True),
        ({"gpus": True}, True),
        ({"tpus": 1}, False),
        ({"gpus": 2, "mem_per_gpu": 16}, True),
        ({"gpus": 1, "mem_per_gpu": 17}, False),
        ({"gpus": float("nan")}, False),
        ({"gpus": float("inf")}, False),
    ],
)
def test_a_client_gives_what_it_has(need: dict[str, Any], enough: bool) -> None:
    """A need is met by as much of everything in it; what is no amount asks for nothing."""
    assert site(two_sites(gpus=2, mem_per_gpu=16), "a").offer(need).enough == enough


def test_what_is_held_is_not_there_for_others() -> None:
    """A job's share is gone until it is released; what each of something has is not used up."""
    sites = two_sites(gpus=2, mem_per_gpu=16)
    sites.hold(1, {"a": {"gpus": 1.5, "mem_per_gpu": 16}, "elsewhere": {"gpus": 1}})

    assert not site(sites, "a").offer({"gpus": 1}).enough
    assert site(sites, "a").offer({"gpus": 0.5, "mem_per_gpu": 16}).enough
    sites.release(1, ["a", "b", "elsewhere"])
    assert site(sites, "a").offer({"gpus": 2}).enough


def test_a_client_without_limits_gives_anything_while_it_answers() -> None:
    """No resources means no limit; a silent client gives nothing."""
    sites = two_sites()

    assert site(sites, "b").offer({"gpus": 10**9}).enough
    sites.drop("b", 0)
    assert not site(sites, "b").offer({}).enough


def test_clients_are_counted_named_or_built() -> None:
    """A number, names, or clients with resources: each makes a list of clients."""
    built = Client("x", {"gpus": 1})

    assert client_list(2) == [Client("site-1"), Client("site-2")]
    assert client_list(["a", built]) == [Client("a"), built]


@pytest.mark.parametrize("clients", [-1, [""], ["server"], ["@all"], ["a", "a"]])
def test_impossible_clients_are_refused(clients: Any) -> None:
    """A name is there, not reserved, and given once."""
    with pytest.raises(ValueError, match=r"client"):
        client_list(clients)


@pytest.mark.parametrize("parts", [(), ("a", None, 1)])
def test_what_python_makes_a_client_of_is_looked_at(parts: tuple[Any, ...]) -> None:
    """Tuple's own methods ask for no name."""
    with pytest.raises(ValueError, match=f"not {len(parts)} parts"):
        client_list([tuple.__new__(Client, parts)])

    assert client_list([tuple.__new__(Client, ("a",))]) == [Client("a")]
