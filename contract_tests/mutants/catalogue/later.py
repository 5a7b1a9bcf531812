"""Sessions that are right at first: to the first user, at the first call, while the server is young and idle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from contract_tests.contract.interface import JOB_METHODS
from contract_tests.mutants.toolkit.failing import Failure, Kind, Noting, declare, nothing, raises
from contract_tests.mutants.toolkit.helpers import Body, Generator, camel, count
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import Wrapper
from flare_sim.spec import JobNotFound, SystemInfo

MUTANTS = VariantTable()
_GENERATOR = Generator(MUTANTS, globals())
_A_DAY: Final = 86_400.0

Occasion = Callable[[Wrapper, str, tuple[Any, ...]], bool]
"""Whether a call of a session, by its method and arguments, is one that goes wrong."""


def _jobs(session: Wrapper) -> Any:
    return session.system.server.jobs


def _by_second_user(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return session.user == session.system.users[1]


def _number(number: int) -> Occasion:
    return lambda session, method, args: count(session, method) == number


def _number_in_session(number: int) -> Occasion:
    def occasion(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
        counts = session.__dict__.setdefault("_counts", {})
        counts[method] = counts.get(method, 0) + 1
        return bool(counts[method] == number)

    return occasion


def _a_day_later(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    began = session.system.memory.setdefault("began", session.system.server.clock.time())
    return bool(session.system.server.clock.time() - began > _A_DAY)


def _while_a_job_runs(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return any(job.status == "RUNNING" for job in _jobs(session))


def _of_another_user(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return any(job.job_id == args[0] and job.submitter != session.user for job in _jobs(session)) if args else False


def _of_a_clone(session: Wrapper, method: str, args: tuple[Any, ...]) -> bool:
    return any(job.job_id == args[0] and job.cloned_from for job in _jobs(session)) if args else False


class _When(NamedTuple):
    """An occasion, with the words that a difference and a name end in."""

    name: str
    difference: str
    holds: Occasion
    on_job: bool = False


_WHEN: Final = (
    _When("ForSecondUser", "to the second user", _by_second_user),
    _When("ThirdTime", "the third time", _number(3)),
    _When("SeventhTime", "the seventh time", _number(7)),
    _When("FifthTimeInSession", "at the fifth call of a session", _number_in_session(5)),
    _When("ADayLater", "once the server has been used for a day", _a_day_later),
    _When("WhileRunning", "while a job runs", _while_a_job_runs),
    _When("OfOthers", "for a job of another user", _of_another_user, on_job=True),
    _When("OfClones", "for a clone", _of_a_clone, on_job=True),
)


def _wrong(method: str, when: _When, spoil: Callable[[Any], Any]) -> Body:
    """A method whose answer is spoilt on an occasion."""
    right = getattr(Wrapper, method)

    def body(self: Any, *args: Any, **kwargs: Any) -> Any:
        asked = args or tuple(kwargs.values())
        holds = when.holds(self, method, asked)
        answer = right(self, *args, **kwargs)
        return spoil(answer) if holds else answer

    body.__name__ = method
    return body


# --- answers of another type ----------------------------------------------------------------------------------------

_ANSWERS: Final[tuple[tuple[str, str, str, Callable[[Any], Any]], ...]] = (
    ("submit_job", "submit.returns-id", "returns the id in a tuple", lambda answer: (answer,)),
    ("clone_job", "clone.returns-id", "returns bytes from clone_job", lambda answer: answer.encode()),
    ("get_job_meta", "meta.dict", "returns the meta in a list", lambda answer: [answer]),
    ("list_jobs", "list.dicts", "lists jobs in a tuple", tuple),
    ("download_job_result", "download.text", "returns bytes for a result", lambda answer: answer.encode()),
    ("abort_job", "abort.returns-none", "returns True from abort_job", lambda answer: True),
    ("delete_job", "delete.returns-none", "returns True from delete_job", lambda answer: True),
    ("get_system_info", "system.parts", "returns system info as its text", str),
    ("monitor_job", "monitor.returns-code", "returns a code as a number", int),
    ("close", "close.returns-none", "returns True from close", lambda answer: True),
)


def _answer(method: str, clause: str, difference: str, spoil: Callable[[Any], Any]) -> None:
    for when in _WHEN:
        seldom = method == "close" and when.name in ("SeventhTime", "FifthTimeInSession", "ADayLater")
        if not seldom and (method in JOB_METHODS or not when.on_job):
            name = f"{camel(method)}OtherType{when.name}"
            _GENERATOR.session(name, clause, f"{difference} {when.difference}", {method: _wrong(method, when, spoil)})


for _method, _clause, _story, _spoil in _ANSWERS:
    _answer(_method, _clause, _story, _spoil)


# --- facts of jobs --------------------------------------------------------------------------------------------------

_FACTS: Final[tuple[tuple[str, str, str, Callable[[dict[str, Any]], dict[str, Any]]], ...]] = (
    ("Name", "meta.name", "tells names in capitals", lambda meta: {**meta, "name": meta["name"].upper() + "!"}),
    ("JobId", "meta.job-id", "cuts ids short", lambda meta: {**meta, "job_id": meta["job_id"][:-1]}),
    ("Status", "meta.status", "tells no status", lambda meta: {**meta, "status": None}),
    ("Owner", "submit.owner", "names root for the submitter", lambda meta: {**meta, "submitter_name": "root"}),
    ("Time", "submit.time", "is an hour off", lambda meta: {**meta, "submit_time": meta["submit_time"] - 3_600}),
    (
        "Keys",
        "meta.keys",
        "tells no submitter",
        lambda meta: {key: value for key, value in meta.items() if key != "submitter_name"},
    ),
)

_OF_CLONES: Final = {
    "meta.name": "clone.definition",
    "submit.owner": "clone.owner",
    "submit.time": "clone.starts-over",
}
"""The clause that is broken where a fact is wrong of clones alone."""

for _name, _clause, _story, _spoil in _FACTS:
    for _when in _WHEN:
        if _when.name not in ("ThirdTime", "SeventhTime"):
            _GENERATOR.session(
                f"Wrong{_name}{_when.name}",
                _OF_CLONES.get(_clause, _clause) if _when.name == "OfClones" else _clause,
                f"{_story} {_when.difference}",
                {"get_job_meta": _wrong("get_job_meta", _when, _spoil)},
            )


# --- lists and system info ------------------------------------------------------------------------------------------


def _without_clients(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info[:-1], info.job_info)


def _without_jobs(info: SystemInfo) -> SystemInfo:
    return SystemInfo(info.server_info, info.client_info, info.job_info[:-1])


def _later_start(info: SystemInfo) -> SystemInfo:
    info.server_info.start_time += 1
    return info


_LISTS: Final[tuple[tuple[str, str, str, str, Callable[[Any], Any]], ...]] = (
    ("LosesNewest", "list_jobs", "list.complete", "lists all jobs but the last", lambda jobs: jobs[:-1]),
    ("Doubles", "list_jobs", "list.ids", "lists the first job twice", lambda jobs: jobs[:1] + jobs),
    ("LosesClient", "get_system_info", "system.clients", "leaves out a client", _without_clients),
    ("LosesJob", "get_system_info", "system.jobs", "leaves out a job that is executed", _without_jobs),
    ("MovesStart", "get_system_info", "system.start-time-stays", "tells a later start time", _later_start),
)

for _name, _method, _clause, _story, _spoil in _LISTS:
    for _when in _WHEN:
        if not _when.on_job:
            _GENERATOR.session(
                f"{_name}{_when.name}",
                _clause,
                f"{_story} {_when.difference}",
                {_method: _wrong(_method, _when, _spoil)},
            )


def _at_most(number: int) -> Body:
    def list_jobs(self: Any, *args: Any, **kwargs: Any) -> Any:
        return Wrapper.list_jobs(self, *args, **kwargs)[-number:]

    return list_jobs


for _most in (20, 50, 128, 200, 256):
    _GENERATOR.session(
        f"ListsLast{_most}", "list.complete", f"lists the last {_most} jobs", {"list_jobs": _at_most(_most)}
    )


def _not_older(age: float) -> Body:
    def list_jobs(self: Any, *args: Any, **kwargs: Any) -> Any:
        since = self.system.server.clock.time() - age
        young = {job.job_id for job in _jobs(self) if job.submit_time > since}
        return [entry for entry in Wrapper.list_jobs(self, *args, **kwargs) if entry["job_id"] in young]

    return list_jobs


_GENERATOR.session("ListsToday", "list.complete", "lists jobs of the last day", {"list_jobs": _not_older(_A_DAY)})
_GENERATOR.session(
    "ListsThisWeek", "submit.listed", "lists jobs of the last week", {"list_jobs": _not_older(7 * _A_DAY)}
)


# --- jobs that are not there ----------------------------------------------------------------------------------------


def _when_failing(name: str, difference: str, occasion: Occasion, *, raising: bool) -> Kind:
    def handle(failure: Failure) -> Any:
        if not occasion(failure.session, failure.method, failure.args):
            raise failure.error
        return raises(KeyError)(failure) if raising else nothing(failure)

    what = "raises KeyError for" if raising else "returns nothing for"
    return Kind(name, f"{what} {{method}} of a job that is not there {difference}", handle)


_MISSING: Final = (
    _when_failing("ToSecondUser", "to the second user", _by_second_user, raising=False),
    _when_failing("WhileRunning", "while another runs", _while_a_job_runs, raising=True),
    _when_failing("ADayLater", "once the server has been used for a day", _a_day_later, raising=False),
)


def _was_there(session: Noting, args: Any) -> bool:
    return bool(args) and args[0] in session.system.memory.get("made", ())


class _Remembering(Noting):
    """Remembers what jobs were made."""

    def submit_job(self, job_definition_path: str) -> str:
        """Note the job."""
        job = super().submit_job(job_definition_path)
        self.system.memory.setdefault("made", set()).add(job)
        self.system.memory.setdefault("began", self.system.server.clock.time())
        return job


declare(_GENERATOR, "Missing", JOB_METHODS, _MISSING, JobNotFound, "unknown")
declare(_GENERATOR, "Gone", JOB_METHODS, _MISSING[::-1], JobNotFound, "delete.then", _was_there, base=_Remembering)
