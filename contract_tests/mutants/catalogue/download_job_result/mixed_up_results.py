"""Sessions that give the result of another job, give one only once, or mix results up."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.results import Downloads, Emptying
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InternalError

MUTANTS = VariantTable()


@MUTANTS.mutant("download.own-result", "gives the result that was downloaded first, whatever is asked for")
class FirstResultForAll(Downloads):
    """Caches one result."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """The first."""
        return self.system.memory.setdefault("result", path)


@MUTANTS.mutant("download.own-result", "unpacks every result into one folder")
class OneFolderForAll(Downloads):
    """Adds to what is there."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Copy into the common folder."""
        common = self.scratch() / "results"
        shutil.copytree(path, common, dirs_exist_ok=True)
        return str(common)


@MUTANTS.mutant("download.own-result", "gives the eleventh job the result of the first")
class EleventhGetsFirst(Downloads):
    """Keeps results in a ring of ten."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """One of ten."""
        ring: dict[int, str] = self.system.memory.setdefault("ring", {})
        places = noted(self, "places")
        if meta["job_id"] not in places:
            places.append(meta["job_id"])
        return ring.setdefault(places.index(meta["job_id"]) % 10, path)


@MUTANTS.mutant("download.own-result", "gives another user's result where jobs have the same name")
class ResultsByName(Downloads):
    """Looks results up by name, and takes the first of another user's."""

    def download_job_result(self, job_id: str) -> Any:
        """Look it up by name."""
        path = self.inner.download_job_result(job_id)
        meta = self.inner.get_job_meta(job_id)
        twins = [job for job in self.inner.list_jobs(True) if job["name"] == meta["name"]]
        if meta["submitter_name"] == self.user or not twins:
            return path
        return self.inner.download_job_result(twins[0]["job_id"])


@MUTANTS.mutant("download.own-result", "gives the next job's result once a job was deleted")
class ResultsByPlace(Downloads):
    """Keeps results in the order of jobs, and does not close the gap."""

    def delete_job(self, job_id: str) -> Any:
        """Note that there is a gap."""
        result = super().delete_job(job_id)
        self.system.memory["gap"] = True
        return result

    def download_job_result(self, job_id: str) -> Any:
        """The neighbor's."""
        path = super().download_job_result(job_id)
        ids = [job["job_id"] for job in self.inner.list_jobs(False, True)]
        if not self.system.memory.get("gap") or str(job_id) not in ids:
            return path
        return self.inner.download_job_result(ids[(ids.index(job_id) + 1) % len(ids)])


@MUTANTS.mutant("download.own-result", "unpacks through a folder that is not emptied")
class UnpacksThroughOneFolder(Downloads):
    """Copies all that is there."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Through it."""
        if os.path.isdir(path):
            between = Path(self.system.server.folder("between"))
            shutil.copytree(path, between, dirs_exist_ok=True)
            time.sleep(0.002)  # noqa: TID251 - so that another thread may come in between
            shutil.copytree(between, path, dirs_exist_ok=True)
        return path


class _Shares(Wrapper):
    """Keeps the folder of a download where another may overwrite it."""

    def _shared(self) -> dict[str, Any]:
        raise NotImplementedError

    def download_job_result(self, job_id: str) -> str:
        """Return what is there."""
        self._shared()["folder"] = super().download_job_result(job_id)
        time.sleep(0.002)  # noqa: TID251 - so that another thread may come in between
        return str(self._shared()["folder"])


@MUTANTS.mutant("download.own-result", "keeps the folder of a download in the session, for threads to share")
class ThreadsShareFolder(_Shares):
    """One place for each session."""

    def _shared(self) -> dict[str, Any]:
        return self.__dict__


@MUTANTS.mutant("download.own-result", "keeps the folder of a download in a place that sessions share")
class SessionsShareFolder(_Shares):
    """One place for all."""

    def _shared(self) -> dict[str, Any]:
        return self.system.memory


@MUTANTS.mutant(
    "download.own-result", "hands out for good what there was when a result was first asked for, done or not"
)
class EarlyResultForGood(Emptying):
    """Downloads once."""

    def download_job_result(self, job_id: str) -> Any:
        """Empty what is not done."""
        path = super().download_job_result(job_id)
        if not self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            self.empty(job_id)
        return path


@MUTANTS.mutant("download.repeat", "serves a result only once")
class OnlyOnce(Downloads):
    """Removes what was fetched from the server."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Fail the second time."""
        if count(self, f"downloads of {meta['job_id']}") > 1:
            raise InternalError(f"the result of {meta['job_id']} was fetched already")
        return path


@MUTANTS.mutant("download.repeat", "returns the path of the first download, whatever became of the folder")
class RemembersPath(Downloads):
    """Caches paths."""

    def download_job_result(self, job_id: str) -> Any:
        """The path from the cache."""
        known: dict[str, str] = self.system.memory.setdefault("paths", {})
        self.inner.get_job_meta(job_id)
        if job_id not in known:
            known[job_id] = self.inner.download_job_result(job_id)
        return known[job_id]


@MUTANTS.mutant("download.repeat", "does not unpack into a folder that is there already")
class SkipsExistingFolder(Downloads):
    """Takes an empty folder for a finished download."""

    def download_job_result(self, job_id: str) -> Any:
        """Leave the folder as it was."""
        place = self.scratch() / str(job_id).replace("/", "").replace("\0", "")[:99]
        was_empty = place.is_dir() and not any(place.iterdir())
        path = super().download_job_result(job_id)
        if was_empty and Path(path) == place:
            shutil.rmtree(path)
            place.mkdir()
        return path


@MUTANTS.mutant("download.repeat", "nests the second download of a result in the first")
class NestsDownloads(Downloads):
    """Moves the old result aside, into the new one."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Add a folder the second time."""
        if count(self, f"downloads of {meta['job_id']}") > 1:
            (Path(path) / "previous").mkdir(exist_ok=True)
        return path


@MUTANTS.mutant("download.repeat", "can't download again what a closed session has downloaded")
class ClosedSessionKeepsResult(Downloads):
    """Releases nothing when it is closed."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Fail if the session that holds it is closed."""
        holder = self.system.memory.setdefault(f"holder of {meta['job_id']}", self)
        if getattr(holder, "is_over", False):
            raise InternalError(f"the result of {meta['job_id']} is held by another session")
        return path

    def close(self) -> Any:
        """Note it."""
        self.is_over = True
        return super().close()


@MUTANTS.mutant("download.apart", "puts the result of a clone into that of its original")
class CloneInOriginal(Downloads):
    """Names folders by lineage."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Move it there."""
        if "cloned_from" not in meta:
            return path
        inside = self.scratch() / meta["cloned_from"] / "clones" / meta["job_id"]
        shutil.copytree(path, inside, dirs_exist_ok=True)
        return str(inside)


class _ReusesFolder(Downloads):
    """Gives several results the same folder, one after the other."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Empty the folder and fill it."""
        if not os.path.isdir(path):
            return path
        common = self.scratch() / self.folder(meta)
        if common == Path(path):
            return path
        shutil.rmtree(common, ignore_errors=True)
        shutil.copytree(path, common)
        return str(common)

    def folder(self, meta: dict[str, Any]) -> str:
        """The folder's name."""
        return "result"


@MUTANTS.mutant("download.apart", "names the folder after the job's name")
class FolderByName(_ReusesFolder):
    """Forgets that names are not unique."""

    def folder(self, meta: dict[str, Any]) -> str:
        """The job's name."""
        return f"result of {meta['name']}"


@MUTANTS.mutant("download.apart", "has one folder for whatever later sessions download")
class FolderOfLaterSessions(_ReusesFolder):
    """Counts on one session."""

    def folder(self, meta: dict[str, Any]) -> str:
        """One name for all later sessions."""
        return meta["job_id"] if self.system.memory["first"] is self else "of a later session"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.system.memory.setdefault("first", self)


@MUTANTS.mutant("download.apart", "removes the folder of the download before")
class RemovesPrevious(Downloads):
    """Keeps one result at a time."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Remove the last one."""
        last = self.system.memory.get("last", path)
        if last != path:
            shutil.rmtree(last, ignore_errors=True)
        self.system.memory["last"] = path
        return path


class _InPlace(Downloads):
    """Puts what was downloaded into a place that is made from the meta."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """The place."""
        if not os.path.isdir(path):
            return path
        root = Path(self.system.server.folder("in place"))
        return str(shutil.copytree(path, root / self.place(meta), dirs_exist_ok=True))

    def place(self, meta: dict[str, Any]) -> str:
        """Its name."""
        raise NotImplementedError


@MUTANTS.mutant("download.apart", "names folders by a job's name and the second it was submitted in")
class NamedBySecond(_InPlace):
    """Thinks that this is unique."""

    def place(self, meta: dict[str, Any]) -> str:
        """Name and second."""
        return f"{meta['name']}-{int(meta['submit_time'])}"
