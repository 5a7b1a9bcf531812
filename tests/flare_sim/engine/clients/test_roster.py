"""Who is there: the same object while nothing changes, and what was found with it holds as long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim.engine.clients.sites import Client, Sites
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL, TIMEOUT = 10, 100


def three_sites() -> Sites:
    """Clients a, b and c, there since the tick 0."""
    return Sites([Client(name) for name in "abc"], 0, INTERVAL, TIMEOUT)


def test_it_stays_while_nobody_comes_or_goes() -> None:
    """However much time passes."""
    sites = three_sites()

    assert sites.roster(0) is sites.roster(10**15)


@pytest.mark.parametrize(
    "change",
    [
        lambda sites: sites.add(Client("d"), 5),
        lambda sites: sites.remove("b"),
        lambda sites: sites.drop("b", 5),
        lambda sites: sites.leave("b"),
        lambda sites: sites.leave_all(),
    ],
)
def test_it_is_over_when_somebody_comes_or_goes(change: Callable[[Sites], object]) -> None:
    """One that falls silent is listed on, and changes it all the same; so does the way back."""
    sites = three_sites()
    before = sites.roster(5)

    change(sites)

    assert before.until < 5
    after = sites.roster(5)
    assert after is not before
    sites.reconnect("b", 6)
    assert (sites.roster(6) is after) == (after.until > 6)


def test_it_is_over_when_a_silent_client_is_not_listed_any_more() -> None:
    """At the tick of its timeout, counted from when it was last heard of."""
    sites = three_sites()
    sites.drop("b", 25)
    roster = sites.roster(30)

    assert roster.until == 20 + TIMEOUT
    assert sites.roster(119) is roster
    assert [site.name for site in sites.roster(120).sites] == ["a", "c"]


def test_a_placement_is_that_of_every_job_like_it() -> None:
    """By where the job goes and how many clients it needs; its meta says that it is there."""
    roster = three_sites().roster(0)
    apps = {"server": "app", "a": "app"}
    placed = roster.place(definition(), apps)

    assert placed is not None
    assert roster.placement(definition(name="another")) is placed
    assert (placed.roster, placed.apps, placed.deploy_detail) == (roster, apps, ("server: OK", "a: OK"))
    assert roster.placement(definition(min_clients=1)) is None
    assert roster.placement(definition(mandatory_clients=["a"])) is None


def test_what_depends_on_more_is_not_kept() -> None:
    """A job that asks clients for something, one that a server falls over, one with what has no hash."""
    roster = three_sites().roster(0)
    roster.place(definition(), {"server": "app"})
    asking = definition(resource_spec={"a": {"gpus": 1}})
    obstructed, odd = definition(), definition()
    obstructed.obstacles = {"deploy": ""}
    odd.mandatory_clients = ([],)
    jobs: list[Any] = [asking, obstructed, odd]

    assert [roster.place(job, {"server": "app"}) for job in jobs] == [None] * 3
    assert [roster.placement(job) for job in jobs] == [None] * 3


def test_so_many_places_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a large system does not keep its clients again for each job."""
    monkeypatch.setattr("flare_sim.engine.clients.roster._MOST_PLACES", 4)
    roster = three_sites().roster(0)
    kept = []
    for needed in (1, 2, 3):
        roster.place(definition(min_clients=needed), {"server": "app", "a": "app"})
        kept.append([n for n in (1, 2, 3) if roster.placement(definition(min_clients=n))])

    assert kept == [[1], [1, 2], [3]]
