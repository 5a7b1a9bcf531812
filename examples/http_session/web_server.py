"""A small web service in front of FLARE systems, one realm each. Here the systems are simulated.

POST /<operation> with the headers Realm, Token and Arguments (JSON); the body is a job's zip on submission. The answer
is JSON, ``{"error": name or null, "value": ...}``, or a zip.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import tempfile
import threading
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flare_sim import Session, SimulatedServer, spec


class Realm:
    """One FLARE system behind the service, and what is wrong with the way to it.

    Attributes:
        server: the simulated server.
        down: connections are dropped without an answer.
        mad: every answer is nonsense.
    """

    def __init__(self, server: SimulatedServer) -> None:
        self.server = server
        self.down = False
        self.mad = False
        self._sessions: dict[str, Session] = {}
        self._logins = itertools.count(1)
        self._lock = threading.Lock()

    def forget_sessions(self) -> None:
        """Drop every login."""
        self._sessions.clear()

    def login(self, user: str) -> str:
        """Log a user in and return the token of the session."""
        session = self.server.connect(user)
        with self._lock:
            token = f"token-{next(self._logins)}-{user}"
            self._sessions[token] = session
        return token

    def session(self, token: str) -> Session:
        """The session of a token."""
        found = self._sessions.get(token)
        if found is None:
            raise spec.SessionClosed("not logged in")
        return found


class WebServer:
    """The service, listening on a free port of the loopback interface."""

    def __init__(self) -> None:
        self.realms: dict[str, Realm] = {}
        realms = self.realms

        class Handler(_Handler):
            def realm(self, name: str) -> Realm:
                return realms[name]

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.host, self.port = "127.0.0.1", self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def realm(self, name: str) -> Realm:
        raise NotImplementedError

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer one request."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        realm = self.realm(self.headers["Realm"])
        if realm.down:
            self.close_connection = True
            self.connection.close()
            return
        if realm.mad:
            self._send(b"<html>Internal Server Error</html>", "text/html", 500)
            return
        arguments = json.loads(self.headers["Arguments"])
        try:
            value = _OPERATIONS[self.path[1:]](realm, self.headers["Token"], content, arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client is told
            self._send_json(type(error).__name__, str(error))
            return
        if isinstance(value, bytes):
            self._send(value, "application/zip")
        else:
            self._send_json(None, value)

    def _send_json(self, error: str | None, value: Any) -> None:
        self._send(json.dumps({"error": error, "value": value}).encode(), "application/json")

    def _send(self, body: bytes, kind: str, code: int = 200) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


_Operation = Callable[[Realm, str, bytes, dict[str, Any]], Any]


def _on_session(act: Callable[..., Any]) -> _Operation:
    return lambda realm, token, content, arguments: act(realm.session(token), **arguments)


def _submit(realm: Realm, token: str, content: bytes, arguments: dict[str, Any]) -> str:
    session = realm.session(token)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "job.zip"
        path.write_bytes(content)
        return session.submit_job(str(path))


def _download(session: Session, job_id: str) -> str | bytes:
    location = session.download_job_result(job_id)
    if not os.path.isdir(location):
        return location
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(Path(location).rglob("*")):
            archive.write(path, path.relative_to(location))
    return content.getvalue()


def _info(session: Session) -> dict[str, Any]:
    info = session.get_system_info()
    return {
        "server": [info.server_info.status, info.server_info.start_time],
        "clients": [[client.name, client.last_connect_time] for client in info.client_info],
        "jobs": [[job.job_id, job.app_name] for job in info.job_info],
    }


_OPERATIONS: dict[str, _Operation] = {
    "login": lambda realm, token, content, arguments: realm.login(**arguments),
    "submit": _submit,
    "clone": _on_session(Session.clone_job),
    "meta": _on_session(Session.get_job_meta),
    "list": _on_session(Session.list_jobs),
    "download": _on_session(_download),
    "abort": _on_session(Session.abort_job),
    "delete": _on_session(Session.delete_job),
    "info": _on_session(_info),
}
