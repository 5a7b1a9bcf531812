"""Sessions that are opened for nobody they know, do what a user may not do, or refuse it wrongly."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, DELETE, DOWNLOAD, LIST, META, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.families import failures
from contract_tests.mutants.families.failures import Kind, clause_of
from contract_tests.mutants.families.results import emptied
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import (
    AuthenticationError,
    AuthorizationError,
    InternalError,
    JobNotFound,
    NoConnection,
    SessionClosed,
)

_MAY_NOT: Final = (SUBMIT, CLONE, DOWNLOAD, ABORT, DELETE)

_KINDS: Final = (
    Kind("raises PermissionError for {method} when the user may not", do.raises(PermissionError)),
    Kind("does {method} with other rights when the user may not", failures.by_the_administrator),
    Kind("returns nothing for {method} when the user may not", do.nothing),
    Kind(
        "raises JobNotFound for the second {method} the user may not", do.raises(JobNotFound), failures.from_failure(2)
    ),
    Kind("raises an AuthorizationError of its own for {method}", do.raises(failures.look_alike("AuthorizationError"))),
    Kind(
        "raises JobNotFound for {method} of a done job when the user may not",
        do.raises(JobNotFound),
        failures.job_is("FINISHED"),
    ),
    Kind("raises AuthenticationError for {method} when the user may not", do.raises(AuthenticationError)),
    Kind("returns nothing for {method} of a running job when the user may not", do.nothing, failures.job_is("RUNNING")),
    Kind("raises InternalError for {method} when the user may not", do.raises(InternalError)),
    Kind("raises KeyError for {method} a minute after a first refusal", do.raises(KeyError), failures.minutes_later),
    Kind("raises SessionClosed for {method} of another's job", do.raises(SessionClosed), when.others, _MAY_NOT[1:]),
)


def _answers_to_those_who_may(call: Call) -> list[Any]:
    return [each.answer for each in call.earlier(call.point) if each.ok and each.given == call.given]


_SHARES: Final = failures.failing(
    AuthorizationError, lambda call: _answers_to_those_who_may(call)[0], holds=_answers_to_those_who_may
)


def _opens(instead: Effect, holds: Holds = when.always) -> Change:
    return on("open_session", failures.failing(AuthenticationError, instead, holds=holds))


def _denied(act: Effect, holds: Holds = when.always) -> Effect:
    return do.on_error(act, AuthorizationError, holds)


def _was_denied(method: str, like: Any = when.same_job) -> Holds:
    return when.after_error(AuthorizationError, method, like=like)


_HIDDEN: Final = _was_denied(DELETE, when.same_reader)

_FAULTS: Final[Faults] = {
    **{
        clause_of("denied", method): {f"answers {method} as it answered somebody who may": on(method, _SHARES)}
        for method in (SUBMIT, CLONE, DOWNLOAD)
    },
    "denied.no-effect": {
        **{
            f"refuses {method}, and does it all the same": on(method, _denied(failures.by_the_administrator))
            for method in (SUBMIT, CLONE, ABORT, DELETE)
        },
        "aborts a running job before it asks whether the user may delete it": on(
            DELETE, do.first(do.does(ABORT, lambda call: call.job_id, do.administrator)), when.running
        ),
        "notes refused downloads in the job's meta": on(
            META, do.tells(_was_denied(DOWNLOAD), status=lambda meta, call: meta["status"] + " (refused)")
        ),
        "throws away what a job left when somebody who may not asks to delete it": on(
            DOWNLOAD, emptied, _was_denied(DELETE)
        ),
        "clones for a user who may not, once a user who may has cloned the job": on(
            CLONE, _denied(failures.by_the_administrator, when.after(CLONE, like=when.same_job))
        ),
        "leaves out of a user's own lists what the user was not allowed to delete": on(LIST, do.leaves_out(_HIDDEN)),
        "finds no job any more that the user was not allowed to delete": on(META, do.raises(JobNotFound), _HIDDEN),
    },
    "credentials.refused": {
        "raises AuthorizationError": _opens(do.raises(AuthorizationError)),
        "raises ValueError": _opens(do.raises(ValueError)),
        "raises NoConnection": _opens(do.raises(NoConnection)),
        "returns None": _opens(do.skips),
        "raises an AuthenticationError of its own": _opens(do.raises(failures.look_alike("AuthenticationError"))),
        "raises SessionClosed when the user comes again": _opens(do.raises(SessionClosed), failures.from_failure(2)),
        "lets anybody in as the first user": _opens(do.passing(user=None)),
        "lets in who comes a second time": _opens(do.passing(user=None), failures.from_failure(2)),
    },
}

MUTANTS: Final = mutants(__name__, failures.wrong(_MAY_NOT, _KINDS, AuthorizationError, "denied", each=3), _FAULTS)
