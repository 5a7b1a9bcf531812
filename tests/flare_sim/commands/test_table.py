"""What holds for every command: unknown ones, ids, rights, a server that is not there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from flare_sim.commands.protocol import ApiStatus
from flare_sim.commands.table import COMMANDS
from tests.flare_sim.job_samples import definition

if TYPE_CHECKING:
    from flare_sim import Session, SimulatedServer
from tests.flare_sim.commands.command_lines import ask, ask_with, meta


def test_an_unknown_command_is_a_syntax_error(server: SimulatedServer) -> None:
    """What the server does not know it says so, without a meta."""
    server.advance(2)
    reply = ask(server, "fly away")

    assert reply.as_dict() == {"status": "ERROR_SYNTAX", "details": "Command fly not found"}
    assert reply.time == server._state.now


def test_a_reply_repeats_no_more_than_anybody_reads(server: SimulatedServer) -> None:
    """Of a command of any length."""
    for length, told in ((4000, "x" * 4000), (4001, "x" * 4000 + "...")):
        assert ask(server, "x" * length).info == f"Command {told} not found"


@pytest.mark.parametrize("line", ["get_job_meta", "abort_job", "delete_job", "clone_job", "download_job"])
def test_a_command_about_a_job_takes_one_id(server: SimulatedServer, line: str) -> None:
    """None is a syntax error, and so are two; but first the id has to be known."""
    job_id = server.submit(definition())

    assert meta(server, line) == {"status": "syntax_error", "info": "missing job_id"}
    assert meta(server, line + " A b") == {"status": "invalid_job_id", "info": "A"}
    assert meta(server, f"{line} {job_id} b") == {"status": "syntax_error", "info": "too many arguments"}


def test_existence_comes_before_rights(server: SimulatedServer, jobs: list[str]) -> None:
    """A member who asks for an unknown job is told that it is unknown, not that he may not (as observed)."""
    assert meta(server, "abort_job x", "member@nvidia.com")["status"] == "invalid_job_id"
    reply = ask(server, f"abort_job {jobs[0]}", "member@nvidia.com").as_dict()

    assert (reply["status"], reply["meta"]["status"]) == ("ERROR_AUTHORIZATION", "not_authorized")
    assert reply["meta"]["info"] == "user 'member@nvidia.com' is not authorized for 'abort_job'"


def test_a_server_that_is_not_there_answers_for_nobody(server: SimulatedServer, session: Session) -> None:
    """Cut off, or closed: no connection."""
    server.faults.partition()
    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION
    server.faults.repair()
    server.close()

    assert ask_with(session, "list_jobs").api_status == ApiStatus.ERROR_SERVER_CONNECTION


def test_only_the_administrator_asks_for_the_system(server: SimulatedServer) -> None:
    """What shutdown_system looks at last is for the project's administrator alone."""
    assert meta(server, "admin_check_status server")["server_status"] == "stopped"
    assert meta(server, "admin_check_status server", "org@nvidia.com")["status"] == "not_authorized"
    assert meta(server, "shutdown all", "member@nvidia.com")["status"] == "not_authorized"


@pytest.mark.parametrize("name", COMMANDS)
def test_what_carries_a_command_out_is_where_the_table_says(name: str) -> None:
    """A function with a docstring, in a module below ``flare_sim.commands``."""
    module, function = COMMANDS[name].handler.split(":")

    assert getattr(import_module(f"flare_sim.commands.{module}"), function).__doc__
