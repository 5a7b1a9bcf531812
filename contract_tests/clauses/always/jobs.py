"""Every job: its id, its submitter, its time, where it begins and how it stays; apart for those that are clones."""

from __future__ import annotations

from typing import Any

from contract_tests.clauses.clone_job.checks import DEFINITION
from contract_tests.clauses.submit_job.checks import is_time
from contract_tests.scenario.job_states import finished
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look

CHECKS = InvariantTable()


def _new_ids(clause: str, method: str) -> None:
    @CHECKS.invariant(clause)
    def judge(look: Look) -> None:
        known = look.seen.setdefault("ids", set())
        for step in look.news:
            made, told = step.operation.method, step.outcome.value
            if made in ("submit_job", "clone_job") and step.outcome.returned and isinstance(told, str):
                again = made == method and told in known
                look.s.require(not again, "an id that no job had before", f"{look.s.tell(told)}, again")
                known.add(told)


_new_ids("submit.new-id", "submit_job")
_new_ids("clone.new-id", "clone_job")


@CHECKS.invariant("clone.definition")
def _definition(look: Look) -> None:
    originals = {look.id(number): number for number in look.jobs()}
    number = look.job([clone for clone in look.clones() if look.original(clone) in originals])
    if number:
        original, clone = look.meta(originals[look.original(number)]), look.meta(number)
        for key in DEFINITION:
            same = clone.get(key) == original.get(key)
            look.require(same, f"{key} of job{number}, a clone, to be {original.get(key)!r}", clone.get(key))


def _owner(look: Look, numbers: list[int], who: str) -> None:
    number = look.job(numbers)
    wanted = look.owner(number) if number else ""
    if wanted:
        told = look.meta(number).get("submitter_name")
        look.require(told == wanted, f"the submitter of job{number} to be {wanted}, who {who} it", told)
        for entry in look.entries({"detailed": bool(look.number % 2), "all": True}):
            if entry.get("job_id") == look.id(number) and "submitter_name" in entry:
                told = entry["submitter_name"]
                look.require(told == wanted, f"job{number} to be listed as of {wanted}, who {who} it", told)


@CHECKS.invariant("submit.owner")
def _submit_owner(look: Look) -> None:
    _owner(look, look.submitted(), "submitted")


@CHECKS.invariant("clone.owner")
def _clone_owner(look: Look) -> None:
    _owner(look, look.clones(), "cloned")


@CHECKS.invariant("submit.time")
def _time(look: Look) -> None:
    look.s.now()
    if number := look.job(look.submitted()):
        made = look.made[look.id(number)].outcome
        assert made.started is not None
        assert made.ended is not None
        is_time(look.s, look.meta(number).get("submit_time"), made.started, made.ended)


@CHECKS.invariant("submit.meta")
def _there(look: Look) -> None:
    for number in look.submitted():
        outcome = look.actor.do("get_job_meta", look.id(number))
        look.require(outcome.returned, f"the meta of job{number}", outcome)


def _newest(look: Look, numbers: list[int]) -> int:
    """The job that was just made, if it is one of these and no time has passed since; else 0."""
    newest = len(look.player.ids)
    if newest in numbers and newest != look.seen.get("newest"):
        look.seen["newest"] = newest
        return newest if look.made[look.id(newest)].outcome.ended == look.s.now() else 0
    return 0


@CHECKS.invariant("submit.not-done")
def _not_done(look: Look) -> None:
    """Whoever looks first."""
    if number := _newest(look, look.submitted()):
        told = look.status(number)
        look.s.require(not finished(told), f"job{number}, just submitted, not to be done", told)


@CHECKS.invariant("clone.starts-over")
def _starts_over(look: Look) -> None:
    """Also in time: it was not submitted when its original was."""
    look.s.now()
    if number := look.job(look.clones()):
        made, told = look.made[look.id(number)].outcome, look.meta(number).get("submit_time")
        assert made.started is not None
        if isinstance(told, (int, float)):
            anew = (
                told / look.s.system.time_unit >= made.started - look.s.slack - 1.0
            )  # a server may keep whole seconds
            look.require(anew, f"a submit_time of job{number} that is not before {made.started:g}", told)
    if number := _newest(look, look.clones()):
        told = look.status(number)
        look.s.require(not finished(told), f"job{number}, just cloned, not to be done", told)


@CHECKS.invariant("life.final")
def _final(look: Look) -> None:
    """Of every job, whoever looks: by metas, and by lists for themselves."""
    for number in look.jobs():
        _stays(look, ("meta", number), look.status(number), f"job{number}")
    numbers = {look.id(number): number for number in look.jobs()}
    for entry in look.entries({"all": True}):
        if number := numbers.get(str(entry.get("job_id")), 0):
            _stays(look, ("list", number), entry.get("status"), f"job{number} in lists")


def _stays(look: Look, key: tuple[str, int], status: Any, what: str) -> None:
    ended = look.seen.get(key)
    look.require(ended in (None, status), f"{what} to stay {ended}", status)
    if finished(status):
        look.seen[key] = status
