"""Sessions that mix up results: of jobs that are alike, of downloads at once, of what was there too early."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Downloads, Generator
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper

MUTANTS = VariantTable()
_GENERATOR = Generator(MUTANTS, globals())


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


@MUTANTS.mutant("download.own-result", "unpacks through a folder that is not emptied")
class UnpacksThroughOneFolder(Downloads):
    """Copies all that is there."""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Through it."""
        if os.path.isdir(path):
            between = Path(self.system.server.folder("between"))
            shutil.copytree(path, between, dirs_exist_ok=True)
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


class _Early(Downloads):
    """Hands out again what it has handed out when there was nothing yet."""

    early = ""

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Nothing, for ever."""
        kept: dict[str, str] = self.system.memory.setdefault("early", {})
        if meta["job_id"] not in kept and meta["status"] == self.early:
            kept[meta["job_id"]] = self.system.server.folder(f"early {meta['job_id']}")
        return kept.get(meta["job_id"], path)


_EARLY: Final = (("SUBMITTED", "waits"), ("RUNNING", "runs"))

for _status, _when in _EARLY:
    _GENERATOR.session(
        f"KeepsWhile{_status.capitalize()}",
        "download.content",
        f"keeps for good what is downloaded while a job {_when}, which is nothing",
        {"early": _status},
        base=_Early,
    )
