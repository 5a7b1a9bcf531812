"""Sessions whose submit_job, or what is told of new jobs, is wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.occasions import (
    A_DAY,
    OF_ANY_CALL,
    OF_METAS,
    not_older,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    OF_ANY_CALL,
    _GENERATOR,
    "SubmitJobOtherType",
    "submit.returns-id",
    "returns the id in a tuple",
    "submit_job",
    lambda job: (job,),
)

_GENERATOR.session("ListsThisWeek", "submit.listed", "lists jobs of the last week", {"list_jobs": not_older(7 * A_DAY)})

wrong_on(
    OF_METAS,
    _GENERATOR,
    "WrongOwner",
    "submit.owner",
    "names root for the submitter",
    "get_job_meta",
    lambda meta: {**meta, "submitter_name": "root"},
)
wrong_on(
    OF_METAS,
    _GENERATOR,
    "WrongTime",
    "submit.time",
    "is an hour off",
    "get_job_meta",
    lambda meta: {**meta, "submit_time": meta["submit_time"] - 3_600},
)

bound_to_threads(_GENERATOR, "submit.returns-id", "submit_job")
