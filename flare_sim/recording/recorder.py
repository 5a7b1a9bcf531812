"""The recorder: a file into which the calls of any number of sessions go."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from flare_sim.clock import SystemClock
from flare_sim.config import checked_clock
from flare_sim.recording.job_copies import LARGEST_JOB
from flare_sim.recording.notes import Notes
from flare_sim.recording.recorded_session import clock_of, in_front
from flare_sim.recording.recording import VERSION
from flare_sim.untrusted_values import plain_number, plain_path, shown

if TYPE_CHECKING:
    from os import PathLike
    from types import TracebackType

    from flare_sim.clock import Clock

__all__ = ["Recorder", "record"]

_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def record(
    session: Any, file: str | PathLike[str] | Recorder, *, user: str | None = None, clock: Clock | None = None
) -> Any:
    """Return a session that does what another one does, and takes every call of the interface down in a file.

    It is a context manager that closes the session and the file.  Arguments, returned values and exceptions are those
    of the other session, whose other attributes are handed on; ``isinstance`` says of it what it says of that.

    Args:
        session: any implementation of the interface: one of a simulated server, NVFLARE's own on a real one, another.
        file: where it goes, written over if it is there; or a ``Recorder``, for several sessions in one file.
        user: who the session is for; need not be said of sessions of NVFLARE's and of this package's.
        clock: what times are taken from; that of a simulated server, the machine's for another, unless given.

    Raises:
        ValueError: an argument makes no sense.
        OSError: the file can't be written.

    Example:
        >>> with record(new_secure_session("admin@nvidia.com", kit), "calls.jsonl") as session:  # doctest: +SKIP
        ...     session.monitor_job(session.submit_job("jobs/hello-pt"))
    """
    if isinstance(file, Recorder):
        return file.record(session, user)
    recorder = Recorder(file, clock=clock_of(session) if clock is None else clock)
    try:
        return in_front(session, recorder.notes, user, recorder.close)
    except BaseException:
        recorder.close()
        raise


class Recorder:
    """A file of JSON lines that the calls of sessions are taken down in; a context manager that closes it.

    What happens to the file never happens to a call: one that can't be written is lost, with all that come after it,
    and ``close`` says so.

    Args:
        file: where it goes; what is there is written over.
        clock: what times are taken from; the machine's unless given.
        largest_job: of each job that is submitted so many bytes are kept at most, small files first, 1 MiB unless told
            otherwise.  Files that may hold secrets are never kept, nor is anything of a startup kit.

    Attributes:
        notes: what takes calls down.

    Raises:
        ValueError: an argument makes no sense.
        OSError: the file can't be written.

    Example:
        >>> with Recorder("calls.jsonl") as recorder:  # doctest: +SKIP
        ...     alice, bob = recorder.record(session_of_alice), recorder.record(session_of_bob)
    """

    def __init__(
        self, file: str | PathLike[str], *, clock: Clock | None = None, largest_job: int = LARGEST_JOB
    ) -> None:
        import flare_sim

        path, largest = plain_path(file), plain_number(largest_job)
        if not path:
            raise ValueError(f"file must be the path of a file, not {shown(file)}")
        if type(largest) is not int or largest < 0:
            raise ValueError(f"largest_job must be a whole number of bytes, not {shown(largest_job)}")
        self.notes = Notes(self._tell, SystemClock() if clock is None else checked_clock(clock), largest)
        self._problem: OSError | None = None
        self._file: int | None = os.open(path, _ANEW, 0o666)
        self._tell({"recording": VERSION, "by": f"flare-sim {flare_sim.__version__}", "started": self.notes.started})

    def record(self, session: Any, user: str | None = None) -> Any:
        """Return a session that does what another one does, and takes it down.

        Args:
            session: any implementation of the interface, NVFLARE's own or another.
            user: who it is for; need not be said of sessions of NVFLARE's and of this package's.

        Raises:
            ValueError: no session, or nobody's name.
        """
        return in_front(session, self.notes, user)

    def close(self) -> None:
        """Close the file.  Calls that are made afterwards are not taken down.

        Raises:
            OSError: not all could be written.
        """
        problem, self._problem = self._problem, None
        file, self._file = self._file, None
        if file is not None:
            os.close(file)
        if problem is not None:
            raise problem

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:  # every line is there: nothing is lost with it
            os.close(self._file)  # type: ignore[arg-type]

    def _tell(self, line: dict[str, Any]) -> None:
        if self._file is None or self._problem is not None:
            return
        try:
            self._write(self._file, json.dumps(line, separators=(",", ":")).encode() + b"\n")
        except OSError as problem:
            self._problem = problem

    @staticmethod
    def _write(file: int, content: bytes) -> None:
        while content:
            content = content[os.write(file, content) :]
