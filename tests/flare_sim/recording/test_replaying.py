"""A recording, replayed: nothing differs on a server made the same way, and on another just the calls that do."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from flare_sim.recording import replay
from tests.flare_sim.recording.drawn_sessions import SEQUENCES, SERVERS, Step, play

if TYPE_CHECKING:
    from collections.abc import Sequence


@given(SEQUENCES, st.sampled_from(sorted(SERVERS)))
def test_on_a_server_made_the_same_way_nothing_differs(steps: Sequence[Step], name: str) -> None:
    """To the tick, the last letter of an error, and the last byte of a result."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "calls.jsonl"
        with SERVERS[name]() as server:
            play(server, steps, Path(folder), file)
        with SERVERS[name]() as other:
            told = replay(file, other, tolerance=0, texts=True, digests=True)

    assert str(told) == str(told._replace(differences=()))
    assert told.agrees
