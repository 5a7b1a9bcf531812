"""What the interface says about errors, one clause a sentence.

Their ids begin with `unknown.…`, `malformed.…`, `arguments.…` (what is handed over), `outage.…` (no server), `lost.…`
(a session the server ended), `denied.…`, `credentials.…` (a user who may not), `misbehaving.…` (a server gone wrong).
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import ERRORS, FAULTS, USERS, Promises, each_method
from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS

_MALFORMED: Final = Promises("what is done before the arguments are checked")
_ARGUMENTS: Final = Promises("conversions and comparisons of arguments outside a try")
_OUTAGE: Final = Promises("how a lost connection becomes an exception, and what is remembered of it")
_LOST: Final = Promises("how a session that the server has ended is told from an open one")
_DENIED: Final = Promises("how a refusal of the server becomes an exception")
_CREDENTIALS: Final = Promises("what opening a session does with a refused login")
_MISBEHAVING: Final = Promises("how an answer that makes no sense becomes an exception")
_LOOKUP: Final = "how the server's answer about an unknown job becomes an exception"

CLAUSES: Final = (
    *each_method(
        "unknown",
        JOB_METHODS,
        "implied",
        ERRORS,
        "{method} of an unknown job raises JobNotFound.",
        _LOOKUP,
        words="{method}, Args: job_id; JobNotFound",
    ),
    *each_method(
        "malformed",
        JOB_METHODS,
        "implied",
        ERRORS,
        "{method} of text that is no job's id raises JobNotFound; of what is no text, it or InvalidArgumentError.",
        "what is done to a job id before it is looked up",
        words="{method}, Args: job_id; JobNotFound; InvalidArgumentError",
    ),
    _MALFORMED.must(
        "malformed.no-effect",
        "implied",
        ERRORS,
        "A call that is refused for its arguments changes nothing.",
        "what is done before the arguments are checked",
        words="JobNotFound; InvalidArgumentError; InvalidJobDefinition",
    ),
    *each_method(
        "arguments",
        tuple(name for name in SERVER_METHODS if name != "get_system_info"),
        "implied",
        ERRORS,
        "Whatever is handed to {method} in good faith, only the interface's exceptions leave it.",
        "conversions and comparisons of arguments outside a try",
        words="{method}, signature; InvalidArgumentError",
    ),
    _ARGUMENTS.should(
        "arguments.invalid",
        "implied",
        ERRORS,
        "A bad argument that is neither an id nor a definition raises InvalidArgumentError; what nobody thinks of, an "
        "exception of the interface.",
        "checks of timeout, callback and flags",
        words="InvalidArgumentError",
    ),
    *each_method(
        "outage",
        SERVER_METHODS,
        "implied",
        FAULTS,
        "{method} raises NoConnection while there is no server.",
        "how a lost connection becomes an exception",
        words="{method}, signature; NoConnection",
    ),
    _OUTAGE.must(
        "outage.monitoring",
        "implied",
        FAULTS,
        "An outage during monitor_job gives NoConnection at the next poll.",
        words="NoConnection",
    ),
    _OUTAGE.must(
        "outage.open",
        "implied",
        FAULTS,
        "Opening a session while there is no server raises NoConnection.",
        words="NoConnection",
    ),
    _OUTAGE.must(
        "outage.recovery",
        "implied",
        FAULTS,
        "After recovery a session is usable again, or raises SessionClosed for good.",
        "what a session remembers of the outage",
        words="NoConnection; SessionClosed",
    ),
    _OUTAGE.must(
        "outage.refused",
        "implied",
        FAULTS,
        "What was asked for during an outage has not happened.",
        words="NoConnection",
    ),
    _OUTAGE.must(
        "outage.close",
        "implied",
        FAULTS,
        "A session can be closed while there is no server.",
        words="close, Close the session",
    ),
    *each_method(
        "lost",
        SERVER_METHODS,
        "implied",
        FAULTS,
        "{method} raises SessionClosed once the server has ended the session.",
        "how an inactive session becomes an exception",
        words="{method}, signature; SessionClosed",
    ),
    _LOST.must(
        "lost.close",
        "implied",
        FAULTS,
        "A session that the server has ended can be closed.",
        words="close, Close the session; SessionClosed",
    ),
    *each_method(
        "denied",
        ("submit_job", "clone_job", "download_job_result", "abort_job", "delete_job"),
        "implied",
        USERS,
        "{method} raises AuthorizationError for a user who may not.",
        "how a refusal of the server becomes an exception",
        words="{method}, signature; AuthorizationError",
    ),
    _DENIED.must(
        "denied.no-effect",
        "implied",
        USERS,
        "What a user may not do has not happened.",
        words="AuthorizationError",
    ),
    _CREDENTIALS.must(
        "credentials.refused",
        "implied",
        USERS,
        "Opening a session with bad credentials raises AuthenticationError.",
        words="AuthenticationError",
    ),
    *each_method(
        "misbehaving",
        SERVER_METHODS,
        "implied",
        FAULTS,
        "{method} raises InternalError while the server misbehaves.",
        "how an unexpected answer becomes an exception",
        words="{method}, signature; InternalError",
    ),
    _MISBEHAVING.must(
        "misbehaving.recovery",
        "implied",
        FAULTS,
        "A session is usable again when the server behaves again.",
        words="InternalError",
    ),
)
