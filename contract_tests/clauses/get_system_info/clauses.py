"""What the interface says about `get_system_info`, one clause a sentence.

Their ids begin with `system.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import FAULTS, LIFECYCLE, MONITORING, SHAPE, Promises

_PROMISE: Final = Promises("get_system_info, and the state it is put together from")

CLAUSES: Final = (
    _PROMISE.must(
        "system.parts",
        "implied",
        LIFECYCLE,
        "get_system_info returns the system at one moment, for the caller to keep: server_info, a list client_info, a "
        "list job_info.",
        words="get_system_info, signature; SystemInfo, __init__",
    ),
    _PROMISE.must(
        "system.server-status",
        "implied",
        LIFECYCLE,
        "The server's status is a str that is not empty.",
        words="ServerInfo, __init__",
    ),
    _PROMISE.must(
        "system.start-time",
        "implied",
        MONITORING,
        "The server's start_time is a number, and not in the future.",
        words="ServerInfo, __init__",
    ),
    _PROMISE.must(
        "system.start-time-stays",
        "implied",
        MONITORING,
        "The server's start_time stays the same while it runs.",
        words="ServerInfo, __init__",
    ),
    _PROMISE.must(
        "system.clients",
        "implied",
        LIFECYCLE,
        "There is one entry per connected client, under the client's name.",
        words="SystemInfo, __init__; ClientInfo, __init__",
    ),
    _PROMISE.must(
        "system.client-names",
        "implied",
        LIFECYCLE,
        "No two clients have the same name.",
        words="ClientInfo, __init__",
    ),
    _PROMISE.must(
        "system.connect-time",
        "implied",
        MONITORING,
        "A client's last_connect_time is a number, and not in the future.",
        words="ClientInfo, __init__",
    ),
    _PROMISE.must(
        "system.connect-time-moves",
        "implied",
        MONITORING,
        "The last_connect_time of a client that stays connected moves forward, and never back.",
        "which event the time is taken from",
        words="ClientInfo, __init__",
    ),
    _PROMISE.must(
        "system.dropped-client",
        "implied",
        FAULTS,
        "The last_connect_time of a client that dropped out moves no more.",
        "what still updates it",
        words="ClientInfo, __init__",
    ),
    _PROMISE.must(
        "system.new-client",
        "implied",
        FAULTS,
        "A client that connects has an entry from then on.",
        words="SystemInfo, __init__",
    ),
    _PROMISE.must(
        "system.jobs",
        "implied",
        LIFECYCLE,
        "Every job being executed has one entry, with its id.",
        words="SystemInfo, __init__; JobInfo, __init__",
    ),
    _PROMISE.must(
        "system.only-running-jobs",
        "implied",
        LIFECYCLE,
        "No job that waits or is done has an entry.",
        words="SystemInfo, __init__",
    ),
    _PROMISE.must(
        "system.app-name",
        "implied",
        LIFECYCLE,
        "The entry of a job names its app.",
        words="JobInfo, __init__",
    ),
    _PROMISE.must(
        "system.text",
        "stated",
        SHAPE,
        "System info prints the server, every client and every job.",
        words="SystemInfo, __str__",
    ),
    _PROMISE.must(
        "system.no-effect",
        "implied",
        LIFECYCLE,
        "Asking for system info has no effect on any job.",
        words="get_system_info, signature",
    ),
)
