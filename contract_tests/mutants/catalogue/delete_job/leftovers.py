"""Sessions that go on with a deleted job, list it or keep its files, or do something to others."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, DELETE, DOWNLOAD, INFO, LIST, META, METAS, Change, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.algebra.relatives import among, orphan, owner, siblings
from contract_tests.mutants.families.ending import goes_on, puts_off
from contract_tests.mutants.families.marks import MARKED, marks
from contract_tests.mutants.families.results import emptied
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobInfo, NoConnection


def _deleted(call: Call, holds: Holds = when.always) -> list[Any]:
    return [each.job_id for each in call.earlier(DELETE) if each.ok and holds(each)]


def _names(holds: Holds) -> Effect:
    return do.informs(jobs=lambda jobs, call: [*jobs, *(JobInfo(job, "app") for job in _deleted(call, holds))])


def _names_the_last(jobs: list[JobInfo], call: Call) -> list[JobInfo]:
    last = when.last(call, DELETE)
    late = last is not None and call.now > last.at + 20.0
    return [*jobs, *(JobInfo(job, "app") for job in _deleted(call)[-1:] if late)]


def _keeps_meta(call: Call) -> None:
    meta = {**call.meta, "status": "DELETED"}
    call.go()
    call.memory.setdefault("deleted", []).append(meta)


def _lists_deleted(listed: Holds, where: Holds = when.always) -> Change:
    def kept(jobs: Any, call: Call) -> list[dict[str, Any]]:
        return [dict(meta) for meta in call.memory.get("deleted", ()) if where(call.about(meta["job_id"]))]

    return on(DELETE, _keeps_meta) + on(LIST, do.adds(kept), listed)


def _lists_what_was_seen(call: Call) -> list[dict[str, Any]]:
    seen = call.own.setdefault("seen", {})
    seen.update({job["job_id"]: job for job in call.go()})
    return list(seen.values())


def _keeps_entry(call: Call) -> None:
    entry = next(job for job in call.inner.list_jobs(False, True) if job["job_id"] == call.job_id)
    submitter = owner(call)
    call.go()
    call.memory.setdefault(submitter, []).append(entry)


def _leaves(files: tuple[str, ...], holds: Holds) -> Change:
    return on("stored_files", do.answers(lambda left: left or files), when.after(DELETE, holds, when.same_job))


def _marks_dispatched(call: Call) -> None:
    for job in do.those(when.dispatched)(call):
        marks(call.about(job))


_there: Final = do.those(when.always)

_FAULTS: Final[Faults] = {
    "delete.never-runs": {
        "executes a job that was deleted while it waited": goes_on(DELETE, when.waiting),
        "executes a job that was deleted while it was dispatched": goes_on(DELETE, when.dispatched),
        "executes the clone that was deleted, and not only its original": goes_on(DELETE, when.waiting & when.clone),
        "executes the eleventh job that is deleted while it waits": goes_on(
            DELETE, when.waiting & when.nth_in_status(11)
        ),
        "restarts a job that was deleted while it ran": goes_on(DELETE, when.running),
        "executes a job after an outage that was deleted before it while it waited": on(
            INFO, _names(when.was("SUBMITTED")), when.after_error(NoConnection, META)
        ),
    },
    "delete.system-info": {
        "goes on naming a job that was deleted while it ran": on(INFO, _names(when.was("RUNNING"))),
        "names a completed job once it is deleted": on(INFO, _names(when.was("FINISHED:COMPLETED"))),
        "names a deleted job again half a minute later, if others run": on(
            INFO, do.informs(jobs=_names_the_last), when.while_running
        ),
        "tells a job that another user has deleted as long as others run": on(
            INFO, _names(when.was("RUNNING") & (lambda call: owner(call) != call.user)), when.while_running
        ),
    },
    "delete.list": {
        "lists deleted jobs in detailed lists of everybody's jobs": _lists_deleted(when.detailed & when.everyone),
        "lists deleted clones": _lists_deleted(when.always, when.origin),
        "lists a deleted job in sessions that have listed it before": on(
            DELETE, do.then(lambda call: call.own.get("seen", {}).pop(call.job_id, None))
        )
        + on(LIST, _lists_what_was_seen, when.everyone),
        "lists a job that another user deleted to its submitter, once more": on(DELETE, _keeps_entry, when.others)
        + on(LIST, do.adds(lambda jobs, call: call.memory.pop(call.user, []))),
    },
    "delete.files": {
        "leaves the result of a completed job in the store": _leaves(("workspace",), when.was("FINISHED:COMPLETED")),
        "leaves the definition of a deleted clone in the store": _leaves(("data", "meta"), when.origin),
        "leaves a log of a job that was deleted while it ran": _leaves(("log.txt",), when.was("RUNNING")),
    },
    "delete.others": {
        "deletes the clones of a deleted job": on(DELETE, do.also(when.clones_of)),
        "deletes the original of a deleted clone": on(DELETE, do.also(when.origin)),
        "deletes what was completed with a completed job": on(
            DELETE, do.then(do.does(DELETE, do.those(when.completed))), when.completed
        ),
        "deletes a job whose id begins with the same character": on(
            DELETE,
            do.then(do.does(DELETE, lambda call: [each for each in _there(call) if each[0] == call.job_id[0]])),
        ),
        "aborts what runs when a running job is deleted": on(
            DELETE, do.then(do.does(ABORT, do.those(when.running))), when.running
        ),
        "forgets the oldest job when the eleventh is deleted": on(
            DELETE, do.then(do.does(DELETE, lambda call: _there(call)[:1] if len(call.jobs) > 10 else None))
        ),
        "puts a job that is dispatched back into the queue when another is deleted": on(
            DELETE, do.then(_marks_dispatched)
        )
        + on(METAS, do.tells(MARKED & when.dispatched, status="SUBMITTED")),
        "aborts all clones of a deleted job when one of them is deleted": on(
            DELETE, do.first(do.does(ABORT, siblings)), orphan
        ),
        "throws away what a job left when a clone of it is deleted": on(
            DOWNLOAD, emptied, when.after(DELETE, like=lambda one, other: when.origin(other) == one.job_id)
        ),
        "deletes the clones of a job that are done": on(DELETE, do.also(among(when.clones_of, when.done))),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS, puts_off("delete.list", DELETE))
