"""What is said of a name that there is not."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim.engine.records.names import no_such
from flare_sim.untrusted_values import shown

LONG = "n" * 100


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *(("holt", "; did you mean 'hold'?"), ("sing", "."), ("", "."), (3, ".")),
        *((LONG[:-1], f"; did you mean {shown(LONG)}?"), (LONG[:-1] + "m", ".")),
    ],
)
def test_a_name_is_compared_with_those_there_are(name: Any, meant: str) -> None:
    """One that is spelled much like it may be meant; what is no text, or longer than any name, is not compared."""
    told = no_such("there is no verb", name, {"hold", "release", LONG})

    assert told == f"there is no verb {shown(name)}{meant} There are 'hold', {shown(LONG)}, 'release'"
