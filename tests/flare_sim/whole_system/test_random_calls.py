"""Random calls and faults, in any order: only the interface's exceptions, and what must always hold does."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flare_sim import Client, Session, SimulatedServer, spec
from flare_sim.jobs.lifecycle import TRANSITIONS, JobState
from tests.flare_sim.books import books, made_anew
from tests.flare_sim.job_samples import behaving, definition

EXPECTED = (spec.NoConnection, spec.SessionClosed, spec.JobNotFound, spec.InternalError, spec.AuthorizationError)
JOBS = [
    definition(),
    definition(min_clients=3),
    definition(min_clients=1, mandatory_clients=["c"], resource_spec={"a": {"gpus": 1}, "c": {"gpus": 2}}),
    definition(deploy_map={"app": ["server", "b", "c"]}, custom_props=behaving(run_seconds=0, outcome="ABNORMAL")),
    definition(custom_props=behaving(outcome="FAILED_TO_RUN", start_seconds=2)),
    definition(custom_props=behaving(deploy_seconds=3, run_seconds=60)),
]
CLIENTS = st.sampled_from("abc")
NUMBER = st.integers(0, 9)
SOON = st.sampled_from([{}, {"after": 0.5}, {"after": 7.25}])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), NUMBER),
        st.tuples(st.sampled_from(["clone_job", "abort_job", "delete_job", "download_job_result"]), NUMBER),
        st.tuples(st.just("advance"), st.sampled_from([0.0, 0.03, 0.1, 0.97, 3.0, 11.0, 650.0])),
        st.tuples(st.sampled_from(["drop", "reconnect"]), CLIENTS, SOON),
        st.tuples(st.just("fail_deploy"), st.sampled_from(["server", "a"]), SOON),
        st.tuples(st.sampled_from(["kill_job"]), NUMBER, SOON),
        st.tuples(
            st.sampled_from(
                ["partition", "repair", "crash", "restart", "lose_sessions", "malfunction", "mend", "hold", "release"]
            ),
            SOON,
        ),
        st.tuples(st.just("swap"), CLIENTS),
    ),
    max_size=40,
)


class UserAndFaults:
    """A server, somebody who uses it, and somebody who breaks it."""

    def __init__(self, progress: str) -> None:
        clients = [Client("a", {"gpus": 1}), Client("b"), Client("c", {"gpus": 3})]
        self.server = SimulatedServer(clients=clients, progress=progress)
        self.session = self.server.connect()
        self.ids: list[str] = ["unknown"]

    def do(self, step: tuple[Any, ...]) -> None:
        """One step of the sequence."""
        verb, *rest = step
        faults = self.server.faults
        if verb == "advance":
            self.server.advance(rest[0])
        elif verb == "swap":
            name = rest[0]
            known = any(client.name == name for client in self.server._state.sites)
            self.server.remove_client(name) if known else self.server.add_client(Client(name, {"gpus": 1}))
        elif verb in ("submit", "clone_job", "abort_job", "delete_job", "download_job_result"):
            self.call(verb, rest[0])
        else:
            *args, when = rest
            if verb == "kill_job":
                args = [self.ids[args[0] % len(self.ids)]]
            try:
                getattr(faults, verb)(*args, **when)
            except ValueError as problem:
                assert "there is no" in str(problem)  # noqa: PT017  (a client or job that is gone)

    def call(self, verb: str, number: int) -> None:
        """One call of the session, or of a new one when it is lost."""
        session: Session = self.session
        try:
            if verb == "submit":
                self.ids.append(session.submit_definition(JOBS[number % len(JOBS)]))
            else:
                made = getattr(session, verb)(self.ids[number % len(self.ids)])
                if verb == "clone_job":
                    self.ids.append(made)
        except spec.SessionClosed:
            try:
                self.session = self.server.connect()
            except spec.NoConnection:
                return
        except EXPECTED:
            return


def check(server: SimulatedServer) -> None:
    """What must hold at any time."""
    state = server._state
    active = state.store.active
    assert len(active) <= state.policy.max_jobs
    assert all(job.state.active for job in active.values())
    assert books(state) == made_anew(state)
    states: dict[str, JobState] = {}
    shown: dict[str, str] = {}
    for record in state.trace.of("state"):
        reached = JobState[record.state]
        assert reached in TRANSITIONS[states.get(record.job_id, JobState.SUBMITTED)].values()
        states[record.job_id] = reached
        shown[record.job_id] = record.status
    assert all(shown.get(job.job_id, "SUBMITTED") == job.status for job in state.store)


@settings(max_examples=200)
@given(STEPS, st.sampled_from(["time", "time", "immediate"]))
def test_whatever_is_done_the_rules_hold(steps: list[tuple[Any, ...]], progress: str) -> None:
    """Moves are rows of the table, limits and holds are kept, and once all is mended every job comes to its end."""
    played = UserAndFaults(progress)
    for step in steps:
        played.do(step)
        check(played.server)
    for verb in ("restart", "repair", "mend", "release"):
        getattr(played.server.faults, verb)()
    played.server.advance(10)
    for verb in ("restart", "repair", "mend", "release"):
        getattr(played.server.faults, verb)()
    for name in "abc":
        if name in played.server._state.sites:
            played.server.faults.reconnect(name)
        else:
            played.server.add_client(name)
    played.server.run_until_idle()
    check(played.server)

    assert [job for job in played.server.jobs if not job.status.startswith("FINISHED:")] == []
    assert not any(site.held for site in played.server._state.sites)
