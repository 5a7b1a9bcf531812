"""A scheduler and workers on this machine, as processes that a test starts, and may kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.project.tree import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Cluster:
    """A scheduler, and the workers that were added to it.

    Attributes:
        address: the scheduler's.
        workers: their processes; one with a nanny is begun again when it dies.
    """

    def __init__(self, folder: Path, **config: str) -> None:
        self._file = folder / "scheduler.json"
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            **{f"DASK_DISTRIBUTED__{name}": value for name, value in config.items()},
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._begun("scheduler", "--host", "127.0.0.1", "--port", "0")
        while not self._file.is_file():
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.address: str = json.loads(self._file.read_text(encoding="utf-8"))["address"]

    def add(self, *, nanny: bool = False, threads: int = 1) -> subprocess.Popen[bytes]:
        """Add a worker."""
        kind = "--nanny" if nanny else "--no-nanny"
        self.workers.append(self._begun("worker", kind, "--nthreads", str(threads)))
        return self.workers[-1]

    def close(self) -> None:
        """End all of it."""
        for process in (*self.workers, self.scheduler):
            process.terminate()
            try:
                process.wait(5.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _begun(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        module = f"distributed.cli.dask_{what}"
        fixed = ["--scheduler-file", str(self._file), "--no-dashboard"]
        return subprocess.Popen(
            [sys.executable, "-m", module, *fixed, *options],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers that no test ends; one of them has two threads."""
    cluster = Cluster(tmp_path_factory.mktemp("shared"))
    cluster.add()
    cluster.add(threads=2)
    yield cluster
    cluster.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers, which gives up on what a worker dies of at once."""
    cluster = Cluster(tmp_path, SCHEDULER__ALLOWED_FAILURES="0")
    yield cluster
    cluster.close()
