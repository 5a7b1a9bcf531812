"""Base classes of sessions that give wrong results of jobs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.wrapper import Wrapper


class Downloads(Wrapper):
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


class Emptying(Downloads):
    """Hands out a folder without what the job left there, once the job was emptied."""

    def empty(self, job_id: str) -> None:
        """Forget what the job left."""
        noted(self, "emptied").append(job_id)

    def changed(self, path: str, meta: dict[str, Any]) -> Any:
        """Without it."""
        if meta["job_id"] not in noted(self, "emptied") or not os.path.isdir(path):
            return path
        copy = Path(self.system.server.folder(f"emptied {count(self, 'copies')}"))
        for mark in Path(shutil.copytree(path, copy, dirs_exist_ok=True)).rglob("mark.txt"):
            mark.unlink()
        return str(copy)
