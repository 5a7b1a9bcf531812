"""Sessions that change the status of a done job, or tell the wrong end."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import noted
from contract_tests.mutants.toolkit.wrong_answers import Reading, Retelling, is_done, retold
from contract_tests.mutants.variant import VariantTable

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


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
        return "FINISHED:ABORTED" if is_done(status) and ("aborted", job) in self.system.memory else status


def _changed_by(method: str) -> None:
    """Declare a session whose ``method`` changes the status of a done job."""

    def body(self: Any, job_id: Any, *args: Any, **kwargs: Any) -> Any:
        answer = getattr(Retelling, method)(self, job_id, *args, **kwargs)
        self.system.memory[(method, job_id)] = True
        return answer

    def retell(self: Any, job: str, status: str) -> str:
        return "FINISHED:ARCHIVED" if is_done(status) and (method, job) in self.system.memory else status

    body.__name__ = method
    difference = f"changes the status of a done job in {method}"
    _GENERATOR.session(
        f"{camel(method)}ChangesDone", "life.final", difference, {method: body, "retell": retell}, Retelling
    )


for _method in ("clone_job", "download_job_result", "monitor_job"):
    _changed_by(_method)


def _aged(name: str, difference: str, seconds: float, when: str, then: str) -> None:
    """Declare a session that tells another final status after a while."""

    def retell(self: Any, job: str, status: str) -> str:
        if not is_done(status):
            return status
        first = self.system.memory.setdefault(("first", job), self.now())
        return then if self.now() - first > seconds and (not when or status == when) else status

    _GENERATOR.session(name, "life.final", difference, {"retell": retell}, Retelling)


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
        return "FINISHED:ABANDONED" if is_done(status) and end is not None and end < self.opened else status


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
    retold(
        _GENERATOR,
        f"Ends{camel(how)}Otherwise",
        clause,
        f"tells {other} of a job that ends {status}",
        lambda session, job, told: other if told == right else told,
    )
    retold(
        _GENERATOR,
        f"Ends{camel(how)}Bare",
        clause,
        f"tells FINISHED and no more of a job that ends {status}",
        lambda session, job, told: "FINISHED" if told == right else told,
    )
    retold(
        _GENERATOR,
        f"Ends{camel(how)}OtherwiseForClones",
        clause,
        f"tells {other} of a clone that ends {status}",
        lambda session, job, told: other if told == right and session.view(job).cloned_from else told,
    )
    retold(
        _GENERATOR,
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


@MUTANTS.mutant("life.ends.aborted", "abandons a job that another user aborts")
class OthersAbandon(Reading):
    """Takes it for another reason."""

    def abort_job(self, job_id: str) -> Any:
        """Note whose it was."""
        meta = self.inner.get_job_meta(job_id)
        result = super().abort_job(job_id)
        if meta["submitter_name"] != self.user and not meta["status"].startswith("FINISHED"):
            noted(self, "abandoned").append(job_id)
        return result

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Abandoned."""
        left = meta["status"].startswith("FINISHED") and meta["job_id"] in noted(self, "abandoned")
        return {**meta, "status": "FINISHED:ABANDONED"} if left else meta
