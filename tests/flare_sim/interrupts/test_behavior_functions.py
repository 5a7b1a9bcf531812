"""A behavior function that raises what is no Exception, or is interrupted: its job fails, and everything goes on."""

from __future__ import annotations

from typing import Any

import pytest

from flare_sim import JobBehavior, MonitorReturnCode, Run, SimulatedServer
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.interrupts.points import Interrupt, interrupted, is_free, points
from tests.flare_sim.job_samples import definition

FAILED = "FINISHED:EXECUTION_EXCEPTION"


@pytest.mark.parametrize("raised", [SystemExit(3), KeyboardInterrupt(), GeneratorExit("x"), Interrupt("y")], ids=repr)
def test_what_it_raises_reaches_the_caller_and_the_job_fails(raised: BaseException) -> None:
    """The very exception comes out of the call in which the run begins, once; other jobs go on."""
    asked: list[str] = []

    def behave(run: Run) -> None:
        asked.append(run.name)
        run.write("begun", "yes")
        if run.name == "raises":
            raise raised

    server = SimulatedServer(behavior=behave, personality="nvflare-2.9")
    session = server.connect()
    first, second = (session.submit_definition(definition(name=name)) for name in ("raises", "works"))

    with pytest.raises(type(raised)) as caught:
        session.monitor_job(first)
    assert caught.value is raised
    assert [session.monitor_job(job_id) for job_id in (first, second)] == [MonitorReturnCode.JOB_FINISHED] * 2

    assert [job.status for job in server.jobs] == [FAILED, "FINISHED:COMPLETED"]
    assert asked == ["raises", "works"]
    assert server._state.store.get(first).output.log == (f"{type(raised).__name__}: {raised}",)  # type: ignore[union-attr]
    assert "workspace/begun" in server.stored_files(first)
    assert books(server._state) == made_anew(server._state)


def test_a_test_that_fails_in_it_fails() -> None:
    """So ``pytest.fail`` in a behavior function is what it is anywhere else."""

    def behave(_: Run) -> None:
        pytest.fail("not what the test expects")

    server = SimulatedServer(behavior=behave)
    job_id = server.submit(definition())

    with pytest.raises(pytest.fail.Exception, match="not what the test expects"):
        server.advance(10)
    server.run_until_idle()

    assert [(job.job_id, job.status) for job in server.jobs] == [(job_id, FAILED)]


def test_it_is_asked_once_wherever_an_interrupt_lands() -> None:
    """Its job has run as it said, or failed; what it asked of the server is done."""

    def play(point: int) -> tuple[str, list[str], SimulatedServer, Any]:
        asked: list[str] = []

        def behave(run: Run) -> JobBehavior:
            if run.name == "child":
                return JobBehavior(run_seconds=1)
            asked.append(run.job_id)
            asked.append(server.connect().submit_definition(definition(name="child")))
            run.write("x", run.name)
            return JobBehavior(run_seconds=2)

        server = SimulatedServer(behavior=behave)
        server.submit(definition())
        where = interrupted(lambda: server.advance(1.2), point) if point else points(lambda: server.advance(1.2))
        return str(where), asked, server, where

    total = int(play(0)[3])
    for point in range(1, total + 1, max(1, total // 60)):
        where, asked, server, _ = play(point)
        assert is_free(server.catch_up), where
        server.run_until_idle()

        told = [job_id for job_id in asked if job_id != server.jobs[0].job_id]
        assert asked.count(server.jobs[0].job_id) <= 1, where
        assert set(told) <= {job.job_id for job in server.jobs}, where
        assert server.jobs[0].status in ("FINISHED:COMPLETED", FAILED), where
        assert {job.status for job in server.jobs[1:]} <= {"FINISHED:COMPLETED"}, where
        assert books(server._state) == made_anew(server._state), where


@pytest.mark.parametrize("raised", [SystemExit(3), KeyboardInterrupt()], ids=repr)
def test_what_it_raises_in_a_round_reaches_the_caller_and_the_job_fails(raised: BaseException) -> None:
    """In the call in which the round is over, once; what it had written by then is there."""
    asked: list[int | None] = []

    def behave(run: Run) -> JobBehavior:
        asked.append(run.round)
        run.write("last", f"{run.round}")
        if run.round == 1:
            raise raised
        return JobBehavior(rounds=3, every=10)

    server = SimulatedServer(behavior=behave)
    job_id = server.submit(definition())
    with pytest.raises(type(raised)) as caught:
        server.advance(60)
    server.run_until_idle()

    assert caught.value is raised
    assert (asked, [job.status for job in server.jobs], server.jobs[0].rounds_over) == ([None, 0, 1], [FAILED], 2)
    assert server.workspace(job_id)["last"] == b"1"
    assert books(server._state) == made_anew(server._state)


def test_it_is_asked_once_a_round_wherever_an_interrupt_lands() -> None:
    """Its job has all rounds it should have, or failed in one; what it noted is there once."""

    def play(point: int) -> tuple[str, list[int | None], SimulatedServer, Any]:
        asked: list[int | None] = []

        def behave(run: Run) -> JobBehavior:
            asked.append(run.round)
            run.log(f"asked of {run.round}")
            return JobBehavior(rounds=2, every=1)

        server = SimulatedServer(behavior=behave)
        server.submit(definition())
        server.advance(1.5)
        where = interrupted(lambda: server.advance(3), point) if point else points(lambda: server.advance(3))
        return str(where), asked, server, where

    total = int(play(0)[3])
    for point in range(1, total + 1, max(1, total // 60)):
        where, asked, server, _ = play(point)
        assert is_free(server.catch_up), where
        server.run_until_idle()

        (job,) = server.jobs
        rounds = [record.round for record in server.trace.of("round")]
        log = server.workspace(job.job_id)["log.txt"].decode()
        if job.status == FAILED:  # in the last of its rounds, about which it was asked or was just going to be
            assert asked in ([None, *rounds], [None, *rounds[:-1]]), where
        else:
            assert (job.status, asked) == ("FINISHED:COMPLETED", [None, 0, 1]), where
        assert rounds == list(range(job.rounds_over)), where
        assert max(log.count(f"asked of {number}") for number in (None, 0, 1)) == 1, where
        assert books(server._state) == made_anew(server._state), where


def test_what_comes_later_comes_once_even_if_it_raises(server: SimulatedServer) -> None:
    """What ``call_later`` calls is over when it raises, whatever it raises; the next call goes on."""
    called: list[float] = []

    def leave() -> None:
        called.append(server.clock.time())
        raise SystemExit(1)

    server.call_later(2, leave)
    server.call_later(3, lambda: called.append(server.clock.time()))

    with pytest.raises(SystemExit):
        server.advance(2.5)
    server.advance(1)

    assert len(called) == 2
