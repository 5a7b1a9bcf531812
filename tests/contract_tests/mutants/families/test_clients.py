"""What has become of clients, as far as the history of a system tells, and what is told of them."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra.altered import INFO, Change, altered, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families import clients

STAYS, GOES, COMES = "site-1", "site-2", "site-3"


def about(system: Any, name: str) -> Call:
    """A call about a client."""
    return Call(INFO, {"name": name}, system, place=len(system.history))


def told(system: Any) -> dict[str, float]:
    """When each client is told to have been heard of, in seconds from now."""
    info = system.open_session().get_system_info()
    now = system.server.clock.time()
    return {each.name: each.last_connect_time - now for each in info.client_info}


def test_a_client_has_gone_until_it_is_back() -> None:
    """As long as it is gone it is so for some time; once back, it has been so for good."""
    with altered("unaltered", Change({}))() as system:
        system.drop_client(GOES)
        system.server.clock.sleep(60.0)
        gone = [clients.gone(about(system, name)) for name in (STAYS, GOES)]
        long = [clients.away(seconds)(about(system, GOES)) for seconds in (59, 61)]
        back = clients.was_back(about(system, GOES))
        system.connect_client(GOES)
        again = about(system, GOES)

        assert (gone, long, back) == ([False, True], [True, False], False)
        assert (clients.gone(again), clients.away(0)(again), clients.was_back(again)) == (False, False, True)
        assert [clients.untouched(about(system, name)) for name in (STAYS, GOES)] == [True, False]


def test_a_client_is_another_one_unless_it_had_gone() -> None:
    """And new unless it was there at first; all have gone when those have that were."""
    with altered("unaltered", Change({}))() as system:
        system.drop_client(GOES)
        system.connect_client(GOES)
        before = clients.another_came(about(system, GOES))
        system.connect_client(COMES)
        after = about(system, COMES)
        system.drop_client(STAYS)
        some = clients.all_gone(about(system, STAYS))
        system.drop_client(GOES)

        assert (before, clients.another_came(after), clients.new(after)) == (False, True, True)
        assert (some, clients.all_gone(about(system, STAYS))) == (False, True)


def test_times_are_told_otherwise_where_something_is_true() -> None:
    """Of the client whose name the call has."""
    here = when.given("name", STAYS)
    change = on(INFO, clients.dates(lambda time, call: call.now + 5.0, here))
    with altered("five-seconds-ahead", change)() as system:
        times = told(system)

        assert times[STAYS] == 5.0
        assert times[GOES] <= 0.0


def test_a_client_that_has_gone_is_told_to_be_there() -> None:
    """In its place, or at the end once nobody tells of it; not while the condition is false."""
    with altered("revives", on(INFO, clients.revives(clients.away(100))))() as system:
        system.drop_client(STAYS)
        system.server.clock.sleep(100.0)
        silent = told(system)
        system.server.clock.sleep(100_000.0)

        assert silent[STAYS] <= -100.0
        assert told(system)[STAYS] == 0.0
