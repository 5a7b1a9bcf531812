"""Every list: which jobs are in it, and what it tells of them."""

from __future__ import annotations

from collections.abc import Mapping

from contract_tests.scenario.actor import Actor
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look

CHECKS = InvariantTable()


def _user(name: str) -> str:
    """Whose session one is, by its name."""
    return name.partition("-")[0]


@CHECKS.invariant("list.ids")
def _ids(look: Look) -> None:
    found = look.listed(look.flags())
    strange = [job for job in found if job not in look.s.jobs]
    look.require(look.guessing or not strange, "ids of jobs", strange)
    look.require(len(found) == len(set(map(str, found))), "every job once", found)


# --- which jobs are in it -------------------------------------------------------------------------------------------


def _missing(look: Look, wanted: list[int], why: str, flags: Mapping[str, bool], by: Actor | None = None) -> None:
    """The assertion that none of these jobs is missing from a list."""
    if wanted:
        found = look.listed(flags, by)
        missing = [look.id(number) for number in wanted if look.id(number) not in found]
        look.s.require(not missing, f"{look.s.tell(missing[:1])}, {why}, in the list", f"{look.s.tell(found)}")


def _of(look: Look, numbers: list[int], user: int) -> list[int]:
    return [number for number in numbers if look.model(number).owner == user]


def _detail(look: Look) -> dict[str, bool]:
    return {"detailed": True} if look.number // 4 % 2 else {}


@CHECKS.invariant("submit.listed")
def _submitted(look: Look) -> None:
    for user in range(2):
        mine = _of(look, look.submitted(), user)
        _missing(look, mine, "which was submitted", _detail(look), look.player.session(2 * user)[1])


@CHECKS.invariant("clone.listed")
def _cloned(look: Look) -> None:
    mine = _of(look, look.clones(), look.user)
    _missing(look, mine, "a clone of the user", _detail(look))


@CHECKS.invariant("list.complete")
def _complete(look: Look) -> None:
    flags = look.flags()
    numbers = look.jobs() if flags.get("all") else _of(look, look.jobs(), look.user)
    _missing(look, numbers, "which is there", flags)


@CHECKS.invariant("list.own-all-sessions")
def _all_sessions(look: Look) -> None:
    """Of the user: those that another session of his has made."""
    mine = _of(look, look.jobs(), look.user)
    others = [number for number in mine if look.made[look.id(number)].operation.actor != look.actor.name]
    _missing(look, others, "made in another session of the user", _detail(look))


@CHECKS.invariant("list.all")
def _all(look: Look) -> None:
    _missing(look, look.jobs(), "of whichever user", {"all": True, **_detail(look)})


@CHECKS.invariant("list.own")
def _own(look: Look) -> None:
    found = look.listed(_detail(look))
    mine = [job for job, step in look.made.items() if _user(step.operation.actor) == _user(look.actor.name)]
    others = [job for job in found if job not in mine]
    look.s.require(look.guessing or not others, "only jobs of the same user", f"{look.s.tell(others)} as well")


@CHECKS.invariant("list.all-false")
def _all_false(look: Look) -> None:
    without = look.listed(_detail(look))
    told = look.listed({"all": False, **_detail(look)})
    same = sorted(map(str, told)) == sorted(map(str, without))
    look.require(same, f"the jobs that are listed without all=False, {look.s.tell(without)}", told)


@CHECKS.invariant("list.no-deleted")
def _no_deleted(look: Look) -> None:
    found = look.listed(look.flags())
    still = [number for number in look.jobs(deleted=True) if look.id(number) in found]
    look.s.require(not still, "no deleted job in the list", f"job{still[:1]}")


@CHECKS.invariant("delete.list")
def _in_no_list(look: Look) -> None:
    """The newest deletions, in the lists of everybody."""
    gone = look.jobs(deleted=True)
    if gone and gone != look.seen.get("gone"):
        for actor in look.sessions():
            for flags in ({}, {"all": True}):
                found = look.listed({**flags, **_detail(look)}, actor)
                still = [number for number in gone if look.id(number) in found]
                look.s.require(not still, f"job{still[:1]}, which was deleted, in no list", look.s.tell(found))
        look.seen["gone"] = gone


@CHECKS.invariant("list.detailed-jobs")
def _detailed_jobs(look: Look) -> None:
    flags = {"all": True} if look.number // 4 % 2 else {}
    brief, detailed = look.listed(flags), look.listed({"detailed": True, **flags})
    same = sorted(map(str, brief)) == sorted(map(str, detailed))
    look.require(same, f"the jobs that are listed without detail, {look.s.tell(brief)}", detailed)


# --- what it tells of them ------------------------------------------------------------------------------------------


@CHECKS.invariant("list.status-agrees")
def _status_agrees(look: Look) -> None:
    if number := look.job():
        before = look.s.now()
        entries = look.entries({**look.flags(), "all": True})
        told = [entry.get("status") for entry in entries if entry.get("job_id") == look.id(number)]
        status = look.status(number)
        if look.s.now() == before:
            look.require(told in ([], [status]), f"job{number} to be {status} in the list, as get_job_meta tells", told)


@CHECKS.invariant("list.detailed-more")
def _detailed_more(look: Look) -> None:
    flags = {"all": True} if look.number // 4 % 2 else {}
    detailed = {str(entry.get("job_id")): entry for entry in look.entries({"detailed": True, **flags})}
    for entry in look.entries(flags):
        more = detailed.get(str(entry.get("job_id")), entry)
        look.s.require(len(more) >= len(entry), f"at least {len(entry)} keys in detail", f"{len(more)} keys")


@CHECKS.invariant("list.order")
def _order(look: Look) -> None:
    flags = look.flags()
    first, second = look.listed(flags), look.listed(flags)
    both = [job for job in second if job in first]
    look.require([job for job in first if job in second] == both, f"the order before, {look.s.tell(first)}", second)
