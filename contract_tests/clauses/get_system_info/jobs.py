"""get_system_info: the jobs that are executed, system info as text, and that asking changes nothing."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from contract_tests.clauses.shared.job_runs import is_run_though_read
from contract_tests.clauses.shared.marks import leaves_no_mark
from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import LONG, STATES, finished
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers
from contract_tests.sequences.starting_points import MAIN_HISTORIES, starting_point
from contract_tests.system import job_folders, temporary_folders
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


@CHECKS.check("system.jobs", count=Each(1, 2, 3, 4))
def _jobs(s: Scenario, count: int) -> None:
    alice = s.open()
    jobs: list[str] = []
    for _ in range(count):
        jobs.append(s.job("running", alice))
        _tells_jobs(s, alice, jobs)
    s.sleep(30.0)
    for actor in (alice, s.open()):
        _tells_jobs(s, actor, jobs)


@CHECKS.check("system.jobs", variant="pasts", past=Each(*MAIN_HISTORIES))
def _jobs_after(s: Scenario, past: str) -> None:
    actor, job = starting_point(s, past, "running")
    _tells_jobs(s, actor, [job])


@CHECKS.check("system.jobs", variant="users")
def _jobs_of_users(s: Scenario) -> None:
    alice, bob = s.open(0), s.open(1)
    jobs = [s.job("running", alice), s.job("running", bob)]
    for actor in (alice, bob):
        _tells_jobs(s, actor, jobs)


def _tells_jobs(s: Scenario, actor: Actor, jobs: list[str]) -> None:
    """The assertion that each of these jobs has one entry."""
    executing = actor.executing()
    missing = [job for job in jobs if job not in executing]
    s.require(not missing, f"an entry of each of the {len(jobs)} running jobs", f"without {s.tell(missing)}")
    s.require(len(executing) == len(set(executing)), "every job once", s.tell(executing))


@CHECKS.check(
    "system.only-running-jobs", state=Each(*(state for state in STATES if state != "running")), also=integers(0, 2)
)
def _only_running_jobs(s: Scenario, state: str, also: int) -> None:
    alice = s.open()
    for _ in range(also):
        s.job("running", alice)
    job = s.job(state, alice)
    if state != "dispatched":  # a server may begin to execute it in that very moment
        executing = alice.executing()
        s.require(job not in executing, f"no entry of a job that is {state}", s.tell(executing))
    ended = alice.submit(JobPlan(runs=1.0))
    s.until(alice, ended, finished, "finished")
    for actor in (alice, s.open()):
        executing = actor.executing()
        s.require(ended not in executing, "no entry of a job that is done", s.tell(executing))


@CHECKS.check(
    "system.only-running-jobs", variant="pasts", past=Each(*MAIN_HISTORIES), state=Each("waiting", "completed")
)
def _only_running_jobs_after(s: Scenario, past: str, state: str) -> None:
    actor, job = starting_point(s, past, state)
    executing = actor.executing()
    s.require(job not in executing, f"no entry of a job that is {state}", s.tell(executing))


@CHECKS.check(
    "system.only-running-jobs",
    variant="seen",
    ends=Each("COMPLETED", "EXECUTION_EXCEPTION", "aborted"),
    beside=Each(0, 1),
)
def _seen_running(s: Scenario, ends: str, beside: int) -> None:
    alice = s.open()
    for _ in range(beside):
        s.job("running", alice)
    job = alice.submit(JobPlan(runs=8.0, ends="COMPLETED" if ends == "aborted" else ends))
    s.until(alice, job, STATES["running"].reached, "running")
    alice.info()
    if ends == "aborted":
        alice.need("abort_job", job)
    waited = 0.0
    while not finished(alice.status(job)) and waited <= 8.0 + s.system.patience:
        alice.info()
        s.sleep(0.5)
        waited += 0.5
    s.until(alice, job, finished, "finished")
    executing = alice.executing()
    s.require(job not in executing, "no entry of a job that was executed, and is done", s.tell(executing))


@CHECKS.check("system.only-running-jobs", variant="monitored", state=Each("waiting", "completed"))
def _monitored_not_running(s: Scenario, state: str) -> None:
    """A job is not executed because it is monitored."""
    alice, other = s.open(), s.open()
    job = s.job(state, alice)
    seen: list[list[object]] = []

    def read(_: int) -> None:
        seen.extend(actor.executing() for actor in (alice, other))

    alice.monitor(job, Callback(act=read, then=False))
    for executing in seen:
        s.require(job not in executing, f"no entry of a job that is {state}, and monitored", s.tell(executing))


def _other_app(s: Scenario, name: str) -> str:
    """The folder of a job that runs long, with its app under another name if that can be changed."""
    given = str(s.given(JobPlan(runs=LONG)))
    try:
        meta = json.loads(Path(given, "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return given
    if list(meta["deploy_map"]) != [job_folders.APP]:
        return given
    folder = temporary_folders.scratch() / "contract_job"
    shutil.copytree(given, folder)
    (folder / job_folders.APP).rename(folder / name)
    meta["deploy_map"] = {name: meta["deploy_map"][job_folders.APP]}
    (folder / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return str(folder)


def _tells_app(s: Scenario, actor: Actor, job: str, name: str) -> None:
    names = [entry.app_name for entry in actor.info().job_info if entry.job_id == job]
    s.require(names == [name], f"one entry of {s.tell(job)}, with the app name {name!r}", s.tell(names))


@CHECKS.check("system.app-name", past=Each(*MAIN_HISTORIES))
def _app_name(s: Scenario, past: str) -> None:
    actor, job = starting_point(s, past, "running")
    _tells_app(s, actor, job, "app")


@CHECKS.check("system.app-name", variant="others")
def _app_names(s: Scenario) -> None:
    alice = s.open()
    running = {}
    for name in ("first_app", "app", "another_app"):
        job = alice.submit(_other_app(s, name))
        s.until(alice, job, STATES["running"].reached, "running")
        running[job] = next(iter(alice.meta(job).get("deploy_map", {name: None})))
    if any(finished(alice.status(job)) for job in running):
        raise NotClaimed("to run three jobs side by side")
    for job, name in running.items():
        _tells_app(s, alice, job, name)


@CHECKS.check("system.text", jobs=Each(0, 1, 2, 3), more_clients=Each(0, 10))
def _text(s: Scenario, jobs: int, more_clients: int) -> None:
    alice = s.open()
    with suppress(NotClaimed):
        for number in range(more_clients):
            s.on_system("connect_client", f"site-more-{number + 1}")
        s.sleep(1.0)
    for _ in range(jobs):
        s.job("running", alice)
    info = alice.info()
    text = str(info)
    moment: Callable[[float], str] = lambda seconds: time.asctime(time.localtime(seconds))  # noqa: E731
    told = [f"status: {info.server_info.status}, start_time: {moment(info.server_info.start_time)}"]
    told += [f"{entry.name}(last_connect_time: {moment(entry.last_connect_time)})" for entry in info.client_info]
    told += [f"job_id: {entry.job_id}" for entry in info.job_info]
    for part in told:
        s.require(wording.tells(text, part), f"the text to tell {part!r}", repr(text))


@CHECKS.check("system.no-effect", state=Each(*STATES), reads=Each(1, 12))
def _no_effect(s: Scenario, state: str, reads: int) -> None:
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.snapshot(other), alice.snapshot(job), sorted(map(str, alice.listed()))
    for _ in range(reads):
        alice.info()
    s.require_exists(alice, other, job)
    after = alice.snapshot(other), alice.snapshot(job), sorted(map(str, alice.listed()))
    s.unchanged(before, after, "the jobs")


@CHECKS.check("system.no-effect", variant="runs", looks=Each(0, 1, 12))
def _no_effect_on_start(s: Scenario, looks: int) -> None:
    is_run_though_read(s, looks, lambda actor, job: actor.info())


@CHECKS.check("system.no-effect", variant="busy", running=Each(2, 4))
def _no_effect_busy(s: Scenario, running: int) -> None:
    alice = s.open()
    with suppress(NotClaimed):  # of a server that does not run so many at once
        jobs = [s.job("running", alice) for _ in range(running)]
        before = [alice.snapshot(job) for job in jobs]
        for _ in range(3):
            alice.info()
        s.require_exists(alice, *jobs)
        s.unchanged(before, [alice.snapshot(job) for job in jobs], "the jobs")


@CHECKS.check("system.no-effect", variant="pasts", past=Each(*MAIN_HISTORIES))
def _no_effect_after(s: Scenario, past: str) -> None:
    actor, job = starting_point(s, past, "waiting")
    before = actor.snapshot(job)
    actor.info()
    s.unchanged(before, actor.snapshot(job), "the job")


@CHECKS.check("system.no-effect", variant="marks", state=Each("waiting", "aborted"))
def _leaves_no_mark(s: Scenario, state: str) -> None:
    leaves_no_mark(s, state, lambda actor, _: actor.info())
