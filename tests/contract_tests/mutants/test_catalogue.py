"""The mutants and conforming variants there are: enough of them, each where it belongs and under a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.clauses.catalogue import CATALOGUE, SUBJECTS
from contract_tests.mutants import catalogue
from contract_tests.mutants.algebra.altered import Change
from contract_tests.mutants.catalogue import MODULES, all_mutants
from contract_tests.mutants.conforming import all_conforming_variants
from contract_tests.mutants.variant import conforming, mutants
from contract_tests.system.lookup import factory

MUTANTS = all_mutants()
CONFORMING = all_conforming_variants()
SUBJECT_OF = {clause.id: subject for subject, clauses in SUBJECTS.items() for clause in clauses}


def test_there_are_mutants_for_every_clause() -> None:
    """At least one for each judged clause, and more than 1,600 in all."""
    broken = {mutant.clause for mutant in MUTANTS}

    assert [clause.id for clause in CATALOGUE if clause.judged and clause.id not in broken] == []
    assert len(MUTANTS) >= 1_600


def test_there_are_enough_conforming_variants() -> None:
    """At least 140 ways to be unusual and right."""
    assert len(CONFORMING) >= 140


def test_a_mutant_stands_in_the_package_of_the_subject_it_breaks() -> None:
    """Whoever knows the clause knows the folder."""
    elsewhere = [
        mutant.name
        for mutant in MUTANTS
        if not mutant.module.startswith(f"{catalogue.__name__}.{SUBJECT_OF[mutant.clause]}.")
    ]

    assert elsewhere == []


def test_mutants_are_in_the_order_of_the_subjects() -> None:
    """The subjects are those of the catalogue of clauses."""
    subjects = [SUBJECT_OF[mutant.clause] for mutant in MUTANTS]

    assert list(MODULES) == list(SUBJECTS)
    assert list(dict.fromkeys(subjects)) == list(SUBJECTS)
    assert subjects == sorted(subjects, key=list(SUBJECTS).index)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_module_of_a_subject_is_left_out(subject: str) -> None:
    """Every file in its package is in the table of modules."""
    files = Path(str(catalogue.__file__)).parent.joinpath(subject).glob("*.py")

    assert sorted(file.stem for file in files if file.stem != "__init__") == sorted(MODULES[subject])


def test_names_are_unique_and_lead_to_the_system() -> None:
    """A variant can be named on the command line, by its module and class."""
    names = [variant.name for variant in (*MUTANTS, *CONFORMING)]

    assert len(names) == len(set(names))
    for variant in (*MUTANTS, *CONFORMING):
        system = variant.system
        assert factory(f"{system.__module__}:{system.__qualname__}") is system, variant.name


def test_a_wrong_mutant_is_refused() -> None:
    """A mutant of no clause, or a second one of the same name, is a mistake in the catalogue; of variants alike."""
    keeps = {"keeps it": Change({})}
    (keeper,) = mutants(__name__, {"delete.running": keeps})
    (found,) = conforming(__name__, "kind", keeps)

    assert (keeper.name, found.name) == ("delete.running/keeps-it", "kind/keeps-it")
    with pytest.raises(ValueError, match="no clause"):
        mutants(__name__, {"no.clause": keeps})
    with pytest.raises(ValueError, match="two variants"):
        mutants(__name__, {"delete.running": keeps}, {"delete.running": keeps})
    with pytest.raises(ValueError, match="two variants"):
        conforming(__name__, "kind", {**keeps, "keeps, it": Change({})})
