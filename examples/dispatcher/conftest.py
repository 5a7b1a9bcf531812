"""What the tests of the dispatcher share: its time is the server's, and its threads wait there together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import dispatcher
import pytest

from flare_sim import ClockPool, JobBehavior

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim import Session, SimulatedServer


@pytest.fixture
def flare_server_options() -> dict[str, Any]:
    """Three clients; every job runs for an hour."""
    return {"clients": 3, "behavior": JobBehavior(run_seconds=3600), "time_in": dispatcher}


@pytest.fixture
def dispatch(
    flare_server: SimulatedServer, flare_session: Session, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dispatcher.Dispatcher]:
    """Makes a dispatcher on the server."""
    monkeypatch.setattr(dispatcher, "ThreadPoolExecutor", partial(ClockPool, flare_server.clock))
    return partial(dispatcher.Dispatcher, flare_session)
