"""Innocent systems: they look different and keep the contract; no clause may be held against them."""

from __future__ import annotations

from contract_tests.proof.registry import VariantTable
from contract_tests.proof.wrapper import Wrapper

INNOCENT = VariantTable()


@INNOCENT.innocent("hands every call on")
class PlainWrapper(Wrapper):
    """Changes nothing."""
