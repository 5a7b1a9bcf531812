"""Sessions of several users."""

from __future__ import annotations

from contract_tests.scenario.actor import Actor
from contract_tests.scenario.scenario import Scenario


def session_of_each_user(s: Scenario) -> list[Actor]:
    """A session of the first user, and one of the second if there is one."""
    return [s.open(user) for user in range(max(1, min(2, len(s.system.users))))]
