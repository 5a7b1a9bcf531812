"""What the invariants of several subjects share: assertions at one point of a sequence of calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.clauses.shared.handed_out import HandedOut, spoil_all
from contract_tests.scenario.actor import Actor
from contract_tests.sequences.viewpoint import Viewpoint


def is_id(value: object) -> bool:
    """Whether a value may be the id of a job."""
    return isinstance(value, str) and bool(value)


def answers_are(
    view: Viewpoint,
    method: str,
    expected: str,
    right: Callable[[Any], bool],
    ask: Callable[[], object] = lambda: None,
) -> None:
    """The assertion that whatever a method returned since the last point is right, and what it returns to ``ask()``.

    ``ask`` calls the method so that nothing about any job changes: then there is more to judge than the walk's calls.
    """
    begun = len(view.s.steps)
    ask()
    for step in (*view.news, *view.s.steps[begun:]):
        if step.operation.method == method and step.outcome.returned:  # a call may have to be refused
            view.require(right(step.outcome.value), expected, step.outcome)


def id_is_new(view: Viewpoint, method: str) -> None:
    """The assertion that no job had the ids that a method has returned since the last point."""
    known = view.seen.setdefault("ids", set())
    for step in view.news:
        made, told = step.operation.method, step.outcome.value
        if made in ("submit_job", "clone_job") and step.outcome.returned and isinstance(told, str):
            again = made == method and told in known
            view.s.require(not again, "an id that no job had before", f"{view.s.tell(told)}, again")
            known.add(told)


def newest_job(view: Viewpoint, numbers: list[int]) -> int:
    """The job that was just made, if it is one of these and no time has passed since; else 0."""
    newest = len(view.player.ids)
    if newest in numbers and newest != view.seen.get("newest"):
        view.seen["newest"] = newest
        return newest if view.made[view.id(newest)].outcome.ended == view.s.now() else 0
    return 0


def submitter_is(view: Viewpoint, numbers: list[int], who: str) -> None:
    """The assertion that metas and lists name the owner of one of these jobs as its submitter."""
    number = view.job(numbers)
    wanted = view.owner(number) if number else ""
    if wanted:
        told = view.meta(number).get("submitter_name")
        view.require(told == wanted, f"the submitter of job{number} to be {wanted}, who {who} it", told)
        for entry in view.entries({"detailed": bool(view.number % 2), "all": True}):
            if entry.get("job_id") == view.id(number) and "submitter_name" in entry:
                told = entry["submitter_name"]
                view.require(told == wanted, f"job{number} to be listed as of {wanted}, who {who} it", told)


def detailed_at_times(view: Viewpoint) -> dict[str, bool]:
    """The flag for a detailed list, at some of the points."""
    return {"detailed": True} if view.number // 4 % 2 else {}


def none_missing(
    view: Viewpoint, wanted: list[int], why: str, flags: Mapping[str, bool], by: Actor | None = None
) -> None:
    """The assertion that none of these jobs is missing from a list."""
    if wanted:
        found = view.listed(flags, by)
        missing = [view.id(number) for number in wanted if view.id(number) not in found]
        view.s.require(not missing, f"{view.s.tell(missing[:1])}, {why}, in the list", f"{view.s.tell(found)}")


def jobs_are_unchanged(view: Viewpoint, act: Callable[[], Any], but: int = 0) -> None:
    """The assertion that an act changes nothing about any job, but for one; time may go on meanwhile."""
    reader = view.player.session(view.number + 1)[1]
    numbers = [number for number in view.jobs() if number != but]
    spared = view.id(but) if but else None
    known = [job for job in view.listed({"all": True}) if job != spared]
    before = {number: view.snapshot(number, reader) for number in numbers}
    began = view.s.now()
    act()
    for number in numbers:
        outcome = reader.do("get_job_meta", view.id(number))
        view.require(outcome.returned and isinstance(outcome.value, dict), f"job{number} to be there still", outcome)
        was = before[number]
        now = {key: outcome.value.get(key) for key in was}
        by_itself = now["status"] != "FINISHED:ABORTED" or view.model(number).aborted
        if view.s.now() != began and by_itself:
            was = {**was, "status": now["status"]}
        view.s.unchanged(was, now, f"job{number}")
    listed = [job for job in view.listed({"all": True}) if job != spared]
    view.require(
        sorted(map(str, listed)) == sorted(map(str, known)), f"the jobs in the list as before, {known}", listed
    )


def asking_changes_nothing(view: Viewpoint, ask: Callable[[int], object]) -> None:
    """The assertion, at every other point, that asking for something has no effect on any job."""
    number = view.job()
    if number and view.number % 2 == 0:
        jobs_are_unchanged(view, lambda: ask(number))


def others_are_unchanged(view: Viewpoint, call: str) -> None:
    """The assertion, at every third point, that a call for one job touches no other."""
    number = view.job()
    if number and view.number % 3 == 0:
        jobs_are_unchanged(view, lambda: view.player.play([call, view.number, number]), but=number)


def stays_as_handed_out(view: Viewpoint, ask: Callable[[], Any]) -> None:
    """The assertion that what ``ask()`` gave at earlier points is as it was; at times a caller changes what it got."""
    held = view.seen.setdefault("held", HandedOut(view.s))
    held.stay()
    value = ask()
    held.stay()
    if view.number % 3 == 0:
        spoil_all(value)
        held.stay()
    else:
        held.keep(value)
