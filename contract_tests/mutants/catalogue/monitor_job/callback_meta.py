"""Sessions whose monitor_job gives the callback the wrong session, job id or meta."""

from __future__ import annotations

from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.monitor import CALLBACK, POLL
from contract_tests.mutants.families.monitoring import AT_END
from contract_tests.mutants.variant import Faults, mutants


def _nested(meta: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in meta.items() if isinstance(value, (list, dict))}


def _read_before(call: Call) -> dict[str, Any]:
    before = call.own["before"] if call.monitor.polls > 1 else call.monitor.meta
    call.own["before"] = call.monitor.meta
    return dict(before)


def _read_first(call: Call) -> dict[str, Any]:
    if call.monitor.polls == 1:
        call.own["first"] = call.monitor.meta
    return dict(call.own["first"])


def _current(method: str, step: Change) -> Change:
    """A monitor that follows the session's current job, which a method changes."""

    def moves(call: Call) -> Any:
        made = call.go()
        call.own["current"] = made if isinstance(made, str) else call.job_id
        return made

    def monitor(call: Call) -> Any:
        before, call.own["current"] = call.own.get("current", call.job_id), call.job_id
        try:
            return call.go()
        finally:
            call.own["current"] = before

    return on(method, moves) + on("monitor_job", monitor) + step


def _current_job(call: Call) -> Any:
    return call.own["current"]


def _keeps_what_the_callback_wrote(call: Call) -> Any:
    answer = call.go()
    call.memory[call.job_id] = call["meta"]
    return answer


def _shares_parts(meta: dict[str, Any], call: Call) -> dict[str, Any]:
    parts = call.memory.setdefault(call.job_id, {})
    return {**meta, **{key: parts.setdefault(key, value) for key, value in _nested(meta).items()}}


def _shared_dict(call: Call) -> dict[str, Any]:
    shared: dict[str, Any] = call.monitor.own
    shared.update(call["meta"])
    return shared


_FAULTS: Final[Faults] = {
    "monitor.callback-session": {
        "gives the callback the session it wraps": on(CALLBACK, do.passing(session=lambda call: call.inner)),
        "hands the callback on as it is, to the session it wraps": on(
            "monitor_job",
            lambda call: call.inner.monitor_job(*list(call.given.values())[:4], *call["cb_args"], **call["cb_kwargs"]),
        ),
        "gives the callback a new session of the user": on(
            CALLBACK, do.passing(session=lambda call: type(call.session)(call.inner, call.system, call.user))
        ),
        "gives every call but the first the session it wraps": on(
            CALLBACK, do.passing(session=lambda call: call.inner), when.later_poll
        ),
        "gives the callback of a monitor in a callback the session it wraps": on(
            CALLBACK, do.passing(session=lambda call: call.inner), when.nested
        ),
        "gives the callback of a done job no session": on(CALLBACK, do.passing(session=None), AT_END),
        "gives the callback the user's first session, also in a later one": on(
            CALLBACK,
            do.passing(session=lambda call: next(each.session for each in call.earlier() if each.user == call.user)),
        ),
    },
    "monitor.callback-job-id": {
        "gives the callback the job's name for its id": on(
            CALLBACK, do.passing(job_id=lambda call: call["meta"]["name"])
        ),
        "gives the callback the id in capitals": on(CALLBACK, do.passing(job_id=lambda call: call.job_id.upper())),
        "gives the callback the id of the job that was submitted last": on(
            CALLBACK, do.passing(job_id=lambda call: call.inner.list_jobs()[-1]["job_id"])
        ),
        "gives the callback the id of the original when a clone is monitored": on(CALLBACK, do.about(when.origin)),
    },
    "monitor.callback-meta": {
        "gives the callback the meta of the poll before": on(CALLBACK, do.passing(meta=_read_before)),
        "gives the callback the meta of the first poll for ever": on(CALLBACK, do.passing(meta=_read_first)),
        "gives the callback the status for the meta": on(
            CALLBACK, do.passing(meta=lambda call: call["meta"]["status"])
        ),
        "gives the callback a meta of three keys": on(
            CALLBACK,
            do.passing(meta=lambda call: {key: call["meta"][key] for key in ("job_id", "name", "status")}),
        ),
        "gives the callback the meta of the original when a clone is monitored": on(
            CALLBACK,
            do.passing(meta=lambda call: do.attempt(call, "get_job_meta", when.origin(call)) or call["meta"]),
        ),
        "gives the callback of a second monitor the metas that the first one read": on(
            CALLBACK,
            do.passing(meta=lambda call: dict(call.memory.setdefault((call.job_id, call.monitor.polls), call["meta"]))),
        ),
    },
    "monitor.callback-meta-copy": {
        "decides by the meta after the callback has changed it": on(
            CALLBACK, do.passing(meta=lambda call: call.monitor.meta)
        ),
        "tells the status that a callback wrote into its meta": on(CALLBACK, _keeps_what_the_callback_wrote)
        + on(
            ("get_job_meta", POLL),
            do.tells(status=lambda meta, call: call.memory.get(call.job_id, {}).get("status", meta["status"])),
        ),
        "hands the same lists and dicts inside the meta out again": on(
            ("get_job_meta", "poll"), do.told(_shares_parts)
        ),
        "hands what a callback added to its meta to the next call": on(CALLBACK, do.passing(meta=_shared_dict)),
        "reads lists and dicts of a meta once in a monitor, and hands them out again": on(
            CALLBACK, do.passing(meta=lambda call: {**call["meta"], **_nested(call.monitor.metas[0])})
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    *(
        {
            "monitor.callback-job-id": {
                f"tells the id of the job that {method} in the callback was about": _current(
                    method, on(CALLBACK, do.about(_current_job))
                )
            },
            "monitor.callback-meta": {
                f"tells the meta of the job that {method} in the callback was about": _current(
                    method, on(POLL, do.about(_current_job))
                )
            },
        }
        for method in ("submit_job", "clone_job", "get_job_meta")
    ),
)
