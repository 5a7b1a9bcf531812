"""Sessions in which clones are not listed or don't run, or in which a job and its clones are not apart."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, DOWNLOAD, LIST, META, METAS, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.relatives import among, clone_of_clone, family, first_origin, orphan
from contract_tests.mutants.families.marks import MARKED
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.families.results import emptied
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobNotFound

_FAILED: Final = when.status("FINISHED:EXECUTION_EXCEPTION")
_STICK: Final = on(METAS, do.tells(MARKED, status="SUBMITTED"))
"""Marked jobs wait for ever, as far as can be seen."""

_ABORTS_IT: Final = do.then(do.does(ABORT, do.by_job))


def _stops(job_id: Any, call: Call) -> None:
    call.inner.abort_job(job_id)
    call.memory[job_id] = True


def _stuck(holds: Holds) -> Change:
    return on(CLONE, do.then(lambda call: _stops(call.answer, call)), holds) + _STICK


def _stops_clones(call: Call) -> None:
    for clone in among(when.clones_of, when.exists & ~when.done)(call):
        _stops(clone, call)


def _is_not_last(call: Call) -> bool:
    return when.clones_of(call.about(when.origin(call)))[-1:] not in ([], [call.job_id])


def _last_cloned(call: Call) -> Any:
    return when.last(call, CLONE, like=when.same_job)


def _stops_a_run(call: Call) -> Any:
    meta = call.go()
    if when.clones_of(call) and meta["status"] == "RUNNING" and numbered(call, call.job_id) > 3:
        call.inner.abort_job(call.job_id)
    return meta


def _original_was_aborted(call: Call) -> bool:
    original, born = when.origin(call), call.birth
    return any(each.job_id == original and born and each.place > born.place for each in call.earlier(ABORT))


_FAULTS: Final[Faults] = {
    "clone.listed": {
        "lists no clones": on(LIST, do.leaves_out(when.clone)),
        "lists no clone whose original is deleted": on(LIST, do.leaves_out(orphan)),
        "lists no clones of clones": on(LIST, do.leaves_out(clone_of_clone)),
        "lists one clone of each job": on(LIST, do.leaves_out(when.clone & _is_not_last)),
        "lists clones in the session that made them": on(LIST, do.leaves_out(when.clone & ~when.made_here)),
        "does not list clones in detail": on(LIST, do.leaves_out(when.clone), when.detailed),
    },
    "clone.runs": {
        "never runs clones": _stuck(when.always),
        "never runs clones of a job that failed": _stuck(_FAILED),
        "runs the first clone of a job only": _stuck(when.clones_of),
        "never runs a clone whose original is deleted before": on(DELETE, do.then(_stops_clones)) + _STICK,
        "never runs the clone of a clone": _stuck(when.clone),
    },
    "clone.original-untouched": {
        "aborts the original, as the clone takes its place": on(CLONE, _ABORTS_IT),
        "deletes a finished original, as the clone takes its place": on(
            CLONE, do.then(do.does(DELETE, do.by_job)), when.done
        ),
        "notes in the original that it was cloned": on(
            META, do.tells(when.clones_of, name=lambda meta, call: f"{meta['name']} (cloned)")
        ),
        "gives the original to whoever cloned it": on(
            META, do.tells(when.clones_of, submitter_name=lambda meta, call: _last_cloned(call).user)
        ),
        "dates the original anew": on(
            META, do.tells(when.clones_of, submit_time=lambda meta, call: _last_cloned(call).at)
        ),
        "aborts a job that is cloned ten times": on(CLONE, _ABORTS_IT, when.nth_about(10)),
        "aborts a dispatched job when it is cloned": on(CLONE, _ABORTS_IT, when.dispatched),
        "takes the original out of the list": on(LIST, do.leaves_out(when.clones_of)),
        "stops a job that runs later when it was cloned before": on(META, _stops_a_run),
        "moves what a job left to its clone": on(DOWNLOAD, emptied, when.after(CLONE, like=when.same_job)),
    },
    "clone.apart-on-abort": {
        "aborts a job's clones with it": on(ABORT, do.also(when.clones_of)),
        "aborts a clone's original with it": on(ABORT, do.also(when.origin)),
        "aborts the clone of a clone with the clone": on(ABORT, do.also(when.clones_of), when.clone),
        "aborts the original on the second abort of a clone": on(
            ABORT, do.also(when.origin), when.after(ABORT, like=when.same_job)
        ),
        "aborts a clone with its original as soon as it runs": on(
            META, _ABORTS_IT, when.running & when.clone & _original_was_aborted
        ),
        "aborts the first original with a clone of its clone": on(ABORT, do.also(first_origin)),
        "aborts the clones of a job that are dispatched": on(ABORT, do.also(among(when.clones_of, when.dispatched))),
        "aborts an original that is dispatched with its clone": on(ABORT, do.also(among(family, when.dispatched))),
    },
    "clone.apart-on-delete": {
        "deletes the first original with a clone of its clone": on(DELETE, do.also(first_origin)),
        "deletes the clones of a job that are dispatched": on(DELETE, do.also(among(when.clones_of, when.dispatched))),
        "deletes an original that could not be run with its clone": on(
            DELETE,
            do.also(among(when.origin, when.status("FINISHED:FAILED") | when.status("FINISHED:CAN_NOT"))),
        ),
        "deletes the clones of a job that were aborted": on(DELETE, do.also(among(when.clones_of, when.aborted))),
        "deletes a job's clones with it": on(DELETE, do.also(when.clones_of)),
        "deletes a clone's original with it": on(DELETE, do.also(when.origin)),
        "deletes the clones of a clone with it": on(DELETE, do.also(when.clones_of), when.clone),
        "can't clone a clone any more when its original is deleted": on(CLONE, do.raises(JobNotFound), orphan),
        "loses the result of a clone when its original is deleted": on(DOWNLOAD, do.raises(JobNotFound), orphan),
        "stops a clone when its original is deleted before it ran": on(META, _ABORTS_IT, when.running & orphan),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
