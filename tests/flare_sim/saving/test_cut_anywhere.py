"""A server that is saved and made again in the middle of whatever is done goes on as if nothing had been."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import SimulatedServer
from tests.flare_sim.saving.played import KINDS, STEPS, Played, bytes_of


@settings(max_examples=70)
@given(kind=KINDS, steps=STEPS, where=st.integers(0, 25))
def test_a_server_that_is_cut_anywhere_goes_on(
    tmp_path_factory: pytest.TempPathFactory, kind: dict[str, Any], steps: list[tuple[Any, ...]], where: int
) -> None:
    """Ids, replies, results, trace, remarks and time are those of a server that is not, as is the state after it."""
    folder = tmp_path_factory.getbasetemp()
    whole, cut = Played.fresh(kind), Played.fresh(kind)
    for number, step in enumerate(steps):
        if number == where:
            cut.server.save(folder / "cut")
            cut.go_on(SimulatedServer.restore(folder / "cut", behavior=_again(kind)))
        whole.do(step)
        cut.do(step)

    assert cut.end() == whole.end()
    assert bytes_of(cut.server, folder) == bytes_of(whole.server, folder)


@settings(max_examples=40)
@given(kind=KINDS, steps=STEPS)
def test_a_file_holds_at_any_time_what_was_answered(
    tmp_path_factory: pytest.TempPathFactory, kind: dict[str, Any], steps: list[tuple[Any, ...]]
) -> None:
    """After every call a copy of the state file is the server's whole state, and the file changes nothing else."""
    folder = tmp_path_factory.getbasetemp()
    (folder / "kept").unlink(missing_ok=True)
    plain, kept = Played.fresh(kind), Played.fresh(kind, state_file=folder / "kept")
    with kept.server:
        for step in steps:
            plain.do(step)
            kept.do(step)
            copy = SimulatedServer.restore(folder / "kept", behavior=_again(kind))
            assert bytes_of(copy, folder) == bytes_of(kept.server, folder)

        assert kept.end() == plain.end()


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody pulls a plug here, so nothing has to be on the disk."""
    monkeypatch.setattr("os.fsync", lambda _: None)


def _again(kind: dict[str, Any]) -> Any:
    """What has to be given again: a function."""
    return kind["behavior"] if callable(kind["behavior"]) else None
