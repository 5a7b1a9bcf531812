"""Exceptions that another thread raises in one that calls a server, whenever the interpreter lets them through."""

from __future__ import annotations

import ctypes
import gc
import threading
import time
from collections.abc import Iterator

import pytest

from flare_sim import ServerConfig, SimulatedServer
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.interrupts.points import Interrupt, is_free
from tests.flare_sim.job_samples import definition

SMALL = definition()


@pytest.fixture(autouse=True)
def _nothing_collected() -> Iterator[None]:
    """An exception that lands in what is called by the collector is lost, and none of the server's."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.slow
def test_callers_that_are_interrupted_lose_nothing_they_were_told() -> None:
    """No job that was told is lost, no id is told twice, and every job comes to its end."""
    server = SimulatedServer(config=ServerConfig(max_jobs=50))
    session = server.connect()
    told: list[str] = []
    interrupted: list[int] = []

    def live() -> None:
        job_id = session.submit_definition(SMALL)
        told.append(job_id)
        session.monitor_job(job_id, timeout=1, poll_interval=0.3)
        session.abort_job(job_id)
        session.list_jobs()

    def call() -> None:
        try:
            while True:
                live()
        except Interrupt:
            interrupted.append(len(told))

    live()  # what it needs is loaded now: the import of a module is not to be interrupted
    for turn in range(60):
        caller = threading.Thread(target=call)
        caller.start()
        time.sleep(turn % 7 * 0.0003)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(caller.ident or 0), ctypes.py_object(Interrupt))
        caller.join(60)
        assert not caller.is_alive()
        assert is_free(server.catch_up)
        assert books(server._state) == made_anew(server._state)

    server.run_until_idle()
    ids = [job.job_id for job in server.jobs]
    assert len(interrupted) == 60
    assert (len(set(ids)), len(set(told))) == (len(ids), len(told))
    assert set(told) <= set(ids)
    assert {job.status.partition(":")[0] for job in server.jobs} == {"FINISHED"}
