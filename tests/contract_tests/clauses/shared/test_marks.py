"""Marks that reads leave on jobs, and what is no mark though it differs from job to job, or from reply to reply."""

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
    """A system whose metas tell something more of a job."""

    tell: Callable[[Told, str], Any] = staticmethod(lambda system, job: None)

    def __init__(self) -> None:
        super().__init__()
        self.reads: dict[str, int] = {}
        self.replies = count()

    def open_session(self, user: str | None = None) -> Any:
        """A session that counts its reads."""
        session = super().open_session(user)
        right = session.get_job_meta

        def get_job_meta(job_id: str) -> dict[str, Any]:
            meta: dict[str, Any] = right(job_id)
            self.reads[job_id] = self.reads.get(job_id, 0) + 1
            return {**meta, "more": type(self).tell(self, job_id)}

        session.get_job_meta = get_job_meta
        return session

    def place(self, job: str) -> int:
        """The place of a job in the order of submission."""
        return [view.job_id for view in self.server.jobs].index(job)


def _reads(actor: Actor, job: str) -> object:
    return actor.meta(job)


@pytest.mark.parametrize("state", ["waiting", "aborted"])
@pytest.mark.parametrize(
    "tell",
    [
        lambda system, job: next(system.replies),
        lambda system, job: system.place(job) % 2,
        lambda system, job: system.place(job) == 1,
        lambda system, job: object(),
    ],
    ids=["of the reply", "in turns", "of the second", "made anew"],
)
def test_what_is_no_mark(state: str, tell: Callable[[Told, str], Any]) -> None:
    """It has nothing to do with whether a job was read."""
    system = type("System", (Told,), {"tell": staticmethod(tell)})()

    leaves_no_mark(Scenario(system), state, _reads)


@pytest.mark.parametrize(
    "tell",
    [lambda system, job: system.reads[job], lambda system, job: system.reads[job] > 5],
    ids=["a counter", "a flag"],
)
def test_what_is_a_mark(tell: Callable[[Told, str], Any]) -> None:
    """It is told of jobs that were read more often than others."""
    system = type("System", (Told,), {"tell": staticmethod(tell)})()

    with pytest.raises(Violation, match="same to be told of job"):
        leaves_no_mark(Scenario(system), "waiting", _reads)


def test_what_another_call_leaves_is_seen_at_once() -> None:
    """What was the same in two looks before it, and is another in two looks after it."""
    system = type("System", (Told,), {"tell": staticmethod(lambda system, job: bool(system.reads.get("list")))})()

    def lists(actor: Actor, job: str) -> None:
        actor.entries()
        system.reads["list"] = 1

    with pytest.raises(Violation, match="before and after it was read"):
        leaves_no_mark(Scenario(system), "waiting", lists)
