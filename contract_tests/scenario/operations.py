"""Operations as values: who called what with which arguments, and what came of it.

The recorder performs them; property checks, the state machine, replay and the operations told of a failure all speak in
these values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from contract_tests.system.system import NotClaimed

SYSTEM: Final = "world"
"""The actor of operations on the system rather than on a session: sleep, outage, drop_client, …"""

WAIT: Final = "wait"
"""Method of the operation that stands for a wait until a job is in a state; its arguments tell it."""

OPEN: Final = "open_session"
"""Method of the operation that opens a session; its arguments tell whose."""


@dataclass(frozen=True)
class JobRef:
    """The n-th job made in a scenario (from 1), whatever id the system gave it."""

    number: int

    def __str__(self) -> str:
        return f"job{self.number}"


class Operation(NamedTuple):
    """A call: the actor's name, the method, its arguments; symbolic ones, a `JobRef` say, are filled in later."""

    actor: str
    method: str
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()


class Outcome(NamedTuple):
    """What came of an operation.

    Attributes:
        kind: ``returned``, ``raised``, or ``hung`` for a call that did not come back.
        value: what it returned.
        error: what it raised.
        contract_errors: the names of the interface's exceptions that `error` is one of; more than one where a class
            inherits from several.
        started, ended: contract seconds on the system's clock, or None without a clock.
    """

    kind: str
    value: Any = None
    error: BaseException | None = None
    contract_errors: tuple[str, ...] = ()
    started: float | None = None
    ended: float | None = None

    @property
    def returned(self) -> bool:
        """Whether the call came back with a value."""
        return self.kind == "returned"

    def raised(self, name: str) -> bool:
        """Whether it raised the interface's exception of this name, or a subclass of it."""
        return self.kind == "raised" and name in self.contract_errors

    @property
    def took(self) -> float:
        """Contract seconds from call to return.

        Raises:
            NotClaimed: the system offers no clock to measure them by.
        """
        if self.started is None or self.ended is None:
            raise NotClaimed("a clock the suite can see", "clock")
        return self.ended - self.started


class Step(NamedTuple):
    """An operation that was performed, and its outcome.

    Attributes:
        depth: how many monitors it was performed in.
        meanwhile: whether it was performed while one of these waited, rather than in its callback.
    """

    operation: Operation
    outcome: Outcome
    depth: int = 0
    meanwhile: bool = False


@dataclass
class CallRecord:
    """One call of a callback: when it came and was over (contract seconds), with what, and what it answered."""

    time: float | None
    session: Any
    job_id: Any
    meta: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    ended: float | None = None
    answer: Any = None


class Interrupted(KeyboardInterrupt):
    """A ``KeyboardInterrupt`` that a callback raises for a check; any other is the user's, and ends the run."""


class Runaway(BaseException):
    """Raised by a callback that was called far more often than any right monitor would; it ends the monitor."""


@dataclass
class Callback:
    """A callback for monitor_job that does as it is told and remembers every call.

    Attributes:
        answers: what the first calls return; an exception instance is raised.
        then: what every later call returns.
        act: called with the number of the call (from 1) before it answers, to use the session in between.
        limit: calls after which the monitor is a runaway.
    """

    answers: tuple[Any, ...] = ()
    then: Any = True
    act: Callable[[int], object] | None = None
    limit: int = 2000
    now: Callable[[], float | None] = lambda: None
    calls: list[CallRecord] = field(default_factory=list)

    def __call__(self, session: Any = None, job_id: Any = None, job_meta: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The call itself; parameters have defaults so that a wrong call is recorded, not a TypeError."""
        meta = dict(job_meta) if isinstance(job_meta, Mapping) else job_meta
        call = CallRecord(self.now(), session, job_id, meta, args, kwargs)
        self.calls.append(call)
        number = len(self.calls)
        if number > self.limit:
            raise Runaway
        if self.act is not None:
            self.act(number)
            call.ended = self.now()
        call.answer = self.answers[number - 1] if number <= len(self.answers) else self.then
        if isinstance(call.answer, BaseException):
            raise call.answer
        return call.answer

    @property
    def told(self) -> object:
        """The status in the meta of the last call, if that has one."""
        meta = self.calls[-1].meta if self.calls else None
        return meta.get("status") if isinstance(meta, Mapping) else None

    def __str__(self) -> str:
        told = [_answer_text(answer) for answer in self.answers]
        return f"<callback: {', '.join([*told, 'then ' + _answer_text(self.then)])}>"


def _answer_text(answer: object) -> str:
    return f"raises {type(answer).__name__}" if isinstance(answer, BaseException) else repr(answer)
