"""Commands as NVFLARE's own session sends them, and the replies it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import Client, Command, InvalidJobDefinition, Reply, SimulatedServer
from flare_sim.commands.protocol import ApiStatus
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from flare_sim import Session


NO_LIMIT = "{'resources': [], 'reserved_resources': {}}"


def ask(server: SimulatedServer, line: str, user: str = "admin@nvidia.com") -> Reply:
    """Send a command line as a user."""
    return server.request(server.connect(user)._login, Command.parse(line))


def meta(server: SimulatedServer, line: str, user: str = "admin@nvidia.com") -> dict[str, Any]:
    """The meta of the reply to a command line."""
    made: dict[str, Any] = ask(server, line, user).as_dict()["meta"]
    return made


@pytest.fixture
def jobs(session: Session) -> list[str]:
    """Five jobs: three of the administrator's and two of the lead's."""
    lead = session._server.connect("lead@nvidia.com")
    return [
        (lead if number % 2 else session).submit_definition(definition(name=f"Job-{number}")) for number in range(5)
    ]


def test_an_unknown_command_is_a_syntax_error(server: SimulatedServer) -> None:
    """What the server does not know it says so, without a meta."""
    assert ask(server, "fly away").as_dict() == {"status": "ERROR_SYNTAX", "details": "Command fly not found"}


@pytest.mark.parametrize("line", ["get_job_meta", "abort_job", "delete_job", "clone_job", "download_job"])
def test_a_command_about_a_job_takes_one_id(server: SimulatedServer, line: str) -> None:
    """None is a syntax error, and so are two; but first the id has to be known."""
    job_id = server.submit(definition())

    assert meta(server, line) == {"status": "syntax_error", "info": "missing job_id"}
    assert meta(server, line + " A b") == {"status": "invalid_job_id", "info": "a"}
    assert meta(server, f"{line} {job_id} b") == {"status": "syntax_error", "info": "too many arguments"}


def test_existence_comes_before_rights(server: SimulatedServer, jobs: list[str]) -> None:
    """A member who asks for an unknown job is told that it is unknown, not that he may not (as observed)."""
    assert meta(server, "abort_job x", "member@nvidia.com")["status"] == "invalid_job_id"
    reply = ask(server, f"abort_job {jobs[0]}", "member@nvidia.com").as_dict()

    assert (reply["status"], reply["meta"]["status"]) == ("ERROR_AUTHORIZATION", "not_authorized")
    assert reply["meta"]["info"] == "user 'member@nvidia.com' is not authorized for 'abort_job'"


def test_a_submission_comes_with_a_job(server: SimulatedServer) -> None:
    """A bare submit_job has no job; one with a payload answers with the id."""
    login = server.connect()._login

    assert meta(server, "submit_job /a")["status"] == "invalid_job_def"
    reply = server.request(login, Command("submit_job", ("/a",), definition())).as_dict()
    job_id = reply["meta"]["job_id"]
    assert reply["data"] == [{"type": "string", "data": f"Submitted job: {job_id}"}, {"type": "success", "data": ""}]


@pytest.mark.parametrize("thing", [None, "jobs/small", {"name": "small"}])
def test_a_submission_of_anything_else_leaves_nothing(server: SimulatedServer, thing: Any) -> None:
    """What is no definition is refused before a job is made of it."""
    with pytest.raises(InvalidJobDefinition, match="no job came"):
        server.submit(thing)

    assert (server.jobs, len(server.trace)) == ((), 0)


def test_a_meta_is_in_the_reply_twice(server: SimulatedServer, jobs: list[str]) -> None:
    """The meta stands where a session reads it, and where a console shows it."""
    reply = ask(server, f"get_job_meta {jobs[0].upper()}").as_dict()

    assert reply["meta"]["job_meta"]["job_id"] == jobs[0]
    assert reply["data"] == [{"type": "dict", "data": reply["meta"]["job_meta"]}]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("-u", [0, 2, 4]),
        ("-r", [4, 3, 2, 1, 0]),
        ("-m 2", [3, 4]),
        ("-m 2 -r", [4, 3]),
        ("-m 0", [0, 1, 2, 3, 4]),
        ("-n job-3", [3]),
        ("-n JOB", [0, 1, 2, 3, 4]),
        ("-n x", []),
        ("-d -u -m 1", [4]),
        ("zzz", []),
    ],
)
def test_a_list_is_filtered_as_asked(
    server: SimulatedServer, jobs: list[str], options: str, expected: list[int]
) -> None:
    """Options and prefixes choose and order as real servers do: the newest so many, prefixes in any case."""
    listed = meta(server, f"list_jobs {options}")["jobs"]

    assert [jobs.index(job["job_id"]) for job in listed] == expected


def test_a_list_takes_a_prefix_of_an_id(server: SimulatedServer, jobs: list[str]) -> None:
    """Jobs whose id begins so, in any case."""
    assert [job["job_id"] for job in meta(server, f"list_jobs {jobs[2][:9].upper()}")["jobs"]] == [jobs[2]]


@pytest.mark.parametrize("options", ["-x", "a b", "-m", "-m x", "-m -1", "-n", "-m 9999999999"])
def test_a_list_asked_for_badly_is_a_syntax_error(server: SimulatedServer, jobs: list[str], options: str) -> None:
    """An option that does not exist or lacks its value is refused."""
    assert meta(server, f"list_jobs {options}")["status"] == "syntax_error"


def test_an_empty_list_says_why(server: SimulatedServer, session: Session) -> None:
    """No job at all, or none that fits."""
    assert ask(server, "list_jobs").data[0] == ("string", "No jobs found.")
    session.submit_definition(definition())
    assert ask(server, "list_jobs zzz").data[0] == ("string", "No jobs matching the specified criteria.")


def test_a_plain_list_is_shown_as_a_table(server: SimulatedServer, jobs: list[str]) -> None:
    """A heading and a row per job."""
    rows = ask(server, "list_jobs").as_dict()["data"][0]["rows"]

    assert rows[0][0] == "JOB ID"
    assert [row[0] for row in rows[1:]] == jobs


def test_a_detailed_list_computes_the_duration_of_a_run(server: SimulatedServer, jobs: list[str]) -> None:
    """The meta says N/A until the end; a list computes how long it has run."""
    server.advance(3.15)
    listed = meta(server, "list_jobs -d")["jobs"][0]
    plain = meta(server, f"get_job_meta {jobs[0]}")["job_meta"]

    assert (listed["duration"], plain["duration"]) == ("0:00:02.000000", "N/A")
    assert {**listed, "duration": "N/A"} == plain


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


def test_components_of_a_job(server: SimulatedServer, jobs: list[str]) -> None:
    """There are none, and so there is nothing to download."""
    assert meta(server, f"list_job {jobs[0]}")["job_components"] == []
    assert meta(server, f"download_job_components {jobs[0]}")["status"] == "no_job_components"


def test_only_a_running_job_has_stats(server: SimulatedServer, jobs: list[str]) -> None:
    """A job that does not run says so; what a run would say is not simulated, and says that."""
    assert meta(server, f"show_stats {jobs[0]} all") == {"status": "job_not_running", "info": jobs[0]}
    server.advance(1.5)
    reply = meta(server, f"show_errors {jobs[0]} server")

    assert reply["status"] == "syntax_error"
    assert "show_errors" in reply["info"]


def test_aborting_says_what_was_done(server: SimulatedServer, jobs: list[str]) -> None:
    """Before the run, during it, after it: each has its sentence, and its time."""
    server.advance(1.5)
    running, waiting = jobs[0], jobs[4]

    first = ask(server, f"abort_job {waiting}")
    again = ask(server, f"abort_job {waiting}")
    stopping = ask(server, f"abort_job {running}")

    assert (first.info, first.delay) == (f"Aborted the job {waiting} before running it.", 0)
    assert (again.info, again.delay) == (f"Job for {waiting} is already completed.", 0)
    assert (stopping.info, stopping.delay) == ("Abort signal has been sent to the server app.", 3_000_000)


def test_a_large_result_has_a_location(server: SimulatedServer, jobs: list[str]) -> None:
    """A result over the limit comes as a location, any other as files."""
    small = ask(server, f"download_job {jobs[0]}")
    server._state.config = server.config._replace(max_download_bytes=10)
    large = ask(server, f"download_job {jobs[0]}")

    assert (small.payload, len(small.content)) == ({"job_id": jobs[0]}, 4)
    assert large.payload["job_download_url"] == f"flare-sim://simulated_project/{jobs[0]}"
    assert large.content == ()


def test_a_server_that_is_not_there_answers_for_nobody(server: SimulatedServer, session: Session) -> None:
    """Cut off, or closed: no connection."""
    server.faults.partition()
    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION
    server.faults.repair()
    server.close()

    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION


def ask_with(session: Session, line: str) -> Reply:
    """Send a command line through an open session."""
    return session._server.request(session._login, Command.parse(line))


def clients_of(server: SimulatedServer) -> list[str]:
    """The clients the server counts as there."""
    return [client["client_name"] for client in meta(server, "check_status server")["clients"]]


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


def test_only_the_administrator_asks_for_the_system(server: SimulatedServer) -> None:
    """What shutdown_system looks at last is for the project's administrator alone."""
    assert meta(server, "admin_check_status server")["server_status"] == "stopped"
    assert meta(server, "admin_check_status server", "org@nvidia.com")["status"] == "not_authorized"
    assert meta(server, "shutdown all", "member@nvidia.com")["status"] == "not_authorized"
