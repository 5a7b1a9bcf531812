"""Faults on some occasions only, by the words for them: to the second user, the third time, in some threads alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import on
from contract_tests.mutants.algebra.call import Holds
from contract_tests.mutants.families.failures import Faults, Kind

A_DAY: Final = 86_400.0

Occasions = Mapping[str, Holds]
"""When a call goes wrong, by the words that a difference ends in."""

_TO_SECOND_USER: Final[Occasions] = {"to the second user": when.second_user}
_FIFTH_IN_SESSION: Final[Occasions] = {"at the fifth call of a session": when.nth_here(5)}
_A_DAY_LATER: Final[Occasions] = {"once the server has been used for a day": when.used_for(A_DAY)}
_WHILE_RUNNING: Final[Occasions] = {"while a job runs": when.while_running}
_OF_OTHERS: Final[Occasions] = {"for a job of another user": when.others}
OF_CLONES: Final[Occasions] = {"for a clone": when.clone}
OF_ANY_CALL: Final[Occasions] = {
    **_TO_SECOND_USER,
    "the third time": when.nth(3),
    "the seventh time": when.nth(7),
    **_FIFTH_IN_SESSION,
    **_A_DAY_LATER,
    **_WHILE_RUNNING,
}
"""Occasions for calls of every method."""

OF_CALLS_ABOUT_A_JOB: Final[Occasions] = {**OF_ANY_CALL, **_OF_OTHERS, **OF_CLONES}
"""Occasions for calls that are given the id of a job."""

OF_METAS: Final[Occasions] = {**_TO_SECOND_USER, **_FIFTH_IN_SESSION, **_A_DAY_LATER, **_WHILE_RUNNING, **_OF_OTHERS}
"""Occasions for one fact of a meta; what is wrong of clones alone breaks other clauses."""

MISSING_KINDS: Final = (
    Kind("returns nothing for {method} of a job that is not there to the second user", do.nothing, when.second_user),
    Kind(
        "raises KeyError for {method} of a job that is not there while another runs",
        do.raises(KeyError),
        when.while_running,
    ),
    Kind(
        "returns nothing for {method} of a job that is not there once the server has been used for a day",
        do.nothing,
        when.used_for(A_DAY),
    ),
)
"""How a method gets it wrong that there is no such job, each on one occasion."""


def wrong_on(occasions: Occasions, clause: str, difference: str, method: str, spoil: Callable[[Any], Any]) -> Faults:
    """Faults of a method that gives what ``spoil`` makes of the right answer, one for every occasion."""
    return {
        clause: {f"{difference} {words}": on(method, do.answers(spoil), holds) for words, holds in occasions.items()}
    }


def bound_to_threads(clause: str, method: str) -> Faults:
    """Faults of a method that works in some threads alone, though a session may be used from several."""
    main = do.raises(ValueError, "signal only works in main thread of the main interpreter")
    same = do.raises(RuntimeError, "a connection can only be used in the thread that made it")
    return {
        clause: {
            f"{method} works in the main thread alone": on(method, main, ~when.in_main_thread),
            f"{method} works in the thread alone that opened the session": on(method, same, ~when.where_opened),
        }
    }
