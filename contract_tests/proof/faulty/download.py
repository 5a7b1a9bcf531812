"""Sessions that download wrongly: no folder, the wrong one, or only once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from contract_tests.proof.faulty.tools import count, noted
from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import Wrapper
from flare_sim.spec import InternalError, JobNotDone

FAULTS = VariantTable()


class _Downloads(Wrapper):
    """Changes what a download gives."""

    def download_job_result(self, job_id: str) -> Any:
        """Download, then change the answer."""
        path = super().download_job_result(job_id)
        return self.changed(path, self.inner.get_job_meta(job_id))

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """The answer to give; ``meta`` is the job's."""
        return path

    def scratch(self) -> Path:
        """A folder of this system's, removed with its other downloads."""
        return Path(self.system.server.download_folder())


# --- text -----------------------------------------------------------------------------------------------------------


@FAULTS.fault("download.text", "returns a pathlib.Path")
class ReturnsPath(_Downloads):
    """Prefers objects."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A Path."""
        return Path(path)


@FAULTS.fault("download.text", "returns the location of a large result with its size")
class ReturnsLocationAndSize(_Downloads):
    """Has more to tell of large results."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A tuple."""
        return path if os.path.isdir(path) else (path, 0)


@FAULTS.fault("download.text", "returns None for a job that was given up")
class NoneForGivenUp(_Downloads):
    """Has nothing to give."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """None."""
        return None if meta["status"] == "FINISHED:CAN_NOT_SCHEDULE" else path


@FAULTS.fault("download.text", "returns nothing the second time")
class NothingTheSecondTime(_Downloads):
    """Thinks the caller has it."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Empty text."""
        return path if count(self, f"downloads of {meta['job_id']}") == 1 else ""


@FAULTS.fault("download.text", "returns bytes for a clone")
class BytesForClone(_Downloads):
    """Has two code paths."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Bytes."""
        return os.fsencode(path) if "cloned_from" in meta else path


# --- folder ---------------------------------------------------------------------------------------------------------


@FAULTS.fault("download.folder", "returns the path of an archive")
class ReturnsArchive(_Downloads):
    """Does not unpack it."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A zip file."""
        return shutil.make_archive(path, "zip", path) if os.path.isdir(path) else path


@FAULTS.fault("download.folder", "returns the path of a folder that is gone already")
class ReturnsTemporary(_Downloads):
    """Cleans up too early."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Remove it."""
        shutil.rmtree(path, ignore_errors=True)
        return path


@FAULTS.fault("download.folder", "refuses to download the result of a failed job")
class RefusesFailed(_Downloads):
    """Takes failed jobs for unfinished ones."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Refuse."""
        if meta["status"] == "FINISHED:EXECUTION_EXCEPTION":
            raise JobNotDone(f"job {meta['job_id']} has no result")
        return path


@FAULTS.fault("download.folder", "gives a location for an aborted job")
class LocationForAborted(_Downloads):
    """Does not fetch what is incomplete."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A location."""
        return f"https://server/{meta['job_id']}" if meta["status"] == "FINISHED:ABORTED" else path


@FAULTS.fault("download.folder", "gives a path on the server for another user's job")
class ServerPathForOthers(_Downloads):
    """Leaves the fetching to the owner."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """A path that is not here."""
        return path if meta["submitter_name"] == self.user else f"/srv/results/{meta['job_id']}"


@FAULTS.fault("download.folder", "fails when the session is not the first")
class SecondSessionHasNoFolder(_Downloads):
    """Shares one folder, and locks it."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Fail in another session."""
        if self.system.memory["first"] is not self:
            raise InternalError("the download folder is in use")
        return path

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.system.memory.setdefault("first", self)


# --- content --------------------------------------------------------------------------------------------------------


class _Empties(_Downloads):
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


@FAULTS.fault("download.content", "makes the folder and forgets to unpack into it")
class EmptyFolder(_Empties):
    """Stops half-way."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Every job."""
        return True


@FAULTS.fault("download.content", "gives an empty folder for a clone")
class EmptyFolderForClone(_Empties):
    """Looks under the wrong name."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Clones."""
        return "cloned_from" in meta


@FAULTS.fault("download.content", "gives an empty folder minutes after the end of the job")
class EmptyFolderLater(_Empties):
    """Removes results early."""

    def concerns(self, meta: dict[str, Any]) -> bool:
        """Jobs submitted long ago."""
        return self.system.server.clock.time() - float(meta["submit_time"]) > 300.0


@FAULTS.fault("download.content", "gives a folder with empty folders only")
class FoldersOnly(_Downloads):
    """Unpacks folders and forgets the files."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Remove the files."""
        for file in Path(path).rglob("*"):
            if file.is_file():
                file.unlink()
        return path


# --- whose result ---------------------------------------------------------------------------------------------------


@FAULTS.fault("download.own-result", "gives the result that was downloaded first, whatever is asked for")
class FirstResultForAll(_Downloads):
    """Caches one result."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """The first."""
        return self.system.memory.setdefault("result", path)


@FAULTS.fault("download.own-result", "unpacks every result into one folder")
class OneFolderForAll(_Downloads):
    """Adds to what is there."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Copy into the common folder."""
        common = self.scratch() / "results"
        shutil.copytree(path, common, dirs_exist_ok=True)
        return str(common)


@FAULTS.fault("download.own-result", "gives the eleventh job the result of the first")
class EleventhGetsFirst(_Downloads):
    """Keeps results in a ring of ten."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """One of ten."""
        ring: dict[int, str] = self.system.memory.setdefault("ring", {})
        places = noted(self, "places")
        if meta["job_id"] not in places:
            places.append(meta["job_id"])
        return ring.setdefault(places.index(meta["job_id"]) % 10, path)


@FAULTS.fault("download.own-result", "gives another user's result where jobs have the same name")
class ResultsByName(_Downloads):
    """Looks results up by name, and takes the first of another user's."""

    def download_job_result(self, job_id: str) -> Any:
        """Look it up by name."""
        path = self.inner.download_job_result(job_id)
        meta = self.inner.get_job_meta(job_id)
        twins = [job for job in self.inner.list_jobs(True) if job["name"] == meta["name"]]
        if meta["submitter_name"] == self.user or not twins:
            return path
        return self.inner.download_job_result(twins[0]["job_id"])


@FAULTS.fault("download.own-result", "gives the next job's result once a job was deleted")
class ResultsByPlace(_Downloads):
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


# --- again, and apart -----------------------------------------------------------------------------------------------


@FAULTS.fault("download.repeat", "serves a result only once")
class OnlyOnce(_Downloads):
    """Removes what was fetched from the server."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Fail the second time."""
        if count(self, f"downloads of {meta['job_id']}") > 1:
            raise InternalError(f"the result of {meta['job_id']} was fetched already")
        return path


@FAULTS.fault("download.repeat", "returns the path of the first download, whatever became of the folder")
class RemembersPath(_Downloads):
    """Caches paths."""

    def download_job_result(self, job_id: str) -> Any:
        """The path from the cache."""
        known: dict[str, str] = self.system.memory.setdefault("paths", {})
        self.inner.get_job_meta(job_id)
        if job_id not in known:
            known[job_id] = self.inner.download_job_result(job_id)
        return known[job_id]


@FAULTS.fault("download.repeat", "does not unpack into a folder that is there already")
class SkipsExistingFolder(_Downloads):
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


@FAULTS.fault("download.repeat", "nests the second download of a result in the first")
class NestsDownloads(_Downloads):
    """Moves the old result aside, into the new one."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Add a folder the second time."""
        if count(self, f"downloads of {meta['job_id']}") > 1:
            (Path(path) / "previous").mkdir(exist_ok=True)
        return path


@FAULTS.fault("download.repeat", "can't download again what a closed session has downloaded")
class ClosedSessionKeepsResult(_Downloads):
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


@FAULTS.fault("download.apart", "puts the result of a clone into that of its original")
class CloneInOriginal(_Downloads):
    """Names folders by lineage."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Move it there."""
        if "cloned_from" not in meta:
            return path
        inside = self.scratch() / meta["cloned_from"] / "clones" / meta["job_id"]
        shutil.copytree(path, inside, dirs_exist_ok=True)
        return str(inside)


class _ReusesFolder(_Downloads):
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


@FAULTS.fault("download.apart", "names the folder after the job's name")
class FolderByName(_ReusesFolder):
    """Forgets that names are not unique."""

    def folder(self, meta: dict[str, Any]) -> str:
        """The job's name."""
        return f"result of {meta['name']}"


@FAULTS.fault("download.apart", "has one folder for whatever later sessions download")
class FolderOfLaterSessions(_ReusesFolder):
    """Counts on one session."""

    def folder(self, meta: dict[str, Any]) -> str:
        """One name for all later sessions."""
        return meta["job_id"] if self.system.memory["first"] is self else "of a later session"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.system.memory.setdefault("first", self)


@FAULTS.fault("download.apart", "removes the folder of the download before")
class RemovesPrevious(_Downloads):
    """Keeps one result at a time."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Remove the last one."""
        last = self.system.memory.get("last", path)
        if last != path:
            shutil.rmtree(last, ignore_errors=True)
        self.system.memory["last"] = path
        return path


# --- large results, and looking on ----------------------------------------------------------------------------------


@FAULTS.fault("download.oversize", "makes an empty folder for a result that is too large")
class FolderForOversize(_Downloads):
    """Promises a folder always."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """An empty folder."""
        if not os.path.isdir(path):
            place = self.scratch() / meta["job_id"]
            place.mkdir(exist_ok=True)
            return str(place)
        return path


@FAULTS.fault("download.oversize", "returns empty text for a result that is too large")
class NothingForOversize(_Downloads):
    """Drops the location."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Empty text."""
        return path if os.path.isdir(path) else ""


@FAULTS.fault("download.oversize", "raises InternalError for a clone whose result is too large")
class OversizeCloneFails(_Downloads):
    """Has no location for clones."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Fail."""
        if not os.path.isdir(path) and "cloned_from" in meta:
            raise InternalError("result is too large")
        return path


@FAULTS.fault("download.oversize", "gives the folder of the last small result for one that is too large")
class LastFolderForOversize(_Downloads):
    """Has a variable left over."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """The last folder there was."""
        if os.path.isdir(path):
            self.system.memory["last"] = path
        return self.system.memory.get("last", path)


class _Acts(_Downloads):
    """Does something to the job it downloads."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Act."""
        self.act(meta)
        return path

    def act(self, meta: dict[str, Any]) -> None:
        """What is done."""


@FAULTS.fault("download.no-effect", "deletes a completed job when its result is downloaded")
class DownloadDeletes(_Acts):
    """Takes downloading for collecting."""

    def act(self, meta: dict[str, Any]) -> None:
        """Delete it."""
        if meta["status"] == "FINISHED:COMPLETED":
            self.inner.delete_job(meta["job_id"])


@FAULTS.fault("download.no-effect", "aborts a running job when its result is downloaded")
class DownloadAborts(_Acts):
    """Wants the job to be done."""

    def download_job_result(self, job_id: str) -> Any:
        """Abort first."""
        if self.inner.get_job_meta(job_id)["status"] == "RUNNING":
            self.inner.abort_job(job_id)
        return super().download_job_result(job_id)


@FAULTS.fault("download.no-effect", "aborts the jobs that wait when it downloads")
class DownloadAbortsWaiting(_Acts):
    """Needs the server for itself."""

    def act(self, meta: dict[str, Any]) -> None:
        """Abort what waits."""
        for job in self.inner.list_jobs():
            if job["status"] == "SUBMITTED" and job["job_id"] != meta["job_id"]:
                self.inner.abort_job(job["job_id"])


@FAULTS.fault("download.no-effect", "counts the downloads of a job in its meta")
class CountsDownloads(_Acts):
    """Keeps statistics."""

    def act(self, meta: dict[str, Any]) -> None:
        """Count."""
        count(self, meta["job_id"])

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell the number."""
        meta = super().get_job_meta(job_id)
        return {**meta, "downloads": self.system.memory.get(meta["job_id"], 0)}


@FAULTS.fault("download.no-effect", "submits a clone once more when its result is downloaded")
class DownloadResubmitsClone(_Acts):
    """Reruns what it serves."""

    def act(self, meta: dict[str, Any]) -> None:
        """Clone a clone."""
        if "cloned_from" in meta:
            self.inner.clone_job(meta["job_id"])
