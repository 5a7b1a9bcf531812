"""A system that is served from a process of its own, which is begun and ended here, and controlled from here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from flare_sim.control.client import Control, ControlError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ServedSystem", "served"]

_PATIENCE = 60.0
"""Seconds in which a server is ready, or never."""
_GRACE = 20.0
"""Seconds in which it ends when it is asked to."""


class ServedSystem(NamedTuple):
    """A system that clients of NVFLARE reach from any process of this machine."""

    host: str
    """Where it is,"""
    port: int
    """and at which port."""
    kits: dict[str, str]
    """The folders of the startup kits, by the name of the user."""
    control: Control
    """What controls it."""


@contextmanager
def served(*options: str) -> Iterator[ServedSystem]:
    """Serve a system from a process of its own while the block lasts; nothing is left of it.

    Args:
        options: of ``flare-sim serve``, such as ``"--clients", "5"``; the port is one that is free.

    Raises:
        ControlError: it does not begin to answer; the message has what it says.

    Example:
        >>> with served("--speed", "60") as system:  # doctest: +SKIP
        ...     system.control.fault("partition", lasting=30)
    """
    with tempfile.TemporaryDirectory(prefix="flare-sim-") as folder:
        ready, control = os.path.join(folder, "ready.json"), os.path.join(folder, "control.json")
        words = ("serve", "--port", "0", "--ready-file", ready, "--control-file", control, "--until-eof")
        said = os.path.join(folder, "said")
        with open(said, "wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "flare_sim", *words, *options],
                stdin=subprocess.PIPE,  # whatever ends this process closes it, and so ends that one
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "TMPDIR": folder},
            )
        try:
            _wait_for(ready, process, said)
            with open(ready, encoding="utf-8") as file:
                told = json.load(file)
            yield ServedSystem(told["host"], told["port"], told["kits"], Control.from_file(control))
        finally:
            _end(process)


def _wait_for(ready: str, process: subprocess.Popen[bytes], said: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not os.path.exists(ready):
        ended = process.poll() is not None
        if ended or time.monotonic() > until:
            with open(said, encoding="utf-8", errors="replace") as file:
                told = file.read().strip()
            why = f"it ended with {process.returncode}" if ended else f"it is not ready after {_PATIENCE:.0f} s"
            raise ControlError(f"flare-sim serve does not answer: {why}\n{told}".rstrip())
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
