"""Base classes of sessions that submit another folder than the one they were given."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from contract_tests.mutants.wrapper import Wrapper
from contract_tests.system import temporary_folders


class KeepsFolders(Wrapper):
    """Keeps a copy of every folder, and submits the one it has kept under a key."""

    def key(self, path: Path) -> str:
        """What it takes for the same folder."""
        return str(path)

    def submit_job(self, job_definition_path: Any) -> str:
        """Submit what was kept, if anything was."""
        job = super().submit_job(job_definition_path)
        kept: dict[str, str] = self.system.memory.setdefault("kept", {})
        key = self.key(Path(job_definition_path))
        if key not in kept:
            kept[key] = shutil.copytree(job_definition_path, f"{tempfile.mkdtemp(dir=temporary_folders.scratch())}/job")
            return job
        self.inner.delete_job(job)
        return super().submit_job(kept[key])


class DropsKey(Wrapper):
    """Loses a key of every meta.json."""

    lost = ""

    def submit_job(self, job_definition_path: Any) -> str:
        """Submit a copy without it."""
        try:
            meta = json.loads((Path(job_definition_path) / "meta.json").read_text(encoding="utf-8"))
            copy = shutil.copytree(job_definition_path, f"{tempfile.mkdtemp(dir=temporary_folders.scratch())}/job")
        except (OSError, TypeError, ValueError, RecursionError):
            return super().submit_job(job_definition_path)
        if not isinstance(meta, dict) or self.lost not in meta:
            return super().submit_job(job_definition_path)
        del meta[self.lost]
        (Path(copy) / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        return super().submit_job(copy)


class RemembersFolders(Wrapper):
    """Remembers the folder of every job."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the folder."""
        job = super().submit_job(job_definition_path)
        self.system.memory[("folder", job)] = job_definition_path
        return job

    def clone_job(self, job_id: str) -> str:
        """Remember it for the clone."""
        clone = super().clone_job(job_id)
        self.system.memory[("folder", clone)] = self.folder(job_id)
        return clone

    def folder(self, job: str) -> str:
        """The folder of a job."""
        return str(self.system.memory.get(("folder", job), ""))
