"""Commands about the server and its clients, and the replies to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Client, SimulatedServer
from flare_sim.commands.protocol import ApiStatus

if TYPE_CHECKING:
    from flare_sim import Session
from tests.flare_sim.commands.command_lines import ask, ask_with, clients_of, meta

NO_LIMIT = "{'resources': [], 'reserved_resources': {}}"


def test_the_status_of_the_server(server: SimulatedServer, jobs: list[str]) -> None:
    """Stopped without a run and started with one; the clients in order of registration."""
    before = meta(server, "check_status server")
    server.advance(1.5)
    running = meta(server, "check_status server")

    assert (before["server_status"], before["jobs"]) == ("stopped", [])
    assert running["server_status"] == "started"
    assert running["jobs"] == [{"job_id": jobs[0], "app_name": "app"}]
    assert [client["client_name"] for client in running["clients"]] == ["site-1", "site-2"]
    assert running["server_start_time"] == running["clients"][0]["client_last_conn_time"] == 1767225600.0
    assert ask(server, "check_status server").data[0] == ("string", "Engine status: started")


@pytest.mark.parametrize("command", ["check_status", "report_resources", "report_version"])
def test_a_target_is_the_server_clients_or_all(server: SimulatedServer, command: str) -> None:
    """Anything else is a syntax error, and a client nobody knows an invalid target."""
    assert meta(server, command)["status"] == meta(server, f"{command} site-1")["status"] == "syntax_error"
    reply = ask(server, f"{command} client site-1 site-9").as_dict()

    assert (reply["status"], reply["meta"]["status"]) == ("ERROR_INVALID_CLIENT", "invalid_target")
    assert reply["meta"]["info"] == "invalid client(s): site-9"


def test_the_status_of_clients(server: SimulatedServer, jobs: list[str]) -> None:
    """Each job a client takes part in, or that it has none; alone in the meta, as 2.9.0 answers."""
    idle = meta(server, "check_status client site-2")
    server.advance(1.5)
    busy = meta(server, "check_status client site-2")
    both = meta(server, "check_status all")

    assert idle == {"client_status": [{"client_name": "site-2", "status": "no_jobs"}]}
    assert busy["client_status"] == [
        {"client_name": "site-2", "app_name": "app", "job_id": jobs[0], "status": "started"}
    ]
    assert both["status"] == "ok"
    assert [client["client_name"] for client in both["client_status"]] == ["site-1", "site-2"]
    assert both["jobs"] == meta(server, "check_status server")["jobs"]


def test_what_a_client_has_to_give() -> None:
    """The server has no limit; a client names its resources, or has none either."""
    server = SimulatedServer(clients=[Client("site-1", {"num_of_gpus": 2}), "site-2"])

    assert ask(server, "report_resources all").data == (
        (
            "table",
            [
                ["SITES", "RESOURCES"],
                ["server", "unlimited"],
                ["site-1", "{'resources': {'num_of_gpus': 2}, 'reserved_resources': {}}"],
                ["site-2", NO_LIMIT],
            ],
        ),
    )
    assert ask(server, "report_resources client site-2").data[0][1][1:] == [["site-2", NO_LIMIT]]


def test_the_release_that_runs(server: SimulatedServer) -> None:
    """The one the server is like, on every site; only the project's administrator may ask."""
    assert ask(server, "report_version all").data == (
        ("dict", {name: {"version": "2.3.12"} for name in ("server", "site-1", "site-2")}),
    )
    assert meta(server, "report_version server", "lead@nvidia.com")["status"] == "not_authorized"


def test_a_removed_client_comes_back(server: SimulatedServer) -> None:
    """It is gone at once, unknown then, and registers again three seconds later, as the last."""

    def clients() -> list[str]:
        return [client["client_name"] for client in meta(server, "check_status server")["clients"]]

    assert meta(server, "remove_client site-1")["status"] == "ok"
    assert clients() == ["site-2"]
    assert meta(server, "remove_client site-1")["status"] == "invalid_target"
    assert meta(server, "remove_client")["status"] == "invalid_target"
    server.advance(3)

    assert clients() == ["site-2", "site-1"]
    assert meta(server, "remove_client site-1", "member@nvidia.com")["status"] == "not_authorized"


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


@pytest.mark.parametrize("command", ["restart", "shutdown"])
@pytest.mark.parametrize("target", ["server", "client site-1", "all"])
def test_nothing_is_stopped_while_a_job_runs(
    server: SimulatedServer, jobs: list[str], command: str, target: str
) -> None:
    """The command is refused, and everybody is still there."""
    server.advance(1.5)

    assert meta(server, f"{command} {target}")["status"] == "job_running"
    assert meta(server, f"{command} client site-9")["status"] == "invalid_target"
    assert clients_of(server) == ["site-1", "site-2"]


def test_clients_start_again(server: SimulatedServer) -> None:
    """They are gone for ten seconds."""
    assert meta(server, "restart client site-1")["client_status"] == {"site-1": "Restart the client..."}
    assert clients_of(server) == ["site-2"]
    server.advance(10)

    assert clients_of(server) == ["site-2", "site-1"]


def test_the_server_starts_again(server: SimulatedServer, session: Session) -> None:
    """It goes down five seconds later, for five seconds, and its clients need as long again."""
    assert meta(server, "restart server")["server_status"] == "ok"
    server.advance(5)
    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION
    server.advance(5)
    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_INACTIVE_SESSION
    assert clients_of(server) == []
    server.advance(5)

    assert clients_of(server) == ["site-1", "site-2"]


def test_clients_shut_down_for_good(server: SimulatedServer) -> None:
    """A client that was shut down stays away."""
    assert meta(server, "shutdown client site-1") == {"status": "ok", "info": ""}
    server.run_until_idle()
    server.advance(1000)

    assert clients_of(server) == ["site-2"]


def test_the_server_shuts_down_for_good(server: SimulatedServer, session: Session) -> None:
    """It answers for five seconds more, without clients, and then no more."""
    assert ("shutdown", "Goodbye!") in ask(server, "shutdown all").data
    assert clients_of(server) == []
    server.advance(5)

    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION
