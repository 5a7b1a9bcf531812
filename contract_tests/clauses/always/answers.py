"""What every call returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.clauses.shared.monitoring import is_code
from contract_tests.scenario.operations import Callback
from contract_tests.scenario.scenario import Scenario
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look, has_parts, is_list_of_dicts

CHECKS = InvariantTable()


def _is_id(s: Scenario, value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_none(s: Scenario, value: Any) -> bool:
    return value is None


_ANSWERS: Final[dict[str, tuple[str, str, Callable[[Scenario, Any], bool]]]] = {
    "submit.returns-id": ("submit_job", "a str that is not empty", _is_id),
    "clone.returns-id": ("clone_job", "a str that is not empty", _is_id),
    "meta.dict": ("get_job_meta", "a dict", lambda s, value: isinstance(value, dict)),
    "list.dicts": ("list_jobs", "a list of dicts", lambda s, value: is_list_of_dicts(value)),
    "download.text": ("download_job_result", "a str", lambda s, value: isinstance(value, str)),
    "abort.returns-none": ("abort_job", "None", _is_none),
    "delete.returns-none": ("delete_job", "None", _is_none),
    "system.parts": (
        "get_system_info",
        "server_info and the lists client_info and job_info",
        lambda s, value: has_parts(value),
    ),
    "monitor.returns-code": ("monitor_job", "a MonitorReturnCode", is_code),
    "close.returns-none": ("close", "None", _is_none),
}
"""The method that a clause is about, what it has to return when it returns, and whether a value is that."""


def _answers(clause: str, method: str, expected: str, right: Callable[[Scenario, Any], bool]) -> None:
    @CHECKS.invariant(clause)
    def judge(look: Look) -> None:
        begun = len(look.s.steps)
        _try(look, method)
        for step in (*look.news, *look.s.steps[begun:]):
            if step.operation.method == method and step.outcome.returned:  # a call may have to be refused
                look.require(right(look.s, step.outcome.value), expected, step.outcome)


for _clause, (_method, _expected, _right) in _ANSWERS.items():
    _answers(_clause, _method, _expected, _right)


def _try(look: Look, method: str) -> None:
    """Call a method so that it changes nothing about any job: there is more to judge then than what the walk does."""
    number = look.job()
    if method == "close":
        extra = look.s.open(look.user)
        for _ in range(3):
            extra.do("close")
    elif method == "list_jobs":
        look.actor.do(method, **look.flags())
    elif method == "get_system_info":
        look.actor.do(method)
    elif number and method == "get_job_meta":
        look.actor.do(method, look.id(number))
    elif number and method == "monitor_job":
        look.actor.monitor(look.id(number), Callback(then=False), *("more",) * (look.number % 2))
    elif number and (method == "download_job_result" or (method == "abort_job" and look.model(number).final)):
        look.allowed(number).do(method, look.id(number))
