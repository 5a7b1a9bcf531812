"""NVFLARE's own session class under the contract: the real `Session`, on a simulated server.

In front of one that keeps the contract, what the suite finds is the class's own doing. It needs NVFLARE; hold a
subclass of `Session` to the contract by naming it:

    class MySystem(NvflareSystem):
        session_class = MySession
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from itertools import chain
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from types import ModuleType
from typing import Any, ClassVar, Final, NamedTuple
from weakref import finalize

from contract_tests.reference import SimulatedSystem
from contract_tests.system.system import System


class NvflareSystem(SimulatedSystem):
    """A `flare_sim.SimulatedServer` with NVFLARE's `Session` in front, of the release that is installed.

    Until it is closed it is an `offline` too: whatever opens a session with NVFLARE's code gets one with the server.

    Attributes:
        session_class: the subclass of NVFLARE's `Session` under test; None for `Session` itself.
    """

    session_class: ClassVar[type | None] = None

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed)
        from flare_sim.nvflare import offline

        self.spec = import_module("nvflare.fuel.flare_api.api_spec")
        self._offline = ExitStack()
        self._offline.enter_context(offline(self.server))
        finalize(self, self._offline.close).atexit = False

    def open_session(self, user: str | None = None) -> Any:
        """A session of ``user``, by default the project's administrator; it was there before anybody asked for it."""
        from flare_sim.nvflare import connect

        return connect(self.server, user or self.users[0], self.session_class, at_once=True)

    def close(self) -> None:
        """Close the server; sessions of NVFLARE's are on the network again."""
        self._offline.close()
        super().close()

    def normal_id(self, text: str) -> str:
        """The first word of it: a session puts an id into a command line, which is then split into words."""
        return _first_word(text)


def _first_word(text: str) -> str:
    from nvflare.fuel.hci.cmd_arg_utils import split_to_args

    try:
        return next(filter(None, split_to_args(f"get_job_meta {text}")[1:]), text)
    except ValueError:  # a quotation mark too many
        return text


class NvflareServerSystem(NvflareSystem):
    """NVFLARE's `Session` in front of a server that is like those of the installed release: what its users meet.

    Raises:
        ValueError: servers of the installed release have not been observed.
    """

    def __init__(self, seed: int = 0) -> None:
        from flare_sim.nvflare import installed_release

        self.personality = f"nvflare-{installed_release().name}"
        super().__init__(seed)

    def normal_id(self, text: str) -> str:
        """In lower case, too, as servers turn it into."""
        return super().normal_id(text).lower()


class NvflareServedSystem(System):
    """The same over the wire: NVFLARE's `Session` as it is, and the server in another process, at an address.

    Each process has one such server of its own, which begins with the first system that is made there; each system has
    a fresh one in its place. Nothing waits for the server's clock: whoever sleeps in NVFLARE's session moves it. What
    its client waits for by the machine's clock is short: the time until it tries a login again, and for a server that
    is cut off. As a login takes a while all the same, the sessions of a process go on with its next system, at which
    they are logged in anew, unless something was done to them or they are of another class than NVFLARE's own.

    Attributes:
        session_class: the subclass of NVFLARE's `Session` under test; None for `Session` itself.

    Raises:
        flare_sim.control.ControlError: nothing can be served, or servers of the installed release have not been
            observed.
    """

    session_class: ClassVar[type | None] = None

    call_limit = 60.0
    examples: int | None = 2
    combinations: int | None = 2
    users: tuple[str, ...] = SimulatedSystem.users
    restricted_user: str | None = SimulatedSystem.restricted_user
    unknown_user: str | None = SimulatedSystem.unknown_user
    client_names: tuple[str, ...] = SimulatedSystem.client_names
    isolated = True
    threads = True
    simulated_jobs = True
    spec: ModuleType | None = None

    def __init__(self, seed: int = 0) -> None:
        from flare_sim.control import ControlledClock
        from flare_sim.nvflare import installed_release

        self.spec = import_module("nvflare.fuel.flare_api.api_spec")
        self._here = _served_here()
        self._control = self._here.control
        self._control.reset(
            scenario={
                "seed": seed,
                "start": _START,
                "personality": f"nvflare-{installed_release().name}",
                "clients": list(self.client_names),
                "config": {"max_download_bytes": self.download_limit, "max_meta_bytes": _LARGEST_META},
            }
        )
        self.clock = ControlledClock(self._control)
        self._sessions: list[tuple[str, Any]] = []
        self._cut_off = False
        self._as_new = self.session_class is None
        self._inside = ExitStack()
        self._inside.enter_context(_client_time(self.clock))

    def open_session(self, user: str | None = None) -> Any:
        """A session of ``user``, by default the project's administrator, opened as NVFLARE's own function does."""
        name = user or self.users[0]
        idle = (self._here.idle or {}).get(name) if self._as_new else None
        session = idle.pop() if idle else self._new_session(name)
        self._sessions.append((name, session))
        return session

    def _new_session(self, name: str) -> Any:
        flare_api = import_module("nvflare.fuel.flare_api.flare_api")
        session = (self.session_class or flare_api.Session)(name, self._here.kits[name])
        patience = _SILENCE if self._cut_off else _PATIENCE
        _have_wait(session, patience)
        try:
            session.try_connect(patience * _LOGIN_SPEED)
        except BaseException:
            with suppress(Exception):  # as it was not opened
                session.close()
            raise
        return session

    def outage(self) -> None:
        """Cut the server off; it goes on running."""
        self._control.fault("partition")
        self._wait_for_answers(cut_off=True)

    def recover(self) -> None:
        """Let the server be reached again."""
        self._control.fault("repair")
        self._wait_for_answers(cut_off=False)

    def _wait_for_answers(self, *, cut_off: bool) -> None:
        self._as_new, self._cut_off = False, cut_off
        for _, session in self._sessions:
            _have_wait(session, _SILENCE if cut_off else _PATIENCE)

    def lose_sessions(self) -> None:
        """Let the server forget every session."""
        self._as_new = False
        self._control.fault("lose_sessions")

    def misbehave(self) -> None:
        """Let every command fail inside the server."""
        self._as_new = False
        self._control.fault("malfunction")

    def behave(self) -> None:
        """Let commands work again."""
        self._control.fault("mend")

    def drop_client(self, name: str) -> None:
        """Let a client fall silent."""
        self._control.fault("drop", client=name)

    def connect_client(self, name: str) -> None:
        """Connect a new client, or one that fell silent."""
        if name in self.client_names:
            self._control.fault("reconnect", client=name)
        else:
            self._control.add_client(name=name)

    def meanwhile(self, seconds: float, act: Callable[[], object]) -> None:
        """Call ``act()`` in the sleep in which the server's clock gets there."""
        assert self.clock is not None
        self.clock.call_later(seconds, act)  # type: ignore[attr-defined]

    def stored_files(self, job_id: str) -> tuple[str, ...]:
        """What the server's store holds for a job."""
        return tuple(self._control.files(job_id=job_id))

    def normal_id(self, text: str) -> str:
        """The first word of it, in lower case."""
        return _first_word(text).lower()

    def close(self) -> None:
        """Let go of the sessions; the server's process stays for the next system."""
        if self._cut_off:
            self.recover()
        while self._sessions:
            name, session = self._sessions.pop()
            if self._as_new and self._here.idle is not None and not session.api.closed:
                self._here.idle.setdefault(name, []).append(session)
                continue
            with suppress(Exception):  # whether a session can be closed is for the checks to say
                session.close()
        self._inside.close()


_START: Final = 1767225600.0
"""What the clock of every system shows at first, seconds since the epoch."""
_LARGEST_META: Final = 16 << 20
"""The files that a job of the suite leaves stand in its meta, however large they are; bytes."""
_PATIENCE: Final = 30.0
"""Real seconds in which there is an answer, however busy the machine is,"""
_SILENCE: Final = 0.3
"""and in which it is clear that there is none from a server that is cut off."""
_LOGIN_SPEED: Final = 20.0
"""So much faster the client's clock goes while it logs in."""


class _Here(NamedTuple):
    """What a process has: a server of its own in another one."""

    control: Any
    kits: dict[str, str]
    idle: dict[str, list[Any]] | None
    """Open sessions that nobody has, by user; none are kept by a process that waits for their threads at its end."""


_HERE: Final[dict[int, _Here]] = {}
"""What this process has, by its number: one that is forked has nothing yet."""


def _served_here() -> _Here:
    from flare_sim.control import served

    number = os.getpid()
    if number not in _HERE:
        stack = ExitStack()
        stranger = f"{SimulatedSystem.unknown_user}:member"  # has a kit, and is no user of the servers to come
        system = stack.enter_context(served("--speed", "0", "--user", stranger))
        idle: dict[str, list[Any]] | None = None if parent_process() is None else {}
        _HERE[number] = _Here(system.control, system.kits, idle)
        Finalize(None, _leave, (idle, stack), exitpriority=0)  # unlike atexit not in a process forked from this one
    return _HERE[number]


def _leave(idle: dict[str, list[Any]] | None, stack: ExitStack) -> None:
    for session in chain.from_iterable((idle or {}).values()):
        with suppress(Exception):  # its server may be gone
            session.close()
    stack.close()


def _have_wait(session: Any, seconds: float) -> None:
    """Have a client wait so long for an answer; before 2.7 it waits for the end of its connection."""
    if hasattr(session.api, "set_command_timeout"):
        session.api.set_command_timeout(seconds)
        session.api.authenticate_msg_timeout = seconds


@contextmanager
def _client_time(clock: Any) -> Iterator[None]:
    """Have NVFLARE's session live on the server's clock, and not wait long before it tries a login again."""
    from flare_sim import ScaledClock, time_in

    with ExitStack() as stack:
        stack.enter_context(time_in(clock, "nvflare.fuel.flare_api.flare_api"))
        with suppress(ImportError):  # before 2.7 a login is one request
            stack.enter_context(time_in(ScaledClock(_LOGIN_SPEED), "nvflare.private.fed.authenticator"))
        yield
