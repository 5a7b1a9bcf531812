"""The job folders that come with NVFLARE, and those its command makes, judged by the release and by the simulator."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import nvflare
import pytest

from flare_sim.jobs.definition import examine
from flare_sim.nvflare import installed_release
from flare_sim.personality.job_rules import CONTRACT
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.nvflare.judged_jobs import compare

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = Path(nvflare.__file__).parent
TEMPLATES = PACKAGE / "tool" / "job" / "templates"
NEWER_THAN_2_3 = installed_release().name != "2.3"
"""2.3 comes without job folders, and makes none."""


def shipped() -> set[Path]:
    """Every folder of the package that has a meta, in whatever format a release reads."""
    names = [f"meta{suffix}" for suffix in RELEASE_RULES["2.9"].meta_suffixes]
    return {path.parent for name in names for path in PACKAGE.rglob(name)}


def made(parent: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The jobs that ``nvflare job create`` makes of the templates, as it makes them."""
    folders: list[Path] = []
    templates = sorted(info.parent for info in TEMPLATES.glob("*/info.conf"))
    if not templates:
        return folders
    monkeypatch.setenv("HOME", str(parent))
    for template in templates:
        folders.append(parent / template.name)
        command = ["nvflare", "job", "create", "-force", "-j", str(folders[-1]), "-w", str(template)]
        monkeypatch.setattr(sys, "argv", command)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from nvflare.cli import main

            main()
    return folders


def differences(folders: Iterable[Path]) -> dict[str, str]:
    """Folder -> how its two verdicts differ."""
    compared = {str(folder): compare(folder) for folder in folders}
    return {name: result.differs for name, result in compared.items() if result.differs}


def test_what_is_shipped_is_judged_alike() -> None:
    """Templates are no jobs yet, and are refused alike."""
    folders = shipped()

    assert bool(folders) == NEWER_THAN_2_3
    assert differences(folders) == {}


@pytest.mark.filterwarnings("ignore:unclosed file", "ignore:Exception ignored in. <_io.FileIO")
def test_what_nvflares_command_makes_is_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every template; and the simulator's own server takes what the release takes."""
    folders = made(tmp_path, monkeypatch)

    assert (len(folders) > 20) == NEWER_THAN_2_3
    assert differences(folders) == {}
    for folder in folders:
        assert (examine(str(folder), CONTRACT).refusal is None) == (compare(folder).real.status == "ok")
