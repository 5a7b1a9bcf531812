"""Sessions that keep something of a submission that they refused."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.catalogue.submit_job.refusals import Lenient
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import ghost
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.system import job_folders
from contract_tests.system.job_plan import JobPlan
from flare_sim.spec import InvalidJobDefinition

MUTANTS = VariantTable()


class _Leaves(Lenient):
    """Refuses, and keeps a job."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Keep something."""
        if self.keeps(path):
            self.kept(super().refused(path, error))
        raise error

    def keeps(self, path: Any) -> bool:
        """Whether a job is kept for this definition."""
        return True

    def kept(self, job: str) -> None:
        """What is done with the job."""


@MUTANTS.mutant("submit.refusal-leaves-nothing", "stores a job before it looks at its definition")
class StoresBeforeValidation(_Leaves):
    """Never takes it out again."""


@MUTANTS.mutant("submit.refusal-leaves-nothing", "stores a job before it looks at its mandatory clients")
class StoresBeforeLastTest(_Leaves):
    """Tests one thing too late."""

    kind = "mandatory-client"


@MUTANTS.mutant("submit.refusal-leaves-nothing", "keeps a job when a refused one is submitted again")
class KeepsOnSecondRefusal(_Leaves):
    """Accepts in secret."""

    def keeps(self, path: Any) -> bool:
        """Keep on the second try."""
        return count(self, "refused") == 2


@MUTANTS.mutant("submit.refusal-leaves-nothing", "lists refused jobs in detail")
class ListsRefusedInDetail(_Leaves):
    """Hides them from the short list only."""

    def kept(self, job: str) -> None:
        """Remember which."""
        noted(self, "refused").append(job)

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Hide them from one list."""
        jobs = super().list_jobs(detailed, all)
        return jobs if detailed else [job for job in jobs if job["job_id"] not in noted(self, "refused")]


@MUTANTS.mutant("submit.refusal-leaves-nothing", "tries a refused submission again in the background")
class TriesAgainLater(Lenient):
    """Does not take no for an answer."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Remember to try again in five seconds."""
        noted(self, "later").append(self.system.server.clock.time() + 5.0)
        raise error

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Do what is due first."""
        later = noted(self, "later")
        while later and self.system.server.clock.time() >= later[0]:
            later.pop(0)
            self.inner.submit_job(job_folders.job_folder(JobPlan(waits=True)))
        return super().list_jobs(detailed, all)


class _GhostToOthers(Wrapper):
    """A refused submission leaves a job that the lists of other users show."""

    everyone = True

    def submit_job(self, job_definition_path: str) -> str:
        """Note who was refused."""
        try:
            return super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            self.system.memory["refused"] = self.user
            raise

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """With a ghost."""
        entries = super().list_jobs(detailed, all)
        shown = self.system.memory.get("refused", self.user) != self.user and all is self.everyone
        return entries + [ghost(entry) for entry in entries[:1]] if shown else entries


@MUTANTS.mutant("submit.refusal-leaves-nothing", "lists a job of a refused submission to other users, with all=True")
class RefusedListedToOthers(_GhostToOthers):
    """Hides it from the one who was refused."""


@MUTANTS.mutant("submit.refusal-leaves-nothing", "lists a job of a refused submission among those of other users")
class RefusedListedAsOthers(_GhostToOthers):
    """Gives it to somebody else."""

    everyone = False
