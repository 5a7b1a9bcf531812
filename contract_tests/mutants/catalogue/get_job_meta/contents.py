"""Sessions whose metas are no dicts, lack keys, or tell the wrong id, name or status."""

from __future__ import annotations

import json
from collections import UserDict
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import META, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call
from contract_tests.mutants.families.folders import drops_key
from contract_tests.mutants.families.occasions import (
    OF_CALLS_ABOUT_A_JOB,
    OF_CLONES,
    OF_METAS,
    bound_to_threads,
    wrong_on,
)
from contract_tests.mutants.variant import Faults, mutants

_TYPES: Final[Mapping[str, Callable[[Any], Any]]] = {
    "returns JSON text": json.dumps,
    "returns a list of pairs": lambda meta: list(meta.items()),
    "returns a mapping that is no dict": MappingProxyType,
    "returns something that behaves like a dict": UserDict,
    "returns a list with the meta in it": lambda meta: [meta],
}

_NAMES: Final = {
    "tells names in small letters": str.lower,
    "tells sixty-four characters of a name": lambda name: name[:64],
    "tells names without what is not ASCII": lambda name: name.encode("ascii", "ignore").decode(),
    "tells names as words of a file name": lambda name: name.replace(" ", "-"),
    "tells names that look like numbers as numbers": lambda name: int(name) if name.isdigit() else name,
    "tells the folder's name": lambda name: "contract_job",
    "strips blanks from names": str.strip,
    "makes one blank of several in a name": lambda name: name.replace("  ", " "),
}


def _named(change: Any) -> Change:
    return on(META, do.tells(name=lambda meta, call: change(meta["name"])))


def _last_asked(meta: dict[str, Any], call: Call) -> Any:
    before = when.last(call, META, like=when.same_session)
    return before.job_id if before else call.job_id


_FAULTS: Final[Faults] = {
    "meta.dict": {
        **{difference: on(META, do.answers(make)) for difference, make in _TYPES.items()},
        "returns None for a job that could not be scheduled": on(META, do.answers(lambda meta: None), when.given_up),
        "returns None while a job is dispatched": on(META, do.answers(lambda meta: None), when.dispatched),
        "returns text for a job of another user": on(META, do.answers(str), when.others),
        "returns None for a clone whose original is deleted": on(
            META, do.answers(lambda meta: None), when.original(~when.exists)
        ),
    },
    "meta.keys": {
        **{
            f"tells no {key}": on(META, do.lacks(key))
            for key in ("job_id", "name", "status", "submitter_name", "submit_time")
        },
        "tells no submit_time once a job is done": on(META, do.lacks("submit_time"), when.done),
        "tells no submitter of clones": on(META, do.lacks("submitter_name"), when.clone),
        "tells another user nothing but id and status": on(META, do.only("job_id", "status"), when.others),
        "calls the name job_name, as lists do, in every session but the first": on(
            META,
            do.answers(lambda meta: {"job_name" if key == "name" else key: meta[key] for key in meta}),
            when.later_session,
        ),
    },
    "meta.job-id": {
        "tells a clone's original": on(META, do.tells(job_id=lambda meta, call: meta["cloned_from"]), when.clone),
        "tells ids in capitals": on(META, do.tells(job_id=lambda meta, call: call.job_id.upper())),
        "tells the first eight characters of an id": on(META, do.tells(job_id=lambda meta, call: call.job_id[:8])),
        "tells the id of the job that was asked for before": on(META, do.tells(job_id=_last_asked)),
        "tells no id of a job that is done": on(META, do.tells(job_id=None), when.done),
    },
    "meta.name": {
        **{difference: _named(change) for difference, change in _NAMES.items()},
        "tells every job the name of the first that was read": on(
            META, do.tells(name=lambda meta, call: call.memory.setdefault("name", meta["name"]))
        ),
        "tells of clones that they are clones, in their names": on(
            META, do.tells(name=lambda meta, call: f"{meta['name']}-clone"), when.clone
        ),
        "submits jobs without their name": on(SUBMIT, drops_key("name")),
    },
    "meta.status": {
        "tells the status as a number": on(META, do.tells(status=lambda meta, call: len(meta["status"]))),
        "tells the status as bytes": on(META, do.tells(status=lambda meta, call: meta["status"].encode())),
        "tells no status before a job is scheduled": on(META, do.tells(status=None), when.waiting),
        "tells empty text of a job that was killed": on(META, do.tells(status=""), when.killed),
        "tells status and reason in a tuple once a job is done": on(
            META, do.tells(status=lambda meta, call: tuple(meta["status"].split(":"))), when.done
        ),
    },
}

_SOMETIMES: Final = {**OF_METAS, **OF_CLONES}

MUTANTS: Final = mutants(
    __name__,
    _FAULTS,
    wrong_on(OF_CALLS_ABOUT_A_JOB, "meta.dict", "returns the meta in a list", META, lambda meta: [meta]),
    wrong_on(
        _SOMETIMES,
        "meta.keys",
        "tells no submitter",
        META,
        lambda meta: {key: value for key, value in meta.items() if key != "submitter_name"},
    ),
    wrong_on(_SOMETIMES, "meta.job-id", "cuts ids short", META, lambda meta: {**meta, "job_id": meta["job_id"][:-1]}),
    wrong_on(
        OF_METAS,
        "meta.name",
        "tells names in capitals",
        META,
        lambda meta: {**meta, "name": meta["name"].upper() + "!"},
    ),
    wrong_on(_SOMETIMES, "meta.status", "tells no status", META, lambda meta: {**meta, "status": None}),
    bound_to_threads("meta.dict", META),
)
