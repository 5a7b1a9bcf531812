"""An actor: a session in a scenario, with calls as a check needs them and what is read from their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from contract_tests.scenario import wording
from contract_tests.scenario.exceptions import JudgedElsewhere, NotTestable
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import Callback, Operation, Outcome, Step
from contract_tests.scenario.snapshot import NAMED, SELDOM, TRIED, Snapshot
from contract_tests.system.job_plan import JobPlan
from contract_tests.system.system import System


class Stage(Protocol):
    """What an actor needs of the scenario it acts in."""

    system: System
    steps: list[Step]
    jobs: list[str]
    moving: set[str]

    def perform(self, operation: Operation) -> Outcome:
        """Carry out an operation and note it."""

    def refuses(self, operation: Operation, outcome: Outcome) -> bool:
        """Whether the session takes no such arguments at all."""

    def due(self, job: str, status: object) -> bool:
        """Whether a job may have a status by itself by now."""

    def now(self) -> float:
        """Contract seconds on the system's clock."""

    def sleep(self, seconds: float) -> None:
        """Let contract seconds pass."""

    def real(self, seconds: float) -> float:
        """Contract seconds as the seconds to hand to the implementation."""

    def require_exists(self, actor: Actor, *jobs: str) -> None:
        """The assertion that jobs can still be read."""

    def everyone(self) -> list[Actor]:
        """A session for every user."""


class Actor:
    """A session in a scenario, under the name that operations show."""

    def __init__(self, scenario: Stage, name: str, session: Any) -> None:
        self.scenario = scenario
        self.name = name
        self.session = session

    def __repr__(self) -> str:
        return "a session"

    def attempt(self, method: str, *args: Any, **kwargs: Any) -> Outcome:
        """Call a method of the session; whatever comes of it is the outcome."""
        return self.scenario.perform(Operation(self.name, method, args, tuple(kwargs.items())))

    def do(self, method: str, *args: Any, **kwargs: Any) -> Outcome:
        """Call a method of the session, in a form that the promise in question is not about.

        Raises:
            JudgedElsewhere: the session takes no such call.
        """
        outcome = self.attempt(method, *args, **kwargs)
        if type(outcome.error) is TypeError and self.scenario.refuses(self.scenario.steps[-1].operation, outcome):
            raise JudgedElsewhere
        return outcome

    def need(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method that has to work before the promise can be tried, and return its value.

        Raises:
            JudgedElsewhere: it can't be done without a fault that another clause is about.
            NotTestable: it raises or does not come back.
        """
        outcome = self.do(method, *args, **kwargs)
        if not outcome.returned:
            if method == "delete_job" and outcome.raised("JobNotDone") and self._executes(*args):
                raise JudgedElsewhere
            jobs = self.scenario.jobs
            raise NotTestable(f"{method}, needed for this check, {wording.outcome(outcome, jobs)}", outcome)
        return outcome.value

    def _executes(self, job: Any) -> bool:
        """Whether a job is told to be dispatched or running."""
        meta = self.do("get_job_meta", job).value
        return isinstance(meta, dict) and meta.get("status") in ("DISPATCHED", "RUNNING")

    def submit(self, plan: JobPlan | str | None = None) -> str:
        """Submit a job that behaves as planned (any valid one by default) and return its id."""
        job = self.need("submit_job", plan or JobPlan())
        if not isinstance(job, str) or not job:
            raise NotTestable(f"submit_job, needed for this check, returned {wording.value(job)}")
        return job

    def clone(self, job: str) -> str:
        """Clone a job and return the clone's id."""
        clone = self.need("clone_job", job)
        if not isinstance(clone, str) or not clone:
            raise NotTestable(f"clone_job, needed for this check, returned {wording.value(clone)}")
        return clone

    def meta(self, job: str) -> dict[str, Any]:
        """A job's meta."""
        meta = self.need("get_job_meta", job)
        if not isinstance(meta, dict) or not isinstance(meta.get("status"), str):
            raise NotTestable(f"get_job_meta, needed for this check, returned {wording.value(meta)}")
        return meta

    def status(self, job: str) -> str:
        """A job's status."""
        status: str = self.meta(job)["status"]
        return status

    def snapshot(self, job: str, *more: str) -> dict[str, Any]:
        """What of a job's meta nothing but an event may change: the whole of it once the job is done.

        Of a job that is not done it is what the contract names, and ``more``.
        """
        meta = self.meta(job)
        if not finished(meta["status"]):
            meta = {key: meta.get(key) for key in (*NAMED, *more)}
        return self._snapshot(job, meta, lambda: self.do("get_job_meta", job).value)

    def existing_snapshot(self, job: str) -> dict[str, Any]:
        """The facts of a job that has to be there still: not to find it breaks the promise a check is about.

        Raises:
            Violation: its meta can't be read.
        """
        self.scenario.require_exists(self, job)
        return self.snapshot(job)

    def entry_snapshots(self, **flags: bool) -> dict[str, dict[str, Any]]:
        """What of the entries of list_jobs nothing but an event may change, by the ids of the jobs."""
        found: dict[str, dict[str, Any]] = {}
        for entry in self.entries(**flags):
            job = entry.get("job_id")
            told = entry if finished(entry.get("status")) else {key: entry[key] for key in entry if key not in TRIED}
            found[str(job)] = self._snapshot(str(job), told, partial(self._entry, job, flags))
        return found

    def _entry(self, job: Any, flags: Mapping[str, bool]) -> Any:
        return next((entry for entry in self.entries(**flags) if entry.get("job_id") == job), None)

    def _snapshot(self, job: str, told: dict[str, Any], read: Callable[[], Any]) -> Snapshot:
        """What was told of a job, which ``read()`` reads once more."""

        def look(seconds: float) -> dict[str, Any] | None:
            if self.scenario.system.clock is not None:
                self.scenario.sleep(min(seconds, self.scenario.system.longest / 25) if seconds >= SELDOM else seconds)
            again = read()
            return again if isinstance(again, dict) else None

        taken = None if self.scenario.system.clock is None else self.scenario.now()
        return Snapshot(told, look, lambda status: self.scenario.due(job, status), taken, self.scenario.moving)

    def identity(self, job: str) -> dict[str, Any]:
        """What of a job's meta nothing at all may change."""
        meta = self.meta(job)
        return {key: meta.get(key) for key in NAMED if key != "status"}

    def entries(self, **flags: bool) -> list[dict[str, Any]]:
        """The entries of list_jobs."""
        try:
            jobs = self.need("list_jobs", **flags)
        except JudgedElsewhere:
            if not flags.pop("all", False):
                raise
            del self.scenario.steps[-1]
            return self._entries_of_everyone(**flags)
        if not isinstance(jobs, list) or not all(isinstance(entry, dict) for entry in jobs):
            raise NotTestable(f"list_jobs, needed for this check, returned {wording.value(jobs)}")
        return jobs

    def _entries_of_everyone(self, **flags: bool) -> list[dict[str, Any]]:
        """What ``all=True`` would tell, put together from what every user is told."""
        found = [entry for actor in self.scenario.everyone() for entry in actor.entries(**flags)]
        return list({str(entry.get("job_id")): entry for entry in found}.values())

    def listed(self, **flags: bool) -> list[Any]:
        """The job ids of list_jobs, in its order."""
        return [entry.get("job_id") for entry in self.entries(**flags)]

    def listed_status(self, job: str, **flags: bool) -> Any:
        """The status of a job in the list; None where it is not listed."""
        return next((entry.get("status") for entry in self.entries(**flags) if entry.get("job_id") == job), None)

    def info(self) -> Any:
        """The system info, with its three parts."""
        info = self.need("get_system_info")
        if not all(hasattr(info, part) for part in ("server_info", "client_info", "job_info")):
            raise NotTestable(f"get_system_info, needed for this check, returned {wording.value(info)}")
        return info

    def executing(self) -> list[Any]:
        """The ids of the jobs that system info names."""
        return [getattr(entry, "job_id", None) for entry in self.info().job_info]

    def connect_times(self) -> dict[Any, Any]:
        """The last_connect_time of every client that system info names."""
        return {entry.name: entry.last_connect_time for entry in self.info().client_info}

    def monitor(
        self,
        job: str,
        callback: Callback | None = None,
        *args: Any,
        timeout: float = 0,
        poll: float = 2.0,
        by_name: bool = False,
        **kwargs: Any,
    ) -> Outcome:
        """Monitor a job, times in contract seconds, with an optional callback and arguments for it.

        With ``by_name`` everything is handed over by its name, and there can be no further positional arguments.
        """
        real = self.scenario.real
        if by_name:
            given = {} if callback is None else {"cb": callback}
            times = {"timeout": real(timeout), "poll_interval": real(poll)}
            return self.do("monitor_job", job_id=job, **given, **times, **kwargs)
        return self.do("monitor_job", job, real(timeout), real(poll), callback, *args, **kwargs)
