"""What the sessions of one mutant remember together: numbers of calls, and lists."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.wrapper import Wrapper


def count(session: Wrapper, what: str) -> int:
    """How often this was called with ``what``, by any session of the system, this time included."""
    memory = session.system.memory
    memory[what] = memory.get(what, 0) + 1
    number: int = memory[what]
    return number


def noted(session: Wrapper, what: str) -> list[Any]:
    """A list that all sessions of a system share under a name."""
    shared: list[Any] = session.system.memory.setdefault(what, [])
    return shared
