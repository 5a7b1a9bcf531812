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
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import META, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.families import failures
from contract_tests.mutants.families.failures import Kind
from contract_tests.mutants.families.occasions import MISSING_KINDS
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import InternalError, InvalidArgumentError, JobNotDone, JobNotFound

_TEXT: Final = Condition(
    "for text that could be an id",
    lambda call: isinstance(call.job_id, str) and call.job_id.strip() and len(call.job_id) < 1_000,
)


def _ids(call: Call) -> list[str]:
    return [job.job_id for job in call.jobs]


def _first(ids: Iterable[str]) -> str | None:
    return next(iter(ids), None)


def _matching(match: Callable[[Any, str], Any]) -> Effect:
    """Do it to the first job of which something is true, given what was asked for and its id, if there is one."""
    return do.about(lambda call: _first(job for job in _ids(call) if match(call.job_id, job)))


_UNKNOWN_KINDS: Final = (
    Kind("raises KeyError for {method} of an unknown job", do.raises(KeyError, "job")),
    Kind("returns nothing for {method} of an unknown job the second time", do.nothing, failures.from_failure(2)),
    Kind(
        "takes the beginning of an id for the id in {method}",
        _matching(lambda asked, job: len(asked) > 5 and job.startswith(asked)),
    ),
    Kind("returns nothing for {method} of an unknown job", do.nothing),
    Kind(
        "takes the name of a job for its id in {method}",
        do.about(lambda call: _first(job.job_id for job in call.jobs if job.name == call.job_id)),
    ),
    Kind("raises a JobNotFound of its own for {method}", do.raises(failures.look_alike("JobNotFound"))),
    Kind("raises InternalError for {method} of an unknown job", do.raises(InternalError)),
    Kind("returns nothing for {method} when there are no jobs at all", do.nothing, lambda call: not call.jobs),
    Kind("raises JobNotDone for {method} of an unknown job", do.raises(JobNotDone)),
    Kind("does not look at what follows a known id in {method}", _matching(lambda asked, job: asked.startswith(job))),
    Kind("raises InvalidArgumentError for {method} of an unknown job", do.raises(InvalidArgumentError)),
    Kind(
        "raises LookupError for {method} of an unknown job beside many",
        do.raises(LookupError),
        lambda call: len(call.jobs) > 10,
    ),
    Kind(
        "finds a job by any part of its id in {method}", _matching(lambda asked, job: len(asked) > 5 and asked in job)
    ),
    Kind(
        "returns nothing for {method} of what looks like an id",
        do.nothing,
        lambda call: re.fullmatch(r"[0-9a-f-]{36}", call.job_id),
    ),
    Kind("raises FileNotFoundError for {method} of an unknown job", do.raises(FileNotFoundError)),
)

# --- what only looks like an id ---------------------------------------------------------------------------------------


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

_NORMAL_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "without blanks around it": str.strip,
    "in small letters": str.casefold,
    "in its normal form of Unicode": lambda text: unicodedata.normalize("NFKC", text),
    "as a path that is made plain": posixpath.normpath,
    "with what is escaped in an address": urllib.parse.unquote,
    "up to the first null": lambda text: text.partition("\0")[0],
    "without accents and what is invisible": _without_marks,
    "as the last part of a path": lambda text: text.replace("\\", "/").rstrip("/").split("/")[-1],
    "as an UUID, however it is written": _as_uuid,
    "as the first word of a command line": _as_word,
    "up to what would be a query": lambda text: re.split("[?#;,]", text)[0],
    "without any blanks": lambda text: "".join(text.split()),
    "without quotes and brackets": lambda text: text.strip("\"'`<>()[]{}"),
    "in Latin letters, of whatever script it looks like": lambda text: text.translate(_LATIN),
    "without an extension": lambda text: posixpath.splitext(text)[0],
    "as the first part of a path": lambda text: text.split("/")[0],
    "as its letters and digits": lambda text: re.sub(r"\W", "", text),
    "with what is escaped in HTML": html.unescape,
}
"""What a server might make of an id before it looks for the job."""


def _in_form(form: Callable[[str], str]) -> Effect:
    return _matching(lambda asked, job: form(asked) in (job, form(job)))


def _is_like(asked: str, job: str) -> bool:
    pattern = re.escape(asked).replace("%", ".*").replace("_", ".")
    return re.fullmatch(pattern, job) is not None


def _is_found(asked: str, job: str) -> bool:
    try:
        return re.fullmatch(asked, job) is not None
    except re.error:
        return False


_LOOK_ALIKE_KINDS: Final = (
    *(Kind(f"looks for a job in {{method}} by its id {how}", _in_form(form)) for how, form in _NORMAL_FORMS.items()),
    Kind(
        "takes an id for a pattern of files in {method}", _matching(lambda asked, job: fnmatch.fnmatchcase(job, asked))
    ),
    Kind("takes an id for a pattern of SQL in {method}", _matching(_is_like)),
    Kind("takes an id for a regular expression in {method}", _matching(_is_found)),
)


def _trimmed(where: Holds) -> Effect:
    return do.about(lambda call: job if where(call.about(job := call.job_id.strip())) else None)


_TRIM_KINDS: Final = tuple(
    Kind(f"takes an id without its blanks in {{method}} of a job that is {state}", _trimmed(where))
    for state, where in {"done": when.done, "a clone": when.clone, "another user's": when.others}.items()
)

# --- what is no id at all ---------------------------------------------------------------------------------------------


def _by_number(call: Call) -> str | None:
    thing, jobs = call.job_id, _ids(call)
    return jobs[thing] if isinstance(thing, int) and -len(jobs) <= thing < len(jobs) else None


def _under_job_id(asked: Any) -> Any:
    return asked.get("job_id") if isinstance(asked, dict) else getattr(asked, "job_id", None)


def _is(*kinds: type) -> Holds:
    return lambda call: isinstance(call.job_id, kinds)


_MALFORMED_KINDS: Final = (
    Kind("raises TypeError for {method} of what is not text", do.raises(TypeError), ~Condition("", _is(str))),
    Kind("turns anything into text before {method}", _matching(lambda asked, job: str(asked) == job)),
    Kind("raises InternalError for {method} of nothing", do.raises(InternalError), lambda call: not call.job_id),
    Kind(
        "takes the last job for {method} of nothing",
        do.about(lambda call: _first(reversed(_ids(call)))),
        lambda call: not call.job_id,
    ),
    Kind(
        "raises InternalError for {method} of a long text",
        do.raises(InternalError),
        lambda call: isinstance(call.job_id, str) and len(call.job_id) > 1_000,
    ),
    Kind(
        "takes a job out of a list for {method}",
        do.about(lambda call: _first(job for job in call.job_id if job in _ids(call))),
        _is(list, tuple, set, frozenset),
    ),
    Kind("returns nothing for {method} of None", do.nothing, lambda call: call.job_id is None),
    Kind("takes a meta for the id in {method}", _matching(lambda asked, job: _under_job_id(asked) == job)),
    Kind("raises JobNotDone for {method} of a number", do.raises(JobNotDone), _is(int)),
    Kind(
        "takes bytes for text in {method}",
        _matching(lambda asked, job: isinstance(asked, bytes) and asked.decode("ascii", "replace") == job),
    ),
    Kind("takes a number for the place in the list in {method}", do.about(_by_number)),
    Kind(
        "raises a JobNotFound of its own for {method} of what is no id", do.raises(failures.look_alike("JobNotFound"))
    ),
    Kind(
        "raises ValueError for {method} of a space",
        do.raises(ValueError),
        lambda call: isinstance(call.job_id, str) and not call.job_id.strip(),
    ),
    Kind("returns nothing for {method} of a list", do.nothing, _is(list, tuple)),
    Kind(
        "raises InvalidArgumentError for a second {method} of what is no id",
        do.raises(InvalidArgumentError),
        failures.from_failure(2),
    ),
)

_FAULTS: Final[Faults] = {
    "malformed.get-job-meta": {
        "gives the meta of a job for anything that prints as its id": on(
            META, do.passing(job_id=lambda call: str(call.job_id))
        ),
    },
}

_wrong = partial(failures.wrong, JOB_METHODS, error=JobNotFound)

MUTANTS: Final = mutants(
    __name__,
    _wrong(_UNKNOWN_KINDS, clause="unknown", concerns=_TEXT),
    _wrong(MISSING_KINDS, clause="unknown"),
    _wrong(_LOOK_ALIKE_KINDS, clause="unknown", concerns=_TEXT, each=7),
    _wrong(_TRIM_KINDS, clause="unknown", concerns=_TEXT, each=1),
    _wrong(_MALFORMED_KINDS, clause="malformed", concerns=~_TEXT),
    *(failures.with_timeout(JobNotFound, family) for family in ("unknown", "malformed")),
    _FAULTS,
)
