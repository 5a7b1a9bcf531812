"""A user without the right to a call: AuthorizationError, and nothing has happened."""

from __future__ import annotations

from functools import partial

from contract_tests.clauses.shared.failing_calls import Form, forms, keeps_failing, right_call, use
from contract_tests.clauses.shared.results import keeps_result
from contract_tests.clauses.shared.unchanged_jobs import still_there
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES, finished
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each

CHECKS = CheckTable()

_RESTRICTED_METHODS = ("submit_job", "clone_job", "download_job_result", "abort_job", "delete_job")


def _denied(method: str) -> None:
    @CHECKS.check(f"denied.{method.replace('_', '-')}", state=Each(*STATES), owner=Each(0, 1))
    def body(s: Scenario, state: str, owner: int) -> None:
        alice, guest = s.open(owner if len(s.system.users) > 1 else 0), s.open_restricted()
        job = s.job(state, alice)
        refused = partial(_is_refused, s, guest, method, job)
        keeps_failing(s, method, job, refused)
        if method != "delete_job":  # after which there is nothing left to be refused
            alice.do(method, *right_call(method, job))  # must not open the door
            for form in forms(s, method, job):
                refused(form)


def _is_refused(s: Scenario, guest: Actor, method: str, job: str, form: Form) -> None:
    """The promise, where nothing else is true that a session may see first: nothing to be done, nothing to be had."""
    asks = method in ("abort_job", "download_job_result")
    done = asks and finished(guest.status(job))
    args, kwargs = form
    outcome = guest.do(method, *args, **kwargs)
    nothing_to_do = method == "abort_job" and done and outcome.returned and outcome.value is None
    not_done = method == "download_job_result" and not done and outcome.raised("JobNotDone")
    s.require(outcome.raised("AuthorizationError") or nothing_to_do or not_done, "AuthorizationError", outcome)


for _method in _RESTRICTED_METHODS:
    _denied(_method)


@CHECKS.check("denied.no-effect", state=Each(*STATES), method=Each(*_RESTRICTED_METHODS))
def _denied_no_effect(s: Scenario, state: str, method: str) -> None:
    alice, guest = s.open(), s.open_restricted()
    job = s.job(state, alice)
    use(s, alice, method, job)  # must not open the door
    before = {actor: actor.snapshot(job) for actor in (alice, guest)}  # a meta may say who reads it
    listed = {actor: sorted(map(str, actor.listed(all=True))) for actor in (alice, guest)}
    for times in (1, 2):
        for _ in range(times):
            guest.do(method, *right_call(method, job))
        for actor, jobs in listed.items():
            still_there(s, actor, job, before[actor])
            now = sorted(map(str, actor.listed(all=True)))
            s.require(now == jobs, f"{len(jobs)} jobs in the list, as before", s.tell(now))


@CHECKS.check("denied.no-effect", variant="result", method=Each(*_RESTRICTED_METHODS))
def _denied_keeps_result(s: Scenario, method: str) -> None:
    alice, guest = s.open(), s.open_restricted()
    keeps_result(s, alice, lambda job: guest.do(method, *right_call(method, job)))
