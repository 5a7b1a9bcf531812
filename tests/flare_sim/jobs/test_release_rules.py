"""What each release from 2.3 to 2.9 takes, where they differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from flare_sim.cli import main
from flare_sim.jobs.definition import examine
from flare_sim.personality.release_rules import RELEASE_RULES
from tests.flare_sim.job_samples import APP_FILES, job_meta, write_files

if TYPE_CHECKING:
    from pathlib import Path

NAMED = ["server", "site-1"]
TAKEN, REFUSED, FALLS_OVER = "+", "-", "!"
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "a list of sites": ({"deploy_map": {"app": NAMED}, "min_clients": 1}, "+++++++"),
    "sites in an object": ({"deploy_map": {"app": {"sites": ["@ALL"]}}}, "----+++"),
    "targets in an object": ({"deploy_map": {"app": {"targets": ["@ALL"]}}}, "----+++"),
    "an object for each": ({"deploy_map": {"app": [{"sites": ["server"]}, {"sites": ["site-1", "b"]}]}}, "!!!++++"),
    "targets for each": ({"deploy_map": {"app": [{"targets": ["server", "site-1", "b"]}]}}, "!!!!+++"),
    "other keys": ({"deploy_map": {"app": [{"sites": ["@ALL"], "x": 1}]}}, "!!!++--"),
    "a number for a site": ({"deploy_map": {"app": ["server", "site-1", "b", 3]}}, "!!!----"),
    "no object": ({"deploy_map": ["app"]}, "!!!!!--"),
    "text": ({"deploy_map": {"app": "@ALL"}}, "----+++"),
    "only the server": ({"deploy_map": {"app": ["server"]}}, "!!!!!!!"),
    "a launcher": ({"launcher_spec": {"site-1": {"slurm": {}}}}, "+++++-+"),
    "no launcher": ({"launcher_spec": {"site-1": {"vm": {}}}}, "+++++--"),
    "Docker's own": ({"launcher_spec": {"site-1": {"docker": {"privileged": True}}}}, "++++++-"),
    "no resources": ({"resource_spec": {"site-1": None}}, "++++++-"),
    "a number for an id": ({"job_id": 5}, "+!!!!--"),
    "an id that is none": ({"job_id": "a b"}, "+++++--"),
}
"""What is changed in a good meta -> what the seven releases make of it."""


@pytest.mark.parametrize("name", CASES)
def test_each_release_has_its_own_verdict(name: str, tmp_path: Path) -> None:
    """Taken, refused, or a server that falls over it, which is an internal error."""
    changes, expected = CASES[name]
    files = {"meta.json": json.dumps(job_meta(**changes)), **APP_FILES}
    folder = write_files(tmp_path / "job", files)
    found = ""
    for rules in RELEASE_RULES.values():
        refusal = examine(folder, rules).refusal
        if refusal is None:
            found += TAKEN
        else:
            assert refusal.reply is not None
            found += FALLS_OVER if refusal.reply.status == "internal_error" else REFUSED

    assert found == expected


@pytest.mark.parametrize("release", RELEASE_RULES)
def test_each_release_marks_what_it_marks(release: str, tmp_path: Path) -> None:
    """From 2.5 that an app brings code; from 2.8 a mark that a job brings with it goes."""
    meta = job_meta(byoc=True, flower_predeployed=True)
    plain = write_files(tmp_path / "plain", {"meta.json": json.dumps(meta), **APP_FILES})
    code = write_files(tmp_path / "code", {"meta.json": json.dumps(job_meta()), **APP_FILES, "app/custom/net.py": ""})

    kept, noted = (examine(folder, RELEASE_RULES[release]).definition for folder in (plain, code))

    assert kept is not None
    assert noted is not None
    assert ("byoc" in kept.meta) == (release < "2.8")
    assert ("flower_predeployed" in kept.meta) == (release < "2.9")
    assert ("byoc" in noted.meta) == (release > "2.4")


@pytest.mark.parametrize("release", RELEASE_RULES)
def test_the_command_judges_by_every_release(release: str, tmp_path: Path) -> None:
    """A meta.conf is one since 2.4."""
    text = 'name = small\ndeploy_map { app = ["@ALL"] }\n'
    folder = write_files(tmp_path / "job", {"meta.conf": text, **APP_FILES})

    result = CliRunner().invoke(main, ["check", "--personality", f"nvflare-{release}", folder])

    assert result.exit_code == int(release == "2.3")
