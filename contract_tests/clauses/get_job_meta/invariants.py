"""get_job_meta, at every point of any sequence of calls: what a meta holds, and that everybody is told the same."""

from __future__ import annotations

from contract_tests.clauses.shared.invariants import answers_are, asking_changes_nothing, stays_as_handed_out
from contract_tests.scenario.snapshot import NAMED, spoil
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint

CHECKS = InvariantTable()


@CHECKS.invariant("meta.dict")
def _dict(view: Viewpoint) -> None:
    def ask() -> None:
        if number := view.job():
            view.actor.do("get_job_meta", view.id(number))

    answers_are(view, "get_job_meta", "a dict", lambda value: isinstance(value, dict), ask)


@CHECKS.invariant("meta.keys")
def _keys(view: Viewpoint) -> None:
    if number := view.job():
        meta = view.meta(number)
        missing = [key for key in NAMED if key not in meta]
        view.s.require(not missing, f"the keys {', '.join(NAMED)}", f"a meta without {', '.join(missing)}")


@CHECKS.invariant("meta.job-id")
def _job_id(view: Viewpoint) -> None:
    if number := view.job():
        told = view.meta(number).get("job_id")
        view.require(told == view.id(number), f"job_id to be the id of job{number}", told)


@CHECKS.invariant("meta.status")
def _status(view: Viewpoint) -> None:
    if number := view.job():
        told = view.meta(number).get("status")
        view.require(isinstance(told, str) and told, f"a status of job{number} that is a str and not empty", told)


@CHECKS.invariant("meta.name")
def _name(view: Viewpoint) -> None:
    """Only of jobs that were submitted: clone.definition is about clones."""
    if number := view.job(view.submitted()):
        told, wanted = view.meta(number).get("name"), view.model(number).plan.name
        view.require(told == wanted, f"job{number} to be called {wanted!r}, as in its definition", told)


@CHECKS.invariant("meta.callers-copy")
def _callers_copy(view: Viewpoint) -> None:
    if number := view.job():
        before = view.s.now()
        meta = view.meta(number)
        kept = {key: meta.get(key) for key in NAMED}
        spoil(meta)
        again = view.snapshot(number)
        if view.s.now() == before:
            view.s.unchanged(kept, again, f"the meta of job{number}, after the caller has changed his own,")


@CHECKS.invariant("meta.snapshot")
def _snapshot(view: Viewpoint) -> None:
    stays_as_handed_out(view, lambda: view.meta(number) if (number := view.job()) else {})


@CHECKS.invariant("meta.fresh")
def _fresh(view: Viewpoint) -> None:
    """If two statuses that were told at one time differ, one of them is of an earlier time."""
    if number := view.job():
        before = view.s.now()
        statuses = [view.status(number, actor) for actor in (view.actor, *view.sessions())]
        if view.s.now() == before:
            same = len(set(statuses)) == 1
            view.s.require(same, f"one status of job{number} at one time", " and ".join(dict.fromkeys(statuses)))


@CHECKS.invariant("meta.sessions-agree")
def _sessions_agree(view: Viewpoint) -> None:
    """However long a session has been open. Where reading takes time, jobs may get on meanwhile."""
    if number := view.job():
        for other in view.sessions(view.user):
            before = view.s.now()
            one, two = view.snapshot(number), view.snapshot(number, other)
            if other is not view.actor and view.s.now() == before:
                view.s.unchanged(one, two, f"the meta of job{number}, read in another session of the user,")


@CHECKS.invariant("meta.no-effect")
def _no_effect(view: Viewpoint) -> None:
    asking_changes_nothing(view, lambda number: view.actor.do("get_job_meta", view.id(number)))
