"""Who is logged in, and who may do what."""

from __future__ import annotations

import sqlite3

from flare_sim.spec import AuthenticationError, AuthorizationError, SessionClosed

_WITH_ANY_JOB = {
    "admin": {"view", "submit", "clone", "download", "abort", "delete"},
    "lead": {"view"},
    "guest": {"view"},
}
_WITH_OWN_JOBS = {"lead": {"submit", "clone", "download", "abort", "delete"}}


def log_in(db: sqlite3.Connection, name: str, token: str) -> None:
    """Let a user in, by name alone: who can open the file can do as he likes with it.

    Raises:
        AuthenticationError: there is no such user.
    """
    if db.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchone() is None:
        raise AuthenticationError(f"no such user: {name}")
    db.execute("INSERT INTO logins VALUES (?, ?)", (token, name))


def log_out(db: sqlite3.Connection, token: str) -> None:
    """Let a user go."""
    db.execute("DELETE FROM logins WHERE token = ?", (token,))


def user(db: sqlite3.Connection, token: str) -> str:
    """Who logged in with a token.

    Raises:
        SessionClosed: nobody, or not any more.
    """
    found = db.execute("SELECT user FROM logins WHERE token = ?", (token,)).fetchone()
    if found is None:
        raise SessionClosed("not logged in, or not any more")
    name: str = found["user"]
    return name


def require(db: sqlite3.Connection, name: str, right: str, owner: str) -> None:
    """Make sure that a user may do something, to a job of its owner.

    Raises:
        AuthorizationError: he may not.
    """
    (role,) = db.execute("SELECT role FROM users WHERE name = ?", (name,)).fetchone()
    if right in _WITH_ANY_JOB[role] or (name == owner and right in _WITH_OWN_JOBS.get(role, ())):
        return
    raise AuthorizationError(f"{name}, a {role}, may not {right}")
