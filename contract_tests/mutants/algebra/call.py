"""A call of a session, or a step of its monitor, as effects and conditions see it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from math import inf
from operator import attrgetter
from threading import get_ident
from typing import Any, Final

from flare_sim import JobView

_PLACE: Final = attrgetter("place")

Right = Callable[[Mapping[str, Any]], Any]
"""What happens where nothing is altered, given the arguments by name."""


class Call:
    """A call under way, or one that is over.

    Attributes:
        point: what is called: a method of the session, a step of its monitor, or an act of its system.
        given: the arguments by name, defaults included; ``explicit`` are the names of those that the caller gave, and
            ``named`` of those among them that it gave by name.
        session: the session that is called, an `Altered`; None for an act of the system.
        system: its system, an `AlteredSystem`.
        at: when it began, in seconds on the system's clock.
        thread: the number of the thread it was made in.
        place: its place in the history of its system; a step has that of the call it is a step of.
        outer: the call of the same session in which it was made, in a callback of a monitor say, or None.
        monitor: the `Monitor` whose step it is, or None.
        was: the status that the job it is about had when it began; empty where there is none.
        over: whether it has ended; ``ended`` is when, and infinity before.
        answer: what the wrapped session answered, None as long as it has not been asked.
        error: what it raised in the end, or None.
    """

    def __init__(
        self,
        point: str,
        given: Mapping[str, Any],
        system: Any,
        session: Any = None,
        explicit: frozenset[str] = frozenset(),
        outer: Call | None = None,
        monitor: Any = None,
        place: int = 0,
        named: frozenset[str] = frozenset(),
    ) -> None:
        self.point = point
        self.given = given
        self.explicit = explicit
        self.named = named
        self.system = system
        self.session = session
        self.outer = outer
        self.monitor = monitor
        self.place = place
        self.thread = get_ident()
        self.at: float = system.server.clock.time()
        self.over = False
        self.ended = inf
        self.answer: Any = None
        self.error: BaseException | None = None
        self._rest: tuple[Rule, ...] = ()
        self._right: Right = dict
        job = self.job
        self.was = job.status if job else ""

    def __getitem__(self, name: str) -> Any:
        """An argument."""
        return self.given[name]

    def run(self, rules: tuple[Rule, ...], right: Right) -> Any:
        """What comes of the call under these rules, the first of them outermost."""
        self._rest, self._right = rules, right
        try:
            return self.go()
        except BaseException as error:
            self.error = error
            raise
        finally:
            self.over, self.ended = True, self.now

    def go(self, **changes: Any) -> Any:
        """Do what was called, with some arguments changed; an effect may do so never, once or several times."""
        before = self.given, self._rest
        self.given = {**self.given, **changes}
        try:
            if not self._rest:
                self.answer = self._right(self.given)
                return self.answer
            rule, self._rest = self._rest[0], self._rest[1:]
            return rule(self)
        finally:
            self.given, self._rest = before

    def about(self, job_id: Any) -> Call:
        """The same call, looked at as one about another job."""
        return self.seen(job_id=job_id)

    def seen(self, **given: Any) -> Call:
        """The same call, looked at as one with other arguments."""
        other = object.__new__(Call)
        other.__dict__.update(self.__dict__, given={**self.given, **given})
        return other

    def on_session(self, session: Any) -> Any:
        """What another session answers to the same call."""
        given = dict(self.given)
        further, named = given.pop("cb_args", ()), given.pop("cb_kwargs", {})
        return getattr(session, self.point)(*given.values(), *further, **named)

    @property
    def ok(self) -> bool:
        """Whether it has ended without an error."""
        return self.over and self.error is None

    @property
    def user(self) -> str:
        """Whose session it is; of an act of the system, nobody's."""
        return str(self.session.user) if self.session else ""

    @property
    def inner(self) -> Any:
        """The wrapped session."""
        return self.session.inner

    @property
    def now(self) -> float:
        """Seconds on the system's clock."""
        return float(self.system.server.clock.time())

    @property
    def age(self) -> float:
        """Seconds since it began."""
        return self.now - self.at

    @property
    def memory(self) -> dict[Any, Any]:
        """What all sessions of the system share."""
        shared: dict[Any, Any] = self.system.memory
        return shared

    @property
    def own(self) -> dict[Any, Any]:
        """What this session keeps for itself; of an act of the system, what the system does."""
        kept: dict[Any, Any] = self.session.own if self.session else self.system.memory
        return kept

    @property
    def job_id(self) -> Any:
        """The id of the job it is about, as it was given; None where there is none."""
        return self.given.get("job_id")

    @property
    def jobs(self) -> tuple[JobView, ...]:
        """What the server knows of its jobs, in the order of their making."""
        return tuple(self._known_jobs.values())

    @property
    def job(self) -> JobView | None:
        """What the server knows of the job it is about; None where there is none, or no more."""
        wanted = self.job_id
        return self._known_jobs.get(wanted) if isinstance(wanted, str) else None

    @property
    def _known_jobs(self) -> dict[str, JobView]:
        known: dict[str, JobView] = self.system.jobs_by_id()
        return known

    @property
    def meta(self) -> dict[str, Any]:
        """The right meta of the job it is about.

        Raises:
            FlareError: what the wrapped session raises.
        """
        return self.inner.get_job_meta(self.job_id)  # type: ignore[no-any-return]

    def earlier(self, *points: str) -> Iterator[Call]:
        """The calls that any session of the system began before this one, the first first."""
        calls: list[Call] = self.system.history
        if points:
            of_each = [self.system.calls_of(point) for point in points]
            calls = of_each[0] if len(points) == 1 else sorted(chain(*of_each), key=_PLACE)
        return islice(calls, bisect_left(calls, self.place, key=_PLACE))

    @property
    def birth(self) -> Call | None:
        """The call that made the job it is about; None where it is about none, or one that no session made."""
        if self.job_id is None:
            return None
        makers = (self.system.calls_of("submit_job"), self.system.calls_of("clone_job"))
        made = [next((call for call in calls if call.answer == self.job_id), None) for calls in makers]
        return min(filter(None, made), key=_PLACE, default=None)


Holds = Callable[[Call], Any]
"""Whether something goes wrong with a call; what it answers is taken for true or false."""

Effect = Callable[[Call], Any]
"""What is done in place of a call; `Call.go` does what is right."""


class Rule:
    """At a point, do something else when a condition holds."""

    __slots__ = ("effect", "when")

    def __init__(self, effect: Effect, when: Holds) -> None:
        self.effect = effect
        self.when = when

    def __call__(self, call: Call) -> Any:
        """What comes of the call."""
        return self.effect(call) if self.when(call) else call.go()
