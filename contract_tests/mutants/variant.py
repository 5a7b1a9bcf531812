"""What a variant of the reference is, mutant or conforming, and the tables that variants are declared in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.mutants.wrapper import WrappedSystem
from contract_tests.system.system import System


class Variant(NamedTuple):
    """A system that differs from the reference in one thing: a mutant or a conforming variant.

    Attributes:
        name: what it is called in reports, unique in its table.
        clause: the clause it breaks; empty for a conforming variant.
        difference: what it does differently, as a sentence without a subject.
        system: the factory of its systems, importable by its module and name.
        parts: the parts of the catalogue it is tried on; all of them when empty.
    """

    name: str
    clause: str
    difference: str
    system: type[System]
    parts: tuple[str, ...] = ()


class VariantTable:
    """Variants in the order they are declared.

    Raises:
        ValueError: on declaring two of one name, or one that breaks an unknown clause.
    """

    def __init__(self) -> None:
        self._variants: dict[str, Variant] = {}

    def __iter__(self) -> Iterator[Variant]:
        return iter(self._variants.values())

    def __len__(self) -> int:
        return len(self._variants)

    def mutant(self, clause: str, difference: str, name: str = "") -> Callable[[type[Any]], type[System]]:
        """Declare the decorated session class (or `System` subclass) as a mutant that breaks ``clause``.

        The class is replaced by its system, so that ``module:ClassName`` names something that can be run.
        """
        if clause not in CATALOGUE:
            raise ValueError(f"mutant of {clause}, which is no clause")
        return lambda cls: self._declare(cls, clause, difference, name)

    def conforming(
        self, difference: str, name: str = "", parts: tuple[str, ...] = ()
    ) -> Callable[[type[Any]], type[System]]:
        """Declare the decorated session class (or `System` subclass) as one that keeps the contract."""
        return lambda cls: self._declare(cls, "", difference, name, parts)

    def _declare(
        self, cls: type[Any], clause: str, difference: str, name: str, parts: tuple[str, ...] = ()
    ) -> type[System]:
        system: type[System]
        if issubclass(cls, System):
            system = cls
        else:
            system = type(cls.__name__, (WrappedSystem,), {"session": cls, "__doc__": cls.__doc__})
            system.__module__, system.__qualname__ = cls.__module__, cls.__qualname__
        called = name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()
        if called in self._variants:
            raise ValueError(f"two variants are called {called}")
        self._variants[called] = Variant(called, clause, difference, system, parts)
        return system
