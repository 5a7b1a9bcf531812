"""Sessions whose close returns something on some occasions only."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.occasions import (
    THIRD_TIME,
    TO_SECOND_USER,
    WHILE_RUNNING,
    wrong_on,
)
from contract_tests.mutants.toolkit.thread_bound import bound_to_threads
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

wrong_on(
    (TO_SECOND_USER, THIRD_TIME, WHILE_RUNNING),
    _GENERATOR,
    "CloseOtherType",
    "close.returns-none",
    "returns True from close",
    "close",
    lambda answer: True,
)

bound_to_threads(_GENERATOR, "close.returns-none", "close")
