"""What a variant of the reference is, mutant or conforming, and the tables that variants are declared in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.mutants.algebra.altered import AlteredSystem, Change, altered_session
from contract_tests.mutants.wrapper import WrappedSystem
from contract_tests.system.system import System

Difference = Change | type[Any]
"""What makes a variant: a change, or a class of sessions or systems of its own."""

Differences = Difference | tuple[Difference, ...]
"""One of them, or several at once: of changes and of classes of sessions the first are outermost."""


@dataclass(frozen=True)
class Variant:
    """A system that differs from the reference in one thing: a mutant or a conforming variant.

    Attributes:
        name: what it is called in reports, unique among all: its clause or kind, and the difference in small letters.
        clause: the clause it breaks; empty for a conforming variant.
        difference: what it does differently, as a sentence without a subject.
        made_of: the change of its sessions and systems, or the class of them; or several of these.
        module: the module in whose table it stands.
        parts: the parts of the catalogue it is tried on; all of them when empty.
        kind: what is unusual about a conforming variant; empty for a mutant.
    """

    name: str
    clause: str
    difference: str
    made_of: Differences
    module: str
    parts: tuple[str, ...] = ()
    kind: str = ""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All that it is made of."""
        return self.made_of if isinstance(self.made_of, tuple) else (self.made_of,)

    @cached_property
    def system(self) -> type[System]:
        """The factory of its systems, importable as ``contract_tests.mutants.systems:`` and its name."""
        doc = f"{self.difference[:1].upper()}{self.difference[1:]}."
        return _system(self.name, self.differences, {"__doc__": doc, "__module__": SYSTEMS, "__qualname__": self.name})

    @property
    def composes(self) -> bool:
        """Whether it can be something else as well: it opens sessions as any does, whatever is done to them then."""
        systems = (one for one in self.differences if isinstance(one, type) and issubclass(one, System))
        return all(getattr(one, "open_session") is WrappedSystem.open_session for one in systems)  # noqa: B009


def _system(name: str, made_of: tuple[Difference, ...], members: dict[str, Any]) -> type[System]:
    classes = [one for one in made_of if isinstance(one, type)]
    bases = [one for one in classes if issubclass(one, System)]
    sessions: list[Opened] = [one for one in classes if not issubclass(one, System)]
    changes = [one for one in made_of if isinstance(one, Change)]
    if len(bases) > 1:  # each of them takes its time
        members["tolerance"] = System.tolerance + sum(one.tolerance - System.tolerance for one in bases)
    if changes:
        members["change"] = reduce(add, changes)
        sessions.append(altered_session(name, members["change"]))
    if sessions:
        members["session"] = reduce(_around, sessions)
    bases += [AlteredSystem] if changes else [] if bases else [WrappedSystem]
    return type(name, tuple(bases), members)


def _around(outer: Opened, inner: Opened) -> Opened:
    return lambda session, system, user: outer(inner(session, system, user), system, user)


SYSTEMS: Final = "contract_tests.mutants.systems"
"""The module in which the systems of variants are found by their names."""

Opened = Callable[[Any, Any, str], Any]
"""What makes a session of the one it is around, its system, and its user: a class of sessions."""

Faults = Mapping[str, Mapping[str, Difference]]
"""What breaks a clause, by the id of the clause, and by what it does wrong, as a sentence without a subject."""


def mutants(module: str, *tables: Faults) -> list[Variant]:
    """The mutants of a module, in the order of its tables.

    Raises:
        ValueError: two of them do the same to a clause, or one breaks an unknown clause.
    """
    return _distinct(
        Variant(f"{clause}/{slug(difference)}", clause, difference, made_of, module)
        for table in tables
        for clause, differences in table.items()
        for difference, made_of in differences.items()
    )


def conforming(
    module: str, kind: str, table: Mapping[str, Differences], parts: tuple[str, ...] = ()
) -> tuple[Variant, ...]:
    """The conforming variants of a table, by what they do differently, tried on these parts of the catalogue.

    Raises:
        ValueError: two of them are of one name.
    """
    return tuple(
        _distinct(
            Variant(f"{kind}/{slug(difference)}", "", difference, made_of, module, parts, kind)
            for difference, made_of in table.items()
        )
    )


def _distinct(variants: Iterable[Variant]) -> list[Variant]:
    found: dict[str, Variant] = {}
    for variant in variants:
        if variant.clause and variant.clause not in CATALOGUE:
            raise ValueError(f"mutant of {variant.clause}, which is no clause")
        if variant.name in found:
            raise ValueError(f"two variants are called {variant.name}")
        found[variant.name] = variant
    return list(found.values())


def slug(words: str) -> str:
    """Words as a part of a name: in small letters, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower().replace("'", "")).strip("-")
