"""The table of quirks: each is looked for by the simulator, and refused when it is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flare_sim import PERSONALITIES, QUIRKS, SimulatedServer
from flare_sim.personality import quirks


def test_every_quirk_is_used() -> None:
    """A quirk in the table is looked for by the simulator, and belongs to a release, but for one that is asked for."""
    modules = [path for path in Path(quirks.__file__).parents[1].rglob("*.py") if path.name != "quirks.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    constants = {value: name for name, value in vars(quirks).items() if isinstance(value, str)}
    for quirk in QUIRKS.values():
        assert f"{constants[quirk.name]} in " in code or f"{constants[quirk.name]} not in " in code, quirk.name
        of_a_release = quirk.name != quirks.LINKS_FOLLOWED
        assert of_a_release is any(quirk.name in known.quirks for known in PERSONALITIES.values()), quirk.name


@pytest.mark.parametrize("quirks", [("abort-lingers", "no-such"), "no-such", [3], [["abort-lingers"]]])
def test_an_unknown_quirk_is_refused(quirks: Any) -> None:
    """One error that names it and lists those there are."""
    with pytest.raises(ValueError, match=r"there is no quirk .*known: delete-refused-while-running, "):
        SimulatedServer(quirks=quirks)
