"""What checks take, and the orders that follow from it."""

from __future__ import annotations

from typing import Any

from contract_tests import System
from contract_tests.clauses.checks import check_called
from contract_tests.engine.scheduling.costs import Cost, likeliest_first, priced, shortest_first
from contract_tests.engine.scheduling.pace import Pace
from contract_tests.engine.search import combinations
from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import reference_factory

PACE = Pace(0.01, 1.0, waits=True)


class _Small(System):
    """Offers a session and little time."""

    longest = 50.0

    def open_session(self, user: str = "") -> Any:
        """Nobody asks for one here."""


def price(check_id: str, like: System | None = None, **settings: Any) -> Cost:
    """What a check takes."""
    return priced([check_called(check_id)], RunSettings(**settings), reference_factory(), like)[check_id]


def test_a_check_takes_calls_and_waiting() -> None:
    """As they are seen on the reference, for one combination of the listed inputs."""
    cost = price("malformed.get-job-meta")

    assert cost.times == len(combinations(check_called("malformed.get-job-meta"))) > 1
    assert (cost.examples, cost.waits, cost.drawn) == (1, 0.0, 1)
    assert cost.calls > 4
    assert price("submit.runs", combinations=1).waits >= 1.0


def test_what_is_drawn_is_counted() -> None:
    """Examples are divided among the combinations; of walks there are fewer."""
    assert price("monitor.promptly", examples=12).drawn == 12
    assert price("life.model", examples=24).drawn == 2


def test_a_system_that_has_less_time_takes_less() -> None:
    """What it does not offer is not tried, and what is too long for it is shorter."""
    whole, reduced = price("life.final/after every call"), price("life.final/after every call", _Small())

    assert reduced.waits < whole.waits / 10
    assert price("outage.list-jobs", _Small()).waits <= price("outage.list-jobs").waits
    assert price("list.all", _Small()).calls < price("list.all").calls


def test_a_system_that_offers_less_is_tried_on_what_it_offers() -> None:
    """A clause that takes no more than a session costs as much as ever; one that takes an outage ends before it."""
    malformed, outage = "malformed.get-job-meta", "outage.list-jobs"

    assert price(malformed, _Small()).calls == price(malformed).calls > 4
    assert 0 < price(outage, _Small()).calls < price(outage).calls


def test_a_system_that_takes_no_calls_from_threads_is_not_tried_with_them() -> None:
    """One that does is."""

    class Threaded(_Small):
        threads = True

    clause = "submit.concurrent"

    assert price(clause, _Small()).calls < price(clause, Threaded()).calls


def test_orders_follow_from_what_checks_take() -> None:
    """What takes least comes first, at a first look the plain check of a clause before its others, and walks last."""
    ids = ("abort.twice/at once", "abort.others/always", "abort.twice", "abort.others")
    checks = [check_called(check_id) for check_id in ids]
    costs = {
        ids[0]: Cost(1, 1, 0, 2.0, 1),
        ids[1]: Cost(1, 1, 0, 1.0, 1),
        ids[2]: Cost(9, 1, 0, 4.0, 1),
        ids[3]: Cost(1, 1, 0, 9.0, 1),
    }

    assert [check.id for check in likeliest_first(checks, costs, PACE)] == [ids[2], ids[0], ids[3], ids[1]]
    assert [check.id for check in shortest_first(checks, costs, PACE)] == [ids[1], ids[0], ids[3], ids[2]]
