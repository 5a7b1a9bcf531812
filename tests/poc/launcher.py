"""Prepares, starts and stops a POC system of the installed NVFLARE, on this machine's loopback address alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from tests.poc import guard, processes
from tests.poc.door import Door, free_ports
from tests.poc.releases import CLIENTS, RELEASES, ROLES, Release, project_text

ROOT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 120.0
_TAIL: Final = 2000


class CannotStart(Exception):
    """The live system can't be started; the text says why, and ends with its logs."""


def environment(release: Release, folder: Path) -> dict[str, str]:
    """The environment of all that is started: NVFLARE's files stay below the folder, Python is this one."""
    kept = {name: value for name, value in os.environ.items() if name in ("LANG", "LC_ALL", "TMPDIR", "TZ")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    made = {**kept, "PATH": path, "HOME": str(folder / "home"), processes.VARIABLE: str(folder / "poc")}
    if release.constrained:
        made["PYTHONPATH"] = str(Path(__file__).parent / "loopback")
    return made


class Poc:
    """A live system: a server and two clients, in a workspace of its own.

    Attributes:
        release: the release of NVFLARE.
        folder: what it writes, the workspace of NVFLARE included; removed when the system is stopped.
        workspace: that workspace.
        door: what sessions come in through.

    Raises:
        CannotStart: it does not come up, or listens where it could be reached from outside this machine.
    """

    def __init__(self, number: str, *, seconds: float = 3600.0, logs: Path = Path("poc-logs")) -> None:
        self.release = RELEASES[number]
        self.folder = Path(tempfile.mkdtemp(prefix="flare-poc-")).resolve()
        self.workspace = self.folder / "poc"
        self._environment = environment(self.release, self.folder)
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "tests.poc.guard", str(self.folder), str(seconds), str(logs.resolve())],
            stdin=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            self._ports = free_ports(self.release.ports)
            self.door = Door(self._ports[-1])
            self._bring_up()
        except BaseException:
            self.stop(done=False)
            raise

    def _bring_up(self) -> None:
        home = self.folder / "home"
        home.mkdir()
        if self.release.project:
            (home / self.release.project).write_text(project_text(self._ports[0], ROLES), encoding="utf-8")
        (prepare, typed), (start, _) = self.release.commands
        self._nvflare(prepare, typed)
        self.release.rewrite(self.kits, self._ports, self.door.port)
        self._nvflare(start, "")
        self._wait()

    @property
    def kits(self) -> Path:
        """The folder of the startup kits."""
        return self.workspace / self.release.kits

    def kit(self, user: str) -> str:
        """The path of a user's startup kit."""
        return str(self.kits / user)

    def _nvflare(self, arguments: tuple[str, ...], typed: str) -> None:
        """Run an ``nvflare`` command; what it starts goes on when it is through."""
        command = [str(Path(sys.executable).parent / "nvflare"), *arguments]
        log = self.folder / "home" / f"{'-'.join(arguments[:2]).replace('--', '')}.log"
        with log.open("w") as out:
            told = subprocess.Popen(
                command,
                env=self._environment,
                cwd=self.folder / "home",
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                told.communicate(typed.encode(), timeout=START_SECONDS)
            except subprocess.TimeoutExpired:
                raise self._trouble(f"nvflare {' '.join(arguments)} does not end") from None
        if told.returncode:
            raise self._trouble(f"nvflare {' '.join(arguments)} ended with {told.returncode}")

    def _wait(self) -> None:
        """Wait until the server answers and both clients are there, then look where it listens."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                session = self.session(self.release.users[0], timeout=5.0)
                try:
                    if len(session.get_system_info().client_info) == len(CLIENTS):
                        break
                finally:
                    session.close()
            except Exception as error:
                if time.monotonic() > end:
                    raise self._trouble(f"the server does not answer: {error}") from error
            if time.monotonic() > end:
                raise self._trouble("not all clients are there")
            time.sleep(0.5)
        self.check_addresses()

    def check_addresses(self) -> None:
        """Look where the system listens.

        Raises:
            CannotStart: it could be reached from outside this machine.
        """
        if exposed := processes.exposed(self.workspace):
            raise CannotStart(f"it listens on {', '.join(exposed)}")

    def session(self, user: str, timeout: float = 10.0) -> Any:
        """A new session of a user, made by NVFLARE's own function."""
        from nvflare.fuel.flare_api import flare_api

        if self.release.secure:
            return flare_api.new_secure_session(user, self.kit(user), timeout=timeout)
        return flare_api.new_insecure_session(self.kit(user), timeout=timeout)

    def stored(self, job_id: str) -> tuple[str, ...]:
        """What is in the server's store of jobs for one of them."""
        folder = self.workspace / "jobs-storage" / job_id
        return tuple(sorted(str(path.relative_to(folder)) for path in folder.rglob("*")))

    def crashes(self) -> int:
        """How many threads of the server and the clients have died of an exception so far, by their logs."""
        logs = (log.read_text(encoding="utf-8", errors="replace") for log in guard.logs(self.folder))
        return sum(text.count("Exception in thread") for text in logs)

    def _trouble(self, why: str) -> CannotStart:
        tails = [f"--- {log.relative_to(self.folder)}\n{_tail(log)}" for log in guard.logs(self.folder)]
        return CannotStart("\n".join([why, *tails]))

    def stop(self, *, done: bool = True) -> None:
        """Stop everything and remove the workspace; unless all is ``done`` as it should be the logs are kept."""
        assert self._guard.stdin is not None
        if self._guard.stdin.closed:
            return
        if done:
            self._guard.stdin.write(guard.DONE)
        self._guard.stdin.close()
        self._guard.wait()


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]
