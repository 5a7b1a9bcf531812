"""Jobs that arrive as zip files, from anybody, and results that leave as some."""

from __future__ import annotations

import os
import stat
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flare_sim import InternalError, InvalidJobDefinition, JobDefinition, SimulatedServer
from flare_sim.jobs.limits import JobLimits
from flare_sim.serving.transfers import pack, packed_parts, unpacked
from tests.flare_sim.job_samples import write_job


def zipped(path: Path, files: dict[str, bytes]) -> str:
    """A zip file with these files."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return str(path)


def tree_of(folder: str) -> dict[str, bytes]:
    """What is below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()
    }


def test_a_job_arrives_as_it_was(tmp_path: Path) -> None:
    """What a client zips is examined as the folder it was, and gone afterwards."""
    job = write_job(tmp_path / "hello")
    tree = [(f"hello/{name}", content) for name, content in tree_of(job).items()]
    pack(tree, str(tmp_path / "sent"))
    place = tmp_path / "place"
    place.mkdir()
    with unpacked(str(tmp_path / "sent"), "hello", str(place), JobLimits()) as arrived:
        assert JobDefinition.load(arrived).contents == JobDefinition.load(job).contents
        assert stat.S_IMODE(os.stat(os.path.dirname(arrived)).st_mode) == 0o700

    assert [*place.iterdir()] == []


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../job", "\\job", "/job", "\0"])
def test_no_name_of_a_folder(tmp_path: Path, name: str) -> None:
    """What a client calls its job is one name, and leads nowhere else."""
    sent = zipped(tmp_path / "sent", {"job/meta.json": b"{}"})

    with pytest.raises(InvalidJobDefinition, match="is no name of a job folder"):  # noqa: SIM117
        with unpacked(sent, name, str(tmp_path), JobLimits()):
            pass


@pytest.mark.parametrize(
    ("files", "limits", "told"),
    [
        ({"other/meta.json": b"{}"}, JobLimits(), "there is no folder 'job' in what was sent"),
        ({"job": b"a file"}, JobLimits(), "there is no folder 'job' in what was sent"),
        ({"job/meta.json": b"0" * 2000}, JobLimits(max_job_bytes=1000), "larger than 1000 bytes"),
        ({f"job/{n}": b"" for n in range(4)}, JobLimits(max_job_files=3), "more than 3 files and folders"),
    ],
    ids=["another", "a file", "too large", "too many"],
)
def test_no_job(tmp_path: Path, files: dict[str, bytes], limits: JobLimits, told: str) -> None:
    """What is no job, or too large a one, is refused, and nothing is left."""
    place = tmp_path / "place"
    place.mkdir()
    sent = zipped(tmp_path / "sent", files)

    with pytest.raises(InvalidJobDefinition, match=told), unpacked(sent, "job", str(place), limits):
        pass
    assert [*place.iterdir()] == []


def test_what_would_lie_outside_does_not(tmp_path: Path) -> None:
    """Names that lead out of the folder, and links, put nothing there."""
    place = tmp_path / "in" / "here"
    place.mkdir(parents=True)
    link = ZipInfo("job/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(tmp_path / "sent", "w") as archive:
        archive.writestr("job/meta.json", "{}")
        archive.writestr("../../escaped", "!")
        archive.writestr("/escaped", "!")
        archive.writestr(link, "/etc/passwd")
    with unpacked(str(tmp_path / "sent"), "job", str(place), JobLimits()) as arrived:
        assert not os.path.islink(os.path.join(arrived, "link"))

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["here", "in", "sent"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_job_or_refused(content: bytes) -> None:
    """Nothing but `InvalidJobDefinition` comes of bytes that somebody sends."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        sent = Path(folder, "sent")
        sent.write_bytes(content)
        with pytest.raises(InvalidJobDefinition), unpacked(str(sent), "job", folder, JobLimits()):
            pass


@given(at=st.integers(0, 400), value=st.integers(0, 255))
def test_a_damaged_zip_file_is_refused_or_read(at: int, value: int) -> None:
    """A byte that is another one on the way is noticed, or does no harm."""
    import tempfile

    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        archive.writestr("job/meta.json", "{}" * 50)
        archive.writestr("job/app/config/config_fed_server.json", "{}")
    damaged = bytearray(written.getvalue())
    damaged[at % len(damaged)] = value
    with tempfile.TemporaryDirectory() as folder:
        sent = Path(folder, "sent")
        sent.write_bytes(damaged)
        try:
            with unpacked(str(sent), "job", folder, JobLimits()) as arrived:
                assert os.path.isdir(arrived)
        except (InvalidJobDefinition, InternalError):
            pass

        assert [path.name for path in Path(folder).iterdir()] == ["sent"]


def test_a_folder_that_is_gone_is_an_error_of_the_server(tmp_path: Path) -> None:
    """Where nothing can be written, the job can't be taken, and it is not the job's fault."""
    sent = zipped(tmp_path / "sent", {"job/meta.json": b"{}"})

    with pytest.raises(InternalError, match="the job cannot be unpacked"):  # noqa: SIM117
        with unpacked(sent, "job", str(tmp_path / "missing"), JobLimits()):
            pass


def test_a_result_leaves_in_parts(tmp_path: Path) -> None:
    """Each folder at the top is a zip file of its content, each file as it is, and an empty folder is empty."""
    with SimulatedServer() as server:
        session = server.connect()
        job_id = session.submit_job(write_job(tmp_path / "hello"))
        whole = session.download_job_result(job_id)
        tree = [(path, content) for path, content in tree_of(whole).items()]
    packed_parts([*tree, ("workspace/", b""), ("meta.json", b"{}")], str(tmp_path / "parts"))
    parts = {path.name: path for path in (tmp_path / "parts").iterdir()}

    assert sorted(parts) == ["job.zip", "meta.json", "workspace.zip"]
    with ZipFile(parts["job.zip"]) as archive:
        assert {f"job/{name}": archive.read(name) for name in archive.namelist()} == dict(tree)
    with ZipFile(parts["workspace.zip"]) as archive:
        assert archive.namelist() == []


def test_an_empty_folder_in_a_result_is_packed(tmp_path: Path) -> None:
    """A path that ends in a slash becomes a folder."""
    pack([("a/", b""), ("b", b"b")], str(tmp_path / "packed"), "id/")

    with ZipFile(tmp_path / "packed") as archive:
        assert archive.namelist() == ["id/a/", "id/b"]
