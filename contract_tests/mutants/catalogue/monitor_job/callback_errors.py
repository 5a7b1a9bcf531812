"""Sessions whose monitor_job does not let an error of the callback pass, or can't be used in a callback."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, DELETE, LIST, META, MONITOR, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import CALLBACK, ENDED, ENDS, FINISHED, POLL
from contract_tests.mutants.families.monitoring import AT_END, calls_again, did, last_begun, polls_from
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, JobNotFound, NoConnection

_BUSY: Final = do.raises(InternalError, "the session is busy")


def _raises_a_copy(call: Call, error: BaseException) -> Any:
    raise type(error)(*error.args)


def _chains(call: Call, error: BaseException) -> Any:
    raise error from RuntimeError("in the callback")


def _tries_again(call: Call, error: BaseException) -> Any:
    with suppress(Exception):
        calls_again(call)
    raise error


def _raises_at_next_call(call: Call) -> Any:
    earlier = call.own.pop("deferred", None)
    try:
        answer = call.go()
    except Exception as error:
        call.own["deferred"], answer = error, True
    if earlier is not None:
        raise earlier
    return answer


def _once_from_memory(call: Call) -> Any:
    at = call.monitor.own.setdefault("from memory", call.monitor.polls)
    return dict(call.monitor.meta) if at == call.monitor.polls else call.go()


def _monitored(call: Call) -> Any:
    return call.outer.job_id if call.outer else None


_ERRORS: Final[Faults] = {
    "monitor.callback-error": {
        "takes an error of the callback for False": on(CALLBACK, do.swallows(Exception, False)),
        "takes an error of the callback for True": on(CALLBACK, do.swallows(Exception, True)),
        "wraps errors of the callback in InternalError": on(
            CALLBACK, do.turns(Exception, InternalError, "the callback failed")
        ),
        "raises a new error of the same class": on(CALLBACK, do.raising(ValueError, _raises_a_copy)),
        "takes an error of a callback in a callback for False": on(
            CALLBACK, do.swallows(Exception, False), when.nested
        ),
        "takes a KeyError for a meta without a key": on(CALLBACK, do.swallows(KeyError, True)),
        "takes a TimeoutError for its own": on(CALLBACK, do.swallows(TimeoutError, True)),
        "runs in a generator": on(CALLBACK, do.turns(StopIteration, RuntimeError)),
        "takes NoConnection for its own": on(CALLBACK, do.swallows(NoConnection, True)),
        "takes JobNotFound for the end": on(CALLBACK, do.swallows(JobNotFound, False)),
        "does not let SystemExit pass": on(CALLBACK, do.swallows(SystemExit, False)),
        "takes Ctrl-C in the callback for False": on(CALLBACK, do.swallows(KeyboardInterrupt, False)),
        "does not let GeneratorExit pass": on(CALLBACK, do.swallows(GeneratorExit, True)),
        "gives the callback's error a cause": on(CALLBACK, do.raising(ValueError, _chains)),
        "does not know InterruptedError": on(CALLBACK, do.swallows(InterruptedError, True)),
        "swallows what the callback raises about a job that is done": on(
            CALLBACK, do.swallows(Exception, True), AT_END
        ),
        "swallows what the callback raises after the fifth poll": on(
            CALLBACK, do.swallows(Exception, True), polls_from(6)
        ),
    },
    "monitor.callback-error-ends": {
        "calls the callback once more after an error": on(CALLBACK, do.raising(Exception, _tries_again)),
        "goes on to the next poll after an error, and raises it there": on(CALLBACK, _raises_at_next_call),
    },
}

_IN_CALLBACK: Final[Faults] = {
    "monitor.callback-reads": {
        "refuses to read a job's meta in the callback": on(META, _BUSY, when.in_callback),
        "refuses to list jobs in the callback": on(LIST, _BUSY, when.in_callback),
        "gives the meta of the monitored job for any job in the callback": on(
            META, do.about(_monitored), when.in_callback
        ),
        "ends the monitor when the callback listed jobs": on(ENDS, do.gives(True), did(LIST)),
    },
    "monitor.callback-aborts": {
        "refuses to abort a job in the callback": on(ABORT, _BUSY, when.in_callback),
        "says ENDED_BY_CB when the callback aborted the job": on(ENDS, do.gives(True), did(ABORT)),
        "puts the abort off until the monitor is over, in a callback": on(ABORT, do.skips, when.in_callback),
    },
    "monitor.callback-deletes": {
        "refuses to delete a job in the callback": on(DELETE, _BUSY, when.in_callback),
        "says JOB_FINISHED when the callback itself deleted the job": on(FINISHED, do.gives(True), did(DELETE)),
        "calls the callback once more with the last meta when it deleted the job": on(
            POLL, _once_from_memory, did(DELETE)
        ),
    },
    "monitor.callback-monitors": {
        "refuses a monitor in the callback of another": on(MONITOR, _BUSY, when.in_callback),
        "goes on with the inner monitor's callback in the outer one": on(
            CALLBACK, do.passing(cb=lambda call: last_begun(call)["cb"])
        ),
        "polls the inner monitor's job in the outer one": on(POLL, do.about(lambda call: last_begun(call).job_id)),
        "ends the outer monitor with the inner one": on(ENDS, do.gives(True), did(MONITOR, when.answered(ENDED))),
    },
}

MUTANTS: Final = mutants(__name__, _ERRORS, _IN_CALLBACK)
