"""The reference implementation of the interface: a thin client of a simulated server.

A call becomes a command, a reply becomes a value or an exception, and that is all: nothing here knows how jobs work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, NoReturn  # noqa: UP035  (the interface spells its annotations this way)

from flare_sim.clock import TICKS_PER_SECOND, ClockError, now_on, to_seconds, to_ticks, wait_in_ticks
from flare_sim.commands.protocol import ApiStatus, Command, Login, MetaStatus, Refusal, Reply
from flare_sim.commands.submission import received
from flare_sim.disk.file_errors import FileErrors
from flare_sim.engine.waiting.horizon import until_tick
from flare_sim.jobs.definition import JobDefinition
from flare_sim.personality.quirks import DOWNLOADS_NUMBERED
from flare_sim.spec import (
    AuthenticationError,
    AuthorizationError,
    ClientInfo,
    InternalError,
    InvalidArgumentError,
    InvalidJobDefinition,
    JobInfo,
    JobNotDone,
    JobNotFound,
    MonitorReturnCode,
    NoConnection,
    ServerInfo,
    SessionClosed,
    SessionSpec,
    SystemInfo,
)
from flare_sim.untrusted_values import plain_number, plain_path, plain_text, readable, shown, shown_path

if TYPE_CHECKING:
    from types import TracebackType

    from flare_sim.clock import Clock
    from flare_sim.commands.protocol import Endpoint
    from flare_sim.engine.waiting.watch import Watch

__all__ = ["Session", "checked_download_dir"]

LONGEST_POLL_INTERVAL = 1e9
"""Seconds; a longer interval can't be slept on any clock."""

_CLOSED = "the session is closed"
_META_ERRORS: dict[str, tuple[type[Exception], str]] = {
    MetaStatus.INVALID_JOB_DEF: (InvalidJobDefinition, "invalid job definition: {}"),
    MetaStatus.INVALID_JOB_ID: (JobNotFound, "no such job: {}"),
    MetaStatus.NOT_AUTHORIZED: (AuthorizationError, "{}"),
    MetaStatus.NOT_AUTHENTICATED: (AuthenticationError, "{}"),
    MetaStatus.JOB_RUNNING: (JobNotDone, "job {} is still running"),
    MetaStatus.INTERNAL_ERROR: (InternalError, "server internal error: {}"),
    MetaStatus.SYNTAX_ERROR: (InternalError, "protocol error: {}"),
}
"""A command's status -> the exception it becomes."""

_CALL_ERRORS: dict[str, type[Exception]] = {
    ApiStatus.ERROR_SERVER_CONNECTION: NoConnection,
    ApiStatus.ERROR_INACTIVE_SESSION: SessionClosed,
    ApiStatus.ERROR_AUTHENTICATION: AuthenticationError,
    ApiStatus.ERROR_AUTHORIZATION: AuthorizationError,
}
"""The call's status -> the exception it becomes when the command has none."""


class Session(SessionSpec):
    """A session of one user with one simulated server, made by ``SimulatedServer.connect``.

    Raises nothing but the interface's exceptions, whatever it is given; what the code of others raises that it calls
    (a monitor's callback, a clock of theirs, what they let happen meanwhile) comes out as it is, and so does
    ``HorizonReached``.  It is a context
    manager that closes itself, may be used from several threads, and keeps its server alive.

    Args:
        server: the server it is with.
        login: what the server knows it by.
        download_dir: where results go; a folder of the server's when it is None.

    Raises:
        ValueError: ``download_dir`` is no path, ``login`` no ``Login``, ``server`` no server.
    """

    def __init__(self, server: Endpoint, login: Login, download_dir: str | None) -> None:
        if type(login) is not Login:
            raise ValueError(f"login must be what the server gave, not {shown(login)}")
        self._server = server
        self._login = login
        self._download_dir = checked_download_dir(download_dir)
        try:
            self._clock = server.clock
        except Exception as problem:
            raise ValueError(f"server must be a SimulatedServer, not {shown(server)}") from problem
        self._closed = False

    @property
    def number(self) -> int:
        """How many sessions its server had opened with it (not part of the interface).

        With it ``SimulatedServer.connect`` goes on with a session on a server whose state came back.
        """
        return self._login.number

    @property
    def user(self) -> str:
        """Who it is for (not part of the interface)."""
        return self._login.user.name

    @property
    def clock(self) -> Clock:
        """The time it lives by, its server's (not part of the interface)."""
        return self._clock

    def submit_job(self, job_definition_path: str) -> str:
        """See ``SessionSpec.submit_job``; a zip file of a job folder will do as well."""
        self._check_open()
        payload = received(self._server.examine(job_definition_path))
        return self._job_id_of(self._ask("submit_job", payload=payload))

    def submit_definition(self, definition: JobDefinition) -> str:
        """Submit a job that is in memory already; returns its id (not part of the interface).

        Raises:
            InvalidJobDefinition: not a ``JobDefinition``.
        """
        payload: JobDefinition | Refusal = definition
        if type(definition) is not JobDefinition:
            payload = Refusal(MetaStatus.INVALID_JOB_DEF, f"no job came with the command, but {shown(definition)}")
        return self._job_id_of(self._ask("submit_job", payload=payload))

    def clone_job(self, job_id: str) -> str:
        """See ``SessionSpec.clone_job``."""
        return self._job_id_of(self._ask_about(job_id, "clone_job"))

    def get_job_meta(self, job_id: str) -> dict:  # type: ignore[type-arg]
        """See ``SessionSpec.get_job_meta``."""
        meta: dict[str, Any] = self._ask_about(job_id, "get_job_meta").payload["job_meta"]
        return meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> List[dict]:  # type: ignore[type-arg]  # noqa: A002, UP006
        """See ``SessionSpec.list_jobs``."""
        self._check_open()
        for name, value in (("detailed", detailed), ("all", all)):
            if type(value) is not bool:
                raise InvalidArgumentError(f"{name} must be a bool, not {shown(value)}")
        args = (*(("-d",) if detailed else ()), *(() if all else ("-u",)))
        jobs: list[dict[str, Any]] = self._ask("list_jobs", *args).payload["jobs"]
        return jobs

    def download_job_result(self, job_id: str) -> str:
        """See ``SessionSpec.download_job_result``; a job that is not done gives what there is (as on 2.3.12).

        Raises:
            InternalError: the result can't be written, or there is no room for one; nothing of it is left.
        """
        reply = self._ask_about(job_id, "download_job")
        url: str | None = reply.payload.get("job_download_url")
        if url is not None:
            return url
        where = "" if self._download_dir is None else f" to {shown_path(self._download_dir)}"
        with FileErrors(f"the result cannot be written{where}"):
            numbered = DOWNLOADS_NUMBERED in self._server.quirks
            job_id = self._job_id_of(reply)
            return self._server.folders.write_result(job_id, reply.content, self._download_dir, numbered=numbered)

    def abort_job(self, job_id: str) -> None:
        """See ``SessionSpec.abort_job``; for a running job it takes the seconds real servers take."""
        self._ask_about(job_id, "abort_job")

    def delete_job(self, job_id: str) -> None:
        """See ``SessionSpec.delete_job``; a running job is stopped first."""
        self._ask_about(job_id, "delete_job")

    def get_system_info(self) -> SystemInfo:
        """See ``SessionSpec.get_system_info``."""
        values = {"clients": (), **self._ask("check_status", "server").payload}
        return SystemInfo(
            ServerInfo(values["server_status"], values["server_start_time"]),
            [ClientInfo(client["client_name"], client["client_last_conn_time"]) for client in values["clients"]],
            [JobInfo(job["job_id"], job["app_name"]) for job in values["jobs"]],
        )

    def monitor_job(
        self,
        job_id: str,
        timeout: int = 0,
        poll_interval: float = 2.0,
        cb: Any = None,
        *cb_args: Any,
        **cb_kwargs: Any,
    ) -> MonitorReturnCode:
        """See ``SessionSpec.monitor_job``.

        The callback is asked before the status counts, so a falsy answer wins on the last look too (as on 2.3.12); the
        status is taken before the callback sees the meta, so what it does to it changes nothing.

        Raises:
            HorizonReached: without a timeout, on a ``VirtualClock`` that has a horizon: the job waits in vain.
        """
        self._check_open()
        allowed = _timeout_ticks(timeout)
        interval = _poll_interval(poll_interval)
        if cb is not None and not callable(cb):
            raise InvalidArgumentError(f"cb must be callable or None, not {shown(cb)}")
        text = _job_id(job_id)
        look = cb if not cb_args and not cb_kwargs else lambda *seen: cb(*seen, *cb_args, **cb_kwargs)
        ticks, began = wait_in_ticks(interval), self._now()
        end = None if allowed is None else began + allowed
        watch: Watch | None = None
        with until_tick(self._clock, end):
            while True:
                meta = None if watch is None or self._closed else watch.meta()
                if meta is None:
                    meta = self._ask("get_job_meta", text).payload["job_meta"]
                    watch = self._server.watch(text, self._login) if self._clock is self._server.clock else None
                done = meta["status"].startswith("FINISHED")
                if cb is not None and not look(self, job_id, meta):
                    return MonitorReturnCode.ENDED_BY_CB
                if done:
                    return MonitorReturnCode.JOB_FINISHED
                left = None if end is None else end - self._now()
                if left is not None and left <= 0:
                    return MonitorReturnCode.TIMEOUT
                try:
                    if watch is None:
                        self._clock.sleep(interval)
                    elif cb is None:
                        watch.pass_looks(ticks, left)
                    else:
                        watch.pass_ticks(ticks)
                except ClockError as problem:
                    raise InternalError(str(problem)) from problem

    def close(self) -> None:
        """See ``SessionSpec.close``."""
        self._closed = True

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self._closed else "open"
        user, project = readable(self._login.user.name), readable(self._server.config.project)
        return f"<Session of {user} with {project} ({state})>"

    def _check_open(self) -> None:
        if self._closed:
            raise SessionClosed(_CLOSED)

    def _ask_about(self, job_id: object, name: str) -> Reply:
        if self._closed:  # before the id is looked at
            raise SessionClosed(_CLOSED)
        return self._ask(name, _job_id(job_id))

    def _ask(self, name: str, *args: str, payload: JobDefinition | Refusal | None = None) -> Reply:
        """Send a command, wait for the reply, and return it when all is well.

        When the connection is lost while the reply is on its way, the command may have had its effect all the same.
        """
        if self._closed:
            raise SessionClosed(_CLOSED)
        reply = self._server.request(self._login, Command(name, args, payload))
        if reply.delay:
            try:
                self._clock.sleep(to_seconds(reply.delay))
            except ClockError as problem:
                raise InternalError(str(problem)) from problem
            if not self._server.delivers(reply):
                raise NoConnection("the connection was lost before the reply came")
        if reply.status != MetaStatus.OK:
            self._raise(reply)
        return reply

    def _now(self) -> int:
        try:
            return now_on(self._clock)
        except ClockError as problem:
            raise InternalError(str(problem)) from problem

    def _raise(self, reply: Reply) -> NoReturn:
        if reply.status:
            kind, sentence = _META_ERRORS.get(reply.status, (InternalError, reply.status + ": {}"))
            # What a reply repeats of a job may be anything; its lines are its own.
            lines = "\n".join(map(readable, reply.info.split("\n")))
            info = shown(reply.info) if kind is JobNotFound else lines
            raise kind(sentence.format(info))
        if reply.api_status == ApiStatus.ERROR_INACTIVE_SESSION:
            self._closed = True
        raise _CALL_ERRORS.get(reply.api_status, InternalError)(reply.info or reply.api_status)

    @staticmethod
    def _job_id_of(reply: Reply) -> str:
        job_id: str = reply.payload["job_id"]
        return job_id


def checked_download_dir(value: object) -> str | None:
    """Return where results go.

    Raises:
        ValueError: neither None nor the path of a folder.
    """
    path = plain_path(value)
    if not path and value is not None:
        raise ValueError(f"download_dir must be the path of a folder, not {shown(value)}")
    return path


def _job_id(value: object) -> str:
    """Return an id as text; what is not text can't be one.

    Raises:
        JobNotFound: not text, or empty.
    """
    text = plain_text(value)
    if not text:
        raise JobNotFound(f"no such job: {shown(value)}")
    return text


def _timeout_ticks(value: object) -> int | None:
    """Return a timeout in ticks, None for no timeout.

    Raises:
        InvalidArgumentError: negative, nan, or no number.
    """
    number = plain_number(value)
    if number is None or not number >= 0:
        raise InvalidArgumentError(f"timeout must be a number of seconds, 0 for none, not {shown(value)}")
    if number == 0 or number == float("inf"):
        return None
    if isinstance(number, int):
        return number * TICKS_PER_SECOND
    return max(1, to_ticks(number))


def _poll_interval(value: object) -> float:
    """Return a poll interval in seconds.

    Raises:
        InvalidArgumentError: not above zero, longer than any clock sleeps, or no number.
    """
    number = plain_number(value)
    if number is None or not 0 < number <= LONGEST_POLL_INTERVAL:
        raise InvalidArgumentError(
            f"poll_interval must be a number of seconds above 0 and up to {LONGEST_POLL_INTERVAL:.0f}, "
            f"not {shown(value)}"
        )
    return float(number)
