"""Sessions that clone another definition or for another user, or clones that do not start over."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import ABORT, CLONE, LIST, META, METAS, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.algebra.conditions import Condition
from contract_tests.mutants.algebra.relatives import clone_of_clone, owner, root
from contract_tests.mutants.families.folders import folder, read_meta
from contract_tests.mutants.variant import Faults, mutants
from flare_sim.spec import JobNotFound

_LOST: Final[Mapping[str, Any]] = {
    "name": "clone of a job",
    "deploy_map": {},
    "resource_spec": {"site-1": {}},
    "min_clients": 1,
    "mandatory_clients": ["site-1", "site-2"],
}


def _keeps_name(call: Call) -> None:
    call.memory.setdefault("name", call.meta["name"])


def _looks_into_the_folder(call: Call) -> None:
    with suppress(OSError):
        call.memory[call.answer] = read_meta(folder(call)).get("mandatory_clients", [])


def _original(call: Call) -> dict[str, Any]:
    """The meta of a clone's original as it was read last, empty where it was not."""
    read = when.last(call, META, like=lambda one, other: other.job_id == when.origin(one))
    return read.answer if read else {}


def _read_as(begins: str) -> Condition:
    return Condition(
        f"for a clone whose original was read as {begins}",
        lambda call: str(_original(call).get("status")).startswith(begins),
    )


def _run_times(meta: dict[str, Any], call: Call) -> dict[str, Any]:
    original = _original(call)
    return {**meta, **{key: original[key] for key in ("start_time", "duration") if key in original}}


def _owner_of_original(meta: dict[str, Any], call: Call) -> str:
    return owner(call.about(when.origin(call)))


def _owner_of_root(meta: dict[str, Any], call: Call) -> str:
    made = root(call)
    return made.user if made else ""


_FAULTS: Final[Faults] = {
    "clone.definition": {
        **{
            f"does not carry {key} over": on(METAS, do.retells(when.clone, **{key: value}))
            for key, value in _LOST.items()
        },
        "tells names in capitals for a clone": on(
            META, do.tells(when.clone, name=lambda meta, call: meta["name"].upper() + "!")
        ),
        "calls the clone of a clone after its original with a number": on(
            METAS, do.retells(clone_of_clone, name=lambda meta, call: f"{meta['name']} (2)")
        ),
        "gives a clone the name of the job that was cloned first": on(CLONE, do.then(_keeps_name))
        + on(METAS, do.retells(when.clone, name=lambda meta, call: call.memory["name"])),
        "loses the name of a job that failed": on(
            METAS, do.tells(when.birth(when.was("FINISHED:EXECUTION_EXCEPTION")), name="")
        ),
        "looks for the clients that a clone must have in the original's folder": on(
            CLONE, do.then(_looks_into_the_folder)
        )
        + on(
            META,
            do.retells(
                mandatory_clients=lambda meta, call: call.memory.get(call.job_id, meta["mandatory_clients"]),
            ),
        ),
    },
    "clone.starts-over": {
        "is an hour off for a clone": on(
            META, do.tells(when.clone, submit_time=lambda meta, call: meta["submit_time"] - 3_600)
        ),
        "takes the status over from a finished original": on(
            METAS, do.tells(_read_as("FINISHED"), status=lambda meta, call: _original(call)["status"])
        ),
        "takes the status over from a running original": on(METAS, do.tells(_read_as("RUNNING"), status="RUNNING")),
        "takes the submit time over": on(
            METAS, do.tells(when.clone, submit_time=lambda meta, call: _original(call).get("submit_time", 0.0))
        ),
        "takes the run times over": on(METAS, do.told(_run_times, when.clone)),
        "begins the clone of an aborted job as aborted": on(
            CLONE, do.then(do.does(ABORT, lambda call: call.answer)), when.aborted
        ),
        "refuses to clone a job that could not be deployed": on(
            CLONE, do.raises(JobNotFound), when.status("FINISHED:FAILED_TO_RUN")
        ),
        "lists a clone under the status of its original": on(
            LIST, do.tells(status=lambda meta, call: _original(call).get("status", meta["status"]))
        ),
    },
    "clone.owner": {
        "leaves a clone with the owner of its original": on(
            METAS, do.retells(when.clone, submitter_name=_owner_of_original)
        ),
        "names no submitter for a clone": on(METAS, do.retells(when.clone, submitter_name="")),
        "names whoever reads a clone's meta": on(
            METAS, do.retells(when.clone, submitter_name=lambda meta, call: call.user)
        ),
        "gives a clone of a clone to whoever submitted the original": on(
            METAS, do.retells(clone_of_clone, submitter_name=_owner_of_root)
        ),
        "lists the clone of another's job among that user's jobs only": on(
            LIST, do.leaves_out(when.clone & (lambda call: owner(call.about(when.origin(call))) != owner(call)))
        ),
        "books a clone of another's clone to that other": on(
            METAS, do.retells(clone_of_clone, submitter_name=_owner_of_original)
        ),
        "names root for the submitter for a clone": on(META, do.tells(when.clone, submitter_name="root")),
    },
}

MUTANTS: Final = mutants(__name__, _FAULTS)
