"""The contract's own small model of a server: what may be true of its jobs after a sequence of calls.

It knows the clauses and no implementation. Time passes between calls and jobs move along by themselves, so the model
holds for each job how far it was seen to be and what can't happen any more, and judges every outcome against that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any, TypeGuard

from contract_tests.scenario.operations import Outcome
from contract_tests.scenario.snapshot import STEPS
from contract_tests.scenario.wording import outcome as in_words
from contract_tests.system.job_plan import JobPlan

_RUNNING, _FINISHED = 2, 3
_STAYS = ("name", "submitter_name", "submit_time")


def rank(status: object, otherwise: int = 0) -> int:
    """How far along its life a job with this status is; ``otherwise`` for a status that the contract does not name."""
    step = _step(status) if isinstance(status, str) else None
    return otherwise if step is None else step


@lru_cache
def _step(status: str) -> int | None:
    return next((number for number, step in enumerate(STEPS) if status.startswith(step)), None)


def _untold(meta: Mapping[str, Any], *entries: Mapping[str, Any]) -> list[str]:
    """Which keys of a meta tell something that no entry of the job tells in its own way, or under another name."""
    values = [value for entry in entries for value in entry.values()]
    keys = [key for key, value in meta.items() if value not in values]
    return [key for key in keys if not any(entry.get(key) for entry in entries)]


@dataclass
class ModelJob:
    """What is known of one job: whose it is, how far it was seen, how it ended, what was done to it.

    One that was cloned knows the number of its ``original``; when it was ``submitted`` is what was told first, its
    ``status`` what was told last and may be told again. One that is ``ending`` was aborted, and has to be done when
    it is looked at after ``ends``. One that is ``unlisted`` ran when it was looked at last, and system info has not
    named it since. ``told`` is what its meta has, ``plain`` its entry in a plain list.
    """

    owner: int
    plan: JobPlan = field(default_factory=JobPlan)
    original: int = 0
    seen: int = 0
    status: object = ""
    final: str | None = None
    aborted: bool = False
    stopped: bool = False
    deleted: bool = False
    submitted: float = 0.0
    ending: bool = False
    ends: float = inf
    unlisted: bool = False
    told: Mapping[str, Any] = field(default_factory=dict)
    plain: Mapping[str, Any] = field(default_factory=dict)


class Disagreement(Exception):
    """An outcome that the model rules out; says what it allows."""


@dataclass
class Model:
    """The jobs of a server by their number, as the clauses let one conclude from the outcomes so far; and their ids.

    ``now`` is the time on the system's clock, ``patience`` how long an aborted job may take to be done, ``marked`` in
    how many files of a result the mark of a plan was, of jobs that were submitted and of clones; ``clients`` are those
    that are connected, where that is known, ``newcomers`` may be, and the server was ``started`` when it told so first.
    """

    jobs: dict[int, ModelJob] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    now: float = 0.0
    patience: float = inf
    marked: dict[tuple[JobPlan, bool], int] = field(default_factory=dict)
    clients: frozenset[str] = frozenset()
    newcomers: set[str] = field(default_factory=set)
    started: object = None

    def live(self, owner: int | None = None) -> list[str]:
        """The ids of the jobs that are there, of one owner or of all."""
        return [self.ids[number] for number, job in self.jobs.items() if not job.deleted and owner in (None, job.owner)]

    def is_gone(self, job: object) -> bool:
        """Whether this is the id of a job that was deleted."""
        return self._is_known(job) and self.jobs[self.numbers[job]].deleted

    def _is_known(self, job: object) -> TypeGuard[str]:
        return isinstance(job, str) and job in self.numbers

    def _require(self, condition: object, expected: str, observed: object) -> None:
        if not condition:
            known = list(self.ids.values())
            raise Disagreement(expected, in_words(observed, known) if isinstance(observed, Outcome) else str(observed))

    def _gone(self, number: int, outcome: Outcome) -> bool:
        """Whether the job is deleted; then the outcome has to say so."""
        if not self.jobs[number].deleted:
            self._require(outcome.returned, f"job{number} to be there", outcome)
            return False
        self._require(outcome.raised("JobNotFound"), f"JobNotFound, as job{number} was deleted", outcome)
        return True

    def _status(self, number: int, status: object) -> None:
        job = self.jobs[number]
        if status and status == job.status and self.now <= job.ends:
            return
        now = rank(status, job.seen)
        self._require(isinstance(status, str) and status, f"a status of job{number}", repr(status))
        self._require(now >= job.seen, f"job{number} not to step back", f"it is {status}")
        self._require(job.final in (None, status), f"job{number} to stay {job.final}", f"it is {status}")
        runs = rank(status) == _RUNNING
        self._require(not (job.stopped and runs), f"job{number}, which was aborted before it ran, not to run", status)
        self._require(
            job.aborted or status != "FINISHED:ABORTED", f"job{number}, which nobody aborted, not to be aborted", status
        )
        job.seen = now
        if now == _FINISHED and isinstance(status, str):
            job.final = status
        self._require(not (job.unlisted and runs), f"job{number}, which runs, in system info", "it was not there")
        job.unlisted = False
        if job.ending and now < _FINISHED:
            job.ends = min(job.ends, self.now + self.patience)
            late = self.now > job.ends
            self._require(not late, f"job{number} to be done {self.patience:g} s after it was aborted", status)
        job.status = status

    def _made(self, owner: int, plan: JobPlan, outcome: Outcome, original: int = 0) -> bool:
        """Note the job that a call has made; whether there is one that can be told from all others."""
        job = outcome.value if outcome.returned else None
        if not isinstance(job, str) or not job or job in self.numbers:
            return False
        number = len(self.ids) + 1
        self.ids[number], self.numbers[job] = job, number
        self.jobs[number] = ModelJob(owner, plan, original)
        return True

    def created(self, owner: int, plan: JobPlan, outcome: Outcome, original: int = 0) -> int:
        """A submission has to give a new id; returns the new job's number."""
        if not self._made(owner, plan, outcome, original):
            self._require(outcome.returned, "a new job", outcome)
            self._require(isinstance(outcome.value, str) and outcome.value, "the id of a new job", outcome)
            self._require(False, "an id that no job had before", outcome)
        return len(self.ids)

    def cloned(self, number: int, owner: int, outcome: Outcome) -> None:
        """A clone of a live job is a new job of the caller; a deleted one can't be cloned."""
        plan = self.jobs[number].plan
        if not self.jobs[number].deleted:
            self._gone(number, outcome)
            self.created(owner, plan, outcome, number)
        else:
            self._made(owner, plan, outcome, number)  # against the contract, but it is there from now on
            self._gone(number, outcome)

    def read(self, number: int, submitter: str | None, outcome: Outcome) -> None:
        """A meta tells the job's id, its submitter (where known) and a status that fits what was seen before."""
        if self._gone(number, outcome):
            return
        meta: Any = outcome.value
        self._require(isinstance(meta, dict), f"the meta of job{number}", outcome)
        if meta.get("job_id") != self.ids[number]:
            raise Disagreement(f"the job_id of job{number}", repr(meta.get("job_id")))
        self._identity(number, submitter, meta)
        self._status(number, meta.get("status"))
        self.jobs[number].told = {key: meta[key] for key in _STAYS if meta.get(key)}

    def _identity(self, number: int, submitter: str | None, meta: Mapping[str, Any]) -> None:
        """What does not change in the life of a job: its name, its submitter, and the time of its submission."""
        job, name, time = self.jobs[number], meta.get("name"), meta.get("submit_time")
        told = meta.get("submitter_name")
        if name != job.plan.name:
            raise Disagreement(f"job{number} to be called {job.plan.name}", repr(name))
        if submitter is not None and told != submitter:
            raise Disagreement(f"job{number} to be of {submitter}", repr(told))
        if isinstance(time, float):
            job.submitted = job.submitted or time
            if time != job.submitted:
                raise Disagreement(f"job{number} submitted at {job.submitted}, as told before", str(time))

    def listed(
        self, owner: int | None, outcome: Outcome, *, detailed: bool = False, submitters: Sequence[str] | None = None
    ) -> None:
        """A list holds exactly the live jobs (of ``owner``, or all), with statuses that fit.

        A detailed one tells what metas do, unless plain ones do; ``submitters`` are those of the owners, by number.
        """
        self._require(outcome.returned and isinstance(outcome.value, list), "a list", outcome)
        found = [entry.get("job_id") for entry in outcome.value if isinstance(entry, dict)]
        wanted = self.live(owner)
        if len(found) != len(wanted) or not all(self._is_known(job) for job in found) or set(found) != set(wanted):
            self._require_all(wanted, found)
        for entry in outcome.value:
            number = self.numbers[entry["job_id"]]
            self._status(number, entry.get("status"))
            job = self.jobs[number]
            if not detailed:
                job.plain = dict(entry)
            elif job.plain:
                untold = ", ".join(_untold(job.told, entry, job.plain))
                self._require(not untold, f"{untold} of job{number}, as in its meta", "an entry without")
            if detailed and submitters and "name" in entry and "submitter_name" in entry:
                self._identity(number, submitters[job.owner], entry)

    def _require_all(self, wanted: Sequence[str], found: Sequence[Any]) -> None:
        """Each of the wanted ids has to be among those that were found, once, and no other."""
        missing = [f"job{self.numbers[job]}" for job in wanted if job not in found]
        extra = [f"job{self.numbers[job]}" if self._is_known(job) else repr(job) for job in found if job not in wanted]
        self._require(not missing, "every live job in the list", f"without {', '.join(missing)}")
        self._require(not extra, "no other job in the list", f"also {', '.join(extra)}")
        self._require(len(found) == len(wanted), "every job once", f"{len(found)} entries of {len(wanted)} jobs")

    def returned_none(self, outcome: Outcome) -> None:
        """A call that has nothing to tell returns None."""
        self._require(outcome.returned and outcome.value is None, "None", outcome)

    def aborted(self, number: int, outcome: Outcome, *, begun: bool = False) -> None:
        """An abort returns None; a job that was not running yet will never run.

        One that had ``begun`` while the job was there need not know that it is not any more.
        """
        if not begun and self._gone(number, outcome):
            return
        job = self.jobs[number]
        job.aborted = True  # whatever the call returned: what follows is judged by what it did
        job.stopped = job.plan.waits and job.final is None
        job.status = ""
        job.ending = True
        self.returned_none(outcome)

    def forgive(self) -> None:
        """Something is wrong with the system: nobody knows how long an aborted job takes."""
        for job in self.jobs.values():
            job.ending, job.ends = False, inf

    def deleted(self, number: int, outcome: Outcome) -> None:
        """A deletion returns None, and the job is gone."""
        if self._gone(number, outcome):
            return
        self.jobs[number].deleted = True
        self.returned_none(outcome)

    def downloaded(self, number: int, outcome: Outcome) -> None:
        """A live job that is done gives its result as text; what one that is not done gives is not stated."""
        job = self.jobs[number]
        if job.deleted or job.final is not None:
            if not self._gone(number, outcome):
                self._require(isinstance(outcome.value, str) and outcome.value, "a location", outcome)
                self._result(number, outcome)
        elif not outcome.returned:
            self._require(outcome.contract_errors, "one of the interface's errors", outcome)

    def _result(self, number: int, outcome: Outcome) -> None:
        """The result of a completed job has its mark, in no fewer files than that of its like had."""
        job, mark, folder = self.jobs[number], self.jobs[number].plan.mark, Path(outcome.value)
        if mark is None or job.final != "FINISHED:COMPLETED" or not folder.is_dir():
            return
        files = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
        found = sum(mark.encode() in file.read_bytes() for file in files if file.is_file())
        least = self.marked.setdefault((job.plan, job.original > 0), max(1, found))  # definitions of clones may differ
        self._require(found >= least, f"the result of job{number}, with its mark in {least} files", f"in {found}")

    def monitored(self, number: int, outcome: Outcome, codes: frozenset[str]) -> None:
        """A monitor of a job that is there returns one of these codes."""
        if self._gone(number, outcome):
            return
        code = getattr(outcome.value, "name", None)
        self._require(code in codes, " or ".join(sorted(codes)) or "it to go on", outcome)
        if code == "JOB_FINISHED":
            self.jobs[number].seen = _FINISHED
            self.jobs[number].status = ""

    def informed(self, outcome: Outcome) -> None:
        """System info names the clients, and of the jobs those that are executed, none that are done or deleted."""
        info: Any = outcome.value
        parts = all(hasattr(info, part) for part in ("server_info", "client_info", "job_info"))
        self._require(outcome.returned and parts, "system info", outcome)
        self._clients([str(getattr(client, "name", None)) for client in info.client_info])
        started = getattr(info.server_info, "start_time", None)
        self.started = started if self.started is None else self.started
        self._require(started == self.started, f"the server started at {self.started}, as told before", started)
        named = [getattr(entry, "job_id", None) for entry in info.job_info]
        for number, job in self.jobs.items():
            there = self.ids[number] in named
            self._require(not (there and job.deleted), f"no entry of job{number}, which was deleted", "it has one")
            self._require(not (there and job.final), f"no entry of job{number}, which is {job.final}", "it has one")
            if job.seen == _RUNNING and not (there or job.aborted):
                job.unlisted, job.status = True, ""
        unknown = [job for job in named if job not in self.ids.values()]
        self._require(not unknown, "entries of known jobs", ", ".join(map(repr, unknown)))

    def _clients(self, names: list[str]) -> None:
        twice = sorted({name for name in names if names.count(name) > 1})
        self._require(not twice, "every client once", f"{', '.join(twice)} more than once")
        if self.clients:
            wrong = self.clients.symmetric_difference(names) - self.newcomers
            self._require(not wrong, f"the clients {', '.join(sorted(self.clients))}", ", ".join(names) or "none")
