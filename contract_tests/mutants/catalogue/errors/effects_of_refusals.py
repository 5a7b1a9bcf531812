"""Sessions in which a call with a bad argument is refused, and has an effect all the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import InvalidArgumentError, InvalidJobDefinition, JobNotDone, JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


def _all(act: str, last: bool = False) -> Callable[[Any, list[str]], None]:
    def effect(inner: Any, jobs: list[str]) -> None:
        for job in jobs[-1:] if last else jobs:
            getattr(inner, act)(job)

    return effect


def _falsy(thing: Any, *rest: Any) -> bool:
    return not thing


def _refused_with_effect(
    method: str, name: str, difference: str, effect: Callable[[Any, list[str]], None], bad: Any
) -> None:
    """Declare a method that refuses an argument, and does something to the user's jobs."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return right(self, *args, **kwargs)
        except (JobNotFound, InvalidArgumentError):
            if args and bad(*args):
                effect(self.inner, [job["job_id"] for job in self.inner.list_jobs()])
            raise

    body.__name__ = method
    _GENERATOR.session(name, "malformed.no-effect", difference, {method: body})


_refused_with_effect(
    "abort_job", "AbortOfNothingAbortsAll", "aborts all jobs for an empty id", _all("abort_job"), _falsy
)
_refused_with_effect(
    "delete_job", "DeleteOfNothingDeletesAll", "deletes all jobs for no id", _all("delete_job"), _falsy
)


def _unknown(thing: Any, *rest: Any) -> bool:
    return isinstance(thing, str) and thing.isalnum() and len(thing) < 100


_refused_with_effect(
    "delete_job",
    "DeleteOfUnknownDeletesLast",
    "deletes the last job for an unknown id",
    _all("delete_job", True),
    _unknown,
)


def _star(thing: Any, *rest: Any) -> bool:
    return isinstance(thing, (list, tuple, dict))


_refused_with_effect("clone_job", "CloneOfListClonesAll", "clones all jobs for a list", _all("clone_job"), _star)
_refused_with_effect(
    "get_job_meta",
    "MetaOfNothingAborts",
    "aborts the last job when asked for the meta of nothing",
    _all("abort_job", True),
    _falsy,
)
_refused_with_effect(
    "monitor_job",
    "BadMonitorAborts",
    "aborts a job whose monitor was refused for its timeout",
    _all("abort_job"),
    lambda job, timeout=0, *rest: isinstance(timeout, str),
)
_refused_with_effect(
    "monitor_job",
    "BadCallbackDeletes",
    "deletes the last job when a callback can't be called",
    _all("delete_job", True),
    lambda job, timeout=0, poll=2.0, cb=None, *rest: cb is not None and not callable(cb),
)
_refused_with_effect(
    "download_job_result",
    "BadDownloadClones",
    "clones the last job for a number",
    _all("clone_job", True),
    lambda thing: isinstance(thing, int),
)


@MUTANTS.mutant("malformed.no-effect", "deletes the job whose id it is given with a blank, and says that there is none")
class DeletesBeforeItReads(Wrapper):
    """Hands the trimmed id to the server, and looks for the answer under the one it was given."""

    def delete_job(self, job_id: str) -> Any:
        """Trim."""
        given: Any = job_id
        if isinstance(given, str) and job_id != job_id.strip():
            with suppress(JobNotFound, JobNotDone):
                super().delete_job(job_id.strip())
            raise JobNotFound(f"no such job: {job_id!r}")
        return super().delete_job(job_id)


class _Refusals(Wrapper):
    """Does something to a job of the caller's after so many refusals."""

    after = 8

    def _handed(self, method: str, argument: str) -> Any:
        try:
            return getattr(self.inner, method)(argument)
        except (JobNotFound, InvalidJobDefinition):
            if count(self, "refused") == self.after:
                self.punish(SimulatedSystem.open_session(self.system, self.user))
            raise

    def punish(self, session: Any) -> None:
        """What is done then."""
        for entry in session.list_jobs():
            if not entry["status"].startswith("FINISHED"):
                session.abort_job(entry["job_id"])
                return


class _RefusedJobs(_Refusals):
    """Loses patience with those who ask for jobs that are not there."""

    def get_job_meta(self, job_id: str) -> Any:
        """Count refusals."""
        return self._handed("get_job_meta", job_id)

    def abort_job(self, job_id: str) -> Any:
        """Count refusals."""
        return self._handed("abort_job", job_id)

    def delete_job(self, job_id: str) -> Any:
        """Count refusals."""
        return self._handed("delete_job", job_id)


@MUTANTS.mutant("malformed.no-effect", "aborts a job of the caller's at the eighth refusal")
class EighthRefusalAborts(_RefusedJobs):
    """Loses patience early."""


@MUTANTS.mutant("malformed.no-effect", "aborts a job of the caller's at the eighth submission that is refused")
class EighthRefusedSubmissionAborts(_Refusals):
    """Loses patience with those who submit."""

    def submit_job(self, job_definition_path: str) -> Any:
        """Count refusals."""
        return self._handed("submit_job", job_definition_path)


@MUTANTS.mutant("malformed.no-effect", "deletes the caller's newest job at the twentieth refusal")
class TwentiethRefusalDeletes(_RefusedJobs):
    """Loses patience later, and more of it."""

    after = 20

    def punish(self, session: Any) -> None:
        """Delete it."""
        for entry in session.list_jobs()[-1:]:
            session.delete_job(entry["job_id"])
