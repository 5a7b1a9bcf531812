"""Sessions that lack methods, or have methods with the wrong parameters."""

# ruff: noqa: A006 - ``all`` is a parameter of list_jobs.

from __future__ import annotations

from functools import wraps
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra.altered import CALLS, CLOSE, INFO, LIST, MONITOR, SUBMIT, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.variant import Difference, Faults, mutants
from contract_tests.mutants.wrapper import Wrapper


def _with(method: str, body: Any) -> Difference:
    """A session with another method."""
    return type("Session", (Wrapper,), {method: body})


def _disguised(method: str, body: Any) -> Difference:
    """A session with another method that looks like the right one."""
    return _with(method, wraps(getattr(Wrapper, method))(body))


def _closes_with_a_text(call: Call) -> Any:
    session = call.go()
    session.close = "close"
    return session


def _narrowed(method: str) -> Faults:
    def right(session: Wrapper) -> Any:
        return getattr(session.inner, method)

    return {
        f"shape.signature.{method.replace('_', '-')}": {
            f"calls its first parameter otherwise in {method}": _with(method, lambda self, job: right(self)(job)),
            f"takes arguments by position only in {method}": _with(method, lambda self, *args: right(self)(*args)),
            f"takes arguments by name only in {method}": _with(method, lambda self, **kwargs: right(self)(**kwargs)),
            f"wants one more argument in {method}": _with(method, lambda self, job_id, reason: right(self)(job_id)),
            f"has a decorator that loses named arguments around {method}": _disguised(
                method, lambda self, *args, **kwargs: right(self)(*args)
            ),
        }
    }


_FAULTS: Final[Faults] = {
    "shape.methods": {
        **{f"has no {method}": _with(method, None) for method in CALLS},
        "has a text where a method should be, but only in the second session opened": on(
            "open_session", _closes_with_a_text, when.after("open_session")
        ),
    },
    "shape.signature.list-jobs": {
        "knows no all, as servers of NVFLARE 2.3": _with(
            LIST, lambda self, detailed=False: self.inner.list_jobs(detailed)
        ),
        "has its two parameters the other way round": _with(
            LIST, lambda self, all=False, detailed=False: self.inner.list_jobs(detailed, all)
        ),
        "takes flags by name only": _with(
            LIST, lambda self, *, detailed=False, all=False: self.inner.list_jobs(detailed, all)
        ),
        "is detailed unless told otherwise": _with(
            LIST, lambda self, detailed=True, all=False: self.inner.list_jobs(detailed, all)
        ),
        "has flags without defaults": _with(LIST, lambda self, detailed, all: self.inner.list_jobs(detailed, all)),
        "has a decorator that can't pass detailed by position and all by name": _disguised(
            LIST,
            lambda self, *args, **kwargs: self.inner.list_jobs(
                *kwargs.values(), **dict(zip(("detailed", "all"), args, strict=False))
            ),
        ),
        "takes a time before its flags from which on jobs are listed": _with(
            LIST,
            lambda self, since=0.0, detailed=False, all=False: [
                job
                for job in self.inner.list_jobs(detailed, all)
                if self.inner.get_job_meta(job["job_id"])["submit_time"] >= since
            ],
        ),
        "has a decorator that loses flags handed over by position": _disguised(
            LIST, lambda self, *args, **kwargs: self.inner.list_jobs(**kwargs)
        ),
    },
    "shape.signature.get-system-info": {
        "wants to be told what to look at": _with(INFO, lambda self, target: self.inner.get_system_info()),
    },
    "shape.signature.monitor-job": {
        "passes no positional arguments on to the callback": _with(
            MONITOR,
            lambda self, job_id, timeout=0, poll_interval=2.0, cb=None, **cb_kwargs: Wrapper.monitor_job(
                self, job_id, timeout, poll_interval, cb, **cb_kwargs
            ),
        ),
        "passes no named arguments on to the callback": _with(
            MONITOR,
            lambda self, job_id, timeout=0, poll_interval=2.0, cb=None, *cb_args: Wrapper.monitor_job(
                self, job_id, timeout, poll_interval, cb, *cb_args
            ),
        ),
        # The old name ends in the callback's arguments, so no call is refused by it.
        "calls poll_interval interval": _with(
            MONITOR,
            lambda self, job_id, timeout=0, interval=2.0, cb=None, *args, **kwargs: Wrapper.monitor_job(
                self, job_id, timeout, interval, cb, *args, **kwargs
            ),
        ),
        "takes the callback before the times": _with(
            MONITOR,
            lambda self, job_id, cb=None, timeout=0, poll_interval=2.0, *args, **kwargs: Wrapper.monitor_job(
                self, job_id, timeout, poll_interval, cb, *args, **kwargs
            ),
        ),
        "has a timeout of a minute unless told otherwise": _with(
            MONITOR,
            lambda self, job_id, timeout=60, poll_interval=2.0, cb=None, *args, **kwargs: Wrapper.monitor_job(
                self, job_id, timeout, poll_interval, cb, *args, **kwargs
            ),
        ),
        "can't take the callback by name": _disguised(
            MONITOR,
            lambda self, *args, **kwargs: Wrapper.monitor_job(
                self, *args, *([kwargs.pop("cb")] if "cb" in kwargs else []), **kwargs
            ),
        ),
        "takes what follows the timeout by position for the callback's arguments": _with(
            MONITOR,
            lambda self, job_id, timeout=0, *cb_args, poll_interval=2.0, cb=None, **cb_kwargs: Wrapper.monitor_job(
                self, job_id, timeout, poll_interval, cb, *cb_args, **cb_kwargs
            ),
        ),
        "has a decorator that loses a callback handed over by position": _disguised(
            MONITOR,
            lambda self, job_id, timeout=0, *args, **kwargs: Wrapper.monitor_job(self, job_id, timeout, **kwargs),
        ),
    },
    "shape.signature.close": {
        "wants to be told whether to force it": _with(CLOSE, lambda self, force: self.inner.close()),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    *(_narrowed(method) for method in (*JOB_METHODS, SUBMIT) if method != MONITOR),
)
