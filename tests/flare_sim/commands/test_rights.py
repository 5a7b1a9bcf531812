"""Rights: NVFLARE's default policy, cell by cell, each tried on a server; what is refused changes and tells nothing."""

from __future__ import annotations

import inspect
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import AuthorizationError, Session, SimulatedServer, User
from flare_sim.commands.protocol import ApiStatus, Command, MetaStatus
from flare_sim.commands.request import Request
from flare_sim.commands.rights import PERMISSIONS, allowed
from flare_sim.commands.table import COMMANDS, answer
from flare_sim.users import ROLES
from tests.flare_sim.commands.rights_table import FROM, JOBS, LINES, METHODS, SYSTEM, WHOSE, cells
from tests.flare_sim.commands.rights_table import ROLES as COLUMNS
from tests.flare_sim.job_samples import behaving, definition, write_job

if TYPE_CHECKING:
    from flare_sim import Reply
    from flare_sim.jobs.definition import JobDefinition

COLLEAGUE, STRANGER = User("colleague", "nvidia", "lead"), User("stranger", "other.com", "lead")
REFERENCE = Path(__file__).parents[3] / "docs" / "reference.md"


def server_with(user: User, secret: str = "a") -> SimulatedServer:
    """A server on which the user, a colleague and a stranger have a running job each; the secret is in all of them."""
    server = SimulatedServer(clients=2, users=(user, COLLEAGUE, STRANGER))
    for whose in (user, COLLEAGUE, STRANGER):
        once = whose._replace(role="lead")  # whoever may not submit has had another role before
        command = Command("submit_job", payload=secretive(secret))
        server._transact(answer, Request(server._state, server._runner, once, command))
    server.advance(20)
    return server


shared = lru_cache(server_with)
"""A server for all that is refused, as that changes nothing."""


def secretive(secret: str) -> JobDefinition:
    """A job that is full of a secret."""
    return definition(name=f"name-{secret}", secret=secret, custom_props=behaving(run_seconds=1000))


def state_of(server: SimulatedServer) -> tuple[Any, ...]:
    """All that a refused command might have changed."""
    return server.clock.time(), server.trace.digest(), server.jobs, server.remarks


def command_of(line: str, job_id: str) -> Command:
    """The command that a line stands for; a job comes with the one that submits."""
    command = Command.parse(line.format(job=job_id))
    return command._replace(args=(), payload=definition()) if command.name == "submit_job" else command


def was_refused(reply: Reply) -> bool:
    """Whether a reply says that the user may not."""
    assert (reply.status == MetaStatus.NOT_AUTHORIZED) is (reply.api_status == ApiStatus.ERROR_AUTHORIZATION)
    return reply.status == MetaStatus.NOT_AUTHORIZED


def asker(role: str, where: str) -> User:
    """A user of a role, of the organisation that the server belongs to or of another."""
    return User("asker", "elsewhere.org" if where == "elsewhere" else "nvidia", role)


@pytest.mark.parametrize(("command", "role", "where", "may"), cells())
def test_every_cell(command: str, role: str, where: str, may: bool) -> None:
    """Who may is answered; who may not is refused, changes nothing, and learns nothing of what they asked for."""
    user = asker(role, where)
    server = server_with(user) if may else shared(user)
    job_id = server.jobs[WHOSE.index(where)].job_id if where in WHOSE else ""
    before = state_of(server)
    reply = server.request(server.login(user.name), command_of(LINES[command], job_id))

    assert was_refused(reply) is not may
    if not may:
        told = "" if command == "admin_check_status" else f"user 'asker' is not authorized for '{command}'"
        assert reply == (reply.api_status, reply.status, told, {}, (), (), 0, reply.time, False)
        assert state_of(server) == before


@pytest.mark.parametrize("role", COLUMNS)
@pytest.mark.parametrize("command", JOBS)
def test_a_refusal_is_the_same_whatever_the_job(command: str, role: str) -> None:
    """Jobs that differ in all they have are refused in the same words, after the same time."""
    user = asker(role, "here")
    told = {}
    for secret in ("a", "b" * 1000):
        server = shared(user, secret)
        login = server.login(user.name)
        replies = [server.request(login, command_of(LINES[command], job.job_id)) for job in server.jobs]
        told[secret] = [(reply, server.clock.time()) for reply in replies if was_refused(reply)]

    assert told["a"] == told["b" * 1000]


@pytest.mark.parametrize("role", COLUMNS)
@pytest.mark.parametrize(
    ("method", "whose"),
    [(method, whose) for method, command in METHODS.items() for whose in (WHOSE if command in JOBS else ["here"])],
)
def test_every_method_of_a_session(method: str, whose: str, role: str, tmp_path: Path) -> None:
    """It raises AuthorizationError for whoever may not, changes nothing, and leaves no file."""
    user, command = asker(role, "here"), METHODS[method]
    may = command is None or (command, role, whose, True) in cells()
    server = server_with(user) if may else shared(user)
    session = server.connect(user.name, download_dir=str(tmp_path / "results"))
    arguments: tuple[Any, ...] = (server.jobs[WHOSE.index(whose)].job_id,) if whose in WHOSE else ()
    if command == "submit_job":
        arguments = (definition() if method == "submit_definition" else write_job(tmp_path / "job"),)
    before = state_of(server)
    if may:
        getattr(session, method)(*arguments)
        return
    with pytest.raises(AuthorizationError) as refused:
        getattr(session, method)(*arguments)

    assert str(refused.value) == f"user 'asker' is not authorized for '{command}'"
    assert state_of(server) == before
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("role", COLUMNS)
def test_lists_hold_ones_own_jobs_unless_all_are_asked_for(role: str) -> None:
    """Everybody may view all jobs; a list that asks for one's own has no other, in any of its forms."""
    server = server_with(asker(role, "here"))
    session = server.connect("asker")
    own, *_ = server.jobs

    for detailed in (False, True):
        assert [job["job_id"] for job in session.list_jobs(detailed)] == [own.job_id]
        assert {job["job_id"] for job in session.list_jobs(detailed, all=True)} == {job.job_id for job in server.jobs}


def test_what_is_allowed_for_one_job_touches_no_other() -> None:
    """An abort and a delete by the administrator of the organisation: of a colleague's job, and of that alone."""
    server = server_with(asker("org_admin", "here"))
    session = server.connect("asker")
    own, colleagues, strangers = server.jobs
    session.abort_job(colleagues.job_id)
    session.delete_job(own.job_id)

    assert [(job.job_id, job.status) for job in server.jobs] == [
        (colleagues.job_id, "FINISHED:ABORTED"),
        (strangers.job_id, "RUNNING"),
    ]


def test_the_table_leaves_out_no_command_no_role_and_no_method() -> None:
    """Whoever adds one has to say who may."""
    public = {name for name, _ in inspect.getmembers(Session, inspect.isfunction) if not name.startswith("_")}

    assert {*JOBS, *SYSTEM} == set(COMMANDS) == set(LINES)
    assert {name for name, spec in COMMANDS.items() if spec.about_job} == set(JOBS)
    assert set(COLUMNS) == set(ROLES)
    assert set(METHODS) == public


def test_the_reference_says_the_same() -> None:
    """The tables for people have the same rows, in the same order."""
    text = REFERENCE.read_text(encoding="utf-8").partition("### Rights")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:3] == "| `"]
    told = {re.findall("`(.+)`", row[0])[0]: tuple(row[1:]) for row in rows}

    assert told == {command: tuple(map(in_words, row)) for command, row in {**JOBS, **SYSTEM}.items()}


def in_words(marks: str) -> str:
    """What the reference says for a cell."""
    return {
        "yyy": "all", "yy-": "of their organisation", "y--": "own", "---": "no",
        "yy": "yes", "y-": "of the server's organisation", "--": "no",
    }[marks]  # fmt: skip


def test_an_unknown_right_is_nobodys() -> None:
    """A right a role does not list is one it does not have."""
    assert not any(allowed(User("x", role=role), "fly") for role in ROLES)


def test_a_right_about_jobs_needs_a_job() -> None:
    """A right that depends on the submitter can't be had without one."""
    assert not allowed(User("x"), "manage_job")


def test_the_policy_cannot_be_changed() -> None:
    """The table is read-only, at both levels."""
    for table in (PERMISSIONS, PERMISSIONS["lead"]):
        with pytest.raises(TypeError):
            table["x"] = "any"  # type: ignore[index]


def test_every_role_has_its_rights() -> None:
    """The policy speaks of the roles a user can have, in their order, and of no other."""
    assert tuple(PERMISSIONS) == ROLES
    assert FROM == ("here", "elsewhere")
