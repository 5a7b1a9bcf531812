"""Sessions whose monitor_job does not let an error of the callback pass."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop
from flare_sim.spec import InternalError, JobNotFound, NoConnection

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


def _error_handled(clause: str, name: str, difference: str, handle: Any, *kinds: type[BaseException]) -> None:
    """Declare a monitor that handles what the callback raises."""

    class Handles(MonitorLoop):
        """Does not let errors of the callback pass."""

        def call(self, *args: Any) -> Any:
            """Handle some of them."""
            try:
                return super().call(*args)
            except kinds as error:
                return handle(error)

    _GENERATOR.named(name, clause, difference, Handles)


_error_handled(
    "monitor.callback-error", "ErrorMeansStop", "takes an error of the callback for False", lambda _: False, Exception
)
_error_handled(
    "monitor.callback-error", "ErrorMeansTrue", "takes an error of the callback for True", lambda _: True, Exception
)


def _wrap(error: BaseException) -> Any:
    raise InternalError(f"the callback failed: {error}") from error


_error_handled(
    "monitor.callback-error", "WrapsError", "wraps errors of the callback in InternalError", _wrap, Exception
)


def _again(error: BaseException) -> Any:
    raise type(error)(*error.args)


_error_handled("monitor.callback-error", "RaisesACopy", "raises a new error of the same class", _again, ValueError)
_error_handled(
    "monitor.callback-error", "SwallowsKeyError", "takes a KeyError for a meta without a key", bool, KeyError
)
_error_handled(
    "monitor.callback-error", "SwallowsTimeoutError", "takes a TimeoutError for its own", lambda _: True, TimeoutError
)


def _plain(error: BaseException) -> Any:
    raise RuntimeError(str(error))


_error_handled("monitor.callback-error", "StopsOnStopIteration", "runs in a generator", _plain, StopIteration)
_error_handled(
    "monitor.callback-error", "RetriesNoConnection", "takes NoConnection for its own", lambda _: True, NoConnection
)
_error_handled(
    "monitor.callback-error", "HidesJobNotFound", "takes JobNotFound for the end", lambda _: False, JobNotFound
)
_error_handled("monitor.callback-error", "SwallowsExit", "does not let SystemExit pass", lambda _: False, SystemExit)
_error_handled(
    "monitor.callback-error",
    "InterruptEnds",
    "takes Ctrl-C in the callback for False",
    lambda _: False,
    KeyboardInterrupt,
)
_error_handled(
    "monitor.callback-error", "SwallowsGeneratorExit", "does not let GeneratorExit pass", lambda _: True, GeneratorExit
)


def _chain(error: BaseException) -> Any:
    raise error from RuntimeError("in the callback")


_error_handled("monitor.callback-error", "ChainsError", "gives the callback's error a cause", _chain, ValueError)
_error_handled(
    "monitor.callback-error", "EndsAsTimeout", "does not know InterruptedError", lambda _: True, InterruptedError
)


@MUTANTS.mutant("monitor.callback-error", "swallows what the callback raises about a job that is done")
class SwallowsErrorAtEnd(MonitorLoop):
    """Does not care any more."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, *rest: Any) -> Any:
        """Not at the end."""
        if "FINISHED" not in meta["status"]:
            return super().call(cb, polls, job_id, meta, *rest)
        try:
            return super().call(cb, polls, job_id, meta, *rest)
        except Exception:
            return True


@MUTANTS.mutant("monitor.callback-error", "swallows what the callback raises after the fifth poll")
class SwallowsLateErrors(MonitorLoop):
    """Is used to the callback by then."""

    def call(self, cb: Any, polls: int, *rest: Any) -> Any:
        """Not late."""
        try:
            return super().call(cb, polls, *rest)
        except Exception:
            if polls <= 5:
                raise
            return True


@MUTANTS.mutant("monitor.callback-error-ends", "calls the callback once more after an error")
class RetriesCallback(MonitorLoop):
    """Tries again."""

    def call(self, *args: Any) -> Any:
        """Twice."""
        try:
            return super().call(*args)
        except Exception as error:
            try:
                super().call(*args)
            except Exception:
                raise error from None
            raise


@MUTANTS.mutant("monitor.callback-error-ends", "goes on to the next poll after an error, and raises it there")
class RaisesAtNextCall(MonitorLoop):
    """Defers the error."""

    deferred: Exception | None = None

    def call(self, *args: Any) -> Any:
        """Raise what the call before raised."""
        earlier, self.deferred = self.deferred, None
        try:
            answer = super().call(*args)
        except Exception as error:
            self.deferred = error
            answer = True
        if earlier is not None:
            raise earlier
        return answer
