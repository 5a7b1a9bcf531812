"""The assertion that a job is as it was before."""

from __future__ import annotations

from typing import Any

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.scenario import Scenario


def still_there(s: Scenario, actor: Actor, job: str, before: dict[str, Any]) -> None:
    """The assertion that a job is there, and as it was.

    Raises:
        Violation: it is gone, or changed.
    """
    s.unchanged(before, actor.existing_snapshot(job), s.tell(job))
