"""The kill matrix of the suite: mutants that it has to kill, conforming variants that it must not accuse.

A mutant is a `System` whose sessions keep the whole contract but for one clause. The kill matrix runs the suite on all
of them: each has to be killed on its own clause, by that clause's own check. A conforming variant is unusual in one
way and keeps the contract: no clause may be held against it.

`mutants` hands the mutants to whoever wants to know whether tests of their own would notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract_tests.mutants.variant import Variant

__all__ = ["mutants"]


def mutants(*begins: str) -> tuple[Variant, ...]:
    """The mutants whose name, and so whose clause, begins with one of these; all of them without any.

    ``mutant.system()`` is a fresh system with two clients, on a virtual clock; its ``open_session()`` gives sessions
    that break ``mutant.clause``. ``contract_tests.mutants.on_server.break_server`` breaks the sessions of a server
    of one's own.
    """
    from contract_tests.mutants.catalogue import all_mutants

    return tuple(mutant for mutant in all_mutants() if not begins or mutant.name.startswith(begins))
