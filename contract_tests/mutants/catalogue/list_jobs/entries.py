"""Sessions whose lists are no lists of dicts, or have entries with the wrong id or status."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import LIST, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.occasions import OF_ANY_CALL, bound_to_threads, wrong_on
from contract_tests.mutants.variant import Faults, mutants


def _fails_when_all_are_gone(call: Call) -> Any:
    jobs = call.go()
    if not jobs and any(each.answer for each in call.earlier(LIST)):
        raise KeyError("last")
    return jobs


_FAULTS: Final[Faults] = {
    "list.dicts": {
        "returns a generator": on(LIST, do.answers(iter)),
        "returns a tuple when there is more than one page of ten": on(
            LIST, do.answers(lambda jobs: tuple(jobs) if len(jobs) > 10 else jobs)
        ),
        "returns None for the detailed list of nothing": on(LIST, do.answers(lambda jobs: jobs or None), when.detailed),
        "gives ids only to a session that lists for the second time": on(
            LIST, do.answers(lambda jobs: [job["job_id"] for job in jobs]), when.nth_here(2)
        ),
        "gives metas of clones as lists of pairs": on(
            LIST, do.told(lambda meta, call: list(meta.items()), when.clone), when.detailed
        ),
    },
    "list.empty": {
        "lists a heading": on(LIST, do.answers(lambda jobs: jobs or [{"job_id": "JOB ID", "status": "STATUS"}])),
        "raises KeyError when all jobs are gone": on(LIST, _fails_when_all_are_gone),
        "returns False for an empty list of everybody's jobs": on(
            LIST, do.answers(lambda jobs: jobs or False), when.everyone
        ),
    },
    "list.ids": {
        "shortens ids": on(LIST, do.tells(job_id=lambda meta, call: meta["job_id"][:8])),
        "calls the key of the id 'id'": on(
            LIST, do.told(lambda meta, call: {"id" if key == "job_id" else key: meta[key] for key in meta})
        ),
        "names the original's id in the entry of a clone": on(
            LIST, do.tells(when.clone, job_id=lambda meta, call: when.origin(call))
        ),
        "lists the last of a page of ten on the next page as well": on(
            LIST, do.answers(lambda jobs: jobs[:10] + jobs[9:] if len(jobs) > 10 else jobs)
        ),
        "lists running jobs twice": on(
            LIST, do.adds(lambda jobs, call: [job for job in jobs if job["status"] == "RUNNING"])
        ),
        "lists a job that nobody made to the second user": on(LIST, do.adds(do.ghosts), when.second_user),
    },
    "list.status-agrees": {
        "lists DISPATCHED jobs as RUNNING": on(LIST, do.tells(when.dispatched, status="RUNNING")),
        "lists every finished job as FINISHED:COMPLETED": on(LIST, do.tells(when.done, status="FINISHED:COMPLETED")),
        "lists the status a job had when it was first listed": on(LIST, do.tells(status=do.earlier("status"))),
        "lists statuses that are up to a second old": on(LIST, do.tells(status=do.earlier("status", seconds=1.0))),
        "lists the eleventh job with the status of the first": on(
            LIST, do.answers(lambda jobs: jobs[:10] + [{**job, "status": "FINISHED:COMPLETED"} for job in jobs[10:]])
        ),
        "lists the dispatched jobs of other users as SUBMITTED": on(
            LIST, do.tells(when.dispatched & when.others, status="SUBMITTED")
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    wrong_on(OF_ANY_CALL, "list.dicts", "lists jobs in a tuple", LIST, tuple),
    wrong_on(OF_ANY_CALL, "list.ids", "lists the first job twice", LIST, lambda jobs: jobs[:1] + jobs),
    bound_to_threads("list.dicts", LIST),
)
