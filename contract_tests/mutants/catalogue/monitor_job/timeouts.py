"""Sessions whose monitor_job counts its time wrongly, or says TIMEOUT of a job that is done in time."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import CALLBACK, DONE, ENDED, FINISHED, POLL, TIMED_OUT, TIMEOUT
from contract_tests.mutants.families.monitoring import last_begun, measures, number, time_up, took
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InvalidArgumentError

_GIVEN: Final = when.explicit("timeout")
_WHOLE: Final = number("poll_interval", of=(int,))
_FLOAT: Final = number("timeout", of=(float,))
_REFUSES: Final = do.raises(InvalidArgumentError, "a number is of the wrong type")


class _TooLate(Exception):
    pass


def _last_timeout(call: Call) -> Any:
    call.own["timeout"] = call["timeout"] or call.own.get("timeout", 0)
    return call.own["timeout"]


def _times_out_once(call: Call) -> Any:
    return call.go() and call.own.setdefault("timed out", call.monitor) is call.monitor


def _elapsed_before(call: Call) -> Any:
    before, call.monitor.own["elapsed"] = call.monitor.own.get("elapsed", 0.0), call["elapsed"]
    return before


def _notes_change(call: Call) -> Any:
    meta = call.go()
    if not call.monitor.metas or meta["status"] != call.monitor.meta["status"]:
        call.monitor.own["since"] = call.now
    return meta


def _since_first_of_session(call: Call) -> float:
    return call.now - float(call.own.setdefault("began", call.monitor.began))


def _since_first_of_job(call: Call) -> float:
    of_job = (each for each in call.system.history if each.point == MONITOR and each.job_id == call.job_id)
    return call.now - next(float(each.at) for each in of_job if each.session is call.session)


def _keeps(held: int, ticks: int, *, signed: bool) -> Change:
    """A timeout that is kept as a whole number of ticks below ``held``."""

    def timed_out(call: Call) -> bool:
        kept = int(call["timeout"] * ticks) % held
        return bool((kept - held if signed and kept >= held // 2 else kept) <= call["elapsed"] * ticks)

    return on(TIMED_OUT, timed_out, number("timeout", below=1e18))


_NONE: Final[Faults] = {
    "monitor.no-timeout": {
        "takes a timeout of 0 for no time at all": on(
            TIMED_OUT, lambda call: call["timeout"] <= call["elapsed"], _GIVEN
        ),
        "gives up after 60 s with a timeout of 0": on(TIMED_OUT, do.passing(timeout=60.0), ~when.timed & _GIVEN),
        "gives up after 3600 s with a timeout of 0": on(TIMED_OUT, do.passing(timeout=3600.0), ~when.timed & _GIVEN),
        "gives up after 86400 s with a timeout of 0": on(TIMED_OUT, do.passing(timeout=86_400.0), ~when.timed & _GIVEN),
        "without a callback gives up after a thousand seconds": on(
            MONITOR, do.passing(timeout=1000), when.given("timeout", 0) & when.without_callback
        ),
        "uses the timeout of the session's last monitor when it is 0": on(TIMED_OUT, do.passing(timeout=_last_timeout)),
        "takes 0.0 for a time that is over at once": on(
            TIMED_OUT, lambda call: call["timeout"] <= call["elapsed"], lambda call: isinstance(call["timeout"], float)
        ),
    },
    "monitor.timeout-default": {
        "gives up after 10 s without a timeout": on(TIMED_OUT, do.passing(timeout=10.0), ~_GIVEN),
        "gives up after 86400 s without a timeout": on(TIMED_OUT, do.passing(timeout=86_400.0), ~_GIVEN),
    },
}

_SOME: Final[Faults] = {
    "monitor.timeout": {
        "never times out": on(TIMED_OUT, do.gives(False)),
        "times out with JOB_FINISHED": on(MONITOR, do.instead_of(TIMEOUT, DONE)),
        "raises TimeoutError when the time is up": on(MONITOR, do.after(TIMEOUT, do.raises(TimeoutError))),
        "returns ENDED_BY_CB when the time is up and there is a callback": on(
            MONITOR, do.instead_of(TIMEOUT, ENDED), when.with_callback
        ),
        "does not time out while the job waits to be scheduled": on(TIMED_OUT, do.gives(False), ~when.read("RUNNING")),
        "ignores a timeout of an hour and more": on(TIMED_OUT, do.gives(False), lambda call: call["timeout"] >= 3600),
        "takes a timeout of 1 for no timeout, as it tests for more than 1": on(
            TIMED_OUT, do.gives(False), lambda call: call["timeout"] <= 1
        ),
        "does not time out in the second monitor of a session": on(TIMED_OUT, _times_out_once),
        "goes by the timeout of the last monitor that was begun": on(
            TIMED_OUT, do.passing(timeout=lambda call: 0 if (last := last_begun(call)).over else last["timeout"])
        ),
        "has no timeout any more when the callback has monitored a job without one": on(
            TIMED_OUT, do.passing(timeout=lambda call: last_begun(call)["timeout"])
        ),
        "refuses an interval that is a whole number": on(MONITOR, _REFUSES, _WHOLE),
        "never times out where the timeout is a float": on(MONITOR, do.passing(timeout=0), _FLOAT),
    },
    "monitor.timeout-not-early": {
        "takes the timeout for a tenth of what it is": on(
            TIMED_OUT, do.passing(timeout=lambda call: call["timeout"] / 10)
        ),
        "times out when the next poll would come after the timeout": on(
            TIMED_OUT, lambda call: 0 < call["timeout"] < call["elapsed"] + call.monitor.poll_interval
        ),
        "counts polls instead of seconds": on(TIMED_OUT, do.passing(elapsed=lambda call: call.monitor.polls)),
        "allows an hour at most": on(TIMED_OUT, do.passing(timeout=lambda call: min(call["timeout"], 3600))),
        "measures in whole seconds of the clock, so that it may be early": on(
            TIMED_OUT, do.passing(elapsed=lambda call: int(call.now) - int(call.monitor.began))
        ),
        "adds the callback's time to the time that has passed": on(CALLBACK, measures)
        + on(TIMED_OUT, do.passing(elapsed=lambda call: call["elapsed"] + sum(took(call.monitor)))),
        "starts the second monitor of a session with the time of the first": on(
            TIMED_OUT, do.passing(elapsed=_since_first_of_session)
        ),
        "halves a float timeout": on(MONITOR, do.passing(timeout=lambda call: call["timeout"] / 2), _FLOAT),
        "keeps the timeout as milliseconds in 32 bits, one of them a sign": _keeps(2**32, 1_000, signed=True),
        "keeps the timeout as milliseconds in 32 bits": _keeps(2**32, 1_000, signed=False),
        "keeps the timeout as seconds in 32 bits, one of them a sign": _keeps(2**32, 1, signed=True),
        "keeps the timeout as seconds in 32 bits": _keeps(2**32, 1, signed=False),
    },
    "monitor.timeout-not-late": {
        "times out a poll late": on(TIMED_OUT, do.passing(elapsed=_elapsed_before)),
        "adds two poll intervals to the timeout": on(
            TIMED_OUT, do.passing(timeout=lambda call: call["timeout"] + 2 * call.monitor.poll_interval), when.timed
        ),
        "does not count the callback's time": on(
            TIMED_OUT, do.passing(elapsed=lambda call: (call.monitor.polls - 1) * call.monitor.poll_interval)
        ),
        "starts to count again at every change of the job's status": on(POLL, _notes_change)
        + on(TIMED_OUT, do.passing(elapsed=lambda call: call.now - call.monitor.own["since"])),
        "takes a timeout under a minute for a minute when there is no callback": on(
            MONITOR, do.passing(timeout=60), number("timeout", below=60) & when.without_callback
        ),
        "begins to count anew when the callback monitors a job": on(
            TIMED_OUT, do.passing(elapsed=lambda call: last_begun(call).age)
        ),
        "doubles a float timeout": on(MONITOR, do.passing(timeout=lambda call: call["timeout"] * 2), _FLOAT),
    },
    "monitor.again": {
        "remembers that a monitor of the job timed out": on(MONITOR, do.first(lambda call: call.meta))
        + on(MONITOR, do.gives(TIMEOUT), when.after(MONITOR, when.answered(TIMEOUT), like=when.same_job)),
        "counts the timeout of a job's later monitors from the beginning of the first": on(
            TIMED_OUT, do.passing(elapsed=_since_first_of_job)
        ),
    },
}

_IN_TIME: Final[Faults] = {
    "monitor.finish-before-timeout": {
        "says TIMEOUT when the time is up by the poll that found the job done": on(
            FINISHED, do.gives(False), when.timed
        ),
        "needs two polls in the time left to report the end": on(
            MONITOR,
            do.instead_of(
                DONE,
                TIMEOUT,
                lambda call: call.age and 0 < call["timeout"] < call.age + 3 + call["poll_interval"],
            ),
        ),
        "says TIMEOUT of a job that ended in the second half of the time": on(
            MONITOR, do.instead_of(DONE, TIMEOUT, lambda call: 0 < call["timeout"] < 2 * call.age)
        ),
        "looks at the clock after the callback, then at the status": on(
            FINISHED,
            do.gives(False),
            time_up & (lambda call: call.monitor.polled - call.monitor.began < call.monitor.timeout),
        ),
        "waits for the timeout when the job was aborted": on(
            FINISHED, do.gives(False), when.timed & when.later_poll & when.read("FINISHED:ABORTED")
        ),
    },
    "monitor.finish-in-last-gap": {
        "tests for the timeout before the last poll": on(POLL, do.raises(_TooLate), when.later_poll & time_up)
        + on(MONITOR, do.swallows(_TooLate, TIMEOUT)),
        "prefers TIMEOUT to JOB_FINISHED when both hold": on(MONITOR, do.instead_of(DONE, TIMEOUT, time_up)),
    },
}

MUTANTS: Final = mutants(__name__, _NONE, _SOME, _IN_TIME)
