"""What was recorded of real servers comes out the same over the wire, as far as a client in another process sees it.

The steps and calls are those of ``tests/nvflare/test_recordings.py``, made by NVFLARE's own session as it is, of a
server in another process. Some are tried; ``FLARE_SIM_SERVED_RECORDINGS=1`` tries all of them, for minutes.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from tests.nvflare.recordings.exemptions import exempt
from tests.nvflare.recordings.replay import differences, names_of, observations, replay
from tests.nvflare.recordings.served import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.nvflare.recordings.scene import Observation
    from tests.nvflare.serving.served import Hosted

EVERY = int(os.environ.get("FLARE_SIM_SERVED_RECORDINGS", "20"))
RELEASE = version("nvflare")
NAMES = names_of(RELEASE) if RELEASE.startswith("2.9") else []
"""The sessions that were recorded of 2.3 are insecure, and nobody gets in so."""
CHANCE = "a timeout of a tenth of a millisecond is over before the answer is there, or not, as the machine has it"
NO_COMMAND = "not simulated, which a client knows from the list of commands before it asks a server that is gone"
LEFT_OUT = {"2.9.0": {279: CHANCE, 477: NO_COMMAND, 480: NO_COMMAND}}
"""What is another thing over the wire than in one process, and why."""
RECORDED = [
    pytest.param(item, id=f"{name}-{item['n']}-{item['do']}")
    for name in NAMES
    for item in observations(name)[::EVERY]
    if item["n"] not in {*exempt(name), *LEFT_OUT.get(name, ())}
]


@pytest.fixture(scope="module")
def host() -> Iterator[Hosted]:
    """A process that serves one server after the other."""
    with serving() as running:
        yield running


@pytest.mark.parametrize("observation", RECORDED)
def test_a_recorded_call_turns_out_as_recorded(observation: Observation, host: Hosted) -> None:
    """In all that is compared, and by the server's clock in the time that was recorded."""
    told = differences(observation, replay(observation, RELEASE, host))

    assert not told, "\n".join((observation["situation"], *told))
