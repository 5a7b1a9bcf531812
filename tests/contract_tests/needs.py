"""What every clause needs of a System, found out by trying: on the reference, less what it has not been asked for yet.

``python -m tests.contract_tests.needs`` writes the table that the suite tells it from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses import needs as table
from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.clauses.checks import checks_of
from contract_tests.contract.clause import Clause
from contract_tests.contract.verdict import Verdict
from contract_tests.engine.runner import run_check
from contract_tests.engine.settings import RunSettings
from contract_tests.reference import SimulatedSystem
from contract_tests.scenario.check import Check
from contract_tests.system import job_folders
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.needs import NEEDS
from contract_tests.system.system import NotClaimed, System

__all__ = ["Less", "needs", "needs_of"]


class Less(SimulatedSystem):
    """The reference, with nothing of what a clause may need but what it is told to serve."""

    def __init__(self, served: Iterable[str] = ()) -> None:
        super().__init__()
        self.served = frozenset(served)
        for member, nothing in (("clock", None), ("users", ()), ("restricted_user", None), ("unknown_user", None)):
            self._without(member, nothing)
        self._without("client_names", ())
        self._without("threads", False)
        for member in {need.partition(":")[0] for need in NEEDS} - {"job_folder"}:
            if member not in self.served and callable(getattr(System, member)):
                setattr(self, member, getattr(super(SimulatedSystem, self), member))
        self.simulated_jobs = False

    def _without(self, member: str, nothing: Any) -> None:
        if member not in self.served:
            setattr(self, member, nothing)

    def open_session(self, user: str | None = None) -> Any:
        """A session of ``user``, by default the project's administrator."""
        return self.server.connect(user or type(self).users[0])

    def job_folder(self, plan: JobPlan) -> str:
        """What the reference gives for plans that are served."""
        if plan.asks and f"job_folder: {plan.asks}" not in self.served:
            raise NotClaimed(str(plan))
        return job_folders.simulated_job_folder(plan, type(self).client_names, self.download_limit + 1)


def needs_of(check: Check) -> list[str]:
    """The needs of a check, as a run by the default settings finds them, in the order in which it asks for them."""
    found: list[str] = []
    while True:
        result = run_check(check, partial(Less, found), RunSettings(), shrink=False)
        if result.verdict is not Verdict.NOT_CLAIMED:
            assert result.verdict in (Verdict.MET, Verdict.UNDEFINED), result
            return found
        need = result.lacks[0]
        assert need in NEEDS, result
        assert need not in found, result
        found.append(need)


def needs(clauses: Iterable[Clause] = CATALOGUE) -> dict[str, list[str]]:
    """The needs of clauses, by their ids; those that need nothing are left out."""
    found = {clause.id: {need for check in checks_of(clause.id) for need in needs_of(check)} for clause in clauses}
    return {clause: [need for need in NEEDS if need in its] for clause, its in found.items() if its}


TABLE: Final = Path(str(table.__file__)).with_suffix(".json")

if __name__ == "__main__":
    rows = (f"  {json.dumps(clause)}: {json.dumps(its)}" for clause, its in needs().items())
    TABLE.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
