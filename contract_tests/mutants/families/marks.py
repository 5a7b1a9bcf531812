"""Faults of methods after which something else is told of jobs: they leave a mark, or let them wait for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import METAS, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.families.failures import Faults

MARKED: Final = Condition("for a job with a mark", lambda call: call.job_id in call.memory)


def marks(call: Call) -> None:
    """Leave a mark on a job: in place of a call, or to be used with ``first`` or ``then``."""
    call.memory[call.job_id] = True


def relabels(method: str, status: str, holds: Holds = when.always) -> Change:
    """A method after which a job is told to be in another status for ever."""
    return on(method, do.then(marks), holds) + on(METAS, do.tells(MARKED, status=status))


def holds_jobs(clause: str, method: str) -> Faults:
    """A method that lets jobs wait for ever that wait when it is called."""

    def hold(call: Call) -> None:
        call.memory.update({job.job_id: True for job in call.jobs if job.status == "SUBMITTED"})

    change = on(method, do.then(hold)) + on(METAS, do.tells(MARKED, status="SUBMITTED"))
    return {clause: {f"lets jobs wait for ever that wait when {method} is called": change}}


_MARKS: Final[Mapping[str, Callable[[Any, Call], Any]]] = {
    "counts in the meta of a job how often {method} was called": lambda mark, call: (mark or 0) + 1,
    "notes in the meta of a job who called {method} last": lambda mark, call: f"by {call.user}",
    "notes in the meta of a job that {method} was called": lambda mark, call: True,
}


def marking(clause: str, method: str) -> Faults:
    """A method that leaves a mark on the job it is called for, or on all of them, until they are done."""
    return {clause: {what.format(method=method): _marking(method, mark) for what, mark in _MARKS.items()}}


def _marking(method: str, mark: Callable[[Any, Call], Any]) -> Change:
    def note(call: Call) -> None:
        for job_id in [call.job_id] if call.job_id else [job.job_id for job in call.jobs]:
            call.memory[job_id] = mark(call.memory.get(job_id), call)

    tells = do.tells(MARKED & ~when.done, mark=lambda meta, call: call.memory[call.job_id])
    return on(method, do.then(note)) + on(METAS, tells)
