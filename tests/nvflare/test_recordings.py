"""What was recorded of real servers comes out the same on a simulated one with their personality.

NVFLARE's own session of the release makes every recorded call again, in the recorded situation; what has to be the
same, and by which tolerance, is said in ``docs/recordings.md``.
"""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.nvflare.recordings.exemptions import exempt
from tests.nvflare.recordings.replay import differences, names_of, observations, outcomes
from tests.nvflare.recordings.scene import Observation
from tests.nvflare.recordings.summary import PAGE, agreement, section

NAMES = names_of(version("nvflare"))
"""There is one at least: the conftest leaves this module out for other releases."""
RECORDED = [
    pytest.param(name, item, id=f"{name}-{item['n']}-{item['do']}") for name in NAMES for item in observations(name)
]


@pytest.mark.parametrize(("name", "observation"), RECORDED)
def test_a_recorded_call_turns_out_as_recorded(name: str, observation: Observation) -> None:
    """In all that is compared; or it is exempt, and then it has to differ."""
    number = observation["n"]
    told = differences(observation, outcomes(name, number))
    reason = exempt(name).get(number)

    if reason is None:
        assert not told, "\n".join((observation["situation"], *told))
    else:
        assert told, f"{number} agrees by now: take it out of exemptions.py, where it says: {reason}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_exempt_that_was_not_recorded(name: str) -> None:
    """Every number is one of an observation."""
    assert set(exempt(name)) <= {item["n"] for item in observations(name)}


@pytest.mark.parametrize("name", NAMES)
def test_of_the_interface_nearly_all_agrees(name: str) -> None:
    """Of the calls of its methods that reach the simulator, at least 97 of 100."""
    assert agreement(name, interface=True, arrived=True).share >= SHARE


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_how_much_agrees(name: str) -> None:
    """In the words of ``python -m tests.nvflare.recordings.summary --write``."""
    assert section(name) in PAGE.read_text(encoding="utf-8")


SHARE = 0.97
