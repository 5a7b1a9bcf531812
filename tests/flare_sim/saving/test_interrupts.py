"""Interrupts anywhere in a call of a server that keeps its state in a file: the file stays what the server is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flare_sim import SimulatedServer
from tests.flare_sim.interrupts.operations import OPERATIONS, Played
from tests.flare_sim.interrupts.points import interrupted, points
from tests.flare_sim.saving.played import bytes_of

if TYPE_CHECKING:
    from pathlib import Path

CALLS = ["submit", "enable_client", "plan a fault"]


def points_of(total: int) -> list[int]:
    """Some points on the way, and those near the end, where things are put down."""
    return sorted({*range(1, total, 499), *range(total - 100, total + 1, 4)})


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
def test_a_file_is_never_ahead_of_its_server(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was interrupted, and where: once something else was answered both are alike, and both can go on."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    operation = OPERATIONS[name]

    def played(number: int) -> Played:
        fresh = Played(**operation.settings, state_file=tmp_path / f"state-{number}")
        operation.before(fresh)
        return fresh

    first = played(0)
    total = points(lambda: operation.act(first))
    first.server.close()
    for at in points_of(total):
        again = played(at)
        interrupted(lambda: operation.act(again), at)  # noqa: B023  (called at once)
        again.server.login("admin@nvidia.com")
        found = SimulatedServer.restore(tmp_path / f"state-{at}")
        assert bytes_of(found, tmp_path) == bytes_of(again.server, tmp_path), at
        again.server.close()
