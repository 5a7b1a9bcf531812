"""Temporary folders: a fresh one for whoever asks, and what is written once is whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.system.bad_definitions import bad_job
from contract_tests.system.job_folders import job_folder
from contract_tests.system.job_plan import BadJob, JobPlan
from contract_tests.system.temporary_folders import clear, inside, scratch
from flare_sim import InvalidJobDefinition


def test_scratch_folders_are_ones_own() -> None:
    """Two calls give two empty folders."""
    first, second = scratch(), scratch()

    assert first != second
    assert list(first.iterdir()) == list(second.iterdir()) == []


def test_scratch_folders_can_be_removed_early() -> None:
    """And nothing else is: the folders of plans are for everybody, and go on being given out."""
    kept, mine, own = job_folder(JobPlan()), scratch(), job_folder(JobPlan(), fresh=True)

    clear()

    assert os.path.isdir(kept)
    assert not mine.exists()
    assert not os.path.exists(own)
    assert job_folder(JobPlan()) == kept


def test_a_working_directory_is_left_again(tmp_path: Path) -> None:
    """Also when what was done inside has failed."""
    before = os.getcwd()

    with inside(str(tmp_path)):
        found = os.getcwd()
    with pytest.raises(InvalidJobDefinition), inside(str(tmp_path)):
        raise InvalidJobDefinition

    assert found == str(tmp_path)
    assert os.getcwd() == before


_FORKED = """
import os, sys
from contract_tests.system.temporary_folders import scratch, take_over

mine = scratch()
for takes_over in (False, True):
    if os.fork() == 0:
        theirs = scratch()
        if takes_over:
            take_over()
        sys.exit()
    os.wait()
    print(mine.exists())
print(mine.parent)
"""


def test_a_forked_child_removes_them_only_if_it_took_them_over() -> None:
    """Which that of a watched run does, as its parent only waits; nothing is left at the end of them all."""
    done = subprocess.run([sys.executable, "-c", _FORKED], capture_output=True, text=True, check=True)
    *kept, root = done.stdout.split()

    assert kept == ["True", "False"]
    assert not os.path.exists(root)


def _damage(folder: Path, how: str) -> None:
    meta = folder / "meta.json"
    if how == "rewrites a file":
        meta.write_bytes(b"x" * meta.stat().st_size)
    elif how == "adds a file":
        (folder / "app" / "log.txt").touch()
    elif how == "removes the folder":
        shutil.rmtree(folder)
    else:
        meta.chmod(0o200)


@pytest.mark.parametrize("how", ["rewrites a file", "adds a file", "removes the folder", "makes a file unreadable"])
@pytest.mark.parametrize("bad", [False, True], ids=["good job", "bad job"])
def test_a_folder_that_a_system_has_changed_is_written_anew(how: str, bad: bool) -> None:
    """What one session does to the folder it was given is no trouble of the next."""

    def given() -> Path:
        return Path(str(bad_job(BadJob("no-deploy-map")))) if bad else Path(job_folder(JobPlan(name=f"for {how}")))

    damaged = given()
    content = (damaged / "meta.json").read_bytes()
    _damage(damaged, how)

    assert given() != damaged
    assert (given() / "meta.json").read_bytes() == content
    assert [path.name for path in sorted((given() / "app").iterdir())] == ["config"]
    assert given() == given()
