"""Conforming variants that hand out results in another way, or take submissions in another form."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim import spec

CONFORMING = VariantTable()

_PARTS: Final = ("submit", "download", "abort", "delete", "life")
"""Where results and submissions are looked at."""


@CONFORMING.conforming("puts results in folders of its own")
class OtherFolders(Wrapper):
    """Moves a downloaded result elsewhere, under another name."""

    def download_job_result(self, job_id: str) -> str:
        """Copy to a folder of its own."""
        place = super().download_job_result(job_id)
        if not os.path.isdir(place):
            return place
        target = Path(tempfile.mkdtemp(prefix="result-", dir=self.system.server.download_folder()))
        shutil.copytree(place, target, dirs_exist_ok=True)
        return str(target)


@CONFORMING.conforming("adds a file to every result")
class AddsReadme(Wrapper):
    """Leaves a note in the folder."""

    def download_job_result(self, job_id: str) -> str:
        """Write a note."""
        place = super().download_job_result(job_id)
        if os.path.isdir(place):
            Path(place, "README.txt").write_text("the result of a job\n", encoding="utf-8")
        return place


@CONFORMING.conforming("names another location for results that are too large")
class OtherLocation(Wrapper):
    """Gives a URL."""

    def download_job_result(self, job_id: str) -> str:
        """Replace the location."""
        place = super().download_job_result(job_id)
        return place if os.path.isdir(place) else f"https://results.example.org/{job_id}.zip"


@CONFORMING.conforming("hands out a location for results of more than 50,000 bytes")
class LowLimit(Wrapper):
    """Has a limit of its own for downloads."""

    def download_job_result(self, job_id: str) -> str:
        """Look at the size first."""
        place = super().download_job_result(job_id)
        size = sum(path.stat().st_size for path in Path(place).rglob("*") if path.is_file())
        return place if size <= 50_000 else f"https://results.example.org/{job_id}.zip"


@CONFORMING.conforming("takes no definitions of more than 100,000 bytes")
class LimitedUploads(Wrapper):
    """Has a limit for what is submitted."""

    def submit_job(self, job_definition_path: str) -> str:
        """Look at the size first."""
        given: object = job_definition_path
        if isinstance(given, str) and os.path.isdir(given):
            files = (path for path in Path(given).rglob("*") if path.is_file())
            if sum(path.stat().st_size for path in files) > 100_000:
                raise spec.InvalidJobDefinition("the definition is too large")
        return super().submit_job(job_definition_path)


@CONFORMING.conforming("refuses to download what is not done")
class RefusesUnfinished(Wrapper):
    """Raises JobNotDone, as NVFLARE 2.9 does."""

    def download_job_result(self, job_id: str) -> str:
        """Look at the status first."""
        place = super().download_job_result(job_id)
        if not self.inner.get_job_meta(job_id)["status"].startswith("FINISHED"):
            raise spec.JobNotDone(f"job {job_id} is not done")
        return place


def _fresh(session: Wrapper, prefix: str = "result-") -> Path:
    """A new folder among the downloads of the system, which go with it."""
    return Path(tempfile.mkdtemp(prefix=prefix, dir=session.system.server.download_folder()))


class _Elsewhere(Wrapper):
    """Copies a result that is a folder to a new one before it hands it out."""

    prefix = "result-"

    def download_job_result(self, job_id: str) -> str:
        """Copy to a new folder."""
        place = super().download_job_result(job_id)
        if not os.path.isdir(place):
            return place
        target = _fresh(self, self.prefix)
        shutil.copytree(place, target, dirs_exist_ok=True)
        return self.arranged(target)

    def arranged(self, folder: Path) -> str:
        """What to make of the folder, and how to name it."""
        return str(folder)


@CONFORMING.conforming("puts each download in a new folder, with blanks and other scripts in its name", parts=_PARTS)
class OddlyNamedFolders(_Elsewhere):
    """Names folders as nobody does."""

    prefix = "Ergebnis für 測試 "

    def arranged(self, folder: Path) -> str:
        """Add a slash."""
        return f"{folder}/"


@CONFORMING.conforming("hands out results that can only be read", parts=_PARTS)
class ReadOnlyResults(_Elsewhere):
    """Takes the right to write away."""

    def arranged(self, folder: Path) -> str:
        """Change every mode."""
        for path in folder.rglob("*"):
            path.chmod(0o444 if path.is_file() else 0o555)
        return str(folder)


@CONFORMING.conforming("adds a log to every download, under another name each time", parts=_PARTS)
class LoggedDownloads(_Elsewhere):
    """Numbers its downloads."""

    def arranged(self, folder: Path) -> str:
        """Write the log."""
        number = self.system.memory["downloads"] = self.system.memory.get("downloads", 0) + 1
        (folder / f"download-{number}.log").write_text("downloaded\n", encoding="utf-8")
        return str(folder)


@CONFORMING.conforming("keeps the result one folder deeper", parts=_PARTS)
class DeeperResults(Wrapper):
    """Has a workspace in the folder."""

    def download_job_result(self, job_id: str) -> str:
        """Copy into a folder of the folder."""
        place = super().download_job_result(job_id)
        if not os.path.isdir(place):
            return place
        target = _fresh(self)
        shutil.copytree(place, target / "workspace")
        return str(target)


@CONFORMING.conforming("hands out a link to the folder of the result", parts=_PARTS)
class LinkedResults(Wrapper):
    """Links rather than copies."""

    def download_job_result(self, job_id: str) -> str:
        """Make a link."""
        place = super().download_job_result(job_id)
        if not os.path.isdir(place):
            return place
        link = _fresh(self) / "link"
        link.symlink_to(place)
        return str(link)


@CONFORMING.conforming("names host, port and path for results that are too large", parts=_PARTS)
class HostAndPath(Wrapper):
    """Gives a location as scp takes it."""

    def download_job_result(self, job_id: str) -> str:
        """Replace the location."""
        place = super().download_job_result(job_id)
        return place if os.path.isdir(place) else f"localhost:8003:/var/results/{job_id}"


@CONFORMING.conforming("submits a zip of every folder it is given", parts=_PARTS)
class Zips(Wrapper):
    """Packs before it sends."""

    def submit_job(self, job_definition_path: str) -> str:
        """Zip a folder that has something in it, then submit the file."""
        given: object = job_definition_path
        if not isinstance(given, str) or not os.path.isdir(given) or not os.listdir(given):
            return super().submit_job(job_definition_path)
        folder = Path(given).absolute()
        with tempfile.TemporaryDirectory() as stage:
            packed = shutil.make_archive(os.path.join(stage, "job"), "zip", folder.parent, folder.name)
            return super().submit_job(packed)
