"""Clients that are removed, shut out, and let in again."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import SimulatedServer
from tests.flare_sim.commands.command_lines import ask, clients_of, meta


@pytest.mark.parametrize(("personality", "seconds"), [(None, 3), ("nvflare-2.9", 3), ("nvflare-2.3", 5)])
def test_a_removed_client_comes_back(personality: str | None, seconds: float) -> None:
    """It is gone at once, unknown then, and registers again some seconds later, as the last."""
    server = SimulatedServer(personality=personality)

    assert meta(server, "remove_client site-1")["status"] == "ok"
    assert clients_of(server) == ["site-2"]
    assert meta(server, "remove_client site-1")["status"] in ("invalid_target", "error")
    assert meta(server, "remove_client site-2", "member@nvidia.com")["status"] == "not_authorized"
    server.advance(seconds - 0.1)
    assert clients_of(server) == ["site-2"]
    server.advance(0.1)

    assert clients_of(server) == ["site-2", "site-1"]


def test_to_remove_no_client_by_name_removes_all(server: SimulatedServer) -> None:
    """As live servers of 2.3.12 and 2.9.0 do."""
    assert meta(server, "remove_client")["status"] == "ok"
    assert clients_of(server) == []


def test_a_silent_client_that_is_removed_stays_away(server: SimulatedServer) -> None:
    """It does not notice, so it does not register again before it is back."""
    server.faults.drop("site-1")
    ask(server, "remove_client site-1")
    server.advance(100)
    assert clients_of(server) == ["site-2"]
    server.faults.reconnect("site-1")

    assert clients_of(server) == ["site-2", "site-1"]


def test_a_disabled_client_stays_away(server: SimulatedServer) -> None:
    """Shut out it is gone until it is enabled; one nobody knows is taken as well (2.9.0)."""

    def said(line: str) -> dict[str, Any]:
        told: dict[str, Any] = ask(server, line).data[0][1]["clients"][0]
        return told

    assert said("disable_client site-2")["active_session_removed"]
    assert said("disable_client site-2") == {
        "client_name": "site-2",
        "state": "disabled",
        "already_disabled": True,
        "active_session_removed": False,
        "rejoin_allowed": False,
        "credential_revoked": False,
    }
    server.advance(100)
    assert clients_of(server) == ["site-1"]
    assert said("enable_client site-2")["was_disabled"]
    server.advance(3)
    assert clients_of(server) == ["site-1", "site-2"]
    assert not said("enable_client site-9")["was_disabled"]


def test_several_clients_are_shut_out_at_once(server: SimulatedServer) -> None:
    """There is a line for each, and who names none is told so (2.9.0)."""
    lines = ask(server, "disable_client site-1 site-9").data[0][1]["clients"]

    assert [(line["client_name"], line["active_session_removed"]) for line in lines] == [
        ("site-1", True),
        ("site-9", False),
    ]
    assert clients_of(server) == ["site-2"]
    reply = ask(server, "enable_client").as_dict()
    assert reply["meta"] == {"status": "syntax_error", "info": ""}
    assert reply["data"] == [{"type": "error", "data": "missing client name"}]


def test_a_client_that_is_shut_out_does_not_come_back_by_itself(server: SimulatedServer) -> None:
    """Neither after it was removed, nor with a restarted server, nor when it was silent."""
    ask(server, "remove_client site-1")
    ask(server, "disable_client site-1")
    server.advance(10)
    assert clients_of(server) == ["site-2"]
    server.faults.crash()
    server.faults.restart()
    server.advance(100)
    assert clients_of(server) == ["site-2"]
    ask(server, "enable_client site-1")
    server.advance(3)

    assert clients_of(server) == ["site-2", "site-1"]


def test_a_client_that_registers_while_the_server_is_down_is_there_with_the_others(server: SimulatedServer) -> None:
    """It comes back as they do, once the server is up."""
    ask(server, "remove_client site-1")
    server.faults.crash(after=1)
    server.faults.restart(after=5)
    server.advance(6)
    assert clients_of(server) == []
    server.advance(30)

    assert clients_of(server) == ["site-2", "site-1"]
