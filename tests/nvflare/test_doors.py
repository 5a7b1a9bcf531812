"""No way leads out of the simulator, whatever code on NVFLARE does to begin again: tried with the network blocked."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from nvflare.fuel.flare_api.flare_api import new_secure_session

from flare_sim.nvflare import offline
from tests.nvflare.blocked_network import TOOLS, WITHOUT_A_DOOR, Platform
from tests.nvflare.jobs import ROOT

WAYS = [name for name in vars(Platform) if name.startswith(("by_", "in_"))]
SENTENCE = "what is on a simulated server does not leave this process"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What ``tests.nvflare.blocked_network`` found."""
    command = [sys.executable, "-m", "tests.nvflare.blocked_network"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", ["on_connect", "on_system", "on_offline"])
def test_a_session_that_begins_again_is_simulated(place: str, way: str, found: dict[str, Any]) -> None:
    """However it does, and wherever it was opened; nothing is so much as tried."""
    assert found[place][way] == ["simulated", []]


@pytest.mark.parametrize("tool", [tool.__name__ for tool in TOOLS])
def test_what_is_not_simulated_is_refused(tool: str, found: dict[str, Any]) -> None:
    """In a sentence that says what and why, before anything is tried."""
    told, tried = found["tools"][tool]

    assert told.startswith("NotSimulated: ")
    assert SENTENCE in told
    assert tried == []


@pytest.mark.parametrize("tool", [tool.__name__ for tool in WITHOUT_A_DOOR])
def test_what_no_door_stands_before_is_refused(tool: str, found: dict[str, Any]) -> None:
    """Whatever module of NVFLARE's it is that opens a socket or starts a process; elsewhere it may."""
    told, _ = found["without a door"][tool]
    elsewhere, tried = found["not offline"][tool]

    assert told.startswith("NotSimulated: nvflare.")
    assert SENTENCE in told
    assert "is blocked" in elsewhere
    assert len(tried) == 1


def test_sessions_of_the_real_network_are_let_alone(found: dict[str, Any]) -> None:
    """Beside a session on a server, in other threads, and after an ``offline`` was left."""
    assert found["outside"] == dict.fromkeys(
        [
            "beside connect",
            "in another thread",
            "of a session that was there before, in its thread",
            "after offline",
        ],
        "AdminAPI",
    )


class Unbound:
    """A stand-in for an object that is not there yet, as web frameworks have them: it can be asked nothing."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(f"working outside of a request: {name}")


def test_who_opens_a_session_is_not_asked_for_more_than_its_type() -> None:
    """Whatever a function on the way was called with."""

    def helper(request: Unbound) -> Any:
        return new_secure_session("admin@nvidia.com", "/no/such/kit")

    with offline():
        assert helper(Unbound()).list_jobs() == []
