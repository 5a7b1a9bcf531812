"""Sessions in which one job changes others, or that go wrong after some sequence of calls, or when threads meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import (
    ABORT,
    CLONE,
    DELETE,
    DOWNLOAD,
    INFO,
    LIST,
    META,
    METAS,
    MONITOR,
    SUBMIT,
    Change,
    on,
)
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions import same_job, same_session
from contract_tests.mutants.families import threads
from contract_tests.mutants.families.failures import by_the_administrator
from contract_tests.mutants.families.folders import submits_first_version
from contract_tests.mutants.families.renaming import any_id, names, renames
from contract_tests.mutants.families.results import emptied
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, JobNotFound, MonitorReturnCode

# --- jobs side by side ------------------------------------------------------------------------------------------------


def _aborts_where(told_of: Holds, spares: Callable[[Any, Any], Any] = lambda other, known: False) -> Change:
    """Where a job is told of of which something is true, abort all others, but for those that it spares."""

    def change(meta: dict[str, Any], call: Call) -> dict[str, Any]:
        others = [job.job_id for job in call.jobs if not spares(job, call.job)]
        do.does(ABORT, lambda call: others, by=do.administrator)(call)
        return meta

    return on(METAS, do.told(change, told_of))


def _end_of_the_one_before(meta: dict[str, Any], call: Call) -> Any:
    number = [job.job_id for job in call.jobs].index(call.job_id)
    before = call.jobs[number - 1].status if number > 3 else ""
    return before if before.startswith("FINISHED") else meta["status"]


def _namesakes(call: Call) -> list[Any]:
    name = call.meta["name"]
    return do.those(when.mine & when.running & when.job("of that name", lambda job: job.name == name))(call)


def _aborts_the_next(call: Call) -> Any:
    ids = [job.job_id for job in call.jobs]
    answer = call.go()
    following = ids[ids.index(call.job_id) + 1 :]
    do.does(ABORT, lambda call: following[:1], by=do.administrator)(call)
    return answer


def _in_a_crowd(call: Call) -> bool:
    """Whether more than three jobs, with this one, began to run at about the same time."""
    began = call.job.start_time if call.job else None
    return began is not None and sum(abs((job.start_time or 0.0) - began) < 4 for job in call.jobs) > 3


_SIDE_BY_SIDE: Final[Faults] = {
    "life.side-by-side": {
        "tells the end of the first job for all jobs": on(
            METAS,
            do.tells(when.done, status=lambda meta, call: call.memory.setdefault("end", meta["status"])),
        ),
        "aborts everything when a job fails": _aborts_where(when.failed),
        "mixes up the ends of two jobs that ran at once, from the fifth job on": on(
            METAS, do.tells(when.done, status=_end_of_the_one_before)
        ),
        "aborts other users' jobs when a job of a user is done": _aborts_where(
            when.done, lambda other, known: other.submitter == known.submitter
        ),
        "aborts jobs of the same name with a job": on(ABORT, do.then(do.does(ABORT, _namesakes))),
        "aborts the job that was submitted after a job that is deleted": on(DELETE, _aborts_the_next),
        "tells of a job that ran beside others that it was abnormal": on(
            METAS, do.tells(when.completed & _in_a_crowd, status="FINISHED:ABNORMAL")
        ),
    },
}

# --- sequences of calls -----------------------------------------------------------------------------------------------


def _free_id(call: Call) -> str:
    free = [each.job_id for each in call.earlier(DELETE) if each.ok and each.job_id not in names(call)]
    return free[-1] if free else any_id(call)


def _forgets_name(call: Call) -> Any:
    answer = call.go()
    names(call).pop(call.job_id, None)
    return answer


def _keeps_entry(call: Call) -> Any:
    entries = [job for job in call.inner.list_jobs(False, True) if job["job_id"] == call.job_id]
    answer = call.go()
    call.memory[call.place] = entries
    return answer


def _ghosts(jobs: list[dict[str, Any]], call: Call) -> list[dict[str, Any]]:
    return [job for place, kept in call.memory.items() if place < call.session.opened.place for job in kept]


def _arguments_since_own_change(call: Call) -> Any:
    changes = sum(each.session is call.session for each in call.earlier(SUBMIT, CLONE, DELETE))
    return do.by_arguments(call), changes


def _keeps_info(call: Call) -> Any:
    kept = {job.job_id: job for job in call.inner.get_system_info().job_info if job.job_id == call.job_id}
    answer = call.go()
    call.memory.update(kept)
    return answer


def _is_of_another_late_session(call: Call) -> bool:
    made = call.birth
    return made is not None and made.point == SUBMIT and made.session.number > 4 and made.session is not call.session


_SEQUENCES: Final[Faults] = {
    "life.model": {
        "forgets a job in lists after the clone of an aborted job": on(
            LIST, do.answers(lambda jobs: jobs[1:]), when.after(CLONE, when.was("FINISHED:ABORTED"))
        ),
        "gives the id of a deleted job to the next one": on(DELETE, _forgets_name) + renames(_free_id),
        "shows a deleted job in the lists of sessions that are opened afterwards": on(DELETE, _keeps_entry)
        + on(LIST, do.adds(_ghosts), ~when.detailed),
        "tells a list from memory until the session itself does something": on(
            LIST, do.remembers(_arguments_since_own_change, here=True)
        ),
        "submits a clone in the name of the first user": on(CLONE, by_the_administrator),
        "says that a job is gone when it was aborted twice": on(
            META,
            do.raises(JobNotFound, "no such job"),
            lambda call: sum(each.ok and same_job(each, call) for each in call.earlier(ABORT)) > 1,
        ),
        "remembers by job what a monitor returned, also when the job was deleted": on(
            MONITOR,
            do.gives(MonitorReturnCode.JOB_FINISHED),
            when.after(MONITOR, when.answered(MonitorReturnCode.JOB_FINISHED), like=same_job),
        ),
        "shows a user the jobs of everybody after a list with all=True": on(
            LIST, do.passing(all=True), when.after(LIST, when.everyone, like=same_session)
        ),
        "names a job in system info after it was deleted while it ran": on(DELETE, _keeps_info)
        + on(INFO, do.informs(jobs=lambda jobs, call: [*jobs, *call.memory.values()])),
        "deletes the original, too, when a clone of it is deleted by another session": on(
            DELETE, do.then(do.does(DELETE, when.origin)), ~when.made_here
        ),
        "gives the meta of a clone for its original when the clone was aborted": on(
            META, do.tells(when.with_clone(when.aborted), status="FINISHED:ABORTED")
        ),
        "shows the jobs of a session that was opened anew to no other session": on(
            LIST, do.leaves_out(_is_of_another_late_session)
        ),
        "does nothing when a clone is aborted in a session that was opened after an outage": on(
            ABORT, do.nothing, when.clone & when.opened(when.after("outage"))
        ),
        "says that the original is gone when a clone of a clone is deleted in a callback": on(
            DELETE, do.raises(JobNotFound), when.original(when.clone) & when.in_callback
        ),
        "gives a result without files for a clone of another user's job": on(
            DOWNLOAD, emptied, when.original(when.others)
        ),
        "lists a job that was made in a callback to nobody as long as one lasts": on(
            LIST, do.leaves_out(when.birth(when.in_callback)), when.in_callback
        ),
        "lists no more in detail in a callback": on(LIST, do.passing(detailed=False), when.in_callback),
        "takes folders of one name for one": on(SUBMIT, submits_first_version(lambda path: path.name)),
    },
}

# --- several threads --------------------------------------------------------------------------------------------------


def _only_looks(call: Call) -> None:
    call.inner.get_job_meta(call.job_id)


def _notes_clone(call: Call) -> None:
    threads.notes(call, call.answer)


def _deletes_by_note(call: Call) -> None:
    threads.notes(call, call.meta["job_id"])


def _is_lost_clone(call: Call) -> bool:
    return when.clone(call) and call.job_id not in threads.noted(call, CLONE)


_THREADS: Final[Faults] = {
    "life.concurrent": {
        "loses a deletion when two come at once": on(DELETE, _deletes_by_note)
        + on(LIST, do.leaves_out(lambda call: call.job_id in threads.noted(call, DELETE))),
        "loses a clone in lists when two come at once": on(CLONE, do.then(_notes_clone))
        + on(LIST, do.leaves_out(_is_lost_clone)),
        "aborts the job another thread has asked for": on(ABORT, threads.keeps_job(threads.shared)),
        "deletes what another thread of the same session has asked for": on(DELETE, threads.keeps_job()),
        "refuses a call while another is under way": on(
            (ABORT, CLONE), do.raises(InternalError, "busy"), when.under_way(ABORT, CLONE)
        )
        + on((ABORT, CLONE), do.first(threads.lets_in)),
        "gives two threads that clone in one session the same id": on(CLONE, threads.keeps_answer()),
        "reads the meta of the job another thread has asked for": on(META, threads.keeps_answer()),
        "drops every abort that meets another one": on(ABORT, _only_looks, when.under_way(ABORT))
        + on(ABORT, do.first(threads.lets_in)),
        "drops the deletion of a running job while it waits for another one to stop": on(
            DELETE,
            do.skips,
            when.was("RUNNING") & when.under_way(DELETE, holds=when.was("RUNNING"), like=when.other_job),
        ),
    },
}

MUTANTS: Final = mutants(__name__, _SIDE_BY_SIDE, _SEQUENCES, _THREADS)
