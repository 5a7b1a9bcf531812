"""The exceptions by which a check ends early: a promise is broken, can't be tried, or is judged by another clause."""

from __future__ import annotations

from contract_tests.scenario.operations import Outcome


class Violation(Exception):
    """The promise that a check is about is broken; ``outcome`` is the one that shows it, where it is a single one."""

    def __init__(self, expected: str, observed: str, outcome: Outcome | None = None) -> None:
        super().__init__(f"expected {expected}; observed {observed}")
        self.expected = expected
        self.observed = observed
        self.outcome = outcome


class NotTestable(BaseException):
    """What a check needs before it can try its promise does not work, as an ``outcome`` shows, if one does.

    Not an Exception, so that no search goes on.
    """

    def __init__(self, text: str, outcome: Outcome | None = None) -> None:
        super().__init__(text)
        self.outcome = outcome


class JudgedElsewhere(BaseException):
    """What a check only needs can't be had, in a way that is no fault, or that a clause of its own is about.

    A fault is held against the session once: the check goes without the example. There are two such refusals: a list
    with arguments that the session does not take at all (shape.signature.list-jobs, list.all, list.all-false), and the
    deletion of a job that is being executed, refused with JobNotDone (delete.running, delete.dispatched). It is no
    fault of a server that it never gives a job up, or that it hands out no folder for a large result; the text of the
    exception says so.
    """
