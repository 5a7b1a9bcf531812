"""Sessions whose metas are not the caller's own, change after they were handed out, or change what is read."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, CLOSE, DELETE, LIST, META, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.variant import Faults, mutants

Meta = dict[str, Any]

# --- what is kept of metas --------------------------------------------------------------------------------------------


def _kept(meta: Meta, call: Call) -> Any:
    return call.memory.setdefault(call.job_id, meta)


def _kept_until_status_changes(meta: Meta, call: Call) -> Any:
    if call.memory.get(("status", call.job_id)) != meta["status"]:
        call.memory["status", call.job_id] = meta["status"]
        call.memory[call.job_id] = meta
    return call.memory[call.job_id]


def _shallow_copy(meta: Meta, call: Call) -> Meta:
    nested = {key: value for key, value in meta.items() if isinstance(value, dict)}
    return {**meta, **call.memory.setdefault(call.job_id, nested)}


def _keeps(call: Call) -> None:
    call.memory[call.job_id] = call.answer


def _shared_deploy_map(meta: Meta, call: Call) -> Any:
    first = call.memory.setdefault(("first", call.job_id), call.session)
    kept = call.memory.setdefault(call.job_id, meta.get("deploy_map", {}))
    return kept if first is call.session else deepcopy(kept)


# --- what becomes of metas that were handed out -----------------------------------------------------------------------


def _handed_out(call: Call) -> Iterator[Meta]:
    """The metas of the job of a call that were handed out before."""
    return (each.answer for each in call.earlier(META) if each.ok and each.job_id == call.job_id)


def _renews(call: Call) -> None:
    for held in _handed_out(call):
        held.update(call.meta)


def _clears(call: Call) -> None:
    for held in _handed_out(call):
        held.clear()


def _clears_all_of_the_session(call: Call) -> None:
    for each in call.earlier(META):
        if each.ok and each.session is call.session:
            each.answer.clear()


def _notes_list(call: Call) -> None:
    for job in call.answer:
        for held in _handed_out(call.about(job["job_id"])):
            held["listed"] = True


def _notes_clone(call: Call) -> None:
    for held in _handed_out(call):
        held.setdefault("clones", []).append(call.answer)


def _renews_what_callbacks_read(call: Call) -> None:
    for each in call.system.history:
        if each.point == META and each.ok and when.same_reader(call, each) and when.in_callback(each):
            each.answer.update(deepcopy(call.answer))


class _Newest(Meta):
    """Looks things up in the newest meta of its job."""

    metas: dict[str, Meta]

    def __getitem__(self, key: str) -> Any:
        newest = self.metas[super().__getitem__("job_id")]
        return newest[key] if key in newest else super().__getitem__(key)


def _view(meta: Meta, call: Call) -> Meta:
    view = _Newest(meta)
    view.metas = call.memory
    call.memory[call.job_id] = dict(meta)
    return view


# --- what reading does ------------------------------------------------------------------------------------------------


def _reads(call: Call, was: str = "") -> int:
    """How often a job was read, with this time, while its status began so."""
    read = [each for each in call.earlier(META) if when.same_job(call, each) and each.answer is not None]
    return 1 + sum(each.was.startswith(was) for each in read)


def _read(number: int) -> Condition:
    return Condition(f"when a job is read {number} times", lambda call: _reads(call) == number)


def _with_reads(meta: Meta, call: Call) -> Meta:
    reads = _reads(call)
    return {**meta, "reads": reads, **({"popular": True} if reads > 6 else {})}


def _readers(call: Call) -> int:
    before = {each.session.number for each in call.earlier(META) if each.ok and when.same_job(call, each)}
    return len({*before, call.session.number})


_FAULTS: Final[Faults] = {
    "meta.callers-copy": {
        "hands out the meta it keeps until the status changes": on(META, do.told(_kept_until_status_changes)),
        "copies a meta, but not what is in it": on(META, do.told(_shallow_copy)),
        "hands out the meta of a finished job as it keeps it": on(META, do.told(_kept, when.done)),
        "makes lists of the metas it handed out": on(META, do.then(_keeps))
        + on(LIST, do.tells(status=lambda meta, call: call.memory.get(call.job_id, meta).get("status"))),
        "keeps a session's metas for others, and copies them for others only": on(
            META, do.tells(deploy_map=_shared_deploy_map)
        ),
    },
    "meta.snapshot": {
        "hands out one dict per job, which the next read brings up to date": on(META, do.then(_renews)),
        "writes the end into metas that were handed out when a job is aborted": on(ABORT, do.then(_renews)),
        "clears the metas of a job that is deleted": on(DELETE, do.then(_clears)),
        "clears all metas that were handed out when the session is closed": on(
            CLOSE, do.first(_clears_all_of_the_session)
        ),
        "brings metas up to date while jobs are listed": on(LIST, do.then(_notes_list)),
        "notes the clones in a meta that was handed out": on(CLONE, do.then(_notes_clone)),
        "looks things up in the newest meta of a job, whichever it was asked for in": on(META, do.told(_view)),
        "empties and refills the dict that it gave to the callback": on(
            "call", do.passing(meta=lambda call: do.refilled(call.monitor.own, call["meta"]))
        ),
        "brings metas that were read in the callback up to date at every poll": on(
            "poll", do.then(_renews_what_callbacks_read)
        ),
    },
    "meta.no-effect": {
        "aborts a job that is read ten times": on(META, do.then(do.insists(ABORT, do.by_job)), _read(10)),
        "stops a running job that is read thirty times": on(
            META, do.then(do.insists(ABORT, do.by_job)), when.running & _read(30)
        ),
        "deletes a finished job once its end was read twice": on(
            META, do.then(do.insists(DELETE, do.by_job)), when.done & (lambda call: _reads(call, "FINISHED") == 4)
        ),
        "aborts a dispatched job when it is read": on(
            META,
            do.then(do.insists(ABORT, do.by_job)),
            when.dispatched & (lambda call: _reads(call) > 2),
        ),
        "aborts another waiting job when a job is read for the eighth time": on(
            META,
            do.then(do.insists(ABORT, lambda call: [job.job_id for job in call.jobs if job.job_id != call.job_id])),
            _read(8),
        ),
        "counts how often a job is read, and marks one that is read often": on(META, do.told(_with_reads)),
        "makes a reader of another session the submitter": on(
            META,
            do.tells(lambda call: _readers(call) > 1, submitter_name=lambda meta, call: f"reader-{_readers(call)}"),
        ),
        "leaves a copy of a job behind when it is read": on(META, do.then(do.insists(CLONE, do.by_job)), _read(5)),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
