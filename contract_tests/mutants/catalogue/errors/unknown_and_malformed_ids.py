"""Sessions that find a job for an id that is none, or raise another error than JobNotFound."""

from __future__ import annotations

import fnmatch
import html
import posixpath
import re
import shlex
import unicodedata
import urllib.parse
import uuid
from collections.abc import Callable
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.occasions import MISSING_KINDS
from contract_tests.mutants.toolkit.wrong_answers import is_done
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


_Normal = Callable[[str], str]


def _as_uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] not in "MC")


def _as_word(text: str) -> str:
    try:
        return shlex.split(text)[0]
    except (ValueError, IndexError):
        return text


_LATIN: Final[dict[int, int]] = str.maketrans("\u0430\u0435\u0441\u043e\u0440\u2010\u2011\u2212", "aecop---")
"""Letters and dashes of other scripts, and those of ASCII that they look like."""

_NORMAL_FORMS: Final[tuple[tuple[str, str, _Normal], ...]] = (
    ("Trims", "without blanks around it", str.strip),
    ("FoldsCase", "in small letters", str.casefold),
    ("Compatible", "in its normal form of Unicode", lambda text: unicodedata.normalize("NFKC", text)),
    ("Path", "as a path that is made plain", posixpath.normpath),
    ("Unquotes", "with what is escaped in an address", urllib.parse.unquote),
    ("CutAtNull", "up to the first null", lambda text: text.partition("\0")[0]),
    ("WithoutMarks", "without accents and what is invisible", _without_marks),
    ("LastPart", "as the last part of a path", lambda text: text.replace("\\", "/").rstrip("/").split("/")[-1]),
    ("AsUuid", "as an UUID, however it is written", _as_uuid),
    ("AsWord", "as the first word of a command line", _as_word),
    ("BeforeQuery", "up to what would be a query", lambda text: re.split("[?#;,]", text)[0]),
    ("WithoutBlanks", "without any blanks", lambda text: "".join(text.split())),
    ("WithoutQuotes", "without quotes and brackets", lambda text: text.strip("\"'`<>()[]{}")),
    ("LatinLetters", "in Latin letters, of whatever script it looks like", lambda text: text.translate(_LATIN)),
    ("WithoutExtension", "without an extension", lambda text: posixpath.splitext(text)[0]),
    ("FirstPart", "as the first part of a path", lambda text: text.split("/")[0]),
    ("LettersAndDigits", "as its letters and digits", lambda text: re.sub(r"\W", "", text)),
    ("FromHtml", "with what is escaped in HTML", html.unescape),
)
"""What a server might make of an id before it looks for the job."""


def _in_form(form: _Normal) -> Callable[[Failure], str | None]:
    def find(failure: Failure) -> str | None:
        asked = _asked(failure)
        found = (job for job in _ids(failure) if form(asked) in (job, form(job)))
        return next(found, None)

    return find


def _matching(match: Callable[[str, str], object]) -> Callable[[Failure], str | None]:
    return lambda failure: next((job for job in _ids(failure) if match(_asked(failure), job)), None)


def _is_globbed(asked: str, job: str) -> bool:
    return fnmatch.fnmatchcase(job, asked)


def _is_like(asked: str, job: str) -> bool:
    pattern = re.escape(asked).replace("%", ".*").replace("_", ".")
    return re.fullmatch(pattern, job) is not None


def _is_found(asked: str, job: str) -> bool:
    try:
        return re.fullmatch(asked, job) is not None
    except re.error:
        return False


_LOOK_ALIKE_KINDS: Final = (
    *(
        Kind(name, f"looks for a job in {{method}} by its id {how}", _with(_in_form(form)))
        for name, how, form in _NORMAL_FORMS
    ),
    Kind(
        "AsGlob",
        "takes an id for a pattern of files in {method}",
        _with(_matching(_is_globbed)),
    ),
    Kind("AsLike", "takes an id for a pattern of SQL in {method}", _with(_matching(_is_like))),
    Kind("AsRegex", "takes an id for a regular expression in {method}", _with(_matching(_is_found))),
)

declare(_GENERATOR, "ById", JOB_METHODS, _LOOK_ALIKE_KINDS, JobNotFound, "unknown", _is_text, each=7)


_STATES: Final[tuple[tuple[str, str, Callable[[Any, Wrapper], bool]], ...]] = (
    ("Done", "done", lambda job, session: is_done(job.status)),
    ("Cloned", "a clone", lambda job, session: bool(job.cloned_from)),
    ("Others", "another user's", lambda job, session: job.submitter != session.user),
)


def _trimmed(of: Callable[[Any, Wrapper], bool]) -> Callable[[Failure], str | None]:
    def find(failure: Failure) -> str | None:
        jobs = [job for job in failure.session.system.server.jobs if job.job_id == _asked(failure).strip()]
        return next((job.job_id for job in jobs if of(job, failure.session)), None)

    return find


_TRIM_KINDS: Final = tuple(
    Kind(f"Trims{name}", f"takes an id without its blanks in {{method}} of a job that is {state}", _with(_trimmed(of)))
    for name, state, of in _STATES
)

declare(_GENERATOR, "ById", JOB_METHODS, _TRIM_KINDS, JobNotFound, "unknown", _is_text, each=1)


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
