"""Faults to put into a simulated system, and to repair: crashes, lost sessions, slow replies, clients that drop.

Each is a verb, which takes effect now, or ``after`` so many seconds, or ``at`` a time (seconds since the epoch; one
that has passed is now), or ``at_call``: at a call that is still to come, an ``NthCall`` or the number of one.  What can
be undone is undone when it was ``lasting`` so many seconds.  A verb that finds nothing to do when its time comes, such
as repairing what works, does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flare_sim.clock import to_seconds
from flare_sim.events import Event, duration, moment
from flare_sim.untrusted_values import plain_label, plain_number, plain_text, shown, shown_names
from flare_sim.users import User

if TYPE_CHECKING:
    from flare_sim.engine.state import ServerState
    from flare_sim.events import AwaitedCall, Events, NthCall

    AtCall = NthCall | int | None

__all__ = ["Faults"]

MOST_TIMES = 10**9
"""Nothing fails more often than so."""
_MOST_TOLD = 10
"""The representation has no more of a kind."""


class Faults:
    """The troubles of one server (``server.faults``)."""

    __slots__ = ("_events", "_server")

    def __init__(self, server: ServerState, events: Events) -> None:
        self._server = server
        self._events = events

    def partition(
        self,
        *,
        after: float | None = None,
        at: float | None = None,
        at_call: AtCall = None,
        lasting: float | None = None,
    ) -> None:
        """Cut the server off: it goes on working, but every call and every ``connect`` raises ``NoConnection``."""
        self._plan("partition", when=(after, at, at_call), lasting=lasting)

    def repair(self, *, after: float | None = None, at: float | None = None, at_call: AtCall = None) -> None:
        """End a partition: open sessions work again."""
        self._plan("repair", when=(after, at, at_call))

    def crash(
        self,
        *,
        after: float | None = None,
        at: float | None = None,
        at_call: AtCall = None,
        lasting: float | None = None,
    ) -> None:
        """Kill the server's process: ``NoConnection`` until it is restarted, and all open sessions are lost."""
        self._plan("crash", when=(after, at, at_call), lasting=lasting)

    def restart(self, *, after: float | None = None, at: float | None = None, at_call: AtCall = None) -> None:
        """Start a crashed server again.

        Jobs it finds dispatched or running become FINISHED:ABANDONED, sessions of before the crash raise
        ``SessionClosed``, and the clients are back ``client_return_seconds`` later.
        """
        self._plan("restart", when=(after, at, at_call))

    def lose_sessions(
        self, user: str | None = None, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Lose the open sessions of a user, or of everybody: they raise ``SessionClosed`` for good.

        Raises:
            ValueError: no name.
        """
        name = plain_text(user)
        if name is None and user is not None:
            raise ValueError(f"user must be a name, or None for everybody, not {shown(user)}")
        self._plan("lose_sessions", name, when=(after, at, at_call))

    def slow_replies(
        self,
        seconds: float,
        *,
        after: float | None = None,
        at: float | None = None,
        at_call: AtCall = None,
        lasting: float | None = None,
    ) -> None:
        """Let every reply take ``seconds`` on the clock, from now on.

        Raises:
            ValueError: not a number of seconds.
        """
        self._plan("slow_replies", duration("seconds", seconds), when=(after, at, at_call), lasting=lasting)

    def normal_replies(self, *, after: float | None = None, at: float | None = None, at_call: AtCall = None) -> None:
        """Let replies take no time again."""
        self._plan("normal_replies", when=(after, at, at_call))

    def malfunction(
        self,
        *,
        after: float | None = None,
        at: float | None = None,
        at_call: AtCall = None,
        lasting: float | None = None,
    ) -> None:
        """Let every command fail inside the server: ``InternalError``, and nothing changes."""
        self._plan("malfunction", when=(after, at, at_call), lasting=lasting)

    def mend(self, *, after: float | None = None, at: float | None = None, at_call: AtCall = None) -> None:
        """End a malfunction."""
        self._plan("mend", when=(after, at, at_call))

    def hold(
        self,
        *,
        after: float | None = None,
        at: float | None = None,
        at_call: AtCall = None,
        lasting: float | None = None,
    ) -> None:
        """Let the scheduler pause: waiting jobs stay SUBMITTED."""
        self._plan("hold", when=(after, at, at_call), lasting=lasting)

    def release(self, *, after: float | None = None, at: float | None = None, at_call: AtCall = None) -> None:
        """Let the scheduler go on."""
        self._plan("release", when=(after, at, at_call))

    def drop(
        self,
        client: str,
        *,
        after: float | None = None,
        at: float | None = None,
        at_call: AtCall = None,
        lasting: float | None = None,
    ) -> None:
        """Let a client fall silent: it stays listed, with a last connect time that no longer moves, for a while.

        Raises:
            ValueError: no such client.
        """
        self._plan("drop", self._events.client(client), when=(after, at, at_call), lasting=lasting)

    def reconnect(
        self, client: str, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Let a client that dropped come back, unless it is disabled.

        Raises:
            ValueError: no such client.
        """
        self._plan("reconnect", self._events.client(client), when=(after, at, at_call))

    def fail_deploy(
        self, site: str, times: int = 1, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Let the next ``times`` deployments to a site fail there.

        Args:
            site: a client, or ``"server"``.
            times: how many; 0 takes back what was said before.
            after: seconds from now.
            at: seconds since the epoch.
            at_call: which call it is that finds it so.

        Raises:
            ValueError: no such site, or no number of times.
        """
        name = "server" if plain_text(site) == "server" else self._events.client(site)
        count = plain_number(times)
        if type(count) is not int or not 0 <= count <= MOST_TIMES:
            raise ValueError(f"times must be a whole number from 0 to {MOST_TIMES}, not {shown(times)}")
        self._plan("fail_deploy", name, count, when=(after, at, at_call))

    def kill_job(
        self, job_id: str, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Kill the process of a running job on the server: it becomes FINISHED:ABNORMAL.

        Raises:
            ValueError: no such job.
        """
        text = plain_text(job_id) or ""
        if self._server.store.get(text) is None:
            raise ValueError(f"there is no job {shown(job_id)}")
        self._plan("kill_job", text, when=(after, at, at_call))

    def kill_jobs(
        self, name: str, *, after: float | None = None, at: float | None = None, at_call: AtCall = None
    ) -> None:
        """Kill the processes of all jobs of that name that run then; it may be a pattern, with ``*`` and ``?``.

        Raises:
            ValueError: no name.
        """
        text = plain_label(name)
        if text is None:
            raise ValueError(f"name must be that of a job, not {shown(name)}")
        self._plan("kill_jobs", text, when=(after, at, at_call))

    def _plan(
        self, verb: str, *args: Any, when: tuple[float | None, float | None, AtCall], lasting: float | None = None
    ) -> None:
        seconds = None if lasting is None else duration("lasting", lasting)
        self._events.plan(Event(verb, args, seconds), moment(*when))

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
        wrong = [
            *(name for name, on in state.items() if on),
            *([f"silent {shown_names(silent)}"] if silent else []),
            *([f"deployments to fail {_first(failing)}"] if failing else []),
            *([f"sessions lost {_first(lost)}"] if lost else []),
        ]
        planned = [f"{_told(event)} {_when(moment, server.now)}" for moment, event in self._events.coming()]
        to_come = f"; to come: {_first(planned)}" if planned else ""
        return f"<Faults: {', '.join(wrong) or 'none'}{to_come}>"


def _told(event: Event) -> str:
    """Return a verb and what it was told, as it was said."""
    args = [arg.name if type(arg) is User else arg for arg in event.args]
    if event.verb == "slow_replies":
        args = [to_seconds(arg) for arg in event.args]
    lasting = () if event.lasting is None else (f"lasting={to_seconds(event.lasting)}",)
    return f"{event.verb}({', '.join((*map(shown, args), *lasting))})"


def _when(moment: int | AwaitedCall, now: int) -> str:
    if isinstance(moment, int):
        return f"in {to_seconds(moment - now)} s"
    left, command, user, answered, _ = moment
    calls = f"{left:,} more {command or 'calls'}" + (f" of {shown(user)}" if user else "")
    return f"{'after' if answered else 'at the last of'} {calls}"


def _first(told: list[str]) -> str:
    more = len(told) - _MOST_TOLD
    return ", ".join(told[:_MOST_TOLD]) + (f" and {more:,} more" if more > 0 else "")
