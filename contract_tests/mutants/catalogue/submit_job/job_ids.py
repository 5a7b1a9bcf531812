"""Sessions whose submit_job returns no id, or the id of another job."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, LIST, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.families.folders import PATH, same_folder
from contract_tests.mutants.families.occasions import OF_ANY_CALL, bound_to_threads, wrong_on
from contract_tests.mutants.families.renaming import any_id, numbered, renames, repeats_first_id
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InvalidJobDefinition

# --- no id, or another one --------------------------------------------------------------------------------------------


def _number(call: Call) -> int:
    """Which submission it is, from 1, of those that went well; to be asked after it did."""
    return len(when.born(call, SUBMIT))


def _gives(change: Callable[[Any, Call], Any], holds: Holds = when.always) -> Change:
    return on(SUBMIT, do.answers_of(change), holds)


def _none(job: str, call: Call) -> None:
    return None


_RETURNS: Final[Faults] = {
    "submit.returns-id": {
        "returns nothing": _gives(_none),
        "returns the server's reply instead of the id in it": _gives(lambda job, call: {"status": "ok", "job_id": job}),
        "returns a UUID, not its text": _gives(lambda job, call: uuid.UUID(job)),
        "returns bytes": _gives(lambda job, call: job.encode()),
        "returns a number from the eleventh job on": _gives(
            lambda job, call: number if (number := _number(call)) > 10 else job
        ),
        "returns empty text once something was refused": _gives(
            lambda job, call: "", when.after_error(InvalidJobDefinition, SUBMIT)
        ),
        "returns nothing to every user but the first": _gives(_none, ~when.user(1)),
        "returns None for the second submission of a folder": _gives(_none, when.after(SUBMIT, like=same_folder)),
        "returns None for a path that is not written as it would write it itself": _gives(
            lambda job, call: job if call[PATH] == os.path.realpath(call[PATH]) else None
        ),
        "returns a line with the id and what it is the id of, the third time": _gives(
            lambda job, call: f"{job}\tcontract-job\n" if _number(call) == 3 else job
        ),
    },
    "submit.new-id": {
        "returns the first job's id for every submission of a folder": _gives(
            lambda job, call: call.memory.setdefault(call[PATH], job)
        ),
        "gives the fifth job the first one's id": _gives(
            lambda job, call: when.born(call, SUBMIT)[(_number(call) - 1) % 4]
        ),
        "returns the last clone's id for the submission after it": _gives(
            lambda job, call: when.last(call, CLONE).answer, when.latest(CLONE, SUBMIT)
        ),
    },
}

# --- ids of its own ---------------------------------------------------------------------------------------------------


def _free(call: Call) -> list[Any]:
    ids: list[Any] = call.memory.setdefault("free", [])
    return ids


def _name(call: Call) -> str:
    return str(call.inner.get_job_meta(call.answer)["name"])


_OWN_IDS: Final[Faults] = {
    "submit.new-id": {
        "makes ids of the second they are made in": renames(lambda call: f"job-{call.now:.0f}"),
        "counts ids anew in every session": renames(lambda call: f"job-{numbered(call, call.session)}"),
        "counts ids anew for every user": renames(lambda call: f"job-{numbered(call, call.user)}"),
        "numbers a job by how many there are, so a deleted job's id comes again": renames(
            lambda call: f"job-{len(call.inner.list_jobs(False, True))}"
        ),
        "has ids of one hexadecimal digit": renames(lambda call: f"job-{numbered(call) % 10}"),
        "gives an aborted job's id to the next job": on(ABORT, do.then(lambda call: _free(call).append(call.job_id)))
        + renames(lambda call: _free(call).pop() if _free(call) else any_id(call)),
        "makes ids of the job's name and a count of its own session's jobs of that name": renames(
            lambda call: f"{_name(call)}-{numbered(call, (call.session, _name(call)))}"
        ),
        "counts ids anew for every name": renames(lambda call: f"job-{numbered(call, _name(call))}"),
    },
}

# --- several threads --------------------------------------------------------------------------------------------------


def _switch() -> None:
    """Let another thread in."""
    time.sleep(0.002)  # noqa: TID251


def _counted_in_two_steps(call: Call) -> str:
    number = call.memory.get("number", 0) + 1
    _switch()
    call.memory["number"] = number
    return f"job-{number}"


def _listed_in_two_steps(call: Call) -> Any:
    job = call.go()
    known = [*call.memory.get("known", ()), job]
    _switch()
    call.memory["known"] = known
    return job


def _kept_in_session(call: Call) -> Any:
    call.own["reply"] = call.go()
    _switch()
    return call.own["reply"]


def _one_at_a_time(call: Call) -> Any:
    if call.memory.get("busy"):
        raise InvalidJobDefinition("another submission is under way")
    call.memory["busy"] = True
    try:
        _switch()
        return call.go()
    finally:
        call.memory["busy"] = False


def _one_login(call: Call) -> Any:
    call.memory["session"] = call.inner
    _switch()
    return call.on_session(call.memory["session"])


_THREADS: Final[Faults] = {
    "submit.concurrent": {
        "counts ids in two steps, so two threads can take the same one": renames(_counted_in_two_steps),
        "keeps the list of jobs in two steps, so that one of two can be lost": on(SUBMIT, _listed_in_two_steps)
        + on(LIST, do.leaves_out(lambda call: call.job_id not in call.memory.get("known", ()))),
        "keeps the last reply in the session, so that threads get each other's": on(SUBMIT, _kept_in_session),
        "refuses a submission while another is under way": on(SUBMIT, _one_at_a_time),
        "keeps the login of the last caller, so that users get each other's jobs": on(SUBMIT, _one_login),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _RETURNS,
    _OWN_IDS,
    repeats_first_id("submit.new-id", SUBMIT, "submission"),
    _THREADS,
    wrong_on(OF_ANY_CALL, "submit.returns-id", "returns the id in a tuple", SUBMIT, lambda job: (job,)),
    bound_to_threads("submit.returns-id", SUBMIT),
)
