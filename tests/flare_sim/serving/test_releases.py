"""The table of wires: every release of NVFLARE that has sessions can be served."""

from __future__ import annotations

from importlib.util import find_spec

from flare_sim.nvflare.releases import RELEASES
from flare_sim.serving.releases import WIRES


def test_every_release_has_a_wire() -> None:
    """The rows are in order; the first is that of the oldest release, and each begins with a release."""
    since = [wire.since for wire in WIRES]

    assert since == sorted(since)
    assert since[0] == RELEASES[0].version
    assert set(since) <= {release.version for release in RELEASES}
    assert all(find_spec(f"flare_sim.serving.{wire.module}") for wire in WIRES)


def test_a_line_for_a_shell_names_the_kit_alone() -> None:
    """Nothing else in it stands for something."""
    assert [line.format(kit="/k") for wire in WIRES for line in wire.commands if "{" in line.format(kit="/k")] == []
