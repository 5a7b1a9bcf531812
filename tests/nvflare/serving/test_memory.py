"""What a server keeps of sessions that are over: nothing, however many there were.

Some hundred are opened; ``FLARE_SIM_SESSIONS=10000`` opens so many, which takes an hour on two busy cores and half of
it on idle ones. How large the process is gets told (``pytest -rP``), and decides nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import ScaledClock, time_in
from flare_sim.nvflare import installed_release
from tests.nvflare.serving.served import ADMIN, Hosted, hosted

if TYPE_CHECKING:
    from pathlib import Path

SESSIONS = int(os.environ.get("FLARE_SIM_SESSIONS", "100"))
WARM = 50
"""So many sessions make all that there is once."""
PATIENCE = 60.0
"""Seconds an answer may take on a busy machine."""
SOME = 0.3
"""So many objects of a kind a session may leave: none, if what comes and goes meanwhile is left out."""
BOUNDED = ("_TxTaskContext",) if installed_release().version >= (2, 7) else ("Session", "Login")
"""What NVFLARE itself keeps: of the last ten thousand streams, for some minutes; before 2.7, whose clients close a
session without a word, the sessions of the last hour."""

LOOK = """
import collections, gc

def kinds():
    gc.collect()
    return collections.Counter(str(type(one)) for one in gc.get_objects())

def size():
    return int([line for line in open("/proc/self/status") if line.startswith("VmRSS")][0].split()[1]) // 1024
"""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Hosted]:
    """A service in another process, in which one can look around."""
    with hosted(tmp_path, "SimulatedServer(clock=ScaledClock(0))") as running:
        running.do(f"exec({LOOK!r}, globals())")
        yield running


@pytest.fixture(autouse=True)
def _logins_are_quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """NVFLARE's client reads its key four times a session, and waits a second; both say nothing about the server."""
    from cryptography.hazmat.primitives import serialization

    monkeypatch.setattr(serialization, "load_pem_private_key", cache(serialization.load_pem_private_key))
    if installed_release().version < (2, 7):
        yield
        return
    with time_in(ScaledClock(50), "nvflare.private.fed.authenticator"):
        yield


def use(host: Hosted) -> None:
    """Open a session, ask something, and close it."""
    from nvflare.fuel.flare_api.flare_api import Session

    session: Any = Session(ADMIN, host.kits[ADMIN])
    if installed_release().version >= (2, 7):
        session.api.set_command_timeout(PATIENCE)
        session.api.authenticate_msg_timeout = PATIENCE
    try:
        session.try_connect(50 * PATIENCE)
        session.list_jobs()
    finally:
        session.close()


def tell(sessions: int, megabytes: int) -> None:
    """Say how large the process is after so many."""
    sys.stdout.write(f"{sessions} sessions: {megabytes} MB\n")


def test_nothing_is_left_of_sessions_that_are_over(host: Hosted) -> None:
    """No kind of object is there more often than before."""
    host.do("kinds()")  # which makes some itself
    for _ in range(WARM):
        use(host)
    before, size = host.do("kinds()"), host.do("size()")
    tell(WARM, size)
    for number in range(1, SESSIONS + 1):
        use(host)
        if number % 1000 == 0:
            tell(WARM + number, host.do("size()"))
    after = host.do("kinds()")

    tell(WARM + SESSIONS, host.do("size()"))
    left = {
        kind: count - before.get(kind, 0)
        for kind, count in after.items()
        if not any(f".{name}'" in kind for name in BOUNDED)
    }
    assert {kind: count for kind, count in left.items() if count > SOME * SESSIONS} == {}
