"""The page about the contract: its clauses as tables, part by part."""

from __future__ import annotations

from contract_tests.contract.clause import Clause
from contract_tests.contract.page import to_page

FIRST = Clause("abort_job.first", "MUST", "stated", 0, "It ends.", words="abort_job, Returns; JobNotFound")
SECOND = Clause("abort_job.second", "SHOULD", "observed", 1, "It ends soon.")
OTHER = Clause("close.other", "MAY", "observed", 1, "Something.")


def test_each_part_has_a_table() -> None:
    """A row for each clause: what it is called, how far it binds, what it rests on, what it promises."""
    head, _, rest = to_page([FIRST, SECOND, OTHER]).partition("\n\n## ")

    assert head.startswith("# The contract\n\nEvery clause of the catalogue")
    assert rest.splitlines() == [
        "abort_job",
        "",
        "| clause | level | basis | rests on | promise |",
        "| --- | --- | --- | --- | --- |",
        "| `abort_job.first` | MUST | stated | `abort_job, Returns`<br>`JobNotFound` | It ends. |",
        "| `abort_job.second` | SHOULD | observed |  | It ends soon. |",
        "",
        "## close",
        "",
        "| clause | level | basis | rests on | promise |",
        "| --- | --- | --- | --- | --- |",
        "| `close.other` | MAY | observed |  | Something. |",
    ]
