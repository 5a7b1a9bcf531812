"""What the interface says about `close`, one clause a sentence.

Their ids begin with `close.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import ERRORS, LIFECYCLE, USERS, Promises, each_method
from contract_tests.contract.interface import SERVER_METHODS

_PROMISE: Final = Promises("close, and what is tested at the head of every other method")

CLAUSES: Final = (
    _PROMISE.must(
        "close.returns-none",
        "implied",
        LIFECYCLE,
        "close returns None.",
        words="close, Close the session",
    ),
    _PROMISE.must(
        "close.again",
        "implied",
        LIFECYCLE,
        "A session can be closed any number of times.",
        words="close, Close the session",
    ),
    *each_method(
        "close.then",
        SERVER_METHODS,
        "implied",
        ERRORS,
        "{method} of a closed session raises SessionClosed.",
        "the test for a closed session at the head of every method",
        words="close, Close the session; SessionClosed",
    ),
    _PROMISE.must(
        "close.only-session-closed",
        "implied",
        ERRORS,
        "For a bad argument a closed session raises SessionClosed, or what is wrong with it, and nothing else.",
        "argument checks that come before the test for a closed session",
        words="close, Close the session; SessionClosed",
    ),
    _PROMISE.must(
        "close.other-sessions",
        "implied",
        USERS,
        "Closing a session leaves other sessions usable.",
        words="close, Close the session",
    ),
    _PROMISE.must(
        "close.jobs",
        "implied",
        LIFECYCLE,
        "Closing a session leaves its jobs alone: they run on.",
        words="close, Close the session",
    ),
)
