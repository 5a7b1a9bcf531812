"""Rights: the default policy, cell by cell."""

from __future__ import annotations

import pytest

from flare_sim import DEFAULT_USERS, User
from flare_sim.commands.rights import PERMISSIONS, allowed
from flare_sim.users import ROLES

ADMIN, ORG_ADMIN, LEAD, MEMBER, OTHER_LEAD = DEFAULT_USERS
COLLEAGUE = User("lead3@nvidia.com", "nvidia", "lead")

# For each user: submit, then clone, manage and download of jobs of themselves, of a colleague, of a stranger.
EXPECTED = {
    ADMIN: ("yes", "yes yes yes", "yes yes yes", "yes yes yes"),
    ORG_ADMIN: ("no", "no no no", "yes yes no", "yes yes no"),
    LEAD: ("yes", "yes no no", "yes no no", "yes no no"),
    MEMBER: ("no", "no no no", "no no no", "no no no"),
}


@pytest.mark.parametrize("user", EXPECTED, ids=lambda user: user.role)
def test_a_role_has_the_rights_of_the_default_policy(user: User) -> None:
    """What each role may do with whose jobs is NVFLARE's default policy."""
    submit, *others = EXPECTED[user]
    submitters = (user, COLLEAGUE, OTHER_LEAD)

    assert allowed(user, "submit_job") == (submit == "yes")
    assert all(allowed(user, "view", submitter) for submitter in (None, *submitters))
    for right, cells in zip(("clone_job", "manage_job", "download_job"), others, strict=True):
        assert [allowed(user, right, submitter) for submitter in submitters] == [
            cell == "yes" for cell in cells.split()
        ]


def test_an_unknown_right_is_nobodys_but_for_no_role() -> None:
    """A right a role does not list is one it does not have."""
    assert not any(allowed(user, "fly") for user in DEFAULT_USERS)


def test_a_right_about_jobs_needs_a_job() -> None:
    """A right that depends on the submitter can't be had without one."""
    assert not allowed(LEAD, "manage_job")


def test_the_policy_cannot_be_changed() -> None:
    """The table is read-only, at both levels."""
    for table in (PERMISSIONS, PERMISSIONS["lead"]):
        with pytest.raises(TypeError):
            table["x"] = "any"  # type: ignore[index]


def test_every_role_has_its_rights() -> None:
    """The policy speaks of the roles a user can have, in their order, and of no other."""
    assert tuple(PERMISSIONS) == ROLES
