"""Conforming variants whose errors are of subclasses, or are worded otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.mutants.conforming.around_calls import around
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim import spec

CONFORMING = VariantTable()

_ERRORS = (
    *(spec.NoConnection, spec.SessionClosed, spec.InvalidArgumentError, spec.InvalidJobDefinition, spec.JobNotFound),
    *(spec.JobNotDone, spec.InternalError, spec.AuthenticationError, spec.AuthorizationError),
)


def _raising(name: str, difference: str, translate: Callable[[Exception], Exception]) -> None:
    """Declare a system that raises what becomes of the interface's exceptions; what a callback raises it leaves."""

    def act(_: Any, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except _ERRORS as error:
            raise translate(error) from None

    session = type(name, (Wrapper,), {"__module__": __name__, "__doc__": f"{difference.capitalize()}."})
    globals()[name] = CONFORMING.conforming(difference)(around(act)(session))


class _NoSuchJob(spec.JobNotFound, KeyError):
    """A more particular JobNotFound."""

    def __str__(self) -> str:
        return "nothing is known of that job"


class _Offline(spec.NoConnection, ConnectionError):
    """A more particular NoConnection."""


class _Over(spec.SessionClosed):
    """A more particular SessionClosed."""


class _BadId(spec.JobNotFound, spec.InvalidArgumentError):
    """Both of what is true of a bad id."""


class _BadFolder(spec.InvalidJobDefinition, spec.InvalidArgumentError, ValueError):
    """All of what is true of a bad definition."""


class _Cut(spec.SessionClosed, spec.NoConnection):
    """A session that is over because its connection is."""


class _Unreachable(spec.NoConnection, TimeoutError):
    """Made of a host and a port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self.host, self.port = host, port


class _Speechless(spec.JobNotFound):
    """Made of a job and a code, and has no text."""

    def __init__(self, job_id: object, code: int) -> None:
        super().__init__(job_id)
        self.code = code

    def __str__(self) -> str:
        raise RuntimeError("there is no text")


def _one_of(classes: dict[type[Exception], Callable[[Exception], Exception]]) -> Callable[[Exception], Exception]:

    def translate(error: Exception) -> Exception:
        made = classes.get(type(error))
        return error if made is None else made(error)

    return translate


_raising(
    "SubclassedExceptions",
    "raises subclasses of the interface's exceptions",
    _one_of(
        {
            spec.JobNotFound: lambda error: _NoSuchJob(*error.args),
            spec.NoConnection: lambda error: _Offline(*error.args),
            spec.SessionClosed: lambda error: _Over(*error.args),
        }
    ),
)
_raising(
    "SeveralExceptionsAtOnce",
    "raises errors that are several of the interface's exceptions at once",
    _one_of(
        {
            spec.JobNotFound: lambda error: _BadId(*error.args),
            spec.InvalidJobDefinition: lambda error: _BadFolder(*error.args),
            spec.SessionClosed: lambda error: _Cut(*error.args),
        }
    ),
)
_raising(
    "ExceptionsMadeOtherwise",
    "raises errors that are made of other things, some without a text",
    _one_of(
        {
            spec.JobNotFound: lambda error: _Speechless(None, 404),
            spec.NoConnection: lambda error: _Unreachable("localhost", 8003),
        }
    ),
)
_raising("OtherWording", "words its errors differently", lambda error: type(error)("das geht leider nicht"))
_raising("NoWording", "raises its errors without any text", lambda error: type(error)())
_raising("LongWording", "says in errors more than can be printed", lambda error: type(error)("\ud800%s{}" + 9999 * "x"))
_raising("ErrorsWithData", "raises errors that hold data instead of text", lambda error: type(error)(404, {"a": [1]}))
