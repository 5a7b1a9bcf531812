"""The axes of the grid: the effects, with the methods each fits, and the conditions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from contract_tests.contract.interface import METHODS
from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import Change, on
from contract_tests.mutants.algebra.call import Call, Effect
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.algebra.relatives import Pick
from flare_sim.spec import ClientInfo, InternalError, JobInfo, JobNotFound, MonitorReturnCode, ServerInfo

ALL: Final = tuple(method.name for method in METHODS)
ABOUT_A_JOB: Final = ("clone_job", "get_job_meta", "download_job_result", "abort_job", "delete_job", "monitor_job")
ACTS: Final = ("submit_job", "clone_job", "abort_job", "delete_job", "close")
READS: Final = ("get_job_meta", "list_jobs", "get_system_info", "download_job_result")
MAKERS: Final = ("submit_job", "clone_job")
TOLD: Final = ("get_job_meta", "list_jobs")
LIST, INFO, MONITOR = ("list_jobs",), ("get_system_info",), ("monitor_job",)


class AnEffect(NamedTuple):
    """An effect of the grid.

    Attributes:
        name: what it does, as a sentence without a subject.
        methods: those it fits.
        change: what it makes of a method and a condition.
        entries: whether it is about jobs told of: the condition is one of each of them then.
        step: whether it is one of a step of the monitor.
    """

    name: str
    methods: tuple[str, ...]
    change: Callable[[str, Condition], Change]
    entries: bool = False
    step: bool = False


class ACondition(NamedTuple):
    """A condition of the grid.

    Attributes:
        name: the words that continue the sentence of an effect.
        holds: the condition.
        job: whether it is one of a job, and fits only where there is one.
        methods: the methods it fits.
    """

    name: str
    holds: Condition
    job: bool = False
    methods: tuple[str, ...] = ALL


# --- effects ----------------------------------------------------------------------------------------------------------


def _at(name: str, methods: tuple[str, ...], effect: Effect) -> AnEffect:
    return AnEffect(name, methods, lambda method, holds: on(method, effect, holds))


def _besides(what: str, act: str, pick: Pick) -> AnEffect:
    """Something is done to another job as well: after the call, or before one that leaves a session of no use."""
    made = {method: (do.first if method == "close" else do.then)(do.does(act, pick)) for method in ALL}
    return AnEffect(f"{what} besides", ALL, lambda method, holds: on(method, made[method], holds))


def _step(name: str, step: str, effect: Effect) -> AnEffect:
    return AnEffect(name, MONITOR, lambda method, holds: on(step, effect, holds), step=True)


def _of_jobs(name: str, make: Callable[[Condition], Effect], methods: tuple[str, ...] = TOLD) -> AnEffect:
    return AnEffect(name, methods, lambda method, holds: on(method, make(holds)), entries=True)


def another(call: Call) -> Any:
    """The first job that is not the one the call is about, and that its user submitted."""
    others = (one.job_id for one in call.jobs if one.job_id != call.job_id and one.submitter == call.user)
    return next(others, None)


def another_in(begins: str) -> Pick:
    """The first other job in a status."""
    return lambda call: next(
        (one.job_id for one in call.jobs if one.job_id != call.job_id and one.status.startswith(begins)), None
    )


def _does_too(call: Call) -> None:
    do.does(call.point, another)(call)


def _same_object(call: Call) -> Any:
    """Hand out what was handed out before, brought up to date."""
    answer = call.go()
    kept = call.memory.setdefault(("object", call.point, do.by_arguments(call)), answer)
    if kept is not answer and isinstance(answer, (dict, list)):
        kept.clear()
        kept.update(answer) if isinstance(answer, dict) else kept.extend(answer)
    elif kept is not answer:
        kept.__dict__.update(vars(answer))
    return kept


def _shares_entries(call: Call) -> Any:
    """Hand out the dicts of entries that were handed out before, brought up to date."""
    kept: dict[str, dict[str, Any]] = call.memory.setdefault("entries", {})
    jobs = []
    for entry in call.go():
        jobs.append(kept.setdefault(entry["job_id"], {}))
        jobs[-1].update(entry)
    return jobs


def _another_status(meta: dict[str, Any], call: Call) -> str:
    return "RUNNING" if meta["status"] != "RUNNING" else "SUBMITTED"


def _plain_in_detail(call: Call) -> Any:
    return call.go(detailed=False)


def _done_jobs(jobs: list[Any], call: Call) -> list[Any]:
    done = [one for one in call.jobs if one.status.startswith("FINISHED")]
    return [*jobs, *(JobInfo(one.job_id, "app") for one in done[:1])]


def _fresh_clients(clients: list[Any], call: Call) -> list[Any]:
    return [ClientInfo(client.name, call.now) for client in clients]


def _empty_folder(call: Call) -> Any:
    path = call.go()
    for mark in Path(path).rglob("*.txt") if Path(path).is_dir() else ():
        mark.unlink()
    return path


def _writes_into_folder(call: Call) -> Any:
    answer = call.go()
    (Path(call["job_definition_path"]) / ".submitted").touch()
    return answer


def _earlier_folder(call: Call) -> Any:
    earlier = [each for each in call.earlier("submit_job") if each.answer]
    folder = earlier[-1]["job_definition_path"] if earlier else None
    answer = call.go()
    if folder is None or not Path(folder).is_dir():
        return answer
    call.inner.delete_job(answer)
    return call.inner.submit_job(folder)


def _returns_earlier(call: Call) -> Any:
    earlier = [each.answer for each in call.earlier("submit_job", "clone_job") if each.answer]
    return earlier[-1] if (call.go(), earlier)[1] else call.answer


def _old_meta(call: Call) -> Any:
    return call.go(meta=dict(call.monitor.metas[max(0, len(call.monitor.metas) - 2)]))


EFFECTS: Final = (
    _at("raises KeyError", ALL, do.raises(KeyError)),
    _at("raises InternalError", ALL, do.raises(InternalError)),
    _at("raises JobNotFound", ABOUT_A_JOB, do.raises(JobNotFound)),
    _at("does nothing, and answers nothing", ALL, do.nothing),
    _at("does it, then raises KeyError", ACTS, do.then_raises(KeyError)),
    _at("does it twice", ACTS, do.twice),
    _at("answers as before", READS, do.remembers(do.by_arguments)),
    _at("does it to another job instead", ABOUT_A_JOB, do.about(another)),
    _at("does it to another job, too", ("clone_job", "abort_job", "delete_job"), do.then(_does_too)),
    _besides("aborts a running job", "abort_job", another_in("RUNNING")),
    _besides("aborts a waiting job", "abort_job", another_in("SUBMITTED")),
    _besides("deletes a done job", "delete_job", another_in("FINISHED")),
    _besides("clones a job", "clone_job", another),
    _at("closes the session", tuple(name for name in ALL if name != "close"), do.then(lambda call: call.inner.close())),
    _at("hands out the object of before, brought up to date", ("get_job_meta", *LIST, *INFO), _same_object),
    _at("hands out the entries of before, brought up to date", LIST, _shares_entries),
    _of_jobs("tells another status", lambda holds: do.tells(holds, status=_another_status)),
    _of_jobs("tells another name", lambda holds: do.tells(holds, name="another")),
    _of_jobs("tells another user", lambda holds: do.tells(holds, submitter_name="another")),
    _of_jobs(
        "tells a time of submission of a day before",
        lambda holds: do.told(
            lambda meta, call: (
                {**meta, "submit_time": meta["submit_time"] - 86_400}
                if isinstance(meta.get("submit_time"), float)
                else meta
            ),
            holds,
        ),
    ),
    _of_jobs("tells no status", lambda holds: do.lacks("status", where=holds)),
    _of_jobs("leaves a job out", do.leaves_out, LIST),
    _of_jobs(
        "lists a job twice",
        lambda holds: do.adds(lambda jobs, call: [job for job in jobs if holds(call.about(job["job_id"]))]),
        LIST,
    ),
    _at("lists a job that nobody made", LIST, do.adds(do.ghosts)),
    _at("tells no more in detail", LIST, _plain_in_detail),
    _at("lists the jobs of all users", LIST, lambda call: call.go(all=True)),
    _at("leaves out a client", INFO, do.informs(clients=lambda clients, call: clients[:-1])),
    _at(
        "tells of a client that there is not",
        INFO,
        do.informs(clients=lambda clients, call: [*clients, ClientInfo("site-99", call.now)]),
    ),
    _at("tells of every client that it was heard of just now", INFO, do.informs(clients=_fresh_clients)),
    _at("leaves out the jobs", INFO, do.informs(jobs=lambda jobs, call: [])),
    _at("tells of a job that is done", INFO, do.informs(jobs=_done_jobs)),
    _at(
        "tells that the server was started just now",
        INFO,
        do.informs(server=lambda server, call: ServerInfo(server.status, call.now)),
    ),
    _at(
        "tells that the server is stopped",
        INFO,
        do.informs(server=lambda server, call: ServerInfo("stopped", server.start_time)),
    ),
    _at("loses what the job left", ("download_job_result",), _empty_folder),
    _at("writes into the folder", ("submit_job",), _writes_into_folder),
    _at("submits the folder of before", ("submit_job",), _earlier_folder),
    _at("returns the id of the job made before", MAKERS, _returns_earlier),
    _at("returns TIMEOUT", MONITOR, do.answers(lambda code: MonitorReturnCode.TIMEOUT)),
    _at("returns ENDED_BY_CB", MONITOR, do.answers(lambda code: MonitorReturnCode.ENDED_BY_CB)),
    _at("returns JOB_FINISHED", MONITOR, do.answers(lambda code: MonitorReturnCode.JOB_FINISHED)),
    _step("leaves out a call of the callback", "call", do.gives(value=True)),
    _step("calls the callback twice", "call", do.twice),
    _step("gives the callback the meta of the poll before", "call", _old_meta),
    _step("gives the callback the session it wraps", "call", lambda call: call.go(session=call.inner)),
    _step("gives the callback no further arguments", "call", lambda call: call.go(args=(), kwargs={})),
    _step("swallows what the callback raises", "call", do.swallows(Exception, value=True)),
    _step("goes on when the callback says no", "ends", do.gives(value=False)),
    _step("ends when the callback says yes", "ends", do.gives(value=True)),
    _step("goes on when the job is done", "finished", do.gives(value=False)),
    _step("ends although the job is not done", "finished", do.gives(value=True)),
    _step("goes on when the time is up", "timed_out", do.gives(value=False)),
    _step("sleeps twice as long", "sleep", lambda call: call.go(seconds=2 * call["seconds"])),
    _step("sleeps half as long", "sleep", lambda call: call.go(seconds=call["seconds"] / 2)),
    _step("polls twice", "poll", do.twice),
)

# --- conditions -------------------------------------------------------------------------------------------------------


def _pairs() -> tuple[ACondition, ...]:
    """Sequences of two conditions: those that single ones are most likely to hide behind."""
    firsts = (
        ("for a clone", when.clone, True),
        ("to the second user", when.second_user, False),
        ("in a later session", when.later_session, False),
        ("while a job runs", when.while_running, False),
        ("for a job of another user", when.others, True),
        ("after an outage", when.after("outage"), False),
    )
    seconds = (
        ("for a job that is done", when.done, True),
        ("for a job that waits", when.waiting, True),
        ("for a job that runs", when.running, True),
        ("for a clone of another user's job", when.original(when.others), True),
        ("after a deletion", when.after("delete_job"), False),
        ("in a session opened after an outage", when.opened(when.after("outage")), False),
        ("after a day", when.used_for(86_400.0), False),
        ("in a callback", when.in_callback, False),
    )
    return tuple(
        ACondition(f"{one}, {other}", first & second, job or of_job)
        for one, first, job in firsts
        for other, second, of_job in seconds
    )


def _namesake(call: Call) -> bool:
    known = call.job
    return known is not None and any(one.name == known.name and one.job_id != known.job_id for one in call.jobs)


def _folder_again(call: Call) -> bool:
    folders = [each["job_definition_path"] for each in call.system.calls_of("submit_job") if each.answer]
    if call.point == "submit_job":
        return call["job_definition_path"] in folders
    made = call.birth
    return made is not None and made.point == "submit_job" and folders.count(made["job_definition_path"]) > 1


def _first_since_trouble(call: Call) -> bool:
    """Whether it is the first of its kind since the server is well again, whichever session makes it."""
    well = when.last(call, "recover", "behave")
    return well is not None and not any(each.place > well.place for each in call.earlier(call.point))


def _other_session_waits(call: Call) -> bool:
    return any(
        not each.over and each.point == "monitor_job" and each.session is not call.session
        for each in call.earlier("monitor_job")
    )


def _another_user(one: Call, other: Call) -> bool:
    return not when.same_user(one, other)


CONDITIONS: Final = (
    ACondition("always", when.always),
    *(ACondition(f"the {when.ordinal(number)} time", when.nth(number)) for number in (2, 3, 11, 101)),
    ACondition("the 3rd time that it goes well", Condition("", lambda call: when.count(call, when.went_well) == 3)),
    *(ACondition(f"at call {number} of a session", when.nth_here(number)) for number in (2, 5)),
    *(ACondition(f"the {when.ordinal(number)} time for a job", when.nth_about(number), True) for number in (2, 5)),
    ACondition("to the second user", when.second_user),
    ACondition("in a later session", when.later_session),
    ACondition("in a thread that has not opened the session", ~when.where_opened),
    ACondition("in a second session of a user", Condition("", lambda call: _sessions_of_user(call) > 1)),
    *(ACondition(f"after {point}", when.after(point)) for point in (*ALL[:7], "monitor_job", "close")),
    *(ACondition(f"right after {point}", when.right_after(point)) for point in (*ALL[:7], "monitor_job", "close")),
    *(
        ACondition(
            f"after {point} by another session",
            when.after(point, like=lambda one, other: not when.same_session(one, other)),
        )
        for point in ("submit_job", "clone_job", "abort_job", "delete_job")
    ),
    ACondition("after an outage", when.after("outage")),
    ACondition("in an outage", when.in_outage),
    ACondition("for the first time after an outage", Condition("", _first_since_trouble)),
    ACondition("after a session of another user was closed", when.after("close", like=_another_user)),
    ACondition("in a session that the server has ended", when.lost),
    ACondition("after the server lost its sessions", when.after("lose_sessions")),
    ACondition("after the server misbehaved", when.after("misbehave")),
    ACondition("after a client dropped out", when.after("drop_client")),
    ACondition("after a client connected", when.after("connect_client")),
    ACondition("after an error", when.after_error(Exception)),
    ACondition("after an error of the session", when.after_error(Exception, like=when.same_session)),
    ACondition("while a job runs", when.while_running),
    ACondition("while another job runs", when.another_job(when.running)),
    ACondition("while another job waits", when.another_job(when.waiting)),
    ACondition("while there are eleven jobs", Condition("", lambda call: len(call.jobs) >= 11)),
    ACondition("while there is no job", Condition("", lambda call: not call.jobs)),
    ACondition("for a job that waits", when.waiting, True),
    ACondition("for a job that is dispatched", when.dispatched, True),
    ACondition("for a job that runs", when.running, True),
    ACondition("for a job that is completed", when.completed, True),
    ACondition("for a job that was aborted", when.aborted, True),
    ACondition("for a job that failed", when.status("FINISHED:EXECUTION_EXCEPTION"), True),
    ACondition("for a job that could not be scheduled", when.given_up, True),
    ACondition("for a job that was told of before", when.told_by(*TOLD), True),
    ACondition("for a clone", when.clone, True),
    ACondition("for a clone of a clone", when.original(when.clone), True),
    ACondition("for a job that has a clone", Condition("", lambda call: bool(when.clones_of(call))), True),
    ACondition("for a job of another user", when.others, True),
    ACondition("for a job of another session", ~when.made_here & when.exists, True),
    ACondition("for a job of a closed session", when.maker_closed, True),
    ACondition("for the newest job", when.newest, True),
    ACondition("for the first job", when.made(1), True),
    ACondition("for the second job", when.made(2), True),
    ACondition("for the eleventh job", when.made(11), True),
    ACondition("for a job that was made after a deletion", when.birth(when.after("delete_job")), True),
    ACondition("for a job that was made in a callback", when.birth(when.in_callback), True),
    ACondition("for a job that was deleted", when.deleted, True),
    ACondition("for a job that has a namesake", Condition("", _namesake), True),
    ACondition("for a folder that was submitted before", Condition("", _folder_again), True, (*ALL[:4], "submit_job")),
    *(
        ACondition(f"for a job submitted more than {words} ago", when.older(seconds), True)
        for words, seconds in (("a minute", 60.0), ("an hour", 3_600.0), ("a day", 86_400.0))
    ),
    *(
        ACondition(f"once the server has been used for {words}", when.used_for(seconds))
        for words, seconds in (("a minute", 60.0), ("an hour", 3_600.0), ("a day", 86_400.0))
    ),
    ACondition("in a callback", when.in_callback),
    ACondition("in a callback of a callback", Condition("", lambda call: _depth(call) > 1)),
    ACondition("while another session monitors", Condition("", _other_session_waits)),
    ACondition("in detail", when.detailed, methods=LIST),
    ACondition("for all users", when.everyone, methods=LIST),
    ACondition("in detail for all users", when.detailed & when.everyone, methods=LIST),
    ACondition("with a callback", when.with_callback, methods=MONITOR),
    ACondition("without a callback", when.without_callback, methods=MONITOR),
    ACondition("with a timeout", when.timed, methods=MONITOR),
    ACondition("without a timeout", ~when.timed, methods=MONITOR),
    ACondition("with arguments by name", Condition("", lambda call: bool(call.named)), methods=(*LIST, *MONITOR)),
    *_pairs(),
)


def _sessions_of_user(call: Call) -> int:
    return sum(each.answer.user == call.user for each in call.earlier("open_session") if each.answer)


def _depth(call: Call) -> int:
    outer = call.outer
    return 0 if outer is None else _depth(outer) + (outer.point == "monitor_job")
