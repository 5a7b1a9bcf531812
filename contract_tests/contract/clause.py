"""A clause: one promise of the interface, small enough that nothing in it can fail apart.

The catalogue is a value built once from all clauses; it refuses duplicates and unknown words, so a slip in a table is
found on import, not in somebody's report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

LEVELS: Final = ("MUST", "SHOULD", "MAY")
BASES: Final = ("stated", "implied", "observed")

CONFORMANCE_LEVELS: Final = (
    "shape",
    "lifecycle",
    "errors",
    "monitoring and time",
    "many users",
    "faults and concurrency",
)
"""What a clause belongs to, from the ground up; implementations are graded by it."""

SHAPE, LIFECYCLE, ERRORS, MONITORING, USERS, FAULTS = range(len(CONFORMANCE_LEVELS))


class Clause(NamedTuple):
    """One promise of the FLARE API.

    Attributes:
        id: its name, ``part.promise``, stable between releases.
        level: ``MUST`` for what the interface states or what follows from it, ``SHOULD`` for what users may rely on
            with reason, ``MAY`` where the interface is silent: such a clause is observed, never judged.
        basis: ``stated`` by the interface, ``implied`` by what it states, or ``observed`` of real servers.
        conformance_level: index into `CONFORMANCE_LEVELS`.
        statement: the promise, as one sentence.
        look: where an implementer whose session breaks the promise should look first.
    """

    id: str
    level: str
    basis: str
    conformance_level: int
    statement: str
    look: str = ""

    @property
    def part(self) -> str:
        """The part of the interface the clause belongs to: what stands before the first dot of its id."""
        return self.id.partition(".")[0]

    @property
    def rung(self) -> int:
        """The conformance level, by its name in the first release."""
        return self.conformance_level

    @property
    def judged(self) -> bool:
        """Whether a verdict is passed on it (a ``MAY`` clause is only observed)."""
        return self.level != "MAY"


class Promises(NamedTuple):
    """Makes the clauses of one part of the interface.

    Attributes:
        look: where to look first when a clause says nothing more exact.
    """

    look: str

    def must(self, clause_id: str, basis: str, conformance_level: int, statement: str, look: str = "") -> Clause:
        """What the interface states, or what follows from it."""
        return Clause(clause_id, "MUST", basis, conformance_level, statement, look or self.look)

    def should(self, clause_id: str, basis: str, conformance_level: int, statement: str, look: str = "") -> Clause:
        """What users may rely on with reason."""
        return Clause(clause_id, "SHOULD", basis, conformance_level, statement, look or self.look)

    def silent(self, clause_id: str, conformance_level: int, statement: str) -> Clause:
        """What the interface does not say."""
        look = "nothing: the interface does not say"
        return Clause(clause_id, "MAY", "observed", conformance_level, statement, look)


def each_method(
    part: str, methods: Iterable[str], basis: str, conformance_level: int, statement: str, look: str
) -> list[Clause]:
    """A clause that MUST be kept for each of some methods: ``part.method-name``, with ``{method}`` filled in."""
    return [
        Clause(
            f"{part}.{name.replace('_', '-')}", "MUST", basis, conformance_level, statement.format(method=name), look
        )
        for name in methods
    ]


class Catalogue:
    """All clauses, in a fixed order, found by id.

    Raises:
        ValueError: two clauses share an id, or a clause has an unknown level, basis or conformance level.
    """

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._by_id: dict[str, Clause] = {}
        for clause in clauses:
            if clause.id in self._by_id:
                raise ValueError(f"clause {clause.id} stands twice in the catalogue")
            if (
                clause.level not in LEVELS
                or clause.basis not in BASES
                or not 0 <= clause.conformance_level < len(CONFORMANCE_LEVELS)
            ):
                raise ValueError(f"clause {clause.id} has an unknown level, basis or conformance level")
            self._by_id[clause.id] = clause

    def __iter__(self) -> Iterator[Clause]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, clause_id: object) -> bool:
        return clause_id in self._by_id

    def __getitem__(self, clause_id: str) -> Clause:
        return self._by_id[clause_id]

    def matching(self, pattern: str) -> list[Clause]:
        """The clauses a user means by ``pattern``: an id, or the beginning of ids up to a dot or a dash.

        An empty list says that nothing is called so.
        """
        if pattern in self._by_id:
            return [self._by_id[pattern]]
        return [clause for clause in self if clause.id.startswith((pattern + ".", pattern + "-"))]
