"""Sessions that tell an old meta, or another one than another session."""

from __future__ import annotations

import copy
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import TellingWhen
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import MonitorLoop, Wrapper
from flare_sim.spec import JobNotFound, NoConnection

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _Stale(Wrapper):
    """Tells an earlier state now and then."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.cache: dict[str, tuple[float, dict[str, Any]]] = {}

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Take it from the cache if that will do."""
        meta = super().get_job_meta(job_id)
        now = self.system.server.clock.time()
        since, kept = self.cache.get(job_id, (now, meta))
        if job_id in self.cache and self.holds(now - since, kept):
            return copy.deepcopy(kept)
        self.cache[job_id] = now, copy.deepcopy(meta)
        return meta

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """Whether what is kept will do."""
        return True


@MUTANTS.mutant("meta.fresh", "tells what it told the first time, for ever")
class StaleForEver(_Stale):
    """Never looks again."""


@MUTANTS.mutant("meta.fresh", "keeps a meta for five seconds")
class StaleForFiveSeconds(_Stale):
    """Looks again too late."""

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """For a while."""
        return age < 5.0


@MUTANTS.mutant("meta.fresh", "keeps a meta for half a second")
class StaleForHalfASecond(_Stale):
    """Looks again a little too late."""

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """For a moment."""
        return age < 0.5


@MUTANTS.mutant("meta.fresh", "looks every second time only")
class StaleEverySecondTime(_Stale):
    """Takes turns."""

    turn = 0

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """Every other time."""
        self.turn += 1
        return self.turn % 2 == 1


@MUTANTS.mutant("meta.fresh", "takes a job that was seen running for one that runs")
class StaleWhileRunning(_Stale):
    """Waits for somebody to tell it that a job ended."""

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """While it ran."""
        return bool(kept["status"] == "RUNNING")


@MUTANTS.mutant("meta.fresh", "tells what it told before until it is asked for a list")
class StaleUntilListed(_Stale):
    """Renews its metas with the list only."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Renew."""
        self.cache.clear()
        return super().list_jobs(detailed, all)


@MUTANTS.mutant("meta.fresh", "does not see what other sessions do to a waiting job")
class StaleForOthersActs(_Stale):
    """Renews its metas after what it did itself."""

    def abort_job(self, job_id: str) -> Any:
        """Renew."""
        self.cache.clear()
        return super().abort_job(job_id)

    def holds(self, age: float, kept: dict[str, Any]) -> bool:
        """While nothing else can have happened, as it thinks."""
        return age == 0.0


@MUTANTS.mutant("meta.fresh", "is one read behind")
class OneReadBehind(Wrapper):
    """Fetches the next meta after it returned this one."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.next: dict[str, dict[str, Any]] = {}

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Return what was fetched last time."""
        meta = super().get_job_meta(job_id)
        told = self.next.pop(job_id, meta)
        self.next[job_id] = meta
        return dict(told)


@MUTANTS.mutant("meta.fresh", "reads in a callback what the poll has read")
class CallbackReadsPoll(MonitorLoop):
    """Saves a call."""

    def call(self, cb: Any, polls: int, job_id: str, meta: Any, args: Any, kwargs: Any) -> Any:
        """Keep the meta meanwhile."""
        before = self.__dict__.get("_polled", {})
        self._polled = {job_id: dict(meta)}
        try:
            return super().call(cb, polls, job_id, meta, args, kwargs)
        finally:
            self._polled = before

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look there first."""
        polled: dict[str, dict[str, Any]] = self.__dict__.get("_polled", {})
        known = polled.get(str(job_id))
        return dict(known) if known else super().get_job_meta(job_id)


class _StaleAfterOutage(Wrapper):
    """Answers once from what it knew when it noticed the outage."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.known: dict[str, Any] = {}
        self.stale: dict[str, Any] = {}

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """From memory, the first time."""
        try:
            meta = super().get_job_meta(job_id)
        except NoConnection:
            self.stale = dict(self.known)
            raise
        self.known[job_id] = meta
        return dict(self.stale.pop(job_id, meta))


for _clause in ("meta.fresh", "meta.sessions-agree"):
    _GENERATOR.session(
        f"StaleAfterOutage{camel(_clause.partition('.')[2])}",
        _clause,
        "answers the first question about a job after an outage with what it knew before",
        {},
        _StaleAfterOutage,
    )


class _Later(TellingWhen):
    """Tells something wrong in every session but the first."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.number = count(self, "opened")

    def when(self, meta: dict[str, Any]) -> bool:
        """In later sessions."""
        return self.number > 1


@MUTANTS.mutant("meta.sessions-agree", "tells a later session the status without how it ended")
class LaterSessionsLackEnd(_Later):
    """Has two forms of a status."""

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Cut it."""
        return {**meta, "status": meta["status"].partition(":")[0]}


@MUTANTS.mutant("meta.sessions-agree", "tells a later session the submit time in whole minutes")
class LaterSessionsRound(_Later):
    """Has two forms of a time."""

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Round it down."""
        return {**meta, "submit_time": meta["submit_time"] // 3600 * 3600 - 60}


@MUTANTS.mutant("meta.sessions-agree", "tells a session less about a job that it did not submit")
class LessOfForeignJobs(TellingWhen):
    """Fills in what it knows itself."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.mine: list[str] = []

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the job."""
        self.mine.append(super().submit_job(job_definition_path))
        return self.mine[-1]

    def when(self, meta: dict[str, Any]) -> bool:
        """For jobs of other sessions."""
        return meta["job_id"] not in self.mine and "cloned_from" not in meta

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Know no name."""
        return {**meta, "name": ""}


@MUTANTS.mutant("meta.sessions-agree", "tells a session opened later another end of a job that was killed")
class LaterSessionsMisjudge(_Later):
    """Guesses how it ended."""

    def when(self, meta: dict[str, Any]) -> bool:
        """For one end, in later sessions."""
        return super().when(meta) and bool(meta["status"] == "FINISHED:ABNORMAL")

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Guess."""
        return {**meta, "status": "FINISHED:ABORTED"}


_DONE: Final = "FINISHED"


@MUTANTS.mutant("meta.sessions-agree", "keeps a finished job's submitter in the session that saw it end")
class EndSeenInOneSession(TellingWhen):
    """Loses a key elsewhere."""

    def when(self, meta: dict[str, Any]) -> bool:
        """For ends that another session saw first."""
        if not meta["status"].startswith(_DONE):
            return False
        return self.system.memory.setdefault(("end", meta["job_id"]), self) is not self

    def wrong(self, meta: dict[str, Any]) -> Any:
        """Know no submitter."""
        return {**meta, "submitter_name": ""}


@MUTANTS.mutant("meta.sessions-agree", "finds a job from before a session was opened once that session has listed jobs")
class FindsWhatItListed(Wrapper):
    """Starts with nothing, and looks nothing up."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.before = {job.job_id for job in self.system.server.jobs}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Hear of jobs."""
        self.before.clear()
        return super().list_jobs(detailed, all)

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Know what it has heard of."""
        if job_id in self.before:
            raise JobNotFound(f"no such job: {job_id}")
        return super().get_job_meta(job_id)
