"""Ids of a mutant's own, translated in every call; right as long as they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CLONE, INFO, METAS, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.failures import Faults
from flare_sim import spec


def numbered(call: Call, what: Any = "made") -> int:
    """How often this was asked for the same, this time included."""
    number: int = call.memory.get(("numbered", what), 0) + 1
    call.memory["numbered", what] = number
    return number


def any_id(call: Call) -> str:
    """An id that no job had before."""
    return f"job-{numbered(call)}"


def renames(name: Callable[[Call], str] = any_id) -> Change:
    """Give every new job another id, made of the call that made it, whose ``answer`` is the real one."""

    def gives(call: Call) -> str:
        real = call.go()
        given = name(call)
        names(call)[given] = real
        return given

    return (
        on((SUBMIT, CLONE), gives)
        + on(JOB_METHODS, do.about(real))
        + on(
            "call",
            do.passing(job_id=lambda call: _told(call.job_id, call), meta=lambda call: _meta(call["meta"], call)),
        )
        + on(METAS, do.told(_meta))
        + on(INFO, do.answers_of(_info))
    )


def names(call: Call) -> dict[str, str]:
    """The real ids by those that were given."""
    return call.memory.setdefault("names", {})  # type: ignore[no-any-return]


def real(call: Call) -> str | None:
    """The real id of the job a call is about, one of no job for one that was not given; None for what is no text."""
    return names(call).get(call.job_id, "no-such-job") if isinstance(call.job_id, str) else None


def _meta(meta: dict[str, Any], call: Call) -> dict[str, Any]:
    return {key: _told(value, call) for key, value in meta.items()}


def _told(value: Any, call: Call) -> Any:
    given = {real: given for given, real in names(call).items()}
    return given.get(value, value) if isinstance(value, str) else value


def _info(info: Any, call: Call) -> spec.SystemInfo:
    jobs = [spec.JobInfo(_told(job.job_id, call), job.app_name) for job in info.job_info]
    return spec.SystemInfo(info.server_info, info.client_info, jobs)


def repeats_first_id(clause: str, method: str, made: str) -> Faults:
    """Faults of a method that gives a later job, number 16 to 256, the id of the first; ``made`` says what it makes."""

    def repeats(number: int) -> Change:
        def effect(call: Call) -> Any:
            job = call.go()
            given = [each.answer for each in call.earlier(method) if each.answer]
            return given[0] if len(given) == number - 1 else job

        return on(method, effect)

    return {clause: {f"gives {made} {number} the id of the first": repeats(number) for number in (16, 33, 100, 256)}}
