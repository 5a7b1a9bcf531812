"""What a condition is, and how conditions compose."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.algebra.call import Call, Holds


class Condition:
    """A condition, with the words for it."""

    __slots__ = ("_holds", "says")

    def __init__(self, says: str, holds: Holds) -> None:
        self.says = says
        self._holds = holds

    def __call__(self, call: Call) -> bool:
        """Whether it is true of a call."""
        return bool(self._holds(call))

    def __and__(self, other: Holds) -> Condition:
        return Condition(f"{self.says} {says(other)}".strip(), lambda call: self(call) and other(call))

    def __or__(self, other: Holds) -> Condition:
        return Condition(f"{self.says} or {says(other)}", lambda call: self(call) or other(call))

    def __invert__(self) -> Condition:
        return Condition(f"not {self.says}", lambda call: not self(call))


def says(holds: Holds) -> str:
    """The words for it, as far as it has any."""
    return holds.says if isinstance(holds, Condition) else ""


always: Final = Condition("", lambda call: True)
