"""Conditions of a call, of the session it is made in, and of the step of a monitor."""

from __future__ import annotations

from collections.abc import Callable
from threading import main_thread
from typing import Any, Final

from contract_tests.mutants.algebra.call import Call, Holds
from contract_tests.mutants.algebra.conditions.condition import Condition, always, says
from contract_tests.mutants.algebra.conditions.jobs import is_closed, running


def nth(number: int) -> Condition:
    """The how manieth call of its kind, from 1, whichever session makes it."""
    return Condition(f"the {ordinal(number)} time", lambda call: count(call) == number)


def nth_here(number: int) -> Condition:
    """The how manieth call of its kind of a session, from 1."""
    return Condition(f"at the {ordinal(number)} call of a session", lambda call: count(call, same_session) == number)


even: Final = Condition("every second time that it goes well", lambda call: count(call, went_well) % 2 == 0)


def nth_about(number: int) -> Condition:
    """The how manieth call of its kind about a job, from 1."""
    return Condition(f"the {ordinal(number)} time for a job", lambda call: count(call, same_job) == number)


def nth_in_status(number: int) -> Condition:
    """The how manieth call of its kind about jobs in one status, from 1."""
    return Condition(
        f"the {ordinal(number)} time for jobs in a status", lambda call: count(call, same_status) == number
    )


def count(call: Call, like: Callable[[Call, Call], bool] = lambda one, other: True) -> int:
    """How many calls of its kind there were until this one, with it; ``like`` says which count."""
    return 1 + sum(like(call, each) for each in call.earlier(call.point))


def same_session(one: Call, other: Call) -> bool:
    """Whether two calls are of one session."""
    return one.session is other.session


def same_job(one: Call, other: Call) -> bool:
    """Whether two calls are about one job."""
    return bool(one.job_id == other.job_id)


def same_status(one: Call, other: Call) -> bool:
    """Whether the jobs of two calls had the same status when they began."""
    return bool(one.was == other.was)


def went_well(one: Call, other: Call) -> bool:
    """Whether the earlier one of two calls went well."""
    return other.ok


def same_reader(one: Call, other: Call) -> bool:
    """Whether two calls are of one session, about one job."""
    return same_session(one, other) and same_job(one, other)


def other_job(one: Call, other: Call) -> bool:
    """Whether two calls are about different jobs."""
    return not same_job(one, other)


def same_user(one: Call, other: Call) -> bool:
    """Whether two calls are of one user."""
    return bool(one.user == other.user)


def ordinal(number: int) -> str:
    """``3rd`` for 3."""
    return f"{number}{'th' if number % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def after(point: str, holds: Holds = always, like: Callable[[Call, Call], bool] = lambda one, other: True) -> Condition:
    """After a call that went well, of which something is true, and which is like this one in some respect."""
    return Condition(
        f"after {point} {says(holds)}".strip(),
        lambda call: any(each.ok and like(call, each) and holds(each) for each in call.earlier(point)),
    )


def after_error(
    error: type[BaseException], *points: str, like: Callable[[Call, Call], bool] | None = None, times: int = 1
) -> Condition:
    """After so many calls, of these points or of any, that raised an error."""
    return Condition(
        f"after {error.__name__}",
        lambda call: (
            times
            <= sum(
                isinstance(each.error, error) and (like is None or like(call, each)) for each in call.earlier(*points)
            )
        ),
    )


def last(call: Call, *points: str, like: Callable[[Call, Call], bool] = lambda one, other: True) -> Any:
    """The last call before this one that went well, of these points, and like this one in some respect, or None."""
    return next((each for each in [*call.earlier(*points)][::-1] if each.ok and like(call, each)), None)


def latest(point: str, *others: str, holds: Holds = always) -> Condition:
    """Where of the calls of some points that went well the last one was of ``point``, and something is true of it."""
    return Condition(
        f"after the latest {point} {says(holds)}".strip(),
        lambda call: (
            (before := last(call, point, *others)) is not None and before.point == point and bool(holds(before))
        ),
    )


in_outage: Final = Condition("in an outage", latest("outage", "recover"))


def answered(value: Any) -> Condition:
    """Of a call that is over, by the very thing that it answered."""
    return Condition(f"that answered {value}", lambda call: call.answer is value)


def right_after(point: str, holds: Holds = always) -> Condition:
    """Where the call before, of any session, was this one."""

    def is_right_after(call: Call) -> bool:
        before = call.system.history[call.place - 1] if call.place else None
        return before is not None and before.point == point and before.ok and bool(holds(before))

    return Condition(f"right after {point} {says(holds)}".strip(), is_right_after)


def user(number: int) -> Condition:
    """Of a call of the how manieth user of the system, from 1."""
    return Condition(f"to user {number}", lambda call: call.user == call.system.users[number - 1])


def session(number: int) -> Condition:
    """Of a call of the how manieth session of the system, from 1."""
    return Condition(f"in session {number}", lambda call: call.session.number == number)


def opened(holds: Holds) -> Condition:
    """In a session whose opening was a call of which something is true: ``opened(after("outage"))``."""
    return Condition(f"in a session opened {says(holds)}", lambda call: holds(call.session.opened))


users_later_session: Final = Condition(
    "in a later session of a user",
    lambda call: any(
        call.user == (each["user"] or call.system.users[0]) for each in call.session.opened.earlier("open_session")
    ),
)
second_user: Final = Condition("to the second user", user(2))
first_session: Final = Condition("in the first session", session(1))
later_session: Final = Condition("in a later session", ~session(1))


def given(name: str, value: Any = True) -> Condition:
    """Where an argument is this."""
    return Condition(
        f"with {name}={value!r}", lambda call: call.given.get(name) is value or call.given.get(name) == value
    )


def explicit(name: str) -> Condition:
    """Where the caller gave an argument; of a step, the caller of its monitor."""
    return Condition(f"where {name} is given", lambda call: name in (call.monitor or call).explicit)


def by_position(name: str) -> Condition:
    """Where an argument is given by its position."""
    return Condition(f"with {name} by position", lambda call: name in call.explicit and name not in call.named)


def by_name(name: str) -> Condition:
    """Where an argument is given by its name."""
    return Condition(f"with {name} by name", lambda call: name in call.named)


detailed: Final = Condition("in detail", lambda call: bool(call.given.get("detailed")))
everyone: Final = Condition("for all users", lambda call: bool(call.given.get("all")))


def used_for(seconds: float) -> Condition:
    """Once the first session was opened more than ``seconds`` ago."""
    return Condition(f"once the server has been used for {seconds:g} s", lambda call: call.now - _began(call) > seconds)


def _began(call: Call) -> float:
    history: list[Call] = call.system.history
    return float(history[0].at)


def any_job(holds: Holds) -> Condition:
    """While there is a job, of any user, of which something is true."""
    return Condition(
        f"while there is one, {says(holds)}", lambda call: any(holds(call.about(one.job_id)) for one in call.jobs)
    )


def another_job(holds: Holds) -> Condition:
    """While there is another job than the one it is about, of which something is true."""
    return Condition(
        f"while there is another, {says(holds)}",
        lambda call: any(one.job_id != call.job_id and holds(call.about(one.job_id)) for one in call.jobs),
    )


while_running: Final = Condition("while a job runs", any_job(running))


def under_way(
    *points: str, holds: Holds = always, like: Callable[[Call, Call], bool] = lambda one, other: True
) -> Condition:
    """While a call of these points has begun before and is not over, which is like this one in some respect."""
    return Condition(
        f"while {' or '.join(points)} {says(holds)} is under way",
        lambda call: any(not each.over and like(call, each) and holds(each) for each in call.earlier(*points)),
    )


in_main_thread: Final = Condition("in the main thread", lambda call: call.thread == main_thread().ident)
where_opened: Final = Condition(
    "in the thread that opened the session", lambda call: call.thread == call.session.opened.thread
)
in_callback: Final = Condition(
    "in a callback", lambda call: call.outer is not None and call.outer.point == "monitor_job"
)
nested: Final = Condition("in a monitor in a callback", lambda call: call.outer is not None and in_callback(call.outer))
closed: Final = Condition("in a session that was closed", lambda call: is_closed(call.session, call))
lost: Final = Condition(
    "in a session that the server has ended",
    lambda call: any(act.place > call.session.opened.place for act in call.earlier("lose_sessions")),
)
with_callback: Final = Condition(
    "with a callback", lambda call: (call.monitor.cb if call.monitor else call.given.get("cb")) is not None
)
without_callback: Final = Condition("without a callback", ~with_callback)
timed: Final = Condition(
    "with a timeout", lambda call: call.monitor.timeout if call.monitor else call.given.get("timeout")
)


# --- the step of a monitor --------------------------------------------------------------------------------------------


def poll(holds: Callable[[int], bool], says: str = "at some polls") -> Condition:
    """At those polls of a monitor, counted from 1, of whose number something is true."""
    return Condition(says, lambda call: holds(call.monitor.polls))


first_poll: Final = Condition("at the first poll", poll(lambda number: number == 1))
later_poll: Final = Condition("at a later poll", poll(lambda number: number > 1))


def read(begins: str) -> Condition:
    """Where the poll read this status, or one that begins so."""
    return Condition(
        f"where a poll read {begins}",
        lambda call: call.monitor.metas and str(call.monitor.meta["status"]).startswith(begins),
    )
