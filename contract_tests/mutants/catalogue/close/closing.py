"""Sessions whose close returns something, can't be done again, or does something to other sessions or to jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import (
    ABORT,
    CLOSE,
    DELETE,
    DOWNLOAD,
    LIST,
    METAS,
    MONITOR,
    SUBMIT,
    Change,
    on,
)
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions import same_session
from contract_tests.mutants.families.occasions import OF_ANY_CALL, bound_to_threads, wrong_on
from contract_tests.mutants.families.results import emptied
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, NoConnection, SessionClosed

MINUTES: Final = 150.0


def _sessions(call: Call) -> list[Any]:
    """The system's sessions, in the order they were opened."""
    return [each.answer for each in call.earlier("open_session") if each.answer]


def _closes(others: Callable[[Any, Call], Any]) -> Change:
    def closes(call: Call) -> None:
        for each in _sessions(call):
            if others(each, call):
                each.inner.close()

    return on(CLOSE, do.first(closes))


def _opens_closed(call: Call) -> Any:
    session = call.go()
    if any(each.user == session.user for each in call.earlier(CLOSE)):
        session.inner.close()
    return session


def _is_last(call: Call) -> bool:
    closed = [each.session for each in call.earlier(CLOSE)]
    return all(each in [*closed, call.session] or each.user != call.user for each in _sessions(call))


def _one_was_closed(call: Call) -> bool:
    """Whether a session of the monitor's user was closed since it began."""
    since = call.system.history[call.place :]
    return any(each.point == CLOSE and each.user == call.user for each in since)


def _ends_jobs(method: str, holds: Holds, occasion: Holds = when.always) -> Change:
    return on(CLOSE, do.first(do.does(method, do.those(when.mine & holds))), occasion)


def _ends_monitored(method: str) -> Change:
    return on(CLOSE, do.first(do.does(method, lambda call: call.outer and call.outer.job_id)), when.in_callback)


def _was_left(call: Call) -> bool:
    """Whether the job of a call was submitted in a session that was closed minutes ago."""
    made = call.birth
    return (
        made is not None
        and made.point == SUBMIT
        and any(each.session is made.session and call.now - each.at >= MINUTES for each in call.earlier(CLOSE))
    )


def _ends_left(method: str, holds: Holds = when.always) -> Change:
    """Look at each of the jobs that were left once, and end those of which something is true."""

    def pick(call: Call) -> list[Any]:
        left = [job for job in do.those(_was_left)(call) if job not in call.memory]
        call.memory.update(dict.fromkeys(left))
        return [job for job in left if holds(call.about(job))]

    return on(METAS, do.first(do.does(method, pick, by=do.administrator)))


_FAULTS: Final[Faults] = {
    "close.returns-none": {
        "returns True": on(CLOSE, do.answers(lambda answer: True)),
        "returns itself": on(CLOSE, do.answers_of(lambda answer, call: call.session)),
        "raises InternalError when it has submitted jobs that are not done": on(
            CLOSE, do.raises(InternalError, "there are jobs"), when.after(SUBMIT, like=same_session)
        ),
        "returns a number when a monitor has timed out in it": on(
            CLOSE,
            do.answers_of(lambda answer, call: sum(each.session is call.session for each in call.earlier(MONITOR))),
            when.after(MONITOR, like=same_session),
        ),
    },
    "close.again": {
        "raises SessionClosed when it is closed twice": on(
            CLOSE, do.raises(SessionClosed, "closed already"), when.closed
        ),
        "raises RuntimeError when it is closed the third time": on(
            CLOSE, do.raises(RuntimeError, "closed too often"), lambda call: when.count(call, same_session) > 2
        ),
        "raises when it is closed again after more than an hour": on(
            CLOSE,
            do.raises(NoConnection, "no connection"),
            when.after(CLOSE, like=lambda one, other: same_session(one, other) and one.at - other.at > 3600),
        ),
        "raises when it is closed after a call has been refused in the closed session": on(
            CLOSE, do.raises(NoConnection, "no connection"), when.after_error(SessionClosed, LIST, like=same_session)
        ),
        "can't be closed again when it has deleted a job": on(
            CLOSE,
            do.raises(AttributeError, "'NoneType' object has no attribute 'close'"),
            when.closed & when.after(DELETE, like=same_session),
        ),
    },
    "close.other-sessions": {
        "closes all sessions of the user": _closes(lambda other, call: other.user == call.user),
        "closes the sessions of other users": _closes(lambda other, call: other.user != call.user),
        "closes the session that was opened before it": _closes(
            lambda other, call: other.number == call.session.number - 1
        ),
        "lets a user have no session any more that is opened after a close": on("open_session", _opens_closed),
        "cuts the other sessions off from submitting": on(
            SUBMIT, do.raises(SessionClosed, "the upload channel is closed"), when.after(CLOSE)
        ),
        "ends the monitors of the user's other sessions": on("poll", do.raises(SessionClosed), _one_was_closed),
    },
    "close.jobs": {
        "aborts the user's jobs when it is closed": _ends_jobs(ABORT, when.always),
        "deletes jobs that wait when it is closed": _ends_jobs(DELETE, when.waiting),
        "deletes jobs that are done when it is closed": _ends_jobs(DELETE, when.done),
        "aborts jobs that are dispatched when it is closed": _ends_jobs(ABORT, when.dispatched),
        "aborts running jobs when the user's last session is closed": _ends_jobs(ABORT, when.running, _is_last),
        "aborts the job it monitors when it is closed": _ends_monitored(ABORT),
        "deletes the job it monitors when it is closed": _ends_monitored(DELETE),
        "aborts the jobs of a closed session minutes after the close": _ends_left(ABORT),
        "deletes the done jobs of a closed session minutes after the close": _ends_left(DELETE, when.done),
        "throws away what jobs left when the session is closed that submitted them": on(
            DOWNLOAD, emptied, when.maker_closed & when.birth(when.nth_here(1))
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    wrong_on(
        {words: OF_ANY_CALL[words] for words in ("to the second user", "the third time", "while a job runs")},
        "close.returns-none",
        "returns True from close",
        CLOSE,
        lambda answer: True,
    ),
    bound_to_threads("close.returns-none", CLOSE),
)
