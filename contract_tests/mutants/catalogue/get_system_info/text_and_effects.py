"""Sessions whose system info is printed wrongly, or in which asking for it changes something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_answers import TellingSystem, holds_jobs, marking
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import SystemInfo

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


class _Printed(SystemInfo):
    """System info with another text."""

    def __str__(self) -> str:
        return f"{self.server_info}, {len(self.client_info)} clients, {len(self.job_info)} jobs"


@MUTANTS.mutant("system.text", "prints how many clients and jobs there are, not which")
class PrintsCounts(TellingSystem):
    """Sums up."""

    def changed(self, info: SystemInfo) -> Any:
        """Another class."""
        return _Printed(info.server_info, info.client_info, info.job_info)


class _FirstsPrinted(SystemInfo):
    """System info whose text tells the first of everything."""

    def __str__(self) -> str:
        return str(SystemInfo(self.server_info, self.client_info, self.job_info[:1]))


@MUTANTS.mutant("system.text", "prints the first job only")
class PrintsFirstJob(TellingSystem):
    """Forgets to loop."""

    def changed(self, info: SystemInfo) -> Any:
        """Another class."""
        return _FirstsPrinted(info.server_info, info.client_info, info.job_info)


@MUTANTS.mutant("system.text", "prints as an object of a class without a text")
class PrintsNothing(TellingSystem):
    """Has no __str__."""

    def changed(self, info: SystemInfo) -> Any:
        """An object with the parts."""
        return type("Info", (), vars(info))()


def _prints(most: int) -> Callable[..., SystemInfo]:
    class Info(SystemInfo):
        """Prints so many clients."""

        def __str__(self) -> str:
            return str(SystemInfo(self.server_info, self.client_info[:most], self.job_info))

    return lambda self, info: Info(info.server_info, info.client_info, info.job_info)


for _name, _most in (("PrintsTwoClients", 2), ("PrintsTenClients", 10)):
    _GENERATOR.session(
        _name, "system.text", f"prints {_most} clients at most", {"changed": _prints(_most)}, base=TellingSystem
    )


class _Acts(TellingSystem):
    """Does something to jobs when asked for system info."""

    def changed(self, info: SystemInfo) -> Any:
        """Act on the jobs of one status."""
        for job in self.inner.list_jobs():
            if self.concerns(job):
                self.inner.abort_job(job["job_id"])
        return info

    def concerns(self, job: dict[str, Any]) -> bool:
        """Whether a job is acted on."""
        return False


@MUTANTS.mutant("system.no-effect", "aborts jobs that wait while it looks")
class LookAborts(_Acts):
    """Tidies up the queue."""

    def concerns(self, job: dict[str, Any]) -> bool:
        """Waiting jobs."""
        return bool(job["status"] == "SUBMITTED")


@MUTANTS.mutant("system.no-effect", "aborts what is executed on the tenth look")
class TenthLookAborts(_Acts):
    """Takes many looks for an overload."""

    def concerns(self, job: dict[str, Any]) -> bool:
        """Running jobs, the tenth time."""
        return bool(job["status"] == "RUNNING" and self.looks == 10)

    def changed(self, info: SystemInfo) -> Any:
        """Count."""
        self.looks = count(self, "looks")
        return super().changed(info)


@MUTANTS.mutant("system.no-effect", "removes failed jobs when it looks")
class LookRemovesFailed(TellingSystem):
    """Cleans up."""

    def changed(self, info: SystemInfo) -> Any:
        """Delete failed jobs."""
        for job in self.inner.list_jobs():
            if job["status"] == "FINISHED:EXECUTION_EXCEPTION":
                self.inner.delete_job(job["job_id"])
        return info


_MANY = 3
"""Jobs that are executed at one time."""


@MUTANTS.mutant("system.no-effect", "stops the oldest of many jobs when it is asked what is executed")
class LookStopsOldest(TellingSystem):
    """Has room for few."""

    def changed(self, info: SystemInfo) -> Any:
        """Stop one."""
        if len(info.job_info) > _MANY:
            self.inner.abort_job(info.job_info[0].job_id)
        return info


holds_jobs(_GENERATOR, "system", "get_system_info")

marking(_GENERATOR, "system", "get_system_info")
