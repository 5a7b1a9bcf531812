from contract_tests import contract_suite

test_contract = contract_suite()
