"""The pages about NVFLARE say what was found, as it is kept beside them, and nothing else deviates."""

from __future__ import annotations

import datetime as dt
import json
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import all_checks
from contract_tests.contract.verdict import Overall, Verdict
from contract_tests.engine import deviations
from contract_tests.engine.check_result import CheckResult
from contract_tests.engine.report import Report, build
from contract_tests.engine.suite_run import run_suite
from tests.project.tree import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "docs" / "conformance"
FOUND = sorted((FOLDER / "found").iterdir())
DECLARED = sorted((FOLDER / "declared").iterdir())
RELEASES = ("2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9")
TELLS = "contract_tests.mutants.systems:abort.returns-none/returns-the-servers-message"
KEEPS = "contract_tests.reference:SimulatedSystem"


@pytest.fixture(scope="module")
def make() -> Any:
    """The script that writes the pages."""
    spec = spec_from_file_location("make_conformance", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def result(make: Any, name: str) -> Any:
    """The results of that name."""
    (found,) = [one for one in make.results() if f"{one.subject.name}-{one.release}" == name]
    return found


def test_every_release_is_judged() -> None:
    """The session class of each, what is like the servers that were observed, over the wire, too, and both live."""
    wanted = {*(f"session-{release}.toml" for release in RELEASES), "server-2.3.toml", "server-2.9.toml"}
    wanted.add("served-2.9.toml")
    live = {"poc-2.3.json", "poc-2.9.json"}

    assert {path.name for path in DECLARED} == wanted
    assert {path.name for path in FOUND} == live | {name.replace(".toml", ".json") for name in wanted}


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_every_clause_has_one_verdict(path: Path, make: Any) -> None:
    """No clause is left out or there twice, and every one that is broken is shown, and no other."""
    held = json.loads(path.read_text(encoding="utf-8"))
    listed = [clause for told in held["clauses"].values() for clauses in told.values() for clause in clauses]
    verdicts = result(make, path.stem).verdicts
    broken = {clause.id for clause, verdict in verdicts.items() if verdict in make.BROKEN}
    judged_by = {check.id: check.clause for check in all_checks()}

    assert sorted(listed) == sorted(clause.id for clause in CATALOGUE)
    assert [clause.id for clause, verdict in verdicts.items() if verdict is Verdict.UNDEFINED and clause.judged] == []
    assert {judged_by[failure["check"]] for failure in held["failures"]} == broken
    assert all(failure["operations"] and failure["observed"] for failure in held["failures"])


@pytest.mark.parametrize("path", DECLARED, ids=lambda path: path.stem)
def test_every_deviation_is_explained_and_shown(path: Path, make: Any) -> None:
    """What is declared is what was found, each with its witness and the reason that is told for its clause."""
    declared, problems = deviations.read(path, dt.date.min)
    found = result(make, path.stem)
    shown = [clause.id for clause, verdict in found.verdicts.items() if verdict is Verdict.KNOWN_DEVIATION]
    witnesses = [(failure["check"].partition("/")[0], failure["inputs"]) for failure in found.held["failures"]]

    assert problems == []
    assert found.conclusion.overall is Overall.WITH_DEVIATIONS
    assert sorted(deviation.clause for deviation in declared) == sorted(shown)
    assert all((deviation.clause, deviation.inputs) in witnesses for deviation in declared)
    assert {deviation.clause: deviation.reason for deviation in declared} == {
        clause: reason for clause, reason in make.reasons().items() if clause in shown
    }


def test_no_reason_is_told_for_what_is_kept_everywhere(make: Any) -> None:
    """A reason without a deviation is a statement that nothing shows."""
    declared = {deviation.clause for path in DECLARED for deviation in deviations.read(path, dt.date.min)[0]}

    assert set(make.reasons()) == declared


def test_the_pages_are_those_of_the_results(make: Any) -> None:
    """They are written by the script, and up to date; there are no others."""
    written = {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / "pages").iterdir()}

    assert (FOLDER / "README.md").read_text(encoding="utf-8") == make.front_page()
    assert written == make.pages()


def test_every_result_is_on_one_page(make: Any) -> None:
    """Releases share a page only when all is the same but the version."""
    grouped = [one for group in make.groups() for one in group]
    alike = [[{**one.held, "about": None} for one in group] for group in make.groups()]

    assert grouped == make.results()
    assert [group for group in alike if any(held != group[0] for held in group)] == []


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_a_page_tells_all_that_was_found(path: Path, make: Any) -> None:
    """The sentence of what is broken, every call that shows it, what was expected and observed, and every clause."""
    found = result(make, path.stem)
    (group,) = [group for group in make.groups() if found in group]
    text = (FOLDER / "pages" / make.name_of(group)).read_text(encoding="utf-8")
    told = [line for failure in found.held["failures"] for line in (*failure["operations"], failure["observed"])]
    said = [text for clauses in found.held["clauses"].values() for text in clauses]

    assert [
        clause.id for clause in found.verdicts if f"`{clause.id}`" not in text and f"### {clause.id}" not in text
    ] == []
    assert [
        clause.id
        for clause, verdict in found.verdicts.items()
        if verdict in make.BROKEN and clause.statement not in text
    ] == []
    assert [line for line in [*told, *map(make.cell, said), *found.held["about"].values()] if line not in text] == []
    assert f"**{found.conclusion}**, {found.conclusion.extent}: " in text


def test_the_folder_stays_small() -> None:
    """What is generated is kept as what differs: less than a megabyte in all."""
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 1_000_000


def run_two(system: Any, *, deviations: Any, **_: Any) -> Report:
    """A report of which two clauses were tried, as if all others had been kept."""
    tried = run_suite(system, clauses=["abort.returns-none", "abort.twice"], deviations=deviations)
    results = {check.check: check for entry in tried.clauses for check in entry.checks}
    kept = [
        CheckResult(check.id, check.clause, Verdict.MET) for check in all_checks() if CATALOGUE[check.clause].judged
    ]
    return build(tried.system, tried.settings, [results.get(check.check, check) for check in kept])


def empty(folder: Path) -> Path:
    """That folder, with the ones that the script fills."""
    for name in ("declared", "found", "pages"):
        (folder / name).mkdir()
    return folder


def test_renewing_declares_what_is_not_kept_and_judges_by_it(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file has the reason that is told, and the results are those of a run with the file."""
    told = {"abort.returns-none": "It says what it did."}
    monkeypatch.setattr(make, "HERE", empty(tmp_path))
    monkeypatch.setattr(make, "reasons", lambda: told)
    monkeypatch.setattr(make, "version", lambda _: "0.1")
    monkeypatch.setattr(make, "run_suite", run_two)
    subject = make.SUBJECTS[0]._replace(system=TELLS)

    make.renew(subject, "0.1")
    found, problems = deviations.read(tmp_path / "declared" / "session-0.1.toml", dt.date.min)
    (kept,) = make.results()
    (failure,) = kept.held["failures"]
    verdicts = {clause.id: verdict for clause, verdict in kept.verdicts.items()}

    assert ({deviation.clause: deviation.reason for deviation in found}, problems) == (told, [])
    assert (verdicts["abort.returns-none"], verdicts["abort.twice"]) == (Verdict.KNOWN_DEVIATION, Verdict.MET)
    assert kept.conclusion.overall is Overall.WITH_DEVIATIONS
    assert kept.held["about"] == {"NVFLARE": "0.1", "flare-sim": make.__version__}
    assert failure["observed"].startswith("returned ")
    make.write_pages()
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["session-0.1.md"]


def test_nothing_is_declared_without_a_reason(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Renewing stops at a clause that is not kept and for which no reason is told, and writes nothing."""
    monkeypatch.setattr(make, "HERE", empty(tmp_path))
    monkeypatch.setattr(make, "reasons", dict)
    monkeypatch.setattr(make, "version", lambda _: "0.1")
    monkeypatch.setattr(make, "run_suite", run_two)

    with pytest.raises(SystemExit, match=r"abort\.returns-none: violated"):
        make.renew(make.SUBJECTS[0]._replace(system=TELLS), "0.1")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


DECLARED_ONCE = """
[[deviation]]
clause = "abort.returns-none"
reason = "{reason}"
witness = {{ check = "abort.returns-none", inputs = '{{"state": "waiting"}}' }}
"""


@pytest.mark.parametrize(
    ("system", "declaration", "told"),
    [
        (TELLS, "", r"abort\.returns-none: violated"),
        (TELLS, DECLARED_ONCE.format(reason=""), r"abort\.returns-none has no reason"),
        (KEEPS, DECLARED_ONCE.format(reason="It says what it did."), r"abort\.returns-none: stale deviation"),
    ],
    ids=["not declared", "without a reason", "stale"],
)
def test_nothing_deviates_but_what_is_declared(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, declaration: str, told: str
) -> None:
    """The check fails, and says which clause it is about."""
    monkeypatch.setattr(make, "HERE", empty(tmp_path))
    monkeypatch.setattr(make, "version", lambda _: "0.1")
    monkeypatch.setattr(make, "run_suite", run_two)
    (tmp_path / "declared" / "session-0.1.toml").write_text(declaration, encoding="utf-8")

    with pytest.raises(SystemExit, match=told):
        make.check(make.SUBJECTS[0]._replace(system=system), "0.1")


def test_what_is_declared_may_deviate(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check says what came of it in a line."""
    monkeypatch.setattr(make, "HERE", empty(tmp_path))
    monkeypatch.setattr(make, "version", lambda _: "0.1")
    monkeypatch.setattr(make, "run_suite", run_two)
    declaration = DECLARED_ONCE.format(reason="It says what it did.")
    (tmp_path / "declared" / "session-0.1.toml").write_text(declaration, encoding="utf-8")

    make.check(make.SUBJECTS[0]._replace(system=TELLS), "0.1")

    assert "Session, NVFLARE 0.1: conformant with deviations {'met': " in capsys.readouterr().out
