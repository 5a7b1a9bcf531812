"""Sessions whose clone_job, or what is told of clones, is wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.occasions import (
    OF_CALLS_ABOUT_A_JOB,
    OF_CLONES,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    OF_CALLS_ABOUT_A_JOB,
    _GENERATOR,
    "CloneJobOtherType",
    "clone.returns-id",
    "returns bytes from clone_job",
    "clone_job",
    lambda job: job.encode(),
)
wrong_on(
    [OF_CLONES],
    _GENERATOR,
    "WrongName",
    "clone.definition",
    "tells names in capitals",
    "get_job_meta",
    lambda meta: {**meta, "name": meta["name"].upper() + "!"},
)
wrong_on(
    [OF_CLONES],
    _GENERATOR,
    "WrongTime",
    "clone.starts-over",
    "is an hour off",
    "get_job_meta",
    lambda meta: {**meta, "submit_time": meta["submit_time"] - 3_600},
)
wrong_on(
    [OF_CLONES],
    _GENERATOR,
    "WrongOwner",
    "clone.owner",
    "names root for the submitter",
    "get_job_meta",
    lambda meta: {**meta, "submitter_name": "root"},
)

bound_to_threads(_GENERATOR, "clone.returns-id", "clone_job")
