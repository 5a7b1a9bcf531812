"""Arguments that nobody should hand over: only the interface's exceptions come of them.

That MUST be so for what is handed over in good faith, and SHOULD be so for what no reader of the interface thinks of.
"""

from __future__ import annotations

from typing import Any, Final

from contract_tests.clauses.shared.failing_calls import right_call
from contract_tests.contract.interface import EXCEPTIONS, METHODS
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import FAR_FETCHED, GOOD_FAITH, ODDITIES, Each, lists, oddities, oddity
from contract_tests.system import bad_definitions
from contract_tests.system.job_plan import BadJob, JobPlan

CHECKS = CheckTable()


def _one_of_the_interface(s: Scenario, outcome: Outcome) -> None:
    right = outcome.returned or (outcome.kind == "raised" and outcome.contract_errors)
    s.require(right, f"a value or one of {', '.join(EXCEPTIONS)}", outcome)


def _handed(s: Scenario, method: str, args: list[Any]) -> None:
    """Call a method with odd arguments; a monitor gets a callback that ends it at once."""
    alice = s.open()
    job = alice.submit(JobPlan(runs=3.0))
    handed = [job if thing == {"odd": "a job"} else oddity(thing) for thing in args]
    if method == "monitor_job" and len(handed) < 4:
        handed = [*handed, *((0, 2.0)[len(handed) - 1 :] if handed else (job, 0, 2.0)), Callback(then=False)]
    _one_of_the_interface(s, alice.do(method, *handed))


def _arguments(method: str, names: list[str]) -> None:
    clause = f"arguments.{method.replace('_', '-')}"

    @CHECKS.check(clause, args=lists(oddities(), 0 if _positions(method) > 1 else 1, _positions(method)))
    def body(s: Scenario, args: list[dict[str, Any]]) -> None:
        _handed(s, method, args)

    @CHECKS.check(clause, variant="known", thing=Each(*GOOD_FAITH))
    def known(s: Scenario, thing: str) -> None:
        _at_every_position(s, method, thing)

    @CHECKS.check(clause, variant="by name", thing=Each(*GOOD_FAITH))
    def by_name(s: Scenario, thing: str) -> None:
        _under_every_name(s, method, names, thing)


def _positions(method: str) -> int:
    return {"list_jobs": 2, "monitor_job": 3}.get(method, 1)


def _at_every_position(s: Scenario, method: str, thing: str) -> None:
    """Hand a thing over in the place of every argument, after good ones."""
    before: dict[str, list[Any]] = {
        "list_jobs": [{"odd": "False"}],
        "monitor_job": [{"odd": "a job"}, {"value": 0}],
    }
    for position in range(_positions(method)):
        _handed(s, method, [*before.get(method, [])[:position], {"odd": thing}])
    if method == "monitor_job":
        twice = Callback(answers=(True,), then=False)  # only then a monitor looks at its timeout
        _handed(s, method, [{"odd": "a job"}, {"odd": thing}, {"value": s.real(1.0)}, {"value": twice}])
        _handed(s, method, [{"odd": thing}, {"value": s.real(20)}])
        if not callable(ODDITIES[thing]):  # what a callback raises may come out
            _handed(s, method, [{"odd": "a job"}, {"value": s.real(20)}, {"value": 2.0}, {"odd": thing}])


def _under_every_name(s: Scenario, method: str, names: list[str], thing: str) -> None:
    """Hand a thing over under the name of every argument, beside good ones."""
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
        """What a callback raised comes out of its own monitor, and out of no later call."""
        alice = s.open()
        job = alice.submit(JobPlan(waits=True))
        alice.monitor(job, Callback(then=LookupError("from the callback")))
        for _ in range(2):
            handed = (job, s.real(1), s.real(1.0), Callback()) if method == "monitor_job" else right_call(method, job)
            _one_of_the_interface(s, alice.do(method, *handed))


_NAMES: Final = {method.name: [parameter.name for parameter in method.parameters] for method in METHODS}

for _method, _names in _NAMES.items():
    if _names:
        _after_an_error(_method)
        _arguments(_method, _names)


@CHECKS.check(
    "arguments.invalid",
    variant="far-fetched",
    method=Each(*(method for method, names in _NAMES.items() if names)),
    thing=Each(*FAR_FETCHED),
)
def _far_fetched(s: Scenario, method: str, thing: str) -> None:
    _at_every_position(s, method, thing)
    _under_every_name(s, method, _NAMES[method], thing)


@CHECKS.check("arguments.submit-job", variant="definitions", fault=Each(*bad_definitions.every_bad_definition()))
def _definition(s: Scenario, fault: str) -> None:
    _one_of_the_interface(s, s.open().do("submit_job", BadJob(fault)))


_NO_CALLBACKS: Final[tuple[Any, ...]] = ("soon", 5, 1.5, ["a", "list"], True)

_NO_TIMEOUTS: Final[tuple[Any, ...]] = ("soon", "", "500", [], {}, [1])


_NO_FLAGS: Final[tuple[Any, ...]] = ("soon", "", [], {}, [True], 2.5)


@CHECKS.check("arguments.invalid", variant="flags", value=Each(*_NO_FLAGS), flag=Each("detailed", "all"))
def _invalid_flag(s: Scenario, value: Any, flag: str) -> None:
    alice = s.open()
    _is_no_flag(s, alice, value, flag)
    alice.submit(JobPlan(waits=True))
    _is_no_flag(s, alice, value, flag)


def _is_no_flag(s: Scenario, alice: Actor, value: Any, flag: str) -> None:
    outcome = alice.do("list_jobs", **{flag: value})
    s.require(outcome.raised("InvalidArgumentError"), f"InvalidArgumentError for {flag} that is no bool", outcome)


_NO_USE: Final = {"timeout": "soon", "cb": 5}
"""For each argument of a monitor a value that makes no sense."""

_STATES: Final = ("waiting", "running", "completed", "aborted")


@CHECKS.check("arguments.invalid", variant="states", name=Each(*_NO_USE), state=Each(*_STATES))
def _invalid_in_every_state(s: Scenario, name: str, state: str) -> None:
    """Whether or not it would have been looked at, as of a job that is done nobody polls again."""
    alice = s.open()
    handed = {"job_id": s.job(state, alice), "timeout": s.real(20), "cb": Callback(then=False), name: _NO_USE[name]}
    outcome = alice.do("monitor_job", **handed)
    s.require(outcome.raised("InvalidArgumentError"), f"InvalidArgumentError for {name}={_NO_USE[name]!r}", outcome)


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
