"""The interface the simulator implements: NVFLARE 2.3's FLARE API, as types.

Names, parameter order, kinds, defaults, annotations, enum values and exception bases are those of NVFLARE 2.3.12
(odd spellings included); every sentence is this project's own reading of what they promise.  Nothing in here knows
how a session is implemented, and nothing of this project is imported.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, Any, List  # noqa: UP035  (the interface spells its annotations this way)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AuthenticationError",
    "AuthorizationError",
    "ClientInfo",
    "InternalError",
    "InvalidArgumentError",
    "InvalidJobDefinition",
    "JobInfo",
    "JobNotDone",
    "JobNotFound",
    "MonitorReturnCode",
    "NoConnection",
    "ServerInfo",
    "SessionClosed",
    "SessionSpec",
    "SystemInfo",
    "job_monitor_cb_signature",
]


class NoConnection(Exception):
    """The server can't be reached now; the same session may work again once it can (2.3 interface)."""


class SessionClosed(Exception):
    """The session was closed, here or by the server, and will never answer again (2.3 interface)."""


class InvalidArgumentError(Exception):
    """An argument that is neither a job id nor a job definition has a value or type that makes no sense."""


class InvalidJobDefinition(Exception):
    """What was submitted is not a job the server would accept; nothing was stored (2.3 interface)."""


class JobNotFound(Exception):
    """No job on the server has this id: never had, no longer has, or the id is not one at all (2.3 interface)."""


class JobNotDone(Exception):
    """The job would have to be finished first.  Real servers raise it when a running job is deleted (2.3.12)."""


class InternalError(Exception):
    """The server answered, but not sensibly: something broke on its side (2.3 interface)."""


class AuthenticationError(Exception):
    """The server does not know this user, so no session was opened (2.3 interface)."""


class AuthorizationError(Exception):
    """The server knows this user, who may not do this; nothing was changed (2.3 interface)."""


class MonitorReturnCode(int, Enum):
    """Why ``monitor_job`` came back (2.3 interface; the numbers are part of it)."""

    JOB_FINISHED = 0
    """The job had reached a final status, whichever one."""
    TIMEOUT = 1
    """The time allowed was over and the job was not done."""
    ENDED_BY_CB = 2
    """The callback asked to stop."""


def _asctime(seconds: Any) -> str:
    """Local time in ``asctime`` form; the plain value when it lies outside the calendar or is no number."""
    try:
        return time.asctime(time.localtime(seconds))
    except (OverflowError, ValueError, OSError, TypeError):
        return str(seconds)


class ServerInfo:
    """One line about the server.

    Attributes:
        status: a word for what the server does; on 2.3.12 ``"started"`` while a job runs, ``"stopped"`` otherwise.
        start_time: when the server process started, float seconds since the epoch.
    """

    def __init__(self, status, start_time) -> None:  # type: ignore[no-untyped-def]
        self.status: str = status
        self.start_time: float = start_time

    def __str__(self) -> str:
        return f"status: {self.status}, start_time: {_asctime(self.start_time)}"

    def __repr__(self) -> str:
        return f"ServerInfo(status={self.status!r}, start_time={self.start_time!r})"


class ClientInfo:
    """One connected client.

    Attributes:
        name: the site's name.
        last_connect_time: when the server last heard from it, float seconds since the epoch.
    """

    def __init__(self, name: str, last_connect_time) -> None:  # type: ignore[no-untyped-def]
        self.name = name
        self.last_connect_time: float = last_connect_time

    def __str__(self) -> str:
        return f"{self.name}(last_connect_time: {_asctime(self.last_connect_time)})"

    def __repr__(self) -> str:
        return f"ClientInfo(name={self.name!r}, last_connect_time={self.last_connect_time!r})"


class JobInfo:
    """One job that is being executed.

    Attributes:
        job_id: the job's id.
        app_name: the app the server itself runs for it.
    """

    def __init__(self, job_id: str, app_name: str) -> None:
        self.job_id = job_id
        self.app_name = app_name

    def __str__(self) -> str:
        return f"JobInfo:\n  job_id: {self.job_id}\n  app_name: {self.app_name}"

    def __repr__(self) -> str:
        return f"JobInfo(job_id={self.job_id!r}, app_name={self.app_name!r})"


class SystemInfo:
    """The system at one moment: the server, the connected clients, the jobs being executed.

    Attributes:
        server_info: a ``ServerInfo``.
        client_info: one ``ClientInfo`` per connected client, in any order.
        job_info: one ``JobInfo`` per job being executed.
    """

    def __init__(
        self,
        server_info: ServerInfo,
        client_info: List[ClientInfo],  # noqa: UP006
        job_info: List[JobInfo],  # noqa: UP006
    ) -> None:
        self.server_info = server_info
        self.client_info = client_info
        self.job_info = job_info

    def __str__(self) -> str:
        """Tell the server, every client and every job, as each of them tells itself (``system.text``)."""
        sections: tuple[tuple[str, Iterable[object]], ...] = (
            ("server_info", [self.server_info]),
            ("client_info", self.client_info),
            ("job_info", self.job_info),
        )
        lines = ["SystemInfo"]
        for name, items in sections:
            # One text per section, so that an empty one is still a line.
            lines += [f"{name}:", "\n".join(str(item) for item in items)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"SystemInfo({self.server_info!r}, {self.client_info!r}, {self.job_info!r})"


class SessionSpec(ABC):
    """What a session with a FLARE server can do (NVFLARE 2.3.12's interface).

    Any method except ``close`` may also raise ``SessionClosed`` (the session is over), ``NoConnection`` (no server
    there now), ``AuthorizationError`` (this user may not) and ``InternalError`` (the server misbehaved); the methods
    below name only what is particular to them.
    """

    @abstractmethod
    def submit_job(self, job_definition_path: str) -> str:
        """Hand a job to the server.

        Args:
            job_definition_path: a job folder (``meta.json`` and one folder per app) on this machine.

        Returns:
            The new job's id, never used before.

        Raises:
            InvalidJobDefinition: the folder is not a job the server accepts; nothing was stored.
        """

    @abstractmethod
    def clone_job(self, job_id: str) -> str:
        """Submit the definition of a job the server has once more, as a job of the caller's.

        Args:
            job_id: the job to copy, in whatever state; it is left alone.

        Returns:
            The new job's id.

        Raises:
            JobNotFound: no such job.
        """

    @abstractmethod
    def get_job_meta(self, job_id: str) -> dict:  # type: ignore[type-arg]
        """Read what the server knows about a job.

        Args:
            job_id: the job.

        Returns:
            A dict of the caller's own: at least job_id, name, status, submitter_name and submit_time (float seconds
            since the epoch).

        Raises:
            JobNotFound: no such job.
        """

    @abstractmethod
    def list_jobs(self, detailed: bool = False, all: bool = False) -> List[dict]:  # type: ignore[type-arg]  # noqa: UP006
        """List jobs, each once, in an order that stays while nothing happens.

        Args:
            detailed: the whole meta of each job instead of a few fields.
            all: every user's jobs instead of only the caller's.

        Returns:
            One dict per job; real servers give them in the order of their submission (2.3.12).

        Raises:
            InvalidArgumentError: an argument can't be a flag, as a text can't.
        """

    @abstractmethod
    def download_job_result(self, job_id: str) -> str:
        """Fetch what a job produced.

        Args:
            job_id: the job.

        Returns:
            The path of a folder holding the result; for a result over the server's size limit (bytes) the location
            to fetch it from instead, which is not a local folder.

        Raises:
            JobNotFound: no such job.
            JobNotDone: an implementation may refuse a job that has not finished.
        """

    @abstractmethod
    def abort_job(self, job_id: str):  # type: ignore[no-untyped-def]
        """End a job early.

        A job not started yet will never start, a job being executed is stopped, a finished one is left as it is.

        Args:
            job_id: the job.

        Returns:
            None.

        Raises:
            JobNotFound: no such job.
        """

    @abstractmethod
    def delete_job(self, job_id: str):  # type: ignore[no-untyped-def]
        """Remove a job and all its files from the server, stopping it first when it is being executed.

        Args:
            job_id: the job.

        Returns:
            None.

        Raises:
            JobNotFound: no such job.
            JobNotDone: not by the contract (``delete.running``), but real servers (2.3.12) refuse a running job.
        """

    @abstractmethod
    def get_system_info(self) -> SystemInfo:
        """Look at the server, its connected clients and the jobs being executed.

        Returns:
            A ``SystemInfo`` of this moment.
        """

    @abstractmethod
    def monitor_job(  # type: ignore[no-untyped-def]
        self,
        job_id: str,
        timeout: int = 0,
        poll_interval: float = 2.0,
        cb=None,
        *cb_args,
        **cb_kwargs,
    ) -> MonitorReturnCode:
        """Wait for a job to finish, looking at it again and again.

        Args:
            job_id: the job.
            timeout: seconds to wait at most; 0 waits for ever.
            poll_interval: seconds between two looks.
            cb: called after every look as ``job_monitor_cb_signature`` shows; returning False ends the wait.
            cb_args: handed on to ``cb``.
            cb_kwargs: handed on to ``cb``.

        Returns:
            Why the wait is over.

        Raises:
            JobNotFound: no such job, at any look.
            InvalidArgumentError: a timeout or callback that makes no sense; which intervals are refused is not stated.
        """

    @abstractmethod
    def close(self):  # type: ignore[no-untyped-def]
        """End the session; every other method raises ``SessionClosed`` from now on.

        May be called again.

        Returns:
            None.
        """


def job_monitor_cb_signature(  # type: ignore[no-untyped-def]
    session: SessionSpec,
    job_id: str,
    job_mea: dict,  # type: ignore[type-arg]
    *args,
    **kwargs,
) -> bool:
    """Show how ``monitor_job`` calls its callback; write one with these parameters.

    Args:
        session: the very session that monitors.
        job_id: the job monitored.
        job_mea: the job's meta as just read (the interface spells it so).
        args: what was passed to ``monitor_job`` after ``cb``.
        kwargs: the keywords passed to ``monitor_job`` that it did not know.

    Returns:
        True to go on monitoring, False to end it now.
    """
    return True
