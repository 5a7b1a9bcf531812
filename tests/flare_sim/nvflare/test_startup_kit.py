"""The startup kit, as files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from flare_sim.nvflare import RELEASES, write_kit

if TYPE_CHECKING:
    from pathlib import Path

    from flare_sim.nvflare import Release


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_a_kit_says_where_results_go(release: Release, tmp_path: Path) -> None:
    """In the file that the session of the release reads, and in no other way."""
    kit = tmp_path / "kit"
    write_kit(str(kit), release, upload_dir=str(tmp_path / "up"), download_dir=str(tmp_path / "down"))

    said = json.loads(
        (kit / ("local/resources.json" if release.merges_resources else "startup/fed_admin.json")).read_text()
    )

    assert said["admin"]["upload_dir"] == str(tmp_path / "up")
    assert said["admin"]["download_dir"] == str(tmp_path / "down")


def test_what_is_signed_is_the_same_in_every_kit(tmp_path: Path) -> None:
    """The signature was made once, so the bytes under it may never change."""
    for name, folder in (("one", "a"), ("other", "b")):
        write_kit(str(tmp_path / name), RELEASES[-1], upload_dir=folder, download_dir=folder)

    one, other = (tmp_path / name / "startup" / "fed_admin.json" for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
