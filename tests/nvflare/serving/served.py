"""A system that is served from another process, and its clients: NVFLARE's own, in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

from contract_tests.system.watchdog import limit
from tests.project.tree import ROOT

ADMIN = "admin@nvidia.com"
LONG = 60
"""Seconds after which whatever is waited for does not come any more."""


class Served:
    """A process of ``flare-sim serve`` that answers."""

    def __init__(self, process: subprocess.Popen[str], ready: Path) -> None:
        self.process = process
        self._ready = ready
        told: dict[str, Any] = json.loads(ready.read_text())
        self.port: int = told["port"]
        self.kits: dict[str, str] = told["kits"]
        self.told = told

    def connect(self, user: str = ADMIN) -> Any:
        """Open a session in this process, which is another one than the server's."""
        return connected(user, self.kits[user])

    def nvflare(self, *words: str, user: str = ADMIN) -> subprocess.CompletedProcess[str]:
        """Run NVFLARE's own command, with a user's kit."""
        command = os.path.join(os.path.dirname(sys.executable), "nvflare")
        return _run([command, *words], {"NVFLARE_STARTUP_KIT_DIR": self.kits[user]})

    def said(self) -> list[str]:
        """The lines that it says when it is ready."""
        assert self.process.stdout is not None
        return [*iter(self.process.stdout.readline, "Ctrl-C ends it.\n")]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(LONG)


def connected(user: str, kit: str) -> Any:
    """Open a session of NVFLARE's that gets in.

    One that gives up while its connection is made waits for the end of that for ever, as it closes.
    """
    from nvflare.fuel.flare_api.flare_api import new_secure_session

    with limit(LONG):
        return new_secure_session(user, kit)


def refusal(user: str, kit: str, timeout: float = 2) -> str:
    """The name of what opening a session raises, or its first call (2.7), in another process, as it tries for ever."""
    program = """
        import os, sys
        from nvflare.fuel.flare_api.flare_api import new_secure_session

        try:
            new_secure_session(*sys.argv[1:3], timeout=float(sys.argv[3])).list_jobs()
        except Exception as problem:
            print(type(problem).__name__, flush=True)
        os._exit(0)
        """
    return run_python(program, user, kit, str(timeout)).stdout.splitlines()[-1]


def run_shell(*lines: str) -> subprocess.CompletedProcess[str]:
    """Run lines in a shell that finds the commands of this Python first."""
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    return _run(["bash", "-e", "-c", "\n".join(lines)], {"PATH": path})


def run_python(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process that knows nothing of this project, unless its environment says where it is."""
    return _run([sys.executable, "-c", dedent(program), *arguments], environment)


def _run(command: list[str], more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    # NVFLARE keeps settings at home; nobody's are to count here, or to be changed.
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "PYTHONPATH": "", "COLUMNS": "200", **(more or {})}
        return subprocess.run(
            command, env=environment, cwd=home, capture_output=True, text=True, check=False, timeout=LONG
        )


@contextmanager
def serve(folder: Path, *options: str, port: int = 0) -> Iterator[Served]:
    """Serve a system while the block lasts; ``folder`` is where its temporary files go."""
    with started(folder, *options, port=port) as process:
        ready = folder / "ready.json"
        _wait_for(process, ready)
        yield Served(process, ready)


@contextmanager
def started(folder: Path, *options: str, port: int = 0) -> Iterator[subprocess.Popen[str]]:
    """Begin to serve a system, whatever comes of it."""
    command = [sys.executable, "-m", "flare_sim", "serve", "--port", str(port)]
    command += ["--ready-file", str(folder / "ready.json"), *options]
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_for(process: subprocess.Popen[str], ready: Path) -> None:
    until = time.monotonic() + LONG
    while not ready.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


class Hosted:
    """A process in which a test has a service of its own, and can do things to its server meanwhile."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.kits: dict[str, str] = self.do("service.kits")
        self.port: int = self.do("service.address.port")

    def do(self, expression: str) -> Any:
        """Evaluate a line there, with ``server`` and ``service``; returns its value, which is plain."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{expression}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def connect(self, user: str = ADMIN) -> Any:
        """Open a session in this process."""
        return connected(user, self.kits[user])


@contextmanager
def hosted(folder: Path, server: str = "SimulatedServer(clock=ScaledClock(40))") -> Iterator[Hosted]:
    """Have a service in another process while the block lasts; it leaves nothing in ``folder``, and no thread."""
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _HOST.replace("SERVER", server)]
    with subprocess.Popen(
        command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        try:
            yield Hosted(process)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(LONG) == 0
        finally:
            process.kill()


_HOST = """
import json, logging, sys, threading, time
from flare_sim import JobBehavior, ScaledClock, SimulatedServer, User
from flare_sim.serving import Service

logging.disable()
before = {thread.name for thread in threading.enumerate() if not thread.daemon}
with SERVER as server:
    with Service(server, port=0) as service:
        for line in sys.stdin:
            print(json.dumps(eval(line)), flush=True)
"""
