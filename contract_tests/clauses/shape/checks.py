"""Shape: what a session and the interface's classes look like, before anything is asked of them."""

from __future__ import annotations

import enum
import inspect
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from contract_tests.contract.interface import EXCEPTIONS, METHODS, REQUIRED, RETURN_CODES, Method, spec_modules
from contract_tests.scenario import wording
from contract_tests.scenario.actor import Actor
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.operations import Callback, Outcome
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


def _modules(s: Scenario) -> list[ModuleType]:
    """The modules whose classes the implementation speaks in; looked for once a session was opened."""
    s.open()
    modules = list(spec_modules(s.system.spec))
    if not modules:
        raise NotClaimed("a module that defines the interface's classes")
    return modules


def _sessions(s: Scenario) -> Iterator[Actor]:
    """Two sessions of the first user, and one of the second if there is one."""
    yield s.open()
    yield s.open()
    if len(s.system.users) > 1:
        yield s.open(1)


@CHECKS.check("shape.methods")
def _methods(s: Scenario) -> None:
    for actor in _sessions(s):
        for method in METHODS:
            found = getattr(actor.session, method.name, None)
            s.require(callable(found), f"a method {method.name}", f"{method.name} is {s.tell(found)}")


def _calls(
    method: Method, values: dict[str, object] | None = None
) -> Iterator[tuple[tuple[object, ...], dict[str, object]]]:
    """Every way the interface lets one hand over arguments: the first n by position, others by name or left out."""
    if values is None:
        values = {parameter.name: f"<{parameter.name}>" for parameter in method.parameters}
    names = list(values)
    required = sum(parameter.default is REQUIRED for parameter in method.parameters)
    for positional in range(len(names) + 1):
        head = tuple(values[name] for name in names[:positional])
        rest = names[positional:]
        for chosen in range(2 ** len(rest)):
            named = {name: values[name] for index, name in enumerate(rest) if chosen >> index & 1}
            if all(name in named or names.index(name) < positional for name in names[:required]):
                yield head, named
                if method.passes_on:
                    yield head, {**named, "further": "<further>"}
    if method.passes_on:
        yield (*values.values(), "<further 1>", "<further 2>"), {"further": "<further>"}


def _signature_check(method: Method) -> Callable[[Scenario], None]:
    def body(s: Scenario) -> None:
        for actor in _sessions(s):
            function = getattr(actor.session, method.name, None)
            s.require(callable(function), f"a method {method.name}", s.tell(function))
            assert function is not None
            try:
                signature = inspect.signature(function)
            except (TypeError, ValueError):  # a callable without a signature takes what it takes; the calls will tell
                return
            _takes_every_call(s, method, signature)
            _has_the_defaults(s, method, signature)

    return body


def _takes_every_call(s: Scenario, method: Method, signature: inspect.Signature) -> None:
    for head, named in _calls(method):
        told = ", ".join([*map(str, head), *(f"{name}=…" for name in named)])
        try:
            bound = signature.bind(*head, **named)
        except TypeError as error:
            s.require(False, f"{method.name}({told}) to be accepted", f"{method.name}{signature}: {error}")
        _arrives(s, method, bound, told)


def _arrives(s: Scenario, method: Method, bound: inspect.BoundArguments, told: str) -> None:
    """The promise that what is handed over by position is what is so called, not what was put before it."""
    for parameter in method.parameters:
        if parameter.name in bound.signature.parameters:
            elsewhere = [name for name, value in bound.arguments.items() if _holds(value, f"<{parameter.name}>")]
            s.require(
                elsewhere in ([], [parameter.name]),
                f"{method.name}({told}) to take <{parameter.name}> for its {parameter.name}",
                f"{method.name}{bound.signature} takes it for its {', '.join(elsewhere)}",
            )


def _holds(argument: object, value: str) -> bool:
    return argument == value or (isinstance(argument, tuple) and value in argument)


def _has_the_defaults(s: Scenario, method: Method, signature: inspect.Signature) -> None:
    for parameter in method.parameters:
        declared = signature.parameters.get(parameter.name)
        if parameter.default is not REQUIRED and declared is not None and declared.default is not declared.empty:
            s.require(
                declared.default == parameter.default,
                f"{parameter.name} to default to {parameter.default!r}",
                f"it defaults to {s.tell(declared.default)}",
            )


def _arguments(s: Scenario, actor: Actor, method: Method) -> dict[str, object]:
    """Arguments that a method can really be called with."""
    if method.name == "submit_job":
        return {"job_definition_path": JobPlan()}
    job = actor.submit()
    if method.name in ("monitor_job", "download_job_result", "list_jobs"):
        actor.need("monitor_job", job)  # so that nothing changes any more
    if method.name == "list_jobs":
        return {"detailed": True, "all": True}
    if method.name != "monitor_job":
        return {"job_id": job}
    return {"job_id": job, "timeout": s.real(300.0), "poll_interval": s.real(2.0), "cb": Callback()}


def _calls_check(method: Method) -> Callable[[Scenario], None]:
    """The check that calls are taken not only by the signature, which a decorator may have made up."""

    def body(s: Scenario) -> None:
        actor = s.open()
        values = _arguments(s, actor, method)
        first: dict[frozenset[str], object] = {}
        for head, named in _calls(method, values):
            outcome = actor.attempt(method.name, *head, **named)
            told = ", ".join([*("…" for _ in head), *(f"{name}=…" for name in named)])
            s.require(outcome.returned, f"{method.name}({told}) to be carried out", outcome)
            effect = _effect(outcome, values)
            given = frozenset((*list(values)[: len(head)], *(name for name in named if name in values)))
            like = first.setdefault(given, effect)
            s.require(
                effect == like, f"{like} from {method.name}({told}), as when it is told the same otherwise", effect
            )
            if method.name == "delete_job":
                values["job_id"] = actor.submit()

    return body


def _effect(outcome: Outcome, values: dict[str, object]) -> str:
    """What of a call shows which arguments it took for what; the calls of a callback are told, and forgotten."""
    callback = values.get("cb")
    if isinstance(callback, Callback):
        called = bool(callback.calls)
        callback.calls.clear()
        return f"{'a' if called else 'no'} call of the callback"
    if isinstance(outcome.value, list):
        keys = {str(key) for entry in outcome.value if isinstance(entry, dict) for key in entry}
        return f"entries of {', '.join(sorted(keys)) or 'nothing'}"
    return "the same"


for _method in METHODS:
    _clause = f"shape.signature.{_method.name.replace('_', '-')}"
    CHECKS.check(_clause)(_signature_check(_method))
    if _method.parameters:
        CHECKS.check(_clause, variant="calls")(_calls_check(_method))


@CHECKS.check("shape.return-codes")
def _return_codes(s: Scenario) -> None:
    for module in _modules(s):
        codes: Any = getattr(module, "MonitorReturnCode", None)
        is_enum = isinstance(codes, type) and issubclass(codes, int) and issubclass(codes, enum.Enum)
        s.require(is_enum, "MonitorReturnCode to be an int enumeration", s.tell(codes))
        found = {code.name: int(code) for code in codes}
        s.require(found == RETURN_CODES, f"the codes {RETURN_CODES}", found)


@CHECKS.check("shape.exceptions")
def _exceptions(s: Scenario) -> None:
    for module in _modules(s):
        seen: dict[object, str] = {}
        for name in EXCEPTIONS:
            cls = getattr(module, name, None)
            is_exception = isinstance(cls, type) and issubclass(cls, Exception)
            s.require(is_exception, f"{name} to be a subclass of Exception", s.tell(cls))
            s.require(cls not in seen, f"{name} to be a class of its own", f"it is the class {seen.get(cls)}")
            seen[cls] = name


def _info_check(name: str, *samples: tuple[dict[str, Any], tuple[str, ...]]) -> None:
    """Declare the check of an info class: it keeps what it is made of, and its text tells it."""

    @CHECKS.check(f"shape.{name[:-4].lower()}-info")
    def body(s: Scenario) -> None:
        for module in _modules(s):
            cls: Any = getattr(module, name, None)
            s.require(isinstance(cls, type), f"a class {name}", s.tell(cls))
            for values, tells in samples:
                try:
                    made = cls(*values.values())
                except TypeError as error:
                    s.require(False, f"{name}({', '.join(values)}) to be accepted", error)
                for attribute, value in values.items():
                    held = getattr(made, attribute, None)
                    kept = held is value or held == value
                    s.require(kept, f"{name}.{attribute} to be what it was made of, {s.tell(value)}", s.tell(held))
                _tells(s, name, made, tells)


def _tells(s: Scenario, name: str, made: object, tells: tuple[str, ...]) -> None:
    """The promise that the text of ``made`` holds ``tells``, where ``{1767268800}`` stands for that moment in words.

    It is tried in a time zone that is not the one of Greenwich, so that local time can be told from it.
    """
    with _away_from_greenwich():
        try:
            text = str(made)
        except Exception as error:
            raise Violation(f"{name} to be printed", f"str() of it raised {wording.error(error)}") from error
        for told in tells:
            expected = _MOMENT.sub(lambda found: time.asctime(time.localtime(float(found[1]))), told)
            s.require(wording.tells(text, expected), f"the text of {name} to tell {expected!r}", repr(text))


_MOMENT = re.compile(r"\{([0-9.]+)\}")


@contextmanager
def _away_from_greenwich() -> Iterator[None]:
    """Make local time half past five hours ahead, where the platform lets a process choose."""
    if not hasattr(time, "tzset"):
        yield
        return
    before = os.environ.get("TZ")
    os.environ["TZ"] = "FAR-5:30"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


class _Told:
    """Something whose text can be recognised."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return "<part>"


_LONG = "Longer than Most, and No-Where to be Cut"

_info_check(
    "ServerInfo",
    ({"status": "started", "start_time": 1767268861.25}, ("status: started, start_time: {1767268861}",)),
    ({"status": "stopped", "start_time": 86400}, ("status: stopped, start_time: {86400}",)),
)
_info_check(
    "ClientInfo",
    ({"name": "site-1", "last_connect_time": 1767268861.25}, ("site-1(last_connect_time: {1767268861})",)),
    ({"name": _LONG, "last_connect_time": 1767268800.0}, (f"{_LONG}(last_connect_time: {{1767268800}})",)),
    ({"name": "Site A", "last_connect_time": 86400}, ("Site A(last_connect_time: {86400})",)),
)
_info_check(
    "JobInfo",
    ({"job_id": "a-job", "app_name": "an-app"}, ("job_id: a-job", "app_name: an-app")),
    ({"job_id": "An Other", "app_name": "App"}, ("job_id: An Other", "app_name: App")),
    ({"job_id": f"{_LONG} job", "app_name": _LONG}, (f"job_id: {_LONG} job", f"app_name: {_LONG}")),
)
_info_check(
    "SystemInfo",
    (
        {"server_info": _Told("<server>"), "client_info": [_Told("<client>")], "job_info": [_Told("<job>")]},
        ("<server>", "<client>", "<job>"),
    ),
    (
        {
            "server_info": _Told("<s>"),
            "client_info": [_Told(f"<c{number}>") for number in range(12)],
            "job_info": [_Told(f"<j{number}>") for number in range(12)],
        },
        ("<s>", *(f"<c{number}>" for number in range(12)), *(f"<j{number}>" for number in range(12))),
    ),
    ({"server_info": _Told("<alone>"), "client_info": [], "job_info": []}, ("<alone>",)),
)


@CHECKS.check("shape.inherits")
def _inherits(s: Scenario) -> str:
    session = s.open().session
    specs = [getattr(module, "SessionSpec", None) for module in spec_modules(s.system.spec)]
    if any(isinstance(spec, type) and isinstance(session, spec) for spec in specs):
        return "it is a SessionSpec"
    return "it does not inherit from SessionSpec"
