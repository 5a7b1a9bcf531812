"""What has no effect on any job, and what has one on a single job only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.clauses.always.refusals import unknown
from contract_tests.contract.interface import JOB_METHODS
from contract_tests.scenario.job_states import finished
from contract_tests.scenario.operations import Callback
from contract_tests.sequences.invariants import InvariantTable
from contract_tests.sequences.viewpoint import Look
from contract_tests.system.job_plan import BadJob

CHECKS = InvariantTable()


def _unmoved(look: Look, act: Callable[[], Any], but: int = 0) -> None:
    """The assertion that an act changes nothing about any job, but for one; time may go on meanwhile."""
    reader = look.player.session(look.number + 1)[1]
    numbers = [number for number in look.jobs() if number != but]
    spared = look.id(but) if but else None
    known = [job for job in look.listed({"all": True}) if job != spared]
    before = {number: look.snapshot(number, reader) for number in numbers}
    began = look.s.now()
    act()
    for number in numbers:
        outcome = reader.do("get_job_meta", look.id(number))
        look.require(outcome.returned and isinstance(outcome.value, dict), f"job{number} to be there still", outcome)
        was = before[number]
        now = {key: outcome.value.get(key) for key in was}
        by_itself = now["status"] != "FINISHED:ABORTED" or look.model(number).aborted
        if look.s.now() != began and by_itself:
            was = {**was, "status": now["status"]}
        look.s.unchanged(was, now, f"job{number}")
    listed = [job for job in look.listed({"all": True}) if job != spared]
    look.require(
        sorted(map(str, listed)) == sorted(map(str, known)), f"the jobs in the list as before, {known}", listed
    )


def _asking(clause: str, ask: Callable[[Look, int], Any]) -> None:
    """A clause that says that asking for something has no effect."""

    @CHECKS.invariant(clause)
    def judge(look: Look) -> None:
        number = look.job()
        if number and look.number % 2 == 0:
            _unmoved(look, lambda: ask(look, number))


_asking("meta.no-effect", lambda look, number: look.actor.do("get_job_meta", look.id(number)))
_asking("list.no-effect", lambda look, number: look.actor.do("list_jobs", **look.flags()))
_asking("system.no-effect", lambda look, number: look.actor.do("get_system_info"))
_asking("download.no-effect", lambda look, number: look.allowed(number).do("download_job_result", look.id(number)))
_asking(
    "monitor.callback-end-no-effect",
    lambda look, number: look.actor.monitor(look.id(number), Callback(then=False)),
)


@CHECKS.invariant("malformed.no-effect")
def _refused(look: Look) -> None:
    """Not a refusal of any method."""

    def be_refused() -> None:
        for turn, method in enumerate(JOB_METHODS):
            look.actor.do(method, unknown(look, look.number + turn))
        for kind in ("empty-folder", "no-meta"):
            look.actor.do("submit_job", BadJob(kind))

    if look.number % 3 == 0:
        _unmoved(look, be_refused)


def _on_one(clause: str, call: str) -> None:
    """A clause that says that a call touches no other job."""

    @CHECKS.invariant(clause)
    def judge(look: Look) -> None:
        number = look.job()
        if number and look.number % 3 == 0:
            _unmoved(look, lambda: look.player.play([call, look.number, number]), but=number)


_on_one("abort.others", "abort")
_on_one("delete.others", "delete")


@CHECKS.invariant("abort.done-no-effect")
def _done(look: Look) -> None:
    for number in look.jobs():
        if number % 3 == look.number % 3:
            before = look.snapshot(number)
            if finished(before["status"]):
                outcome = look.allowed(number).do("abort_job", look.id(number))
                look.require(outcome.returned, f"no error for job{number}, which is done", outcome)
                look.s.unchanged(before, look.snapshot(number), f"job{number}, which was done,")
