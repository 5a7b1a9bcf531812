"""Sessions whose submit_job returns no id, or the id of another job."""

from __future__ import annotations

import os
import uuid
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.new_jobs import Renaming, repeats_first_id
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.toolkit.wrong_answers import Submitting
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


@MUTANTS.mutant("submit.returns-id", "returns nothing")
class SubmitReturnsNone(Submitting):
    """Forgets the return statement."""

    def returned(self, job: str) -> Any:
        """Return nothing."""


@MUTANTS.mutant("submit.returns-id", "returns the server's reply instead of the id in it")
class SubmitReturnsReply(Submitting):
    """Gives a dict."""

    def returned(self, job: str) -> Any:
        """Return a reply."""
        return {"status": "ok", "job_id": job}


@MUTANTS.mutant("submit.returns-id", "returns a UUID, not its text")
class SubmitReturnsUuid(Submitting):
    """Gives an object that prints well."""

    def returned(self, job: str) -> Any:
        """Return an object."""
        return uuid.UUID(job)


@MUTANTS.mutant("submit.returns-id", "returns bytes")
class SubmitReturnsBytes(Submitting):
    """Hands out what came over the wire."""

    def returned(self, job: str) -> Any:
        """Return bytes."""
        return job.encode()


@MUTANTS.mutant("submit.returns-id", "returns a number from the eleventh job on")
class SubmitReturnsNumberLater(Submitting):
    """Changes the kind of its ids."""

    def returned(self, job: str) -> Any:
        """Count the later jobs."""
        number = count(self, "submitted")
        return number if number > 10 else job


@MUTANTS.mutant("submit.returns-id", "returns empty text once something was refused")
class SubmitReturnsEmptyAfterRefusal(Submitting):
    """Is never the same after an error."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Remember a refusal."""
        try:
            job = super().submit_job(job_definition_path)
        except InvalidJobDefinition:
            self.system.memory["refused"] = True
            raise
        return "" if self.system.memory.get("refused") else job


@MUTANTS.mutant("submit.returns-id", "returns nothing to every user but the first")
class SubmitReturnsNoneToOthers(Submitting):
    """Returns the id on one of two ways only."""

    def returned(self, job: str) -> Any:
        """Serve the first user."""
        return job if self.user == self.system.users[0] else None


@MUTANTS.mutant("submit.returns-id", "returns None for the second submission of a folder")
class SubmitReturnsNoneForKnown(Submitting):
    """Thinks that a known folder needs no answer."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Answer once."""
        job = super().submit_job(job_definition_path)
        known = noted(self, "paths")
        known.append(job_definition_path)
        return job if known.count(job_definition_path) == 1 else None


@MUTANTS.mutant("submit.returns-id", "returns None for a path that is not written as it would write it itself")
class SubmitReturnsNoneForUntidy(Submitting):
    """Looks the job up by its folder."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Know tidy paths only."""
        job = super().submit_job(job_definition_path)
        return job if job_definition_path == os.path.realpath(job_definition_path) else None


@MUTANTS.mutant("submit.returns-id", "returns a line with the id and what it is the id of, the third time")
class SubmitReturnsLine(Submitting):
    """Gives what it would print."""

    def returned(self, job: str) -> Any:
        """Return a line."""
        return f"{job}\tcontract-job\n" if count(self, "submitted") == 3 else job


@MUTANTS.mutant("submit.new-id", "returns the first job's id for every submission of a folder")
class SameFolderSameId(Submitting):
    """Remembers ids by path."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Remember the id."""
        job = super().submit_job(job_definition_path)
        return self.system.memory.setdefault(("path", job_definition_path), job)


@MUTANTS.mutant("submit.new-id", "makes ids of the second they are made in")
class IdOfTheSecond(Renaming):
    """Two jobs of one second share an id."""

    def rename(self, real: str) -> str:
        """Tell the time."""
        return f"job-{self.system.server.clock.time():.0f}"


@MUTANTS.mutant("submit.new-id", "counts ids anew in every session")
class IdsCountedPerSession(Renaming):
    """Keeps its counter in the session."""

    made = 0

    def rename(self, real: str) -> str:
        """Count in this session."""
        self.made += 1
        return f"job-{self.made}"


@MUTANTS.mutant("submit.new-id", "counts ids anew for every user")
class IdsCountedPerUser(Renaming):
    """Keeps its counter by user."""

    def rename(self, real: str) -> str:
        """Count for this user."""
        return f"job-{count(self, self.user)}"


@MUTANTS.mutant("submit.new-id", "numbers a job by how many there are, so a deleted job's id comes again")
class IdsReusedAfterDelete(Renaming):
    """Has one id too few after a deletion."""

    def rename(self, real: str) -> str:
        """Count what is there."""
        return f"job-{len(self.inner.list_jobs(False, True))}"


@MUTANTS.mutant("submit.new-id", "has ids of one hexadecimal digit")
class IdsRunOut(Renaming):
    """Starts over after ten jobs."""

    def rename(self, real: str) -> str:
        """Wrap round."""
        return f"job-{count(self, 'made') % 10}"


@MUTANTS.mutant("submit.new-id", "gives an aborted job's id to the next job")
class IdsReusedAfterAbort(Renaming):
    """Thinks an id is free once its job is aborted."""

    def abort_job(self, job_id: str) -> Any:
        """Remember the id."""
        result = super().abort_job(job_id)
        noted(self, "free").append(job_id)
        return result

    def rename(self, real: str) -> str:
        """Take a free one."""
        free = noted(self, "free")
        return str(free.pop()) if free else super().rename(real)


@MUTANTS.mutant("submit.new-id", "makes ids of the job's name and a count of its own session's jobs of that name")
class IdsByName(Renaming):
    """Unique within a name only, and drops the name when it is long."""

    def rename(self, real: str) -> str:
        """Count within the name."""
        name = self.inner.get_job_meta(real)["name"]
        return f"job-{count(self, name)}"


@MUTANTS.mutant("submit.new-id", "gives the fifth job the first one's id")
class IdsInARing(Wrapper):
    """Has four ids."""

    def submit_job(self, job_definition_path: str) -> str:
        """An id of the ring."""
        ring = self.system.memory.setdefault("ring", [])
        ring.append(super().submit_job(job_definition_path))
        return str(ring[(len(ring) - 1) % 4])


@MUTANTS.mutant("submit.new-id", "returns the last clone's id for the submission after it")
class IdOfTheClone(Wrapper):
    """Keeps the last reply."""

    def clone_job(self, job_id: str) -> str:
        """Keep it."""
        self.system.memory["clone"] = super().clone_job(job_id)
        return str(self.system.memory["clone"])

    def submit_job(self, job_definition_path: str) -> str:
        """What was kept."""
        job = super().submit_job(job_definition_path)
        return str(self.system.memory.pop("clone", job))


repeats_first_id(_GENERATOR, "submit_job", "submit.new-id", "submission")
