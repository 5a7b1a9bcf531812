"""A login with bad credentials: AuthenticationError."""

from __future__ import annotations

from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


@CHECKS.check("credentials.refused", known=Each(True, False))
def _credentials(s: Scenario, known: bool) -> None:
    if s.system.unknown_user is None:
        raise NotClaimed("a user whose credentials are bad", "unknown_user")
    for _ in range(3):
        if known:
            s.open()
        outcome = s.try_open("stranger", s.system.unknown_user)
        s.require(outcome.raised("AuthenticationError"), "AuthenticationError", outcome)
