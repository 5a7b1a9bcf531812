"""What happens to a simulated system from outside, now or later: faults, clients and users that come and go.

An event waits on the timeline, or for a call that is still to come.  One that finds nothing to do when its time comes,
such as the return of a client that never left, does nothing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.clock import LONGEST_SECONDS, to_ticks
from flare_sim.commands.system.membership import forget, join
from flare_sim.commands.table import COMMANDS
from flare_sim.engine.clients.sites import Client
from flare_sim.engine.records.names import no_such
from flare_sim.engine.runs.behavior import names_for
from flare_sim.jobs.lifecycle import JobState
from flare_sim.personality.quirks import CLIENTS_BACK_SOON
from flare_sim.untrusted_values import plain_label, plain_number, plain_text, shown
from flare_sim.users import User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flare_sim.engine.process import Process
    from flare_sim.engine.state import ServerState

__all__ = ["NOW", "UNDONE_BY", "AwaitedCall", "Event", "Events", "Moment", "NthCall", "duration", "moment"]

MOST_CALLS = 10**9
"""Nothing waits for more calls."""
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
UNDONE_BY: Mapping[str, str] = MappingProxyType(
    {
        "partition": "repair",
        "slow_replies": "normal_replies",
        "malfunction": "mend",
        "hold": "release",
        "crash": "restart",
        "drop": "reconnect",
    }
)
"""Verbs of what may last for some time, and those that undo it."""
_COMMANDS_OF: Mapping[str, str] = MappingProxyType(
    {"get_system_info": "check_status", "download_job_result": "download_job", "monitor_job": "get_job_meta"}
)
"""Methods of the interface, and the commands they give; the others give one of their own name."""


class _NthCallFields(NamedTuple):
    number: int
    of: str | None = None
    by: str | None = None
    answered: bool = False


class NthCall(_NthCallFields):
    """A call that is still to come, at which something is to happen.

    Args:
        number: which, counted from now on, 1 for the next.  Those that do not reach the server don't count.
        of: calls of which method of the interface count (``monitor_job`` asks with ``get_job_meta``, at every look), or
            which command of a server's; all unless told.
        by: whose calls count; everybody's unless told.
        answered: whether it happens when the server has done what it was asked for, before the reply is on its way,
            instead of before the server hears of it.

    Raises:
        ValueError: no number from 1 to 10**9, no such method or command, no name of a user.
    """

    __slots__ = ()

    def __new__(cls, number: int, of: str | None = None, by: str | None = None, answered: bool = False) -> NthCall:
        """Look at what is given before there is one."""
        count = plain_number(number)
        if type(count) is not int or not 1 <= count <= MOST_CALLS:
            raise ValueError(f"the number of a call must be from 1 to {MOST_CALLS}, not {shown(number)}")
        command = plain_text(of)
        if of is not None and _COMMANDS_OF.get(command or "", command) not in COMMANDS:
            raise ValueError(no_such("there is no call", of, [*_COMMANDS_OF, *COMMANDS]))
        if by is not None and plain_label(by) is None:
            raise ValueError(f"by must be the name of a user, not {shown(by)}")
        if type(answered) is not bool:
            raise ValueError(f"answered must be a bool, not {shown(answered)}")
        return super().__new__(cls, count, command, plain_text(by), answered)

    @property
    def command(self) -> str:
        """The command that counts, ``""`` for every one."""
        return _COMMANDS_OF.get(self.of or "", self.of or "")


class Event(NamedTuple):
    """A verb that is to take effect, as it waits for its moment."""

    verb: str
    """Its name."""
    args: tuple[Any, ...]
    """What it is about, checked."""
    lasting: int | None = None
    """Ticks after which it is undone; None for never."""


class AwaitedCall(NamedTuple):
    """An event that waits for a call."""

    left: int
    """How many calls that count are still to come, this one included."""
    command: str
    """Which command counts, ``""`` for every one."""
    user: str
    """Whose calls count, ``""`` for everybody's."""
    answered: bool
    """Whether it happens after the call."""
    event: Event


class Moment(NamedTuple):
    """When something is to happen; at once unless one of these is there."""

    wait: int | None = None
    """After so many ticks."""
    at: int | None = None
    """At this tick."""
    call: NthCall | None = None
    """At this call."""


NOW = Moment()
"""At once."""


def moment(after: object = None, at: object = None, at_call: object = None) -> Moment:
    """Return when something is to happen that was told as users tell it.

    Raises:
        ValueError: no number of seconds from now, no time in seconds since the epoch, no ``NthCall`` or number of one;
            or more than one of them.
    """
    if (after is not None) + (at is not None) + (at_call is not None) > 1:
        raise ValueError("give one of after, at and at_call, not more")
    if after is not None:
        return Moment(duration("after", after))
    if at is not None:
        number = plain_number(at)
        if number is None or not abs(number) <= 1e12:
            raise ValueError(f"at must be a time in seconds since the epoch, not {shown(at)}")
        return Moment(at=to_ticks(number))
    if at_call is None or type(at_call) is NthCall:
        return Moment(call=at_call)
    if plain_number(at_call) is None:
        raise ValueError(f"at_call must be an NthCall, or the number of one, not {shown(at_call)}")
    return Moment(call=NthCall(at_call))  # type: ignore[arg-type]


def duration(name: str, seconds: object) -> int:
    """Return ticks for a number of seconds.

    Raises:
        ValueError: it is none; the message says of what (``name``).
    """
    number = plain_number(seconds)
    if number is None or not 0 <= number <= LONGEST_SECONDS:
        raise ValueError(f"{name} must be a number of seconds from 0 to {LONGEST_SECONDS:.0f}, not {shown(seconds)}")
    return to_ticks(number)


class Events:
    """What happens to one server.

    Args:
        server: its state,
        runner: and what moves it.
        apply: lets a function take effect on the server's own terms, under its lock and with everything due done; what
            comes after it says what that is.
    """

    __slots__ = ("_apply", "_effects", "_runner", "_server")

    def __init__(self, server: ServerState, runner: Process, apply: Callable[..., None]) -> None:
        self._server = server
        self._runner = runner
        self._apply = apply
        self._effects: dict[str, Callable[..., None]] = {
            "crash": self._crash,
            "restart": self._restart,
            "lose_sessions": self._lose_sessions,
            "drop": self._drop,
            "reconnect": self._reconnect,
            "fail_deploy": self._fail_deploy,
            "kill_job": self._kill,
            "kill_jobs": self._kill_all,
            "add_client": self._add_client,
            "remove_client": self._remove_client,
            "add_user": self._add_user,
            "change_role": self._change_role,
            "revoke_user": self._revoke_user,
        }

    def plan(self, event: Event, when: Moment = NOW) -> None:
        """Let an event happen at its moment."""
        self._apply(lambda: self._place(event, when), "event", event, *when[:2], when.call)

    def happen(self, event: Event) -> None:
        """Let an event happen now."""
        server = self._server
        server.touch_all()
        if event.verb in _SETTINGS:
            self._set(event.verb, *_SETTINGS[event.verb], *event.args)
        else:
            self._effects[event.verb](*event.args)
        if event.lasting is not None:
            args = event.args if event.verb == "drop" else ()
            server.timeline.after(event.lasting, self.happen, Event(UNDONE_BY[event.verb], args))

    def called(self, user: str, command: str, *, answered: bool) -> None:
        """Count a call, and let happen what has waited for it.

        Args:
            user: whose.
            command: for what.
            answered: whether the server has done it by now.
        """
        server = self._server
        server.touch_field("on_calls")
        waiting, due = [], []
        for awaited in server.on_calls:
            counts = awaited.answered is answered and awaited.command in ("", command) and awaited.user in ("", user)
            if counts and awaited.left == 1:
                due.append(awaited.event)
            else:
                waiting.append(awaited._replace(left=awaited.left - counts))
        server.on_calls = tuple(waiting)
        for event in due:
            self.happen(event)

    def coming(self) -> list[tuple[int | AwaitedCall, Event]]:
        """Return what is to happen: at which tick or call, in that order, and what."""
        timed = ((tick, event) for tick, _, _, event in self._server.timeline.entries() if type(event) is Event)
        return [*timed, *((awaited, awaited.event) for awaited in self._server.on_calls)]

    def awaits(self, verb: str, name: str) -> bool:
        """Tell whether there is somebody to come by a name, as a verb says."""
        return any(event.verb == verb and _name_in(event) == name for _, event in self.coming())

    def client(self, name: object) -> str:
        """Return the name of a client who is there, or to come.

        Raises:
            ValueError: there is none.
        """
        text = plain_text(name)
        if text is None or not (text in self._server.sites or self.awaits("add_client", text)):
            raise ValueError(f"there is no client {shown(name)}")
        return text

    def _place(self, event: Event, when: Moment) -> None:
        server, call = self._server, when.call
        if when.wait is not None:
            server.timeline.after(when.wait, self.happen, event)
        elif when.at is not None:
            server.timeline.at(when.at, self.happen, event)
        elif call is not None:
            server.touch_field("on_calls")
            awaited = AwaitedCall(call.number, call.command, call.by or "", call.answered, event)
            server.on_calls = (*server.on_calls, awaited)
            server.timeline.serial += 1  # whoever watches a job without asking has to ask from now on
        else:
            self.happen(event)

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
        if name in self._server.sites and self._server.sites.drop(name, self._server.now):
            self._server.note("client", name, "dropped")
            self._runner.clients_changed()

    def _reconnect(self, name: str) -> None:
        site = self._server.sites.get(name)
        if site is not None and (self._server.alive or site.dropped_at is not None):
            self._runner.reconnect((name,))

    def _kill(self, job_id: str) -> None:
        job = self._server.store.get(job_id)
        if job is not None:
            self._runner.kill(job)

    def _kill_all(self, name: str) -> None:
        for job in tuple(self._server.store.active.values()):
            if job.state is JobState.RUNNING and names_for(job.definition.name, (name,)):
                self._runner.kill(job)

    def _fail_deploy(self, name: str, times: int) -> None:
        self._server.note("fault", "fail_deploy", name, times)
        self._server.deploy_faults = {**self._server.deploy_faults, name: times}

    def _add_client(self, name: str, resources: Mapping[str, float] | None) -> None:
        if name not in self._server.sites:
            join(self._server, self._runner, Client(name, resources))

    def _remove_client(self, name: str) -> None:
        if name in self._server.sites:
            forget(self._server, self._runner, name)

    def _add_user(self, new: User) -> None:
        if new.name not in self._server.users:
            self._have_users({**self._server.users, new.name: new}, new.name, "added", new.role, new.org)

    def _change_role(self, name: str, role: str) -> None:
        user = self._server.users.get(name)
        if user is not None and user.role != role:
            new = User(name, user.org, role)
            self._have_users({**self._server.users, name: new}, name, "changed", role, user.org)

    def _revoke_user(self, name: str) -> None:
        if name in self._server.users:
            self._have_users({key: user for key, user in self._server.users.items() if key != name}, name, "revoked")

    def _have_users(self, users: Mapping[str, User], *told: str) -> None:
        self._server.users = users
        self._server.note("user", *told)


def _name_in(event: Event) -> str:
    whom: Any = event.args[0]
    name: str = whom.name if type(whom) is User else whom
    return name
