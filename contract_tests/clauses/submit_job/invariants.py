"""submit_job, at every point of any sequence of calls: the jobs that were submitted."""

from __future__ import annotations

from contract_tests.clauses.shared.invariants import (
    answers_are,
    detailed_at_times,
    id_is_new,
    is_id,
    newest_job,
    none_missing,
    submitter_is,
)
from contract_tests.clauses.submit_job.new_jobs import is_time
from contract_tests.scenario import wording
from contract_tests.scenario.job_states import finished
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint
from contract_tests.system import bad_definitions
from contract_tests.system.job_plan import BadJob

CHECKS = InvariantTable()


@CHECKS.invariant("submit.returns-id")
def _returns_id(view: Viewpoint) -> None:
    answers_are(view, "submit_job", "a str that is not empty", is_id)


@CHECKS.invariant("submit.new-id")
def _new_id(view: Viewpoint) -> None:
    id_is_new(view, "submit_job")


@CHECKS.invariant("submit.listed")
def _listed(view: Viewpoint) -> None:
    for user in range(2):
        reader = view.player.session(2 * user)[1]
        none_missing(view, view.submitted(user), "which was submitted", detailed_at_times(view), reader)


@CHECKS.invariant("submit.owner")
def _owner(view: Viewpoint) -> None:
    submitter_is(view, view.submitted(), "submitted")


@CHECKS.invariant("submit.time")
def _time(view: Viewpoint) -> None:
    view.s.now()
    if number := view.job(view.submitted()):
        made = view.made[view.id(number)].outcome
        assert made.started is not None
        assert made.ended is not None
        is_time(view.s, view.meta(number).get("submit_time"), made.started, made.ended)


@CHECKS.invariant("submit.meta")
def _there(view: Viewpoint) -> None:
    for number in view.submitted():
        outcome = view.actor.do("get_job_meta", view.id(number))
        view.require(outcome.returned, f"the meta of job{number}", outcome)


@CHECKS.invariant("submit.not-done")
def _not_done(view: Viewpoint) -> None:
    """Read right after the job was made, by whichever session."""
    if number := newest_job(view, view.submitted()):
        told = view.status(number)
        view.s.require(not finished(told), f"job{number}, just submitted, not to be done", told)


def _no_definition(kind: str) -> None:
    ways = len(bad_definitions.BAD_DEFINITIONS[kind])

    @CHECKS.invariant(f"submit.refuses.{kind}")
    def refused(view: Viewpoint) -> None:
        bad = BadJob(f"{kind}/{view.number % ways}")
        outcome = view.actor.do("submit_job", bad)
        told = f"InvalidJobDefinition for {wording.definition(bad)}"
        view.require(outcome.raised("InvalidJobDefinition"), told, outcome)


for _kind in bad_definitions.BAD_DEFINITIONS:
    _no_definition(_kind)


@CHECKS.invariant("submit.refusal-leaves-nothing")
def _leaves_nothing(view: Viewpoint) -> None:
    """Neither in the lists of the user nor in those of others."""
    if view.number % 2:
        return
    kinds = list(bad_definitions.BAD_DEFINITIONS)
    lists = [(actor, flags) for actor in view.sessions()[::2] for flags in ({}, {"all": True})]
    before = [view.listed(flags, actor) for actor, flags in lists]
    outcome = view.actor.do("submit_job", BadJob(kinds[view.number // 2 % len(kinds)]))
    for (actor, flags), known in zip(lists, before, strict=True):
        if not outcome.returned:
            more = [job for job in view.listed(flags, actor) if job not in known]
            view.s.require(not more, "no other job in any list after a refusal", f"{view.s.tell(more)} as well")
