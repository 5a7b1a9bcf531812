"""list_jobs, at every point of any sequence of calls: which jobs are listed, and what is told of them."""

from __future__ import annotations

from contract_tests.clauses.list_jobs.details import untold
from contract_tests.clauses.shared.invariants import (
    answers_are,
    asking_changes_nothing,
    detailed_at_times,
    none_missing,
    stays_as_handed_out,
)
from contract_tests.scenario.snapshot import NAMED
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Viewpoint, is_list_of_dicts

CHECKS = InvariantTable()


@CHECKS.invariant("list.dicts")
def _dicts(view: Viewpoint) -> None:
    answers_are(
        view, "list_jobs", "a list of dicts", is_list_of_dicts, lambda: view.actor.do("list_jobs", **view.flags())
    )


@CHECKS.invariant("list.ids")
def _ids(view: Viewpoint) -> None:
    found = view.listed(view.flags())
    strange = [job for job in found if job not in view.s.jobs]
    view.require(view.guessing or not strange, "ids of jobs", strange)
    view.require(len(found) == len(set(map(str, found))), "every job once", found)


# --- which jobs are listed ------------------------------------------------------------------------------------------


def _user(name: str) -> str:
    """The user of a session, by its name."""
    return name.partition("-")[0]


@CHECKS.invariant("list.complete")
def _complete(view: Viewpoint) -> None:
    flags = view.flags()
    numbers = view.jobs() if flags.get("all") else view.jobs(view.user)
    none_missing(view, numbers, "which is there", flags)


@CHECKS.invariant("list.no-deleted")
def _no_deleted(view: Viewpoint) -> None:
    found = view.listed(view.flags())
    still = [number for number in view.jobs(deleted=True) if view.id(number) in found]
    view.s.require(not still, "no deleted job in the list", f"job{still[:1]}")


@CHECKS.invariant("list.own")
def _own(view: Viewpoint) -> None:
    found = view.listed(detailed_at_times(view))
    mine = [job for job, step in view.made.items() if _user(step.operation.actor) == _user(view.actor.name)]
    others = [job for job in found if job not in mine]
    view.s.require(view.guessing or not others, "only jobs of the same user", f"{view.s.tell(others)} as well")


@CHECKS.invariant("list.own-all-sessions")
def _all_sessions(view: Viewpoint) -> None:
    """The jobs that other sessions of the user have made are listed."""
    mine = view.jobs(view.user)
    others = [number for number in mine if view.made[view.id(number)].operation.actor != view.actor.name]
    none_missing(view, others, "made in another session of the user", detailed_at_times(view))


@CHECKS.invariant("list.all")
def _all(view: Viewpoint) -> None:
    none_missing(view, view.jobs(), "of whichever user", {"all": True, **detailed_at_times(view)})


@CHECKS.invariant("list.all-false")
def _all_false(view: Viewpoint) -> None:
    without = view.listed(detailed_at_times(view))
    told = view.listed({"all": False, **detailed_at_times(view)})
    same = sorted(map(str, told)) == sorted(map(str, without))
    view.require(same, f"the jobs that are listed without all=False, {view.s.tell(without)}", told)


@CHECKS.invariant("list.detailed-jobs")
def _detailed_jobs(view: Viewpoint) -> None:
    flags = {"all": True} if view.number // 4 % 2 else {}
    brief, detailed = view.listed(flags), view.listed({"detailed": True, **flags})
    same = sorted(map(str, brief)) == sorted(map(str, detailed))
    view.require(same, f"the jobs that are listed without detail, {view.s.tell(brief)}", detailed)


# --- what is told of them -------------------------------------------------------------------------------------------


@CHECKS.invariant("list.status-agrees")
def _status_agrees(view: Viewpoint) -> None:
    if number := view.job():
        before = view.s.now()
        entries = view.entries({**view.flags(), "all": True})
        told = [entry.get("status") for entry in entries if entry.get("job_id") == view.id(number)]
        status = view.status(number)
        if view.s.now() == before:
            view.require(told in ([], [status]), f"job{number} to be {status} in the list, as get_job_meta tells", told)


@CHECKS.invariant("list.detailed-more")
def _detailed_more(view: Viewpoint) -> None:
    flags = {"all": True} if view.number // 4 % 2 else {}
    detailed = {str(entry.get("job_id")): entry for entry in view.entries({"detailed": True, **flags})}
    for entry in view.entries(flags):
        more = detailed.get(str(entry.get("job_id")), entry)
        view.s.require(len(more) >= len(entry), f"at least {len(entry)} keys in detail", f"{len(more)} keys")
        number = view.player.ids.index(job) + 1 if (job := entry.get("job_id")) in view.player.ids else 0
        if number and number == view.job():
            missing = untold(view.meta(number), entry, more, NAMED)
            view.s.require(not missing, f"the {', '.join(missing)} of job{number} in detail, as its meta tells", "none")


@CHECKS.invariant("list.order")
def _order(view: Viewpoint) -> None:
    flags = view.flags()
    first, second = view.listed(flags), view.listed(flags)
    both = [job for job in second if job in first]
    view.require([job for job in first if job in second] == both, f"the order before, {view.s.tell(first)}", second)


@CHECKS.invariant("list.callers-copy")
def _callers_copy(view: Viewpoint) -> None:
    stays_as_handed_out(view, lambda: view.entries(view.flags()))


@CHECKS.invariant("list.no-effect")
def _no_effect(view: Viewpoint) -> None:
    asking_changes_nothing(view, lambda _: view.actor.do("list_jobs", **view.flags()))
