"""Sessions that do what a user may not do, or refuse it wrongly."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Body, Generator, camel
from contract_tests.mutants.toolkit.results import Emptying
from contract_tests.mutants.toolkit.wrong_errors import (
    Kind,
    by_the_administrator,
    declare,
    from_second,
    job_is_done,
    job_runs,
    look_alike,
    minutes_later,
    nothing,
    other_user,
    raises,
    when,
)
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from contract_tests.reference import SimulatedSystem
from flare_sim.spec import AuthenticationError, AuthorizationError, InternalError, JobNotFound, SessionClosed

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_MAY_NOT: Final = ("submit_job", "clone_job", "download_job_result", "abort_job", "delete_job")

_DENIED_KINDS: Final = (
    Kind("IsPermissionError", "raises PermissionError for {method} when the user may not", raises(PermissionError)),
    Kind("DoneAnyway", "does {method} with other rights when the user may not", by_the_administrator),
    Kind("IsNothing", "returns nothing for {method} when the user may not", nothing),
    Kind(
        "IsNotFoundSecondTime",
        "raises JobNotFound for the second {method} the user may not",
        when(from_second, raises(JobNotFound)),
    ),
    Kind(
        "IsLookAlike", "raises an AuthorizationError of its own for {method}", raises(look_alike("AuthorizationError"))
    ),
    Kind(
        "IsNotFoundWhenDone",
        "raises JobNotFound for {method} of a done job when the user may not",
        when(job_is_done, raises(JobNotFound)),
    ),
    Kind(
        "IsAuthenticationError",
        "raises AuthenticationError for {method} when the user may not",
        raises(AuthenticationError),
    ),
    Kind(
        "NothingWhenRunning",
        "returns nothing for {method} of a running job when the user may not",
        when(job_runs, nothing),
    ),
    Kind("IsInternalError", "raises InternalError for {method} when the user may not", raises(InternalError)),
    Kind(
        "IsErrorMinutesLater",
        "raises KeyError for {method} a minute after a first refusal",
        when(minutes_later, raises(KeyError)),
    ),
    Kind(
        "IsClosedForOthers",
        "raises SessionClosed for {method} of another's job",
        when(other_user, raises(SessionClosed)),
        _MAY_NOT[1:],
    ),
)

declare(_GENERATOR, "Denied", _MAY_NOT, _DENIED_KINDS, AuthorizationError, "denied", each=3)


def _given_to_all(method: str) -> Body:
    """A method that gives who may not what was given to who may."""

    def body(self: Any, argument: Any) -> Any:
        known = self.system.memory.setdefault(f"known {method}", [])
        try:
            answer = getattr(Wrapper, method)(self, argument)
        except AuthorizationError:
            for given, its_answer in known:
                if given == argument:
                    return its_answer
            raise
        known.append((argument, answer))
        return answer

    return body


for _method in ("submit_job", "clone_job", "download_job_result", "abort_job"):
    _GENERATOR.session(
        f"Shares{camel(_method)}",
        f"denied.{_method.replace('_', '-')}",
        f"answers {_method} as it answered somebody who may",
        {_method: _given_to_all(_method)},
    )


def _done_and_denied(method: str) -> None:
    def body(self: Any, *args: Any) -> Any:
        try:
            return getattr(Wrapper, method)(self, *args)
        except AuthorizationError:
            getattr(SimulatedSystem.open_session(self.system), method)(*args)
            raise

    body.__name__ = method
    name = f"Denies{camel(method)}AndDoesIt"
    _GENERATOR.session(name, "denied.no-effect", f"refuses {method}, and does it all the same", {method: body})


for _method in ("submit_job", "clone_job", "abort_job", "delete_job"):
    _done_and_denied(_method)


@MUTANTS.mutant("denied.no-effect", "aborts a running job before it asks whether the user may delete it")
class StopsBeforeDeniedDelete(Wrapper):
    """Does the first of two steps."""

    def delete_job(self, job_id: str) -> Any:
        """Stop it, then ask."""
        if self.inner.get_job_meta(job_id)["status"] == "RUNNING":
            SimulatedSystem.open_session(self.system).abort_job(job_id)
        return super().delete_job(job_id)


@MUTANTS.mutant("denied.no-effect", "notes refused downloads in the job's meta")
class NotesRefusedDownloads(Wrapper):
    """Keeps an account that all can see."""

    def download_job_result(self, job_id: str) -> str:
        """Note a refusal."""
        try:
            return super().download_job_result(job_id)
        except AuthorizationError:
            self.system.memory[job_id] = True
            raise

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Tell it by the status."""
        meta = super().get_job_meta(job_id)
        return {**meta, "status": meta["status"] + " (refused)"} if job_id in self.system.memory else meta


@MUTANTS.mutant("denied.no-effect", "throws away what a job left when somebody who may not asks to delete it")
class DeniedDeletionEmpties(Emptying):
    """Removes files first, and asks later."""

    def delete_job(self, job_id: str) -> Any:
        """Empty what is not deleted."""
        try:
            return super().delete_job(job_id)
        except AuthorizationError:
            self.empty(job_id)
            raise


@MUTANTS.mutant("denied.no-effect", "clones for a user who may not, once a user who may has cloned the job")
class ClonesOnceCloned(Wrapper):
    """Remembers by job what may be done, not by user, and sees too late who asks."""

    def clone_job(self, job_id: str) -> str:
        """Do it, then refuse."""
        cloned = self.system.memory.setdefault("cloned", [])
        try:
            clone = super().clone_job(job_id)
        except AuthorizationError:
            if job_id in cloned:
                self.system.server.connect(self.system.users[0]).clone_job(job_id)
            raise
        cloned.append(job_id)
        return clone


class _HidesDenied(Wrapper):
    """Hides from a session what it tried to delete, before the server has refused."""

    def _hidden(self) -> list[Any]:
        hidden: list[Any] = self.__dict__.setdefault("_gone", [])
        return hidden

    def delete_job(self, job_id: str) -> Any:
        """Note it first."""
        try:
            return super().delete_job(job_id)
        except AuthorizationError:
            self._hidden().append(job_id)
            raise


@MUTANTS.mutant("denied.no-effect", "leaves out of a user's own lists what the user was not allowed to delete")
class HidesFromLists(_HidesDenied):
    """Deletes it there first."""

    def list_jobs(self, detailed: bool = False, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002
        """Without what was to go."""
        return [entry for entry in super().list_jobs(detailed, all) if entry["job_id"] not in self._hidden()]


@MUTANTS.mutant("denied.no-effect", "finds no job any more that the user was not allowed to delete")
class HidesMeta(_HidesDenied):
    """Deletes it there first."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Not of what was to go."""
        if job_id in self._hidden():
            raise JobNotFound(f"no such job: {job_id}")
        return super().get_job_meta(job_id)
