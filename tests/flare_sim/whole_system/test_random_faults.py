"""Random faults between a user's calls: what always holds, how all ends, and that looking changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import Client, InternalError, JobNotFound, NoConnection, ServerConfig, SessionClosed, SimulatedServer
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.job_samples import behaving, definition

if TYPE_CHECKING:
    from collections.abc import Callable

    from flare_sim import Session

JOBS = [
    definition(),
    definition(min_clients=3),
    definition(resource_spec={"site-1": {"gpu": 1}}),
    definition(mandatory_clients=["site-2"]),
    definition(min_clients=1, custom_props=behaving(run_seconds=50, deploy_seconds=2, start_seconds=3)),
]
CLIENTS = [Client("site-1", {"gpu": 1}), Client("site-2"), Client("site-3", {"gpu": 2})]
NAMES = [client.name for client in CLIENTS]
BREAKING = ["partition", "crash", "malfunction", "hold", "lose_sessions"]
MENDING = ["repair", "restart", "mend", "release", "normal_replies"]

Step = tuple[str, tuple[Any, ...], dict[str, Any]]

later = st.sampled_from([{}, {"after": 1}, {"after": 4.5}])
numbers = st.integers(0, 9).map(lambda number: (number,))
steps: st.SearchStrategy[Any] = st.one_of(
    st.tuples(st.just("submit"), st.integers(0, len(JOBS) - 1).map(lambda kind: (kind,)), st.just({})),
    st.tuples(st.sampled_from(["clone", "abort", "delete"]), numbers, st.just({})),
    st.tuples(
        st.just("advance"),
        st.sampled_from([0.0, 0.01, 0.5, 1.0, 1.5, 5.0, 10.0, 700.0]).map(lambda s: (s,)),
        st.just({}),
    ),
    st.tuples(st.sampled_from(BREAKING + MENDING), st.just(()), later),
    st.tuples(st.sampled_from(["drop", "reconnect", "fail_deploy"]), st.sampled_from(NAMES).map(lambda n: (n,)), later),
)


class UserAndFaults:
    """A server things are done to, and what always holds of it."""

    def __init__(self, max_jobs: int = 2) -> None:
        self.server = SimulatedServer(clients=CLIENTS, config=ServerConfig(max_jobs=max_jobs))
        self.session: Session = self.server.connect()
        self.ids = [self.session.submit_definition(JOBS[kind]) for kind in (0, 4, 4, 0)]
        self.finished: dict[str, str] = {}

    def do(self, verb: str, args: tuple[Any, ...], when: dict[str, Any]) -> None:
        """Do a step; the failures of a system in trouble are all right."""
        act: dict[str, Callable[..., object]] = {
            "submit": lambda kind: self.ids.append(self.session.submit_definition(JOBS[kind])),
            "clone": lambda number: self.ids.append(self.session.clone_job(self._id(number))),
            "abort": lambda number: self.session.abort_job(self._id(number)),
            "delete": lambda number: self.session.delete_job(self._id(number)),
            "advance": self.server.advance,
        }
        try:
            act.get(verb, getattr(self.server.faults, verb, None))(*args, **when)  # type: ignore[misc]
        except SessionClosed:
            self.session = self.server.connect()
        except (JobNotFound, NoConnection, InternalError):
            pass

    def _id(self, number: int) -> str:
        return self.ids[number % len(self.ids)]

    def check(self) -> None:
        """A finished job stays as it is; not too many are active; and all that is kept follows from the facts."""
        statuses = {job.job_id: job.status for job in self.server.jobs}
        for job_id, status in self.finished.items():
            assert statuses.get(job_id, status) == status
        self.finished = {job_id: status for job_id, status in statuses.items() if status.startswith("FINISHED")}
        state = self.server._state
        assert len(state.store.active) <= self.server.config.max_jobs
        assert books(state) == made_anew(state)


@settings(max_examples=300)
@given(st.lists(steps, max_size=40))
def test_whatever_happens_the_books_are_in_order(script: list[Step]) -> None:
    """After every step: finished is final, there are not too many active jobs, and making all anew changes nothing."""
    told = UserAndFaults()
    for verb, args, when in script:
        told.do(verb, args, when)
        told.check()


@settings(max_examples=300)
@given(st.lists(steps, max_size=30))
def test_once_all_is_mended_every_job_ends(script: list[Step]) -> None:
    """When what was broken works again and all clients are there, no job is stuck."""
    told = UserAndFaults()
    for step in script:
        told.do(*step)
    told.server.advance(5)  # what was still to break has broken
    for verb in MENDING:
        told.do(verb, (), {})
    for name in NAMES:
        told.do("reconnect", (name,), {})

    told.server.run_until_idle()

    assert {job.status for job in told.server.jobs if not job.status.startswith("FINISHED:")} == set()


@settings(max_examples=300)
@given(st.lists(steps, max_size=40))
def test_what_is_stuck_says_why(script: list[Step]) -> None:
    """When nothing more happens by itself, every job that is not over has a reason, and telling it changes nothing."""
    told = UserAndFaults()
    for step in script:
        told.do(*step)

    stuck = told.server.run_until_idle()
    digest = told.server.trace.digest()

    assert [job for job in told.server.jobs if not job.status.startswith("FINISHED:")] == list(stuck)
    assert [job for job in stuck if not job.reason] == []
    assert told.server.trace.digest() == digest


@settings(max_examples=300)
@given(st.lists(steps, max_size=30), st.lists(st.floats(0.001, 9), max_size=4))
def test_looking_in_between_changes_nothing(script: list[Step], pauses: list[float]) -> None:
    """A server that is looked at on the way lives the same life as one that is looked at in the end only."""
    watched, left_alone = UserAndFaults(), UserAndFaults()
    for told in (watched, left_alone):
        for step in script:
            told.do(*step)
    for pause in pauses:
        watched.server.advance(pause)
        repr(watched.server.trace)
    left_alone.server.clock.sleep(watched.server.clock.time() - left_alone.server.clock.time())

    assert watched.server.jobs == left_alone.server.jobs
    assert watched.server.trace == left_alone.server.trace
