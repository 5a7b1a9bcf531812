"""Jobs and sessions with a past: what came before must not matter, so what holds for a fresh job holds for these.

An implementation that keeps something of its own about jobs or sessions (a cache, a table of ten rows, the first
session of a user) is right about the first job of the first session and wrong about these.
"""

from __future__ import annotations

from typing import Final

from contract_tests.plan import JobPlan
from contract_tests.scenario import STATES, Actor, Scenario, finished
from contract_tests.system import NotClaimed

PASTS: Final = (
    "the eleventh job",
    "a clone",
    "a clone of a deleted job",
    "a job with a clone",
    "a second session",
    "a session opened anew",
    "a job of another user",
    "a job of a closed session",
    "a session with monitors behind it",
    "a session with errors behind it",
    "a server with an outage behind it",
)
"""What may have come before, by the name inputs use."""


def with_past(s: Scenario, past: str, state: str) -> tuple[Actor, str]:
    """A session, and a job in a state of `STATES`, with something behind them.

    Where the system can't bring the past about (no second user, no outage) the job is an ordinary one.
    """
    alice = s.open()
    if past == "a second session":
        alice.submit()
        alice = s.open()
    elif past == "a session opened anew":
        alice.submit()
        alice.need("close")
        alice = s.open()
    elif past == "a session with monitors behind it":
        earlier = alice.submit(JobPlan(waits=True))
        for timeout in (1, 2):
            alice.monitor(earlier, timeout=timeout)
    elif past == "a session with errors behind it":
        for method in ("get_job_meta", "abort_job", "monitor_job"):
            alice.do(method, "no-such-job")
    elif past == "a server with an outage behind it":
        try:
            s.world("outage")
            alice.do("list_jobs")
            s.world("recover")
        except NotClaimed:
            return alice, s.job(state, alice)
        alice = s.open()
    return alice, _job(s, past, state, alice)


def _job(s: Scenario, past: str, state: str, alice: Actor) -> str:
    if past == "the eleventh job":
        for _ in range(10):
            alice.submit(JobPlan(waits=True))
    elif past in ("a clone", "a clone of a deleted job"):
        original = alice.submit(STATES[state].plan)
        alice.need("abort_job", original)
        clone = alice.clone(original)
        if past == "a clone of a deleted job":
            s.until(alice, original, finished, "finished")
            alice.need("delete_job", original)
        return s.bring(clone, state, alice)
    elif past == "a job with a clone":
        job = s.job(state, alice)
        alice.clone(job)
        return job
    elif past == "a job of another user" and len(s.system.users) > 1:
        return s.job(state, s.open(1))
    elif past == "a job of a closed session":
        other = s.open()
        job = s.job(state, other)
        other.need("close")
        return job
    return s.job(state, alice)
