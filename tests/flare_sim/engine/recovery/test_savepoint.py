"""Going back to where something was begun: everything that says so first comes back, to the last value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from flare_sim import SimulatedServer
from flare_sim.engine.job import Job
from flare_sim.engine.process import Process
from flare_sim.engine.recovery.savepoint import settle
from tests.flare_sim.books import books
from tests.flare_sim.job_samples import definition, new_job

if TYPE_CHECKING:
    from flare_sim import Session


def test_a_job_says_everything_of_itself_that_changes() -> None:
    """Its facts are all it has but what it was made with, and what is rendered of them; they can be put back."""
    job, other = new_job(), new_job()
    fixed = {"serial", "job_id", "definition", "submitter", "submitted", "cloned_from"}
    changing = sorted({*Job.__slots__} - fixed - {"blob"})
    for number, name in enumerate(changing):
        setattr(job, name, number)

    assert sorted(job.facts()) == list(range(len(changing)))
    other.put_back(job.facts())
    assert [getattr(other, name) for name in changing] == list(range(len(changing)))


def test_nothing_is_taken_back_of_what_is_done(server: SimulatedServer, session: Session) -> None:
    """An entry of the timeline that is out of it is done, though its savepoint is still there."""
    job_id = session.submit_definition(new_job().definition)
    server.clock.sleep(1.0)
    timeline = server._state.timeline
    timeline.run(timeline.now + 1_000_000)
    left = timeline.savepoint

    settle(server._state)

    assert (left is None, timeline.savepoint) == (False, None)
    assert [row for row in server._state.trace.rows() if row[1] == "state"] == [
        (timeline.now, "state", job_id, "DEPLOYING")
    ]


def test_everything_that_was_touched_is_put_back(server: SimulatedServer, session: Session) -> None:
    """Jobs, clients, tokens, the server's own fields, what was planned and what was told."""
    job_id = session.submit_definition(new_job().definition)
    server.advance(2)
    state = server._state
    job = state.store.get(job_id)
    assert job is not None
    known: Any = object()
    state.tokens["u", "known"] = known
    before = (job.facts(), books(state), len(state.trace), state.timeline.entries(), list(map(id, state.sites)))

    state.touch_all()
    for token in ("t", "known"):
        state.touch_token(("u", token))
    state.tokens["u", "known"] = object()  # type: ignore[assignment]
    state.tokens["u", "t"] = object()  # type: ignore[assignment]
    state.note("fault", "crash")
    state.sites.remove("site-1")
    state.alive = False
    job.epoch += 7
    state.store.remove(job)
    state.timeline.after(3, print)
    settle(state)

    after = (job.facts(), books(state), len(state.trace), state.timeline.entries(), list(map(id, state.sites)))
    assert after == before
    assert (state.alive, state.tokens) == (True, {("u", "known"): known})


def test_a_job_that_was_killed_lives_again(server: SimulatedServer, session: Session) -> None:
    """When what killed it is taken back."""
    job_id = session.submit_definition(new_job().definition)
    server.advance(2)
    job = server._state.find(job_id)
    assert job is not None
    before = job.facts()

    def half() -> None:
        server._runner.kill(job)
        raise KeyError("half")

    with pytest.raises(KeyError):
        server._transactions.run(half)

    assert job.facts() == before


def test_a_look_of_the_scheduler_is_taken_back_for_all_it_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is done again, it finds every job as it was."""
    disturbed, undisturbed = SimulatedServer(), SimulatedServer()
    for server in (disturbed, undisturbed):
        for _ in range(4):
            server.submit(definition(min_clients=5))
    look, looks = Process._consider, 0

    def consider(self: Any, job: Job) -> bool:
        nonlocal looks
        looks += 1
        if looks == 4:
            raise KeyError("half")
        return look(self, job)

    with monkeypatch.context() as patch:
        patch.setattr(Process, "_consider", consider)
        with pytest.raises(KeyError):
            disturbed.advance(1)
    for server in (disturbed, undisturbed):
        server.run_until_idle()

    assert list(disturbed.trace) == list(undisturbed.trace)
