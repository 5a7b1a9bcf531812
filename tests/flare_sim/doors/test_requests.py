"""What is sent to a server by hand: it is answered, or refused for what is no command, and nothing has changed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import Command, InvalidJobDefinition, Reply, Session, SimulatedServer, User
from flare_sim.commands.protocol import Login, Refusal
from flare_sim.commands.table import COMMANDS
from flare_sim.untrusted_values import shown
from tests.flare_sim.hostile_values import HOSTILE, RAN, Lying
from tests.flare_sim.job_samples import definition

ADMIN = "admin@nvidia.com"
CHANGING = ("submit_job", "clone_job", "abort_job", "delete_job", "restart", "shutdown", "remove_client")
words = st.one_of(
    st.sampled_from(["server", "client", "all", "site-1", "-d", "-u", "-n", "-m", "-1", "--submit-token"]),
    st.sampled_from(["", " ", "\ud800", "x" * 9999]),
    st.text(max_size=5),
)


@settings(max_examples=150)
@given(
    st.sampled_from([*COMMANDS, "no_such", "", "\0"]),
    st.lists(words, max_size=4),
    st.booleans(),
    st.sampled_from([None, "nvflare-2.3", "nvflare-2.9"]),
)
def test_any_words_are_answered(name: str, args: list[str], about: bool, personality: str | None) -> None:
    """Every command answers any words, in every release, in a few lines; what is refused has changed nothing."""
    server = SimulatedServer(personality=personality)
    login = server.login(ADMIN)
    job_id = server.submit(definition())
    server.advance(2)
    before = server.trace.digest()

    reply = server.request(login, Command(name, (*((job_id,) if about else ()), *args)))

    assert type(reply) is Reply
    assert len(reply.info) < 5000
    assert set(reply.as_dict()) <= {"status", "details", "time", "data", "meta"}
    if name not in CHANGING and "client" not in name:
        assert server.trace.digest() == before


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_command_is_refused(what: str) -> None:
    """Neither as a command, nor as one of its words, nor as a login does anything go that lies; no code of it runs."""
    server = SimulatedServer()
    login = server.login(ADMIN)
    value: Any = HOSTILE[what]()
    before = server.trace.digest()
    del RAN[:]
    said = [asked(server, login, bad) for bad in (value, Command(value), Command("get_job_meta", (value,)))]
    said.append(asked(server, login, Command("get_job_meta", value)))
    nobody = [asked(server, bad, Command("list_jobs")) for bad in (value, Login(value, 1), Login(login.user, value))]

    answers = "a Command (is needed|has a name and words), not |Command .* not found|invalid_job_id|missing job_id"
    assert [one for one in said if not re.match(answers, one, re.DOTALL)] == []
    assert nobody == [f"a Login is needed, not {shown(value)}", *["the server knows no such login"] * 2]
    assert ([], server.trace.digest()) == (RAN, before)


def asked(server: SimulatedServer, login: Any, command: Any) -> str:
    """Ask a server by hand; returns what it says, or why it does not."""
    try:
        reply = server.request(login, command)
    except ValueError as problem:
        return str(problem)
    return reply.info if reply.status != "invalid_job_id" else reply.status


def test_words_that_lie_are_read_as_what_they_are() -> None:
    """Text of somebody's own kind of text is as good as text."""
    server = SimulatedServer()
    job_id = server.submit(definition())
    reply = server.request(server.login(ADMIN), Command(Lying("get_job_meta"), [Lying(job_id)]))  # type: ignore[arg-type]

    assert reply.payload["job_meta"]["job_id"] == job_id
    submitted = Command(Lying("submit_job"), [Lying("job")], definition())  # type: ignore[arg-type]
    assert server.request(server.login(ADMIN), submitted).status == "ok"
    assert len(server.jobs) == 2


def test_what_is_no_job_is_refused() -> None:
    """Whatever comes with submit_job in the place of a job, the reply says that there is none."""
    server = SimulatedServer()
    login = server.login(ADMIN)
    del RAN[:]
    values = [make() for make in HOSTILE.values()]
    payloads: list[Any] = [*values, *map(InvalidJobDefinition, values), InvalidJobDefinition()]
    for payload in payloads:
        reply = server.request(login, Command("submit_job", ("job",), payload))
        assert reply.status == "invalid_job_def"
        assert type(reply.info) is str
    assert server.request(login, Command("submit_job", ("job",), Refusal("error", "why"))).info == "why"

    assert (server.jobs, RAN) == ((), [])


def test_a_session_with_a_login_that_nobody_gave_is_refused() -> None:
    """Its calls say that the server does not know it."""
    from flare_sim import AuthenticationError

    server = SimulatedServer()
    session = Session(server, Login(User("eve", role="super"), 1), None)

    with pytest.raises(AuthenticationError, match="no such login"):
        session.list_jobs()


@pytest.mark.parametrize("number", [0, 3, -1, "1", True])
def test_a_login_that_nobody_was_given_is_unknown(server: SimulatedServer, number: Any) -> None:
    """Whatever number is in it; the reply says so, and when."""
    first, last = server.login("admin@nvidia.com"), server.login("lead@nvidia.com")
    server.advance(2)
    asked = Command("list_jobs")
    reply = server.request(Login(first.user, number), asked)

    assert (reply.api_status, reply.info) == ("ERROR_AUTHENTICATION", "the server knows no such login")
    assert reply.time == server._state.now
    assert [server.request(login, asked).status for login in (first, last)] == ["ok", "ok"]


@pytest.mark.parametrize(("verb", "status"), [("lose_sessions", "ERROR_INACTIVE_SESSION"), ("malfunction", "SUCCESS")])
def test_a_reply_to_nothing_that_was_done_has_its_time(server: SimulatedServer, verb: str, status: str) -> None:
    """So that whoever waits for it knows whether the server that sent it is still there."""
    login = server.login("admin@nvidia.com")
    getattr(server.faults, verb)()
    server.advance(2)
    reply = server.request(login, Command("list_jobs"))

    assert (reply.api_status, reply.time) == (status, server._state.now)


@pytest.mark.parametrize("reply", [None, "ok", ()])
def test_only_a_reply_is_delivered(server: SimulatedServer, reply: Any) -> None:
    """Anything else is shown."""
    with pytest.raises(ValueError, match=f"^a Reply is needed, not {re.escape(shown(reply))}$"):
        server.delivers(reply)
