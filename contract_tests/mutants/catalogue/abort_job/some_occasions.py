"""Sessions whose abort_job is wrong on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.algebra.occasions import OF_CALLS_ABOUT_A_JOB, bound_to_threads, wrong_on
from contract_tests.mutants.variant import mutants

MUTANTS: Final = mutants(
    __name__,
    wrong_on(
        OF_CALLS_ABOUT_A_JOB,
        "abort.returns-none",
        "returns True from abort_job",
        "abort_job",
        lambda answer: True,
    ),
    bound_to_threads("abort.returns-none", "abort_job"),
)
