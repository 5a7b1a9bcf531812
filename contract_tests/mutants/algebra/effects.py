"""What goes wrong: things that are done in place of a call, or with its answer.

An effect is any function of a `Call`; `Call.go` does what is right. Those here are the ones that many mutants share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from math import inf
from typing import Any, Final

from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.algebra.conditions import always
from contract_tests.mutants.algebra.relatives import Pick, picked
from contract_tests.reference import SimulatedSystem
from flare_sim import spec

Told = Callable[[dict[str, Any], Call], Any]
"""What is told of a job, given its meta, or its entry in a list, and a call that is about it."""


# --- not doing it, or otherwise ---------------------------------------------------------------------------------------


def gives(value: Any) -> Effect:
    """Do nothing and answer this."""
    return lambda call: value


skips: Final = gives(None)


def raises(error: type[BaseException], text: str = "that went wrong") -> Effect:
    """Do nothing and raise this."""

    def effect(call: Call) -> Any:
        raise error(text)

    return effect


def then_raises(error: type[BaseException], text: str = "that went wrong") -> Effect:
    """Do it and raise this."""
    return then(raises(error, text))


def first(act: Effect) -> Effect:
    """Do something before."""

    def effect(call: Call) -> Any:
        act(call)
        return call.go()

    return effect


def then(act: Effect) -> Effect:
    """Do something after it went well."""

    def effect(call: Call) -> Any:
        answer = call.go()
        act(call)
        return answer

    return effect


def after(answer: Any, act: Effect, where: Holds = always) -> Effect:
    """Do something after it answered this very thing, where a condition holds by then."""

    def effect(call: Call) -> Any:
        given = call.go()
        if given is answer and where(call):
            act(call)
        return given

    return effect


def on_error(
    act: Effect, error: type[BaseException] | tuple[type[BaseException], ...] = BaseException, when: Holds = always
) -> Effect:
    """Do something where it raises an error and a condition holds, and let that pass."""

    def effect(call: Call) -> Any:
        try:
            return call.go()
        except error:
            if when(call):
                act(call)
            raise

    return effect


def twice(call: Call) -> Any:
    """Do it, and once more."""
    call.go()
    return call.go()


def about(pick: Callable[[Call], Any]) -> Effect:
    """Do it to another job, where there is one to pick."""
    return lambda call: call.go() if (other := pick(call)) is None else call.go(job_id=other)


def passing(**changes: Any) -> Effect:
    """Do it with other arguments; a function among them is given the call."""
    return lambda call: call.go(**{name: _of(value, call) for name, value in changes.items()})


def _of(value: Any, *known: Any) -> Any:
    return value(*known) if callable(value) else value


def raising(error: type[BaseException] | tuple[type[BaseException], ...], handle: Callable[[Call, Any], Any]) -> Effect:
    """Do it, and where that raises an error answer what is made of the call and it, or raise what that raises."""

    def effect(call: Call) -> Any:
        try:
            return call.go()
        except error as raised:
            return handle(call, raised)

    return effect


def turns(
    error: type[BaseException], into: type[BaseException], text: str = "that went wrong", when: Holds = always
) -> Effect:
    """Raise another error where one is right."""

    def handle(call: Call, raised: BaseException) -> Any:
        if when(call):
            raise into(text) from raised
        raise raised

    return raising(error, handle)


def swallows(error: type[BaseException], value: Any = None, when: Holds = always) -> Effect:
    """Answer this where an error is right; a function is given the call."""

    def handle(call: Call, raised: BaseException) -> Any:
        if when(call):
            return _of(value, call)
        raise raised

    return raising(error, handle)


# --- answers ----------------------------------------------------------------------------------------------------------


def answers(change: Callable[[Any], Any]) -> Effect:
    """Answer what is made of the right answer."""
    return lambda call: change(call.go())


def answers_of(change: Callable[[Any, Call], Any]) -> Effect:
    """Answer what is made of the right answer and the call."""
    return lambda call: change(call.go(), call)


def instead_of(right: Any, wrong: Any, where: Holds = always) -> Effect:
    """Answer something else where this very thing is right, and a condition holds by then."""
    return answers_of(lambda answer, call: _of(wrong, call) if answer is right and where(call) else answer)


def tells(where: Holds = always, **changes: Any) -> Effect:
    """Tell of jobs, in metas and lists alike, with some values changed; a function is given the meta and the call."""
    return told(lambda meta, call: {**meta, **{key: _of(value, meta, call) for key, value in changes.items()}}, where)


def retells(where: Holds = always, **changes: Any) -> Effect:
    """Like ``tells``, of values that are told anyway."""

    def change(meta: dict[str, Any], call: Call) -> dict[str, Any]:
        return {key: _of(changes[key], meta, call) if key in changes else value for key, value in meta.items()}

    return told(change, where)


def told(change: Told, where: Holds = always) -> Effect:
    """Tell something else of the jobs of which something is true, in metas and in lists alike."""

    def one(meta: dict[str, Any], call: Call) -> Any:
        focus = call.about(meta["job_id"])
        return change(meta, focus) if where(focus) else meta

    def effect(call: Call) -> Any:
        answer = call.go()
        return [one(meta, call) for meta in answer] if isinstance(answer, list) else one(answer, call)

    return effect


def earlier(key: str, seconds: float = inf) -> Told:
    """What was told of a job before, for so many seconds since: a value for `tells`."""

    def value(meta: dict[str, Any], call: Call) -> Any:
        kept = call.memory.setdefault(("told", call.point, key), {})
        since, known = kept.get(call.job_id, (call.now, meta[key]))
        if call.now - since > seconds:
            since, known = call.now, meta[key]
        kept[call.job_id] = since, known
        return known

    return value


def lacks(*keys: str, where: Holds = always) -> Effect:
    """Tell of jobs without these keys."""
    return told(lambda meta, call: {key: value for key, value in meta.items() if key not in keys}, where)


def only(*keys: str, where: Holds = always) -> Effect:
    """Tell of jobs these keys alone."""
    return told(lambda meta, call: {key: value for key, value in meta.items() if key in keys}, where)


def shares_nested(meta: dict[str, Any], call: Call) -> dict[str, Any]:
    """The very lists and dicts in a meta that were told of its job before: for `told`."""
    kept = call.memory.setdefault(("nested", call.job_id), {})
    nested = {key: kept.setdefault(key, value) for key, value in meta.items() if isinstance(value, (dict, list))}
    return {**meta, **nested}


def refilled(kept: dict[Any, Any], fresh: Mapping[Any, Any]) -> dict[Any, Any]:
    """A dict that was handed out before, with what there is now."""
    kept.clear()
    kept.update(fresh)
    return kept


def leaves_out(where: Holds) -> Effect:
    """Leave the jobs out of lists of which something is true."""
    return lambda call: [entry for entry in call.go() if not where(call.about(entry["job_id"]))]


Part = Callable[[Any, Call], Any]
"""A part of what is told of the system, given the right one, and the call; its ``answer`` has all of them."""


def informs(server: Part | None = None, clients: Part | None = None, jobs: Part | None = None) -> Effect:
    """Tell of the system with some parts changed."""

    def effect(call: Call) -> Any:
        info = call.go()
        parts = zip((server, clients, jobs), (info.server_info, info.client_info, info.job_info), strict=True)
        return spec.SystemInfo(*(change(part, call) if change else part for change, part in parts))

    return effect


def adds(make: Callable[[list[dict[str, Any]], Call], list[dict[str, Any]]]) -> Effect:
    """Add to a list what is made of it and the call."""
    return lambda call: [*(jobs := call.go()), *make(jobs, call)]


def ghosts(jobs: list[dict[str, Any]], call: Call) -> list[dict[str, Any]]:
    """The entry of a job that nobody made, like the first one: what ``adds`` can make."""
    return [{**entry, "job_id": "0" * 8 + entry["job_id"][8:]} for entry in jobs[:1]]


def remembers(
    key: Callable[[Call], Any],
    holds: Callable[[Call, float], Any] = lambda call, age: True,
    *,
    here: bool = False,
) -> Effect:
    """Answer what was answered before, of the system's sessions or of one, while it holds, given its age in seconds.

    What was answered is kept, and handed out, as a copy. It is asked in any case, so that what is gone is gone.
    """

    def effect(call: Call) -> Any:
        answer = call.go()
        kept = (call.own if here else call.memory).setdefault("answers", {})
        known = call.point, key(call)
        if known in kept and holds(call, call.now - kept[known][0]):
            return deepcopy(kept[known][1])
        kept[known] = call.now, deepcopy(answer)
        return answer

    return effect


def forgets(call: Call) -> None:
    """Forget what the session remembers to have answered; to be used with ``first`` or ``then``."""
    call.own.pop("answers", None)


def by_job(call: Call) -> Any:
    """Remember by job."""
    return call.job_id


def by_arguments(call: Call) -> Any:
    """Remember by arguments."""
    return repr(dict(call.given))


# --- time and other jobs ----------------------------------------------------------------------------------------------


def sleeps(seconds: float | Callable[[Call], float]) -> Effect:
    """Let time pass, a function is given the call; to be used with ``first`` or ``then``."""
    return lambda call: call.system.server.clock.sleep(_of(seconds, call))


def administrator(call: Call) -> Any:
    """A session of the first user, that none of the mutant's knows of."""
    return SimulatedSystem.open_session(call.system)


def does(method: str, pick: Pick, by: Effect = lambda call: call.inner) -> Effect:
    """Do something, by the wrapped session or another, to each of the jobs that are picked; what can't be is left.

    To be used with ``first`` or ``then``.
    """

    def effect(call: Call) -> None:
        for job in picked(pick, call):
            with suppress(Exception):
                getattr(by(call), method)(job)

    return effect


def insists(method: str, pick: Pick) -> Effect:
    """Do something, by the wrapped session, to each of the jobs that are picked, and raise what that raises.

    To be used with ``first`` or ``then``.
    """

    def effect(call: Call) -> None:
        for job in picked(pick, call):
            getattr(call.inner, method)(job)

    return effect


def also(pick: Pick) -> Effect:
    """Do it to other jobs, too, those that are picked before; what can't be done is left."""

    def effect(call: Call) -> Any:
        others = picked(pick, call)
        answer = call.go()
        for job in others:
            attempt(call, call.point, job)
        return answer

    return effect


def those(holds: Holds) -> Callable[[Call], list[Any]]:
    """The ids of the jobs, of any user, of which something is true: what ``does`` can be done to."""
    return lambda call: [job.job_id for job in call.jobs if holds(call.about(job.job_id))]


def listed(where: Holds = always) -> Callable[[Call], list[Any]]:
    """The ids of the jobs in the right answer, a list, of which something is true: to be picked."""
    return lambda call: [job["job_id"] for job in call.answer if where(call.about(job["job_id"]))]


def attempt(call: Call, method: str, *args: Any) -> Any:
    """What a method of the wrapped session answers; None where it raises an error."""
    with suppress(Exception):
        return getattr(call.inner, method)(*args)


def nothing(call: Call) -> Any:
    """What could pass for an empty answer of the method that is called."""
    return deepcopy(_EMPTY.get(call.point))


_EMPTY: Final[Mapping[str, Any]] = {
    "get_job_meta": {},
    "list_jobs": [],
    "get_system_info": spec.SystemInfo(spec.ServerInfo("stopped", 0.0), [], []),
    "submit_job": "",
    "clone_job": "",
    "download_job_result": "",
    "monitor_job": spec.MonitorReturnCode.TIMEOUT,
}
