"""Folders that go with their owner, private, and removed by nobody but the process that made them."""

from __future__ import annotations

import gc
import json
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from flare_sim import InternalError, NoConnection
from flare_sim.temporary_folders import Folders


class Owner:
    """Somebody with folders."""


@pytest.fixture
def owner() -> Owner:
    """Somebody who lives as long as the test."""
    return Owner()


@pytest.fixture
def folders(owner: Owner) -> Folders:
    """The owner's folders."""
    return Folders(owner)


def mode(path: str) -> int:
    """Who may do what with it."""
    return stat.S_IMODE(os.stat(path).st_mode)


def test_a_folder_is_the_same_whenever_it_is_asked_for(owner: Owner, folders: Folders) -> None:
    """It is there, also when somebody removed it, and apart from those of other names and owners."""
    first = folders.named("downloads")
    os.rmdir(first)

    assert folders.named("downloads") == first
    assert os.path.isdir(first)
    assert len({first, folders.named("uploads"), Folders(owner).named("downloads")}) == 3


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_they_are_private_when_they_come_back_too(folders: Folders, umask: int) -> None:
    """Whatever the process lets others do with its files, and after somebody cleaned up."""
    before = os.umask(umask)
    try:
        first = folders.named("downloads")
        modes = [mode(first), mode(os.path.dirname(first))]
        os.rmdir(first)
        os.rmdir(os.path.dirname(first))
        assert folders.named("downloads") == first
        assert [*modes, mode(first), mode(os.path.dirname(first))] == [0o700] * 4
    finally:
        os.umask(before)


@pytest.mark.parametrize("which", ["the folder", "the one it is in"])
@pytest.mark.parametrize("what", ["a link", "a file", "another folder"])
def test_what_is_put_in_their_place_is_not_used_and_not_removed(
    tmp_path: Path, folders: Folders, which: str, what: str
) -> None:
    """Nothing is written to where somebody else leads, and nothing of theirs goes with the owner."""
    first = folders.named("downloads")
    replaced = first if which == "the folder" else os.path.dirname(first)
    os.rename(replaced, tmp_path / "moved")
    theirs = tmp_path / "theirs"
    (theirs / "downloads").mkdir(parents=True)
    if what == "a link":
        os.symlink(theirs, replaced)
    elif what == "a file":
        Path(replaced).write_text("theirs")
    else:
        os.rename(theirs, replaced)
    if what == "another folder" and which == "the folder":
        assert folders.named("downloads") == first  # in a folder that is nobody else's
        return

    with pytest.raises(InternalError, match="the server has no temporary folder: something else was put in its place"):
        folders.named("downloads")
    folders.remove()
    assert os.path.isdir(theirs / "downloads") or os.path.isdir(os.path.join(replaced, "downloads"))


def test_removing_takes_what_is_in_them_and_may_be_done_again(tmp_path: Path, folders: Folders) -> None:
    """No file is left of any of them, however deep or protected it is; of a link goes the link alone."""
    (tmp_path / "theirs.txt").write_text("theirs")
    folder = folders.named("downloads")
    os.symlink(tmp_path, os.path.join(folder, "link"))
    os.makedirs(os.path.join(folder, *["d"] * 500))
    os.makedirs(os.path.join(folder, "locked"))
    Path(folder, "locked", "result.txt").write_text("done")
    os.chmod(os.path.join(folder, "locked"), 0o500)

    folders.remove()
    folders.remove()

    assert not os.path.exists(os.path.dirname(folder))
    assert (tmp_path / "theirs.txt").read_text() == "theirs"
    with pytest.raises(NoConnection, match="its folders are gone"):
        folders.named("downloads")
    assert not os.path.exists(os.path.dirname(folder))


def test_they_go_with_their_owner() -> None:
    """They don't keep it alive, and are gone when it is."""
    owner = Owner()
    folder = Folders(owner).named("downloads")

    del owner
    gc.collect()

    assert not os.path.exists(folder)


@pytest.mark.parametrize("place", ["missing", "file"])
def test_where_no_temporary_folder_can_be_had_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folders: Folders, place: str
) -> None:
    """With the reason."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / place))

    with pytest.raises(InternalError, match="the server has no temporary folder: n"):
        folders.named("downloads")


PROCESSES = """
    import gc, json, multiprocessing, os, sys
    from flare_sim import SimulatedServer
    from flare_sim.jobs.definition import JobDefinition

    meta = '{"deploy_map": {"app": ["@ALL"]}}'
    config = {f"app/config/config_fed_{name}.json": "{}" for name in ("server", "client")}
    keep = []

    def download(server, **behavior):
        session = server.connect()
        job = session.submit_definition(JobDefinition.from_files({"meta.json": meta, **config}, **behavior))
        session.monitor_job(job)
        return session.download_job_result(job)

    def in_a_child(act):
        '''What a forked child says.'''
        ours, theirs = os.pipe()
        if os.fork() == 0:
            os.write(theirs, json.dumps(act()).encode())
            os.close(theirs)
            os.close(1)
            sys.exit()
        os.close(theirs)
        told = os.read(ours, 10000)
        os.wait()
        return json.loads(told)

    def worker(_):
        keep.append(SimulatedServer())
        return download(keep[-1])

    def main():
        server = SimulatedServer()
        folder = download(server)
        told = {}
        told["exit"] = (in_a_child(lambda: 1), os.path.isdir(folder))[1]
        told["close"] = (in_a_child(server.close), os.path.isdir(folder))[1]
        held = [SimulatedServer()]
        other = download(held[0])
        told["garbage"] = (in_a_child(lambda: (held.clear(), gc.collect())), os.path.isdir(other))[1]
        theirs = in_a_child(lambda: download(server, folder_name="theirs"))
        mine = download(server, folder_name="mine")
        told["apart"] = [os.path.dirname(theirs) != os.path.dirname(mine), os.listdir(mine + "/job")]
        told["child's"] = os.path.exists(theirs)
        told["again"] = download(server) != folder and os.path.isdir(folder)
        for how in multiprocessing.get_all_start_methods():
            pool = multiprocessing.get_context(how).Pool(1)
            (left,) = pool.map(worker, [0])
            pool.close()
            pool.join()
            told[how] = os.path.exists(left)
        held.clear()
        told["folder"] = os.path.dirname(os.path.dirname(folder))
        print(json.dumps(told))

    if __name__ == "__main__":
        main()
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a program with children of every kind saw of the folders."""
    script = tmp_path_factory.mktemp("processes") / "program.py"
    script.write_text(textwrap.dedent(PROCESSES))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.mark.parametrize("how", ["exit", "close", "garbage"])
def test_a_forked_child_removes_nothing_of_its_parents(told: dict[str, object], how: str) -> None:
    """Neither at its end, nor when it closes its copy of the server or lets go of it."""
    assert told[how] is True


def test_a_forked_child_has_folders_of_its_own(told: dict[str, object]) -> None:
    """Parent and child have jobs with the same ids, whose results are not mixed; the child's go with it."""
    assert told["apart"] == [True, ["mine"]]
    assert told["child's"] is False


def test_workers_leave_nothing(told: dict[str, object]) -> None:
    """However multiprocessing starts them."""
    hows = [how for how in ("fork", "forkserver", "spawn") if how in told]

    assert hows
    assert {how: told[how] for how in hows} == dict.fromkeys(hows, False)


def test_a_process_that_ends_leaves_nothing(told: dict[str, object]) -> None:
    """What it made is gone."""
    assert not os.path.exists(str(told["folder"]))
