"""Bad job definitions: every one is refused, and every clause about refusals has some."""

from __future__ import annotations

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.reference import SimulatedSystem
from contract_tests.system.bad_definitions import BAD_DEFINITIONS, bad_job
from contract_tests.system.job_plan import BadJob
from flare_sim import InvalidJobDefinition

EVERY_FAULT = [f"{kind}/{number}" for kind, ways in BAD_DEFINITIONS.items() for number in range(len(ways))]


@pytest.mark.parametrize("fault", EVERY_FAULT)
def test_every_bad_definition_is_refused_by_the_reference(fault: str) -> None:
    """Each way of each kind raises InvalidJobDefinition and leaves no job."""
    with SimulatedSystem() as system:
        session = system.open_session()

        with pytest.raises(InvalidJobDefinition):
            session.submit_job(bad_job(BadJob(fault)))
        assert session.list_jobs() == []


def test_every_kind_of_bad_definition_has_its_clause() -> None:
    """The kinds are the clauses submit.refuses.…, no more and no less."""
    clauses = {clause.id for clause in CATALOGUE if clause.id.startswith("submit.refuses.")}

    assert {f"submit.refuses.{kind}" for kind in BAD_DEFINITIONS} == clauses


def test_a_kind_alone_means_its_first_way() -> None:
    """BadJob("not-text") is BadJob("not-text/0")."""
    assert bad_job(BadJob("not-text")) is None
    assert bad_job(BadJob("not-text/2")) == 7
