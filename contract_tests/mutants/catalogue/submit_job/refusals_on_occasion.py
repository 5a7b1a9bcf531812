"""Sessions that accept job definitions they have to refuse on some occasions, or once a key of theirs is lost."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.catalogue.submit_job.refusals import Lenient
from contract_tests.mutants.toolkit.folders import DropsKey
from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.variant import VariantTable
from contract_tests.system import bad_definitions
from flare_sim.spec import InvalidJobDefinition

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _LenientTheSeventhTime(Lenient):
    """Gives in."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept it."""
        if count(self, "refused") == 7:
            return super().refused(path, error)
        raise error


class _LenientToSecondUser(Lenient):
    """Trusts the second user."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept it."""
        if self.user == self.system.users[1]:
            return super().refused(path, error)
        raise error


class _LenientWhileRunning(Lenient):
    """Has no time to look while a job runs."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept it."""
        if any(job.status == "RUNNING" for job in self.system.server.jobs):
            return super().refused(path, error)
        raise error


_LENIENT: Final = (
    ("WhileRunning", "while a job runs", _LenientWhileRunning),
    ("ToSecondUser", "from the second user", _LenientToSecondUser),
    ("TheSeventhTime", "the seventh time", _LenientTheSeventhTime),
)

for _index, _kind in enumerate(bad_definitions.BAD_DEFINITIONS):
    for _name, _difference, _base in (_LENIENT[_index % 3], _LENIENT[(_index + 1) % 3]):
        _GENERATOR.session(
            f"Accepts{camel(_kind)}{_name}",
            f"submit.refuses.{_kind}",
            f"accepts a bad definition ({_kind}) {_difference}",
            {"kind": _kind},
            _base,
        )

for _lost, _clause in (
    ("min_clients", "submit.refuses.min-clients"),
    ("mandatory_clients", "submit.refuses.mandatory-client"),
    ("resource_spec", "submit.refuses.resource-spec"),
):
    _GENERATOR.session(
        f"Drops{camel(_lost)}", _clause, f"submits jobs without their {_lost}", {"lost": _lost}, DropsKey
    )
