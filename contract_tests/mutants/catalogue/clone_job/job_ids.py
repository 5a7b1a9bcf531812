"""Sessions whose clone_job returns no id, or the id of another job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CLONE, DELETE, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.occasions import OF_CALLS_ABOUT_A_JOB, bound_to_threads, wrong_on
from contract_tests.mutants.families.renaming import any_id, numbered, renames, repeats_first_id
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobNotDone


def _named(name: Callable[[Call], str]) -> Change:
    return renames(lambda call: name(call) if call.point == CLONE else any_id(call))


def _frees_id(call: Call) -> None:
    call.memory["free"] = call.job_id


def _free_id(call: Call) -> str:
    free = call.memory.pop("free", "")
    return free if free and call.point == CLONE else any_id(call)


_FAULTS: Final[Faults] = {
    "clone.returns-id": {
        "returns nothing": on(CLONE, do.answers(lambda clone: None)),
        "returns the clone's meta": on(CLONE, do.answers_of(lambda clone, call: call.inner.get_job_meta(clone))),
        "returns the ids of original and clone for the clone of a clone": on(
            CLONE, do.answers_of(lambda clone, call: (call.job_id, clone)), when.clone
        ),
        "returns nothing for a job that is running": on(CLONE, do.answers(lambda clone: None), when.running),
        "returns empty text for a job that could not be scheduled": on(
            CLONE, do.answers(lambda clone: ""), when.status("FINISHED:CAN_NOT_SCHEDULE")
        ),
        "raises JobNotDone for a job that is not done": on(CLONE, do.raises(JobNotDone), when.exists & ~when.done),
    },
    "clone.new-id": {
        "returns the original's id": on(CLONE, do.answers_of(lambda clone, call: call.job_id)),
        "returns the same clone every time a job is cloned": on(CLONE, do.remembers(do.by_job)),
        "names a clone by its original and how many clones there are": _named(
            lambda call: f"clone-{sum(bool(job.cloned_from) for job in call.jobs)}"
        ),
        "gives the first clone of a deleted job's clone the deleted job's id": on(DELETE, do.then(_frees_id))
        + renames(_free_id),
        "has names for ten clones": _named(lambda call: f"clone-{(numbered(call, 'clones') - 1) % 10}"),
        "counts clones anew in every session": _named(lambda call: f"clone-{numbered(call, call.session.number)}"),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    repeats_first_id("clone.new-id", CLONE, "clone"),
    wrong_on(OF_CALLS_ABOUT_A_JOB, "clone.returns-id", "returns bytes from clone_job", CLONE, str.encode),
    bound_to_threads("clone.returns-id", CLONE),
)
