"""Shape: what a session and the interface's classes look like, before anything is asked of them."""

from __future__ import annotations

import enum
import inspect
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from contract_tests.checks.registry import CheckTable
from contract_tests.interface import EXCEPTIONS, METHODS, REQUIRED, RETURN_CODES, Method, spec_modules
from contract_tests.scenario import Scenario
from contract_tests.system import NotClaimed

CHECKS = CheckTable()


def _modules(s: Scenario) -> list[ModuleType]:
    """The modules whose classes the implementation speaks in; looked for once a session was opened."""
    s.open()
    modules = list(spec_modules(s.system.spec))
    if not modules:
        raise NotClaimed("a module that defines the interface's classes")
    return modules


@CHECKS.check("shape.methods")
def _methods(s: Scenario) -> None:
    session = s.open().session
    for method in METHODS:
        found = getattr(session, method.name, None)
        s.require(callable(found), f"a method {method.name}", f"{method.name} is {s.tell(found)}")


def _calls(method: Method) -> Iterator[tuple[tuple[object, ...], dict[str, object]]]:
    """Every way the interface lets one hand over arguments: the first n by position, others by name or left out."""
    values: dict[str, object] = {parameter.name: f"<{parameter.name}>" for parameter in method.parameters}
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
        session = s.open().session
        function = getattr(session, method.name, None)
        s.require(callable(function), f"a method {method.name}", s.tell(function))
        assert function is not None
        try:
            signature = inspect.signature(function)
        except (TypeError, ValueError):  # a callable without a signature takes what it takes; the calls will tell
            return
        for head, named in _calls(method):
            told = ", ".join([*map(str, head), *(f"{name}=…" for name in named)])
            try:
                signature.bind(*head, **named)
            except TypeError as error:
                s.require(False, f"{method.name}({told}) to be accepted", f"{method.name}{signature}: {error}")
        for parameter in method.parameters:
            declared = signature.parameters.get(parameter.name)
            if parameter.default is not REQUIRED and declared is not None and declared.default is not declared.empty:
                s.require(
                    declared.default == parameter.default,
                    f"{parameter.name} to default to {parameter.default!r}",
                    f"it defaults to {s.tell(declared.default)}",
                )

    return body


for _method in METHODS:
    CHECKS.check(f"shape.signature.{_method.name.replace('_', '-')}")(_signature_check(_method))


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
        for name in EXCEPTIONS:
            cls = getattr(module, name, None)
            is_exception = isinstance(cls, type) and issubclass(cls, Exception)
            s.require(is_exception, f"{name} to be a subclass of Exception", s.tell(cls))


def _info_check(name: str, values: dict[str, Any], *tells: str) -> None:
    """Declare the check of an info class: it keeps what it is made of, and its text tells it."""

    @CHECKS.check(f"shape.{name[:-4].lower()}-info")
    def body(s: Scenario) -> None:
        for module in _modules(s):
            cls: Any = getattr(module, name, None)
            s.require(isinstance(cls, type), f"a class {name}", s.tell(cls))
            try:
                made = cls(*values.values())
            except TypeError as error:
                s.require(False, f"{name}({', '.join(values)}) to be accepted", error)
            for attribute, value in values.items():
                held = getattr(made, attribute, None)
                s.require(held is value or held == value, f"{name}.{attribute} to be what it was made of", s.tell(held))
            text = str(made)
            for told in tells:
                s.require(told in text, f"the text of {name} to tell {told!r}", repr(text))


class _Told:
    """Something whose text can be recognised."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


_NOON = 1_767_268_800.0

_info_check(
    "ServerInfo",
    {"status": "started", "start_time": _NOON},
    f"status: started, start_time: {time.asctime(time.localtime(_NOON))}",
)
_info_check(
    "ClientInfo",
    {"name": "site-1", "last_connect_time": _NOON},
    f"site-1(last_connect_time: {time.asctime(time.localtime(_NOON))})",
)
_info_check("JobInfo", {"job_id": "a-job", "app_name": "an-app"}, "job_id: a-job", "app_name: an-app")
_info_check(
    "SystemInfo",
    {"server_info": _Told("<server>"), "client_info": [_Told("<client>")], "job_info": [_Told("<job>")]},
    "<server>",
    "<client>",
    "<job>",
)


@CHECKS.check("shape.inherits")
def _inherits(s: Scenario) -> str:
    session = s.open().session
    specs = [getattr(module, "SessionSpec", None) for module in spec_modules(s.system.spec)]
    if any(isinstance(spec, type) and isinstance(session, spec) for spec in specs):
        return "it is a SessionSpec"
    return "it does not inherit from SessionSpec"
