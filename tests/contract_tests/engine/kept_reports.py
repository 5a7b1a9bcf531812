"""Systems at fault in different ways, and digests of what reports say of them, which are kept beside this.

``python -m tests.contract_tests.engine.kept_reports`` writes them anew; with names of cases it prints the reports.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from contract_tests.engine.settings import RunSettings
from contract_tests.engine.suite_run import run_suite
from contract_tests.reference import SimulatedSystem
from contract_tests.system.system import System
from flare_sim import JobNotFound, Session, SessionClosed
from tests.contract_tests.faulty_systems import Careless, Narrow, Reluctant

__all__ = ["CASES", "KEPT", "digest", "told"]

KEPT: Final = Path(__file__).with_suffix(".json")


class _Namesake(Exception):
    pass


class _Closed(Exception):
    pass


_Namesake.__name__ = _Namesake.__qualname__ = "JobNotFound"
_Closed.__name__ = _Closed.__qualname__ = "SessionClosed"


class _Foreign(Session):
    def list_jobs(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        try:
            return super().list_jobs(*args, **kwargs)
        except SessionClosed as error:
            raise _Closed(str(error)) from None

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        try:
            return super().get_job_meta(job_id)
        except JobNotFound as error:
            raise _Namesake(str(error)) from None


class Foreign(SimulatedSystem):
    """Raises what only has the names of the interface's exceptions."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that does so."""
        right = super().open_session(user)
        return _Foreign(right._server, right._login, right._download_dir)


class Clinging(SimulatedSystem):
    """Can't be closed once it has five jobs."""

    def close(self) -> None:
        """Say so."""
        if len(self.server.jobs) > 4:
            raise OSError("it is held")
        super().close()


class Little(SimulatedSystem):
    """Has one user, no threads and no outage."""

    users = ("admin@nvidia.com",)
    restricted_user = unknown_user = None
    threads = False
    outage = System.outage


class Stumbling(SimulatedSystem):
    """Offers an outage that does not work."""

    def outage(self) -> None:
        """Fail."""
        raise RuntimeError("no plug to pull")


class Deaf(SimulatedSystem):
    """Has sessions that do not come with all methods, and one that no longer takes calls."""

    def open_session(self, user: str | None = None) -> Any:
        """A session of its kind."""
        session = super().open_session(user)
        session.clone_job = lambda job_id: 1 / 0
        return session


class Hesitant(Reluctant):
    """Refuses to delete what runs, and takes a quarter of a second for each of the contract's."""

    time_unit = 0.25


class Tired(SimulatedSystem):
    """Lists nothing any more once it has been asked five times."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = 0

    def open_session(self, user: str | None = None) -> Any:
        """A session that counts along."""
        session = super().open_session(user)
        right = session.list_jobs

        def list_jobs(*args: Any, **kwargs: Any) -> list[dict[str, Any]]:
            self.lists += 1
            return right(*args, **kwargs) if self.lists < 6 else []

        session.list_jobs = list_jobs
        return session


class Partial(SimulatedSystem):
    """Serves its first user better than the second."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that tells the second user nothing."""
        session = super().open_session(user)
        if user == self.users[1]:
            session.list_jobs = lambda *args, **kwargs: []
        return session


class Bound(SimulatedSystem):
    """Answers in the thread alone in which it was made."""

    def open_session(self, user: str | None = None) -> Any:
        """A session that looks who calls."""
        session = super().open_session(user)
        right, ours = session.list_jobs, threading.current_thread()
        session.list_jobs = lambda *args, **kwargs: right(*args, **kwargs) if threading.current_thread() is ours else []
        return session


class Frank(Reluctant):
    """Says what it breaks, and more than that."""

    expected_failures = MappingProxyType(
        {"delete.running": "it does not stop jobs yet", "close.again": "somebody said so"}
    )


class Likeness(SimulatedSystem):
    """Is like a release of NVFLARE, with all that it does differently."""

    personality = "nvflare-2.3"
    combinations = 1


class Case(NamedTuple):
    """A system, and the clauses that it is judged by; all of them where none are named."""

    system: Callable[[], System]
    clauses: tuple[str, ...] | None = None


CASES: Final = {
    "refuses to delete what runs": Case(Reluctant, ("delete.running", "delete.files", "delete.list", "delete.shared")),
    "takes no flag": Case(Narrow, ("list.own", "list.all", "shape.signature.list-jobs", "system.text")),
    "shows little": Case(Careless, ("close.again", "meta.dict", "monitor.finished", "outage.open", "download.content")),
    "raises namesakes": Case(Foreign, ("unknown.get-job-meta", "close.then.list-jobs", "meta.dict")),
    "can't be closed": Case(Clinging, ("list.ids", "shape.methods", "list.own")),
    "offers less": Case(
        Little, ("list.all", "outage.open", "life.concurrent", "submit.concurrent", "denied.abort-job")
    ),
    "fails at an outage": Case(Stumbling, ("outage.open", "outage.list-jobs", "system.text")),
    "refuses in quarters of a second": Case(Hesitant, ("delete.running", "delete.files", "monitor.timeout")),
    "gets tired": Case(Tired, ("list.complete", "list.all", "clone.owner")),
    "serves one user better": Case(Partial, ("submit.listed", "list.complete", "list.ids")),
    "serves one thread": Case(Bound, ("list.complete", "list.all", "system.text")),
    "says what it breaks": Case(Frank, ("delete.running", "close.again", "system.text")),
    "is like a release": Case(Likeness),
    "can't clone": Case(Deaf, ("clone.runs", "clone.new-id", "arguments.clone-job", "abort.twice", "monitor.falsy")),
}


def told(name: str) -> str:
    """What a report says of a case, with one example a property, the plainest; as JSON, and what that leaves out."""
    case = CASES[name]
    report = run_suite(case.system, RunSettings(1), clauses=case.clauses)
    said = json.loads(json.dumps(report.as_dict()))
    for part in ("clauses", "observations"):
        said[part] = [entry for entry in said[part] if entry["verdict"] != "not run"]
    said["openings"] = [[*map(list, step)] for step in report.openings]
    checks = [check for entry in [*report.clauses, *report.observations] for check in entry.checks]
    said["checks"] = [[check.check, check.lacks, list(check.origin or ())[:3], check.coverage] for check in checks]
    return json.dumps(said, indent=1)


def digest(name: str) -> str:
    """What stands for the report on a case."""
    return blake2b(told(name).encode(), digest_size=8).hexdigest()


def main() -> None:
    """Print what is told of the cases that are named, or write all digests anew."""
    from tests.contract_tests.engine import kept_reports  # classes are told with the name of their module

    if sys.argv[1:]:
        print(*map(kept_reports.told, sys.argv[1:]), sep="\n")  # noqa: T201
    else:
        KEPT.write_text(json.dumps({name: kept_reports.digest(name) for name in CASES}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
