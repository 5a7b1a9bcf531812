"""Sequences of calls that anybody may make, by two users, and servers they are made on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from flare_sim import JobBehavior, SimulatedServer, make_job
from flare_sim.recording import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["SEQUENCES", "SERVERS", "Step", "play"]


class Step(NamedTuple):
    """Something that a user does at a time."""

    at: float
    """Seconds since the server was made; at once when that has passed."""
    user: int
    verb: str
    job: int
    """Which of the jobs there are by then; one that there is not is asked for by a made up name."""
    number: int
    """Of the callback's answers, of a timeout, and the like."""


VERBS = (
    *("submit_job", "clone_job", "get_job_meta", "list_jobs", "download_job_result", "abort_job", "delete_job"),
    *("get_system_info", "monitor_job", "watch", "meddle", "close", "nonsense"),
)
SEQUENCES = st.lists(
    st.builds(
        Step,
        at=st.sampled_from([0.0, 0.5, 1.3, 3.0, 8.25, 30.0, 61.0]),
        user=st.integers(0, 1),
        verb=st.sampled_from(VERBS),
        job=st.integers(0, 3),
        number=st.integers(0, 4),
    ),
    max_size=12,
)


def _faulty() -> SimulatedServer:
    server = SimulatedServer(behavior=JobBehavior(run_seconds=20))
    server.faults.partition(after=3)
    server.faults.repair(after=9)
    server.faults.crash(after=40)
    server.faults.restart(after=50)
    return server


SERVERS: dict[str, Callable[[], SimulatedServer]] = {
    "as it comes": SimulatedServer,
    "with jobs that fail": lambda: SimulatedServer(behavior=JobBehavior(outcome="EXECUTION_EXCEPTION", run_seconds=2)),
    "with rounds": lambda: SimulatedServer(behavior=JobBehavior(rounds=3, every=2, metrics="fedavg")),
    "like 2.9": lambda: SimulatedServer(personality="nvflare-2.9", clients=3),
    "like 2.3": lambda: SimulatedServer(personality="nvflare-2.3", seed=7),
    "at once": lambda: SimulatedServer(progress="immediate"),
    "with faults": _faulty,
}


def play(server: SimulatedServer, steps: Sequence[Step], folder: Path, file: Path) -> None:
    """Record what two users do on a server."""
    began = server.clock.time()
    jobs = [make_job(folder / f"job-{number}", min_clients=number or 1) for number in range(3)]
    made: list[str] = []
    with Recorder(file, clock=server.clock) as recorder:
        sessions = [recorder.record(server.connect(user)) for user in ("admin@nvidia.com", "member@nvidia.com")]
        for step in sorted(steps, key=lambda step: step.at):
            left = began + step.at - server.clock.time()
            server.advance(max(0.0, left))
            with suppress(Exception):
                _take(step, sessions[step.user], jobs, made)


def _take(step: Step, session: Any, jobs: Sequence[str], made: list[str]) -> None:
    job_id = made[step.job] if step.job < len(made) else f"no-job-{step.job}"
    others: dict[str, Callable[[], Any]] = {
        "submit_job": lambda: made.append(session.submit_job(jobs[step.number % 3])),
        "clone_job": lambda: made.append(session.clone_job(job_id)),
        "list_jobs": lambda: session.list_jobs(detailed=step.number > 2, all=step.number % 2 == 1),
        "get_system_info": session.get_system_info,
        "monitor_job": lambda: session.monitor_job(job_id, timeout=step.number * 5 + 1, poll_interval=0.7),
        "watch": lambda: session.monitor_job(job_id, 100, 2.0, _callback(step.number, [])),
        "meddle": lambda: session.monitor_job(job_id, timeout=100, cb=_callback(step.number, [session.abort_job])),
        "close": session.close,
        "nonsense": lambda: session.monitor_job(job_id, float("nan"), [b"x", {"a": 1}]),
    }
    if step.verb in others:
        others[step.verb]()
    else:
        getattr(session, step.verb)(job_id)


def _callback(number: int, acts: list[Any]) -> Callable[..., Any]:
    """A callback that goes on so often, does something at its second look, and then ends the wait, or raises."""
    seen: list[str] = []

    def callback(session: Any, job_id: str, meta: dict[str, Any]) -> bool:
        seen.append(meta.pop("status"))
        if len(seen) == 2:
            session.list_jobs()
            for act in acts:
                act(job_id)
        if len(seen) > number and number == 4:
            raise KeyError("enough")
        return len(seen) <= number or number == 0

    return callback
