"""Sessions whose downloads give no folder, or not all that is in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.results import Downloads
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import InternalError, JobNotDone

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("download.text", "returns a pathlib.Path")
class ReturnsPath(Downloads):
    """Prefers objects."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A Path."""
        return Path(path)


@MUTANTS.mutant("download.text", "returns the location of a large result with its size")
class ReturnsLocationAndSize(Downloads):
    """Has more to tell of large results."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A tuple."""
        return path if os.path.isdir(path) else (path, 0)


@MUTANTS.mutant("download.text", "returns None for a job that was given up")
class NoneForGivenUp(Downloads):
    """Has nothing to give."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """None."""
        return None if meta["status"] == "FINISHED:CAN_NOT_SCHEDULE" else path


@MUTANTS.mutant("download.text", "returns nothing the second time")
class NothingTheSecondTime(Downloads):
    """Thinks the caller has it."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Empty text."""
        return path if count(self, f"downloads of {meta['job_id']}") == 1 else ""


@MUTANTS.mutant("download.text", "returns bytes for a clone")
class BytesForClone(Downloads):
    """Has two code paths."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Bytes."""
        return os.fsencode(path) if "cloned_from" in meta else path


@MUTANTS.mutant("download.folder", "returns the path of an archive")
class ReturnsArchive(Downloads):
    """Does not unpack it."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A zip file."""
        return shutil.make_archive(path, "zip", path) if os.path.isdir(path) else path


@MUTANTS.mutant("download.folder", "returns the path of a folder that is gone already")
class ReturnsTemporary(Downloads):
    """Cleans up too early."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Remove it."""
        shutil.rmtree(path, ignore_errors=True)
        return path


@MUTANTS.mutant("download.folder", "refuses to download the result of a failed job")
class RefusesFailed(Downloads):
    """Takes failed jobs for unfinished ones."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Refuse."""
        if meta["status"] == "FINISHED:EXECUTION_EXCEPTION":
            raise JobNotDone(f"job {meta['job_id']} has no result")
        return path


@MUTANTS.mutant("download.folder", "gives a location for an aborted job")
class LocationForAborted(Downloads):
    """Does not fetch what is incomplete."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A location."""
        return f"https://server/{meta['job_id']}" if meta["status"] == "FINISHED:ABORTED" else path


@MUTANTS.mutant("download.folder", "gives a path on the server for another user's job")
class ServerPathForOthers(Downloads):
    """Leaves the fetching to the owner."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A path that is not here."""
        return path if meta["submitter_name"] == self.user else f"/srv/results/{meta['job_id']}"


@MUTANTS.mutant("download.folder", "fails when the session is not the first")
class SecondSessionHasNoFolder(Downloads):
    """Shares one folder, and locks it."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Fail in another session."""
        if self.system.memory["first"] is not self:
            raise InternalError("the download folder is in use")
        return path

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.system.memory.setdefault("first", self)


class _Empties(Downloads):
    """Gives an empty folder for some jobs."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Empty it."""
        if os.path.isdir(path) and self.concerns(meta):
            shutil.rmtree(path)
            os.mkdir(path)
        return path

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Whether a job's folder is empty."""
        return False


@MUTANTS.mutant("download.content", "makes the folder and forgets to unpack into it")
class EmptyFolder(_Empties):
    """Stops half-way."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Every job."""
        return True


@MUTANTS.mutant("download.content", "gives an empty folder for a clone")
class EmptyFolderForClone(_Empties):
    """Looks under the wrong name."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Clones."""
        return "cloned_from" in meta


@MUTANTS.mutant("download.content", "gives an empty folder minutes after the end of the job")
class EmptyFolderLater(_Empties):
    """Removes results early."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Jobs submitted long ago."""
        return self.system.server.clock.time() - float(meta["submit_time"]) > 300.0


@MUTANTS.mutant("download.content", "gives a folder with empty folders only")
class FoldersOnly(Downloads):
    """Unpacks folders and forgets the files."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Remove the files."""
        for file in Path(path).rglob("*"):
            if file.is_file():
                file.unlink()
        return path


_EARLY: Final = (("SUBMITTED", "waits"), ("RUNNING", "runs"))


class _Early(Downloads):
    """Hands out again what it has handed out when there was nothing yet."""

    early = ""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Nothing, for ever."""
        kept: dict[str, str] = self.system.memory.setdefault("early", {})
        if meta["job_id"] not in kept and meta["status"] == self.early:
            kept[meta["job_id"]] = self.system.server.folder(f"early {meta['job_id']}")
        return kept.get(meta["job_id"], path)


for _status, _when in _EARLY:
    _GENERATOR.session(
        f"KeepsWhile{_status.capitalize()}",
        "download.content",
        f"keeps for good what is downloaded while a job {_when}, which is nothing",
        {"early": _status},
        base=_Early,
    )


class _Rewriting(Downloads):
    """Writes every file once more, with what is left of it."""

    left: Callable[[bytes], bytes]

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Rewrite what changes."""
        for file in Path(path).rglob("*") if os.path.isdir(path) else ():
            if file.is_file() and (left := type(self).left(held := file.read_bytes())) != held:
                file.write_bytes(left)
        return path


_MEGABYTE: Final = 1024 * 1024
_BLOCK: Final = 65_536

_LEFT: Final[tuple[tuple[str, str, Callable[[bytes], bytes]], ...]] = (
    ("LineEnds", "with other line ends", lambda data: data.replace(b"\r\n", b"\n")),
    ("LoneReturns", "without returns that end no line", lambda data: data.replace(b"\r", b"")),
    ("Trimmed", "without blanks at their end", bytes.rstrip),
    ("UpToNull", "up to the first null", lambda data: data.partition(b"\0")[0]),
    ("NoNulls", "without nulls", lambda data: data.replace(b"\0", b"")),
    ("Ascii", "as ASCII", lambda data: data.decode("ascii", "replace").encode("ascii", "replace")),
    ("EncodedTwice", "as text that is encoded twice", lambda data: data.decode("latin-1").encode()),
    ("SevenBits", "in seven bits", lambda data: bytes(byte & 0x7F for byte in data) if len(data) < _BLOCK else data),
    ("NoDelete", "without control characters", lambda data: data.replace(b"\x7f", b"").replace(b"\x1a", b"")),
    ("Block", "up to a block", lambda data: data[:_BLOCK]),
    ("WholeBlocks", "in whole blocks", lambda data: data[: len(data) // _BLOCK * _BLOCK or None]),
    ("Megabyte", "up to a megabyte", lambda data: data[:_MEGABYTE]),
    ("FourMegabytes", "up to four megabytes", lambda data: data[: 4 * _MEGABYTE]),
    ("LargeAreEmpty", "empty where they are large", lambda data: data if len(data) < 2 * _MEGABYTE else b""),
)

for _name, _how, _left in _LEFT:
    _GENERATOR.session(
        f"Files{_name}",
        "download.own-result",
        f"gives the files of a result {_how}",
        {"left": staticmethod(_left)},
        base=_Rewriting,
    )
