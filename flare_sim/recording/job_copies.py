"""Copies of the jobs that are submitted, so that a replay elsewhere has them; what may be a secret is left out.

A copy has the files of a job as text, or as base64 where they are none.  What is left out is named with the reason, and
an empty file stands for it when the job is written again.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, NamedTuple

from flare_sim.disk.contents import whole
from flare_sim.jobs.definition import JobDefinition
from flare_sim.jobs.reading.job_files import read_job_files
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.spec import InternalError, InvalidJobDefinition
from flare_sim.untrusted_values import plain_path, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flare_sim.disk.contents import Content
    from flare_sim.jobs.definition import JobDefinition
from flare_sim.jobs.reading.job_files import JobFiles

__all__ = ["LARGEST_JOB", "JobCopy", "copy_of", "name_in", "not_copied", "write_copy"]

LARGEST_JOB = 1 << 20
"""So many bytes of a job's files are kept unless told otherwise; the smallest files come first."""
_SECRETS = ("*.key", "*.pem", "*.crt", "*.p12", "*.pfx", "*.jks", "*.kdbx", "id_rsa*", "id_ed25519*", ".env", ".netrc")
"""Names of files that hold secrets, in any case of letters."""
_OF_A_KIT = ("fed_admin.json", "fed_client.json", "fed_server.json")
"""What is in a folder of a startup kit, of which nothing is kept."""
_ANY_JOB = CONTRACT._replace(takes_legacy_apps=True)


class JobCopy(NamedTuple):
    """A job as it was submitted."""

    digest: str
    """Stands for all of it, also for what is left out."""
    name: str
    """What its folder was called."""
    is_zip: bool
    """Whether it was a zip file."""
    files: dict[str, bytes]
    """Content by path."""
    folders: tuple[str, ...]
    """The folders in it, empty ones too."""
    left_out: dict[str, str]
    """Files that are not kept -> why."""

    def as_line(self) -> dict[str, Any]:
        """Return it as a line of a recording has it."""
        line: dict[str, Any] = {"job": self.digest, "name": self.name, "zip": self.is_zip}
        line["files"] = {path: _as_text(content) for path, content in self.files.items()}
        return {**line, "folders": list(self.folders), "left_out": self.left_out}

    @classmethod
    def of_line(cls, line: dict[str, Any]) -> JobCopy:
        """Return what a line has, whose shape was looked at.

        Raises:
            ValueError: a content that is no base64, or a path that leads out of the job.
        """
        for path in (line["name"], *line["files"], *line["folders"], *line["left_out"]):
            if not path or os.path.isabs(path) or any(part in ("", ".", "..") for part in path.split("/")):
                raise ValueError(f"{shown(path)} is no path inside a job")
        files = {path: _as_bytes(content) for path, content in line["files"].items()}
        return cls(line["job"], line["name"], line["zip"], files, tuple(line["folders"]), line["left_out"])


def copy_of(path: Any, largest: int) -> JobCopy | None:
    """Read a job that is going to be submitted; None when there is nothing to copy at that path.

    Args:
        path: a job folder or zip file.
        largest: how many bytes of it are kept.
    """
    text = plain_path(path)
    try:
        read = read_job_files(text, _ANY_JOB)
    except InternalError:
        return None
    return _copied(read, os.path.isfile(text or ""), largest) if read.whole else None


def not_copied(path: Any) -> str:
    """Return why there is nothing to copy at a path, without the path itself."""
    read = read_job_files(plain_path(path), _ANY_JOB)
    return ", ".join(problem.kind for problem in read.problems)


def write_copy(job: JobCopy, parent: str) -> str:
    """Write a job as it was into a folder and return its path, that of a zip file for one.

    Raises:
        OSError: it cannot be written.
    """
    files = {**job.files, **dict.fromkeys(job.left_out, b"")}
    if job.is_zip:
        from zipfile import ZipFile

        path = os.path.join(parent, f"{job.name}.zip")
        with ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(f"{job.name}/{name}", content)
        return path
    top = os.path.join(parent, job.name)
    for folder in ("", *job.folders):
        os.makedirs(os.path.join(top, folder), exist_ok=True)
    for name, content in files.items():
        os.makedirs(os.path.dirname(os.path.join(top, name)), exist_ok=True)
        with open(os.path.join(top, name), "wb") as file:
            file.write(content)
    return top


def name_in(job: JobCopy) -> str:
    """Return what a job is called, by its meta, or by its folder where that does not say."""
    try:
        return JobDefinition.from_files({**job.files, **dict.fromkeys(job.left_out, b"")}, job.name).name
    except InvalidJobDefinition:
        return job.name


def _copied(read: JobFiles, is_zip: bool, largest: int) -> JobCopy:
    from hashlib import sha256

    left_out = dict(_left_out(read, largest))
    files = {path: whole(content) for path, content in read.files.items() if path not in left_out}
    sums = [(path, sha256(whole(content)).hexdigest()) for path, content in read.files.items()]
    told = repr((read.name, is_zip, sums, read.folders)).encode("utf-8", "surrogatepass")
    return JobCopy(f"sha256:{sha256(told).hexdigest()}", read.name, is_zip, files, read.folders, left_out)


def _left_out(read: JobFiles, largest: int) -> Iterator[tuple[str, str]]:
    """Yield the files that are not kept, each with the reason."""
    kits = tuple(path.removesuffix(name) for path in read.files for name in _OF_A_KIT if _name(path) == name)
    left = largest
    for path, content in sorted(read.files.items(), key=_size):
        left -= len(content)
        if read.is_unread(path):
            yield path, "it can't be read"
        elif path.startswith(kits):
            yield path, "it is part of a startup kit"
        elif any(fnmatch(_name(path).lower(), pattern) for pattern in _SECRETS):
            yield path, "it may hold a secret"
        elif left < 0:
            yield path, f"{len(content):,} bytes are more than is kept of a job ({largest:,})"


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _size(item: tuple[str, Content]) -> tuple[int, str]:
    return len(item[1]), item[0]


def _as_text(content: bytes) -> Any:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(content).decode()}


def _as_bytes(content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode("utf-8", "surrogatepass")
    return b64decode(content["base64"], validate=True)
