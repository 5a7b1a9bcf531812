"""Across methods: the life of a job, jobs side by side, any sequence of calls, calls from several threads."""

from __future__ import annotations

import itertools
import threading
from typing import Any

from contract_tests.checks.registry import STATEFUL, CheckTable
from contract_tests.domains import Each, choice, lists, quarters, whole
from contract_tests.model import rank
from contract_tests.operations import Outcome
from contract_tests.plan import JobPlan
from contract_tests.scenario import DONE, Actor, Scenario, finished
from contract_tests.sequences import play_all
from contract_tests.system import NotClaimed

CHECKS = CheckTable()


def _watch(s: Scenario, actor: Actor, job: str, step: float, looks: int) -> list[str]:
    """The statuses of a job at a row of looks, ended by its finished one."""
    seen = [actor.status(job)]
    for _ in range(looks):
        if finished(seen[-1]):
            break
        s.sleep(step)
        seen.append(actor.status(job))
    return seen


@CHECKS.check("life.order", runs=quarters(1, 20), dispatches=quarters(1, 10))
def _order(s: Scenario, runs: float, dispatches: float) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=runs, dispatches=dispatches))
    seen = _watch(s, alice, job, 0.25, round((runs + dispatches + s.system.patience) * 4))
    told = [status for index, status in enumerate(seen) if index == 0 or status != seen[index - 1]]
    wanted = ["SUBMITTED", "DISPATCHED", "RUNNING", "FINISHED:COMPLETED"]
    s.require(told == wanted, " -> ".join(wanted), " -> ".join(told))


@CHECKS.check(
    "life.no-step-back",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"),
    step=choice(0.25, 0.5, 1.0, 2.0),
    acts=lists(choice("nothing", "nothing", "list", "clone", "monitor", "info", "abort"), 0, 8),
)
def _no_step_back(s: Scenario, ends: str, step: float, acts: list[str]) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=6.0, ends=ends))
    seen = [alice.status(job)]
    for act in [*acts, *["nothing"] * 12]:
        if act == "list":
            alice.need("list_jobs")
        elif act == "info":
            alice.need("get_system_info")
        elif act == "monitor":
            alice.monitor(job, timeout=1, poll=0.5)
        elif act != "nothing":
            alice.need(f"{act}_job", job)
        s.sleep(step)
        seen.append(alice.status(job))
    for earlier, later in itertools.pairwise(seen):
        s.require(rank(later) >= rank(earlier), f"no step back from {earlier}", later)


@CHECKS.check(
    "life.final",
    state=Each(*DONE),
    acts=lists(choice("abort_job", "clone_job", "download_job_result", "monitor_job", "get_job_meta"), 0, 5),
    pause=quarters(1, 500),
)
def _final(s: Scenario, state: str, acts: list[str], pause: float) -> None:
    alice = s.open()
    job = s.job(state, alice)
    before = alice.status(job)
    for act in acts:
        alice.need(act, job)
        s.sleep(pause)
        status = alice.status(job)
        s.require(status == before, f"the job to stay {before}", status)
    s.sleep(pause)
    status = alice.status(job)
    s.require(status == before, f"the job to stay {before}", status)


_ENDS = {
    "completed": ("completed", "COMPLETED"),
    "aborted": ("stopped", "ABORTED"),
    "exception": ("failed", "EXECUTION_EXCEPTION"),
    "abnormal": ("killed", "ABNORMAL"),
    "unschedulable": ("given up", "CAN_NOT_SCHEDULE"),
    "not-deployed": ("not deployed", "FAILED_TO_RUN"),
}


def _ends(how: str, state: str, ending: str) -> None:
    @CHECKS.check(f"life.ends.{how}", by=Each(*(("running", "waiting") if how == "aborted" else ("itself",))))
    def body(s: Scenario, by: str) -> None:
        alice = s.open()
        status = alice.status(s.job("aborted" if by == "waiting" else state, alice))
        s.require(status == f"FINISHED:{ending}", f"FINISHED:{ending}", status)


for _how, (_state, _ending) in _ENDS.items():
    _ends(_how, _state, _ending)


@CHECKS.check(
    "life.side-by-side", endings=lists(choice("COMPLETED", "EXECUTION_EXCEPTION", "ABNORMAL", "FAILED_TO_RUN"), 2, 8)
)
def _side_by_side(s: Scenario, endings: list[str]) -> None:
    alice = s.open()
    jobs = [alice.submit(JobPlan(runs=float(2 + index), ends=ending)) for index, ending in enumerate(endings)]
    for job, ending in zip(jobs, endings, strict=True):
        s.until(alice, job, finished, "finished", within=60.0 * len(jobs))
        status = alice.status(job)
        s.require(status == f"FINISHED:{ending}", f"{s.tell(job)} to end {ending}", status)


@CHECKS.check("life.model", kind=STATEFUL)
def _model(s: Scenario, calls: list[list[Any]]) -> None:
    play_all(s, calls)


@CHECKS.check(
    "life.concurrent", threads=whole(2, 5), act=Each("delete_job", "abort_job", "clone_job"), count=whole(1, 4)
)
def _concurrent(s: Scenario, threads: int, act: str, count: int) -> None:
    if not s.system.threads:
        raise NotClaimed("calls from several threads")
    actors = [s.open() for _ in range(threads)]
    jobs = [[actor.submit(JobPlan(waits=True)) for _ in range(count)] for actor in actors]
    outcomes: list[tuple[str, Outcome]] = []
    gate = threading.Barrier(threads)

    def work(number: int) -> None:
        gate.wait()
        outcomes.extend((job, actors[number].do(act, job)) for job in jobs[number])

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for _, outcome in outcomes:
        s.require(outcome.returned, f"every {act} to work", outcome)
    listed = actors[0].listed()
    everything = [job for its_jobs in jobs for job in its_jobs]
    if act == "delete_job":
        s.require(listed == [], "no job left", s.tell(listed))
    elif act == "clone_job":
        wanted = sorted([*everything, *(str(outcome.value) for _, outcome in outcomes)])
        s.require(sorted(map(str, listed)) == wanted, f"{len(wanted)} jobs in the list", f"{len(listed)} jobs")
    else:
        undone = [job for job in everything if not finished(actors[0].status(job))]
        s.require(not undone, "every job to be finished", f"{s.tell(undone)} not")
