"""Sessions that lack methods, or have methods with the wrong parameters."""

# mypy: disable-error-code="override"
# Narrowed signatures are what many of these mutants are about.

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS, METHODS
from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim.spec import MonitorReturnCode

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_NAMES: Final = tuple(method.name for method in METHODS)

for _name in _NAMES:
    _GENERATOR.session(f"Without{camel(_name)}", "shape.methods", f"has no {_name}", {_name: None})


@MUTANTS.mutant("shape.methods", "has a text where a method should be, but only in the second session opened")
class SecondSessionLacksClose(WrappedSystem):
    """Sets sessions up by hand, and wrongly from the second one on."""

    def open_session(self, user: str | None = None) -> Any:
        """Overwrite a method of a later session."""
        session = super().open_session(user)
        if count(session, "opened") > 1:
            session.close = "close"
        return session


def _by_name_only(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, **kwargs: Any) -> Any:
        return getattr(self.inner, name)(**kwargs)

    return method


def _decorated(name: str) -> Callable[..., Any]:
    @functools.wraps(getattr(Wrapper, name))
    def method(self: Wrapper, *args: Any, **kwargs: Any) -> Any:
        return getattr(self.inner, name)(*args)

    return method


def _demanding(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, job_id: str, reason: str) -> Any:
        return getattr(self.inner, name)(job_id)

    return method


def _nameless(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, *args: Any) -> Any:
        return getattr(self.inner, name)(*args)

    return method


def _renamed(name: str) -> Callable[..., Any]:
    def method(self: Wrapper, job: str) -> Any:
        return getattr(self.inner, name)(job)

    return method


_NARROWED: Final[dict[str, tuple[Callable[[str], Callable[..., Any]], str]]] = {
    "Renames": (_renamed, "calls its first parameter otherwise in {}"),
    "Positional": (_nameless, "takes arguments by position only in {}"),
    "ByName": (_by_name_only, "takes arguments by name only in {}"),
    "Demanding": (_demanding, "wants one more argument in {}"),
    "Decorated": (_decorated, "has a decorator that loses named arguments around {}"),
}

for _name in (*(name for name in JOB_METHODS if name != "monitor_job"), "submit_job"):
    for _kind, (_make, _difference) in _NARROWED.items():
        _GENERATOR.session(
            f"{_kind}{camel(_name)}",
            f"shape.signature.{_name.replace('_', '-')}",
            _difference.format(_name),
            {_name: _make(_name)},
        )


@MUTANTS.mutant("shape.signature.list-jobs", "knows no all, as servers of NVFLARE 2.3")
class ListsWithoutAll(Wrapper):
    """Dropped a parameter."""

    def list_jobs(self, detailed: bool = False) -> Any:
        """Lack all."""
        return self.inner.list_jobs(detailed)


@MUTANTS.mutant("shape.signature.list-jobs", "has its two parameters the other way round")
class ListsSwapped(Wrapper):
    """Breaks callers that pass flags by position."""

    def list_jobs(self, all: bool = False, detailed: bool = False) -> Any:  # noqa: A002
        """Swap the flags."""
        return self.inner.list_jobs(detailed, all)


@MUTANTS.mutant("shape.signature.list-jobs", "takes flags by name only")
class ListsByName(Wrapper):
    """Breaks callers that pass flags by position."""

    def list_jobs(self, *, detailed: bool = False, all: bool = False) -> Any:  # noqa: A002
        """Refuse flags by position."""
        return self.inner.list_jobs(detailed, all)


@MUTANTS.mutant("shape.signature.list-jobs", "is detailed unless told otherwise")
class ListsDetailedByDefault(Wrapper):
    """Has another default."""

    def list_jobs(self, detailed: bool = True, all: bool = False) -> Any:  # noqa: A002
        """Default to detailed."""
        return self.inner.list_jobs(detailed, all)


@MUTANTS.mutant("shape.signature.list-jobs", "has flags without defaults")
class ListsDemanding(Wrapper):
    """Breaks callers that pass nothing."""

    def list_jobs(self, detailed: bool, all: bool) -> Any:  # noqa: A002
        """Demand the flags."""
        return self.inner.list_jobs(detailed, all)


@MUTANTS.mutant("shape.signature.list-jobs", "has a decorator that can't pass detailed by position and all by name")
class ListsMixedUp(Wrapper):
    """Looks right, and fails when called in one of the ways that its signature allows."""

    @functools.wraps(Wrapper.list_jobs)
    def list_jobs(self, *args: Any, **kwargs: Any) -> Any:
        """Put named arguments in front of the others."""
        return self.inner.list_jobs(*kwargs.values(), **dict(zip(("detailed", "all"), args, strict=False)))


@MUTANTS.mutant("shape.signature.list-jobs", "takes a time before its flags from which on jobs are listed")
class ListsSince(Wrapper):
    """Has a parameter more, where it takes the place of another."""

    def list_jobs(self, since: float = 0.0, detailed: bool = False, all: bool = False) -> Any:  # noqa: A002
        """Leave out what is older."""
        jobs = self.inner.list_jobs(detailed, all)
        return [job for job in jobs if self.inner.get_job_meta(job["job_id"])["submit_time"] >= since]


@MUTANTS.mutant("shape.signature.list-jobs", "has a decorator that loses flags handed over by position")
class ListsLosingPositions(Wrapper):
    """Looks right, and does not listen."""

    @functools.wraps(Wrapper.list_jobs)
    def list_jobs(self, *args: Any, **kwargs: Any) -> Any:
        """Pass on what has a name."""
        return self.inner.list_jobs(**kwargs)


@MUTANTS.mutant("shape.signature.get-system-info", "wants to be told what to look at")
class InfoDemanding(Wrapper):
    """Has a required parameter."""

    def get_system_info(self, target: str) -> Any:
        """Demand a target."""
        return self.inner.get_system_info()


@MUTANTS.mutant("shape.signature.monitor-job", "passes no positional arguments on to the callback")
class MonitorsWithoutArgs(Wrapper):
    """Dropped *cb_args."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, **cb_kwargs: Any
    ) -> MonitorReturnCode:
        """Take no further arguments by position."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, **cb_kwargs)


@MUTANTS.mutant("shape.signature.monitor-job", "passes no named arguments on to the callback")
class MonitorsWithoutKwargs(Wrapper):
    """Dropped **cb_kwargs."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *cb_args: Any
    ) -> MonitorReturnCode:
        """Take no further arguments by name."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, *cb_args)


@MUTANTS.mutant("shape.signature.monitor-job", "calls poll_interval interval")
class MonitorsByInterval(Wrapper):
    """Renamed a parameter; the old name ends in the callback's arguments, so no call is refused by it."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> MonitorReturnCode:
        """Rename a parameter."""
        return super().monitor_job(job_id, timeout, interval, cb, *args, **kwargs)


@MUTANTS.mutant("shape.signature.monitor-job", "takes the callback before the times")
class MonitorsCallbackFirst(Wrapper):
    """Reordered parameters."""

    def monitor_job(
        self, job_id: str, cb: Any = None, timeout: int = 0, poll_interval: float = 2.0, *args: Any, **kwargs: Any
    ) -> MonitorReturnCode:
        """Reorder parameters."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)


@MUTANTS.mutant("shape.signature.monitor-job", "has a timeout of a minute unless told otherwise")
class MonitorsForAMinute(Wrapper):
    """Has another default."""

    def monitor_job(
        self, job_id: str, timeout: int = 60, poll_interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> MonitorReturnCode:
        """Default to another timeout."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)


@MUTANTS.mutant("shape.signature.monitor-job", "can't take the callback by name")
class MonitorsCallbackByPosition(Wrapper):
    """Looks right, and passes named arguments on wrongly."""

    @functools.wraps(Wrapper.monitor_job)
    def monitor_job(self, *args: Any, **kwargs: Any) -> MonitorReturnCode:
        """Lose one of the names."""
        if "cb" in kwargs:
            return super().monitor_job(*args, kwargs.pop("cb"), **kwargs)
        return super().monitor_job(*args, **kwargs)


@MUTANTS.mutant(
    "shape.signature.monitor-job", "takes what follows the timeout by position for the callback's arguments"
)
class MonitorsIntervalByName(Wrapper):
    """Drew a line in the wrong place."""

    def monitor_job(
        self, job_id: str, timeout: int = 0, *cb_args: Any, poll_interval: float = 2.0, cb: Any = None, **cb_kwargs: Any
    ) -> MonitorReturnCode:
        """Take interval and callback by name only."""
        return super().monitor_job(job_id, timeout, poll_interval, cb, *cb_args, **cb_kwargs)


@MUTANTS.mutant("shape.signature.monitor-job", "has a decorator that loses a callback handed over by position")
class MonitorsLosingPositions(Wrapper):
    """Looks right, and does not listen."""

    @functools.wraps(Wrapper.monitor_job)
    def monitor_job(self, job_id: str, timeout: int = 0, *args: Any, **kwargs: Any) -> MonitorReturnCode:
        """Pass on what has a name."""
        return super().monitor_job(job_id, timeout, **kwargs)


@MUTANTS.mutant("shape.signature.close", "wants to be told whether to force it")
class CloseDemanding(Wrapper):
    """Has a required parameter."""

    def close(self, force: bool) -> Any:
        """Demand a flag."""
        return self.inner.close()
