"""Jobs that are aborted or deleted for show, or too late."""

from __future__ import annotations

from typing import Any

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import INFO, LIST, MONITOR, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.families.failures import Faults
from flare_sim.spec import JobInfo


def goes_on(method: str, holds: Holds) -> Change:
    """A method that ends jobs for show: they run all the same, in secret, as clones that are told of by their ids."""

    def keep(call: Call) -> Any:
        secret = call.inner.clone_job(call.job_id)
        answer = call.go()
        _secrets(call)[secret] = call.job_id
        return answer

    return (
        on(method, keep, holds)
        + on(LIST, do.leaves_out(lambda call: call.job_id in _secrets(call)))
        + on(INFO, do.informs(jobs=_by_their_ids))
    )


def _secrets(call: Call) -> dict[str, str]:
    return call.memory.setdefault("secrets", {})  # type: ignore[no-any-return]


def _by_their_ids(jobs: list[JobInfo], call: Call) -> list[JobInfo]:
    return [JobInfo(_secrets(call).get(job.job_id, job.job_id), job.app_name) for job in jobs]


def puts_off(clause: str, method: str, status: str = "") -> Faults:
    """A method that does nothing in a callback, for jobs in a status or for all, until the monitor is over."""

    def note(call: Call) -> None:
        call.own.setdefault("put off", []).append(call.job_id)

    def catch_up(call: Call) -> Any:
        try:
            return call.go()
        finally:
            for job_id in call.own.pop("put off", ()) if call.outer is None else ():
                do.attempt(call, method, job_id)

    which = f" that is {status}" if status else ""
    late = on(method, note, when.in_callback & when.status(status)) + on(MONITOR, catch_up)
    return {clause: {f"puts {method} of a job{which} in a callback off until the monitor is over": late}}
