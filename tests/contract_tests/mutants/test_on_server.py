"""A server of one's own, with broken sessions."""

from __future__ import annotations

import pytest

from contract_tests.mutants import mutants
from contract_tests.mutants.on_server import break_server, fits
from contract_tests.mutants.systems import by_name
from flare_sim import SimulatedServer


def test_the_mutants_of_a_clause_are_handed_out() -> None:
    """By the beginning of their names; all of them without any."""
    assert {mutant.clause for mutant in mutants("list.empty/", "list.dicts/")} == {"list.empty", "list.dicts"}
    assert len(mutants()) > len(mutants("list."))
    assert mutants("no such") == ()


def test_what_connects_later_is_broken() -> None:
    """A session that was open goes on as it was; the server itself is right, and keeps what it is told."""
    server = SimulatedServer(clients=3)
    before = server.connect()
    break_server(server, by_name()["list.empty/lists-a-heading"])

    with server.connect("lead@nvidia.com") as session:
        assert session.list_jobs() == [{"job_id": "JOB ID", "status": "STATUS"}]
        assert len(session.get_system_info().client_info) == 3
        assert session.user == "lead@nvidia.com"
    assert before.list_jobs() == []


def test_a_mutant_breaks_many_servers_and_stays_as_it_is() -> None:
    """Nothing is done to the mutant itself."""
    mutant = by_name()["list.empty/lists-a-heading"]
    kind = mutant.system.session  # type: ignore[attr-defined]
    for _ in range(3):
        server = SimulatedServer()
        break_server(server, mutant)
        assert len(server.connect().list_jobs()) == 1

    assert mutant.system.session is kind  # type: ignore[attr-defined]


def test_a_mutant_of_whole_systems_breaks_no_server_of_ones_own() -> None:
    """What it changes is not in the sessions."""
    mutant = next(mutant for mutant in mutants() if not fits(mutant))

    with pytest.raises(ValueError, match="is a mutant of systems"):
        break_server(SimulatedServer(), mutant)
