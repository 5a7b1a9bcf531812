"""Processes that are started inside ``offline``: on a copy of the server, or not offline, which they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.nvflare.jobs import ROOT

SCRIPT = """
import multiprocessing, sys
from concurrent.futures import ProcessPoolExecutor

from nvflare.fuel.flare_api.flare_api import new_secure_session


def work(own):
    if own:
        from flare_sim.nvflare import offline

        with offline():
            return len(submitted(new_secure_session("admin@nvidia.com", "kit")).list_jobs())
    return len(submitted(new_secure_session("admin@nvidia.com", "kit")).list_jobs())


def nothing(number):
    return number + 1


def submitted(session):
    session.submit_job(sys.argv[1])
    return session


if __name__ == "__main__":
    session = submitted(new_secure_session("admin@nvidia.com", "kit"))
    pool = ProcessPoolExecutor(1, multiprocessing.get_context(sys.argv[2]))
    with pool:
        print(pool.submit(nothing, 1).result())
        for own in (True, False):
            try:
                print(pool.submit(work, own).result())
            except Exception as problem:
                print(f"{type(problem).__name__}: {problem}"[:66])
    print(len(session.list_jobs()))
"""
REFUSED = "NotOffline: this process was started inside offline(), and is not "


@pytest.mark.parametrize(
    ("method", "told"),
    [("fork", ["2", "1", "2", "1"]), ("spawn", ["2", "1", REFUSED, "1"]), ("forkserver", ["2", "1", REFUSED, "1"])],
)
def test_a_process_is_on_a_copy_or_says_that_it_is_not_offline(method: str, told: list[str], tmp_path: Path) -> None:
    """One that opens no session works as ever, one may be offline by itself, and none changes anything here."""
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, "-m", "flare_sim", "run-script", str(path), str(ROOT / "examples" / "hello-job"), method]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)

    assert done.stdout.splitlines() == told, done.stderr
    assert done.returncode == 0
