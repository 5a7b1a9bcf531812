"""monitor_job's callback: what it may do itself, which is to read, abort, delete and monitor."""

from __future__ import annotations

from typing import Any

from contract_tests.clauses.shared.monitoring import code
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, UNDONE
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each
from contract_tests.system.job_plan import JobPlan

CHECKS = CheckTable()


def _runs(actor: Actor, job: str, act: Any, poll: float = 1.0) -> tuple[Outcome, Callback]:
    cb = Callback(act=act, limit=400)
    return actor.monitor(job, cb, poll=poll), cb


@CHECKS.check("monitor.callback-reads", runs=Each(1.0, 8.0), state=Each(*STATES))
def _reads_inside(s: Scenario, runs: float, state: str) -> None:
    alice = s.open()
    other = s.job(state, alice)
    job = alice.submit(JobPlan(runs=runs))
    results: list[Outcome] = []

    def read(_: int) -> None:
        results.extend(alice.do("get_job_meta", one) for one in (other, job))
        results.extend(alice.do(method) for method in ("list_jobs", "get_system_info"))

    outcome, _ = _runs(alice, job, read)
    for number, result in enumerate(results):
        s.require(result.returned, "reading in the callback to work", result)
        if number % 4 < 2:
            wanted = (other, job)[number % 4]
            told = result.value.get("job_id") if isinstance(result.value, dict) else result.value
            s.require(told == wanted, f"the meta of {s.tell(wanted)} in the callback", f"that of {s.tell(told)}")
        elif number % 4 == 2:
            listed = [entry.get("job_id") for entry in result.value]
            s.require({other, job} <= set(listed), "both jobs in the list, in the callback", s.tell(listed))
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED", outcome)


def _once(s: Scenario, state: str, at: int, method: str, what: str) -> tuple[Outcome, Callback]:
    """Monitor a job with a callback that calls ``method`` for it once, which has to work."""
    alice = s.open()
    job = s.job(state, alice)
    results: list[Outcome] = []
    outcome, cb = _runs(alice, job, lambda number: results.append(alice.do(method, job)) if number == at else None)
    s.require(results and results[0].returned, f"{what} in the callback to work", results[0] if results else outcome)
    return outcome, cb


@CHECKS.check("monitor.callback-aborts", state=Each(*UNDONE), at=Each(1, 2, 8))
def _aborts(s: Scenario, state: str, at: int) -> None:
    outcome, _ = _once(s, state, at, "abort_job", "the abort")
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED", outcome)


@CHECKS.check("monitor.callback-deletes", state=Each(*UNDONE), at=Each(1, 2, 8))
def _deletes(s: Scenario, state: str, at: int) -> None:
    outcome, cb = _once(s, state, at, "delete_job", "the deletion")
    s.require(outcome.raised("JobNotFound"), "JobNotFound at the next poll", outcome)
    s.require(len(cb.calls) == at, f"no call after call {at}, in which the job went", f"{len(cb.calls)} calls")


@CHECKS.check("monitor.callback-monitors", at=Each(1, 3), state=Each("completed", "waiting", "running", "same"))
def _monitors(s: Scenario, at: int, state: str) -> None:
    alice = s.open()
    another = None if state == "same" else s.job(state, alice)
    job = alice.submit(JobPlan(runs=60.0))
    other = another or job
    inner = Callback(answers=(True,), then=False)
    results: list[Outcome] = []

    def nest(number: int) -> None:
        if number == at:
            results.append(alice.monitor(other, inner, "inner", poll=1.0, whose="inner"))

    cb = Callback(act=nest, limit=400)
    outcome = alice.monitor(job, cb, "outer", poll=1.0, whose="outer")
    wanted = ("JOB_FINISHED", "ENDED_BY_CB") if state == "completed" else ("ENDED_BY_CB",)
    s.require(results and code(results[0]) in wanted, " or ".join(wanted), results[0] if results else outcome)
    s.require(code(outcome) == "JOB_FINISHED", "JOB_FINISHED from the outer monitor", outcome)
    for which, calls, its_job in (("outer", cb.calls, job), ("inner", inner.calls, other)):
        for call in calls:
            got = (call.job_id, call.args, call.kwargs)
            right = got == (its_job, (which,), {"whose": which})
            s.require(right, f"the {which} callback to get its own job and arguments", s.tell(got))
