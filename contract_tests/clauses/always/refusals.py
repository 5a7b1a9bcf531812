"""What is refused: deleted and unknown jobs, bad definitions; and that a refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look
from contract_tests.system import job_folders
from contract_tests.system.job_plan import BadJob

CHECKS = InvariantTable()

_NEARLY: Final[tuple[Callable[[str], str], ...]] = (
    lambda job: job + "0",
    lambda job: job[:-1],
    lambda job: job[1:],
    lambda job: job[:8] + "x" * (len(job) - 8),
    lambda job: f"x{job}",
)
"""Ids that are no job's, but nearly so."""


def unknown(look: Look, number: int) -> str:
    """An id that no job has, another one for every number."""
    known = look.s.jobs
    nearly = [change(known[number % len(known)]) for change in _NEARLY] if known else []
    made_up = ["no-such-job", *(job for job in nearly if job not in known)]
    return made_up[number % len(made_up)]


def _no_job(method: str) -> None:
    name = method.replace("_", "-")

    @CHECKS.invariant(f"delete.then.{name}")
    def deleted(look: Look) -> None:
        if number := look.job(look.jobs(deleted=True)):
            outcome = look.actor.do(method, look.id(number))
            look.require(outcome.raised("JobNotFound"), f"JobNotFound, as job{number} was deleted", outcome)

    @CHECKS.invariant(f"unknown.{name}")
    def never_made(look: Look) -> None:
        outcome = look.actor.do(method, unknown(look, look.number))
        look.require(outcome.raised("JobNotFound"), "JobNotFound for an unknown job", outcome)


for _method in JOB_METHODS:
    _no_job(_method)


def _no_definition(kind: str) -> None:
    ways = len(job_folders.FAULTS[kind])

    @CHECKS.invariant(f"submit.refuses.{kind}")
    def refused(look: Look) -> None:
        outcome = look.actor.do("submit_job", BadJob(f"{kind}/{look.number % ways}"))
        look.require(outcome.raised("InvalidJobDefinition"), f"InvalidJobDefinition for {kind}", outcome)


for _kind in job_folders.FAULTS:
    _no_definition(_kind)


@CHECKS.invariant("submit.refusal-leaves-nothing")
def _leaves_nothing(look: Look) -> None:
    """Not even in the lists of other users."""
    if look.number % 2:
        return
    kinds = list(job_folders.FAULTS)
    lists = [(actor, flags) for actor in look.sessions()[::2] for flags in ({}, {"all": True})]
    before = [look.listed(flags, actor) for actor, flags in lists]
    outcome = look.actor.do("submit_job", BadJob(kinds[look.number // 2 % len(kinds)]))
    for (actor, flags), known in zip(lists, before, strict=True):
        if not outcome.returned:
            more = [job for job in look.listed(flags, actor) if job not in known]
            look.s.require(not more, "no other job in any list after a refusal", f"{look.s.tell(more)} as well")
