"""How the server and its clients say they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import Client, SimulatedServer
from flare_sim.commands.protocol import ApiStatus
from tests.flare_sim.commands.command_lines import ask, meta
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from flare_sim import Session

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


def test_what_a_console_shows_of_the_server(server: SimulatedServer) -> None:
    """The columns of 2.9.0, or those of 2.3.12, and no table of clients when there are none."""
    old = SimulatedServer(personality="nvflare-2.3")
    none = SimulatedServer(clients=())
    tables = [
        [content for kind, content in ask(one, "check_status server").data if kind == "table"]
        for one in (server, old, none)
    ]

    assert tables[0][1][0] == ["CLIENT", "FQCN", "FQSN", "LEAF", "TOKEN", "LAST CONNECT TIME"]
    assert tables[0][1][1][:4] == ["site-1", "site-1", "site-1", "True"]
    assert tables[0][1][1][5] == "Thu Jan  1 00:00:00 2026"
    assert tables[1][1][0] == ["CLIENT", "TOKEN", "LAST CONNECT TIME"]
    assert [table[0] for table in tables[2]] == [["JOB_ID", "APP NAME"]]
    assert "clients" not in meta(none, "check_status server")
    assert none.connect().get_system_info().client_info == []


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


def test_what_a_console_shows_of_clients(server: SimulatedServer, jobs: list[str]) -> None:
    """Their app, job and status, or a question mark for each."""
    server.advance(1.5)
    server.faults.drop("site-2")

    assert ask(server, "check_status client").data == (
        (
            "table",
            [
                ["CLIENT", "APP_NAME", "JOB_ID", "STATUS"],
                ["site-1", "app", jobs[0], "started"],
                ["site-2", "?", "?", "No Reply"],
            ],
        ),
    )
    assert ["site-1", "?", "?", "No Jobs"] in ask(SimulatedServer(), "check_status client").data[0][1]


def test_a_silent_client_has_no_reply(server: SimulatedServer) -> None:
    """It is listed, and whoever asks it for something is told that it does not answer (seen live on 2.9.0)."""
    server.faults.drop("site-2")

    assert meta(server, "check_status client")["client_status"][1] == {"client_name": "site-2", "status": "no_reply"}
    assert ask(server, "report_resources client").data[0][1][2] == ["site-2", "No replies"]
    assert ask(server, "report_version client").data[0][1]["site-2"] == {"error": "No replies"}
    assert len(meta(server, "check_status server")["clients"]) == 2


def test_what_a_client_has_to_give() -> None:
    """The server has no limit; a client names its resources, or has none either."""
    server = SimulatedServer(clients=[Client("site-1", {"num_of_gpus": 2}), "site-2"])
    by_gpus = SimulatedServer(clients=[Client("site-1", {"tpus": 2})], personality="nvflare-2.9")

    assert "'resources': {'tpus': 2}" in str(ask(by_gpus, "report_resources client").data)
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
    assert meta(server, "report_resources server") == {}
    assert ask(SimulatedServer(personality="nvflare-2.3"), "report_resources all").data[0][0] == "string"


def test_the_release_that_runs(server: SimulatedServer) -> None:
    """The one the server is like, on every site; only the project's administrator may ask."""
    assert ask(server, "report_version all").data == (
        ("dict", {name: {"version": "2.3.12"} for name in ("server", "site-1", "site-2")}),
    )
    assert meta(server, "report_version server", "lead@nvidia.com")["status"] == "not_authorized"


@pytest.mark.parametrize(
    ("given", "info"),
    [
        ("", "missing target type (server or client)"),
        (" site-1", "unknown target type site-1"),
        (" client site-1 site-9", "invalid client(s): site-9"),
    ],
)
def test_a_target_is_the_server_clients_or_all(server: SimulatedServer, given: str, info: str) -> None:
    """Anything else is an invalid target, and so is a client nobody knows; 2.3.12 only says that it is an error."""
    old = SimulatedServer(personality="nvflare-2.3")
    for command in ("check_status", "report_resources", "restart", "shutdown"):
        for one, status in ((server, "invalid_target"), (old, "error")):
            reply = ask(one, command + given).as_dict()
            assert reply["meta"] == {"status": status, "info": info}
            assert reply["status"] == ("ERROR_INVALID_CLIENT" if "client(s)" in info else "SUCCESS")
    assert meta(server, f"report_version{given}")["info"] == info


@pytest.mark.parametrize("command", ["check_status", "report_resources", "report_version", "restart", "shutdown"])
def test_without_clients_there_is_nobody_to_ask(command: str) -> None:
    """A command for clients says that there are none (seen live on 2.3.12 and 2.9.0)."""
    server = SimulatedServer(clients=())

    assert meta(server, f"{command} client") == {"status": "invalid_target", "info": "no clients available"}
    assert meta(server, "check_status all")["info"] == "no responses from clients"
    assert ask(server, "report_resources all").data[0][1][1:] == [["server", "unlimited"]]


def test_the_administrators_question_is_refused_without_a_word(server: SimulatedServer) -> None:
    """As on 2.9.0 (#408)."""
    reply = ask(server, "admin_check_status server", "org@nvidia.com")

    assert (reply.api_status, reply.status, reply.info) == (ApiStatus.ERROR_AUTHORIZATION, "not_authorized", "")


@pytest.mark.parametrize(
    ("personality", "words"),
    [
        ("nvflare-2.9", ["starting", "started", "stopped", "no_jobs"]),
        (None, ["started", "no_jobs"]),
    ],
)
def test_what_a_client_says_of_a_run(personality: str | None, words: list[str]) -> None:
    """It starts, has started, has stopped, and is rid of it a moment before the status is final."""
    server = SimulatedServer(personality=personality)
    server.submit(definition(min_clients=2))
    server.advance(1.2)
    said: list[str] = []
    while server.jobs[0].status == "RUNNING":
        status = meta(server, "check_status client site-1")["client_status"][0]["status"]
        said += [status] if [status] != said[-1:] else []
        server.advance(0.1)
    status = meta(server, "check_status client site-1")["client_status"][0]["status"]

    assert [*said, status] == words if said[-1] != status else said == words


def test_what_a_client_of_the_old_release_says_of_a_run() -> None:
    """Before it has started, and once it has stopped, it says the same, and only to a console."""
    server = SimulatedServer(personality="nvflare-2.3")
    server.submit(definition(min_clients=2))
    said: list[str] = []
    for _ in range(90):
        status = ask(server, "check_status client site-1").data[0][1][1][3]
        said += [status] if [status] != said[-1:] else []
        server.advance(0.1)

    assert said == ["No Jobs", "not started", "started", "not started", "No Jobs"]
    assert meta(server, "check_status client") == {}


@pytest.mark.parametrize("personality", ["nvflare-2.3", "nvflare-2.9"])
def test_the_engine_lets_go_of_a_run_before_its_status_is_final(personality: str) -> None:
    """For a moment nothing runs, and yet the job is RUNNING and nothing may be restarted."""
    server = SimulatedServer(personality=personality)
    session = server.connect()
    job_id = session.submit_definition(definition(min_clients=2))
    server.advance(7)
    info = session.get_system_info()
    while info.job_info:
        server.advance(0.05)
        info = session.get_system_info()

    assert (info.server_info.status, session.get_job_meta(job_id)["status"]) == ("stopped", "RUNNING")
    assert "still jobs running" in str(ask(server, "restart client").data)
    assert ask(server, f"show_stats {job_id} server").status == "job_not_running"
    server.advance(0.8)
    assert session.get_job_meta(job_id)["status"] == "FINISHED:COMPLETED"


def test_an_aborted_run_is_held_for_a_while_by_the_old_release() -> None:
    """Its status is final, and for two seconds it is listed, and nothing may be restarted (seen live on 2.3.12)."""
    server = SimulatedServer(personality="nvflare-2.3")
    session: Session = server.connect()
    job_id = session.submit_definition(definition(min_clients=2, custom_props=behaving(run_seconds=100)))
    server.advance(4)
    session.abort_job(job_id)
    info = session.get_system_info()

    assert session.get_job_meta(job_id)["status"] == "FINISHED:ABORTED"
    assert (info.server_info.status, [job.job_id for job in info.job_info]) == ("started", [job_id])
    assert ask(server, "restart client").status == "error"
    server.advance(2)
    assert session.get_system_info().job_info == []
    assert ask(server, "restart client").status == "ok"


def test_orphans_on_clients() -> None:
    """Clients that find their server again go on with a run of before, end it, and are free (seen live on 2.9.0)."""
    server = SimulatedServer(personality="nvflare-2.9")
    session = server.connect()
    orphan = session.submit_definition(definition(min_clients=2, custom_props=behaving(run_seconds=1000)))
    server.advance(4)
    server.faults.crash()
    server.faults.restart(after=5)
    server.advance(5)

    assert meta(server, "check_status client")["info"] == "no clients available"
    assert session.get_system_info().job_info == []
    server.advance(5)
    second = session.submit_definition(definition(min_clients=2))
    said: list[str] = []
    for _ in range(60):
        lines = meta(server, "check_status client site-1")["client_status"]
        words = [line["status"] for line in lines if line.get("job_id") == orphan]
        said += words if words != said[-1:] else []
        server.advance(0.1)

    assert said == ["started", "stopped"]
    assert session.get_job_meta(orphan)["status"] == "RUNNING"
    server.advance(10)
    assert session.get_job_meta(second)["status"] == "FINISHED:COMPLETED"
    ask(server, "restart client")
    server.advance(20)
    assert meta(server, "check_status client")["client_status"][0]["status"] == "no_jobs"
    assert session.get_job_meta(orphan)["status"] == "RUNNING"
