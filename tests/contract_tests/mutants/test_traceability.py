"""From a clause to its sentence, its checks and its mutants: each is told with a place that can be opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from contract_tests.clauses.catalogue import CATALOGUE, SUBJECTS
from contract_tests.cli import main
from contract_tests.mutants.traceability import places
from tests.project.tree import ROOT

SUBJECT_OF = {clause.id: subject for subject, clauses in SUBJECTS.items() for clause in clauses}


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are told from the current folder."""
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("clause", CATALOGUE, ids=lambda clause: clause.id)
def test_all_about_a_clause_stands_in_the_folders_of_its_subject(clause: object) -> None:
    """Its sentence and checks in one folder, its mutants in another, both called like the subject."""
    found = list(places(clause))  # type: ignore[arg-type]
    subject = SUBJECT_OF[found[0].name]
    folders = {"mutant": f"contract_tests/mutants/catalogue/{subject}/"}

    assert [place.kind for place in found[:2]] == ["sentence", "check"]
    for place in found:
        file, _, line = place.where.partition(":")
        assert file.startswith(folders.get(place.kind, f"contract_tests/clauses/{subject}/")), place
        assert int(line or 1) <= len(Path(file).read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("clause_id", "part"),
    [("delete.running", "delete.running"), ("submit.refuses.no-meta", "no-meta"), ("unknown.clone-job", "unknown")],
)
def test_the_line_of_a_sentence_names_the_clause(clause_id: str, part: str) -> None:
    """By its id, or, where many are made alike, by the part of it that stands in their table."""
    file, _, line = next(places(CATALOGUE[clause_id])).where.partition(":")

    assert f'"{part}"' in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]


@pytest.mark.parametrize(
    ("clause_id", "mutant", "part"),
    [
        ("list.dicts", "list.dicts/returns-a-generator", "returns a generator"),
        ("outage.open", "outage.open/returns-none", "returns None"),
        (
            "outage.refused",
            "outage.refused/raises-noconnection-for-submit-job-and-does-it-afterwards",
            "outage.refused",
        ),
        ("lost.list-jobs", "lost.list-jobs/returns-nothing-for-list-jobs-in-a-lost-session", "lost"),
    ],
)
def test_the_line_of_a_mutant_says_what_it_does(clause_id: str, mutant: str, part: str) -> None:
    """Where it is one of many made alike, the line names their clause or their family."""
    (where,) = (place.where for place in places(CATALOGUE[clause_id]) if place.name == mutant)
    file, _, line = where.partition(":")

    assert f'"{part}"' in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_the_command_tells_all_places() -> None:
    """``flare-contract clauses ID --where`` prints a line for each."""
    told = CliRunner().invoke(main, ["clauses", "delete.running", "--where"]).output.splitlines()

    assert told[0] == "delete.running: A job that is being executed can be deleted: it is stopped first."
    assert {line.split()[0] for line in told[1:]} == {"sentence", "check", "mutant"}
    assert any("delete.running/refuses-to-delete-a-job-that-runs-beside-another " in line for line in told)
