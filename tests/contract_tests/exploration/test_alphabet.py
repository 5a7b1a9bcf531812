"""The alphabet: which calls are tried in a state, and which are not."""

from __future__ import annotations

from typing import Any

from contract_tests.contract.interface import SERVER_METHODS
from contract_tests.exploration.alphabet import END, POLL, Alphabet
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.player import Player


def played(*calls: list[Any]) -> Player:
    """A player on the reference that has made these calls."""
    player = Player(Scenario(SimulatedSystem()))
    for call in calls:
        player.play(call)
    return player


def tried(alphabet: Alphabet, *calls: list[Any]) -> list[list[Any]]:
    """The calls that are tried after these."""
    return list(alphabet.calls(played(*calls)))


def test_every_method_is_called_on_a_job() -> None:
    """By both users where both may; a look at everything reads what can be read."""
    player = played(["submit", 2, "short"])
    for call in (*Alphabet().calls(player), *Alphabet().reads(player)):
        player.play(call)

    for user in ("alice", "bob"):
        methods = {step.operation.method for step in player.scenario.steps if step.operation.actor.startswith(user)}
        assert methods >= {*SERVER_METHODS, "close"}


def test_no_more_jobs_are_made_than_wanted() -> None:
    """Clones count; that a deleted job can't be cloned is tried all the same."""
    calls = tried(Alphabet(), ["submit", 0, "short"], ["clone", 0, 1], ["delete", 0, 2])

    assert [call for call in calls if call[0] in ("submit", "clone")] == [["clone", 0, 2]]


def test_nobody_changes_what_they_need_not_be_allowed_to() -> None:
    """The second user leaves the first one's jobs alone, and may monitor neither less."""
    calls = tried(Alphabet(), ["submit", 0, "short"])

    assert {call[0] for call in calls if call[0] in ("abort", "delete", "clone", "download") and call[1] == 2} == set()


def test_time_passes_by_a_poll_and_by_a_run() -> None:
    """Only where it passes are jobs watched."""
    assert [call[1] for call in tried(Alphabet()) if call[0] == "sleep"] == [POLL, END]
    timeless = tried(Alphabet(timed=False), ["submit", 0, "short"])
    assert not [call for call in timeless if call[0] in ("sleep", "monitor", "watch")]


def test_somebody_meddles_only_while_a_run_is_stopped() -> None:
    """The abort of any other job takes no time."""
    for seconds, meddled in ((0.0, False), (2.0, True), (20.0, False)):
        calls = tried(Alphabet(), ["submit", 0, "short"], ["sleep", seconds], ["meta", 0, 1])
        assert any(call[0] == "abort while" for call in calls) == meddled


def test_a_fault_begins_when_there_is_none_and_ends_when_there_is() -> None:
    """One at a time; what nothing is wrong with is not repaired."""
    alphabet = Alphabet(fault="outage")

    assert tried(alphabet)[-1] == ["fault", "outage"]
    assert tried(alphabet, ["fault", "outage"])[-1] == ["repair", "outage"]


def test_what_a_misbehaving_server_may_have_done_is_not_asked_for() -> None:
    """An answer that makes no sense does not say that nothing has happened."""
    calls = tried(Alphabet(fault="misbehaving server"), ["submit", 0, "short"], ["fault", "misbehaving server"])

    assert {call[0] for call in calls} == {"download", "monitor", "close", "reopen", "sleep", "repair"}


def test_the_users_other_session_sees_what_a_closed_one_cannot() -> None:
    """Everything is looked at by every user, whatever is closed; the closed one is asked as well."""
    readers = [call[1] for call in Alphabet().reads(played(["close", 2]))]

    assert sorted(set(readers)) == [0, 2, 3]
