"""Sessions that mix up what several threads submit at once."""

from __future__ import annotations

import time
from typing import NoReturn

from contract_tests.mutants.toolkit.new_jobs import Renaming
from contract_tests.mutants.toolkit.wrong_answers import Hiding
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InvalidJobDefinition

MUTANTS = VariantTable()


def _switch() -> None:
    """Let another thread in."""
    time.sleep(0.002)  # noqa: TID251


@MUTANTS.mutant("submit.concurrent", "counts ids in two steps, so two threads can take the same one")
class IdsCountedInTwoSteps(Renaming):
    """Reads, and writes later."""

    def rename(self, real: str) -> str:
        """Count without a lock."""
        number = self.system.memory.get("number", 0) + 1
        _switch()
        self.system.memory["number"] = number
        return f"job-{number}"


@MUTANTS.mutant("submit.concurrent", "keeps the list of jobs in two steps, so that one of two can be lost")
class ListKeptInTwoSteps(Hiding):
    """Loses updates."""

    def submit_job(self, job_definition_path: str) -> str:
        """Copy, add, and store."""
        job = super().submit_job(job_definition_path)
        known = [*self.system.memory.get("known", ()), job]
        _switch()
        self.system.memory["known"] = known
        return job

    def hidden(self, job: str, detailed: bool, everyone: bool) -> bool:
        """Hide what was lost."""
        return job not in self.system.memory.get("known", ())


@MUTANTS.mutant("submit.concurrent", "keeps the last reply in the session, so that threads get each other's")
class ReplyKeptInSession(Wrapper):
    """Has room for one reply."""

    reply = ""

    def submit_job(self, job_definition_path: str) -> str:
        """Store the reply, and read it later."""
        self.reply = super().submit_job(job_definition_path)
        _switch()
        return self.reply


@MUTANTS.mutant("submit.concurrent", "refuses a submission while another is under way")
class BusyWhileSubmitting(Wrapper):
    """Raises where it should wait."""

    def submit_job(self, job_definition_path: str) -> str:
        """Take one at a time."""
        if self.system.memory.get("busy"):
            self._busy()
        self.system.memory["busy"] = True
        try:
            _switch()
            return super().submit_job(job_definition_path)
        finally:
            self.system.memory["busy"] = False

    def _busy(self) -> NoReturn:
        raise InvalidJobDefinition("another submission is under way")


@MUTANTS.mutant("submit.concurrent", "keeps the login of the last caller, so that users get each other's jobs")
class LoginSharedByThreads(Wrapper):
    """Has one connection for all users."""

    def submit_job(self, job_definition_path: str) -> str:
        """Log in, and submit later."""
        self.system.memory["session"] = self.inner
        _switch()
        return str(self.system.memory["session"].submit_job(job_definition_path))
