"""What an implementer describes: what a system offers by default, and what it can't."""

from __future__ import annotations

import pytest

from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed, System


class _Simulated(System):
    simulated_jobs = True


def test_a_job_can_not_be_made_to_fail_at_clients_nobody_names() -> None:
    """A plan for a job that can't be deployed says at which clients; without names it would run instead."""
    with pytest.raises(NotClaimed, match="client_names"):
        _Simulated().job_folder(JobPlan(ends="FAILED_TO_RUN"))


def test_every_other_plan_is_served_without_names_of_clients() -> None:
    """Only the deployment is said client by client."""
    assert _Simulated().job_folder(JobPlan(ends="EXECUTION_EXCEPTION"))
