"""What holds at every point of any sequence of calls, whoever looks: promises about every job, list and answer.

The other checks try a promise where it is likeliest to break. These walk, and look at it from a drawn place after
every call; which session looks, and at which job, changes from one look to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from contract_tests import folders
from contract_tests.actor import Actor
from contract_tests.checks.monitored import is_code
from contract_tests.checks.registry import WALK, CheckTable
from contract_tests.checks.submit import is_time
from contract_tests.endings import JudgedElsewhere
from contract_tests.facts import NAMED, spoil
from contract_tests.interface import JOB_METHODS
from contract_tests.operations import Callback, Outcome, Step
from contract_tests.plan import BadJob
from contract_tests.scenario import Scenario
from contract_tests.sequences import ON_JOBS, Player
from contract_tests.situations import FLAGS
from contract_tests.states import finished
from contract_tests.system import NotClaimed
from contract_tests.walks import START

CHECKS = CheckTable()


class Look:
    """A look at the jobs during a walk.

    Attributes:
        s: the scenario.
        player: what has been made so far, by the contract's model.
        number: how many calls of the walk were made.
        user, actor: the session that looks, and its user.
        seen: what earlier looks have noted.
    """

    def __init__(self, s: Scenario, player: Player, number: int, seen: dict[Any, Any]) -> None:
        self.s = s
        self.player = player
        self.number = number
        self.user, self.actor = player.session(number)
        self.seen = seen

    def jobs(self, *, deleted: bool = False) -> list[int]:
        """The numbers of the jobs that are there, or that are not any more."""
        return [number for number, job in self.player.model.jobs.items() if job.deleted == deleted]

    def job(self, *, deleted: bool = False) -> int:
        """One of them, another one every time; 0 when there is none."""
        numbers = self.jobs(deleted=deleted)
        return numbers[self.number * 7 // 4 % len(numbers)] if numbers else 0

    def id(self, number: int) -> str:
        """The id of a job."""
        return self.player.model.ids[number]

    def owner(self, number: int) -> str:
        """The name of a job's submitter, or nothing where users have no names."""
        users = self.s.system.users
        return users[self.player.model.jobs[number].owner] if users else ""

    def read(self, number: int, by: Actor | None = None) -> dict[str, Any]:
        """The meta of a job, which has to be there."""
        outcome = (by or self.actor).do("get_job_meta", self.id(number))
        self.s.require(outcome.returned and isinstance(outcome.value, dict), f"the meta of job{number}", outcome)
        meta: dict[str, Any] = outcome.value
        return meta

    def facts(self, number: int, by: Actor | None = None) -> dict[str, Any]:
        """What the contract names of a job's meta; what else is in it may change by itself."""
        meta = self.read(number, by)
        return {key: meta.get(key) for key in NAMED}

    def flags(self) -> dict[str, bool]:
        """Flags of a list, other ones every time."""
        chosen: dict[str, bool] = FLAGS.values[(self.number // 4 + self.number) % len(FLAGS.values)]
        return chosen


_TAKE_TIME: Final = ("sleep", "monitor", "watch")
"""Calls that a system without a clock spends real time on."""

Judge = Callable[[Look], None]


def _walks(clause: str, judge: Judge, variant: str = "always") -> None:
    """A check that walks, and calls ``judge`` after every call."""

    @CHECKS.check(clause, variant=variant, kind=WALK)
    def body(s: Scenario, calls: list[list[Any]]) -> None:
        player = Player(s, judging=False)
        seen: dict[Any, Any] = {}
        for number, call in enumerate(calls):
            if (call[0] in ON_JOBS and not player.jobs) or (call[0] in _TAKE_TIME and s.system.clock is None):
                continue
            with suppress(JudgedElsewhere, NotClaimed):  # a walk goes on without what the system does not offer
                player.play(call)
                if number >= len(START) // 2 or len(calls) < len(START):
                    judge(Look(s, player, number, seen))


def _always(clause: str, variant: str = "always") -> Callable[[Judge], Judge]:
    """Declare a judge of what is looked at after every call."""

    def declare(judge: Judge) -> Judge:
        _walks(clause, judge, variant)
        return judge

    return declare


# --- what every answer is -------------------------------------------------------------------------------------------


def _is_text(s: Scenario, value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_ANSWERS: Final[dict[str, tuple[str, str, Callable[[Scenario, Any], bool]]]] = {
    "submit.returns-id": ("submit_job", "a str that is not empty", _is_text),
    "clone.returns-id": ("clone_job", "a str that is not empty", _is_text),
    "download.text": ("download_job_result", "a str", lambda s, value: isinstance(value, str)),
    "abort.returns-none": ("abort_job", "None", lambda s, value: value is None),
    "delete.returns-none": ("delete_job", "None", lambda s, value: value is None),
    "close.returns-none": ("close", "None", lambda s, value: value is None),
    "monitor.returns-code": ("monitor_job", "a MonitorReturnCode", is_code),
}


def _answers(clause: str, method: str, expected: str, right: Callable[[Scenario, Any], bool]) -> None:
    def judge(look: Look) -> None:
        begun = look.seen.get("steps", 0)
        for step in look.s.steps[begun:]:
            if step.operation.method == method and _to_return(step):
                right_answer = step.outcome.returned and right(look.s, step.outcome.value)
                look.s.require(right_answer, expected, step.outcome)
        look.seen["steps"] = len(look.s.steps)
        _try(look, method)

    _walks(clause, judge)


def _to_return(step: Step) -> bool:
    """Whether a call came back, as calls that are to be refused do not."""
    return step.outcome.returned


def _try(look: Look, method: str) -> None:
    """Call a method that changes nothing here, so that there is more to judge on the next look."""
    if method == "close":
        extra = look.s.open(look.user)
        for _ in range(3):
            extra.do("close")
    number = look.job()
    if not number:
        return
    job = look.player.model.jobs[number]
    mine = look.user in (0, job.owner)
    if method == "monitor_job":
        look.actor.monitor(look.id(number), Callback(then=False), *("more",) * (look.number % 2))
    elif (method == "abort_job" and job.final is not None and mine) or (method == "download_job_result" and mine):
        look.actor.do(method, look.id(number))


for _clause, (_method, _expected, _right) in _ANSWERS.items():
    _answers(_clause, _method, _expected, _right)


# --- every meta -----------------------------------------------------------------------------------------------------


@_always("meta.dict")
def _dict(look: Look) -> None:
    if look.job():
        look.read(look.job())


@_always("meta.keys")
def _keys(look: Look) -> None:
    if number := look.job():
        meta = look.read(number)
        missing = [key for key in NAMED if key not in meta]
        look.s.require(not missing, f"the keys {', '.join(NAMED)}", f"a meta without {', '.join(missing)}")


@_always("meta.job-id")
def _job_id(look: Look) -> None:
    if number := look.job():
        told = look.read(number).get("job_id")
        look.s.require(told == look.id(number), f"job_id to be the id of job{number}", look.s.tell(told))


@_always("meta.status")
def _status(look: Look) -> None:
    if number := look.job():
        told = look.read(number).get("status")
        look.s.require(isinstance(told, str) and told, "a status that is a str and not empty", look.s.tell(told))


@_always("meta.name")
@_always("clone.definition")
def _name(look: Look) -> None:
    """A name is what it was at first, and a clone has its original's; the walk's jobs have no other names."""
    if number := look.job():
        told = look.read(number).get("name")
        wanted = look.player.model.jobs[number].plan.name
        look.s.require(told == wanted, f"the name {wanted!r}", look.s.tell(told))


@_always("meta.fresh")
@_always("meta.sessions-agree")
def _sessions_agree(look: Look) -> None:
    """Two sessions read the same, however long one of them is open; where reading takes time, jobs may get on."""
    if number := look.job():
        others = [look.player.session(index) for index in range(4)]
        for user, other in others:
            if user == look.user and other is not look.actor:
                before = look.s.now()
                one, two = look.facts(number), look.facts(number, other)
                if look.s.now() == before:
                    look.s.unchanged(one, two, "the meta read by another session of the user")


@_always("meta.callers-copy")
def _callers_copy(look: Look) -> None:
    if number := look.job():
        before = look.s.now()
        meta = look.read(number)
        kept = {key: meta.get(key) for key in NAMED}
        spoil(meta)
        again = look.facts(number)
        if look.s.now() == before:
            look.s.unchanged(kept, again, "the meta after the caller has changed his own")


def _owner(look: Look) -> None:
    number = look.job()
    if not number or not look.owner(number):
        return
    wanted = look.owner(number)
    told = look.read(number).get("submitter_name")
    look.s.require(told == wanted, f"the submitter of job{number} to be {wanted}", look.s.tell(told))
    for entry in look.actor.entries(detailed=bool(look.number % 2), all=True):
        if entry.get("job_id") == look.id(number) and "submitter_name" in entry:
            told = entry["submitter_name"]
            look.s.require(told == wanted, f"job{number} to be listed as of {wanted}", look.s.tell(told))


_walks("submit.owner", _owner)
_walks("clone.owner", _owner)


@_always("submit.time")
def _time(look: Look) -> None:
    look.s.now()
    if number := look.job():
        made = next(step.outcome for step in look.s.steps if _made(step, look.id(number)))
        assert made.started is not None
        assert made.ended is not None
        is_time(look.s, look.read(number).get("submit_time"), made.started, made.ended)


def _made(step: Step, job: str) -> bool:
    return step.operation.method in ("submit_job", "clone_job") and step.outcome.value == job


@_always("submit.meta")
def _there(look: Look) -> None:
    for number in look.jobs():
        look.read(number)


@_always("submit.not-done")
def _not_done(look: Look) -> None:
    """A job has a first status, whoever looks first."""
    newest = len(look.player.ids)
    if newest and newest != look.seen.get("newest") and newest in look.jobs():
        look.seen["newest"] = newest
        made = next(step.outcome for step in look.s.steps if _made(step, look.id(newest)))
        told = str(look.read(newest).get("status"))
        if made.ended == look.s.now():
            look.s.require(not finished(told), f"job{newest}, just made, not to be done", told)


@_always("submit.new-id")
@_always("clone.new-id")
def _new_ids(look: Look) -> None:
    made = [step.outcome.value for step in look.s.steps if step.operation.method in ("submit_job", "clone_job")]
    ids = [job for job in made if isinstance(job, str)]
    again = [job for job in ids if ids.count(job) > 1]
    look.s.require(not again, "an id that no job had before", f"{look.s.tell(again[:1])} again")


@_always("life.final")
def _final(look: Look) -> None:
    """Every job that was seen to be done stays as it ended, for every session, in metas and in lists."""
    told = {number: look.read(number).get("status") for number in look.jobs()}
    numbers = {look.id(number): number for number in told}
    for entry in look.actor.entries(all=True):
        number = numbers.get(str(entry.get("job_id")), 0)
        if number and finished(str(told[number])):
            same = entry.get("status") == told[number]
            look.s.require(same, f"job{number} to be {told[number]} in the list", entry.get("status"))
    for number, status in told.items():
        ended = look.seen.setdefault(number, status) if finished(str(status)) else look.seen.get(number)
        look.s.require(ended in (None, status), f"job{number} to stay {ended}", status)


# --- every list -----------------------------------------------------------------------------------------------------


def _list(look: Look, **flags: bool) -> list[dict[str, Any]]:
    outcome = look.actor.do("list_jobs", **flags)
    right = outcome.returned and isinstance(outcome.value, list)
    look.s.require(right and all(isinstance(entry, dict) for entry in outcome.value), "a list of dicts", outcome)
    entries: list[dict[str, Any]] = outcome.value
    return entries


@_always("list.dicts")
def _dicts(look: Look) -> None:
    _list(look, **look.flags())


@_always("list.ids")
def _ids(look: Look) -> None:
    found = [entry.get("job_id") for entry in _list(look, **look.flags())]
    strange = [job for job in found if job not in look.player.ids]
    look.s.require(not strange, "ids of jobs that were made", look.s.tell(strange))
    look.s.require(len(found) == len(set(found)), "every job once", look.s.tell(found))


def _complete(look: Look) -> None:
    flags = look.flags()
    wanted = set(look.player.model.live(None if flags.get("all") else look.user))
    missing = wanted - {entry.get("job_id") for entry in _list(look, **flags)}
    look.s.require(not missing, "every job in the list", f"without {look.s.tell(sorted(missing))}")


for _clause in ("submit.listed", "clone.listed", "list.complete", "list.own-all-sessions", "list.all"):
    _walks(_clause, _complete)


def _no_deleted(look: Look) -> None:
    gone = {look.id(number) for number in look.jobs(deleted=True)}
    still = gone & {entry.get("job_id") for entry in _list(look, **look.flags())}
    look.s.require(not still, "no deleted job in the list", look.s.tell(sorted(still)))


for _clause in ("list.no-deleted", "delete.list"):
    _walks(_clause, _no_deleted)


def _own(look: Look) -> None:
    mine = look.player.model.live(look.user)
    for flags in ({}, {"detailed": True}, {"all": False}):
        found = [entry.get("job_id") for entry in _list(look, **flags)]
        others = [job for job in found if job not in mine]
        look.s.require(not others, "only jobs of the same user", f"{look.s.tell(others)} of another")


for _clause in ("list.own", "list.all-false"):
    _walks(_clause, _own)


@_always("list.status-agrees")
def _status_agrees(look: Look) -> None:
    if number := look.job():
        before = look.s.now()
        flags = {**look.flags(), "all": True}
        told = [entry.get("status") for entry in _list(look, **flags) if entry.get("job_id") == look.id(number)]
        status = look.read(number).get("status")
        if look.s.now() == before:
            look.s.require(told == [status], f"one entry of job{number}, with {status}", look.s.tell(told))


@_always("list.detailed-jobs")
def _detailed_jobs(look: Look) -> None:
    flags = {"all": True} if look.number // 4 % 2 else {}
    brief = [entry.get("job_id") for entry in _list(look, **flags)]
    detailed = [entry.get("job_id") for entry in _list(look, detailed=True, **flags)]
    look.s.require(sorted(map(str, brief)) == sorted(map(str, detailed)), look.s.tell(brief), look.s.tell(detailed))


@_always("list.detailed-more")
def _detailed_more(look: Look) -> None:
    flags = {"all": True} if look.number // 4 % 2 else {}
    detailed = {entry.get("job_id"): entry for entry in _list(look, detailed=True, **flags)}
    for entry in _list(look, **flags):
        more = detailed.get(entry.get("job_id"), entry)
        look.s.require(len(more) >= len(entry), f"at least {len(entry)} keys in detail", f"{len(more)} keys")


@_always("list.order")
def _order(look: Look) -> None:
    flags = look.flags()
    first, second = ([entry.get("job_id") for entry in _list(look, **flags)] for _ in range(2))
    look.s.require(first == second, f"the same order, {look.s.tell(first)}", look.s.tell(second))


# --- system info ----------------------------------------------------------------------------------------------------


def _info(look: Look) -> Any:
    outcome = look.actor.do("get_system_info")
    info = outcome.value
    parts = outcome.returned and hasattr(info, "server_info") and _are_lists(info)
    look.s.require(parts, "system info with server_info and the lists client_info and job_info", outcome)
    return info


def _are_lists(info: Any) -> bool:
    return all(isinstance(getattr(info, part, None), list) for part in ("client_info", "job_info"))


@_always("system.parts")
def _parts(look: Look) -> None:
    info = _info(look)
    for clients in info.client_info:
        look.s.require(hasattr(clients, "name"), "entries of clients that have a name", look.s.tell(clients))
    for job in info.job_info:
        look.s.require(hasattr(job, "job_id") and hasattr(job, "app_name"), "entries of jobs", look.s.tell(job))


@_always("system.server-status")
def _server_status(look: Look) -> None:
    status = _info(look).server_info.status
    look.s.require(isinstance(status, str) and status, "a status that is a str and not empty", look.s.tell(status))


def _start_time(look: Look) -> None:
    told = _info(look).server_info.start_time
    look.s.require(_is_number(told), "a start_time that is a number", look.s.tell(told))
    now = look.s.now() + look.s.slack
    look.s.require(told / look.s.system.time_unit <= now, "a start_time that is not in the future", look.s.tell(told))
    first = look.seen.setdefault("start", told)
    look.s.require(told == first, f"the start_time to stay {first}", look.s.tell(told))


for _clause in ("system.start-time", "system.start-time-stays"):
    _walks(_clause, _start_time)


def _clients(look: Look) -> None:
    if wanted := look.s.system.client_names:
        found = [client.name for client in _info(look).client_info]
        look.s.require(sorted(found) == sorted(wanted), f"one entry of each of {', '.join(wanted)}", look.s.tell(found))


for _clause in ("system.clients", "system.client-names"):
    _walks(_clause, _clients)


def _connect_times(look: Look) -> None:
    for client in _info(look).client_info:
        told = client.last_connect_time
        look.s.require(_is_number(told), f"a number for {client.name}", look.s.tell(told))
        now = look.s.now() + look.s.slack
        look.s.require(told / look.s.system.time_unit <= now, "a time that is not in the future", look.s.tell(told))
        before = look.seen.get(client.name, told)
        look.s.require(told >= before, f"the time of {client.name} not to move back", look.s.tell(told))
        look.seen[client.name] = told


for _clause in ("system.connect-time", "system.connect-time-moves"):
    _walks(_clause, _connect_times)


def _executing(look: Look) -> None:
    """What is executed is told, and nothing else: by the metas read at the same time."""
    before = look.s.now()
    told = [getattr(entry, "job_id", None) for entry in _info(look).job_info]
    statuses = {number: str(look.read(number).get("status")) for number in look.jobs()}
    if look.s.now() == before:
        missing = [number for number, status in statuses.items() if status == "RUNNING" and look.id(number) not in told]
        look.s.require(not missing, "an entry of every job that runs", f"none of job{missing[:1]}")
        ended = [number for number, status in statuses.items() if finished(status) and look.id(number) in told]
        look.s.require(not ended, "no entry of a job that is done", f"one of job{ended[:1]}")


for _clause in ("system.jobs", "system.only-running-jobs"):
    _walks(_clause, _executing)


@_always("delete.system-info")
def _no_deleted_info(look: Look) -> None:
    gone = [look.id(number) for number in look.jobs(deleted=True)]
    told = [entry.job_id for entry in _info(look).job_info if entry.job_id in gone]
    look.s.require(not told, "no deleted job in system info", look.s.tell(told))


@_always("system.app-name")
def _app_name(look: Look) -> None:
    for entry in _info(look).job_info:
        look.s.require(entry.app_name == folders.APP, f"the app {folders.APP!r}", look.s.tell(entry.app_name))


# --- what is refused ------------------------------------------------------------------------------------------------


def _gone(method: str) -> None:
    name = method.replace("_", "-")

    @_always(f"delete.then.{name}")
    def deleted(look: Look) -> None:
        if number := look.job(deleted=True):
            outcome = look.actor.do(method, look.id(number))
            look.s.require(outcome.raised("JobNotFound"), f"JobNotFound, as job{number} was deleted", outcome)

    @_always(f"unknown.{name}")
    def unknown(look: Look) -> None:
        known = look.player.ids
        nearly = [change(known[look.number % len(known)]) for change in _NEARLY] if known else []
        made_up = ["no-such-job", *(job for job in nearly if job not in known)]
        outcome = look.actor.do(method, made_up[look.number % len(made_up)])
        look.s.require(outcome.raised("JobNotFound"), "JobNotFound for an unknown job", outcome)


_NEARLY: Final[tuple[Callable[[str], str], ...]] = (
    lambda job: job + "0",
    lambda job: job[:-1],
    lambda job: job[1:],
    lambda job: job[:8] + "x" * (len(job) - 8),
    lambda job: f"x{job}",
)
"""Ids that are no job's, but nearly so."""

for _method in JOB_METHODS:
    _gone(_method)


def _refuses(kind: str) -> None:
    ways = len(folders.FAULTS[kind])

    @_always(f"submit.refuses.{kind}")
    def refused(look: Look) -> None:
        outcome = look.actor.do("submit_job", BadJob(f"{kind}/{look.number % ways}"))
        look.s.require(outcome.raised("InvalidJobDefinition"), "InvalidJobDefinition", outcome)


for _kind in folders.FAULTS:
    _refuses(_kind)


# --- what has no effect ---------------------------------------------------------------------------------------------


def _facts(look: Look) -> dict[int, dict[str, Any]]:
    """What every job is, as far as nothing but an event of its own may change it."""
    facts = {}
    for number in look.jobs():
        facts[number] = look.facts(number, look.player.session(look.number + 1)[1])
    return facts


def _unmoved(look: Look, act: Callable[[], Outcome | None], but: int = 0) -> None:
    """The assertion that an act changes nothing about any job, but for one; time may go on meanwhile."""
    before, then = _facts(look), look.s.now()
    act()
    for number, facts in _facts(look).items():
        if number == but or number not in before:
            continue
        was = before[number]
        by_itself = facts["status"] != "FINISHED:ABORTED" or look.player.model.jobs[number].aborted
        if look.s.now() != then and by_itself:
            was = {**was, "status": facts["status"]}
        look.s.unchanged(was, facts, f"job{number}")
    listed = {entry.get("job_id") for entry in _list(look, all=True)}
    missing = [number for number in before if number != but and look.id(number) not in listed]
    look.s.require(not missing, "every job in the list still", f"without job{missing[:1]}")
    made = len(listed) - len(before) + (1 if but and look.id(but) not in listed else 0)
    look.s.require(not made, "no other job", f"{len(listed)} jobs in the list")


def _no_effect(clause: str, method: str) -> None:
    @_always(clause)
    def judge(look: Look) -> None:
        number = look.job()
        if not number or look.number % 2:
            return
        job = look.player.model.jobs[number]
        actor = look.actor if look.user in (0, job.owner) else look.player.session(0)[1]
        if method == "list_jobs":
            _unmoved(look, lambda: look.actor.do(method, **look.flags()))
        elif method == "get_system_info":
            _unmoved(look, lambda: look.actor.do(method))
        elif method == "monitor_job":
            _unmoved(look, lambda: look.actor.monitor(look.id(number), Callback(then=False)))
        elif method == "clone_job":
            _unmoved(look, lambda: look.player.play(["clone", look.number, number]))
        else:
            _unmoved(look, lambda: actor.do(method, look.id(number)))


for _clause, _method in (
    ("meta.no-effect", "get_job_meta"),
    ("list.no-effect", "list_jobs"),
    ("system.no-effect", "get_system_info"),
    ("download.no-effect", "download_job_result"),
    ("monitor.callback-end-no-effect", "monitor_job"),
):
    _no_effect(_clause, _method)


@_always("abort.others")
def _abort_others(look: Look) -> None:
    number = look.job()
    if number and look.number % 3 == 0:
        _unmoved(look, lambda: look.player.play(["abort", look.number, number]), but=number)


@_always("delete.others")
def _delete_others(look: Look) -> None:
    number = look.job()
    if number and look.number % 3 == 0:
        _unmoved(look, lambda: look.player.play(["delete", look.number, number]), but=number)


@_always("abort.done-no-effect")
def _abort_done(look: Look) -> None:
    for number in look.jobs():
        job = look.player.model.jobs[number]
        before = look.facts(number)
        if finished(str(before.get("status"))) and number % 3 == look.number % 3:
            actor = look.actor if look.user in (0, job.owner) else look.player.session(0)[1]
            outcome = actor.do("abort_job", look.id(number))
            look.s.require(outcome.returned, f"no error for job{number}, which is done", outcome)
            look.s.unchanged(before, look.facts(number), f"job{number}")


# --- every monitor --------------------------------------------------------------------------------------------------


def _monitors(clause: str, right: Callable[[Look, int, Callback, Outcome], tuple[bool, str]]) -> None:
    @_always(clause)
    def judge(look: Look) -> None:
        number = look.job()
        if not number:
            return
        cb = Callback(then=False)
        outcome = look.actor.monitor(look.id(number), cb, "one", None, timeout=look.number % 2 * 50, two=2, three=None)
        look.s.require(cb.calls, "a call of the callback after the first poll", outcome)
        holds, expected = right(look, number, cb, outcome)
        look.s.require(holds, expected, _call(look, cb, outcome))


def _call(look: Look, cb: Callback, outcome: Outcome) -> str:
    call = cb.calls[0]
    told = look.s.tell([call.job_id, call.args, call.kwargs])
    return f"{len(cb.calls)} calls, the first with {told}, then {look.s.tell(outcome.value)}"


_monitors(
    "monitor.callback-session",
    lambda look, number, cb, outcome: (cb.calls[0].session is look.actor.session, "the session itself"),
)
_monitors(
    "monitor.callback-job-id",
    lambda look, number, cb, outcome: (cb.calls[0].job_id == look.id(number), f"the id of job{number}"),
)
_monitors(
    "monitor.callback-meta",
    lambda look, number, cb, outcome: (
        isinstance(cb.calls[0].meta, dict) and cb.calls[0].meta.get("job_id") == look.id(number),
        f"the meta of job{number}",
    ),
)
_monitors(
    "monitor.callback-args",
    lambda look, number, cb, outcome: (cb.calls[0].args == ("one", None), "the arguments 'one' and None"),
)
_monitors(
    "monitor.callback-kwargs",
    lambda look, number, cb, outcome: (
        cb.calls[0].kwargs.items() >= {"two": 2, "three": None}.items(),
        "two=2 and three=None",
    ),
)
_monitors(
    "monitor.callback-nothing-else",
    lambda look, number, cb, outcome: (
        set(cb.calls[0].kwargs) <= {"two", "three"} and len(cb.calls[0].args) <= 2,
        "nothing that nobody passed",
    ),
)
_monitors(
    "monitor.callback-false-first",
    lambda look, number, cb, outcome: (
        getattr(outcome.value, "name", "") == "ENDED_BY_CB"
        or (finished(str(cb.calls[0].meta.get("status"))) and getattr(outcome.value, "name", "") == "JOB_FINISHED"),
        "ENDED_BY_CB",
    ),
)
_monitors(
    "monitor.callback-false-no-more", lambda look, number, cb, outcome: (len(cb.calls) == 1, "no call after False")
)


@_always("monitor.finished")
def _monitor_finished(look: Look) -> None:
    number = look.job()
    if number and finished(str(look.read(number).get("status"))):
        for callback in (None, Callback()):
            outcome = look.actor.monitor(look.id(number), callback, timeout=look.number % 3)
            look.s.require(getattr(outcome.value, "name", "") == "JOB_FINISHED", "JOB_FINISHED", outcome)


@_always("monitor.callback-error")
def _monitor_error(look: Look) -> None:
    if number := look.job():
        error = _ERRORS[look.number % len(_ERRORS)]("of the callback")
        outcome = look.actor.monitor(look.id(number), Callback(answers=(error,)))
        look.s.require(outcome.error is error, f"the callback's {type(error).__name__}", outcome)


class _OfItsOwn(BaseException):
    """What no implementation knows."""


_ERRORS: Final[tuple[type[BaseException], ...]] = (
    ValueError,
    KeyError,
    StopIteration,
    TimeoutError,
    ConnectionError,
    _OfItsOwn,
    GeneratorExit,
    SystemExit,
    AttributeError,
    TypeError,
)
