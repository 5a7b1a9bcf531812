"""get_system_info: the server, the clients that are connected, the jobs that are executed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import Each, lists, quarters, whole
from contract_tests.plan import JobPlan
from contract_tests.scenario import STATES, Scenario, finished
from contract_tests.system import NotClaimed

CHECKS = CheckTable()


def _names(s: Scenario) -> tuple[str, ...]:
    if not s.system.client_names:
        raise NotClaimed("the names of the connected clients")
    return s.system.client_names


@CHECKS.check("system.parts", state=Each("none", *STATES))
def _parts(s: Scenario, state: str) -> None:
    alice = s.open()
    if state != "none":
        s.job(state, alice)
    outcome = alice.do("get_system_info")
    s.require(outcome.returned, "system info", outcome)
    info = outcome.value
    server = getattr(info, "server_info", None)
    has_server = hasattr(server, "status") and hasattr(server, "start_time")
    s.require(has_server, "server_info with status and start_time", s.tell(server))
    for part, attributes in (("client_info", ("name", "last_connect_time")), ("job_info", ("job_id", "app_name"))):
        entries = getattr(info, part, None)
        s.require(isinstance(entries, list), f"{part} to be a list", s.tell(entries))
        assert entries is not None
        for entry in entries:
            right = all(hasattr(entry, attribute) for attribute in attributes)
            s.require(right, f"entries of {part} with {' and '.join(attributes)}", s.tell(entry))


@CHECKS.check("system.server-status", running=Each(False, True))
def _server_status(s: Scenario, running: bool) -> None:
    alice = s.open()
    if running:
        s.job("running", alice)
    status = alice.info().server_info.status
    s.require(isinstance(status, str) and status, "a str that is not empty", s.tell(status))


def _is_past(s: Scenario, what: str, value: Any) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    s.require(is_number, f"{what} to be a number of seconds", s.tell(value))
    now = s.now()
    when = value / s.system.time_unit
    s.require(0 <= when <= now + s.slack, f"{what} not after {now:.6f}", f"{when:.6f}")


@CHECKS.check("system.start-time", after=quarters(0, 1000))
def _start_time(s: Scenario, after: float) -> None:
    alice = s.open()
    s.sleep(after)
    _is_past(s, "start_time", alice.info().server_info.start_time)


@CHECKS.check("system.start-time-stays", pauses=lists(quarters(0, 1000), 1, 4), job=Each(False, True))
def _start_time_stays(s: Scenario, pauses: list[float], job: bool) -> None:
    alice = s.open()
    first = alice.info().server_info.start_time
    if job:
        s.job("running", alice)
    for pause in pauses:
        s.sleep(pause)
        later = alice.info().server_info.start_time
        s.require(later == first, f"the start_time {first}", later)


@CHECKS.check("system.clients", after=quarters(0, 200), jobs=whole(0, 2))
def _clients(s: Scenario, after: float, jobs: int) -> None:
    names = _names(s)
    alice = s.open()
    for _ in range(jobs):
        s.job("running", alice)
    s.sleep(after)
    found = [entry.name for entry in alice.info().client_info]
    s.require(sorted(map(str, found)) == sorted(names), f"the clients {', '.join(names)}", s.tell(found))


@CHECKS.check("system.client-names", after=quarters(0, 200))
def _client_names(s: Scenario, after: float) -> None:
    alice = s.open()
    s.sleep(after)
    found = [entry.name for entry in alice.info().client_info]
    s.require(len(set(map(str, found))) == len(found), "every client once", s.tell(found))


@CHECKS.check("system.connect-time", after=quarters(0, 200))
def _connect_time(s: Scenario, after: float) -> None:
    alice = s.open()
    s.sleep(after)
    for name, moment in alice.connect_times().items():
        _is_past(s, f"last_connect_time of {name}", moment)


@CHECKS.check("system.connect-time-moves", pauses=lists(quarters(0.25, 100), 1, 8))
def _connect_time_moves(s: Scenario, pauses: list[float]) -> None:
    names = _names(s)
    alice = s.open()
    first = last = alice.connect_times()
    for pause in [*pauses, s.system.patience]:
        s.sleep(pause)
        now = alice.connect_times()
        for name in names:
            s.require(name in now, f"an entry of {name}, which stays connected", s.tell(sorted(map(str, now))))
            s.require(
                now[name] >= last.get(name, now[name]), f"{name} not to step back from {last.get(name)}", now[name]
            )
        last = now
    for name in names:
        s.require(
            last[name] > first.get(name, 0), f"the time of {name} to have moved on from {first.get(name)}", last[name]
        )


@CHECKS.check("system.dropped-client", pauses=lists(quarters(1, 100), 1, 5))
def _dropped_client(s: Scenario, pauses: list[float]) -> None:
    name = _names(s)[-1]
    alice = s.open()
    s.sleep(3.0)
    s.world("drop_client", name)
    before = alice.connect_times().get(name)
    for pause in pauses:
        s.sleep(pause)
        now = alice.connect_times()
        stays = name not in now or now[name] == before
        s.require(stays, f"the time of {name} to stay {before}, or no entry", now.get(name))


@CHECKS.check("system.new-client", names=Each(("site-new",), ("site-new", "site-newer")))
def _new_client(s: Scenario, names: tuple[str, ...]) -> None:
    alice = s.open()
    known = set(alice.connect_times())
    for name in names:
        s.world("connect_client", name)
        s.sleep(1.0)
        found = set(alice.connect_times())
        known.add(name)
        s.require(found == known, f"the clients {', '.join(sorted(map(str, known)))}", s.tell(sorted(map(str, found))))


@CHECKS.check("system.jobs", count=whole(1, 3))
def _jobs(s: Scenario, count: int) -> None:
    alice = s.open()
    jobs = [s.job("running", alice) for _ in range(count)]
    executing = alice.executing()
    missing = [job for job in jobs if job not in executing]
    s.require(not missing, f"an entry of each of the {count} running jobs", f"without {s.tell(missing)}")
    s.require(len(executing) == len(set(executing)), "every job once", s.tell(executing))


@CHECKS.check(
    "system.only-running-jobs", state=Each(*(state for state in STATES if state != "running")), also=whole(0, 2)
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
    executing = alice.executing()
    s.require(ended not in executing, "no entry of a job that is done", s.tell(executing))


@CHECKS.check("system.app-name")
def _app_name(s: Scenario) -> None:
    alice = s.open()
    job = s.job("running", alice)
    names = [entry.app_name for entry in alice.info().job_info if entry.job_id == job]
    s.require(names == ["app"], "the app name 'app'", s.tell(names))


@CHECKS.check("system.text", jobs=whole(0, 2))
def _text(s: Scenario, jobs: int) -> None:
    alice = s.open()
    for _ in range(jobs):
        s.job("running", alice)
    info = alice.info()
    text = str(info)
    moment: Callable[[float], str] = lambda seconds: time.asctime(time.localtime(seconds))  # noqa: E731
    told = [f"status: {info.server_info.status}, start_time: {moment(info.server_info.start_time)}"]
    told += [f"{entry.name}(last_connect_time: {moment(entry.last_connect_time)})" for entry in info.client_info]
    told += [f"job_id: {entry.job_id}" for entry in info.job_info]
    for part in told:
        s.require(part in text, f"the text to tell {part!r}", repr(text))


@CHECKS.check("system.no-effect", state=Each(*STATES), reads=whole(1, 8))
def _no_effect(s: Scenario, state: str, reads: int) -> None:
    alice = s.open()
    other, job = s.job("waiting", alice), s.job(state, alice)
    before = alice.facts(other), alice.facts(job), alice.listed()
    for _ in range(reads):
        alice.info()
    after = alice.facts(other), alice.facts(job), alice.listed()
    s.unchanged(before, after, "the jobs")
