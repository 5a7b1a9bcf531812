"""Sessions and systems that are altered by rules, and remember what was called."""

from __future__ import annotations

import functools
import inspect
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from contract_tests.contract.interface import METHODS
from contract_tests.mutants.algebra.call import Call, Effect, Holds, Rule
from contract_tests.mutants.algebra.monitor import STEPS, Monitor, usable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim import JobView

CALLS: Final = tuple(method.name for method in METHODS)
SUBMIT, CLONE, META, LIST, DOWNLOAD, ABORT, DELETE, INFO, MONITOR, CLOSE = CALLS
METAS: Final = (META, LIST)
"""What tells of jobs."""

ACTS: Final = (
    "open_session",
    "outage",
    "recover",
    "lose_sessions",
    "misbehave",
    "behave",
    "drop_client",
    "connect_client",
    "stored_files",
)
"""What is done to a system that can be altered, and is remembered."""

POINTS: Final = (*CALLS, *STEPS, *ACTS)


class Change:
    """What is altered, and where: rules by the point they are about. ``a + b`` is both; of one point ``a`` is outside.

    Raises:
        ValueError: there is no such point.
    """

    def __init__(self, rules: Mapping[str, tuple[Rule, ...]]) -> None:
        unknown = set(rules) - set(POINTS)
        if unknown:
            raise ValueError(f"nothing can be altered at {', '.join(sorted(unknown))}")
        self._rules = dict(rules)

    def __add__(self, other: Change) -> Change:
        points = dict.fromkeys((*self._rules, *other._rules))
        return Change({point: (*self.at(point), *other.at(point)) for point in points})

    def at(self, point: str) -> tuple[Rule, ...]:
        """The rules about a point, the outermost first."""
        return self._rules.get(point, ())

    @property
    def points(self) -> tuple[str, ...]:
        """The points that are altered."""
        return tuple(self._rules)

    @property
    def steps(self) -> bool:
        """Whether a step of the monitor is altered."""
        return any(point in STEPS for point in self._rules)


def on(points: str | Iterable[str], effect: Effect, when: Holds = lambda call: True) -> Change:
    """An effect at a point, or at each of some, when a condition holds."""
    rule = Rule(effect, when)
    return Change(dict.fromkeys((points,) if isinstance(points, str) else points, (rule,)))


class Altered(Wrapper):
    """A session under a change.

    Attributes:
        change: the change.
        own: what it keeps for itself.
        opened: the call that opened it.
        number: the how manieth of its system it is, from 1.
    """

    change: Change
    system: AlteredSystem

    def __init__(self, inner: Any, system: AlteredSystem, user: str) -> None:
        super().__init__(inner, system, user)
        self.own: dict[Any, Any] = {}
        self._under_way: defaultdict[int, list[Call]] = defaultdict(list)
        opening = system.calls_of("open_session")
        self.opened = next((call for call in reversed(opening) if call.thread == threading.get_ident()), opening[-1])
        self.number = opening.index(self.opened) + 1

    @property
    def under_way(self) -> list[Call]:
        """Its calls in this thread that have begun and are not over, the innermost last."""
        return self._under_way[threading.get_ident()]

    def monitor_wrapped(self, call: Call, given: Mapping[str, Any]) -> Any:
        """Monitor step by step where a step is altered, else by the wrapped session."""
        if self.change.steps and usable(given):
            return Monitor(self, call, given).run()
        names = ("job_id", "timeout", "poll_interval", "cb")
        return Wrapper.monitor_job(self, *(given[name] for name in names), *given["cb_args"], **given["cb_kwargs"])


def _method(name: str) -> Callable[..., Any]:
    plain = getattr(Wrapper, name)
    signature = inspect.signature(plain)

    def right(session: Altered, call: Call, given: Mapping[str, Any]) -> Any:
        if name == "monitor_job":
            return session.monitor_wrapped(call, given)
        return plain(session, *given.values())

    @functools.wraps(plain)
    def method(self: Altered, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        explicit = frozenset(bound.arguments)
        bound.apply_defaults()
        given = {parameter: value for parameter, value in bound.arguments.items() if parameter != "self"}
        outer = self.under_way[-1] if self.under_way else None
        call = Call(name, given, self.system, self, explicit, outer, named=frozenset(kwargs))
        self.system.remember(call)
        self.under_way.append(call)
        try:
            return call.run(self.change.at(name), functools.partial(right, self, call))
        finally:
            self.under_way.remove(call)

    return method


def _act(name: str) -> Callable[..., Any]:
    plain = getattr(WrappedSystem, name)
    signature = inspect.signature(plain)

    @functools.wraps(plain)
    def act(self: AlteredSystem, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        given = {parameter: value for parameter, value in bound.arguments.items() if parameter != "self"}
        call = Call(name, given, self)
        self.remember(call)
        return call.run(self.change.at(name), lambda given: plain(self, *given.values()))

    return act


for _name in CALLS:
    setattr(Altered, _name, _method(_name))


class AlteredSystem(WrappedSystem):
    """A system whose sessions, and itself, are under a change.

    Attributes:
        change: the change.
        history: every call of its sessions and every act, in the order they began.
    """

    change: Change

    def __init__(self, seed: int = 0, *, server: Any = None) -> None:
        self.history: list[Call] = []
        self._calls: defaultdict[str, list[Call]] = defaultdict(list)
        self._lock = threading.Lock()
        self._jobs: tuple[tuple[float, int], dict[str, JobView]] = ((0.0, -1), {})
        super().__init__(seed, server=server)

    def jobs_by_id(self) -> dict[str, JobView]:
        """What the server knows of its jobs, in the order of their making; asked again once anything has happened."""
        moment = self.server.clock.time(), len(self.server.trace)
        if self._jobs[0] != moment:
            jobs = {job.job_id: job for job in self.server.jobs}  # which lets happen what is due
            self._jobs = (moment[0], len(self.server.trace)), jobs
        return self._jobs[1]

    def remember(self, call: Call) -> None:
        """Give a call its place in the history, of which no two have the same, however many threads call."""
        with self._lock:
            call.place = len(self.history)
            self.history.append(call)
            self._calls[call.point].append(call)

    def calls_of(self, point: str) -> list[Call]:
        """The part of the history that is about a point."""
        return self._calls[point]


for _name in ACTS:
    setattr(AlteredSystem, _name, _act(_name))


def altered_session(name: str, change: Change) -> type[Altered]:
    """The class of sessions under a change, of a system that is under it."""
    return type(name, (Altered,), {"change": change})


def altered(name: str, change: Change) -> type[AlteredSystem]:
    """The class of systems under a change."""
    return type(name, (AlteredSystem,), {"session": altered_session(name, change), "change": change})
