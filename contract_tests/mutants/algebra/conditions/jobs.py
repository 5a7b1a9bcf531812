"""Conditions of the job that a call is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions.condition import Condition, says
from flare_sim import JobView

MAKERS: Final = ("submit_job", "clone_job")


def job(says: str, holds: Callable[[JobView], Any]) -> Condition:
    """Of a job that is there, by what the server knows of it."""
    return Condition(says, lambda call: (known := call.job) is not None and holds(known))


def status(begins: str) -> Condition:
    """Of a job whose status is this, or begins so."""
    return job(f"for a job that is {begins}", lambda known: known.status.startswith(begins))


def was(begins: str) -> Condition:
    """Of a job that had this status when the call began."""
    return Condition(f"for a job that was {begins}", lambda call: call.was.startswith(begins) and call.was)


waiting: Final = Condition("for a job that waits", status("SUBMITTED"))
dispatched: Final = Condition("for a job that is dispatched", status("DISPATCHED"))
running: Final = Condition("for a job that runs", status("RUNNING"))
done: Final = Condition("for a job that is done", status("FINISHED"))
completed: Final = Condition("for a job that is completed", status("FINISHED:COMPLETED"))
aborted: Final = Condition("for a job that was aborted", status("FINISHED:ABORTED"))
failed: Final = Condition("for a job that failed", status("FINISHED:EXECUTION_EXCEPTION"))
killed: Final = Condition("for a job that was killed", status("FINISHED:ABNORMAL"))
given_up: Final = Condition("for a job that could not be scheduled", status("FINISHED:CAN_NOT_SCHEDULE"))
exists: Final = job("for a job that is there", lambda known: True)
clone: Final = job("for a clone", lambda known: known.cloned_from)
others: Final = Condition(
    "for a job of another user", lambda call: (known := call.job) is not None and known.submitter != call.user
)
mine: Final = Condition("for a job of the user's", exists & ~others)
deleted: Final = Condition(
    "for a job that was deleted",
    lambda call: any(each.ok and each.job_id == call.job_id for each in call.earlier("delete_job")),
)


def told_by(*points: str) -> Condition:
    """Of a job of which one of these methods told before: its meta, or an entry of a list."""
    return Condition(f"for a job that {' or '.join(points)} told of", lambda call: any(_told(call, points)))


def _told(call: Call, points: tuple[str, ...]) -> Iterator[bool]:
    for each in call.earlier(*points):
        if each.ok:
            yield each.job_id == call.job_id or (
                isinstance(each.answer, list) and any(entry["job_id"] == call.job_id for entry in each.answer)
            )


def older(seconds: float) -> Condition:
    """Of a job that was submitted more than ``seconds`` ago."""
    return Condition(
        f"for a job of more than {seconds:g} s",
        lambda call: (known := call.job) is not None and call.now - known.submit_time > seconds,
    )


def made(number: int) -> Condition:
    """Of the job that was made as the how manieth of its system, from 1, deleted ones included."""
    return Condition(f"for job {number}", lambda call: born(call)[number - 1 : number] == [call.job_id])


def submitted(number: int) -> Condition:
    """Of the job that was submitted as the how manieth, from 1; clones don't count."""
    return Condition(
        f"for submission {number}",
        lambda call: born(call, "submit_job")[number - 1 : number] == [call.job_id],
    )


def beyond(number: int) -> Condition:
    """Of a job that was made after so many others."""
    return Condition(f"for a job after the first {number}", lambda call: call.job_id in born(call)[number:])


def behind(number: int) -> Condition:
    """Of a job that so many others that are there were made before."""
    return Condition(
        f"for a job behind {number} others", lambda call: call.job_id in [each.job_id for each in call.jobs[number:]]
    )


newest: Final = Condition("for the newest job", lambda call: born(call)[-1:] == [call.job_id])
newest_submitted: Final = Condition(
    "for the job that was submitted last", lambda call: born(call, "submit_job")[-1:] == [call.job_id]
)


def born(call: Call, *makers: str) -> list[Any]:
    """The ids of all jobs, or of those that some methods made, in the order of their making."""
    return [each.answer for each in call.system.history if each.point in (makers or MAKERS) and each.answer]


def birth(holds: Holds) -> Condition:
    """Of a job whose making was a call of which something is true: ``birth(after("delete_job"))``."""
    return Condition(f"that was made {says(holds)}", lambda call: (made := call.birth) is not None and holds(made))


def submission(holds: Holds) -> Condition:
    """Of a job that was submitted by a call of which something is true; of no clone."""
    return Condition(
        f"that was submitted {says(holds)}",
        lambda call: (made := call.birth) is not None and made.point == "submit_job" and holds(made),
    )


made_here: Final = Condition(
    "for a job of the same session", lambda call: (made := call.birth) is not None and made.session is call.session
)
maker_closed: Final = Condition(
    "for a job of a closed session", lambda call: (made := call.birth) is not None and is_closed(made.session, call)
)


from_before: Final = Condition(
    "for a job from before the session was opened",
    lambda call: (made := call.birth) is not None and made.place < call.session.opened.place,
)


def original(holds: Holds) -> Condition:
    """Of a clone whose original is one of which something is true."""
    return Condition(
        f"for a clone of one {says(holds)}",
        lambda call: (known := origin(call)) is not None and holds(call.about(known)),
    )


def with_clone(holds: Holds) -> Condition:
    """Of a job one of whose clones is one of which something is true."""
    return Condition(
        f"for a job with a clone {says(holds)}",
        lambda call: any(holds(call.about(one)) for one in clones_of(call)),
    )


def origin(call: Call) -> Any:
    """The id of the job that the job of a call was cloned from, None where it is no clone."""
    made = call.birth
    return made.job_id if made is not None and made.point == "clone_job" else None


def clones_of(call: Call) -> list[Any]:
    """The ids of the clones of the job of a call, deleted ones included, in the order of their making."""
    clones = call.system.calls_of("clone_job")
    return [each.answer for each in clones if each.answer and each.job_id == call.job_id]


def is_closed(session: Any, call: Call) -> bool:
    """Whether a session had been closed when a call was made."""
    return any(each.ok and each.session is session for each in call.earlier("close"))
