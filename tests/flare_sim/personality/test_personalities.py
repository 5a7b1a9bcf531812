"""Personalities: sets of quirks that a server can be made with."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import PERSONALITIES, QUIRKS, SimulatedServer
from tests.flare_sim.personality.one_quirk import ask, in_state


def test_a_personality_is_made_of_known_quirks() -> None:
    """Nothing in a personality is not in the table, and each says what it is and where it was seen."""
    for name, known in PERSONALITIES.items():
        assert known.name == name
        assert not known.quirks - QUIRKS.keys()
    for name, quirk in QUIRKS.items():
        assert quirk.name == name
        assert quirk.story
        assert "2.3.12" in quirk.source or "2.9.0" in quirk.source


@pytest.mark.parametrize("name", ["nvflare-1.0", "", 3, ["nvflare-2.3"]])
def test_an_unknown_personality_is_refused(name: Any) -> None:
    """One error that lists those there are."""
    with pytest.raises(ValueError, match=r"there is no personality .*known: nvflare-2\.3, nvflare-2\.9"):
        SimulatedServer(personality=name)


def test_quirks_come_on_top_of_a_personality() -> None:
    """A server has the quirks of its personality and those given besides; none unless asked for."""
    server = SimulatedServer(personality="nvflare-2.3", quirks=("abort-lingers",))

    assert server.quirks == PERSONALITIES["nvflare-2.3"].quirks | {"abort-lingers"}
    assert SimulatedServer(quirks="abort-lingers").quirks == {"abort-lingers"}
    assert SimulatedServer().quirks == frozenset()


def test_a_server_says_which_release_it_is() -> None:
    """The release of its personality, where that can be asked."""
    for known in PERSONALITIES.values():
        reply = ask(SimulatedServer(personality=known.name), "report_version server")
        said = (("dict", {"server": {"version": known.release}}),)
        assert reply.data == (() if "knows-fewer-commands" in known.quirks else said)


@pytest.mark.parametrize("name", sorted(PERSONALITIES))
def test_a_personality_is_as_repeatable_as_the_default(name: str) -> None:
    """The same calls on the same seed leave the same trace."""

    def digest() -> str:
        server = SimulatedServer(personality=name)
        session = server.connect()
        job_id = in_state(server, session, "DISPATCHED")
        session.abort_job(job_id)
        server.faults.crash(after=3)
        server.faults.restart(after=4)
        server.run_until_idle()
        return server.trace.digest()

    assert digest() == digest()
