"""Signals whose handler raises, as the one of Ctrl-C does, whenever the system lets them through."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator

import pytest

from flare_sim import ServerConfig, Session, SimulatedServer
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.interrupts.points import Interrupt, is_free
from tests.flare_sim.job_samples import definition

SMALL = definition()
TURNS = 60


def _raise(*_: object) -> None:
    raise Interrupt


@pytest.fixture(autouse=True)
def _heeded() -> Iterator[None]:
    """An exception that lands in what is called by the collector is lost, and none of the server's."""
    gc.disable()
    before = signal.signal(signal.SIGALRM, _raise)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    gc.enable()


def _submit(session: Session) -> None:
    session.submit_definition(SMALL)


def _monitor(session: Session) -> None:
    session.monitor_job(session.submit_definition(SMALL), poll_interval=0.3)


def _list(session: Session) -> None:
    session.list_jobs(detailed=True)


@pytest.mark.parametrize("act", [_submit, _monitor, _list])
def test_a_signal_leaves_a_server_whole(act: Callable[[Session], None]) -> None:
    """Wherever it lands; every job comes to its end, and nobody has to know that there was one."""
    server = SimulatedServer(config=ServerConfig(max_jobs=10_000))
    session = server.connect()
    act(
        session
    )  # what is loaded with the first call is loaded: Python itself leaves a file open when that is interrupted
    for turn in range(TURNS):
        with pytest.raises(Interrupt):  # noqa: PT012  (it lands in any of these calls)
            signal.setitimer(signal.ITIMER_REAL, 0.0001 + turn * 0.00003)
            while True:
                act(session)
        assert is_free(server.catch_up)
        assert books(server._state) == made_anew(server._state)
        assert server._state.timeline.doing is None

    server.run_until_idle()
    assert {job.status.partition(":")[0] for job in server.jobs} <= {"FINISHED"}
    assert len({job.job_id for job in server.jobs}) == len(server.jobs)
