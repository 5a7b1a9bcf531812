"""What the interface says about `close`, one clause a sentence.

Their ids begin with `close.…`.
"""

from __future__ import annotations

from typing import Final

from contract_tests.contract.clause import ERRORS, LIFECYCLE, USERS, Promises, each_method
from contract_tests.contract.interface import SERVER_METHODS

_PROMISE: Final = Promises("close, and what is tested at the head of every other method")

CLAUSES: Final = (
    _PROMISE.must("close.returns-none", "stated", LIFECYCLE, "close returns None."),
    _PROMISE.must("close.again", "implied", LIFECYCLE, "A session can be closed any number of times."),
    *each_method(
        "close.then",
        SERVER_METHODS,
        "stated",
        ERRORS,
        "{method} of a closed session raises SessionClosed.",
        "the test for a closed session at the head of every method",
    ),
    _PROMISE.must(
        "close.only-session-closed",
        "implied",
        ERRORS,
        "A closed session raises SessionClosed whatever the arguments are.",
        "argument checks that come before the test for a closed session",
    ),
    _PROMISE.must("close.other-sessions", "implied", USERS, "Closing a session leaves other sessions usable."),
    _PROMISE.must("close.jobs", "implied", LIFECYCLE, "Closing a session leaves its jobs alone: they run on."),
)
