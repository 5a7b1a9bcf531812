"""The pages about NVFLARE say what the reports beside them say, and those hold."""

from __future__ import annotations

import datetime as dt
import json
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Verdict
from contract_tests.engine import deviations
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.report import Report, build
from contract_tests.engine.suite_run import run_suite
from contract_tests.report import verify
from tests.project.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "docs" / "conformance"
REPORTS = sorted(FOLDER.glob("*.json"))
DECLARED = sorted(path for path in FOLDER.glob("*.toml") if path.name != "reasons.toml")
ABORT_TELLS = "contract_tests.mutants.catalogue.abort_job.done_jobs:AbortTells"
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


def run_two(system: Any, *, deviations: Any, **_: Any) -> Report:
    """A report of which two clauses were tried, as if all others had been kept."""
    tried = run_suite(system, clauses=["abort.returns-none", "abort.twice"], deviations=deviations)
    results = {check.check: check for entry in tried.clauses for check in entry.checks}
    kept = [
        CheckResult(check.id, check.clause, Verdict.MET) for check in all_checks() if CATALOGUE[check.clause].judged
    ]
    return build(tried.system, tried.settings, [results.get(check.check, check) for check in kept])


def test_renewing_declares_what_is_not_kept_and_judges_by_it(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has the reason that is told, and the report is the one of a run with the file."""
    told = {"abort.returns-none": "It says what it did."}
    monkeypatch.setattr(make, "HERE", tmp_path)
    monkeypatch.setattr(make, "reasons", lambda: told)
    monkeypatch.setattr(make, "version", lambda _: "0.1")
    monkeypatch.setattr(make, "run_suite", run_two)
    subject = make.Subject("session", ABORT_TELLS, "Session")

    make.renew(subject, "0.1")
    found, problems = deviations.read(tmp_path / "session-0.1.toml", dt.date.min)
    report = json.loads((tmp_path / "session-0.1.json").read_text(encoding="utf-8"))
    verdicts = {row["id"]: row["verdict"] for row in report["clauses"]}

    assert ({deviation.clause: deviation.reason for deviation in found}, problems) == (told, [])
    assert (verdicts["abort.returns-none"], verdicts["abort.twice"]) == ("known deviation", "met")
    assert report["about"] == {"NVFLARE": "0.1", "flare-sim": make.__version__}
    assert (tmp_path / "session-0.1.html").is_file()


def test_nothing_is_declared_without_a_reason(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Renewing stops at a clause that is not kept and for which no reason is told, and writes nothing."""
    monkeypatch.setattr(make, "HERE", tmp_path)
    monkeypatch.setattr(make, "reasons", dict)
    monkeypatch.setattr(make, "version", lambda _: "0.1")
    monkeypatch.setattr(make, "run_suite", run_two)

    with pytest.raises(SystemExit, match=r"abort\.returns-none: violated"):
        make.renew(make.Subject("session", ABORT_TELLS, "Session"), "0.1")
    assert list(tmp_path.iterdir()) == []
