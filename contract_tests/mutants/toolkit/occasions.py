"""Mutants whose answers are wrong on some occasions only: to the second user, the third time, a day later."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from contract_tests.mutants.toolkit.generator import Body, Generator
from contract_tests.mutants.toolkit.notes import count
from contract_tests.mutants.toolkit.wrong_errors import Failure, Kind, nothing, raises
from contract_tests.mutants.wrapper import Wrapper

A_DAY: Final = 86_400.0
Holds = Callable[[Wrapper, str, tuple[Any, ...]], bool]
"""Whether a call of a session, by its method and arguments, is one that goes wrong."""


def jobs_of(session: Wrapper) -> Any:
    """What the server knows of its jobs."""
    return session.system.server.jobs


def _by_second_user(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return session.user == session.system.users[1]


def _number(number: int) -> Holds:
    return lambda session, method, args: count(session, method) == number


def _number_in_session(number: int) -> Holds:
    def holds(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
        counts = session.__dict__.setdefault("_counts", {})
        counts[method] = counts.get(method, 0) + 1
        return bool(counts[method] == number)

    return holds


def _a_day_later(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    began = session.system.memory.setdefault("began", session.system.server.clock.time())
    return bool(session.system.server.clock.time() - began > A_DAY)


def _while_a_job_runs(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return any(job.status == "RUNNING" for job in jobs_of(session))


def _of_another_user(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return any(job.job_id == args[0] and job.submitter != session.user for job in jobs_of(session)) if args else False


def _of_a_clone(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return any(job.job_id == args[0] and job.cloned_from for job in jobs_of(session)) if args else False


class Occasion(NamedTuple):
    """When a call goes wrong, with the words that the mutant's name and difference end in."""

    name: str
    difference: str
    holds: Holds


TO_SECOND_USER: Final = Occasion("ForSecondUser", "to the second user", _by_second_user)
THIRD_TIME: Final = Occasion("ThirdTime", "the third time", _number(3))
SEVENTH_TIME: Final = Occasion("SeventhTime", "the seventh time", _number(7))
FIFTH_IN_SESSION: Final = Occasion("FifthTimeInSession", "at the fifth call of a session", _number_in_session(5))
A_DAY_LATER: Final = Occasion("ADayLater", "once the server has been used for a day", _a_day_later)
WHILE_RUNNING: Final = Occasion("WhileRunning", "while a job runs", _while_a_job_runs)
OF_OTHERS: Final = Occasion("OfOthers", "for a job of another user", _of_another_user)
OF_CLONES: Final = Occasion("OfClones", "for a clone", _of_a_clone)
OF_ANY_CALL: Final = (TO_SECOND_USER, THIRD_TIME, SEVENTH_TIME, FIFTH_IN_SESSION, A_DAY_LATER, WHILE_RUNNING)
"""Occasions for calls of every method."""

OF_CALLS_ABOUT_A_JOB: Final = (*OF_ANY_CALL, OF_OTHERS, OF_CLONES)
"""Occasions for calls that are given the id of a job."""

OF_METAS: Final = (TO_SECOND_USER, FIFTH_IN_SESSION, A_DAY_LATER, WHILE_RUNNING, OF_OTHERS)
"""Occasions for one fact of a meta; what is wrong of clones alone breaks other clauses."""


def _spoilt(method: str, occasion: Occasion, spoil: Callable[[Any], Any]) -> Body:
    """A method whose answer is spoilt on an occasion."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        asked = args or tuple(kwargs.values())
        holds = occasion.holds(self, method, asked)
        answer = right(self, *args, **kwargs)
        return spoil(answer) if holds else answer

    body.__name__ = method
    return body


def wrong_on(
    occasions: Iterable[Occasion],
    generator: Generator,
    name: str,
    clause: str,
    difference: str,
    method: str,
    spoil: Callable[[Any], Any],
) -> None:
    """Declare a session for every occasion, whose ``method`` then gives what ``spoil`` makes of the right answer."""
    for occasion in occasions:
        generator.session(
            f"{name}{occasion.name}",
            clause,
            f"{difference} {occasion.difference}",
            {method: _spoilt(method, occasion, spoil)},
        )


def not_older(age: float) -> Body:
    """A list_jobs that lists jobs which were submitted in the last ``age`` seconds."""

    def list_jobs(self: Any, *args: Any, **kwargs: Any) -> Any:
        since = self.system.server.clock.time() - age
        young = {job.job_id for job in jobs_of(self) if job.submit_time > since}
        return [entry for entry in Wrapper.list_jobs(self, *args, **kwargs) if entry["job_id"] in young]

    return list_jobs


def _missing(name: str, difference: str, holds: Holds, *, raising: bool) -> Kind:
    def handle(failure: Failure) -> Any:
        if not holds(failure.session, failure.method, failure.args):
            raise failure.error
        return raises(KeyError)(failure) if raising else nothing(failure)

    what = "raises KeyError for" if raising else "returns nothing for"
    return Kind(name, f"{what} {{method}} of a job that is not there {difference}", handle)


MISSING_KINDS: Final = (
    _missing("ToSecondUser", "to the second user", _by_second_user, raising=False),
    _missing("WhileRunning", "while another runs", _while_a_job_runs, raising=True),
    _missing("ADayLater", "once the server has been used for a day", _a_day_later, raising=False),
)
"""How a method gets it wrong that there is no such job, each on one occasion."""
