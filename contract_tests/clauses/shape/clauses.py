"""What the interface says about the session class, and the classes of the interface, one clause a sentence.

Their ids begin with `shape.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import SHAPE, Promises, each_method
from contract_tests.contract.interface import EXCEPTIONS, METHODS

_PROMISE: Final = Promises("the class itself: what it defines, inherits and prints")
_METHOD_NAMES: Final = tuple(method.name for method in METHODS)
_PRINTS: Final = "the constructor of the class, and its __str__"

CLAUSES: Final = (
    _PROMISE.must(
        "shape.methods",
        "stated",
        SHAPE,
        "A session has the ten methods of the interface, and each can be called.",
        words="SessionSpec",
    ),
    *each_method(
        "shape.signature",
        _METHOD_NAMES,
        "stated",
        SHAPE,
        "{method} takes every call the interface allows: its parameters by position and by name, with their defaults.",
        "the signature: parameter names, order and defaults; further parameters need a default",
        words="{method}, signature",
    ),
    _PROMISE.must(
        "shape.return-codes",
        "stated",
        SHAPE,
        "MonitorReturnCode is an int enumeration of JOB_FINISHED 0, TIMEOUT 1 and ENDED_BY_CB 2.",
        "the values of the enumeration and its int base",
        words="MonitorReturnCode, members",
    ),
    _PROMISE.must(
        "shape.exceptions",
        "stated",
        SHAPE,
        "There are nine exception classes, and each is an Exception.",
        "the bases of the classes",
        words="; ".join(EXCEPTIONS),
    ),
    _PROMISE.must(
        "shape.server-info",
        "stated",
        SHAPE,
        "ServerInfo holds status and start_time and prints both.",
        _PRINTS,
        words="ServerInfo, __init__; ServerInfo, __str__",
    ),
    _PROMISE.must(
        "shape.client-info",
        "stated",
        SHAPE,
        "ClientInfo holds name and last_connect_time and prints both.",
        _PRINTS,
        words="ClientInfo, __init__; ClientInfo, __str__",
    ),
    _PROMISE.must(
        "shape.job-info",
        "stated",
        SHAPE,
        "JobInfo holds job_id and app_name and prints both.",
        _PRINTS,
        words="JobInfo, __init__; JobInfo, __str__",
    ),
    _PROMISE.must(
        "shape.system-info",
        "stated",
        SHAPE,
        "SystemInfo holds server_info, client_info and job_info and prints all three.",
        _PRINTS,
        words="SystemInfo, __init__; SystemInfo, __str__",
    ),
    _PROMISE.silent("shape.inherits", SHAPE, "Whether a session inherits from SessionSpec or only looks like one."),
)
