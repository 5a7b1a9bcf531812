"""What a session and a server say to each other: commands and replies, and the server as a session sees it.

The shapes are NVFLARE's own, so that its session can sit in front of this server as well: a command is a name and
words, a reply has a status in its meta, values beside it, and the status of the call itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.personality.quirks import LOST_SERVER_INTERNAL, LOST_SESSION_INTERNAL
from flare_sim.untrusted_values import plain_list, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from flare_sim.clock import Clock
    from flare_sim.config import ServerConfig
    from flare_sim.disk.contents import Content
    from flare_sim.engine.waiting.watch import Watch
    from flare_sim.jobs.definition import Examination, JobDefinition
    from flare_sim.spec import InvalidJobDefinition
    from flare_sim.temporary_folders import Folders
    from flare_sim.users import User

__all__ = [
    "BROKEN_SERVER",
    "UNKNOWN_LOGIN",
    "ApiStatus",
    "Command",
    "Login",
    "MetaStatus",
    "Refusal",
    "Reply",
    "no_server",
    "no_session",
    "plain_command",
    "revoked",
]


class MetaStatus:
    """How a command went, as the server says it in a reply's meta (NVFLARE's words)."""

    OK = "ok"
    INVALID_JOB_DEF = "invalid_job_def"
    INVALID_JOB_ID = "invalid_job_id"
    NOT_AUTHORIZED = "not_authorized"
    NOT_AUTHENTICATED = "not_authenticated"
    JOB_RUNNING = "job_running"
    INTERNAL_ERROR = "internal_error"
    SYNTAX_ERROR = "syntax_error"
    CLIENTS_RUNNING = "clients_running"
    JOB_NOT_RUNNING = "job_not_running"
    INVALID_TARGET = "invalid_target"
    TOKEN_CONFLICT = "submit_token_conflict"
    TOKEN_JOB_DELETED = "submit_token_job_deleted"
    NO_JOB_COMPONENTS = "no_job_components"
    ERROR = "error"


class ApiStatus:
    """How the call itself went (NVFLARE's words)."""

    SUCCESS = "SUCCESS"
    ERROR_AUTHORIZATION = "ERROR_AUTHORIZATION"
    ERROR_AUTHENTICATION = "ERROR_AUTHENTICATION"
    ERROR_INACTIVE_SESSION = "ERROR_INACTIVE_SESSION"
    ERROR_SERVER_CONNECTION = "ERROR_SERVER_CONNECTION"
    ERROR_SYNTAX = "ERROR_SYNTAX"
    ERROR_INVALID_CLIENT = "ERROR_INVALID_CLIENT"


class Refusal(NamedTuple):
    """What a server makes of a job it can't take."""

    status: str
    """How the command goes then, one of ``MetaStatus``."""
    info: str
    """Why."""


class Command(NamedTuple):
    """One command, as words.

    ``payload`` is the job that travels with ``submit_job``, or what is wrong with it, or what it does to the server:
    a client sends what it has, and the server refuses it.
    """

    name: str
    args: tuple[str, ...] = ()
    payload: JobDefinition | InvalidJobDefinition | Refusal | None = None

    @classmethod
    def parse(cls, line: str) -> Command:
        """Read a command line the way NVFLARE's clients write it (words, double quotes around blanks).

        Raises:
            ValueError: no command, or a quotation that does not end.
        """
        from shlex import split

        text = plain_text(line)
        if text is None:
            raise ValueError(f"a command line is text, not {shown(line)}")
        words = split(text)
        if not words:
            raise ValueError("there is no command")
        return cls(words[0], tuple(words[1:]))


def plain_command(command: Any) -> Command:
    """Return a command of plain words.

    Raises:
        ValueError: it is none, or has something else than words.
    """
    if type(command) is not Command:
        raise ValueError(f"a Command is needed, not {shown(command)}")
    name, args, payload = command
    if type(name) is str and type(args) is tuple:
        for word in args:
            if type(word) is not str:
                break
        else:
            return command
    listed = plain_list(args)
    words = [plain_text(word) for word in (name, *(listed or ()))]
    plain = [word for word in words if word is not None]
    if listed is None or len(plain) < len(words):
        raise ValueError(f"a Command has a name and words, not {shown(name)} and {shown(args)}")
    return Command(plain[0], tuple(plain[1:]), payload)


class Reply(NamedTuple):
    """One reply."""

    api_status: str
    """How the call went, one of ``ApiStatus``."""
    status: str = ""
    """How the command went, one of ``MetaStatus``; empty when the server was not reached."""
    info: str = ""
    """A sentence, or what the status is about (an id)."""
    payload: Mapping[str, Any] = {}
    """The values asked for, by NVFLARE's names."""
    data: tuple[tuple[str, Any], ...] = ()
    """What a console would show, as (kind, content) pairs."""
    content: tuple[tuple[str, Content], ...] = ()
    """Files that travel with the reply: (relative path, content)."""
    delay: int = 0
    """Ticks the reply is on its way, after the command has had its effect."""
    time: int = 0
    """Tick at which the server answered."""

    bare: bool = False
    """Whether its meta holds the values alone, without how the command went (as some real ones do, 2.9.0)."""

    def as_dict(self) -> dict[str, Any]:
        """Return the reply as the dict NVFLARE's session reads (``time``, ``data``, ``meta``, ``status``)."""
        if not self.status:
            return {"status": self.api_status, "details": self.info}
        from flare_sim.jobs.timestamps import local_text

        items = [
            {"type": kind, "rows" if kind == "table" else "data": content}
            for kind, content in self.data or ((("success", ""),) if self.status == MetaStatus.OK else ())
        ]
        return {
            "time": local_text(self.time),
            "data": items or [{"type": "error", "data": self.info}],
            "meta": {**({} if self.bare else {"status": self.status, "info": self.info}), **self.payload},
            "status": self.api_status,
        }


def no_server(quirks: frozenset[str]) -> Reply:
    """Return what an open session gets that does not reach its server."""
    return _NO_SERVER_INTERNAL if LOST_SERVER_INTERNAL in quirks else _NO_SERVER


def no_session(quirks: frozenset[str]) -> Reply:
    """Return what a session gets that its server does not know any more."""
    return _NO_SESSION_INTERNAL if LOST_SESSION_INTERNAL in quirks else _NO_SESSION


def revoked(name: str) -> Reply:
    """Return what an open session gets whose user was revoked."""
    return Reply(ApiStatus.ERROR_AUTHORIZATION, MetaStatus.NOT_AUTHORIZED, f"{shown(name)} is no user any more")


BROKEN_SERVER = Reply(ApiStatus.SUCCESS, MetaStatus.INTERNAL_ERROR, "the server is malfunctioning")
"""What everybody gets from a server that malfunctions."""
UNKNOWN_LOGIN = Reply(ApiStatus.ERROR_AUTHENTICATION, info="the server knows no such login")
"""What somebody gets with a login that it did not give."""
_NO_SERVER = Reply(ApiStatus.ERROR_SERVER_CONNECTION, info="the server cannot be reached")
_NO_SERVER_INTERNAL = Reply(
    ApiStatus.SUCCESS,
    MetaStatus.ERROR,
    "Failed to communicate with Admin Server localhost on 8003: ConnectionRefusedError: [Errno 111] Connection refused",
)
_NO_SESSION = Reply(ApiStatus.ERROR_INACTIVE_SESSION, info="the session is closed")
_NO_SESSION_INTERNAL = Reply(ApiStatus.SUCCESS, MetaStatus.ERROR, "session_inactive")


class Login(NamedTuple):
    """What the server knows a session by."""

    user: User
    number: int


if TYPE_CHECKING:  # at run time nobody asks for it

    class Endpoint(Protocol):
        """What a session needs of a server; ``SimulatedServer`` is one, and says more about each."""

        clock: Clock

        @property
        def config(self) -> ServerConfig:
            """Latencies and limits."""

        @property
        def quirks(self) -> frozenset[str]:
            """Names of what it does differently from what the contract says."""

        def examine(self, path: Any) -> Examination:
            """Look at the job folder or zip file at ``path`` as at one that is submitted."""

        @property
        def users(self) -> tuple[User, ...]:
            """Who may connect."""

        @property
        def reachable(self) -> bool:
            """Whether anybody can get through to it."""

        @property
        def reply_seconds(self) -> float:
            """How long every reply takes, beyond what its command does."""

        def login(self, user: str) -> Login:
            """Let a session in."""

        def request(self, login: Login, command: Command) -> Reply:
            """Carry out a command of a session and return the reply."""

        def watch(self, job_id: str, login: Login | None = None) -> Watch | None:
            """Return how the meta of a job that was asked for can be seen without a request, None if it can't."""

        def delivers(self, reply: Reply) -> bool:
            """Tell whether a reply that had to be waited for gets through."""

        def catch_up(self) -> None:
            """Let everything happen that is due."""

        def call_later(self, seconds: float, effect: Callable[[], None]) -> None:
            """Let something happen on its clock."""

        def download_folder(self) -> str:
            """Return the folder results go to that were not told another."""

        @property
        def folders(self) -> Folders:
            """What it keeps on the disk of this process."""

        def folder(self, name: str) -> str:
            """Return a folder that goes with the server."""
