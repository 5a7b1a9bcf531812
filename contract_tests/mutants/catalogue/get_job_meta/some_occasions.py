"""Sessions whose metas are wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.occasions import (
    OF_CALLS_ABOUT_A_JOB,
    OF_CLONES,
    OF_METAS,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    OF_CALLS_ABOUT_A_JOB,
    _GENERATOR,
    "GetJobMetaOtherType",
    "meta.dict",
    "returns the meta in a list",
    "get_job_meta",
    lambda meta: [meta],
)
wrong_on(
    (*OF_METAS, OF_CLONES),
    _GENERATOR,
    "WrongKeys",
    "meta.keys",
    "tells no submitter",
    "get_job_meta",
    lambda meta: {key: value for key, value in meta.items() if key != "submitter_name"},
)
wrong_on(
    (*OF_METAS, OF_CLONES),
    _GENERATOR,
    "WrongJobId",
    "meta.job-id",
    "cuts ids short",
    "get_job_meta",
    lambda meta: {**meta, "job_id": meta["job_id"][:-1]},
)
wrong_on(
    OF_METAS,
    _GENERATOR,
    "WrongName",
    "meta.name",
    "tells names in capitals",
    "get_job_meta",
    lambda meta: {**meta, "name": meta["name"].upper() + "!"},
)
wrong_on(
    (*OF_METAS, OF_CLONES),
    _GENERATOR,
    "WrongStatus",
    "meta.status",
    "tells no status",
    "get_job_meta",
    lambda meta: {**meta, "status": None},
)

bound_to_threads(_GENERATOR, "meta.dict", "get_job_meta")
