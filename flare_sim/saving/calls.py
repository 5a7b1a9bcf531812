"""The calls that change a server, as they are put down and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.commands.protocol import Command, Login
from flare_sim.events import Moment
from flare_sim.saving.event_rows import EVENT, NTH_CALL
from flare_sim.saving.records import BadState
from flare_sim.saving.settings import NamedFunction
from flare_sim.saving.shapes import COUNT, TEXT, TICK, WAIT, Shape, fixed, maybe, tuple_of
from flare_sim.saving.snapshot import REMARK
from flare_sim.untrusted_values import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from flare_sim.jobs.definition import JobDefinition
    from flare_sim.jobs.problems import Problem
    from flare_sim.saving.parts import Parts
    from flare_sim.saving.snapshot import Whole

    class Server(Protocol):
        """What has to be there for calls to be made again; ``SimulatedServer`` says more about each."""

        clock: Any

        def login(self, user: str) -> Login:
            """Let a session in."""

        def request(self, login: Login, command: Command) -> Any:
            """Carry out a command."""

        def remark(self, path: str, problems: tuple[Problem, ...]) -> None:
            """Note what is wrong with a job."""

        def step(self, job_id: str) -> str:
            """Move a job on."""

        def catch_up(self) -> None:
            """Let everything happen that is due."""


__all__ = ["Again", "call_shapes"]


def call_shapes(parts: Parts) -> Mapping[str, Shape]:
    """Return what is put down of each call, by its kind."""
    return {
        "time": fixed(TICK),
        "login": fixed(TEXT),
        "request": fixed(TEXT, COUNT, TEXT, tuple_of(TEXT), maybe(parts.definition)),
        "remark": REMARK,
        "step": fixed(TEXT),
        "event": fixed(EVENT, maybe(WAIT), maybe(TICK), maybe(NTH_CALL)),
    }


class RecordedClock:
    """Shows the time at which what is made again was first made."""

    def __init__(self, ticks: int) -> None:
        self.ticks = ticks

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return to_seconds(self.ticks)

    def sleep(self, seconds: float, /) -> None:
        """Return at once; nobody waits again."""


class Again:
    """Makes the calls of a log again, on the server whose snapshot came before them.

    Args:
        server: the server.
        whole: the same, as it is written down.
        parts: those of the snapshot.
    """

    def __init__(self, server: Server, whole: Whole, parts: Parts) -> None:
        self._server = server
        self._whole = whole
        self._shapes = call_shapes(parts)
        self._clock = server.clock = RecordedClock(whole.state.now)
        self._calls: Mapping[str, Callable[..., object]] = {
            "time": self._time,
            "login": server.login,
            "request": self._request,
            "remark": server.remark,
            "step": server.step,
            "event": lambda event, *when: whole.events.plan(event, Moment(*when)),
        }

    def make(self, kind: str, values: list[Any]) -> None:
        """Make a call again.

        Raises:
            BadState: it is none, or turns out otherwise than it did.
        """
        if kind not in self._shapes or not values:
            raise BadState(f"holds wrong data: {shown(kind)} is no call")
        count, *given = values
        arguments = self._shapes[kind].read(given, kind)
        try:
            self._calls[kind](*arguments)
        except Exception as problem:  # whatever comes of a call that somebody has made up
            raise BadState(f"holds a call ({kind}) that cannot be made again: {problem}") from problem
        behavior = self._whole.state.behavior
        if len(self._whole.state.trace) != count or (isinstance(behavior, NamedFunction) and behavior.asked):
            raise BadState(f"holds a call ({kind}) that turns out otherwise when it is made again")

    def _time(self, ticks: int) -> None:
        self._clock.ticks = ticks
        self._server.catch_up()

    def _request(self, user: str, number: int, name: str, args: tuple[str, ...], job: JobDefinition | None) -> None:
        self._server.request(Login(self._whole.state.users[user], number), Command(name, args, job))
