"""Quirks of servers that are gone, of lost sessions and unknown users, each on and off."""

from __future__ import annotations

import pytest

from flare_sim import AuthenticationError, InternalError, NoConnection, SessionClosed
from tests.flare_sim.personality.one_quirk import a_server, both


@both
def test_lost_server_is_internal_error(on: bool) -> None:
    """An open session gets InternalError, or NoConnection; a new one NoConnection either way."""
    server = a_server("lost-server-is-internal-error", on=on)
    session = server.connect()
    server.faults.partition()

    with pytest.raises(InternalError if on else NoConnection):
        session.list_jobs()
    with pytest.raises(NoConnection):
        server.connect()
    server.faults.repair()
    assert session.list_jobs() == []


@both
def test_lost_session_is_internal_error(on: bool) -> None:
    """It says session_inactive, and again, and never SessionClosed."""
    server = a_server("lost-session-is-internal-error", on=on)
    session = server.connect()
    server.faults.lose_sessions()

    for _ in range(2):
        with pytest.raises(InternalError if on else SessionClosed, match="session_inactive" if on else "closed"):
            session.list_jobs()


@both
def test_sessions_survive_restart(on: bool) -> None:
    """A session opened before the server was killed works on, or is lost."""
    server = a_server("sessions-survive-restart", on=on)
    session = server.connect()
    server.faults.crash()
    with pytest.raises(NoConnection):
        session.list_jobs()
    server.faults.restart()

    if on:
        assert session.list_jobs() == []
    else:
        with pytest.raises(SessionClosed):
            session.list_jobs()


@both
def test_unknown_user_cannot_connect(on: bool) -> None:
    """To a user nobody knows there seems to be no server, or it says that it doesn't know them."""
    with pytest.raises(NoConnection if on else AuthenticationError):
        a_server("unknown-user-cannot-connect", on=on).connect("stranger@nowhere.org")


@both
def test_clients_are_back_soon(on: bool) -> None:
    """Five seconds after the restart, or as long as the configuration says, if that is longer."""
    server = a_server("clients-back-soon", on=on)
    server.faults.crash()
    server.faults.restart()
    session = server.connect()
    server.advance(4.9)
    assert session.get_system_info().client_info == []
    server.advance(0.1)
    assert len(session.get_system_info().client_info) == (2 if on else 0)
    server.advance(22)

    assert len(session.get_system_info().client_info) == 2
