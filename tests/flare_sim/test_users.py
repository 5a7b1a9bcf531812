"""Users: by name, and only those that make sense."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import (
    DEFAULT_USERS,
    AuthenticationError,
    AuthorizationError,
    MonitorReturnCode,
    SimulatedServer,
    User,
)
from flare_sim.users import ROLES, user_table
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from pathlib import Path

ADMIN = DEFAULT_USERS[0]
LEAD = "lead@nvidia.com"


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


def test_a_user_who_was_added_may_connect(server: SimulatedServer) -> None:
    """With the role that was said; a bare name is a lead, and a ``User`` what it is."""
    for new in (("ann",), ("bob", "member"), (User("eve", "other.com", "org_admin"),)):
        server.add_user(*new)
    server.submit(definition(), "ann")
    with pytest.raises(AuthorizationError):
        server.submit(definition(), "bob")

    assert server.users == (
        *DEFAULT_USERS,
        User("ann"),
        User("bob", role="member"),
        User("eve", "other.com", "org_admin"),
    )


def test_a_session_has_the_rights_of_the_role_its_user_has_by_now(server: SimulatedServer) -> None:
    """Those that are open, too; who has another role is the same user, whose jobs are still theirs."""
    lead, member = server.connect(LEAD), server.connect("member@nvidia.com")
    job_id = lead.submit_definition(definition())
    server.change_role(LEAD, "member")
    server.change_role("member@nvidia.com", "project_admin")
    with pytest.raises(AuthorizationError):
        lead.submit_definition(definition())
    member.abort_job(job_id)
    server.change_role(LEAD, "lead")
    lead.delete_job(job_id)

    assert server.users[2] == User(LEAD)


def test_a_user_who_was_revoked_may_do_nothing_any_more(server: SimulatedServer) -> None:
    """Open sessions are refused, new ones as well; the jobs stay, and run on."""
    session = server.connect(LEAD)
    job_id = session.submit_definition(definition())
    server.revoke_user(LEAD)
    for call in (session.list_jobs, session.get_system_info, lambda: session.abort_job(job_id)):
        with pytest.raises(AuthorizationError, match=f"^'{LEAD}' is no user any more$"):
            call()
    for number in (None, session.number):
        with pytest.raises(AuthenticationError, match=f"^unknown user '{LEAD}'$"):
            server.connect(LEAD, number=number)
    session.close()
    server.run_until_idle()

    assert [(job.submitter, job.status) for job in server.jobs] == [(LEAD, "FINISHED:COMPLETED")]


def test_a_user_who_is_added_again_goes_on(server: SimulatedServer) -> None:
    """With the sessions of before, and the jobs, also when nobody asked meanwhile."""
    session = server.connect(LEAD)
    job_id = session.submit_definition(definition())
    server.revoke_user(LEAD)
    server.add_user(LEAD, "member")
    server.change_role(LEAD, "lead")

    assert [job["job_id"] for job in session.list_jobs()] == [job_id]


def test_a_monitor_ends_when_its_user_is_revoked(server: SimulatedServer) -> None:
    """At its next look; another one goes on."""
    session = server.connect(LEAD)
    job_id = session.submit_definition(definition(custom_props=behaving(run_seconds=1000)))
    server.clock.call_later(100, lambda: server.revoke_user(LEAD))  # type: ignore[attr-defined]
    before = server.clock.time()
    with pytest.raises(AuthorizationError):
        session.monitor_job(job_id, poll_interval=7)

    assert server.clock.time() - before == 105
    assert server.connect().monitor_job(job_id) is MonitorReturnCode.JOB_FINISHED


@pytest.mark.parametrize(
    ("call", "args", "said"),
    [
        ("add_user", (LEAD,), f"there is already a user '{LEAD}'"),
        ("add_user", ("",), "user '' is without a name"),
        ("add_user", (None,), "user None is without a name"),
        ("add_user", ("ann", "king"), "user 'ann' has role 'king'; known: project_admin, "),
        ("add_user", (("ann", "", "lead"),), "user 'ann' is of organisation '', which is none"),
        ("add_user", (User("ann"), "lead"), "a User has a role, so 'lead' cannot be given beside it"),
        ("change_role", ("ann", "lead"), "there is no user 'ann'"),
        ("change_role", (None, "lead"), "there is no user None"),
        ("change_role", (LEAD, None), f"user '{LEAD}' has role None; known: project_admin, "),
        ("revoke_user", ("ann",), "there is no user 'ann'"),
        ("revoke_user", (ADMIN,), "there is no user "),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    server: SimulatedServer, call: str, args: tuple[Any, ...], said: str
) -> None:
    """It says why, and everybody is who they were."""
    with pytest.raises(ValueError, match=f"^{re.escape(said)}"):
        getattr(server, call)(*args)

    assert (server.users, len(server.trace)) == (DEFAULT_USERS, 0)


def test_users_are_those_of_the_file_once_they_have_changed(tmp_path: Path) -> None:
    """So whoever makes a server always says the same of it, and goes on with those who came and went since."""
    with SimulatedServer(state_file=tmp_path / "state", users=["ann", "bob"]) as server:
        server.add_user("eve", "member")
        server.change_role("ann", "org_admin")
        server.revoke_user("bob")
        users = server.users
    with SimulatedServer(state_file=tmp_path / "state", users=["ann", "bob"]) as server:
        assert server.users == users == (User("ann", role="org_admin"), User("eve", role="member"))


NAMES = st.sampled_from(["ann", "bob", "", None, User("eve", "x", "member"), ("ann", "x"), ("bob", "", "lead"), 3])
GIVEN_ROLES = st.sampled_from([*ROLES, None, "", "king", 3])
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("add_user"), NAMES, GIVEN_ROLES),
        st.tuples(st.just("change_role"), NAMES, GIVEN_ROLES),
        st.tuples(st.just("revoke_user"), NAMES),
    ),
    max_size=12,
)


@given(CHANGES)
def test_nobody_is_ever_half_a_user(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[Any, ...]]) -> None:
    """A change is made as a whole, or refused and nothing is other; all who are there are saved, and may connect."""
    server = SimulatedServer(users=["ann"])
    model = {"ann": User("ann")}
    for call, *args in changes:
        before = (server.users, server.trace.digest())
        try:
            getattr(server, call)(*args)
        except ValueError:
            assert (server.users, server.trace.digest()) == before
            continue
        model = {user.name: user for user in server.users}
        assert all(User(*user) == user for user in server.users)
    told: dict[str, User | None] = {"ann": User("ann")}
    for record in server.trace.of("user"):
        told[record.user] = None if record.change == "revoked" else User(record.user, record.org, record.role)
    assert {name: user for name, user in told.items() if user} == model
    path: Path = tmp_path_factory.getbasetemp() / "users"
    server.save(path)
    again = SimulatedServer.restore(path)

    assert again.users == server.users
    for name in ("ann", "bob", "eve"):
        if name in model:
            assert again.connect(name).list_jobs() == server.connect(name).list_jobs() == []
        else:
            with pytest.raises(AuthenticationError):
                again.connect(name)


@pytest.mark.parametrize("given", [None, 5, b"XXXX", ["XXXX"], ""])
def test_what_is_no_name_is_nobodys(given: object) -> None:
    """Whatever users there are, one of an odd name among them."""
    with pytest.raises(AuthenticationError, match="unknown user"):
        SimulatedServer(users=["XXXX", "None", "5"]).connect(given)  # type: ignore[arg-type]
