"""Sessions in which jobs leave out steps of their life, or go back."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import Reading, Retelling, place_of, retold
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from flare_sim.spec import NoConnection

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())

retold(
    _GENERATOR,
    "NeverDispatched",
    "life.order",
    "does not know the status DISPATCHED",
    lambda session, job, status: "SUBMITTED" if status == "DISPATCHED" else status,
)
retold(
    _GENERATOR,
    "DispatchedIsRunning",
    "life.order",
    "tells RUNNING of a job that is dispatched",
    lambda session, job, status: "RUNNING" if status == "DISPATCHED" else status,
)
retold(
    _GENERATOR,
    "NeverRunning",
    "life.order",
    "tells DISPATCHED of a job that runs",
    lambda session, job, status: "DISPATCHED" if status == "RUNNING" else status,
)
retold(
    _GENERATOR,
    "SubmittedIsDispatched",
    "life.order",
    "tells DISPATCHED of a job that waits",
    lambda session, job, status: "DISPATCHED" if status == "SUBMITTED" else status,
)
retold(
    _GENERATOR,
    "SwapsTwoSteps",
    "life.order",
    "tells RUNNING before DISPATCHED",
    lambda session, job, status: {"RUNNING": "DISPATCHED", "DISPATCHED": "RUNNING"}.get(status, status),
)
retold(
    _GENERATOR,
    "ClonesSkipDispatched",
    "life.order",
    "leaves a step out for clones",
    lambda session, job, status: "RUNNING" if status == "DISPATCHED" and session.view(job).cloned_from else status,
)
retold(
    _GENERATOR,
    "SecondJobSkipsDispatched",
    "life.order",
    "leaves a step out for the second job",
    lambda session, job, status: "SUBMITTED" if status == "DISPATCHED" and place_of(session, job) == 2 else status,
)
retold(
    _GENERATOR,
    "OthersSeeNoRunning",
    "life.order",
    "leaves a step out for jobs of other users",
    lambda session, job, status: (
        "DISPATCHED" if status == "RUNNING" and session.view(job).submitter != session.user else status
    ),
)
retold(
    _GENERATOR,
    "EleventhJobSkipsRunning",
    "life.order",
    "leaves a step out for the eleventh job",
    lambda session, job, status: "DISPATCHED" if status == "RUNNING" and place_of(session, job) == 11 else status,
)


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


@MUTANTS.mutant("life.no-step-back", "tells SUBMITTED at the first look of a session that has seen an outage")
class BeginsAnewAfterOutage(Wrapper):
    """Has lost what it knew, and takes a job for a new one until it has asked."""

    missed = False

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Look."""
        try:
            meta = super().get_job_meta(job_id)
        except NoConnection:
            self.missed = True
            raise
        began, self.missed = self.missed, False
        return {**meta, "status": "SUBMITTED"} if began and meta["status"] in ("DISPATCHED", "RUNNING") else meta


class _WaitsForClients(Reading):
    """Tells of the queue when there is no client."""

    def told(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Waiting."""
        gone = len(noted(self, "dropped")) >= len(self.system.client_names)
        return {**meta, "status": "SUBMITTED"} if gone and meta["status"] == "RUNNING" else meta


@MUTANTS.mutant("life.no-step-back", "says SUBMITTED again of a running job when all its clients have dropped out")
class BackInTheQueue(WrappedSystem):
    """Waits for clients, as before the run."""

    session = _WaitsForClients

    def drop_client(self, name: str) -> None:
        """Note who went."""
        super().drop_client(name)
        self.memory.setdefault("dropped", []).append(name)
