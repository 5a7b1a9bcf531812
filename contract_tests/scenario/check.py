"""A check: how one is declared, as a function of a scenario and its inputs, under the clause it judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from contract_tests.scenario.strategies import SETTINGS, Each, LazyStrategy

Body = TypeVar("Body", bound=Callable[..., Any])

STATEFUL: Final = "stateful"
WALK: Final = "walk"


class Check(NamedTuple):
    """A way to find out whether one clause is kept.

    Attributes:
        id: the clause's id, and what tells it from other checks of the clause: ``clause/variant``.
        clause: the id of the clause it judges.
        body: called with a `Scenario` and the inputs; raises `Violation` when the clause is broken. The body of a
            check of a ``MAY`` clause returns what it observed, in words.
        inputs: the inputs that are drawn, by name.
        each: the inputs that are all tried, by name.
        kind: "" for a property, ``stateful`` for the state machine, ``walk`` for what is to hold at every point of a
            drawn sequence of calls; the only input of the latter two is ``calls``.
    """

    id: str
    clause: str
    body: Callable[..., Any]
    inputs: dict[str, LazyStrategy]
    each: dict[str, Each]
    kind: str = ""

    def fits(self, inputs: Mapping[str, Any]) -> bool:
        """Whether these are inputs of the check, by their names; those of another release may not be."""
        return set(inputs) - SETTINGS == ({"calls"} if self.kind else {*self.inputs, *self.each})


class CheckTable:
    """The checks of one part of the interface, in the order they are declared."""

    def __init__(self) -> None:
        self._checks: list[Check] = []

    def __iter__(self) -> Iterator[Check]:
        return iter(self._checks)

    def check(
        self, clause: str, *, variant: str = "", kind: str = "", **inputs: LazyStrategy | Each
    ) -> Callable[[Body], Body]:
        """Declare the decorated function as a check of ``clause``; the keywords say where its inputs come from."""

        def declare(body: Body) -> Body:
            self._checks.append(
                Check(
                    f"{clause}/{variant}" if variant else clause,
                    clause,
                    body,
                    {name: source for name, source in inputs.items() if isinstance(source, LazyStrategy)},
                    {name: source for name, source in inputs.items() if isinstance(source, Each)},
                    kind,
                )
            )
            return body

        return declare
