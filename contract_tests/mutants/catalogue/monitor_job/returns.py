"""Sessions whose monitor_job returns the wrong thing, or at the wrong time."""

from __future__ import annotations

import enum
from typing import Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import MONITOR, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import DONE, ENDED, FINISHED, TIMEOUT
from contract_tests.mutants.families.monitoring import AT_END, changed, number, polls_from
from contract_tests.mutants.families.occasions import OF_CALLS_ABOUT_A_JOB, bound_to_threads, wrong_on
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError

_OwnCodes = enum.IntEnum("_OwnCodes", {"JOB_FINISHED": 0, "TIMEOUT": 1, "ENDED_BY_CB": 2})


def _namesake_is_done(call: Call) -> bool:
    return any(job.name == call["meta"]["name"] and job.status.startswith("FINISHED") for job in call.jobs)


def _interval(call: Call) -> float:
    return float(call["poll_interval"])


_CODES: Final[Faults] = {
    "monitor.returns-code": {
        "returns the name of the code": on(MONITOR, do.answers(lambda code: code.name)),
        "returns the code as a plain number": on(MONITOR, do.answers(int)),
        "returns whether the job is done": on(MONITOR, do.answers(lambda code: code is DONE)),
        "returns None when the callback ends the monitor": on(MONITOR, do.instead_of(ENDED, None)),
        "returns a plain number when the callback ends the monitor": on(MONITOR, do.instead_of(ENDED, 2)),
        "returns True instead of the code TIMEOUT": on(MONITOR, do.instead_of(TIMEOUT, True)),
        "returns a code of an enumeration of its own": on(MONITOR, do.answers(lambda code: _OwnCodes(int(code)))),
    },
    "monitor.finished": {
        "takes only FINISHED:COMPLETED for the end of a job": on(
            FINISHED, do.gives(False), ~when.read("FINISHED:COMPLETED")
        ),
        "does not know that a job that can't be scheduled is done": on(
            FINISHED, do.gives(False), when.read("FINISHED:CAN_NOT_SCHEDULE")
        ),
        "does not know that a job that failed to be deployed is done": on(
            FINISHED, do.gives(False), when.read("FINISHED:FAILED_TO_RUN")
        ),
        "returns TIMEOUT for a job that was killed, as it takes ABNORMAL for an error": on(
            MONITOR, do.instead_of(DONE, TIMEOUT, when.killed)
        ),
        "raises InternalError for a job that failed": on(
            MONITOR, do.after(DONE, do.raises(InternalError), when.failed)
        ),
        "returns TIMEOUT for a job that was done before the monitor began": on(
            MONITOR, do.instead_of(DONE, TIMEOUT), when.done
        ),
        "returns ENDED_BY_CB for a job that is done, when there is a callback": on(
            MONITOR, do.instead_of(DONE, ENDED), when.with_callback
        ),
        "returns TIMEOUT for the eleventh job of the server when it is done": on(
            MONITOR, do.instead_of(DONE, TIMEOUT), when.behind(10) & ~when.behind(11)
        ),
        "returns TIMEOUT for a done job in a user's second session": on(
            MONITOR, do.instead_of(DONE, TIMEOUT), when.users_later_session
        ),
        "returns TIMEOUT for a done clone whose original was deleted": on(
            MONITOR, do.instead_of(DONE, TIMEOUT, when.original(~when.exists))
        ),
        "returns TIMEOUT for a done job of another user": on(MONITOR, do.instead_of(DONE, TIMEOUT), when.others),
    },
    "monitor.waits": {
        "returns JOB_FINISHED at once when there is no callback": on(
            MONITOR, lambda call: DONE if call.meta else None, when.without_callback
        ),
        "takes RUNNING for the end of a job": on(FINISHED, do.gives(True), when.read("RUNNING")),
        "takes DISPATCHED for the end of a job": on(FINISHED, do.gives(True), when.read("DISPATCHED")),
        "gives up after thirty polls, with JOB_FINISHED": on(FINISHED, do.gives(True), polls_from(30)),
        "takes the end of any job of the same name for the end of this one": on(
            FINISHED, do.gives(True), _namesake_is_done
        ),
        # Takes the wish for the deed: here a job that was cloned counts as done.
        "returns JOB_FINISHED when an abort of the job was asked for, before it has stopped": on(
            FINISHED, do.gives(True), when.clones_of
        ),
    },
    "monitor.at-once": {
        "sleeps before the first poll": on(MONITOR, do.first(do.sleeps(_interval)), number("poll_interval", below=1e9)),
        "sleeps once more after the poll that found the job done": on(MONITOR, do.after(DONE, do.sleeps(_interval))),
        "wants to see the job done twice before it believes it": on(FINISHED, do.gives(False), when.first_poll),
        "sleeps before the return for a job that was aborted": on(
            MONITOR, do.after(DONE, do.sleeps(_interval), when.aborted)
        ),
    },
    "monitor.promptly": {
        "notices the end a poll late": on(FINISHED, do.gives(False), AT_END & changed),
        "tests for the end on every third poll only, after the tenth": on(
            FINISHED, do.gives(False), when.poll(lambda number: number > 10 and number % 3 > 0)
        ),
        "waits for the end a poll longer when there is no callback": on(
            MONITOR,
            do.after(DONE, do.sleeps(lambda call: 2 * _interval(call)), lambda call: call.age >= _interval(call)),
            when.without_callback,
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _CODES,
    wrong_on(OF_CALLS_ABOUT_A_JOB, "monitor.returns-code", "returns a code as a number", MONITOR, int),
    bound_to_threads("monitor.returns-code", MONITOR),
)
