"""The folder a result is written to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flare_sim import InternalError, Session, SimulatedServer


def test_downloading_again_overwrites_in_place(session: Session, job: str) -> None:
    """The same folder each time; what was changed is put right, what the user added stays."""
    job_id = session.submit_job(job)
    session.monitor_job(job_id)
    folder = Path(session.download_job_result(job_id))
    (folder / "workspace/log.txt").write_text("changed")
    (folder / "mine.txt").write_text("mine")

    assert Path(session.download_job_result(job_id)) == folder
    assert "started" in (folder / "workspace/log.txt").read_text()
    assert (folder / "mine.txt").read_text() == "mine"
    other = session.submit_job(job)
    assert Path(session.download_job_result(other)) != folder


def test_a_session_has_its_own_download_folder(server: SimulatedServer, job: str, tmp_path: Path) -> None:
    """A folder given to connect is where results go, made when it is missing."""
    session = server.connect(download_dir=str(tmp_path / "a" / "b"))
    job_id = session.submit_job(job)

    assert session.download_job_result(job_id) == os.path.join(str(tmp_path / "a" / "b"), job_id)


@pytest.mark.parametrize("place", ["file", "nul\0"])
def test_a_folder_that_cannot_be_written_is_an_internal_error(
    server: SimulatedServer, job: str, tmp_path: Path, place: str
) -> None:
    """A download that fails on this machine is an InternalError that says why."""
    (tmp_path / "file").write_text("in the way")
    session = server.connect(download_dir=str(tmp_path / place))

    with pytest.raises(InternalError, match="cannot be written"):
        session.download_job_result(session.submit_job(job))
