"""Sessions that share between calls of callbacks, or between monitors, what belongs to one of them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Generator
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


class _LastCall(MonitorLoop):
    """Knows the arguments of the monitor that began last."""

    last: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})

    def monitor_job(
        self, job_id: str, timeout: int = 0, poll_interval: float = 2.0, cb: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Note the arguments."""
        self.last = (args, kwargs)
        return super().monitor_job(job_id, timeout, poll_interval, cb, *args, **kwargs)


@MUTANTS.mutant("monitor.callback-args", "gives the callback the arguments of a monitor within it from then on")
class ArgumentsOfLastMonitor(_LastCall):
    """Keeps them on the session."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the last ones."""
        return super().call(cb, polls, job_id, meta, self.last[0], kwargs)


@MUTANTS.mutant("monitor.callback-kwargs", "gives the callback the named arguments of a monitor within it from then on")
class NamesOfLastMonitor(_LastCall):
    """Keeps them on the session."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the last ones."""
        return super().call(cb, polls, job_id, meta, args, self.last[1])


@MUTANTS.mutant("monitor.callback-nothing-else", "gives a callback without arguments those of a monitor within it")
class FillsInArguments(_LastCall):
    """Has a default for who passes none."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the last ones where there are none."""
        more = self.last if not args and not kwargs else (args, kwargs)
        return super().call(cb, polls, job_id, meta, *more)


def _current(method: str) -> None:
    """Declare monitors that follow the session's current job, which a method changes."""

    def moves(self: Any, argument: str) -> Any:
        made = getattr(MonitorLoop, method)(self, argument)
        self.current = made if isinstance(made, str) else argument
        return made

    def monitor_job(self: Any, job_id: str, *args: Any, **kwargs: Any) -> Any:
        before, self.current = getattr(self, "current", job_id), job_id
        try:
            return MonitorLoop.monitor_job(self, job_id, *args, **kwargs)
        finally:
            self.current = before

    def own(self: Any, job_id: str) -> Any:
        return self.inner.get_job_meta(job_id)

    def current(self: Any, job_id: str) -> Any:
        return self.inner.get_job_meta(self.current)

    def told(self: Any, cb: Any, polls: int, job_id: str, *rest: Any) -> Any:
        return MonitorLoop.call(self, cb, polls, self.current, *rest)

    for what, clause, steps in (
        ("Id", "monitor.callback-job-id", {"poll": own, "call": told}),
        ("Meta", "monitor.callback-meta", {"poll": current}),
    ):
        difference = f"tells the {what.lower()} of the job that {method} in the callback was about"
        methods = {"monitor_job": monitor_job, method: moves, **steps}
        _GENERATE.session(f"Tells{what}Of{method.title().replace('_', '')}", clause, difference, methods, MonitorLoop)


for _method in ("submit_job", "clone_job", "get_job_meta"):
    _current(_method)


@MUTANTS.mutant(
    "monitor.callback-meta-copy", "reads lists and dicts of a meta once in a monitor, and hands them out again"
)
class ReadsPartsOnce(MonitorLoop):
    """Takes what is nested for what never changes."""

    parts: dict[str, Any]

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With what the first poll read."""
        if polls == 1:
            self.parts = {key: value for key, value in meta.items() if isinstance(value, (list, dict))}
        return super().call(cb, polls, job_id, {**meta, **self.parts}, args, kwargs)


@MUTANTS.mutant("meta.snapshot", "empties and refills the dict that it gave to the callback")
class RefillsOneDict(MonitorLoop):
    """Saves memory."""

    given: dict[str, Any]

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the same dict."""
        self.given = {} if polls == 1 else self.given
        self.given.clear()
        self.given.update(meta)
        return cb(self, job_id, self.given, *args, **kwargs)


@MUTANTS.mutant("meta.snapshot", "brings metas that were read in the callback up to date at every poll")
class PollsUpdateMetas(MonitorLoop):
    """Thinks that nobody wants an old one."""

    depth = 0

    def poll(self, job_id: str) -> dict[str, Any]:
        """Read, and bring what was read before up to date."""
        meta: dict[str, Any] = self.inner.get_job_meta(job_id)
        for old in self.__dict__.setdefault("_read", []):
            if old["job_id"] == job_id:
                old.update(deepcopy(meta))
        return meta

    def call(self, *args: Any) -> Any:
        """Note that a callback is under way."""
        self.depth += 1
        try:
            return super().call(*args)
        finally:
            self.depth -= 1

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Note what is read in one."""
        meta = super().get_job_meta(job_id)
        if self.depth:
            self.__dict__.setdefault("_read", []).append(meta)
        return meta
