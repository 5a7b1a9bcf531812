"""What a variant of the reference is, mutant or conforming, and the tables that variants are declared in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.mutants.algebra.altered import Change, altered
from contract_tests.mutants.wrapper import WrappedSystem
from contract_tests.system.system import System

Difference = Change | type[Any]
"""What makes a variant: a change, or a class of sessions or systems of its own."""


@dataclass(frozen=True)
class Variant:
    """A system that differs from the reference in one thing: a mutant or a conforming variant.

    Attributes:
        name: what it is called in reports, unique among all: its clause, and the difference in small letters.
        clause: the clause it breaks; empty for a conforming variant.
        difference: what it does differently, as a sentence without a subject.
        made_of: the change of its sessions and systems, or the class of them.
        module: the module in whose table it stands.
        parts: the parts of the catalogue it is tried on; all of them when empty.
    """

    name: str
    clause: str
    difference: str
    made_of: Difference
    module: str
    parts: tuple[str, ...] = ()

    @cached_property
    def system(self) -> type[System]:
        """The factory of its systems, importable as ``contract_tests.mutants.systems:`` and its name."""
        doc = f"{self.difference[:1].upper()}{self.difference[1:]}."
        if isinstance(self.made_of, Change):
            system: type[System] = altered(self.name, self.made_of, doc)
        elif issubclass(self.made_of, System):
            system = type(self.name, (self.made_of,), {"__doc__": doc})
        else:
            system = type(self.name, (WrappedSystem,), {"session": self.made_of, "__doc__": doc})
        system.__module__, system.__qualname__ = SYSTEMS, self.name
        return system


SYSTEMS: Final = "contract_tests.mutants.systems"
"""The module in which the systems of variants are found by their names."""

Faults = Mapping[str, Mapping[str, Difference]]
"""What breaks a clause, by the id of the clause, and by what it does wrong, as a sentence without a subject."""


def mutants(module: str, *tables: Faults) -> list[Variant]:
    """The mutants of a module, in the order of its tables.

    Raises:
        ValueError: two of them do the same to a clause, or one breaks an unknown clause.
    """
    found: dict[str, Variant] = {}
    for table in tables:
        for clause, differences in table.items():
            if clause not in CATALOGUE:
                raise ValueError(f"mutant of {clause}, which is no clause")
            for difference, made_of in differences.items():
                name = f"{clause}/{slug(difference)}"
                if name in found:
                    raise ValueError(f"two mutants are called {name}")
                found[name] = Variant(name, clause, difference, made_of, module)
    return list(found.values())


def slug(words: str) -> str:
    """Words as a part of a name: in small letters, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower().replace("'", "")).strip("-")


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
        self._variants[called] = variant = Variant(called, clause, difference, system, cls.__module__, parts)
        variant.__dict__["system"] = system
        return system
