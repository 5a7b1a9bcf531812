"""Sessions that find a job for an id that is none, or raise another error than JobNotFound."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.occasions import MISSING_KINDS
from contract_tests.mutants.toolkit.wrong_errors import (
    Failure,
    Handle,
    Kind,
    declare,
    declare_with_timeout,
    from_second,
    look_alike,
    nothing,
    raises,
    when,
)
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import InternalError, InvalidArgumentError, JobNotDone, JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())


def _asked(failure: Failure) -> Any:
    return failure.args[0] if failure.args else failure.kwargs.get("job_id")


def _ids(failure: Failure) -> list[str]:
    return [job.job_id for job in failure.session.system.server.jobs]


def _abbreviated(failure: Failure) -> str | None:
    return next((job for job in _ids(failure) if len(_asked(failure)) > 5 and job.startswith(_asked(failure))), None)


def _begun(failure: Failure) -> str | None:
    return next((job for job in _ids(failure) if _asked(failure).startswith(job)), None)


def _contained(failure: Failure) -> str | None:
    return next((job for job in _ids(failure) if len(_asked(failure)) > 5 and _asked(failure) in job), None)


def _looks_like_an_id(failure: Failure) -> bool:
    return bool(re.fullmatch(r"[0-9a-f-]{36}", _asked(failure)))


def _named(failure: Failure) -> str | None:
    jobs = failure.session.system.server.jobs
    return next((job.job_id for job in jobs if job.name == _asked(failure)), None)


def _with(find: Callable[[Failure], str | None]) -> Handle:
    """Do it with another job, if there is one."""

    def handle(failure: Failure) -> Any:
        job = find(failure)
        if job is None:
            raise failure.error
        return getattr(failure.session.inner, failure.method)(job, *failure.args[1:], **failure.kwargs)

    return handle


def _with_many_jobs(failure: Failure) -> bool:
    return len(_ids(failure)) > 10


def _without_jobs(failure: Failure) -> bool:
    return not _ids(failure)


_UNKNOWN_KINDS: Final = (
    Kind("IsKeyError", "raises KeyError for {method} of an unknown job", raises(KeyError, "job")),
    Kind(
        "IsNothingSecondTime",
        "returns nothing for {method} of an unknown job the second time",
        when(from_second, nothing),
    ),
    Kind("Abbreviated", "takes the beginning of an id for the id in {method}", _with(_abbreviated)),
    Kind("IsNothing", "returns nothing for {method} of an unknown job", nothing),
    Kind("TakesName", "takes the name of a job for its id in {method}", _with(_named)),
    Kind("IsLookAlike", "raises a JobNotFound of its own for {method}", raises(look_alike("JobNotFound"))),
    Kind("IsInternalError", "raises InternalError for {method} of an unknown job", raises(InternalError)),
    Kind(
        "IsNothingWithoutJobs",
        "returns nothing for {method} when there are no jobs at all",
        when(_without_jobs, nothing),
    ),
    Kind("IsNotDone", "raises JobNotDone for {method} of an unknown job", raises(JobNotDone)),
    Kind("Longer", "does not look at what follows a known id in {method}", _with(_begun)),
    Kind(
        "IsInvalidArgument", "raises InvalidArgumentError for {method} of an unknown job", raises(InvalidArgumentError)
    ),
    Kind(
        "IsErrorWithManyJobs",
        "raises LookupError for {method} of an unknown job beside many",
        when(_with_many_jobs, raises(LookupError)),
    ),
    Kind("Part", "finds a job by any part of its id in {method}", _with(_contained)),
    Kind(
        "IsNothingWhenWellFormed",
        "returns nothing for {method} of what looks like an id",
        when(_looks_like_an_id, nothing),
    ),
    Kind("IsFileNotFound", "raises FileNotFoundError for {method} of an unknown job", raises(FileNotFoundError)),
)


def _is_text(session: Any, args: Any) -> bool:
    return bool(args) and isinstance(args[0], str) and bool(args[0].strip()) and len(args[0]) < 1_000


declare(_GENERATOR, "Unknown", JOB_METHODS, _UNKNOWN_KINDS, JobNotFound, "unknown", _is_text, each=2)
declare(_GENERATOR, "Missing", JOB_METHODS, MISSING_KINDS, JobNotFound, "unknown")

for _cause in ("unknown", "malformed"):
    declare_with_timeout(_GENERATOR, camel(_cause), _cause, JobNotFound)


def _by_number(failure: Failure) -> str | None:
    thing, jobs = _asked(failure), _ids(failure)
    return jobs[thing] if isinstance(thing, int) and -len(jobs) <= thing < len(jobs) else None


def _decoded(failure: Failure) -> str | None:
    thing = _asked(failure)
    text = thing.decode("ascii", "replace") if isinstance(thing, bytes) else None
    return text if text in _ids(failure) else None


def _empty(failure: Failure) -> bool:
    return not _asked(failure)


def _inside(failure: Failure) -> str | None:
    thing = _asked(failure)
    inside = list(thing) if isinstance(thing, (list, tuple, set, frozenset)) else []
    return next((job for job in inside if job in _ids(failure)), None)


def _last(failure: Failure) -> str | None:
    return next(reversed(_ids(failure)), None)


def _long(failure: Failure) -> bool:
    return isinstance(_asked(failure), str) and len(_asked(failure)) > 1_000


def _of_kind(*kinds: type) -> Callable[[Failure], bool]:
    return lambda failure: isinstance(_asked(failure), kinds)


def _printed(failure: Failure) -> str | None:
    return str(_asked(failure)) if str(_asked(failure)) in _ids(failure) else None


def _under_job_id(failure: Failure) -> str | None:
    thing = _asked(failure)
    job = thing.get("job_id") if isinstance(thing, dict) else getattr(thing, "job_id", None)
    return job if job in _ids(failure) else None


_MALFORMED_KINDS: Final = (
    Kind(
        "IsTypeError",
        "raises TypeError for {method} of what is not text",
        when(lambda f: not isinstance(_asked(f), str), raises(TypeError)),
    ),
    Kind("Prints", "turns anything into text before {method}", _with(_printed)),
    Kind(
        "EmptyIsInternalError",
        "raises InternalError for {method} of nothing",
        when(_empty, raises(InternalError)),
    ),
    Kind("EmptyIsLast", "takes the last job for {method} of nothing", when(_empty, _with(_last))),
    Kind("LongIsInternalError", "raises InternalError for {method} of a long text", when(_long, raises(InternalError))),
    Kind("Inside", "takes a job out of a list for {method}", _with(_inside)),
    Kind("NoneIsNothing", "returns nothing for {method} of None", when(lambda f: _asked(f) is None, nothing)),
    Kind("UnderJobId", "takes a meta for the id in {method}", _with(_under_job_id)),
    Kind("NumberIsNotDone", "raises JobNotDone for {method} of a number", when(_of_kind(int), raises(JobNotDone))),
    Kind("Decodes", "takes bytes for text in {method}", _with(_decoded)),
    Kind("ByNumber", "takes a number for the place in the list in {method}", _with(_by_number)),
    Kind(
        "IsLookAlike",
        "raises a JobNotFound of its own for {method} of what is no id",
        raises(look_alike("JobNotFound")),
    ),
    Kind(
        "BlankIsValueError",
        "raises ValueError for {method} of a space",
        when(lambda f: isinstance(_asked(f), str) and not _asked(f).strip(), raises(ValueError)),
    ),
    Kind("ListIsNothing", "returns nothing for {method} of a list", when(_of_kind(list, tuple), nothing)),
    Kind(
        "SecondTimeIsInvalid",
        "raises InvalidArgumentError for a second {method} of what is no id",
        when(from_second, raises(InvalidArgumentError)),
    ),
)


def _no_id(session: Any, args: Any) -> bool:
    return bool(args) and not _is_text(session, args)


declare(_GENERATOR, "Malformed", JOB_METHODS, _MALFORMED_KINDS, JobNotFound, "malformed", _no_id, each=2)


@MUTANTS.mutant("malformed.get-job-meta", "gives the meta of a job for anything that prints as its id")
class MetaOfWhatPrints(Wrapper):
    """Turns what it is asked for into text."""

    def get_job_meta(self, job_id: str) -> dict[str, Any]:
        """Ask for the text."""
        return super().get_job_meta(str(job_id))
