"""The environments that judge the code are the ones that packaging promises."""

from __future__ import annotations

import configparser
import re

from flare_sim.nvflare import RELEASES
from tests.project.tree import ROOT, pyproject


def tox() -> configparser.ConfigParser:
    """What tox.ini says."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "tox.ini", encoding="utf-8")
    return parser


def test_the_lowest_versions_are_the_ones_that_are_tried() -> None:
    """The environment min-versions installs exactly the lower bounds of what users and tests need."""
    project = pyproject()["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    bounds = dict(need.partition(";")[0].strip().split(">=") for need in declared)
    tried = dict(line.split("==") for line in tox()["testenv:min-versions"]["deps"].split())

    assert {name: release(number) for name, number in tried.items()} == {
        name: release(number) for name, number in bounds.items()
    }


def release(number: str) -> tuple[int, ...]:
    """A version as numbers, without the zeros that make no difference."""
    parts = [int(part) for part in number.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def test_every_python_that_is_promised_is_tried() -> None:
    """Each Python named in the classifiers has an environment of its own, in tox and in the gate."""
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(pyproject()["project"]["classifiers"]))
    environments = tox()["tox"]["env_list"].replace(",", " ").split()

    assert promised != []
    assert {f"py{number.replace('.', '')}" for number in promised} <= set(environments)
    assert f"supported=({' '.join(promised)})" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_a_missing_python_is_never_a_pass() -> None:
    """Tox fails an environment whose interpreter is not there."""
    assert tox().getboolean("tox", "skip_missing_interpreters") is False


def test_tox_keeps_away_from_the_environment_of_the_readme() -> None:
    """A file .venv, which tox would write, is in the way of the folder that README.md makes."""
    assert tox().getboolean("tox", "venv_redirect") is False


def test_the_workflow_runs_every_environment_of_tox() -> None:
    """What runs by `tox run` on a developer's machine runs on every change."""
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    environments = tox()["tox"]["env_list"].replace(",", " ").split()

    assert set(re.findall(r"env: ([\w-]+)", workflow)) >= set(environments)
    assert "run: .ci/run" in workflow


def test_every_release_of_nvflare_is_tried() -> None:
    """Each has an environment of its own, which installs that release, a table, and a place in the workflow."""
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    text = (ROOT / "tox.ini").read_text(encoding="utf-8")

    for release in RELEASES:
        major, minor = release.version
        assert f"nvflare{major}{minor}: nvflare>={major}.{minor},<{major}.{minor + 1}\n" in text
        assert f"env: nvflare{major}{minor}," in workflow
        assert (ROOT / "tests" / "nvflare" / "interfaces" / f"{release.name}.json").is_file()


def test_the_gate_tries_the_newest_release_of_nvflare() -> None:
    """And says so when it can't."""
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "tox run -e nvflare" + RELEASES[-1].name.replace(".", "") in gate
    assert "nothing was tested with NVFLARE" in gate


def test_dask_is_tried_in_its_newest_release_and_the_lowest() -> None:
    """The lower bound is what dask-lowest installs; both run on every change, one of them in the gate."""
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (bound,) = pyproject()["project"]["optional-dependencies"]["dask"]
    tried = tox()["testenv:dask-lowest"]["deps"]

    assert release(tried.partition("==")[2]) == release(bound.partition(">=")[2])
    assert "env: dask," in workflow
    assert "env: dask-lowest," in workflow
    assert "tox run -e dask" in gate
    assert "nothing was tested with NVFLARE and Dask" in gate


def test_no_environment_is_taken_for_a_python() -> None:
    """Tox reads 2.3 in a name as a Python of that version, and then refuses to run any environment at all."""
    names = [section.removeprefix("testenv:") for section in tox().sections() if section.startswith("testenv:")]

    assert names != []
    assert [name for name in names if re.search(r"(?:^|[-{,])\d+\.\d+", name)] == []
