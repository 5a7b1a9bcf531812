"""Sessions that accept job definitions they have to refuse, raise the wrong error, or keep something of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.algebra import conditions as when
from contract_tests.mutants.algebra import effects as do
from contract_tests.mutants.algebra.altered import CLONE, LIST, SUBMIT, Change, on
from contract_tests.mutants.algebra.call import Call, Effect, Holds
from contract_tests.mutants.families.failures import look_alike
from contract_tests.mutants.families.folders import PATH, drops_key, read_meta, same_folder, submits_a_good_one
from contract_tests.mutants.families.renaming import numbered
from contract_tests.mutants.variant import Faults, mutants
from contract_tests.system.bad_definitions import BAD_DEFINITIONS
from flare_sim.spec import InternalError, InvalidArgumentError, InvalidJobDefinition, JobNotFound

# --- what is wrong with a definition ----------------------------------------------------------------------------------


def _apps(path: Any) -> dict[str, list[str]]:
    deployed: dict[str, list[str]] = read_meta(path)["deploy_map"]
    return deployed


def _sites(path: Any) -> list[str]:
    return [site for sites in _apps(path).values() for site in sites]


def _lacks(*parts: str) -> Callable[[Any], bool]:
    return lambda path: any(not Path(path, app, *parts).exists() for app in _apps(path))


def _few(path: Any) -> bool:
    clients = [site for site in _sites(path) if site != "server"]
    return "@ALL" not in clients and read_meta(path).get("min_clients", 1) > len(clients)


def _no_count(path: Any) -> bool:
    number = read_meta(path).get("min_clients", 1)
    return not isinstance(number, int) or number <= 0


def _unreadable(path: Any) -> bool:
    try:
        read_meta(path)
    except (ValueError, RecursionError):
        return True
    return False


# What is wrong with a refused definition, the first of these that holds, and what it becomes when nobody thought of it.
_KINDS: Final[Mapping[str, tuple[Callable[[Any], Any], type[Exception]]]] = {
    "not-text": (lambda path: not isinstance(path, str), TypeError),
    "empty-text": (lambda path: not path, InvalidArgumentError),
    "missing-path": (lambda path: not os.path.exists(path), FileNotFoundError),
    "plain-file": (os.path.isfile, NotADirectoryError),
    "empty-folder": (lambda path: not os.listdir(path), IndexError),
    "no-meta": (lambda path: not Path(path, "meta.json").is_file(), FileNotFoundError),
    "unreadable-meta": (_unreadable, ValueError),
    "meta-not-object": (lambda path: not isinstance(read_meta(path), dict), AttributeError),
    "no-deploy-map": (lambda path: not read_meta(path).get("deploy_map"), KeyError),
    "missing-app": (_lacks(), JobNotFound),
    "no-server-config": (_lacks("config", "config_fed_server.json"), InternalError),
    "no-client-config": (_lacks("config", "config_fed_client.json"), look_alike("InvalidJobDefinition")),
    "min-clients": (_no_count, InvalidArgumentError),
    "too-few-sites": (_few, ValueError),
    "mandatory-client": (lambda path: read_meta(path).get("mandatory_clients"), InternalError),
    "resource-spec": (lambda path: not isinstance(read_meta(path).get("resource_spec", {}), dict), TypeError),
}


def _kind_of(path: Any) -> str:
    return next((kind for kind, (holds, _) in _KINDS.items() if holds(path)), "")


def _refused(kind: str = "", holds: Holds = when.always, instead: Effect = submits_a_good_one) -> Change:
    """Accept a definition that is refused, for this or for anything; or answer what is done instead, if anything."""

    def handle(call: Call, error: InvalidJobDefinition) -> Any:
        if (not kind or _kind_of(call[PATH]) == kind) and holds(call) and (answer := instead(call)):
            return answer
        raise error

    return on(SUBMIT, do.raising(InvalidJobDefinition, handle))


def _refusal(number: Callable[[int], bool]) -> Holds:
    """The refusals, counted from 1 as they are asked about, of whose number something is true."""
    return lambda call: number(numbered(call, "refused"))


# --- accepting it -----------------------------------------------------------------------------------------------------

_OCCASIONS: Final[tuple[tuple[str, Holds], ...]] = (
    ("while a job runs", when.while_running),
    ("from the second user", when.second_user),
    ("the seventh time", _refusal(lambda number: number == 7)),
)


def _accepts(kind: str, index: int) -> dict[str, Change]:
    """Accept a kind of definitions, raise the wrong error, or accept it on two of three occasions."""
    of_kind = f"a bad definition ({kind})"
    _, error = _KINDS[kind]
    return {
        f"accepts {of_kind}": _refused(kind),
        f"raises {error.__name__} for {of_kind}": _refused(kind, instead=do.raises(error)),
        **{
            f"accepts {of_kind} {words}": _refused(kind, holds)
            for words, holds in (_OCCASIONS[index % 3], _OCCASIONS[(index + 1) % 3])
        },
    }


def _trips_over_bytes(call: Call) -> Any:
    raise UnicodeDecodeError("utf-8", call[PATH], 0, 1, "not a path")


def _parses(call: Call) -> None:
    """Let out what the parser raises for nesting."""
    with suppress(ValueError):
        read_meta(call[PATH])


def _has_a_whole_job(call: Call) -> bool:
    there = [sites for app, sites in _apps(call[PATH]).items() if Path(call[PATH], app).is_dir()]
    return any("@ALL" in sites or {"server", "site-1"} <= set(sites) for sites in there)


_LENIENT: Final[Faults] = {
    "submit.refuses.not-text": {
        "turns what it is given into text, and bytes into a path": _refused(
            "not-text", lambda call: isinstance(call[PATH], bytes), _trips_over_bytes
        ),
    },
    "submit.refuses.empty-text": {
        "takes the current folder for an empty path, in any session but the first": _refused(
            "empty-text", when.later_session
        ),
    },
    "submit.refuses.plain-file": {
        "takes the folder a meta.json lies in when handed the file": _refused(
            "plain-file",
            lambda call: os.path.basename(call[PATH]) == "meta.json",
            lambda call: call.inner.submit_job(os.path.dirname(call[PATH])),
        ),
    },
    "submit.refuses.no-meta": {
        "does not validate a path again that was good before": _refused("", when.after(SUBMIT, like=same_folder)),
    },
    "submit.refuses.unreadable-meta": {"trips over deeply nested JSON": _refused("unreadable-meta", instead=_parses)},
    "submit.refuses.missing-app": {
        "looks for the first app only": _refused(
            "missing-app", lambda call: Path(call[PATH], next(iter(_apps(call[PATH])))).is_dir()
        ),
        "misses no app where another that is there is for a whole job": _refused("missing-app", _has_a_whole_job),
    },
    "submit.refuses.no-server-config": {
        "is content with the app of the clients when there are two": _refused(
            "no-server-config", lambda call: len(_apps(call[PATH])) > 1
        ),
    },
    "submit.refuses.no-client-config": {
        "no longer validates apps once a job was cloned": _refused("no-client-config", when.after(CLONE)),
    },
    "submit.refuses.min-clients": {
        "sees a bad min_clients only the first time": _refused("min-clients", _refusal(lambda number: number > 1)),
        "submits jobs without their min_clients": on(SUBMIT, drops_key("min_clients")),
    },
    "submit.refuses.too-few-sites": {
        "counts the server as a site": _refused(
            "too-few-sites", lambda call: read_meta(call[PATH])["min_clients"] <= len(_sites(call[PATH]))
        ),
    },
    "submit.refuses.mandatory-client": {
        "looks at the first mandatory client only": _refused(
            "mandatory-client", lambda call: read_meta(call[PATH])["mandatory_clients"][0] == "site-1"
        ),
        "submits jobs without their mandatory_clients": on(SUBMIT, drops_key("mandatory_clients")),
    },
    "submit.refuses.resource-spec": {
        "takes a number of resources for every site": _refused(
            "resource-spec", lambda call: isinstance(read_meta(call[PATH])["resource_spec"], int)
        ),
        "submits jobs without their resource_spec": on(SUBMIT, drops_key("resource_spec")),
    },
}

# --- keeping something of it ------------------------------------------------------------------------------------------


def _stores(call: Call) -> None:
    """Keep a job, and refuse it all the same."""
    call.memory.setdefault("stored", []).append(submits_a_good_one(call))


def _tries_again(call: Call) -> None:
    """Submit jobs that are due, five seconds after they were refused."""
    refused = [each for each in call.earlier(SUBMIT) if isinstance(each.error, InvalidJobDefinition)]
    due = [each for each in refused if call.now - each.at >= 5]
    for _ in due[call.memory.get("tried", 0) :]:
        submits_a_good_one(call)
    call.memory["tried"] = len(due)


def _refused_to_another(call: Call) -> bool:
    refused = [each.user for each in call.earlier(SUBMIT) if isinstance(each.error, InvalidJobDefinition)]
    return refused[-1:] not in ([], [call.user])


_LEFTOVERS: Final[Faults] = {
    "submit.refusal-leaves-nothing": {
        "stores a job before it looks at its definition": _refused(instead=_stores),
        "stores a job before it looks at its mandatory clients": _refused("mandatory-client", instead=_stores),
        "keeps a job when a refused one is submitted again": _refused(
            "", when.after_error(InvalidJobDefinition, SUBMIT, like=same_folder), _stores
        ),
        "lists refused jobs in detail": _refused(instead=_stores)
        + on(LIST, do.leaves_out(lambda call: call.job_id in call.memory.get("stored", ())), ~when.detailed),
        "tries a refused submission again in the background": on(LIST, do.first(_tries_again)),
        "lists a job of a refused submission to other users, with all=True": on(
            LIST, do.adds(do.ghosts), when.everyone & _refused_to_another
        ),
        "lists a job of a refused submission among those of other users": on(
            LIST, do.adds(do.ghosts), ~when.everyone & _refused_to_another
        ),
    },
}

MUTANTS: Final = mutants(
    __name__,
    *({f"submit.refuses.{kind}": _accepts(kind, index)} for index, kind in enumerate(BAD_DEFINITIONS)),
    _LENIENT,
    _LEFTOVERS,
)
