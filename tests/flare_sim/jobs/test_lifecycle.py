"""The table of a job's life, tried exhaustively."""

from __future__ import annotations

import itertools

import pytest

from flare_sim.jobs.lifecycle import TRANSITIONS, IllegalTransition, JobEvent, JobState, advance, mermaid

PAIRS = list(itertools.product(JobState, JobEvent))
ORDER = ["SUBMITTED", "DISPATCHED", "RUNNING"]


def test_every_state_is_in_the_table() -> None:
    """The table lists all states, those nothing leaves with an empty row."""
    assert list(TRANSITIONS) == list(JobState)
    assert [state for state, row in TRANSITIONS.items() if not row] == [state for state in JobState if state.done]


@pytest.mark.parametrize(("state", "event"), PAIRS, ids=lambda item: item.name)
def test_a_move_is_a_row_or_illegal(state: JobState, event: JobEvent) -> None:
    """A pair that has a row leads where the row says; any other raises, naming both and what is allowed."""
    row = TRANSITIONS[state]
    if event in row:
        assert advance(state, event) is row[event]
    else:
        with pytest.raises(IllegalTransition, match=f"{state.name} cannot be '{event.value}'"):
            advance(state, event)


def test_the_status_never_steps_back() -> None:
    """Along every row the status shown stays or moves on towards a final one."""
    for state, row in TRANSITIONS.items():
        for target in row.values():
            assert target.done or ORDER.index(target.status) >= ORDER.index(state.status)


def test_every_state_can_be_reached() -> None:
    """From SUBMITTED some path leads to each of the others."""
    reached = {JobState.SUBMITTED}
    for _ in JobState:
        reached |= {target for state in reached for target in TRANSITIONS[state].values()}

    assert reached == set(JobState)


def test_the_table_cannot_be_changed() -> None:
    """The table is read-only."""
    with pytest.raises(TypeError):
        TRANSITIONS[JobState.COMPLETED] = {}  # type: ignore[index]


def test_only_states_in_between_are_active() -> None:
    """The system is busy with a job from its deployment to its end."""
    assert [state.name for state in JobState if state.active] == ["DEPLOYING", "DISPATCHED", "RUNNING", "STOPPING"]
    assert repr(JobState.RUNNING) + repr(JobEvent.DIED) == "JobState.RUNNINGJobEvent.DIED"


def test_the_diagram_has_a_line_for_every_row() -> None:
    """The diagram is drawn from the table: a line for every move, one for every end, one for the start."""
    moves = sum(map(len, TRANSITIONS.values()))
    ends = sum(state.done for state in JobState)

    assert mermaid().splitlines()[:2] == ["stateDiagram-v2", "    [*] --> SUBMITTED: submit or clone"]
    assert len(mermaid().splitlines()) == 2 + moves + ends
    assert "    RUNNING --> STOPPING: aborted\n" in mermaid()
