"""Marks that calls leave on jobs, and what is no mark though it is told otherwise in every look."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.clauses.shared.marks import leaves_no_mark
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.scenario.actor import Actor


class Told(SimulatedSystem):
    """A system whose metas tell something more: what ``tell`` makes of the number of the look and of the lists."""

    tell: Callable[[int, int], Any] = staticmethod(lambda look, lists: None)

    def __init__(self) -> None:
        super().__init__()
        self.looks, self.lists = count(), 0

    def open_session(self, user: str | None = None) -> Any:
        """A session that counts."""
        session = super().open_session(user)
        right, listing = session.get_job_meta, session.list_jobs

        def get_job_meta(job_id: str) -> dict[str, Any]:
            return {**right(job_id), "more": type(self).tell(next(self.looks), self.lists)}

        def list_jobs(*args: Any, **kwargs: Any) -> list[dict[str, Any]]:
            self.lists += 1
            found: list[dict[str, Any]] = listing(*args, **kwargs)
            return found

        session.get_job_meta, session.list_jobs = get_job_meta, list_jobs
        return session


def looked(tell: Callable[[int, int], Any]) -> Scenario:
    """A scenario on such a system."""
    return Scenario(type("System", (Told,), {"tell": staticmethod(tell)})())


def lists(actor: Actor, job: str) -> object:
    """Make a list."""
    return actor.entries()


@pytest.mark.parametrize("state", ["waiting", "aborted"])
@pytest.mark.parametrize("tell", [lambda look, lists: look, lambda look, lists: (look, lists), lambda *_: object()])
def test_what_differs_from_look_to_look_is_no_mark(state: str, tell: Callable[[int, int], Any]) -> None:
    """A counter of looks, whatever else is in it, and what is made anew for each."""
    leaves_no_mark(looked(tell), state, lists)


@pytest.mark.parametrize("state", ["waiting", "aborted"])
@pytest.mark.parametrize("tell", [lambda look, lists: lists, lambda look, lists: bool(lists)])
def test_what_a_call_changes_is_a_mark(state: str, tell: Callable[[int, int], Any]) -> None:
    """A counter of calls, and a flag."""
    with pytest.raises(Violation, match="as in every look before; observed more: "):
        leaves_no_mark(looked(tell), state, lists)
