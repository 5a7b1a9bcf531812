"""A clause: one promise of the interface, small enough that nothing in it can fail apart.

The catalogue is a value built once from all clauses; it refuses duplicates and unknown words, so a slip in a table is
found on import, not in somebody's report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from contract_tests.contract.passages import is_passage

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
        words: pointers to the words of the interface that it rests on (`passages`), with semicolons between them:
            ``abort_job, Returns``. Only what was observed rests on none.
    """

    id: str
    level: str
    basis: str
    conformance_level: int
    statement: str
    look: str = ""
    words: str = ""

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

    def must(
        self, clause_id: str, basis: str, conformance_level: int, statement: str, look: str = "", *, words: str
    ) -> Clause:
        """What the interface states, or what follows from it."""
        return Clause(clause_id, "MUST", basis, conformance_level, statement, look or self.look, words)

    def should(
        self, clause_id: str, basis: str, conformance_level: int, statement: str, look: str = "", *, words: str = ""
    ) -> Clause:
        """What users may rely on with reason."""
        return Clause(clause_id, "SHOULD", basis, conformance_level, statement, look or self.look, words)

    def silent(self, clause_id: str, conformance_level: int, statement: str) -> Clause:
        """What the interface does not say."""
        look = "nothing: the interface does not say"
        return Clause(clause_id, "MAY", "observed", conformance_level, statement, look)


def each_method(
    part: str, methods: Iterable[str], basis: str, conformance_level: int, statement: str, look: str, *, words: str
) -> list[Clause]:
    """A clause that MUST be kept for each of some methods: ``part.method-name``, with ``{method}`` filled in."""
    promise = Promises(look)
    return [
        promise.must(
            f"{part}.{name.replace('_', '-')}",
            basis,
            conformance_level,
            statement.format(method=name),
            words=words.format(method=name),
        )
        for name in methods
    ]


class Catalogue:
    """All clauses, in a fixed order, found by id.

    Raises:
        ValueError: two clauses share an id; a clause has an unknown level, basis or conformance level, MUST be kept for
            what was only observed, or points at no words of the interface.
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
            if clause.basis == "observed" and clause.level == "MUST":
                raise ValueError(f"clause {clause.id} MUST be kept, but was only observed")
            pointers = clause.words.split("; ") if clause.words else []
            if not (pointers or clause.basis == "observed") or not all(map(is_passage, pointers)):
                raise ValueError(f"clause {clause.id} points at no words of the interface: {clause.words!r}")
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
