"""Users: by name, and only those that make sense."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import DEFAULT_USERS, User
from flare_sim.users import user_table

ADMIN = DEFAULT_USERS[0]


def test_users_are_found_by_name() -> None:
    """A table holds users by name; a bare name is a lead."""
    assert user_table([ADMIN, "eve"]) == {ADMIN.name: ADMIN, "eve": User("eve", "nvidia", "lead")}


@pytest.mark.parametrize(
    ("users", "match"),
    [
        ([""], "without a name"),
        (["a", "a"], "given twice"),
        ([("a", "x", "king")], "role 'king'; known: project_admin"),
        ([("a", "", "lead")], "organisation '', which is none"),
        ([()], "not 0 parts"),
        ([("a", "x", "lead", "y")], "not 4 parts"),
    ],
)
def test_impossible_users_are_refused(users: Any, match: str) -> None:
    """A user has a name of their own and a role that exists."""
    with pytest.raises(ValueError, match=match):
        user_table(users)


def test_a_user_is_checked_when_made() -> None:
    """Nobody has to make a server to learn that a role does not exist."""
    with pytest.raises(ValueError, match="role 'king'; known: project_admin"):
        User("a", "x", "king")
