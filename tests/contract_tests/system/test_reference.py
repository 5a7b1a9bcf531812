"""The reference system in a scenario."""

from __future__ import annotations

import pytest

from contract_tests.reference import SimulatedSystem
from flare_sim import NoConnection, Scenario


class Late(SimulatedSystem):
    """A system one of whose clients joins later."""

    scenario = Scenario(
        start=1_800_000_000,
        seed=9,
        personality="nvflare-2.9",
        config={"max_jobs": 7},
        clients=["a", "b", {"name": "late", "joins": 30}],
        users=["ann"],
        faults=[{"fault": "partition", "at": 60}],
    )


def test_a_system_is_in_a_scenario() -> None:
    """Its clients are those that are there; the suite's own users, limits and seed stay."""
    with Late() as system:
        assert system.client_names == ("a", "b")
        assert system.server.clock.time() == 1_800_000_000
        assert (system.server.seed, system.server.config.max_jobs) == (0, 7)
        assert system.server.config.max_download_bytes == system.download_limit
        assert "abort-lingers" in system.server.quirks
        assert system.open_session("ann").list_jobs() == []
        system.server.advance(30)
        assert len(system.open_session().get_system_info().client_info) == 3
        system.server.advance(30)
        with pytest.raises(NoConnection):
            system.open_session()


def test_one_may_be_named() -> None:
    """As anywhere: of the gallery, or a file."""

    class Restarted(SimulatedSystem):
        scenario = "server-restart"

    assert [repr(system.server.faults) for system in (Restarted(), Restarted())] == [
        "<Faults: none; to come: crash(lasting=45.0) in 60.0 s>"
    ] * 2
