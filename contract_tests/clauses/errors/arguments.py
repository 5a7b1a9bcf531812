"""Arguments nobody should hand over: unknown jobs, things that are no job ids, anything at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.clauses.shared.failing_calls import right_call
from contract_tests.clauses.shared.monitoring import still_there
from contract_tests.contract.interface import EXCEPTIONS, JOB_METHODS, METHODS
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import MALFORMED_IDS, ODDITIES, Each, lists, oddities, oddity
from contract_tests.sequences.starting_points import WAITING_HISTORIES, starting_point
from contract_tests.system import job_folders
from contract_tests.system.job_plan import BadJob, JobPlan

CHECKS = CheckTable()
_UNKNOWN: Final = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-4fff-bfff-ffffffffffff",
    "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
    "job",
    "abc",
    "contract-job",
    "app",
    "0",
    "1",
    "-1",
    "*",
    "None",
    "latest",
)
_NEARLY: Final[dict[str, Callable[[str], str]]] = {
    "without its first character": lambda job: job[1:],
    "without its last character": lambda job: job[:-1],
    "the first half of it": lambda job: job[: len(job) // 2],
    "the second half of it": lambda job: job[len(job) // 2 :],
    "the first eight characters of it": lambda job: job[:8] if len(job) > 8 else job[:1],
    "with a character more": lambda job: job + "0",
    "with a character before it": lambda job: "0" + job,
    "twice": lambda job: job + job,
    "with a suffix": lambda job: job + "-1",
    "backwards": lambda job: job[::-1] if job[::-1] != job else job + "0",
}
"""What is close to the id of a job and is none."""

_WITH_BLANKS: Final[tuple[Callable[[str], str], ...]] = (
    lambda job: f" {job}",
    lambda job: f"{job} ",
    lambda job: f"{job}\n",
)
"""What a lenient reader takes for an id; who refuses it has to leave the job alone."""


def _not_found(s: Scenario, outcome: Outcome, why: str = "") -> None:
    s.require(outcome.raised("JobNotFound"), f"JobNotFound{why}", outcome)


def _more(s: Scenario, method: str) -> dict[str, Any]:
    """What else a call for a job may be given: a monitor a timeout, so that it is not left to wait for ever."""
    return {"timeout": s.real(5), "poll_interval": s.real(1.0)} if method == "monitor_job" else {}


def _is_a_job(s: Scenario, thing: Any) -> bool:
    """Whether a text that was meant for no job's id is one here: a server may call its jobs 1, 2 and 3."""
    return isinstance(thing, str) and thing in s.jobs


def _unknown(method: str) -> None:
    clause = f"unknown.{method.replace('_', '-')}"

    @CHECKS.check(clause, unknown=Each(*_UNKNOWN), jobs=Each(0, 1, 11))
    def body(s: Scenario, unknown: str, jobs: int) -> None:
        alice = s.open()
        for _ in range(jobs):
            alice.submit(JobPlan(waits=True))
        if _is_a_job(s, unknown):
            return
        for _ in range(2):
            _not_found(s, alice.do(method, unknown))
            _not_found(s, alice.do(method, job_id=unknown, **_more(s, method)))

    @CHECKS.check(clause, variant="nearly", change=Each(*_NEARLY))
    def nearly(s: Scenario, change: str) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        if method in ("clone_job", "get_job_meta", "monitor_job"):
            alice.do(method, job, *((1,) if method == "monitor_job" else ()))
        similar = _NEARLY[change](job)
        if _is_a_job(s, similar):
            return
        _not_found(s, alice.do(method, similar), f", as {similar!r} is no job's id")

    @CHECKS.check(clause, variant="past", past=Each(*WAITING_HISTORIES))
    def past_(s: Scenario, past: str) -> None:
        actor, _ = starting_point(s, past)
        for _ in range(2):
            _not_found(s, actor.do(method, "no-such-job"))
        s.sleep(100.0)
        _not_found(s, actor.do(method, "no-such-job"))


class _Prints:
    """Something that is not text and prints as some."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return "<object that prints as an id>"


class _Job:
    """Something that is not text and has a job's id."""

    def __init__(self, job_id: str) -> None:
        self.job_id = self.id = job_id


_MADE_OF_AN_ID: Final[dict[str, Callable[[str], Any]]] = {
    "a list of an id": lambda job: [job],
    "a tuple of an id": lambda job: (job,),
    "a set of an id": lambda job: {job},
    "a dict with an id": lambda job: {"job_id": job},
    "a dict by an id": lambda job: {job: True},
    "an id as bytes": lambda job: job.encode(),
    "an object that prints as an id": _Prints,
    "an object with an id": _Job,
    "a function that gives an id": lambda job: lambda: job,
}
"""What is made of the id of a job and is none."""


def _malformed(method: str) -> None:
    clause = f"malformed.{method.replace('_', '-')}"

    @CHECKS.check(clause, job_id=Each(*MALFORMED_IDS, *(name for name in ODDITIES if name not in MALFORMED_IDS)))
    def body(s: Scenario, job_id: str) -> None:
        alice = s.open()
        _not_found(s, alice.do(method, ODDITIES[job_id]), f" for {job_id}")
        alice.submit(JobPlan(waits=True))
        _not_found(s, alice.do(method, ODDITIES[job_id]), f" for {job_id}")
        _not_found(s, alice.do(method, job_id=ODDITIES[job_id], **_more(s, method)), f" for {job_id}")

    @CHECKS.check(clause, variant="made of an id", thing=Each(*_MADE_OF_AN_ID))
    def made_of_an_id(s: Scenario, thing: str) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        for more in ({}, _more(s, method)):
            _not_found(s, alice.do(method, _MADE_OF_AN_ID[thing](job), **more), f" for {thing}")


for _method in JOB_METHODS:
    _unknown(_method)
    _malformed(_method)


def _one_of_the_interface(s: Scenario, outcome: Outcome) -> None:
    right = outcome.returned or (outcome.kind == "raised" and outcome.contract_errors)
    s.require(right, f"a value or one of {', '.join(EXCEPTIONS)}", outcome)


def _handed(s: Scenario, method: str, args: list[Any]) -> None:
    """Call a method with odd things; a monitor gets a callback that ends it at once."""
    alice = s.open()
    job = alice.submit(JobPlan(runs=3.0))
    handed = [job if thing == {"odd": "a job"} else oddity(thing) for thing in args]
    if method == "monitor_job" and len(handed) < 4:
        handed = [*handed, *((0, 2.0)[len(handed) - 1 :] if handed else (job, 0, 2.0)), Callback(then=False)]
    _one_of_the_interface(s, alice.do(method, *handed))


def _arguments(method: str, names: list[str]) -> None:
    clause = f"arguments.{method.replace('_', '-')}"
    positions = 3 if method == "monitor_job" else len(names)

    @CHECKS.check(clause, args=lists(oddities(), 0 if positions > 1 else 1, positions))
    def body(s: Scenario, args: list[dict[str, Any]]) -> None:
        _handed(s, method, args)

    @CHECKS.check(clause, variant="known", thing=Each(*ODDITIES))
    def known(s: Scenario, thing: str) -> None:
        before: dict[str, list[Any]] = {
            "list_jobs": [{"odd": "False"}],
            "monitor_job": [{"odd": "a job"}, {"value": 0}],
        }
        for position in range(positions):
            _handed(s, method, [*before.get(method, [])[:position], {"odd": thing}])
        if method == "monitor_job":
            twice = Callback(answers=(True,), then=False)  # only then a monitor looks at its timeout
            _handed(s, method, [{"odd": "a job"}, {"odd": thing}, {"value": s.real(1.0)}, {"value": twice}])
            _handed(s, method, [{"odd": thing}, {"value": s.real(20)}])
            if not callable(ODDITIES[thing]):  # what a callback raises may come out
                _handed(s, method, [{"odd": "a job"}, {"value": s.real(20)}, {"value": 2.0}, {"odd": thing}])

    @CHECKS.check(clause, variant="by name", thing=Each(*ODDITIES))
    def by_name(s: Scenario, thing: str) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(runs=3.0))
        for name in names:
            value = ODDITIES[thing]
            if name == "cb" and callable(value):
                continue  # what such a callback raises may come out
            handed: dict[str, Any] = {"job_id": job, "cb": Callback(then=False)} if method == "monitor_job" else {}
            if name == "cb":  # if it is ignored, the job's end ends the monitor
                handed["timeout"] = s.real(20)
            _one_of_the_interface(s, alice.do(method, **{**handed, name: value}))


def _after_an_error(method: str) -> None:
    @CHECKS.check(f"arguments.{method.replace('_', '-')}", variant="after an error")
    def after_an_error(s: Scenario) -> None:
        """What a callback raised has come out of its monitor, and comes out of nothing else."""
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        alice.monitor(job, Callback(then=LookupError("from the callback")))
        for _ in range(2):
            handed = (job, s.real(1), s.real(1.0), Callback()) if method == "monitor_job" else right_call(method, job)
            _one_of_the_interface(s, alice.do(method, *handed))


for _m in METHODS:
    if _m.parameters:
        _after_an_error(_m.name)
        _arguments(_m.name, [parameter.name for parameter in _m.parameters])


@CHECKS.check("arguments.submit-job", variant="definitions", fault=Each(*job_folders.bad_definitions()))
def _definition(s: Scenario, fault: str) -> None:
    _one_of_the_interface(s, s.open().do("submit_job", BadJob(fault)))


class _Untouched:
    """Jobs in three states, and the assertion that a refused call leaves them and the list alone."""

    def __init__(self, s: Scenario) -> None:
        self.s, self.alice = s, s.open()
        self.jobs = [s.job(state, self.alice) for state in ("completed", "running", "waiting")]
        self._note()

    def _note(self) -> None:
        self.before = {job: self.alice.snapshot(job) for job in self.jobs}
        self.listed = self.alice.listed(all=True)

    def by(self, method: str, *args: Any) -> None:
        """Call it; if it is refused, nothing has changed. What a call changes that is not refused, it may."""
        outcome = self.alice.do(method, *args)
        if outcome.returned:
            if method != "list_jobs":
                self.jobs = [job for job in self.jobs if self.alice.do("get_job_meta", job).returned]
                self._note()
            return
        for job, before in self.before.items():
            still_there(self.s, self.alice, job, before)
        now = self.alice.listed(all=True)
        same = sorted(map(str, now)) == sorted(map(str, self.listed))
        self.s.require(same, f"{len(self.listed)} jobs in the list, as before", self.s.tell(now))


@CHECKS.check("malformed.no-effect", method=Each(*JOB_METHODS), things=Each("odd", "unknown", "nearly"))
def _no_effect(s: Scenario, method: str, things: str) -> None:
    untouched = _Untouched(s)
    if things == "nearly":
        made = [*_NEARLY.values(), *_WITH_BLANKS, *_MADE_OF_AN_ID.values()]
        job = untouched.jobs[-1]
        bad: list[Any] = [make(job) for make in made]
    else:
        bad = list(_UNKNOWN if things == "unknown" else ODDITIES.values())
    for thing in bad:
        if not _is_a_job(s, thing):
            untouched.by(method, thing)


@CHECKS.check("malformed.no-effect", variant="other arguments", thing=Each(*ODDITIES))
def _no_effect_other(s: Scenario, thing: str) -> None:
    untouched = _Untouched(s)
    value = ODDITIES[thing]
    untouched.by("submit_job", value)
    untouched.by("list_jobs", value)
    untouched.by("list_jobs", False, value)
    for job in untouched.jobs:
        untouched.by("monitor_job", job, value, 2.0, Callback(then=False))
        if not callable(value) and value is not None:
            untouched.by("monitor_job", job, s.real(1.0), s.real(1.0), value)


_NO_CALLBACKS: Final[tuple[Any, ...]] = ("soon", 5, 1.5, ["a", "list"], True)
_NO_TIMEOUTS: Final[tuple[Any, ...]] = ("soon", "", "500", [], {}, [1])


@CHECKS.check("arguments.invalid", value=Each(*_NO_CALLBACKS), state=Each("running", "waiting"))
def _invalid_callback(s: Scenario, value: Any, state: str) -> None:
    alice = s.open()
    outcome = alice.do("monitor_job", s.job(state, alice), s.real(2.0), s.real(1.0), value)
    s.require(
        outcome.raised("InvalidArgumentError"), "InvalidArgumentError for a callback that can't be called", outcome
    )


@CHECKS.check("arguments.invalid", variant="timeout", value=Each(*_NO_TIMEOUTS), callback_given=Each(True, False))
def _invalid_timeout(s: Scenario, value: Any, callback_given: bool) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=3.0))
    handed = (value, s.real(1.0), Callback(then=False)) if callback_given else (value,)
    outcome = alice.do("monitor_job", job, *handed)
    s.require(outcome.raised("InvalidArgumentError"), "InvalidArgumentError for a timeout that is no number", outcome)
