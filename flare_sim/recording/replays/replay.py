"""Replays a recording against a simulated server, and says what turned out otherwise."""

from __future__ import annotations

from functools import partial
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import VirtualClock
from flare_sim.engine.runs.behavior import checked_behavior, take_turn
from flare_sim.jobs.behavior import JobBehavior
from flare_sim.recording.recording import Recording
from flare_sim.recording.replays.circumstances import circumstances
from flare_sim.recording.replays.comparison import Difference, Judgement, NotMade
from flare_sim.recording.replays.ids import Ids
from flare_sim.recording.replays.player import Player
from flare_sim.scenarios.making import make_server
from flare_sim.server import SimulatedServer
from flare_sim.untrusted_values import plain_number, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from flare_sim.engine.runs.run import Run
    from flare_sim.recording.recording import Call
    from flare_sim.recording.replays.circumstances import Circumstances
    from flare_sim.recording.replays.player import Connect

__all__ = ["Replay", "replay"]


class Replay(NamedTuple):
    """What came of a replay; as text it is what people read."""

    recording: Recording
    made: dict[int, Call | NotMade]
    """How the calls turned out here, by their numbers in the recording."""
    differences: tuple[Difference, ...]
    """All that turned out otherwise, in the order in which the calls began."""
    foreign: tuple[str, ...]
    """Jobs that were seen and that no call of the recording made: they are left out of lists."""

    @property
    def agrees(self) -> bool:
        """Whether nothing turned out otherwise."""
        return not self.differences

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "format": 1,
            "agrees": self.agrees,
            "calls": len(self.made),
            "differences": [difference.as_dict() for difference in self.differences],
            "foreign_jobs": list(self.foreign),
            "cut_off": self.recording.cut_off,
        }

    def __str__(self) -> str:
        from flare_sim.recording.replays.replay_text import replay_text

        return replay_text(self.recording, self.differences, self.foreign)


def replay(
    recording: Recording | str | PathLike[str],
    server: SimulatedServer | None = None,
    *,
    connect: Connect | None = None,
    tolerance: float | None = None,
    texts: bool = False,
    digests: bool = False,
    **options: Any,
) -> Replay:
    """Make the calls of a recording again on a simulated server, at their times on its clock, and compare.

    Without a server one is made that is like the system of the recording, as far as that tells: it has its clients and
    users, is like its release, its jobs run as long and end as they did, and nobody gets through when nobody did.

    Args:
        recording: a recording, or its file.
        server: the server, with a virtual clock; it is used as it is.
        connect: opens a session of a user with the server, such as ``flare_sim.nvflare.connect``; those of this package
            unless given.
        tolerance: seconds that times may differ by; a second, a tenth of what was recorded, and for ``monitor_job`` the
            time between two looks, unless given.
        texts: whether the texts of exceptions count, too.
        digests: whether sizes and digests of downloaded files count, too, and not only their names.
        options: arguments of ``SimulatedServer``, which go before what the recording tells; a ``behavior`` is asked
            when a run begins, as a function is.  With a ``scenario`` the server is that one's, whatever is recorded.

    Raises:
        BadRecording: it is none, or is damaged; the message has the number of the line.
        OSError: it can't be read.
        TypeError: options for a server that is given.
        ValueError: an argument makes no sense.

    Example:
        >>> for difference in replay("calls.jsonl", personality="nvflare-2.9").differences:  # doctest: +SKIP
        ...     print(difference.call, difference.what, difference.recorded, difference.simulated)
    """
    read = Recording.of(recording)
    slack = None if tolerance is None else plain_number(tolerance)
    if tolerance is not None and (slack is None or not slack >= 0):
        raise ValueError(f"tolerance must be a number of seconds, not {shown(tolerance)}")
    if server is not None and options:
        raise TypeError(f"a server that is given can't be made with {', '.join(options)}")
    if server is not None and not issubclass(type(server), SimulatedServer):
        raise ValueError(f"server must be a SimulatedServer, not {shown(server)}")
    if connect is not None and not callable(connect):
        raise ValueError(f"connect must be a function, not {shown(connect)}")
    if server is not None and type(server.clock) is not VirtualClock:
        raise ValueError("server must have a VirtualClock, so that calls can be made at their times")
    told, ids = circumstances(read), Ids()
    judgement = Judgement(slack, texts, digests, told.made)
    with TemporaryDirectory(prefix="flare-sim-replay-") as folder:
        if server is None:
            made_like = make_server if options.get("scenario") is not None else partial(_server_like, told, ids)
            with made_like(**options) as made_here:
                made = Player(read, made_here, connect or _connect, folder, ids).play()
        else:
            made = Player(read, server, connect or _connect, folder, ids).play()
    users = {number: session.user for number, session in read.sessions.items()}
    differences = (
        difference
        for call in read.calls
        for difference in judgement.differences(call, users[call.session], made[call.number], ids)
    )
    return Replay(read, made, tuple(differences), tuple(job for job in told.names if job not in told.made))


def _connect(server: SimulatedServer, user: str) -> Any:
    return server.connect(user)


def _server_like(told: Circumstances, ids: Ids, *, scenario: None = None, **options: Any) -> SimulatedServer:
    """Return a server like the system of a recording, in no scenario."""
    clients = {} if told.clients is None else {"clients": told.clients}
    own = options.get("behavior")
    settings = {"users": told.users, "personality": told.personality, **clients, **options}
    server = SimulatedServer(**{**settings, "behavior": _behaving(told, ids, own)})
    began = server.clock.time()
    for fault in told.faults:
        getattr(server.faults, fault.verb)(*fault.args, at=began + fault.at)
    return server


def _behaving(told: Circumstances, ids: Ids, own: Any) -> Callable[[Run], JobBehavior]:
    """Return what runs do: what somebody says, and what that leaves open is as in the recording."""
    said: Any = checked_behavior(own)
    turns: dict[str, int] = {}
    of_jobs: dict[str, JobBehavior | None] = {}

    def behavior(run: Run) -> JobBehavior:
        chosen: Any = said
        if type(said) is dict:
            if run.job_id not in of_jobs:
                answer, taken = take_turn(run, said, turns)
                of_jobs[run.job_id] = answer.behavior
                turns.update(taken)
            chosen = of_jobs[run.job_id]
        elif said is not None and type(said) is not JobBehavior:
            chosen = said(run)
        recorded = told.behaviors.get(ids.of_recorded(run.job_id) or "", JobBehavior())
        return recorded if chosen is None else JobBehavior.or_else(chosen, recorded)

    return behavior
