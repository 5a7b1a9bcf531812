"""A viewpoint: who reads at a point of a walk, which jobs there are, and what an invariant does without."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.exceptions import JudgedElsewhere, Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.player import Player
from contract_tests.sequences.viewpoint import Viewpoint, has_parts, is_list_of_dicts

CALLS: list[list[Any]] = [
    ["submit", 0, "waits"],
    ["submit", 2, "long"],
    ["clone", 2, 2],
    ["submit", 1, "short"],
    ["clone", 0, 1],
    ["delete", 0, 4],
]
"""Two jobs of each of two users, one of each a clone, and one more of the first, which is deleted."""


@pytest.fixture
def view() -> Viewpoint:
    """What is seen after those calls."""
    s = Scenario(SimulatedSystem())
    player = Player(s, judging=False)
    view = Viewpoint(s, player)
    for number, call in enumerate(CALLS, 1):
        player.play(call)
        view.turn(number)
    return view


def answering(view: Viewpoint, method: str, value: object) -> Viewpoint:
    """Whoever reads is told this by a method from now on."""
    for actor in view.sessions():
        setattr(actor.session, method, lambda *args, **options: value)
    return view


def test_the_sessions_of_a_user_are_two(view: Viewpoint) -> None:
    """Of all four that there are."""
    assert [actor.name for actor in view.sessions()] == ["alice", "alice-2", "bob", "bob-2"]
    assert [actor.name for actor in view.sessions(0)] == ["alice", "alice-2"]
    assert [actor.name for actor in view.sessions(1)] == ["bob", "bob-2"]


def test_another_session_reads_at_every_point(view: Viewpoint) -> None:
    """One after the other, with its user."""
    readers = []
    for number in range(5):
        view.turn(number)
        readers.append((view.number, view.user, view.actor.name))

    assert readers == [(0, 0, "alice"), (1, 0, "alice-2"), (2, 1, "bob"), (3, 1, "bob-2"), (4, 0, "alice")]


def test_a_job_is_touched_by_who_may(view: Viewpoint) -> None:
    """By the session that reads where the job is its user's, or everything is allowed to it; else by the first."""
    allowed = {}
    for number in (1, 2):
        view.turn(number)
        allowed[number] = [view.allowed(job).name for job in (1, 2)]

    assert allowed == {1: ["alice-2", "alice-2"], 2: ["alice", "bob"]}


def test_jobs_are_told_apart_by_user_and_by_what_became_of_them(view: Viewpoint) -> None:
    """Those that are there, those that are deleted, those that were submitted, and the clones."""
    assert (view.jobs(), view.jobs(0), view.jobs(1)) == ([1, 2, 3, 5], [1, 5], [2, 3])
    assert (view.jobs(deleted=True), view.jobs(0, deleted=True), view.jobs(1, deleted=True)) == ([4], [4], [])
    assert (view.submitted(), view.submitted(0), view.submitted(1)) == ([1, 2], [1], [2])
    assert (view.clones(), view.clones(0), view.clones(1)) == ([3, 5], [5], [3])
    assert [view.original(number) for number in (1, 3, 5)] == ["", view.id(2), view.id(1)]
    assert [view.id(number) for number in (1, 2, 3, 4, 5)] == view.s.jobs
    assert view.model(2).owner == 1


def test_every_job_has_its_turn(view: Viewpoint) -> None:
    """Of those that are there, or of some; there may be none."""
    chosen: list[int] = []
    others: list[int] = []
    for number in range(16):
        view.turn(number)
        chosen.append(view.job())
        others.append(view.job([2, 3]))

    assert set(chosen) == {1, 2, 3, 5}
    assert set(others) == {2, 3}
    assert max(map(chosen.count, chosen)) <= 5
    assert view.job([]) == 0


def test_flags_have_their_turn_with_every_session(view: Viewpoint) -> None:
    """In sixteen points each of four sessions lists in each of four ways."""
    seen = set()
    for number in range(16):
        view.turn(number)
        seen.add((view.actor.name, *sorted(view.flags())))

    assert len(seen) == 16


def test_an_owner_has_a_name_where_users_have_one(view: Viewpoint) -> None:
    """The one that the system says."""
    users = view.s.system.users

    assert [view.owner(1), view.owner(2)] == [*users]
    view.s.system.users = ()
    assert view.owner(1) == ""


def test_what_is_told_of_a_job_is_read_by_who_reads_here(view: Viewpoint) -> None:
    """Or by who is named; of a meta only what the contract names is compared."""
    view.turn(1)
    other = view.player.session(2)[1]

    assert view.meta(1)["job_id"] == view.id(1)
    assert view.news == []
    assert view.status(1, other) == "SUBMITTED"
    assert {*view.snapshot(1)} == {"job_id", "name", "status", "submitter_name", "submit_time"}
    assert view.snapshot(1, other)["name"] == view.meta(1)["name"]
    view.turn(2)
    assert [step.operation.actor for step in view.news] == ["alice-2", "bob", "alice-2", "bob", "alice-2"]


def test_lists_are_read_with_flags(view: Viewpoint) -> None:
    """The user's own jobs without any; who else reads is named."""
    view.turn(0)
    bob = view.player.session(2)[1]

    assert {*view.listed()} == {view.id(1), view.id(5)}
    assert {*view.listed(by=bob)} == {view.id(2), view.id(3)}
    assert {*view.listed({"all": True})} == {view.id(number) for number in (1, 2, 3, 5)}
    assert [entry["job_id"] for entry in view.entries({"all": True}, bob)] == view.listed({"all": True})


def test_jobs_that_execute_are_named_by_system_info(view: Viewpoint) -> None:
    """By their ids; an entry without one is told as it is."""
    view.s.sleep(20.0)

    assert view.id(2) in view.executing()
    view.info().job_info.append(object())
    assert view.id(1) not in view.executing()


@pytest.mark.parametrize(
    ("method", "value", "read"),
    [
        ("get_job_meta", None, lambda view: view.meta(1)),
        ("get_job_meta", [], lambda view: view.snapshot(1)),
        ("get_job_meta", {}, lambda view: view.status(1)),
        ("get_job_meta", {"status": 7}, lambda view: view.status(1)),
        ("list_jobs", None, lambda view: view.entries()),
        ("list_jobs", [{}, 7], lambda view: view.listed()),
        ("list_jobs", ({},), lambda view: view.listed()),
        ("get_system_info", None, lambda view: view.info()),
        ("get_system_info", object(), lambda view: view.executing()),
    ],
)
def test_what_is_only_needed_is_judged_elsewhere(view: Viewpoint, method: str, value: object, read: Any) -> None:
    """An answer that is of no use is held against the clause that promises it."""
    with pytest.raises(JudgedElsewhere):
        read(answering(view, method, value))


@pytest.mark.parametrize(
    ("value", "is_one"), [([], True), ([{}], True), ([{}, None], False), ({}, False), (None, False)]
)
def test_a_list_of_jobs_is_a_list_of_dicts(value: object, is_one: bool) -> None:
    """An empty one, too."""
    assert is_list_of_dicts(value) is is_one


@pytest.mark.parametrize(
    ("parts", "has"),
    [
        ({"server_info": 1, "client_info": [], "job_info": []}, True),
        ({"client_info": [], "job_info": []}, False),
        ({"server_info": 1, "job_info": []}, False),
        ({"server_info": 1, "client_info": []}, False),
        ({"server_info": 1, "client_info": (), "job_info": []}, False),
        ({"server_info": 1, "client_info": [], "job_info": None}, False),
    ],
)
def test_system_info_has_a_server_and_two_lists(parts: dict[str, Any], has: bool) -> None:
    """Whatever class it is of."""
    assert has_parts(type("Info", (), parts)()) is has


def test_a_job_without_an_id_leaves_doubts(view: Viewpoint) -> None:
    """There may be one more than is known; a submission that is refused leaves none."""
    view.player.play(["refused", 0])
    view.turn(7)
    doubts = [view.guessing]
    answering(view, "submit_job", None)
    view.player.play(["submit", 0, "waits"])
    view.turn(8)
    doubts.append(view.guessing)

    assert doubts == [False, True]
    assert len(view.made) == 5


def test_the_step_that_made_a_job_is_the_first_that_returned_its_id(view: Viewpoint) -> None:
    """Whoever gives an id out twice has made one job."""
    answering(view, "clone_job", view.id(1))
    view.player.play(["clone", 0, 2])
    view.turn(9)

    assert view.made[view.id(1)].operation.method == "submit_job"


def test_an_assertion_tells_what_was_observed_in_words(view: Viewpoint) -> None:
    """With jobs by their number; an outcome is told as such. What holds raises nothing."""
    view.require(True, "anything", "whatever")

    with pytest.raises(Violation, match=r"^expected it listed; observed \[job1, job2\]$"):
        view.require(False, "it listed", [view.id(1), view.id(2)])
    with pytest.raises(Violation) as caught:
        view.require([], "None", view.actor.do("abort_job", view.id(2)))
    assert (caught.value.expected, caught.value.observed) == ("None", "returned None")
    assert caught.value.outcome is not None
