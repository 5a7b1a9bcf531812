"""Faults to put into a simulated system, and to repair: crashes, lost sessions, slow replies, clients that drop.

Each is a verb, which takes effect now, or ``after`` so many seconds, or ``at`` a time (seconds since the epoch; one
that has passed is now).  A verb that finds nothing to do when its time comes, such as repairing what works, does
nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import to_seconds, to_ticks
from flare_sim.jobs.behavior import LONGEST_SECONDS
from flare_sim.personality.quirks import CLIENTS_BACK_SOON
from flare_sim.untrusted_values import plain_number, plain_text, shown, shown_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.engine.process import Process
    from flare_sim.engine.state import ServerState

__all__ = ["FaultCall", "Faults"]

MOST_TIMES = 10**9
"""Nothing fails more often than so."""
_MOST_TOLD = 10
"""The representation has no more of a kind."""
SOON = 5.0
"""Seconds in which clients find a server again that was started again (2.9.0)."""

_SETTINGS: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "partition": ("reachable", False),
        "repair": ("reachable", True),
        "slow_replies": ("reply_delay",),
        "normal_replies": ("reply_delay", 0),
        "malfunction": ("malfunctioning", True),
        "mend": ("malfunctioning", False),
        "hold": ("held", True),
        "release": ("held", False),
    }
)
"""Verbs that set a field of ``ServerState``: which, and to what unless they are told."""


class FaultCall(NamedTuple):
    """A verb that is to take effect, as it waits on the timeline."""

    verb: str
    """Its name."""
    args: tuple[Any, ...]
    """What it is about, checked."""


class Faults:
    """The troubles of one server (``server.faults``)."""

    __slots__ = ("_apply", "_effects", "_runner", "_server")

    def __init__(self, server: ServerState, runner: Process, apply: Callable[..., None]) -> None:
        self._server = server
        self._runner = runner
        # Lets a function take effect on the server's own terms, under its lock and with everything due done; what comes
        # after it says what that is.
        self._apply = apply
        self._effects: dict[str, Callable[..., None]] = {
            "crash": self._crash,
            "restart": self._restart,
            "lose_sessions": self._lose_sessions,
            "drop": self._drop,
            "reconnect": self._reconnect,
            "fail_deploy": self._fail_deploy,
            "kill_job": self._kill,
        }

    def partition(self, *, after: float | None = None, at: float | None = None) -> None:
        """Cut the server off: it goes on working, but every call and every ``connect`` raises ``NoConnection``."""
        self._later(after, at, "partition")

    def repair(self, *, after: float | None = None, at: float | None = None) -> None:
        """End a partition: open sessions work again."""
        self._later(after, at, "repair")

    def crash(self, *, after: float | None = None, at: float | None = None) -> None:
        """Kill the server's process: ``NoConnection`` until it is restarted, and all open sessions are lost."""
        self._later(after, at, "crash")

    def restart(self, *, after: float | None = None, at: float | None = None) -> None:
        """Start a crashed server again.

        Jobs it finds dispatched or running become FINISHED:ABANDONED, sessions of before the crash raise
        ``SessionClosed``, and the clients are back ``client_return_seconds`` later.
        """
        self._later(after, at, "restart")

    def lose_sessions(self, user: str | None = None, *, after: float | None = None, at: float | None = None) -> None:
        """Lose the open sessions of a user, or of everybody: they raise ``SessionClosed`` for good.

        Raises:
            ValueError: no name.
        """
        name = plain_text(user)
        if name is None and user is not None:
            raise ValueError(f"user must be a name, or None for everybody, not {shown(user)}")
        self._later(after, at, "lose_sessions", name)

    def slow_replies(self, seconds: float, *, after: float | None = None, at: float | None = None) -> None:
        """Let every reply take ``seconds`` on the clock, from now on.

        Raises:
            ValueError: not a number of seconds.
        """
        self._later(after, at, "slow_replies", _duration("seconds", seconds))

    def normal_replies(self, *, after: float | None = None, at: float | None = None) -> None:
        """Let replies take no time again."""
        self._later(after, at, "normal_replies")

    def malfunction(self, *, after: float | None = None, at: float | None = None) -> None:
        """Let every command fail inside the server: ``InternalError``, and nothing changes."""
        self._later(after, at, "malfunction")

    def mend(self, *, after: float | None = None, at: float | None = None) -> None:
        """End a malfunction."""
        self._later(after, at, "mend")

    def hold(self, *, after: float | None = None, at: float | None = None) -> None:
        """Let the scheduler pause: waiting jobs stay SUBMITTED."""
        self._later(after, at, "hold")

    def release(self, *, after: float | None = None, at: float | None = None) -> None:
        """Let the scheduler go on."""
        self._later(after, at, "release")

    def drop(self, client: str, *, after: float | None = None, at: float | None = None) -> None:
        """Let a client fall silent: it stays listed, with a last connect time that no longer moves, for a while.

        Raises:
            ValueError: no such client.
        """
        self._later(after, at, "drop", self._client(client))

    def reconnect(self, client: str, *, after: float | None = None, at: float | None = None) -> None:
        """Let a client that dropped come back, unless it is disabled.

        Raises:
            ValueError: no such client.
        """
        self._later(after, at, "reconnect", self._client(client))

    def fail_deploy(self, site: str, times: int = 1, *, after: float | None = None, at: float | None = None) -> None:
        """Let the next ``times`` deployments to a site fail there.

        Args:
            site: a client, or ``"server"``.
            times: how many; 0 takes back what was said before.
            after: seconds from now.
            at: seconds since the epoch.

        Raises:
            ValueError: no such site, or no number of times.
        """
        name = "server" if plain_text(site) == "server" else self._client(site)
        count = plain_number(times)
        if type(count) is not int or not 0 <= count <= MOST_TIMES:
            raise ValueError(f"times must be a whole number from 0 to {MOST_TIMES}, not {shown(times)}")
        self._later(after, at, "fail_deploy", name, count)

    def kill_job(self, job_id: str, *, after: float | None = None, at: float | None = None) -> None:
        """Kill the process of a running job on the server: it becomes FINISHED:ABNORMAL.

        Raises:
            ValueError: no such job.
        """
        text = plain_text(job_id) or ""
        if self._server.store.get(text) is None:
            raise ValueError(f"there is no job {shown(job_id)}")
        self._later(after, at, "kill_job", text)

    def happen(self, call: FaultCall) -> None:
        """Let a verb take effect now."""
        self._server.touch_all()
        if call.verb in _SETTINGS:
            self._set(call.verb, *_SETTINGS[call.verb], *call.args)
        else:
            self._effects[call.verb](*call.args)

    def plan(self, call: FaultCall, wait: int | None = None, at: int | None = None) -> None:
        """Let a verb take effect now, after so many ticks or at a tick."""
        self._apply(lambda: self._place(call, wait, at), "fault", call, wait, at)

    def _later(self, after: float | None, at: float | None, verb: str, *args: Any) -> None:
        if after is not None and at is not None:
            raise ValueError("give after or at, not both")
        wait, when = None if after is None else _duration("after", after), None if at is None else _moment(at)
        self.plan(FaultCall(verb, args), wait, when)

    def _place(self, call: FaultCall, wait: int | None, at: int | None) -> None:
        if wait is not None:
            self._server.timeline.after(wait, self.happen, call)
        elif at is not None:
            self._server.timeline.at(at, self.happen, call)
        else:
            self.happen(call)

    def _set(self, verb: str, name: str, value: int) -> None:
        if getattr(self._server, name) == value:
            return
        setattr(self._server, name, value)
        self._server.note("fault", verb, value) if name == "reply_delay" else self._server.note("fault", verb)
        self._runner.arm()

    def _crash(self) -> None:
        if self._server.alive:
            self._server.note("fault", "crash")
            self._runner.stop_server()

    def _restart(self) -> None:
        if not self._server.alive:
            self._server.note("fault", "restart")
            seconds = self._server.config.client_return_seconds
            self._runner.start_server(min(seconds, SOON) if CLIENTS_BACK_SOON in self._server.quirks else seconds)

    def _lose_sessions(self, user: str | None) -> None:
        self._server.note("fault", "lose_sessions", user or "")
        self._server.lost = {**self._server.lost, user: self._server.sessions}

    def _drop(self, name: str) -> None:
        if self._server.sites.drop(name, self._server.now):
            self._server.note("client", name, "dropped")
            self._runner.clients_changed()

    def _reconnect(self, name: str) -> None:
        if self._server.alive:
            self._runner.reconnect((name,))

    def _kill(self, job_id: str) -> None:
        job = self._server.store.get(job_id)
        if job is not None:
            self._runner.kill(job)

    def _fail_deploy(self, name: str, times: int) -> None:
        self._server.note("fault", "fail_deploy", name, times)
        self._server.deploy_faults = {**self._server.deploy_faults, name: times}

    def _client(self, name: object) -> str:
        text = plain_text(name)
        if text is None or text not in self._server.sites:
            raise ValueError(f"there is no client {shown(name)}")
        return text

    def __repr__(self) -> str:
        """Tell what is wrong, and what is still to come, as it was when the server was last looked at."""
        server = self._server
        state = {
            "crashed": not server.alive,
            "partitioned": not server.reachable,
            "malfunctioning": server.malfunctioning,
            "holding": server.held,
            f"slow ({to_seconds(server.reply_delay)} s)": server.reply_delay > 0,
        }
        silent = [site.name for site in server.sites if site.dropped_at is not None]
        failing = [f"{times:,} on {shown(name)}" for name, times in server.deploy_faults.items() if times]
        lost = [
            f"up to {last:,} of {'everybody' if user is None else shown(user)}"
            for user, last in server.lost.items()
            if last
        ]
        coming = [(tick, call) for tick, _, _, call in server.timeline.entries() if type(call) is FaultCall]
        wrong = [
            *(name for name, on in state.items() if on),
            *([f"silent {shown_names(silent)}"] if silent else []),
            *([f"deployments to fail {_first(failing)}"] if failing else []),
            *([f"sessions lost {_first(lost)}"] if lost else []),
        ]
        planned = [f"{call.verb}({_args(call)}) in {to_seconds(tick - server.now)} s" for tick, call in coming]
        to_come = f"; to come: {_first(planned)}" if planned else ""
        return f"<Faults: {', '.join(wrong) or 'none'}{to_come}>"


def _args(call: FaultCall) -> str:
    """Return what a verb was told, as it was said."""
    args = [to_seconds(arg) for arg in call.args] if call.verb == "slow_replies" else call.args
    return ", ".join(shown(arg) for arg in args)


def _first(told: list[str]) -> str:
    more = len(told) - _MOST_TOLD
    return ", ".join(told[:_MOST_TOLD]) + (f" and {more:,} more" if more > 0 else "")


def _duration(name: str, seconds: object) -> int:
    number = plain_number(seconds)
    if number is None or not 0 <= number <= LONGEST_SECONDS:
        raise ValueError(f"{name} must be a number of seconds from 0 to {LONGEST_SECONDS:.0f}, not {shown(seconds)}")
    return to_ticks(number)


def _moment(at: object) -> int:
    number = plain_number(at)
    if number is None or not abs(number) <= 1e12:
        raise ValueError(f"at must be a time in seconds since the epoch, not {shown(at)}")
    return to_ticks(number)
