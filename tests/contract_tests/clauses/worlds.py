"""Systems that are right and other than the reference, and what the checks perform on them; digests are kept of it.

``python -m tests.contract_tests.clauses.worlds`` writes the digests anew; with a world and a subject (``slow meta``)
it prints the words.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses.catalogue import CATALOGUE
from contract_tests.reference import SimulatedSystem
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import System
from flare_sim import ServerConfig, SimulatedServer
from tests.contract_tests.clauses.performed import performed

__all__ = ["KEPT", "SUBJECTS", "WORLDS", "digest", "told"]

KEPT: Final = Path(__file__).with_suffix(".json")
"""Digests by worlds, and by subjects."""

SUBJECTS: Final = tuple(dict.fromkeys(clause.id.partition(".")[0] for clause in CATALOGUE))
"""What stands before the first dot of the ids of clauses."""


class Slow(SimulatedSystem):
    """Replies after a moment, takes a quarter of a second for each of the contract's, and tells more than it has to.

    How often jobs were read, and how old they are, changes by itself.
    """

    time_unit = 0.25

    def __init__(self) -> None:
        super().__init__()
        self.server.faults.slow_replies(0.03125)

    def open_session(self, user: str | None = None) -> Any:
        """A session that does so."""
        session = super().open_session(user)
        meta, entries, reads = session.get_job_meta, session.list_jobs, count()

        def told(facts: dict[str, Any]) -> dict[str, Any]:
            return {**facts, "reads": next(reads), "hours": self.server.clock.time() // 3600}

        session.get_job_meta = lambda *args, **kwargs: told(meta(*args, **kwargs))
        session.list_jobs = lambda *args, **kwargs: [told(entry) for entry in entries(*args, **kwargs)]
        return session


class OneByOne(SimulatedSystem):
    """Runs one job at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.server.close()
        self.server = SimulatedServer(clients=self.client_names, config=ServerConfig(max_jobs=1))
        self.clock = self.server.clock


class SessionsOnly(System):
    """Has sessions of a user who has to be named, and nothing else."""

    def __init__(self) -> None:
        self._server = SimulatedServer()

    def open_session(self, user: str) -> Any:  # type: ignore[override]
        """A session of the administrator, whoever is named."""
        return self._server.connect("admin@nvidia.com")

    def close(self) -> None:
        """Remove what was downloaded."""
        self._server.close()


class Alone(SimulatedSystem):
    """Has one user, one client and one thread."""

    users = ("admin@nvidia.com",)
    client_names = ("site-1",)
    restricted_user = unknown_user = None
    threads = False


class Late(SimulatedSystem):
    """Runs jobs longer than they were to run, and has little patience."""

    patience = 5.0

    def job_folder(self, plan: JobPlan) -> str:
        """A folder of a job that takes its time."""
        return super().job_folder(plan if plan.waits else replace(plan, runs=(plan.runs or 10.0) + 12.0))


class Likeness(SimulatedSystem):
    """Is like a release of NVFLARE, with all that it does differently."""

    personality = "nvflare-2.9"


WORLDS: Final = {
    "slow": Slow,
    "one by one": OneByOne,
    "sessions only": SessionsOnly,
    "alone": Alone,
    "late": Late,
    "likeness": Likeness,
}


def told(world: str, subject: str) -> list[str]:
    """What the checks of a subject perform in a world, in brief."""
    clauses = [clause.id for clause in CATALOGUE if clause.id.partition(".")[0] == subject]
    return [line for clause in clauses for line in performed(clause, WORLDS[world], brief=True)]


def digest(world: str, subject: str) -> str:
    """What stands for that."""
    return blake2b("\n".join(told(world, subject)).encode(), digest_size=8).hexdigest()


def main() -> None:
    """Print what is performed of a subject in a world, or write all digests anew."""
    if sys.argv[1:]:
        print(*told(" ".join(sys.argv[1:-1]), sys.argv[-1]), sep="\n")  # noqa: T201
    else:
        digests = {world: {subject: digest(world, subject) for subject in SUBJECTS} for world in WORLDS}
        KEPT.write_text(json.dumps(digests, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
