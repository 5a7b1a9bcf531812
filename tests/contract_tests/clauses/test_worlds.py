"""What the suite does to systems that are other than the reference changes when somebody means it to."""

from __future__ import annotations

import json

import pytest

from tests.contract_tests.clauses.worlds import KEPT, SUBJECTS, WORLDS, digest, told

DIGESTS: dict[str, dict[str, str]] = json.loads(KEPT.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("world", WORLDS)
def test_the_checks_of_a_subject_perform_in_a_world_what_they_did(world: str, subject: str) -> None:
    """Where that was to change, ``python -m tests.contract_tests.clauses.worlds`` writes it down anew."""
    assert digest(world, subject) == DIGESTS[world][subject], "\n".join(told(world, subject))


def test_digests_are_kept_of_every_world_and_of_nothing_else() -> None:
    """Of every subject."""
    assert [*DIGESTS] == [*WORLDS]
    assert {tuple(digests) for digests in DIGESTS.values()} == {SUBJECTS}


@pytest.mark.parametrize(
    ("world", "subject", "line"),
    [
        ("slow", "meta", "alice: submit_job(<job folder: can't be scheduled>) returned job1 after 0.125 s"),
        ("one by one", "system", "NotClaimed: to run job2 beside job1"),
        ("sessions only", "monitor", "NotClaimed: a clock the suite can see"),
        ("alone", "denied", "NotClaimed: a user who may not"),
        ("late", "life", "NotTestable: the job did not become"),
        ("likeness", "delete", "Violation: expected"),
    ],
)
def test_every_world_shows_what_it_is_for(world: str, subject: str, line: str) -> None:
    """What is kept of it is another thing than what is kept of the reference."""
    assert any(found.strip().startswith(line) for found in told(world, subject)), "\n".join(told(world, subject))
