"""Sessions that work after they were closed, or raise another error than SessionClosed."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, SERVER_METHODS
from contract_tests.mutants.toolkit.generator import Body, Generator, camel
from contract_tests.mutants.toolkit.wrong_errors import (
    READS,
    Kind,
    by_another_session,
    declare,
    declare_with_flags,
    declare_with_timeout,
    from_memory,
    from_second,
    job_is_done,
    job_runs,
    key_error_when_deleted,
    later_session,
    look_alike,
    minutes_later,
    nothing,
    raises,
    when,
)
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import InternalError, JobNotFound, NoConnection, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

_KINDS: Final = (
    Kind("Answers", "answers {method} after it was closed", by_another_session),
    Kind(
        "AnswersSecondCall",
        "answers the second call of {method} after it was closed",
        when(from_second, by_another_session),
    ),
    Kind("IsRuntimeError", "raises RuntimeError for {method} once it is closed", raises(RuntimeError, "closed")),
    Kind("AnswersRunning", "answers {method} after it was closed while a job runs", when(job_runs, by_another_session)),
    Kind("IsLookAlike", "raises a SessionClosed of its own for {method}", raises(look_alike("SessionClosed"))),
    Kind("AnswersLater", "answers {method} a minute after it was closed", when(minutes_later, by_another_session)),
    Kind("IsNothing", "returns nothing for {method} once it is closed", nothing),
    Kind(
        "AnswersInLaterSession", "answers {method} in a closed second session", when(later_session, by_another_session)
    ),
    Kind("IsNoConnection", "raises NoConnection for {method} once it is closed", raises(NoConnection, "no connection")),
    Kind("FromMemory", "answers {method} from memory once it is closed", from_memory, READS),
    Kind("IsInternalError", "raises InternalError for {method} once it is closed", raises(InternalError)),
    Kind("NothingWhenDone", "returns nothing for {method} of a done job once it is closed", when(job_is_done, nothing)),
    Kind("IsNoneType", "fails with an AttributeError in {method} once it is closed", raises(AttributeError)),
)

declare(_GENERATOR, "Closed", SERVER_METHODS, _KINDS, SessionClosed, "close.then", lambda session, args: session.closed)


class _ClosesLater(Wrapper):
    """Can't tell the server that it is closed when there is none, and leaves it at that."""

    shut = False

    def close(self) -> Any:
        """Close, if there is a server."""
        try:
            self.inner.get_system_info()
        except NoConnection:
            self.shut = True
            return None
        except SessionClosed:
            pass
        return super().close()


def _guarded(method: str, works: bool) -> Body:
    """A method of a session that was closed in an outage, and whether it works all the same when that is over."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.shut:
            try:
                self.inner.get_system_info()
            except NoConnection:
                raise SessionClosed("the session is closed") from None
            if not works:
                raise SessionClosed("the session is closed")
        return right(self, *args, **kwargs)

    body.__name__ = method
    return body


for _method in SERVER_METHODS:
    _GENERATOR.session(
        f"{camel(_method)}OfClosedInOutage",
        f"close.then.{_method.replace('_', '-')}",
        f"lets {_method} work again after an outage in which the session was closed",
        {name: _guarded(name, name == _method) for name in SERVER_METHODS},
        _ClosesLater,
    )


def _closed_late(method: str) -> None:
    """Declare a session that answers a method until the callback that closed it is over."""

    def call(self: Any, *args: Any) -> Any:
        self.depth = getattr(self, "depth", 0) + 1
        try:
            return MonitorLoop.call(self, *args)
        finally:
            self.depth -= 1

    def answer(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(MonitorLoop, method)(self, *args, **kwargs)
        except SessionClosed:
            if not getattr(self, "depth", 0):
                raise
            return getattr(self.system.open_session(self.user).inner, method)(*args, **kwargs)

    name, clause = f"Closed{camel(method)}AnswersInCallback", f"close.then.{method.replace('_', '-')}"
    difference = f"answers {method} in the callback that closed it"
    _GENERATOR.session(name, clause, difference, {"call": call, method: answer}, MonitorLoop)


for _method in SERVER_METHODS:
    _closed_late(_method)

declare(
    _GENERATOR,
    "Closed",
    JOB_METHODS,
    key_error_when_deleted("in a closed session"),
    SessionClosed,
    "close.then",
    lambda session, args: session.closed,
    each=1,
)

declare_with_flags(_GENERATOR, "CloseThen", "close.then", SessionClosed)

declare_with_timeout(_GENERATOR, "CloseThen", "close.then", SessionClosed)


def _arguments_first(method: str, error: type[Exception], difference: str, bad: Any) -> None:
    """Declare a session whose method looks at its arguments before it looks whether it is closed, and fails on some."""

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        if args and bad(args[0]):
            raise error(f"{args[0]!r} is no good")
        return getattr(Wrapper, method)(self, *args, **kwargs)

    name = f"{camel(method)}LooksAtArgumentsFirst"
    _GENERATOR.session(name, "close.only-session-closed", difference, {method: body})


for _method, _error, _bad in (
    ("get_job_meta", AttributeError, lambda value: not value),
    ("submit_job", JobNotFound, lambda value: not isinstance(value, str)),
    ("monitor_job", TypeError, lambda value: not isinstance(value, str)),
    ("list_jobs", TypeError, lambda value: not isinstance(value, (bool, str))),
    ("delete_job", NoConnection, lambda value: value == "no-such-thing"),
):
    _arguments_first(
        _method, _error, f"raises {_error.__name__} for some arguments of {_method} of a closed session", _bad
    )


@MUTANTS.mutant(
    "close.only-session-closed", "tests whether the callback can be called before it tests whether it is closed"
)
class MonitorLooksAtCallbackFirst(Wrapper):
    """Is strict about callbacks."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Look at the callback."""
        cb = args[3] if len(args) > 3 else kwargs.get("cb")
        if cb is not None and not callable(cb):
            raise TypeError("cb can't be called")
        return super().monitor_job(*args, **kwargs)


@MUTANTS.mutant("close.only-session-closed", "tests the timeout before it tests whether it is closed")
class MonitorLooksAtTimeoutFirst(Wrapper):
    """Is strict about timeouts."""

    def monitor_job(self, *args: Any, **kwargs: Any) -> Any:
        """Look at the timeout."""
        timeout = args[1] if len(args) > 1 else kwargs.get("timeout", 0)
        if not isinstance(timeout, (int, float)):
            raise TypeError("timeout is no number")
        return super().monitor_job(*args, **kwargs)
