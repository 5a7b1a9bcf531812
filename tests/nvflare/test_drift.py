"""Has the interface of NVFLARE changed since its table was written?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.interface import METHODS
from flare_sim.nvflare import RELEASES, installed_release
from tests.nvflare import interface

if TYPE_CHECKING:
    from flare_sim.nvflare import Release


def test_the_installed_nvflare_is_as_recorded() -> None:
    """A release without a table is compared with the newest; what differs is told by name, a line each."""
    release = installed_release().name
    lines = interface.difference(interface.recorded(release), interface.installed())

    assert not lines, f"NVFLARE is not as recorded for {release}:\n" + "\n".join(lines)


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_every_release_has_a_table(release: Release) -> None:
    """With the ten methods in it, whatever else there is."""
    table = interface.recorded(release.name)

    assert {f"api_spec.SessionSpec.{method.name}" for method in METHODS} <= set(table)


def test_a_difference_is_told_by_name() -> None:
    """What was removed, added or changed: one line, or two."""
    before = {"a": "(x)", "b": "(x)", "c": "= 1"}
    after = {"a": "(x, y=0)", "c": "= 1", "d": "(z)"}

    assert interface.difference(before, after) == ["- a (x)", "+ a (x, y=0)", "- b (x)", "+ d (z)"]
