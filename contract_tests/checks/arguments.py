"""Arguments nobody should hand over: unknown jobs, things that are no job ids, anything at all."""

from __future__ import annotations

from typing import Any

from contract_tests.checks.registry import CheckTable
from contract_tests.domains import MALFORMED_IDS, ODDITIES, Each, choice, lists, odd, odd_value, whole
from contract_tests.interface import EXCEPTIONS, JOB_METHODS, METHODS
from contract_tests.operations import Callback
from contract_tests.plan import JobPlan
from contract_tests.scenario import Scenario

CHECKS = CheckTable()
_UNKNOWN = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-4fff-bfff-ffffffffffff",
    "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
    "job",
    "abc",
    "contract-job",
    "app",
)


def _unknown(method: str) -> None:
    @CHECKS.check(f"unknown.{method.replace('_', '-')}", unknown=Each(*_UNKNOWN), jobs=whole(0, 3))
    def body(s: Scenario, unknown: str, jobs: int) -> None:
        alice = s.open()
        for _ in range(jobs):
            alice.submit()
        outcome = alice.do(method, unknown)
        s.require(outcome.raised("JobNotFound"), "JobNotFound", outcome)

    @CHECKS.check(f"unknown.{method.replace('_', '-')}", variant="nearly", cut=Each("head", "tail", "last", "more"))
    def nearly(s: Scenario, cut: str) -> None:
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        similar = {"head": job[1:], "tail": job[:-1], "last": job[: len(job) // 2], "more": job + "0"}[cut]
        outcome = alice.do(method, similar)
        s.require(outcome.raised("JobNotFound"), f"JobNotFound, as {similar!r} is no job's id", outcome)


def _malformed(method: str) -> None:
    @CHECKS.check(f"malformed.{method.replace('_', '-')}", job_id=Each(*MALFORMED_IDS), jobs=whole(0, 1))
    def body(s: Scenario, job_id: str, jobs: int) -> None:
        alice = s.open()
        for _ in range(jobs):
            alice.submit()
        outcome = alice.do(method, ODDITIES[job_id])
        s.require(outcome.raised("JobNotFound"), f"JobNotFound for {job_id}", outcome)


for _method in JOB_METHODS:
    _unknown(_method)
    _malformed(_method)


def _only_contract_errors(s: Scenario, method: str, args: list[dict[str, Any]]) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=3.0))
    handed = [job if argument.get("odd") == "a job" else odd_value(argument) for argument in args]
    if method == "monitor_job":  # an end, so that a monitor of a real job with an odd timeout comes back
        handed = handed[:1] + handed[1:3] + [0] * (3 - len(handed[:3])) + [Callback(then=False)]
        handed[1], handed[2] = (handed[1], handed[2]) if len(args) > 2 else (handed[1], 2.0)
    outcome = alice.do(method, *handed)
    right = outcome.returned or (outcome.kind == "raised" and outcome.contract_error is not None)
    s.require(right, f"a value or one of {', '.join(EXCEPTIONS)}", outcome)


def _arguments(method: str, most: int) -> None:
    @CHECKS.check(f"arguments.{method.replace('_', '-')}", args=lists(odd(), 1 if most == 1 else 0, most))
    def body(s: Scenario, args: list[dict[str, Any]]) -> None:
        _only_contract_errors(s, method, args)

    @CHECKS.check(f"arguments.{method.replace('_', '-')}", variant="known", thing=Each(*ODDITIES))
    def known(s: Scenario, thing: str) -> None:
        if method == "monitor_job" and ODDITIES[thing] in (float("inf"), 10**400):
            return
        for position in range(most):
            first = [{"odd": "a job"}] if method in JOB_METHODS else [{"odd": "False"}]
            _only_contract_errors(s, method, [*(first * position), {"odd": thing}][:most])


for _m in METHODS:
    if _m.parameters:
        _arguments(_m.name, 1 if len(_m.parameters) == 1 else 2)


@CHECKS.check("malformed.no-effect", method=Each(*(m.name for m in METHODS if m.parameters)), args=lists(odd(), 1, 1))
def _no_effect(s: Scenario, method: str, args: list[dict[str, Any]]) -> None:
    alice = s.open()
    waiting, done = s.job("waiting", alice), s.job("completed", alice)
    before = alice.facts(waiting), alice.facts(done), alice.listed()
    outcome = alice.do(method, odd_value(args[0]))
    after = alice.facts(waiting), alice.facts(done), alice.listed()
    if not outcome.returned:
        s.unchanged(before, after, f"jobs and list, after a refused {method},")


@CHECKS.check(
    "arguments.invalid",
    case=Each("a callback that can't be called", "a timeout that is no number"),
    value=choice("soon", [], {}),
)
def _invalid(s: Scenario, case: str, value: Any) -> None:
    alice = s.open()
    job = alice.submit(JobPlan(runs=3.0))
    args = (job, 0, 2.0, value or 5) if case.startswith("a callback") else (job, value)
    outcome = alice.do("monitor_job", *args)
    s.require(outcome.raised("InvalidArgumentError"), f"InvalidArgumentError for {case}", outcome)
