"""Sessions in which clones share a fate with jobs that are further off, or only in some states."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.toolkit.helpers import Generator
from contract_tests.mutants.toolkit.kinds import Cloning
from contract_tests.mutants.variant import VariantTable
from flare_sim.spec import JobNotFound

MUTANTS = VariantTable()
_GENERATOR = Generator(MUTANTS, globals())

Relatives = Callable[[Cloning, str], list[str]]
"""The jobs that stand in some relation to a job."""


def _root(session: Cloning, job: str) -> list[str]:
    """The job that a clone's original was cloned from."""
    original = session.origins.get(job)
    return [session.origins[original]] if original in session.origins else []


def _clones(*begins: str) -> Relatives:
    """The clones of a job whose status begins with one of these."""

    def relatives(session: Cloning, job: str) -> list[str]:
        found = [clone for clone, original in session.origins.items() if original == job]
        return [clone for clone in found if _status(session, clone).startswith(begins)]

    return relatives


def _original(*begins: str) -> Relatives:
    """The original of a clone, if its status begins with one of these."""

    def relatives(session: Cloning, job: str) -> list[str]:
        found = [session.origins[job]] if job in session.origins else []
        return [original for original in found if _status(session, original).startswith(begins)]

    return relatives


def _siblings(session: Cloning, job: str) -> list[str]:
    """The original of a clone, and its other clones, as far as they are dispatched."""
    original = session.origins.get(job)
    family = [original, *(clone for clone, its in session.origins.items() if its == original)] if original else []
    return [one for one in family if one != job and _status(session, str(one)) == "DISPATCHED"]


def _status(session: Cloning, job: str) -> str:
    with suppress(JobNotFound):
        return str(session.inner.get_job_meta(job)["status"])
    return ""


def _also(method: str, relatives: Relatives, *, done: bool = False) -> Callable[..., Any]:
    """A method that does to relatives, too, what it does to a job, or to one that is done."""

    def body(self: Any, job_id: Any) -> Any:
        holds = not done or _status(self, job_id).startswith("FINISHED")
        others = relatives(self, job_id) if holds else []
        result = getattr(self.inner, method)(job_id)
        for other in others:
            with suppress(JobNotFound):
                getattr(self.inner, method)(other)
        return result

    body.__name__ = method
    return body


_RELATED: Final[tuple[tuple[str, str, str, str, Callable[..., Any]], ...]] = (
    (
        "AbortsRoot",
        "clone.apart-on-abort",
        "aborts the first original with a clone of its clone",
        "abort_job",
        _also("abort_job", _root),
    ),
    (
        "AbortsDispatchedClones",
        "clone.apart-on-abort",
        "aborts the clones of a job that are dispatched",
        "abort_job",
        _also("abort_job", _clones("DISPATCHED")),
    ),
    (
        "AbortsDispatchedSiblings",
        "clone.apart-on-abort",
        "aborts an original that is dispatched with its clone",
        "abort_job",
        _also("abort_job", _siblings),
    ),
    (
        "AbortsWaitingClones",
        "abort.done-no-effect",
        "aborts the clones that wait of a job that is done",
        "abort_job",
        _also("abort_job", _clones("SUBMITTED"), done=True),
    ),
    (
        "DeletesRoot",
        "clone.apart-on-delete",
        "deletes the first original with a clone of its clone",
        "delete_job",
        _also("delete_job", _root),
    ),
    (
        "DeletesDispatchedClones",
        "clone.apart-on-delete",
        "deletes the clones of a job that are dispatched",
        "delete_job",
        _also("delete_job", _clones("DISPATCHED")),
    ),
    (
        "DeletesFailedOriginals",
        "clone.apart-on-delete",
        "deletes an original that could not be run with its clone",
        "delete_job",
        _also("delete_job", _original("FINISHED:FAILED", "FINISHED:CAN_NOT")),
    ),
    (
        "DeletesAbortedClones",
        "clone.apart-on-delete",
        "deletes the clones of a job that were aborted",
        "delete_job",
        _also("delete_job", _clones("FINISHED:ABORTED")),
    ),
    (
        "DeletesDoneClones",
        "delete.others",
        "deletes the clones of a job that are done",
        "delete_job",
        _also("delete_job", _clones("FINISHED")),
    ),
)

for _name, _clause, _story, _method, _body in _RELATED:
    _GENERATOR.session(_name, _clause, _story, {_method: _body}, base=Cloning)
