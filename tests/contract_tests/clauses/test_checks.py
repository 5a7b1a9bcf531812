"""The table of all checks, and that each stands in the package of the clause it judges."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from contract_tests import clauses
from contract_tests.clauses import checks
from contract_tests.clauses.catalogue import CATALOGUE, SUBJECTS
from contract_tests.clauses.checks import all_checks, checks_of
from contract_tests.clauses.close import other_sessions_and_jobs
from contract_tests.scenario.check import CheckTable
from contract_tests.scenario.strategies import integers

PACKAGE: Final = clauses.__name__
FOLDER: Final = Path(clauses.__path__[0])


def modules_of(package: str) -> list[str]:
    """The names of the modules in a package of this room, but for the one of the sentences."""
    return [path.stem for path in sorted((FOLDER / package).glob("*.py")) if path.stem not in ("__init__", "clauses")]


def declaring(subject: str) -> list[str]:
    """Those of them that declare checks."""
    return [name for name in modules_of(subject) if hasattr(import_module(f"{PACKAGE}.{subject}.{name}"), "CHECKS")]


def imported(package: str, module: str) -> set[str]:
    """What a module imports of this room, as ``package.module``, wherever it does, and if for a type checker only."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((FOLDER / package / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{name.name}" for name in node.names)
    inside = (name.removeprefix(f"{PACKAGE}.") for name in names if name.startswith(f"{PACKAGE}."))
    return {".".join(name.split(".")[:2]) for name in inside}


def test_every_clause_has_a_check() -> None:
    """There is no promise that nothing tries."""
    assert [clause.id for clause in CATALOGUE if not checks_of(clause.id)] == []


def test_every_check_has_a_clause_and_an_id_of_its_own() -> None:
    """A check's id begins with its clause's, and no two are the same."""
    checks = all_checks()

    assert [check.id for check in checks if check.clause not in CATALOGUE] == []
    assert [check.id for check in checks if check.id.partition("/")[0] != check.clause] == []
    assert len({check.id for check in checks}) == len(checks)


def test_checks_stand_in_the_order_of_the_catalogue() -> None:
    """So do the rows of every report."""
    order = [clause.id for clause in CATALOGUE]
    places = [order.index(check.clause) for check in all_checks()]

    assert places == sorted(places)


def test_every_package_is_a_subject() -> None:
    """But for the one of what they share."""
    packages = {path.parent.name for path in FOLDER.glob("*/__init__.py")}

    assert packages == {*SUBJECTS, "shared"}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_declares_its_own_clauses(subject: str) -> None:
    """Its sentences stand in its package."""
    assert SUBJECTS[subject] == import_module(f"{PACKAGE}.{subject}.clauses").CLAUSES


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_check_stands_with_the_clause_it_judges(subject: str) -> None:
    """The body that is called is defined in a module of the clause's package."""
    its_clauses = [clause.id for clause in SUBJECTS[subject]]
    its_checks = [check for clause in its_clauses for check in checks_of(clause)]
    elsewhere = {
        check.id: check.body.__module__
        for check in its_checks
        if not check.body.__module__.startswith(f"{PACKAGE}.{subject}.")
    }

    assert its_checks
    assert elsewhere == {}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_module_of_a_subject_declares_checks_or_is_used_by_one_that_does(subject: str) -> None:
    """Nothing else is in the package."""
    used = {name for module in declaring(subject) for name in imported(subject, module)}
    others = [name for name in modules_of(subject) if name not in declaring(subject)]

    assert [name for name in others if f"{subject}.{name}" not in used] == []


def test_every_module_that_declares_checks_is_in_the_table() -> None:
    """None is forgotten, and none declares nothing."""
    declared = [f"{PACKAGE}.{subject}.{name}" for subject in SUBJECTS for name in declaring(subject)]

    assert sorted(checks.MODULES) == sorted(declared)
    assert [name for name in declared if not [*import_module(name).CHECKS]] == []


@pytest.mark.parametrize("package", [*SUBJECTS, "shared"])
def test_no_subject_needs_another(package: str) -> None:
    """What two of them need is in `shared`, which needs none of them."""
    others = {
        f"{module}: {name}"
        for module in modules_of(package)
        for name in imported(package, module)
        if name.split(".")[0] in SUBJECTS and name.split(".")[0] != package
    }

    assert others == set()


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        ("a check of no clause", "is no clause"),
        ("a check twice", "two checks are called"),
        ("a clause without a check", "clauses without a check: close.jobs"),
    ],
)
def test_checks_that_do_not_fit_the_catalogue_are_refused(
    slip: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check without a clause, a check that stands twice and a clause without a check are found at once."""
    table = CheckTable()
    left_out = "close.jobs" if slip == "a clause without a check" else ""
    kept = [check for check in other_sessions_and_jobs.CHECKS if check.clause != left_out]
    table._checks = kept
    if slip == "a check of no clause":
        table.check("close.sideways", how=integers(0, 1))(lambda scenario, how: None)
    if slip == "a check twice":
        table._checks = [*kept, kept[0]]
    monkeypatch.setattr(other_sessions_and_jobs, "CHECKS", table)

    with pytest.raises(ValueError, match=told):
        checks._by_clause.__wrapped__()
