"""Sessions whose monitor_job calls the callback at the wrong time, or does not do what its answer says."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import MONITOR, on
from contract_tests.mutants.algebra.call import Call, Effect
from contract_tests.mutants.algebra.monitor import CALLBACK, ENDED, ENDS, FINISHED, TIMEOUT
from contract_tests.mutants.families.monitoring import (
    AT_END,
    at_polls,
    calls_again,
    changed,
    polls_from,
    said_no,
    time_up,
)
from contract_tests.mutants.variant import Faults, mutants

_SKIPS: Final = do.gives(True)
_MONITORED_BEFORE: Final = when.after(MONITOR, like=when.same_reader)


def _tells_end_once(call: Call) -> Any:
    told = call.memory.setdefault("told", [])
    if call.job_id in told:
        return True
    told.append(call.job_id)
    return call.go()


def _calls_earlier_callbacks(call: Call) -> Any:
    earlier = [each["cb"] for each in call.earlier(MONITOR) if each.session is call.session]
    for cb in earlier:
        if callable(cb) and cb is not call["cb"]:
            calls_again(call, cb=cb)
    return call.go()


def _once_more(answer: bool) -> Effect:
    """Call it, and once more where it answers so."""

    def effect(call: Call) -> Any:
        given = call.go()
        if bool(given) is answer:
            calls_again(call)
        return given

    return effect


def _waits(call: Call) -> None:
    call.inner.monitor_job(call.job_id, 100)


def _stays_stopped(call: Call) -> bool:
    call.own["stopped"] = call.own.get("stopped") or not call["answer"]
    return bool(call.own["stopped"])


def _answer_before(call: Call) -> Any:
    return [True, *call.monitor.answers][-2]


_CALLS: Final[Faults] = {
    "monitor.callback-first": {
        "does not call the callback after the first poll": on(CALLBACK, _SKIPS, when.first_poll),
        "does not call a callback that counts as false, such as an empty collection": on(
            CALLBACK, _SKIPS, lambda call: not call["cb"]
        ),
        "does not call the callback for a job that was done already": on(CALLBACK, _SKIPS, when.first_poll & AT_END),
        "calls the callback only once the job is running": on(CALLBACK, _SKIPS, when.read("DISPATCHED")),
        "sleeps between the first poll and the first call": on(CALLBACK, do.first(do.sleeps(3.0)), when.first_poll),
        "calls the callback of a job's second monitor from its second poll on": on(
            CALLBACK, _SKIPS, when.first_poll & _MONITORED_BEFORE
        ),
    },
    "monitor.callback-last": {
        "does not call the callback after the poll that finds the job done": on(
            CALLBACK, _SKIPS, when.later_poll & AT_END
        ),
        "does not call the callback after the poll that finds the job aborted": on(
            CALLBACK, _SKIPS, when.later_poll & when.read("FINISHED:ABORTED")
        ),
        "does not call the callback after the poll that finds the job failed": on(
            CALLBACK, _SKIPS, when.later_poll & when.read("FINISHED:EXECUTION_EXCEPTION")
        ),
        "does not call the callback after the last poll of a long run": on(CALLBACK, _SKIPS, polls_from(51) & AT_END),
        "tells the last call the status of the poll before": on(
            CALLBACK, do.passing(meta=lambda call: dict(call.monitor.metas[-2])), when.later_poll & AT_END
        ),
        "does not call the callback again for a job whose end it has told of": on(CALLBACK, _tells_end_once, AT_END),
        "does not call the callback after a look that comes when the time is up": on(CALLBACK, _SKIPS, time_up),
    },
    "monitor.callback-each": {
        "calls the callback only when the status has changed": on(CALLBACK, _SKIPS, when.later_poll & ~changed),
        "leaves out every eleventh call": on(CALLBACK, _SKIPS, when.poll(lambda number: number % 11 == 0)),
        "calls the callback twice after the poll that finds the job done": on(CALLBACK, _once_more(True), AT_END),
        "calls the callback twice when the status has changed": on(CALLBACK, do.first(calls_again), changed & ~AT_END),
        "calls the callback on every second poll only when there is a timeout": on(
            CALLBACK, _SKIPS, when.timed & when.poll(lambda number: number % 2 == 0)
        ),
        "calls the callback of a session's first monitor, too, in later ones": on(CALLBACK, _calls_earlier_callbacks),
    },
}

_ANSWERS: Final[Faults] = {
    "monitor.callback-true": {
        "takes True for the wish to stop": on(ENDS, lambda call: bool(call["answer"])),
        "ends when the callback has returned True a hundred times": on(ENDS, do.gives(True), polls_from(100)),
        "takes the True of the last call for ENDED_BY_CB when the job is done": on(
            ENDS, do.gives(True), when.later_poll & AT_END
        ),
    },
    "monitor.callback-false-first": {
        "ignores False from the first call": on(ENDS, do.gives(False), when.first_poll),
        "returns JOB_FINISHED when the first call returned False": on(ENDS, do.gives(False), when.first_poll & said_no)
        + on(FINISHED, do.gives(True), when.first_poll & said_no),
        "does not look at the callback's answer while the job waits": on(ENDS, do.gives(False), when.read("SUBMITTED")),
        "does not look at the callback's answer when there is a timeout": on(ENDS, do.gives(False), when.timed),
    },
    "monitor.callback-false-later": {
        "ignores False from any call but the first": on(ENDS, do.gives(False), when.later_poll),
        "ignores False from the eleventh call": on(ENDS, do.gives(False), at_polls(11)),
        "ignores False from the hundredth call on": on(ENDS, do.gives(False), polls_from(100)),
        "ignores False from the second call": on(ENDS, do.gives(False), at_polls(2)),
        "ignores False from a call that tells another status than the one before": on(ENDS, do.gives(False), changed),
        "says TIMEOUT when the callback returned False on the poll at the timeout": on(
            MONITOR, do.instead_of(ENDED, TIMEOUT, time_up)
        ),
        "ends only when the callback returns False twice in a row": on(
            ENDS, do.gives(False), when.later_poll & _answer_before
        ),
    },
    "monitor.callback-false-no-more": {
        "calls the callback once more, to say good-bye": on(CALLBACK, _once_more(False)),
        "looks at the callback's answer only after the next call": on(ENDS, do.passing(answer=_answer_before)),
        "asks once more after a False of the third call or later": on(CALLBACK, _once_more(False), polls_from(3)),
    },
    "monitor.callback-false-at-once": {
        "sleeps once more after False": on(MONITOR, do.after(ENDED, do.sleeps(lambda call: call["poll_interval"]))),
        "waits for the end of a job that runs after False": on(
            MONITOR, do.after(ENDED, _waits, lambda call: call.meta["status"] == "RUNNING")
        ),
        "polls a last time after False, which nobody sees unless it raises": on(
            ENDS, do.first(lambda call: call.meta), said_no
        ),
    },
    "monitor.again": {
        "never resets the flag that the callback returned False": on(ENDS, _stays_stopped),
        "loses the callback from a session's fourth monitor on": on(
            MONITOR, do.passing(cb=None), lambda call: when.count(call, when.same_session) > 3 and callable(call["cb"])
        ),
    },
}

_DEAF: Final[Faults] = {
    f"monitor.callback-false-{which}": {
        f"does not hear False while a job is {status}, {words}": on(ENDS, do.gives(False), holds & when.read(status))
        for status in ("SUBMITTED", "DISPATCHED", "RUNNING")
    }
    for which, words, holds in (("first", "at first", when.first_poll), ("later", "later on", when.later_poll))
}

MUTANTS: Final = mutants(__name__, _CALLS, _ANSWERS, _DEAF)
