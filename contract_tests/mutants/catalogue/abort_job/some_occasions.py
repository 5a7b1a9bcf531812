"""Sessions whose abort_job is wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.occasions import (
    OF_CALLS_ABOUT_A_JOB,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    OF_CALLS_ABOUT_A_JOB,
    _GENERATOR,
    "AbortJobOtherType",
    "abort.returns-none",
    "returns True from abort_job",
    "abort_job",
    lambda answer: True,
)

bound_to_threads(_GENERATOR, "abort.returns-none", "abort_job")
