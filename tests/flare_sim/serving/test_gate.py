"""`Gate`: a command that came by a wire is one of the simulated server's, whatever the wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flare_sim import AuthenticationError, JobBehavior, NoConnection, SimulatedServer
from flare_sim.commands.protocol import ApiStatus, Command, MetaStatus, Reply
from flare_sim.serving.gate import Gate
from flare_sim.serving.transfers import pack
from flare_sim.serving.wire import command_of, write_reply
from tests.flare_sim.job_samples import write_job

ADMIN, MEMBER = "admin@nvidia.com", "member@nvidia.com"


@pytest.fixture
def server() -> Iterator[SimulatedServer]:
    """A fresh server, whose jobs run for an hour."""
    with SimulatedServer(behavior=JobBehavior(run_seconds=3600)) as fresh:
        yield fresh


@pytest.fixture
def gate(server: SimulatedServer, tmp_path: Path) -> Gate:
    """A gate at which waiting moves the clock, as in this process, and one session."""
    fresh = Gate(server, server.clock.sleep, str(tmp_path))
    fresh.enter("one", ADMIN)
    return fresh


def archive_of(tmp_path: Path, name: str = "hello") -> str:
    """A job as a client sends it."""
    job = Path(write_job(tmp_path / "jobs" / name))
    files = [path for path in job.rglob("*") if path.is_file()]
    tree = [(f"{name}/{path.relative_to(job).as_posix()}", path.read_bytes()) for path in files]
    pack(tree, str(tmp_path / f"{name}.zip"))
    return str(tmp_path / f"{name}.zip")


def asked(gate: Gate, *words: str, user: str = ADMIN, session: str = "one", archive: str | None = None) -> Reply:
    """The reply to a command."""
    reply = gate.ask(session, user, Command(words[0], words[1:]), archive)
    assert reply is not None
    return reply


def test_a_job_is_submitted_as_it_is_in_this_process(gate: Gate, server: SimulatedServer, tmp_path: Path) -> None:
    """The same job has the same id, and the trace of the server is the same."""
    sent = asked(gate, "submit_job", "hello", archive=archive_of(tmp_path))
    with SimulatedServer(behavior=JobBehavior(run_seconds=3600)) as other:
        job_id = other.connect(ADMIN).submit_job(str(tmp_path / "jobs" / "hello"))

        assert sent.payload["job_id"] == job_id
        assert server.trace.digest() == other.trace.digest()


def test_a_bad_job_is_the_answer_of_the_server(gate: Gate, tmp_path: Path) -> None:
    """What is no zip file, or no job, gets what a session in this process gets."""
    (tmp_path / "garbage").write_bytes(b"garbage")
    reply = asked(gate, "submit_job", "hello", archive=str(tmp_path / "garbage"))

    assert (reply.api_status, reply.status) == (ApiStatus.SUCCESS, MetaStatus.INVALID_JOB_DEF)
    assert "no job in a zip file" in reply.info
    assert asked(gate, "submit_job", "hello").status == MetaStatus.INVALID_JOB_DEF


def test_rights_are_the_users(gate: Gate, tmp_path: Path) -> None:
    """Who may not submit is told so, in a session of their own."""
    gate.enter("two", MEMBER)
    reply = asked(gate, "submit_job", "hello", user=MEMBER, session="two", archive=archive_of(tmp_path))

    assert reply.status == MetaStatus.NOT_AUTHORIZED


def test_nobody_else_enters(gate: Gate, server: SimulatedServer) -> None:
    """A stranger does not, a user who was revoked does not, and nobody while there is no server."""
    assert (gate.knows(ADMIN), gate.knows("mallory")) == (True, False)
    with pytest.raises(AuthenticationError):
        gate.enter("two", "mallory")
    server.revoke_user(MEMBER)
    assert not gate.knows(MEMBER)
    before = gate.open
    server.faults.crash()
    assert (before, gate.open) == (True, False)
    with pytest.raises(NoConnection):
        gate.enter("two", ADMIN)


def test_a_revoked_user_is_told_so_in_an_open_session(gate: Gate, server: SimulatedServer) -> None:
    """The session stays what it is, and its commands are refused."""
    server.revoke_user(ADMIN)

    assert asked(gate, "list_jobs").status == MetaStatus.NOT_AUTHORIZED


def test_a_session_that_is_gone_on_with_logs_in(gate: Gate) -> None:
    """A client may have a session from before a restart; one of nobody is told so."""
    gate.leave("one")
    gate.leave("one")

    assert asked(gate, "list_jobs").status == MetaStatus.OK
    assert asked(gate, "list_jobs", user="mallory", session="x").status == MetaStatus.NOT_AUTHENTICATED


def test_open_sessions_are_logged_in_at_a_server_that_takes_the_place(gate: Gate) -> None:
    """So that it can lose them; one that is over is none, and whom it keeps out logs in with a later command."""
    gate.enter("two", MEMBER)
    gate.enter("over", ADMIN)
    gate.leave("over")
    with SimulatedServer(users=[ADMIN]) as other:
        gate.exchange(other)
        gate.exchange(other)
        other.faults.lose_sessions()
        assert asked(gate, "list_jobs").api_status == ApiStatus.ERROR_INACTIVE_SESSION
        assert asked(gate, "list_jobs", user=MEMBER, session="two").status == MetaStatus.NOT_AUTHENTICATED
        assert asked(gate, "list_jobs", session="over").status == MetaStatus.OK
    with SimulatedServer() as unreachable:
        unreachable.faults.partition()
        gate.exchange(unreachable)
        assert gate.ask("one", ADMIN, Command("list_jobs")) is None
        unreachable.faults.repair()
        assert asked(gate, "list_jobs").status == MetaStatus.OK


def test_no_answer_gets_through_without_a_server(gate: Gate, server: SimulatedServer) -> None:
    """An open session hears nothing, and one from before neither."""
    server.faults.crash()

    assert gate.ask("one", ADMIN, Command("list_jobs")) is None
    assert gate.ask("other", ADMIN, Command("list_jobs")) is None


def test_a_reply_is_waited_for(server: SimulatedServer, tmp_path: Path) -> None:
    """An abort takes its seconds, slept where the gate is told to; a server that is gone meanwhile does not answer."""
    waited: list[float] = []
    gate = Gate(server, waited.append, str(tmp_path))
    gate.enter("one", ADMIN)
    for _ in range(2):
        job_id = asked(gate, "submit_job", "hello", archive=archive_of(tmp_path / str(_))).payload["job_id"]
        server.advance(60)
        assert asked(gate, "abort_job", job_id).status == MetaStatus.OK
    assert waited == [3.0, 3.0]

    crashing = Gate(server, lambda _: server.faults.crash(), str(tmp_path))
    job_id = asked(gate, "submit_job", "hello", archive=archive_of(tmp_path / "last")).payload["job_id"]
    server.advance(60)
    assert crashing.ask("two", ADMIN, Command("abort_job", (job_id,))) is None


def test_what_is_answered_can_be_told(server: SimulatedServer, tmp_path: Path) -> None:
    """Of each command: whose it was, what, and the reply."""
    told: list[tuple[Any, ...]] = []
    gate = Gate(server, server.clock.sleep, str(tmp_path), lambda *one: told.append(one))
    gate.ask("one", ADMIN, Command("list_jobs", ("-d",)))

    ((user, command, reply),) = told
    assert (user, command, reply.status) == (ADMIN, Command("list_jobs", ("-d",)), MetaStatus.OK)


class Buffer:
    """What NVFLARE writes a reply into, as far as it is used."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self.meta: dict[str, Any] = {}
        self.output: dict[str, Any] = {}

    def append_error(self, text: str) -> None:
        """Write an error, and a meta that says so."""
        self.data.append({"type": "error", "data": text})
        self.meta["status"] = "error"


def test_a_reply_is_written_as_a_session_in_this_process_reads_it(gate: Gate) -> None:
    """Data, meta and time are the same; how the call went is for the client to find."""
    reply, buffer = asked(gate, "list_jobs"), Buffer()
    write_reply(reply, buffer)
    read = reply.as_dict()

    assert (buffer.data, buffer.meta, buffer.output["time"]) == (read["data"], read["meta"], read["time"])


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (ApiStatus.ERROR_INACTIVE_SESSION, "session_inactive"),
        (ApiStatus.ERROR_AUTHORIZATION, "not authorized"),
        (ApiStatus.ERROR_INVALID_CLIENT, "invalid client"),
        (ApiStatus.ERROR_SYNTAX, "Command x not found"),
    ],
)
def test_a_call_that_failed_is_told_by_a_word(status: str, word: str) -> None:
    """NVFLARE's clients look for words in what is written."""
    buffer = Buffer()
    write_reply(Reply(status, info="Command x not found"), buffer)

    assert buffer.data[0] == {"type": "error", "data": word}
    assert bool(buffer.meta) == (status == ApiStatus.ERROR_SYNTAX)


def test_a_command_is_what_stands_behind_its_module() -> None:
    """Clients name the module of commands with which files travel."""
    assert command_of(["job.submit_job", "hello"]) == Command("submit_job", ("hello",))
    assert command_of(["list_jobs"]) == Command("list_jobs")
