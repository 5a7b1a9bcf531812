"""A FLARE API session over HTTP: a third implementation of the interface, written as an outsider would write one.

It shares nothing with the simulator's session but the interface. Every call is one request to a small JSON service (see
`web_server`); what the service answers becomes a value or one of the interface's exceptions.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import threading
import time
import zipfile
from pathlib import Path
from typing import Any, Protocol

from flare_sim import spec


class Clock(Protocol):
    """What monitor_job waits on; the `time` module is one."""

    def time(self) -> float:
        """Seconds since the epoch."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class HttpSession(spec.SessionSpec):
    """A session with the service at ``host:port``.

    Args:
        host: where the service listens.
        port: the port it listens on.
        realm: which of the service's FLARE systems to talk to.
        user: who logs in.
        download_dir: the folder results are unpacked in.
        clock: what monitor_job waits on.

    Raises:
        NoConnection: the service can't be reached.
        AuthenticationError: it does not know the user.
    """

    def __init__(self, host: str, port: int, realm: str, user: str, download_dir: str, clock: Clock = time) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=10)
        self._one_at_a_time = threading.Lock()  # a connection has one request under way
        self._realm = realm
        self._download_dir = Path(download_dir)
        self._clock = clock
        self._closed = False
        self._token = self._call("login", user=user)

    def submit_job(self, job_definition_path: str) -> str:
        """Zip the folder, send it, return the new job's id."""
        self._check_open()
        if not isinstance(job_definition_path, str) or not job_definition_path:
            raise spec.InvalidJobDefinition(f"not a path: {type(job_definition_path).__name__}")
        try:
            if not os.path.isdir(job_definition_path):
                raise spec.InvalidJobDefinition(f"no folder at {job_definition_path[:200]!r}")
            content = _zipped(Path(job_definition_path))
        except (OSError, ValueError) as error:
            raise spec.InvalidJobDefinition(f"the folder can't be read: {error}") from error
        job_id: str = self._call("submit", content=content)
        return job_id

    def clone_job(self, job_id: str) -> str:
        """Ask for a clone, return its id."""
        clone: str = self._call("clone", job_id=self._id(job_id))
        return clone

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Ask for a job's meta."""
        meta: dict[str, Any] = self._call("meta", job_id=self._id(job_id))
        return meta

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Ask for the list of jobs."""
        self._check_open()
        if not isinstance(detailed, bool) or not isinstance(all, bool):
            raise spec.InvalidArgumentError("detailed and all are bools")
        jobs: list[dict[str, Any]] = self._call("list", detailed=detailed, all=all)
        return jobs

    def download_job_result(self, job_id: str) -> str:
        """Fetch and unpack a result, or return where it can be fetched."""
        answer = self._call("download", job_id=self._id(job_id))
        if isinstance(answer, str):
            return answer
        folder = self._download_dir / str(self.get_job_meta(job_id)["job_id"])
        with zipfile.ZipFile(io.BytesIO(answer)) as archive:
            folder.mkdir(parents=True, exist_ok=True)
            archive.extractall(folder)
        return str(folder)

    def abort_job(self, job_id: str) -> None:
        """Ask for an abort."""
        self._call("abort", job_id=self._id(job_id))

    def delete_job(self, job_id: str) -> None:
        """Ask for a deletion."""
        self._call("delete", job_id=self._id(job_id))

    def get_system_info(self) -> spec.SystemInfo:
        """Ask for the system's state."""
        info = self._call("info")
        return spec.SystemInfo(
            spec.ServerInfo(*info["server"]),
            [spec.ClientInfo(*client) for client in info["clients"]],
            [spec.JobInfo(*job) for job in info["jobs"]],
        )

    def monitor_job(
        self,
        job_id: str,
        timeout: int = 0,
        poll_interval: float = 2.0,
        cb: Any = None,
        *cb_args: Any,
        **cb_kwargs: Any,
    ) -> spec.MonitorReturnCode:
        """Poll a job's meta until it is done, the callback returns False or the time is up."""
        self._check_open()
        if not _is_number(timeout) or timeout < 0:
            raise spec.InvalidArgumentError("timeout must be a number of seconds, and not negative")
        if not _is_number(poll_interval) or not 0 < poll_interval < 1e9:
            raise spec.InvalidArgumentError("poll_interval must be a positive number of seconds")
        if cb is not None and not callable(cb):
            raise spec.InvalidArgumentError("cb can't be called")
        started = self._clock.time()
        while True:
            meta = self.get_job_meta(job_id)
            done = meta["status"].startswith("FINISHED")
            if cb is not None and not cb(self, job_id, meta, *cb_args, **cb_kwargs):
                return spec.MonitorReturnCode.ENDED_BY_CB
            if done:
                return spec.MonitorReturnCode.JOB_FINISHED
            if 0 < timeout <= self._clock.time() - started:
                return spec.MonitorReturnCode.TIMEOUT
            self._clock.sleep(poll_interval)

    def close(self) -> None:
        """Hang up; the service is not asked, so it works while it is down, too."""
        self._closed = True
        self._connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise spec.SessionClosed("the session is closed")

    def _id(self, job_id: object) -> str:
        self._check_open()
        if not isinstance(job_id, str) or not job_id:
            raise spec.JobNotFound(f"no such job: a {type(job_id).__name__}")
        return job_id

    def _call(self, operation: str, content: bytes = b"", **arguments: Any) -> Any:
        """Send one request and read the answer."""
        self._check_open()
        headers = {
            "Realm": self._realm,
            "Token": getattr(self, "_token", ""),
            "Arguments": json.dumps(arguments),
        }
        try:
            with self._one_at_a_time:
                response, body = self._send(f"/{operation}", content, headers)
        except (OSError, http.client.HTTPException) as error:
            raise spec.NoConnection(f"the service can't be reached: {error}") from error
        if response.getheader("Content-Type") == "application/zip":
            return body
        return self._answer(body)

    def _send(self, path: str, content: bytes, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        try:
            self._connection.request("POST", path, content, headers)
            response = self._connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise

    def _answer(self, body: bytes) -> Any:
        try:
            answer = json.loads(body)
            name, value = answer["error"], answer["value"]
        except (ValueError, KeyError, TypeError) as error:
            raise spec.InternalError("the service answers nonsense") from error
        if name is None:
            return value
        if name == "SessionClosed":
            self._closed = True
        raised: type[Exception] = getattr(spec, name, spec.InternalError)
        raise raised(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and value == value  # nan is not equal to itself


def _zipped(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, Path(folder.name) / path.relative_to(folder))
    return content.getvalue()
