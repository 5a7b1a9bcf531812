"""Makes the calls of a recording again, at their times on a virtual clock, and takes down how they turn out.

Calls that overlapped were made by several threads, so they are made by as many, which wait together on the clock.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from flare_sim.clock import HorizonReached
from flare_sim.on_clock.pool import ClockPool
from flare_sim.recording.job_copies import write_copy
from flare_sim.recording.notes import METHODS, Notes
from flare_sim.recording.plain_values import TYPE, from_plain
from flare_sim.recording.recorded_session import in_front
from flare_sim.recording.recording import Call, Recorded, Recording
from flare_sim.recording.replays.comparison import NotMade
from flare_sim.recording.replays.ids import Ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flare_sim.clock import VirtualClock
    from flare_sim.recording.recording import Look
    from flare_sim.server import SimulatedServer

    Connect = Callable[[SimulatedServer, str], Any]

__all__ = ["Player"]

_DEFAULT_USER = "admin@nvidia.com"
_PATIENCE = 10
"""So many times as long as a recording its replay may take, and a minute more each time."""


class StillWaiting(BaseException):
    """A call of a replay waits long after the recording was over; whoever tries again would wait for ever."""


class Player:
    """Plays a recording on a server.

    Args:
        recording: what is played.
        server: a server with a virtual clock.
        connect: opens a session of a user with it.
        folder: an empty folder for jobs.
        ids: is told which job stands for which.
    """

    def __init__(self, recording: Recording, server: SimulatedServer, connect: Connect, folder: str, ids: Ids) -> None:
        self._recording = recording
        self._server = server
        self._connect = connect
        self._folder = folder
        self._ids = ids
        clock: Any = server.clock
        self._clock: VirtualClock = clock
        self._began = self._clock.time()
        self._lines: list[dict[str, Any]] = []
        self._notes = Notes(self._lines.append, server.clock, 0)
        self._playing = False
        self._numbers: dict[int, int] = {}
        self._not_made: dict[int, str] = {}
        self._sessions: dict[int, Any] = {}
        self._inside: dict[tuple[int, int], list[Call]] = {}

    def _end_waiting(self) -> None:
        """End whoever still waits, one after the other: long after the recording was over nothing will come."""
        if self._playing:
            self._clock.call_later(0, self._end_waiting)
            raise StillWaiting(f"it waits {_PATIENCE} times as long as the recording took, and is ended")

    def play(self) -> dict[int, Call | NotMade]:
        """Make the calls; returns how they turned out, by their numbers in the recording."""
        calls = self._recording.calls
        numbers = {call.number for call in calls}
        on_their_own = []
        for call in calls:
            if call.within is None or call.within[0] not in numbers:
                on_their_own.append(call)
            else:
                self._inside.setdefault(call.within, []).append(call)
        longest = max((call.ended for call in calls), default=0.0)
        self._clock.call_later(longest + _PATIENCE * (longest + 60), self._end_waiting)
        self._playing = True
        try:
            self._play_all(on_their_own)
        finally:
            self._playing = False
        content = "".join(json.dumps(line) + "\n" for line in [_HEAD, *self._lines]).encode()
        made = {call.number: call for call in Recording.read(content).calls}
        return {call.number: self._made(call, made) for call in calls}

    def _play_all(self, on_their_own: list[Call]) -> None:
        lanes = _lanes([*self._recording.sessions.values(), *on_their_own])
        if len(lanes) < 2:
            for lane in lanes:
                self._play_lane(lane)
        else:
            with ClockPool(self._clock) as pool:
                for done in [pool.submit(self._play_lane, lane) for lane in lanes]:
                    done.result()

    def _made(self, call: Call, made: dict[int, Call]) -> Call | NotMade:
        number = self._numbers.get(call.number)
        if number is not None:
            return made[number]
        return NotMade(self._not_made.get(call.number, "no: the callback that made it was not called so often"))

    def _play_lane(self, events: Iterable[Call | Recorded]) -> None:
        for event in events:
            self._wait_until(self._began + event.at)
            if isinstance(event, Recorded):
                self._open(event)
            else:
                self._make(event)

    def _wait_until(self, time: float) -> None:
        left = time - self._clock.time()
        if left > 0:
            self._server.advance(round(left, 6))

    def _open(self, session: Recorded) -> None:
        user = session.user or _DEFAULT_USER
        try:
            opened = self._connect(self._server, user)
        except (Exception, StillWaiting) as problem:  # noqa: BLE001  (it is told with each of its calls)
            opened = NotMade(f"no: its session could not be opened: {type(problem).__name__}: {problem}")
        if not isinstance(opened, NotMade):
            opened = in_front(opened, self._notes, user)
        self._sessions.setdefault(session.number, opened)

    def _make(self, call: Call) -> None:
        """Make a call; what it raises is taken down."""
        session = self._sessions.get(call.session, NotMade("no: its session was not open yet"))
        if isinstance(session, NotMade):
            self._not_made[call.number] = session.reason
            return
        if call.method not in METHODS:
            self._not_made[call.number] = "no: it is no method of the interface"
            return
        method = getattr(session, call.method)
        args = [self._argument(call, value) for value in call.args]
        kwargs = {name: self._argument(call, value) for name, value in call.kwargs.items()}
        self._numbers[call.number] = self._notes.calls + 1
        try:
            result = method(*args, **kwargs)
        except (Exception, HorizonReached, StillWaiting):  # noqa: BLE001  (it is compared with what was recorded)
            return
        if call.method in ("submit_job", "clone_job"):
            self._ids.learn(call.outcome.returned, result)

    def _argument(self, call: Call, value: Any) -> Any:
        kind = value.get(TYPE) if isinstance(value, dict) else None
        if kind == "function":
            return _Callback(call, self)
        job = self._recording.jobs.get(str(value.get("job"))) if kind == "job" else None
        if job is None and (kind in ("path", "job") or (call.method == "submit_job" and isinstance(value, str))):
            # Nothing is read of this machine but what the recording has, and nothing is written anywhere else.
            name = value if isinstance(value, str) else str(value.get("name"))
            return os.path.join(self._folder, "elsewhere", os.path.basename(name))
        if job is None:
            return from_plain(self._ids.here(value))
        folder = os.path.join(self._folder, job.digest.rpartition(":")[2][:16])
        path = os.path.join(folder, f"{job.name}.zip" if job.is_zip else job.name)
        if not os.path.exists(path):
            os.makedirs(folder)
            write_copy(job, folder)
        return path

    def look(self, call: Call, number: int, look: Look | None) -> None:
        """Make the calls that a callback made, as long after it began as they were, and take as long as it did."""
        began = self._clock.time()
        for inner in self._inside.get((call.number, number), ()):
            self._wait_until(began + (0 if look is None else inner.at - look.at))
            self._make(inner)
        if look is not None:
            self._wait_until(began + look.took)


_HEAD = {"recording": 1, "by": "", "started": 0.0}


class _Callback:
    """A callback of ``monitor_job`` that answers as the recorded one did, look by look, and goes on after these."""

    def __init__(self, call: Call, player: Player) -> None:
        self._call = call
        self._player = player
        self._count = 0

    def __call__(self, *seen: Any, **named: Any) -> Any:
        number, looks = self._count, self._call.looks
        self._count += 1
        look = looks[number] if number < len(looks) else None
        self._player.look(self._call, number, look)
        if look is None:
            return True
        if look.outcome.raised is not None:
            raise _exception(*look.outcome.raised)
        return from_plain(look.outcome.returned)


def _exception(name: str, text: str) -> Exception:
    """Return an exception that goes by the name and the text of the one that a callback raised."""
    made: Exception = type(name, (Exception,), {"__str__": lambda _: text})()
    return made


def _lanes(events: list[Call | Recorded]) -> list[list[Call | Recorded]]:
    """Return events in lanes that did not overlap: those of one thread, as far as can be told."""
    lanes: list[list[Call | Recorded]] = []
    for event in sorted(events, key=lambda event: (event.at, isinstance(event, Call), event.number)):
        free = [lane for lane in lanes if lane[-1].ended <= event.at]
        own = [lane for lane in free if _session(lane[-1]) == _session(event)]
        if free:
            (own or free)[0].append(event)
        else:
            lanes.append([event])
    return lanes


def _session(event: Call | Recorded) -> int:
    return event.session if isinstance(event, Call) else event.number
