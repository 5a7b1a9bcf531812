"""The classes of the interface: return codes, exceptions and the classes of system info."""

from __future__ import annotations

import enum
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from contract_tests.contract.interface import EXCEPTIONS, RETURN_CODES, spec_modules
from contract_tests.scenario import wording
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.exceptions import Violation
from contract_tests.scenario.scenario import Scenario
from contract_tests.system.system import NotClaimed

CHECKS = CheckTable()


def _modules(s: Scenario) -> list[ModuleType]:
    """The modules whose classes the implementation uses; they are looked for once a session was opened."""
    s.open()
    modules = list(spec_modules(s.system.spec))
    if not modules:
        raise NotClaimed("a module that defines the interface's classes", "spec")
    return modules


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


class _Part:
    """A part of system info that prints as a given text."""

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
        {"server_info": _Part("<server>"), "client_info": [_Part("<client>")], "job_info": [_Part("<job>")]},
        ("<server>", "<client>", "<job>"),
    ),
    (
        {
            "server_info": _Part("<s>"),
            "client_info": [_Part(f"<c{number}>") for number in range(12)],
            "job_info": [_Part(f"<j{number}>") for number in range(12)],
        },
        ("<s>", *(f"<c{number}>" for number in range(12)), *(f"<j{number}>" for number in range(12))),
    ),
    ({"server_info": _Part("<alone>"), "client_info": [], "job_info": []}, ("<alone>",)),
)
