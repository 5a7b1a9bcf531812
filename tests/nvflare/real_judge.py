"""The installed release of NVFLARE as the judge of a job folder: the way of a submission, without a network.

The folder goes through what a real submission runs: the client's ``submit_job``, its zip function, the server's command
with its conversion and validator, and the job manager that makes the meta.  Only what stores and sends is a stand-in.
"""

from __future__ import annotations

import inspect
import json
import logging
import tempfile
from base64 import b64encode
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.job_def_manager import SimpleJobDefManager
from nvflare.fuel.flare_api.api_spec import InvalidJobDefinition
from nvflare.fuel.flare_api.flare_api import Session
from nvflare.fuel.hci.server.constants import ConnProps
from nvflare.fuel.utils.zip_utils import split_path, zip_directory_to_bytes
from nvflare.private.fed.server.job_cmds import JobCommandModule
from nvflare.security.logging import secure_format_exception

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ADDED", "RealVerdict", "real_verdict"]

ADDED = (
    "data_storage_format",
    "duration",
    "start_time",
    "status",
    "study",
    "submit_time",
    "submit_time_iso",
    "submitter_name",
    "submitter_org",
    "submitter_role",
)
"""What a server writes into every meta."""
_SENDS_TEXT = "args[2]" in inspect.getsource(JobCommandModule.submit_job)
"""Whether the zip file travels as text (2.3), rather than as a file."""


class RealVerdict(NamedTuple):
    """What the release makes of a job."""

    status: str
    """How the command went, in NVFLARE's words; ``"client"`` when the client does not send the job."""
    text: str
    """Why."""
    meta: dict[str, Any] | None = None
    """The meta of the job that was made."""


def real_verdict(folder: Path) -> RealVerdict:
    """Judge a job folder."""
    try:
        sent = _sent(folder)
    except InvalidJobDefinition as problem:
        return RealVerdict("client", str(problem))
    name = split_path(sent)[1]
    try:
        content = zip_directory_to_bytes(tempfile.gettempdir(), sent)
    except OSError as problem:  # of a link that leads nowhere
        return RealVerdict("client", str(problem))
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        connection = _Connection(file.name)
        args = ["submit_job", name, *([b64encode(content).decode()] if _SENDS_TEXT else [])]
        logging.disable(logging.CRITICAL)
        try:
            JobCommandModule().submit_job(connection, args)
        except Exception as problem:  # noqa: BLE001  (as fuel/hci/server/reg.py does)
            return RealVerdict("error", f"Exception Occurred: {secure_format_exception(problem)}")
        finally:
            logging.disable(logging.NOTSET)
    return connection.verdict()


def _sent(folder: Path) -> str:
    """The path that the client sends a folder from, when it does."""
    session = Session.__new__(Session)
    session.upload_dir = tempfile.gettempdir()
    session._do_command = lambda *_, **__: {"meta": {"job_id": "any"}}
    Session.submit_job(session, str(folder))
    return str(folder)


class _Store:
    """Keeps nothing."""

    def create_object(self, uri: str, data: Any, meta: dict[str, Any], overwrite_existing: bool = False) -> None:
        """Write the meta as the real store does."""
        json.dumps(meta)


class _Manager(SimpleJobDefManager):  # type: ignore[misc]
    def __init__(self) -> None:
        self.uri_root = "jobs"
        self.meta: dict[str, Any] | None = None

    def _get_job_store(self, fl_ctx: FLContext) -> _Store:
        return _Store()

    def create(self, meta: dict[str, Any], *args: Any) -> dict[str, Any]:
        made: dict[str, Any] = super().create(meta, *args)
        self.meta = json.loads(json.dumps(made))  # as the real store does
        return made


class _Engine:
    def __init__(self) -> None:
        self.job_def_manager = _Manager()

    @contextmanager
    def new_context(self) -> Iterator[FLContext]:
        yield FLContext()

    def fire_event(self, *_: Any) -> None:
        """Tell nobody."""


class _Connection:
    """What a server's command knows of who called it, and what it answers."""

    def __init__(self, file: str) -> None:
        self.app_ctx = _Engine()
        self.meta: dict[str, Any] = {}
        self.extra = file  # where 2.5 and 2.6 look
        self._props = {
            ConnProps.USER_NAME: "admin",
            ConnProps.USER_ORG: "nvidia",
            ConnProps.USER_ROLE: "lead",
            getattr(ConnProps, "FILE_LOCATION", "file"): file,
        }

    def get_prop(self, name: str, default: Any = None) -> Any:
        return self._props.get(name, default)

    def append_string(self, _: str, meta: dict[str, Any] | None = None) -> None:
        self.meta.update(meta or {})

    append_error = append_success = append_string

    def verdict(self) -> RealVerdict:
        return RealVerdict(self.meta["status"], self.meta.get("info") or "", self.app_ctx.job_def_manager.meta)
