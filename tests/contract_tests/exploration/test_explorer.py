"""The explorer: what it goes through, what it merges, and that it finds what takes a sequence to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import try_inputs
from contract_tests.engine.settings import RunSettings
from contract_tests.exploration.alphabet import Alphabet, Call
from contract_tests.exploration.explorer import Explorer, observable, remembering
from contract_tests.mutants.catalogue import all_mutants
from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.mutants.variant import Variant
from contract_tests.reference import SimulatedSystem
from contract_tests.report import reproducer
from contract_tests.scenario.exceptions import Violation
from contract_tests.sequences.player import Player
from contract_tests.system.lookup import REFERENCE
from contract_tests.system.system import System
from tests.contract_tests.made_up_checks import real_check

WHOLE = Alphabet(fault="outage")


@pytest.mark.slow
def test_the_reference_agrees_with_the_model_on_all_sequences_of_four_calls() -> None:
    """Two jobs, two users, an outage: every call in every state, and everything that anybody can see after it.

    Merging saves nearly everything.
    """
    whole = Explorer(SimulatedSystem, WHOLE).explore(4)

    assert (whole.failure, whole.not_offered) == (None, set())
    assert [level.depth for level in whole.levels] == [1, 2, 3, 4]
    assert whole.sequences == sum(level.sequences for level in whole.levels) > 100_000
    assert whole.transitions == sum(level.transitions for level in whole.levels) < 10_000
    assert len(whole.paths) == 1 + sum(level.states for level in whole.levels)
    assert max(map(len, whole.paths.values())) == 4


def test_sequences_are_counted_as_if_none_were_merged() -> None:
    """Two calls, each of which can follow on each, are eight sequences of three."""

    class TwoCalls(Alphabet):
        def calls(self, player: Player) -> Iterator[Call]:
            return iter([["close", 0], ["reopen", 2]])

        def reads(self, player: Player) -> Iterator[Call]:
            return iter([])

    found = Explorer(SimulatedSystem, TwoCalls()).explore(3)

    assert [level.sequences for level in found.levels] == [2, 4, 8]
    assert [level.states for level in found.levels] == [1, 0, 0]  # session 0 is closed, or it is not
    assert [level.transitions for level in found.levels] == [2, 2, 0]


def called(name: str, variants: Iterable[Variant]) -> Variant:
    """The one of that name."""
    (variant,) = (variant for variant in variants if variant.name == name)
    return variant


DEEP = {
    "life.model/shows-a-deleted-job-in-the-lists-of-sessions-that-are-opened-afterwards": "",
    "life.model/gives-the-meta-of-a-clone-for-its-original-when-the-clone-was-aborted": "",
    "life.model/shows-the-jobs-of-a-session-that-was-opened-anew-to-no-other-session": "",
    "outage.recovery/never-works-again-after-an-outage-it-has-noticed-with-noconnection": "outage",
    "outage.open/opens-a-session-that-has-no-server-yet": "outage",
    "lost.list-jobs/does-list-jobs-by-the-newest-session-"
    "when-the-one-it-is-asked-of-was-ended-by-the-server": "lost sessions",
    "misbehaving.recovery/fails-once-more-after-the-server-has-misbehaved": "misbehaving server",
}
"""Mutants that it takes a sequence to notice, and the fault it takes; the deeper ones are in ``tests/exploration``."""


@pytest.mark.parametrize("name", DEEP)
def test_a_fault_that_takes_a_sequence_is_found(name: str) -> None:
    """It is cut down to the calls it takes, and these show it by the model's own check, but not on the reference."""
    mutant = called(name, all_mutants())

    failure = Explorer(mutant.system, Alphabet(fault=DEEP[name]), remembering).explore(4).failure

    assert failure is not None
    assert 2 <= len(failure.calls) <= 5
    inputs = {"calls": failure.calls}
    again = try_inputs(real_check("life.model"), inputs, mutant.system)
    assert (again.verdict, again.message) == (Verdict.VIOLATED, failure.message)
    assert try_inputs(real_check("life.model"), inputs, SimulatedSystem).verdict is Verdict.MET


def test_a_failure_is_told_as_a_script(tmp_path: Path) -> None:
    """By the reproducers that there are: its inputs are the calls."""
    mutant = called("outage.recovery/never-works-again-after-an-outage-it-has-noticed-with-noconnection", all_mutants())
    failure = Explorer(mutant.system, WHOLE).explore(2).failure
    assert failure is not None
    named = f"{mutant.system.__module__}:{mutant.system.__qualname__}"
    result = try_inputs(real_check("life.model"), {"calls": failure.calls}, mutant.system)

    held = reproducer.read(reproducer.write(result, named, RunSettings(), tmp_path))

    assert reproducer.outcome(reproducer.repeat(held)) == "FAILED"
    assert reproducer.outcome(reproducer.repeat(held._replace(system=REFERENCE))) == "FIXED"


CONFORMING = {
    "systems/ends-sessions-for-good-in-an-outage": "outage",
    "delays/answers-every-request-a-tenth-of-a-second-later": "outage",
    "systems/offers-nothing-but-sessions": "outage",
    "systems/forgets-clients-that-drop-out-at-once": "lost clients",
}
"""Variants that do in a fault what they may, or offer none."""


@pytest.mark.parametrize("name", CONFORMING)
def test_who_keeps_the_contract_is_not_accused(name: str) -> None:
    """Whatever way a session goes after an outage; what a system does not offer is left out."""
    variant = called(name, all_conforming_variants())

    found = Explorer(variant.system, Alphabet(fault=CONFORMING[name])).explore(2)

    assert found.failure is None
    assert ("sleep" in found.not_offered) == (variant.system().clock is None)


def test_what_a_call_leaves_behind_unseen_tells_states_apart() -> None:
    """Only where calls that were made are remembered is a state another one after a call that changed nothing."""
    levels = [Explorer(SimulatedSystem, Alphabet(), digest).explore(2).levels for digest in (observable, remembering)]

    assert levels[0][-1].states < levels[1][-1].states


def test_an_invariant_is_held_in_every_state() -> None:
    """What it refuses is told with the calls that lead there."""

    def alone(player: Player) -> None:
        if len(player.model.live()) > 1:
            raise Violation("one job at most", "two")

    failure = Explorer(SimulatedSystem, Alphabet(), invariant=alone).explore(3).failure

    assert failure is not None
    assert failure.message == "expected one job at most; observed two"
    assert [call[0] for call in failure.calls] in (["submit", "submit"], ["submit", "clone"])


def test_of_a_system_that_deviates_the_invariant_alone_is_held() -> None:
    """What the model would find is passed over."""
    mutant = called("life.model/tells-a-list-from-memory-until-the-session-itself-does-something", all_mutants())

    found = [Explorer(mutant.system, Alphabet(), judging=judging).explore(1) for judging in (False, True)]

    assert [one.failure is None for one in found] == [True, False]


def test_a_system_that_does_not_work_is_told() -> None:
    """Without a session nothing can be explored."""

    class Shut(System):
        def open_session(self, user: str = "") -> object:
            raise OSError("no")

    failure = Explorer(Shut, Alphabet()).explore(1).failure

    assert failure is not None
    assert (failure.calls, failure.message) == ([], "opening a session raised OSError: 'no'")


def test_every_system_is_closed() -> None:
    """Also those in which something was found."""
    opened: list[System] = []
    closed: list[System] = []

    class Counted(SimulatedSystem):
        def __init__(self) -> None:
            super().__init__()
            opened.append(self)

        def close(self) -> None:
            super().close()
            closed.append(self)

    def refuse(player: Player) -> None:
        if player.jobs:
            raise Violation("nothing", "something")

    Explorer(Counted, Alphabet(), invariant=refuse).explore(1)

    assert opened == closed != []
