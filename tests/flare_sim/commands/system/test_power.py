"""Restarting and shutting down clients and the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import Command, NoConnection, SimulatedServer
from flare_sim.clock import to_seconds
from flare_sim.commands.protocol import ApiStatus
from tests.flare_sim.commands.command_lines import ask, ask_with, clients_of, meta
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from flare_sim import Session

OLD = "nvflare-2.3"


@pytest.mark.parametrize("command", ["restart", "shutdown"])
@pytest.mark.parametrize("target", ["server", "client site-1", "all"])
def test_nothing_is_stopped_while_a_job_runs(
    server: SimulatedServer, jobs: list[str], command: str, target: str
) -> None:
    """The command is refused, and everybody is still there."""
    server.advance(1.5)
    reply = ask(server, f"{command} {target}")

    said = f"There are still jobs running. Please let them finish or abort_job before {command}."
    assert (reply.status, reply.info) == ("job_running", said if command == "restart" else jobs[0])
    assert reply.data == (("error", said),)
    assert meta(server, f"{command} client site-9")["status"] == "invalid_target"
    assert clients_of(server) == ["site-1", "site-2"]


@pytest.mark.parametrize("command", ["restart", "shutdown"])
def test_the_old_release_says_only_that_it_is_an_error(command: str) -> None:
    """With the sentence, and without the id of the job (seen live on 2.3.12)."""
    server = SimulatedServer(personality=OLD)
    server.submit(definition(min_clients=2))
    server.advance(3)

    said = f"There are still jobs running. Please let them finish or abort_job before {command}."
    assert meta(server, f"{command} all") == {"status": "error", "info": said}


@pytest.mark.parametrize("personality", [None, "nvflare-2.9"])
def test_while_a_run_is_being_aborted_the_system_shuts_down_and_does_not_restart(personality: str | None) -> None:
    """To shut down takes only runs seriously that nobody aborted; to restart, all (2.9.0, by its code)."""
    server = SimulatedServer(personality=personality)
    job_id = server.submit(definition(min_clients=2, custom_props=behaving(run_seconds=100)))
    server.advance(4)
    ask(server, f"abort_job {job_id}")

    assert meta(server, "restart all")["status"] == "job_running"
    assert meta(server, "shutdown all")["status"] == "ok"


def test_a_run_that_is_only_called_running_keeps_the_system_from_restarting() -> None:
    """Its processes are gone when its abort is about to end, and its status is not final (2.9.0, by its code)."""
    server = SimulatedServer(personality="nvflare-2.9")
    session = server.connect()
    job_id = server.submit(definition(min_clients=2, custom_props=behaving(run_seconds=100)))
    server.advance(4)
    session.abort_job(job_id)
    while session.get_system_info().job_info:
        server.advance(0.1)
    assert session.get_job_meta(job_id)["status"] == "RUNNING"

    assert meta(server, "restart all")["status"] == "job_running"
    server.run_until_idle()
    assert meta(server, "restart all")["status"] == "ok"


@pytest.mark.parametrize("command", ["restart", "shutdown"])
def test_clients_are_named_with_client_alone(server: SimulatedServer, command: str) -> None:
    """Of all of them, or of the server, names mean nothing; of clients, those that nobody knows are told."""
    assert meta(server, f"{command} all site-9")["status"] == "ok"
    server = SimulatedServer()
    reply = ask(server, f"{command} client site-1 x y")

    assert (reply.api_status, reply.status) == (ApiStatus.ERROR_INVALID_CLIENT, "invalid_target")
    assert reply.info == "invalid client(s): x y"


@pytest.mark.parametrize(("personality", "seconds"), [(None, 13), ("nvflare-2.9", 13), (OLD, 8)])
def test_clients_start_again(personality: str | None, seconds: float) -> None:
    """They are gone for some seconds; the command is answered once they have heard it."""
    server = SimulatedServer(personality=personality)
    reply = ask(server, "restart client site-1")

    assert reply.payload.get("client_status") == (None if personality == OLD else {"site-1": "Restart the client..."})
    assert reply.data == (("string", "client:site-1 : Restart the client...\n"), ("success", ""))
    assert to_seconds(reply.delay) == 0.95
    assert clients_of(server) == ["site-2"]
    server.advance(seconds - 0.1)
    assert clients_of(server) == ["site-2"]
    server.advance(0.1)

    assert clients_of(server) == ["site-2", "site-1"]


def test_a_silent_client_does_not_start_again(server: SimulatedServer) -> None:
    """It is asked in vain, and stays listed (seen live on 2.9.0)."""
    server.faults.drop("site-1")
    reply = ask(server, "restart client site-1")

    assert reply.payload["client_status"] == {"site-1": "no_reply"}
    assert (reply.data[0], reply.delay) == (("string", "client:site-1 : No replies\n"), 0)
    assert clients_of(server) == ["site-1", "site-2"]


@pytest.mark.parametrize("personality", [None, "nvflare-2.9", OLD])
def test_a_server_without_clients_starts_again(personality: str | None) -> None:
    """At once, as there is nobody to tell."""
    server = SimulatedServer(personality=personality, clients=())
    reply = ask(server, "restart server")

    assert reply.payload == ({} if personality == OLD else {"server_status": "ok"})
    assert (reply.data, reply.delay) == ((("string", "Server scheduled for restart"), ("success", "")), 0)
    server.advance(20)
    assert meta(server, "check_status server")["server_status"] == "stopped"


def test_of_clients_that_start_again_one_may_be_shut_out(server: SimulatedServer) -> None:
    """Meanwhile: the others register all the same."""
    ask(server, "restart client")
    ask(server, "disable_client site-1")
    server.advance(13)

    assert clients_of(server) == ["site-2"]


def test_the_server_starts_again(server: SimulatedServer, session: Session) -> None:
    """It goes down some seconds later, for some seconds, and its clients need some more."""
    reply = ask(server, "restart server")
    assert reply.payload["server_status"] == "ok"
    assert [content for _, content in reply.data] == [
        "Trying to restart all clients before restarting server...",
        "client:site-1 : Restart the client...\nclient:site-2 : Restart the client...\n",
        "Server scheduled for restart",
        "",
    ]
    server.advance(4.2)
    assert ask_with(session, "list_jobs").status == "ok"
    assert clients_of(server) == []
    server.advance(0.1)
    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION
    server.advance(9)
    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_INACTIVE_SESSION
    assert clients_of(server) == []
    server.advance(4)

    assert clients_of(server) == ["site-1", "site-2"]


@pytest.mark.parametrize(
    ("personality", "command", "seconds"),
    [
        (None, "shutdown client", 0.35),
        (None, "shutdown all", 0.95),
        (OLD, "shutdown client", 0.1),
        (OLD, "shutdown all", 0.95),
    ],
)
def test_to_shut_down_is_answered_once_clients_have_heard(
    personality: str | None, command: str, seconds: float
) -> None:
    """Sooner when they end alone; who is silent has nothing to say."""
    server = SimulatedServer(personality=personality)
    server.faults.drop("site-1")
    reply = ask(server, command)

    answers = [["CLIENT", "RESPONSE"], ["site-1", ""], ["site-2", "Shutdown the client..."]]
    assert ("table", answers) in reply.data
    assert to_seconds(reply.delay) == seconds


def test_a_client_that_was_shut_down_may_be_started_by_hand(server: SimulatedServer) -> None:
    """From then on it is shut out and let in again as any other."""
    ask(server, "shutdown client site-1")
    server.faults.reconnect("site-1")
    ask(server, "disable_client site-1")
    ask(server, "enable_client site-1")
    server.advance(3)

    assert clients_of(server) == ["site-2", "site-1"]


def test_clients_shut_down_for_good(server: SimulatedServer) -> None:
    """A client that was shut down stays away, also when it is shut out and let in again."""
    reply = ask(server, "shutdown client site-1").as_dict()
    assert reply["meta"] == {"status": "ok", "info": ""}
    assert reply["data"][0]["rows"] == [["CLIENT", "RESPONSE"], ["site-1", "Shutdown the client..."]]
    ask(server, "disable_client site-1")
    ask(server, "enable_client site-1")
    server.run_until_idle()
    server.advance(1000)

    assert clients_of(server) == ["site-2"]


@pytest.mark.parametrize(
    ("personality", "status"), [(None, "clients_running"), ("nvflare-2.9", "clients_running"), (OLD, "error")]
)
def test_the_server_alone_does_not_shut_down_while_clients_are_there(personality: str | None, status: str) -> None:
    """They have to be shut down first (seen live on 2.3.12 and 2.9.0)."""
    server = SimulatedServer(personality=personality)
    reply = ask(server, "shutdown server")

    assert reply.status == status
    assert reply.data == (("error", "There are still active clients. Shutdown all clients first."),)
    assert clients_of(server) == ["site-1", "site-2"]
    ask(server, "shutdown client")
    assert ask(server, "shutdown server").status == "ok"


def test_the_server_shuts_down_for_good(server: SimulatedServer, session: Session) -> None:
    """It answers for some seconds more, without clients, lets sessions in, and then no more."""
    assert ("shutdown", "Goodbye!") in ask(server, "shutdown all").data
    assert clients_of(server) == []
    server.advance(4.2)
    assert ask_with(session, "list_jobs").status == "ok"
    server.connect()
    server.advance(0.1)

    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION


def test_the_old_release_lets_nobody_in_once_it_was_told_to_end() -> None:
    """Open sessions go on for half a second after the reply; a new one finds nobody (seen live on 2.3.12)."""
    server = SimulatedServer(personality=OLD)
    session = server.connect()
    login = server.login("admin@nvidia.com")
    said = [item for item in ask_with(session, "shutdown all").data if item[0] != "table"]

    assert said == [
        ("string", "Trying to shutdown clients before server..."),
        ("string", "FL app has been shutdown."),
        ("shutdown", "Bye bye"),
        ("success", ""),
    ]
    with pytest.raises(NoConnection):
        server.login("admin@nvidia.com")
    server.advance(1.4)
    assert server.request(login, Command("list_jobs")).status == "ok"
    server.advance(0.1)
    assert server.request(login, Command("list_jobs")).status == "error"


def test_a_server_that_died_before_it_ended_is_not_ended_twice(server: SimulatedServer) -> None:
    """What it was told before it was killed and started again is forgotten."""
    ask(server, "shutdown all")
    server.faults.crash(after=1)
    server.faults.restart(after=2)
    server.advance(20)

    assert server.connect().list_jobs() == []
