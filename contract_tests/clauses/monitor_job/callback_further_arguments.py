"""monitor_job's callback: the further arguments, which monitor_job hands on to it."""

from __future__ import annotations

from typing import Any

from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.job_states import STATES
from contract_tests.scenario.operations import Callback, CallRecord
from contract_tests.scenario.scenario import Scenario
from contract_tests.scenario.strategies import Each, integers, lists, sampled_from

CHECKS = CheckTable()

_ODD_NAMES = (
    "user",
    "args",
    "kwargs",
    "cb_args",
    "cb_kwargs",
    "name",
    "status",
    "meta",
    "_private",
    "Capital",
    "UPPER",
)
_THINGS = sampled_from(0, 1.5, 2.0, "text", None, True, ("a", "tuple"), ["a", "list"], {"a": "dict"})


def _given(s: Scenario, args: list[Any], kwargs: dict[str, Any], calls: int) -> Callback:
    """A callback that was called ``calls`` times with these further arguments."""
    alice = s.open()
    job = s.job("running", alice)
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(job, cb, *args, timeout=0, poll=1.0, **kwargs)
    s.require(cb.calls, "calls of the callback", outcome)
    return cb


def _same_arguments(s: Scenario, calls: list[CallRecord], args: list[Any]) -> None:
    for call in calls:
        same = len(call.args) == len(args) and all(got is arg for got, arg in zip(call.args, args, strict=True))
        s.require(same, f"the very arguments {s.tell(args)}", s.tell(list(call.args)))


def _same_named(s: Scenario, calls: list[CallRecord], kwargs: dict[str, Any]) -> None:
    for call in calls:
        same = call.kwargs.keys() == kwargs.keys() and all(call.kwargs[name] is kwargs[name] for name in kwargs)
        s.require(same, f"the very named arguments {s.tell(kwargs)}", s.tell(call.kwargs))


@CHECKS.check("monitor.callback-args", args=lists(_THINGS, 1, 4), names=integers(0, 2), calls=integers(1, 3))
def _args(s: Scenario, args: list[Any], names: int, calls: int) -> None:
    kwargs = {f"name{number}": number for number in range(names)}
    _same_arguments(s, _given(s, args, kwargs, calls).calls, args)


@CHECKS.check(
    "monitor.callback-args",
    variant="every kind",
    args=Each(
        [0, None, False, "", 1.5], [["a", "list"], {"a": "dict"}], [None], ["first", ["second"], "third", "fourth"]
    ),
    names=Each(0, 2),
)
def _args_every_kind(s: Scenario, args: list[Any], names: int) -> None:
    kwargs = {f"name{number}": number for number in range(names)}
    _same_arguments(s, _given(s, args, kwargs, 3).calls, args)


@CHECKS.check("monitor.callback-kwargs", args=lists(_THINGS, 0, 2), values=lists(_THINGS, 1, 4), calls=integers(1, 3))
def _kwargs(s: Scenario, args: list[Any], values: list[Any], calls: int) -> None:
    kwargs = {f"name{number}": value for number, value in enumerate(values)}
    _same_named(s, _given(s, args, kwargs, calls).calls, kwargs)


@CHECKS.check(
    "monitor.callback-kwargs", variant="every kind", name=Each(*_ODD_NAMES), value=Each(None, 0, 2.0, {"a": 1})
)
def _kwargs_every_kind(s: Scenario, name: str, value: Any) -> None:
    kwargs = {name: value, "further": True}
    alice = s.open()
    cb = Callback(answers=(True, True), then=False)
    outcome = alice.do("monitor_job", s.job("running", alice), cb=cb, **kwargs)
    s.require(cb.calls, "calls of the callback", outcome)
    _same_named(s, cb.calls, kwargs)


_WHEN = Each("before", "within")
"""Whether another monitor of the session is over before, or runs in the callback."""


@CHECKS.check("monitor.callback-kwargs", variant="again", other=_WHEN)
def _kwargs_again(s: Scenario, other: str) -> None:
    for call in _second_monitor(s, other, "second", named=2):
        s.require(call.kwargs == {"named": 2}, "the named arguments of this monitor", s.tell(call.kwargs))


@CHECKS.check("monitor.callback-args", variant="again", other=_WHEN)
def _args_again(s: Scenario, other: str) -> None:
    for call in _second_monitor(s, other, "second", named=2):
        s.require(call.args == ("second",), "the arguments of this monitor", s.tell(call.args))


def _second_monitor(s: Scenario, other: str, *args: Any, **kwargs: Any) -> list[CallRecord]:
    """The calls of the callback of a monitor, while another monitor of the session has other arguments."""
    alice = s.open()
    job = s.job("running", alice)

    def monitor(_: int = 0) -> None:
        alice.monitor(job, Callback(then=False), "first", named=1)

    if other == "before":
        monitor()
    cb = Callback(answers=(True,), then=False, act=monitor if other == "within" else None)
    outcome = alice.monitor(job, cb, *args, **kwargs)
    s.require(cb.calls, "calls of the callback", outcome)
    return cb.calls


@CHECKS.check("monitor.callback-nothing-else", calls=integers(1, 3), state=Each(*STATES))
def _nothing_else(s: Scenario, calls: int, state: str) -> None:
    alice = s.open()
    cb = Callback(answers=(True,) * (calls - 1), then=False)
    outcome = alice.monitor(s.job(state, alice), cb)
    s.require(cb.calls, "a call of the callback", outcome)
    for call in cb.calls:
        s.require(
            call.args == () and call.kwargs == {}, "no further arguments", f"{s.tell(call.args)} {s.tell(call.kwargs)}"
        )


@CHECKS.check("monitor.callback-nothing-else", variant="again", other=_WHEN)
def _nothing_else_again(s: Scenario, other: str) -> None:
    for call in _second_monitor(s, other):
        observed = f"{s.tell(call.args)} {s.tell(call.kwargs)}"
        s.require(call.args == () and call.kwargs == {}, "no arguments of another monitor", observed)
