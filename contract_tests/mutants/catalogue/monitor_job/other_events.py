"""Sessions whose monitor_job mistakes what happens to jobs and sessions meanwhile, or does something to them."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, META, MONITOR, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import CALLBACK, DONE, ENDED, ENDS, FINISHED, POLL, TIMEOUT
from contract_tests.mutants.families.marks import marking
from contract_tests.mutants.families.monitoring import AT_END, elsewhere, last_read, looks_first, polls_from, said_no
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, JobNotFound, SessionClosed

_ABORTED_MEANWHILE: Final = when.aborted & ~when.was("FINISHED")
_ABORTS, _DELETES, _CLONES = (do.insists(method, do.by_job) for method in (ABORT, DELETE, CLONE))


def _doubts(call: Call, error: BaseException) -> Any:
    call.system.server.clock.sleep(10.0)
    return call.go()


def _tells_once_more(call: Call) -> None:
    monitor = call.monitor
    if monitor.cb is not None:
        monitor.cb(call.session, call.job_id, last_read(call), *monitor.cb_args, **monitor.cb_kwargs)


def _one_more_is_done(call: Call) -> bool:
    done = sum(job.status.startswith("FINISHED") for job in call.jobs)
    before, call.monitor.own["done"] = call.monitor.own.get("done", done), done
    return bool(call.go() or done > before)


def _notes_busy(call: Call) -> None:
    call.memory.setdefault("busy", []).append(call.job_id)


def _waiting(call: Call, *, others: bool = False) -> list[str]:
    """The other jobs of the user that wait, or those of other users."""
    waiting = [job for job in call.jobs if job.status == "SUBMITTED" and job.job_id != call.job_id]
    return [job.job_id for job in waiting if (job.submitter != call.user) is others]


_MEANWHILE: Final[Faults] = {
    "monitor.aborted-meanwhile": {
        "returns ENDED_BY_CB when the job was aborted": on(MONITOR, do.instead_of(DONE, ENDED, _ABORTED_MEANWHILE)),
        "raises JobNotFound when the job was aborted before it ran": on(
            POLL, do.raises(JobNotFound), when.aborted & when.read("SUBMITTED")
        ),
        "goes on for ever when the job is aborted after its third poll": on(
            FINISHED, do.gives(False), polls_from(5) & when.read("FINISHED:ABORTED")
        ),
        "returns TIMEOUT for a job that was aborted, when there is no callback": on(
            MONITOR, do.instead_of(DONE, TIMEOUT, _ABORTED_MEANWHILE), when.without_callback
        ),
    },
    "monitor.deleted-meanwhile": {
        "returns JOB_FINISHED when the job was deleted": looks_first(on(MONITOR, do.swallows(JobNotFound, DONE))),
        "raises SessionClosed when the job was deleted": looks_first(on(MONITOR, do.turns(JobNotFound, SessionClosed))),
        "polls once more, ten seconds later, before it believes that the job is gone": on(
            POLL, do.raising(JobNotFound, _doubts), when.later_poll
        ),
        "calls the callback once more, with the last meta, when the job was deleted": on(
            POLL, do.on_error(_tells_once_more, JobNotFound), when.later_poll
        ),
        "hands out the last meta for ever when the job was deleted while it ran": on(
            POLL, do.swallows(JobNotFound, last_read), when.read("RUNNING")
        ),
        "takes a job that is gone for one that is done, when there is no callback": on(
            POLL,
            do.swallows(JobNotFound, lambda call: {**last_read(call), "status": "FINISHED:COMPLETED"}),
            when.later_poll & when.without_callback,
        ),
        "waits for a deleted job to come back, when there is no callback": on(
            POLL, do.swallows(JobNotFound, last_read), when.later_poll & ~polls_from(40) & when.without_callback
        ),
    },
    "monitor.closed-meanwhile": {
        "goes on after the session was closed": on(POLL, elsewhere, when.later_poll),
        "returns ENDED_BY_CB when the session was closed": looks_first(on(MONITOR, do.swallows(SessionClosed, ENDED))),
        "raises InternalError when the session was closed after the second poll": on(
            POLL, do.turns(SessionClosed, InternalError), polls_from(3)
        ),
        "polls by a session of its own, when there is no callback": on(
            POLL, do.swallows(SessionClosed, elsewhere), when.later_poll & when.without_callback
        ),
    },
    "monitor.this-job": {
        "ends when any other job of the user is done": on(
            FINISHED, do.gives(True), when.any_job(when.done & when.mine)
        ),
        "ends when a job ends while it monitors another": on(FINISHED, _one_more_is_done),
        "ends when the original of a monitored clone is done": on(FINISHED, do.gives(True), when.original(when.done)),
        "ends when a clone of the monitored job is done": on(FINISHED, do.gives(True), when.with_clone(when.done)),
        "ends when the number of done jobs grows, when there is no callback": on(
            FINISHED, _one_more_is_done, when.without_callback
        ),
    },
    "monitor.again": {
        "refuses a second monitor after a callback raised, as it takes the first for running": on(
            CALLBACK, do.on_error(_notes_busy)
        )
        + on(
            MONITOR,
            do.raises(InternalError, "the job is being monitored"),
            lambda call: call.job_id in call.memory.get("busy", []),
        ),
    },
}


_EFFECTS: Final[Faults] = {
    "monitor.timeout-no-effect": {
        "aborts a job whose monitor timed out": on(MONITOR, do.after(TIMEOUT, _ABORTS)),
        "deletes a job that still waits when its monitor times out": on(
            MONITOR, do.after(TIMEOUT, _DELETES, when.waiting)
        ),
        "aborts the job when a second monitor of it times out": on(
            MONITOR,
            do.after(TIMEOUT, _ABORTS, when.after(MONITOR, when.answered(TIMEOUT), like=when.same_job)),
        ),
        "submits the job once more when its monitor times out": on(MONITOR, do.after(TIMEOUT, _CLONES)),
        # Logs out, and so aborts what waits.
        "closes the session when a monitor times out": on(MONITOR, do.after(TIMEOUT, do.insists(ABORT, _waiting))),
    },
    "monitor.callback-end-no-effect": {
        "aborts a job whose callback returned False": on(MONITOR, do.after(ENDED, _ABORTS)),
        "deletes a waiting job whose callback returned False": on(MONITOR, do.after(ENDED, _DELETES, when.waiting)),
        "aborts the job when its callback returned False at once": on(
            ENDS, do.first(_ABORTS), when.first_poll & said_no
        ),
        "aborts a job whose callback raised": on(CALLBACK, do.on_error(_ABORTS, Exception)),
        "deletes a job whose callback raised": on(CALLBACK, do.on_error(_DELETES, Exception)),
    },
    "monitor.no-effect": {
        "deletes a job when its monitor has seen the end": on(MONITOR, do.after(DONE, _DELETES)),
        "submits a job again when it failed": on(MONITOR, do.after(DONE, _CLONES, when.failed)),
        "aborts the other jobs that wait when the monitored one is done": on(
            MONITOR, do.after(DONE, do.insists(ABORT, _waiting))
        ),
        "deletes jobs of other users that wait when the monitored one is done": on(
            MONITOR, do.after(DONE, do.insists(DELETE, lambda call: _waiting(call, others=True)))
        ),
        "notes in the job's meta that it was monitored": on(
            META,
            do.tells(when.after(MONITOR, when.answered(DONE), like=when.same_job), status="FINISHED:MONITORED"),
        ),
        "deletes the original of a clone that it monitors to the end, if that is done": on(
            FINISHED,
            do.first(do.does(DELETE, when.origin)),
            when.later_poll & AT_END & when.original(when.done),
        ),
    },
}

MUTANTS: Final = mutants(__name__, _MEANWHILE, _EFFECTS, marking("monitor.no-effect", MONITOR))
