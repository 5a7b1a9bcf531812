"""Sessions whose monitor_job gives the callback the wrong arguments."""

from __future__ import annotations

import copy
from typing import Any

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop

MUTANTS = VariantTable()


@MUTANTS.mutant("monitor.callback-args", "loses the further positional arguments")
class LosesArguments(MonitorLoop):
    """Passes no arguments on."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without them."""
        return super().call(cb, polls, job_id, meta, (), kwargs)


@MUTANTS.mutant("monitor.callback-args", "hands the further arguments over as one tuple")
class PacksArguments(MonitorLoop):
    """Forgets a star."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """As one."""
        return super().call(cb, polls, job_id, meta, (args,) if args else (), kwargs)


@MUTANTS.mutant("monitor.callback-args", "leaves out further arguments that are false in themselves")
class LosesFalseArguments(MonitorLoop):
    """Takes 0 and None for nothing."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without 0, None and the like."""
        return super().call(cb, polls, job_id, meta, tuple(arg for arg in args if arg), kwargs)


@MUTANTS.mutant("monitor.callback-args", "hands on two further arguments at most")
class TwoArgumentsAtMost(MonitorLoop):
    """Has room for two."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Two of them."""
        return super().call(cb, polls, job_id, meta, args[:2], kwargs)


@MUTANTS.mutant("monitor.callback-args", "hands the further arguments to the first call only")
class UsesArgumentsUp(MonitorLoop):
    """Keeps them in an iterator."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Once."""
        return super().call(cb, polls, job_id, meta, args if polls == 1 else (), kwargs)


@MUTANTS.mutant("monitor.callback-args", "hands the further arguments over in the reverse order")
class ReversesArguments(MonitorLoop):
    """Takes them from a stack."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Backwards."""
        return super().call(cb, polls, job_id, meta, args[::-1], kwargs)


@MUTANTS.mutant("monitor.callback-args", "hands over copies of the further arguments")
class CopiesArguments(MonitorLoop):
    """Keeps the callback from filling the caller's list."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Copies of lists and dicts."""
        copies = tuple(arg.copy() if isinstance(arg, (list, dict)) else arg for arg in args)
        return super().call(cb, polls, job_id, meta, copies, kwargs)


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


@MUTANTS.mutant("monitor.callback-kwargs", "loses the further named arguments")
class LosesNamed(MonitorLoop):
    """Passes no named arguments on."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without them."""
        return super().call(cb, polls, job_id, meta, args, {})


@MUTANTS.mutant("monitor.callback-kwargs", "loses named arguments when there are positional ones, too")
class LosesNamedWithPositional(MonitorLoop):
    """Passes on one or the other."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """One kind."""
        return super().call(cb, polls, job_id, meta, args, {} if args else kwargs)


@MUTANTS.mutant("monitor.callback-kwargs", "takes named arguments out of the dict as it hands them on")
class UsesNamedUp(MonitorLoop):
    """Empties the dict with the first call."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Once."""
        handed = dict(kwargs)
        kwargs.clear()
        return super().call(cb, polls, job_id, meta, args, handed)


@MUTANTS.mutant("monitor.callback-kwargs", "leaves out named arguments that are None")
class LosesNone(MonitorLoop):
    """Takes None for not given."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without None."""
        return super().call(cb, polls, job_id, meta, args, {k: v for k, v in kwargs.items() if v is not None})


@MUTANTS.mutant("monitor.callback-kwargs", "keeps a named argument called user for itself")
class KeepsUser(MonitorLoop):
    """Has an option of its own by that name."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Without it."""
        return super().call(cb, polls, job_id, meta, args, {k: v for k, v in kwargs.items() if k != "user"})


@MUTANTS.mutant("monitor.callback-kwargs", "takes a named argument called cb_kwargs for the named arguments")
class UnpacksCbKwargs(MonitorLoop):
    """Reads the signature the wrong way."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With what is in it."""
        inner = kwargs.pop("cb_kwargs", None)
        return super().call(cb, polls, job_id, meta, args, {**kwargs, **(inner if isinstance(inner, dict) else {})})


@MUTANTS.mutant("monitor.callback-kwargs", "gives the callback the named arguments of a monitor within it from then on")
class NamesOfLastMonitor(_LastCall):
    """Keeps them on the session."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the last ones."""
        return super().call(cb, polls, job_id, meta, args, self.last[1])


def _other_type(thing: Any) -> Any:
    """A number as one of the other type, where there is one that is equal."""
    if isinstance(thing, float) and thing.is_integer():
        return int(thing)
    return float(thing) if isinstance(thing, int) else thing


@MUTANTS.mutant("monitor.callback-kwargs", "hands named numbers over as numbers of the other type")
class OtherNumbers(MonitorLoop):
    """Keeps 2 for 2.0, and 2.0 for 2."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Equal ones."""
        return super().call(cb, polls, job_id, meta, args, {name: _other_type(kwargs[name]) for name in kwargs})


@MUTANTS.mutant("monitor.callback-kwargs", "hands over copies of named lists and dicts")
class CopiesNamed(MonitorLoop):
    """Is afraid of changes."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Copies."""
        return super().call(cb, polls, job_id, meta, args, copy.deepcopy(kwargs))


@MUTANTS.mutant("monitor.callback-nothing-else", "tells the callback the number of the poll, too")
class TellsPollNumber(MonitorLoop):
    """Is helpful."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With a number."""
        return super().call(cb, polls, job_id, meta, (*args, polls), kwargs)


@MUTANTS.mutant("monitor.callback-nothing-else", "tells the callback of the end by a named argument")
class TellsDone(MonitorLoop):
    """Is helpful at the end."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With a flag."""
        extra = {"done": True} if "FINISHED" in meta["status"] else {}
        return super().call(cb, polls, job_id, meta, args, {**kwargs, **extra})


@MUTANTS.mutant("monitor.callback-nothing-else", "hands the arguments of the session's last monitor on once more")
class RemembersArguments(MonitorLoop):
    """Keeps named arguments in a default that is shared."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With everything that was ever handed over."""
        known = self.__dict__.setdefault("known", {})
        known.update(kwargs)
        return super().call(cb, polls, job_id, meta, args, dict(known))


@MUTANTS.mutant("monitor.callback-nothing-else", "gives a callback without arguments those of a monitor within it")
class FillsInArguments(_LastCall):
    """Has a default for who passes none."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """With the last ones where there are none."""
        more = self.last if not args and not kwargs else (args, kwargs)
        return super().call(cb, polls, job_id, meta, *more)
