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
    print(mine.exists(), flush=True)  # what waits to be written would be the next child's, too
print(mine.parent)
"""


def test_a_forked_child_removes_them_only_if_it_took_them_over() -> None:
    """Which that of a watched run does, as its parent only waits; nothing is left at the end of them all."""
    done = subprocess.run([sys.executable, "-c", _FORKED], capture_output=True, text=True, check=True)
    *kept, root = done.stdout.split()

    assert kept == ["True", "False"]
    assert not os.path.exists(root)


_IN_MEMORY = """
import os, subprocess, sys, tempfile
from multiprocessing.util import get_temp_dir
from contract_tests.system.job_folders import job_folder
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.temporary_folders import in_memory, scratch

before = scratch(), job_folder(JobPlan())
with in_memory():
    places = [str(scratch()), job_folder(JobPlan()), tempfile.mkdtemp(), get_temp_dir()]
    ask = [sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"]
    places.append(subprocess.run(ask, capture_output=True, text=True).stdout.strip())
print(os.path.commonpath(places))
print(os.path.commonpath([tempfile.gettempdir(), scratch(), job_folder(JobPlan())]))
"""


@pytest.mark.parametrize("told", [False, True])
def test_temporary_folders_can_be_in_memory(tmp_path: Path, told: bool) -> None:
    """All of them, those of children too, unless TMPDIR says where they belong; nothing is left at the end."""
    environment = {name: value for name, value in os.environ.items() if name != "TMPDIR"}
    environment |= {"TMPDIR": str(tmp_path)} if told else {}
    done = subprocess.run(
        [sys.executable, "-c", _IN_MEMORY], capture_output=True, text=True, check=True, env=environment
    )
    meanwhile, afterwards = done.stdout.split()

    if told or not os.access("/dev/shm", os.W_OK):
        assert meanwhile == afterwards
    else:
        assert meanwhile.startswith("/dev/shm/flare-contract-")
        assert not os.path.exists(meanwhile)
        assert not afterwards.startswith("/dev/shm")
    assert done.stderr == ""


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
