"""The whole contract suite, in two lines."""

from __future__ import annotations

from contract_tests import contract_suite

test_contract = contract_suite()
