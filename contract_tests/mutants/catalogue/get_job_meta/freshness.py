"""Sessions that tell an old meta, or another one than another session."""

from __future__ import annotations

from itertools import cycle
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, LIST, META, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobNotFound, NoConnection

_seen_running: Final = when.after(META, when.was("RUNNING"), like=when.same_reader)


def _every_other_time(call: Call, age: float) -> bool:
    return next(call.own.setdefault("turns", cycle((True, False))))  # type: ignore[no-any-return]


def _one_behind(call: Call) -> Any:
    meta = call.go()
    told, call.own[call.job_id] = call.own.get(call.job_id, meta), meta
    return dict(told)


def _keeps_what_was_polled(call: Call) -> Any:
    before, call.own["polled"] = call.own.get("polled"), {call.job_id: dict(call["meta"])}
    try:
        return call.go()
    finally:
        call.own["polled"] = before


def _what_was_polled(call: Call) -> Any:
    known = (call.own.get("polled") or {}).get(str(call.job_id))
    return dict(known) if known else call.go()


def _stale_after_outage(call: Call) -> Any:
    known, stale = call.own.setdefault("known", {}), call.own.setdefault("stale", {})
    try:
        known[call.job_id] = meta = call.go()
    except NoConnection:
        stale.clear()
        stale.update(known)
        raise
    return dict(stale.pop(call.job_id, meta))


def _saw_no_end(call: Call) -> bool:
    return call.memory.setdefault(("end", call.job_id), call.session) is not call.session


_STALE: Final = {
    "answers the first question about a job after an outage with what it knew before": on(META, _stale_after_outage)
}

_FAULTS: Final[Faults] = {
    "meta.fresh": {
        **_STALE,
        "tells what it told the first time, for ever": on(META, do.remembers(do.by_job, here=True)),
        "keeps a meta for five seconds": on(META, do.remembers(do.by_job, lambda call, age: age < 5.0, here=True)),
        "keeps a meta for half a second": on(META, do.remembers(do.by_job, lambda call, age: age < 0.5, here=True)),
        "looks every second time only": on(META, do.remembers(do.by_job, _every_other_time, here=True)),
        "takes a job that was seen running for one that runs": on(
            META, do.remembers(do.by_job, lambda call, age: _seen_running(call), here=True)
        ),
        "tells what it told before until it is asked for a list": on(META, do.remembers(do.by_job, here=True))
        + on(LIST, do.first(do.forgets)),
        "does not see what other sessions do to a waiting job": on(
            META, do.remembers(do.by_job, lambda call, age: age == 0.0, here=True)
        )
        + on(ABORT, do.first(do.forgets)),
        "is one read behind": on(META, _one_behind),
        "reads in a callback what the poll has read": on("call", _keeps_what_was_polled)
        + on((META, "poll"), _what_was_polled),
    },
    "meta.sessions-agree": {
        **_STALE,
        "tells a later session the status without how it ended": on(
            META, do.tells(status=lambda meta, call: meta["status"].partition(":")[0]), when.later_session
        ),
        "tells a later session the submit time in whole minutes": on(
            META, do.tells(submit_time=lambda meta, call: meta["submit_time"] // 3600 * 3600 - 60), when.later_session
        ),
        "tells a session less about a job that it did not submit": on(
            META, do.tells(name=""), ~when.made_here & ~when.clone
        ),
        "tells a session opened later another end of a job that was killed": on(
            META, do.tells(status="FINISHED:ABORTED"), when.later_session & when.killed
        ),
        "keeps a finished job's submitter in the session that saw it end": on(
            META, do.tells(when.done & _saw_no_end, submitter_name="")
        ),
        "finds a job from before a session was opened once that session has listed jobs": on(
            META, do.raises(JobNotFound, "no such job"), when.from_before & ~when.after(LIST, like=when.same_session)
        ),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
