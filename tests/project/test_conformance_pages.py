"""The pages about NVFLARE say what the reports beside them say, and those hold."""

from __future__ import annotations

import datetime as dt
import json
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests import deviations, verify
from tests.project.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "docs" / "conformance"
REPORTS = sorted(FOLDER.glob("*.json"))
DECLARED = sorted(path for path in FOLDER.glob("*.toml") if path.name != "reasons.toml")
RELEASES = ("2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9")


@pytest.fixture(scope="module")
def make() -> Any:
    """The script that writes the pages."""
    spec = spec_from_file_location("make_conformance", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_release_is_judged() -> None:
    """The session class of each, and what is like the servers that were observed."""
    wanted = {*(f"session-{release}" for release in RELEASES), "server-2.3", "server-2.9"}

    assert {path.stem for path in DECLARED} == wanted
    assert wanted <= {path.stem for path in REPORTS}


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_report_holds(path: Path) -> None:
    """Its verdict follows from its rows, and its page stands beside it."""
    assert verify.problems(json.loads(path.read_text(encoding="utf-8"))) == []
    assert path.with_name(f"{path.name.removesuffix('.json')}.html").is_file()


@pytest.mark.parametrize("path", DECLARED, ids=lambda path: path.stem)
def test_every_deviation_is_explained_and_shown(path: Path, make: Any) -> None:
    """What is declared is what the report shows, each with a witness and the reason that is told for its clause."""
    found, problems = deviations.read(path, dt.date.min)
    report = json.loads((FOLDER / path.name.replace(".toml", ".json")).read_text(encoding="utf-8"))
    shown = {row["id"] for row in report["clauses"] if row["verdict"] == "known deviation"}

    assert problems == []
    assert report["verdict"] == "conformant with deviations"
    assert {deviation.clause for deviation in found} == shown
    assert {deviation.clause: deviation.reason for deviation in found} == {
        clause: reason for clause, reason in make.reasons().items() if clause in shown
    }


def test_no_reason_is_told_for_what_is_kept_everywhere(make: Any) -> None:
    """A reason without a deviation is a statement that nothing shows."""
    declared = {deviation.clause for path in DECLARED for deviation in deviations.read(path, dt.date.min)[0]}

    assert set(make.reasons()) == declared


def test_the_table_is_the_one_of_the_reports(make: Any) -> None:
    """It is written by the script, and up to date."""
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == make.table()
