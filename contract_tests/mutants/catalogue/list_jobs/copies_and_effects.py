"""Sessions whose lists are not the caller's own, or in which listing changes something."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, DELETE, LIST, META, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.marks import holds_jobs, marking
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.variant import Faults, mutants

Jobs = list[dict[str, Any]]


def _kept(meta: dict[str, Any], call: Call) -> Any:
    return call.memory.setdefault((call.job_id, len(meta)), meta)


def _renewed(meta: dict[str, Any], call: Call) -> Any:
    kept = call.memory.setdefault((call.job_id, len(meta)), {})
    kept.update(meta)
    return kept


def _refilled(meta: dict[str, Any], call: Call) -> Any:
    return do.refilled(call.own.setdefault((call.job_id, len(meta)), {}), meta)


def _the_same_list(jobs: Jobs, call: Call) -> Jobs:
    kept: Jobs = call.memory.setdefault((call["detailed"], call["all"], call.user), [])
    kept[:] = jobs
    return kept


def _adds_to_its_list(jobs: Jobs, call: Call) -> Jobs:
    kept: Jobs = call.own.setdefault(do.by_arguments(call), [])
    known = [job.get("job_id") for job in kept]
    kept.extend(job for job in jobs if job["job_id"] not in known)
    return kept


def _keeps(call: Call) -> None:
    call.memory.update({job["job_id"]: job for job in call.answer if job["status"].startswith("FINISHED")})


def _tenth_that_runs(call: Call) -> list[Any]:
    return [job for job in do.listed(when.running)(call) if numbered(call, "running") == 10]


_FAULTS: Final[Faults] = {
    "list.callers-copy": {
        "hands out the entries it keeps of finished jobs": on(LIST, do.told(_kept, when.done)),
        "hands out copies that share what is nested": on(LIST, do.told(do.shares_nested)),
        "numbers its entries, which share what is nested": on(
            LIST,
            do.told(lambda meta, call: {**do.shares_nested(meta, call), "number": numbered(call, "entries")}),
        ),
        "adds to one and the same list on every call": on(LIST, do.answers_of(_adds_to_its_list)),
        "reads metas from the entries it has handed out": on(LIST, do.then(_keeps), when.detailed)
        + on(META, do.told(lambda meta, call: deepcopy(call.memory.get(call.job_id, meta)))),
        "hands out the same entry of a job in every list, brought up to date each time": on(LIST, do.told(_renewed)),
        "fills the same entry of a job anew for every list of a session": on(LIST, do.told(_refilled)),
        "hands out the list it has handed out before, with what is in it now": on(LIST, do.answers_of(_the_same_list)),
        "lists of jobs that are done the very metas it hands out": on(
            LIST, do.told(lambda meta, call: call.memory.get(call.job_id, meta)), when.detailed
        )
        + on(
            META,
            do.told(lambda meta, call: do.refilled(call.memory.setdefault(call.job_id, {}), meta), when.done),
        ),
    },
    "list.no-effect": {
        "removes failed jobs when it lists": on(LIST, do.then(do.insists(DELETE, do.listed(when.failed)))),
        "aborts waiting jobs when it lists everybody's in detail": on(
            LIST, do.then(do.insists(ABORT, do.listed(when.waiting))), when.detailed & when.everyone
        ),
        "aborts what runs on the tenth list": on(LIST, do.then(do.insists(ABORT, _tenth_that_runs))),
        "takes over the jobs of others that it lists": on(
            LIST, do.then(do.insists(ABORT, do.listed(when.waiting & when.others)))
        ),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS, holds_jobs("list.no-effect", LIST), marking("list.no-effect", LIST))
