"""Sessions that tell the life of jobs wrongly: steps left out or taken back, ends mixed up, jobs that share a fate."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Generator, camel, count
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem

MUTANTS = VariantTable()
_GENERATE: Final = Generator(MUTANTS, globals())


class Retelling(Wrapper):
    """Tells other statuses than the server, in metas and in lists."""

    def retell(self, job: str, status: str) -> str:
        """The status to tell."""
        return status

    def view(self, job: str) -> Any:
        """What the server knows of a job."""
        return next(view for view in self.system.server.jobs if view.job_id == job)

    def now(self) -> float:
        """Seconds on the server's clock."""
        return self.system.server.clock.time()

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """With the other status."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": self.retell(meta["job_id"], meta["status"])}

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With the other statuses."""
        jobs = super().list_jobs(detailed, all)
        return [{**job, "status": self.retell(job["job_id"], job["status"])} for job in jobs]


def _retold(name: str, clause: str, difference: str, retell: Any) -> None:
    """Declare a session that tells ``retell(session, job, status)`` for a status."""
    _GENERATE.session(name, clause, difference, {"retell": retell}, Retelling)


# --- order ----------------------------------------------------------------------------------------------------------


def _number(session: Retelling, job: str) -> int:
    """The place of a job in the order of submission, from 1."""
    return [view.job_id for view in session.system.server.jobs].index(job) + 1


_retold(
    "NeverDispatched",
    "life.order",
    "does not know the status DISPATCHED",
    lambda session, job, status: "SUBMITTED" if status == "DISPATCHED" else status,
)
_retold(
    "DispatchedIsRunning",
    "life.order",
    "tells RUNNING of a job that is dispatched",
    lambda session, job, status: "RUNNING" if status == "DISPATCHED" else status,
)
_retold(
    "NeverRunning",
    "life.order",
    "tells DISPATCHED of a job that runs",
    lambda session, job, status: "DISPATCHED" if status == "RUNNING" else status,
)
_retold(
    "SubmittedIsDispatched",
    "life.order",
    "tells DISPATCHED of a job that waits",
    lambda session, job, status: "DISPATCHED" if status == "SUBMITTED" else status,
)
_retold(
    "SwapsTwoSteps",
    "life.order",
    "tells RUNNING before DISPATCHED",
    lambda session, job, status: {"RUNNING": "DISPATCHED", "DISPATCHED": "RUNNING"}.get(status, status),
)
_retold(
    "ClonesSkipDispatched",
    "life.order",
    "leaves a step out for clones",
    lambda session, job, status: "RUNNING" if status == "DISPATCHED" and session.view(job).cloned_from else status,
)
_retold(
    "SecondJobSkipsDispatched",
    "life.order",
    "leaves a step out for the second job",
    lambda session, job, status: "SUBMITTED" if status == "DISPATCHED" and _number(session, job) == 2 else status,
)
_retold(
    "OthersSeeNoRunning",
    "life.order",
    "leaves a step out for jobs of other users",
    lambda session, job, status: (
        "DISPATCHED" if status == "RUNNING" and session.view(job).submitter != session.user else status
    ),
)
_retold(
    "EleventhJobSkipsRunning",
    "life.order",
    "leaves a step out for the eleventh job",
    lambda session, job, status: "DISPATCHED" if status == "RUNNING" and _number(session, job) == 11 else status,
)


# --- no step back ---------------------------------------------------------------------------------------------------


@MUTANTS.mutant("life.no-step-back", "tells a session the status it was told five seconds ago")
class StaleSession(Retelling):
    """Keeps a status for five seconds in each session."""

    def retell(self, job: str, status: str) -> str:
        """The one that is kept."""
        known: dict[str, Any] = self.__dict__.setdefault("known", {})
        if job not in known or self.now() - known[job][1] > 5:
            known[job] = (status, self.now())
        told: str = known[job][0]
        return told


@MUTANTS.mutant("life.no-step-back", "tells of a done job that it runs, at the second look after its end")
class RunsOnceMore(Retelling):
    """Reads from another copy of the store now and then."""

    def retell(self, job: str, status: str) -> str:
        """RUNNING, once."""
        return "RUNNING" if "FINISHED" in status and count(self, job) == 2 else status


@MUTANTS.mutant("life.no-step-back", "tells SUBMITTED at every eleventh look")
class ForgetsNowAndThen(Retelling):
    """Asks a server that is behind at every eleventh look."""

    def retell(self, job: str, status: str) -> str:
        """SUBMITTED."""
        return "SUBMITTED" if count(self, job) % 11 == 0 else status


@MUTANTS.mutant("life.no-step-back", "tells SUBMITTED of a job that was cloned")
class CloneResetsOriginal(Retelling):
    """Resets the wrong one of the two."""

    def clone_job(self, job_id: str) -> str:
        """Note the original."""
        clone = super().clone_job(job_id)
        self.system.memory[("cloned", job_id)] = True
        return clone

    def retell(self, job: str, status: str) -> str:
        """As if it began again."""
        return "SUBMITTED" if ("cloned", job) in self.system.memory else status


@MUTANTS.mutant("life.no-step-back", "tells of a job that it is dispatched while somebody monitors it again")
class MonitorTakesBack(Retelling):
    """Starts the status machine over after a monitor that timed out."""

    def monitor_job(self, job_id: str, *args: Any, **kwargs: Any) -> Any:
        """Note the monitor."""
        code = super().monitor_job(job_id, *args, **kwargs)
        self.system.memory[("monitored", job_id)] = True
        return code

    def retell(self, job: str, status: str) -> str:
        """A step back."""
        back = status == "RUNNING" and ("monitored", job) in self.system.memory
        return "DISPATCHED" if back else status


@MUTANTS.mutant("life.no-step-back", "tells of an aborted job that it runs until it has been looked at")
class AbortedRunsOnce(Retelling):
    """Has the abort in its queue."""

    def retell(self, job: str, status: str) -> str:
        """RUNNING at every look that is not the first, for a while."""
        looks = count(self, job + status) if status == "FINISHED:ABORTED" else 0
        return "RUNNING" if looks == 3 else status


@MUTANTS.mutant("life.no-step-back", "tells in the list what was so at the list before")
class ListIsBehind(Wrapper):
    """Makes the list from an older state."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With the statuses of the list before."""
        jobs = super().list_jobs(detailed, all)
        known = self.system.memory
        told = [{**job, "status": known.get(job["job_id"], job["status"])} for job in jobs]
        known.update({job["job_id"]: job["status"] for job in jobs})
        return told


# --- final ----------------------------------------------------------------------------------------------------------


def _done(status: str) -> bool:
    return status.startswith("FINISHED")


@MUTANTS.mutant("life.final", "tells ABORTED of a done job that was aborted")
class AbortChangesDone(Retelling):
    """Takes every abort for one."""

    def abort_job(self, job_id: str) -> Any:
        """Note it."""
        answer = super().abort_job(job_id)
        self.system.memory[("aborted", job_id)] = True
        return answer

    def retell(self, job: str, status: str) -> str:
        """ABORTED."""
        return "FINISHED:ABORTED" if _done(status) and ("aborted", job) in self.system.memory else status


def _changed_by(method: str) -> None:
    """Declare a session whose ``method`` changes the status of a done job."""

    def body(self: Any, job_id: Any, *args: Any, **kwargs: Any) -> Any:
        answer = getattr(Retelling, method)(self, job_id, *args, **kwargs)
        self.system.memory[(method, job_id)] = True
        return answer

    def retell(self: Any, job: str, status: str) -> str:
        return "FINISHED:ARCHIVED" if _done(status) and (method, job) in self.system.memory else status

    body.__name__ = method
    difference = f"changes the status of a done job in {method}"
    _GENERATE.session(
        f"{camel(method)}ChangesDone", "life.final", difference, {method: body, "retell": retell}, Retelling
    )


for _method in ("clone_job", "download_job_result", "monitor_job"):
    _changed_by(_method)


def _aged(name: str, difference: str, seconds: float, when: str, then: str) -> None:
    """Declare a session that tells another final status after a while."""

    def retell(self: Any, job: str, status: str) -> str:
        if not _done(status):
            return status
        first = self.system.memory.setdefault(("first", job), self.now())
        return then if self.now() - first > seconds and (not when or status == when) else status

    _GENERATE.session(name, "life.final", difference, {"retell": retell}, Retelling)


_aged("DoneTurnsArchived", "tells another status of a job that has been done for a minute", 60, "", "FINISHED:ARCHIVED")
_aged("DoneTurnsAbandoned", "tells ABANDONED of a job that has been done for a day", 86_400, "", "FINISHED:ABANDONED")
_aged(
    "AbortedTurnsCompleted",
    "tells COMPLETED of an aborted job in the end",
    300,
    "FINISHED:ABORTED",
    "FINISHED:COMPLETED",
)
_aged(
    "FailedTurnsCompleted",
    "tells COMPLETED of a failed job an hour later",
    3_600,
    "FINISHED:EXECUTION_EXCEPTION",
    "FINISHED:COMPLETED",
)
_aged("GivenUpWaitsAgain", "tries a job again it had given up", 1_000, "FINISHED:CAN_NOT_SCHEDULE", "SUBMITTED")


@MUTANTS.mutant("life.final", "tells a new session that a done job was abandoned")
class NewSessionAbandons(Retelling):
    """Knows only what its own session has seen."""

    def __init__(self, inner: Any, system: Any, user: str) -> None:
        super().__init__(inner, system, user)
        self.opened = self.now()

    def retell(self, job: str, status: str) -> str:
        """ABANDONED, of what was done before the session began."""
        end = self.view(job).end_time
        return "FINISHED:ABANDONED" if _done(status) and end is not None and end < self.opened else status


# --- ends -----------------------------------------------------------------------------------------------------------

_ENDS: Final = {
    "completed": "COMPLETED",
    "aborted": "ABORTED",
    "exception": "EXECUTION_EXCEPTION",
    "abnormal": "ABNORMAL",
    "unschedulable": "CAN_NOT_SCHEDULE",
    "not-deployed": "FAILED_TO_RUN",
}


def _ends_wrongly(how: str, status: str) -> None:
    right = f"FINISHED:{status}"
    other = "FINISHED:ABNORMAL" if status != "ABNORMAL" else "FINISHED:COMPLETED"
    clause = f"life.ends.{how}"
    _retold(
        f"Ends{camel(how)}Otherwise",
        clause,
        f"tells {other} of a job that ends {status}",
        lambda session, job, told: other if told == right else told,
    )
    _retold(
        f"Ends{camel(how)}Bare",
        clause,
        f"tells FINISHED and no more of a job that ends {status}",
        lambda session, job, told: "FINISHED" if told == right else told,
    )
    _retold(
        f"Ends{camel(how)}OtherwiseForClones",
        clause,
        f"tells {other} of a clone that ends {status}",
        lambda session, job, told: other if told == right and session.view(job).cloned_from else told,
    )
    _retold(
        f"Ends{camel(how)}OtherwiseForOthers",
        clause,
        f"tells {other} of another user's job that ends {status}",
        lambda session, job, told: other if told == right and session.view(job).submitter != session.user else told,
    )


for _how, _status in _ENDS.items():
    _ends_wrongly(_how, _status)


@MUTANTS.mutant("life.ends.aborted", "tells COMPLETED of a job that was aborted while it was dispatched")
class AbortedWhileDispatchedCompletes(Retelling):
    """Takes the start that was under way for the run."""

    def abort_job(self, job_id: str) -> Any:
        """Note the status."""
        if self.inner.get_job_meta(job_id)["status"] == "DISPATCHED":
            self.system.memory[("dispatched", job_id)] = True
        return super().abort_job(job_id)

    def retell(self, job: str, status: str) -> str:
        """COMPLETED."""
        late = status == "FINISHED:ABORTED" and ("dispatched", job) in self.system.memory
        return "FINISHED:COMPLETED" if late else status


# --- side by side ---------------------------------------------------------------------------------------------------


@MUTANTS.mutant("life.side-by-side", "tells the end of the first job for all jobs")
class FirstEndForAll(Retelling):
    """Keeps one end."""

    def retell(self, job: str, status: str) -> str:
        """The first one."""
        told: str = self.system.memory.setdefault("end", status) if _done(status) else status
        return told


@MUTANTS.mutant("life.side-by-side", "aborts everything when a job fails")
class FailureAbortsAll(Retelling):
    """Gives up too much."""

    def retell(self, job: str, status: str) -> str:
        """Abort what is not done, when a job has failed."""
        if status == "FINISHED:EXECUTION_EXCEPTION":
            session = SimulatedSystem.open_session(self.system)
            for view in self.system.server.jobs:
                session.abort_job(view.job_id)
        return status


@MUTANTS.mutant("life.side-by-side", "mixes up the ends of two jobs that ran at once, from the fifth job on")
class LateEndsMixedUp(Retelling):
    """Has room for four."""

    def retell(self, job: str, status: str) -> str:
        """That of the job before."""
        number = _number(self, job)
        before = self.system.server.jobs[number - 2].status if number > 4 else status
        return before if _done(status) and _done(before) else status


@MUTANTS.mutant("life.side-by-side", "aborts other users' jobs when a job of a user is done")
class EndAbortsOthersJobs(Retelling):
    """Makes room."""

    def retell(self, job: str, status: str) -> str:
        """Abort what others have."""
        if _done(status):
            session = SimulatedSystem.open_session(self.system)
            for view in self.system.server.jobs:
                if view.submitter != self.view(job).submitter and not _done(view.status):
                    session.abort_job(view.job_id)
        return status


@MUTANTS.mutant("life.side-by-side", "aborts jobs of the same name with a job")
class AbortTakesNamesakes(Wrapper):
    """Finds jobs by their name."""

    def abort_job(self, job_id: str) -> Any:
        """All of that name."""
        answer = super().abort_job(job_id)
        name = self.inner.get_job_meta(job_id)["name"]
        for job in self.inner.list_jobs(True):
            if job["name"] == name and job["status"] == "RUNNING":
                self.inner.abort_job(job["job_id"])
        return answer


@MUTANTS.mutant("life.side-by-side", "aborts the job that was submitted after a job that is deleted")
class DeleteAbortsNext(Wrapper):
    """Is off by one."""

    def delete_job(self, job_id: str) -> Any:
        """The next one loses its place."""
        ids = [view.job_id for view in self.system.server.jobs]
        answer = super().delete_job(job_id)
        following = ids[ids.index(job_id) + 1 :] if job_id in ids else []
        for job in following[:1]:
            SimulatedSystem.open_session(self.system).abort_job(job)
        return answer


@MUTANTS.mutant("life.side-by-side", "tells of a job that ran beside others that it was abnormal")
class CrowdIsAbnormal(Retelling):
    """Blames the neighbors."""

    def retell(self, job: str, status: str) -> str:
        """ABNORMAL, when three jobs had the same start."""
        mine = self.view(job)
        beside = [
            view
            for view in self.system.server.jobs
            if view.start_time and mine.start_time and abs(view.start_time - mine.start_time) < 4
        ]
        return "FINISHED:ABNORMAL" if status == "FINISHED:COMPLETED" and len(beside) > 3 else status
