"""The port's client: controls a server in another process."""

from __future__ import annotations

import json
import os
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from flare_sim.control.operations import OPERATIONS
from flare_sim.disk.opening import open_regular

__all__ = ["ENVIRONMENT", "Control", "ControlError"]

ENVIRONMENT = "FLARE_SIM_CONTROL"
"""The environment variable that names the file of a port."""
_MOST_BYTES = 10_000
"""No such file is larger."""


class ControlError(Exception):
    """A server could not be controlled, or refused what was asked for.

    Attributes:
        kind: the name of what it raised, such as ``ValueError``; ``""`` when it was not reached.
    """

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class Control:
    """Controls a server in another process.  Every operation of ``OPERATIONS`` is a method with named arguments.

    Args:
        url: where the port is.
        token: what lets one in.
        timeout: how many seconds to wait for an answer.

    Raises:
        ValueError: ``url`` is none.

    Example:
        >>> control = Control.from_file("kits/control.json")  # doctest: +SKIP
        >>> control.advance(seconds=60)  # doctest: +SKIP
        1767225660.0
        >>> control.fault("partition", lasting=30)  # doctest: +SKIP
        '<Faults: partitioned; to come: repair() in 30.0 s>'
    """

    def __init__(self, url: str, token: str, timeout: float = 60.0) -> None:
        parts = urlsplit(str(url))
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise ValueError(f"{url!r} is no address of a control port, such as http://127.0.0.1:8003")
        self._place = parts.hostname, parts.port
        self._token = token
        self._timeout = timeout

    @classmethod
    def from_file(cls, path: str | os.PathLike[str] | None = None) -> Control:
        """Return the control of the server whose port wrote a file; that of ``FLARE_SIM_CONTROL`` unless given.

        Raises:
            ControlError: there is no such file, or it says nothing of the kind.
        """
        named = path or os.environ.get(ENVIRONMENT)
        if not named:
            raise ControlError(f"no control file is named, and {ENVIRONMENT} names none")
        try:
            with open(open_regular(os.fspath(named))[0], "rb") as file:
                said = json.loads(file.read(_MOST_BYTES))
            return cls(said["url"], said["token"])
        except OSError as problem:
            raise ControlError(f"{named} can't be read: {problem.strerror or problem}") from None
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ControlError(f"{named} is no file of a control port") from None

    def call(self, name: str, /, **arguments: Any) -> Any:
        """Have something done, and return what is told.

        Raises:
            ControlError: there is no such operation, nobody is there, or it is refused; the message says why.
        """
        if name not in OPERATIONS:
            raise ControlError(f"there is no {name!r}; there are {', '.join(OPERATIONS)}")
        connection = HTTPConnection(*self._place, timeout=self._timeout)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", f"/{name}", json.dumps(arguments), headers)
            told = json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError) as problem:
            where = f"{self._place[0]}:{self._place[1]}"
            raise ControlError(f"no server answers at {where}: {str(problem) or type(problem).__name__}") from None
        finally:
            connection.close()
        if "error" in told:
            raise ControlError(told["error"]["message"], told["error"]["type"])
        return told["result"]

    def fault(self, fault: str, **told: Any) -> str:
        """Break or mend something, by a verb of ``Faults`` with its arguments; returns all faults there are then.

        Raises:
            ControlError: it is refused, or nobody is there.
        """
        faults: str = self.call("fault", fault=fault, **told)
        return faults

    def __getattr__(self, name: str) -> Any:
        if name not in OPERATIONS:
            raise AttributeError(f"there is no {name!r}; there are {', '.join(OPERATIONS)}")
        return lambda **arguments: self.call(name, **arguments)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *OPERATIONS})

    def __repr__(self) -> str:
        return f"Control('http://{self._place[0]}:{self._place[1]}')"
