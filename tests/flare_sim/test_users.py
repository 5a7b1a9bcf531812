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
    ("users", "said"),
    [
        ("ann", "users must be a list of names or Users, not 'ann'"),
        (None, "users must be a list of names or Users, not None"),
        ([""], "user '' is without a name"),
        ([3], "user 3 is without a name"),
        (["a", "b", "a"], "user 'a' is given twice"),
        ([("a", "x", "king")], "user 'a' has role 'king'; known: project_admin, "),
        ([("a", "", "lead")], "user 'a' is of organisation '', which is none"),
        ([()], "a user has a name, an organisation and a role, not 0 parts"),
        ([("a", "x", "lead", "y")], "a user has a name, an organisation and a role, not 4 parts"),
    ],
)
def test_impossible_users_are_refused(users: Any, said: str) -> None:
    """A user has a name of their own and a role that exists."""
    with pytest.raises(ValueError, match=f"^{said}"):
        user_table(users)


def test_a_user_may_be_a_tuple_of_its_parts() -> None:
    """As many as are given; a lead of the site's organisation has no others."""
    given: Any = [("a",), ("b", "x"), ("c", "x", "member")]

    assert [*user_table(given).values()] == [("a", "nvidia", "lead"), ("b", "x", "lead"), ("c", "x", "member")]


def test_a_user_is_checked_when_made() -> None:
    """Nobody has to make a server to learn that a role does not exist."""
    with pytest.raises(ValueError, match="role 'king'; known: project_admin"):
        User("a", "x", "king")
