"""Sessions that accept job definitions they have to refuse, or raise the wrong error."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from contract_tests.mutants.toolkit.generator import Generator, camel
from contract_tests.mutants.toolkit.notes import count, noted
from contract_tests.mutants.variant import VariantTable
from contract_tests.mutants.wrapper import WrappedSystem, Wrapper
from contract_tests.system import job_folders
from contract_tests.system.job_plan import JobPlan
from flare_sim.spec import InternalError, InvalidArgumentError, InvalidJobDefinition, JobNotFound

MUTANTS = VariantTable()
_GENERATOR: Final = Generator(MUTANTS, globals())
_PATH: Final = os.path


def _meta(path: str) -> Any:
    return json.loads(Path(path, "meta.json").read_bytes())


def _apps(path: str) -> list[str]:
    return list(_meta(path)["deploy_map"])


def _bad_resources(path: Any) -> bool:
    return not isinstance(_meta(path).get("resource_spec", {}), dict)


def _few(path: Any) -> bool:
    clients = [site for sites in _meta(path)["deploy_map"].values() for site in sites if site != "server"]
    return "@ALL" not in clients and _meta(path).get("min_clients", 1) > len(clients)


def _lacks(config: str) -> Callable[[Any], bool]:
    def lacks(path: Any) -> bool:
        return any(not Path(path, app, "config", config).is_file() for app in _apps(path))

    return lacks


def _no_count(path: Any) -> bool:
    number = _meta(path).get("min_clients", 1)
    return not isinstance(number, int) or number <= 0


def _unreadable(path: str) -> bool:
    try:
        _meta(path)
    except (ValueError, RecursionError):
        return True
    return False


_KINDS: Final[dict[str, Callable[[Any], bool]]] = {
    "not-text": lambda path: not isinstance(path, str),
    "empty-text": lambda path: not path,
    "missing-path": lambda path: not _PATH.exists(path),
    "plain-file": _PATH.isfile,
    "empty-folder": lambda path: not os.listdir(path),
    "no-meta": lambda path: not _PATH.isfile(_PATH.join(path, "meta.json")),
    "unreadable-meta": _unreadable,
    "meta-not-object": lambda path: not isinstance(_meta(path), dict),
    "no-deploy-map": lambda path: not _meta(path).get("deploy_map"),
    "missing-app": lambda path: any(not Path(path, app).is_dir() for app in _apps(path)),
    "no-server-config": _lacks("config_fed_server.json"),
    "no-client-config": _lacks("config_fed_client.json"),
    "min-clients": _no_count,
    "too-few-sites": _few,
    "mandatory-client": lambda path: bool(_meta(path).get("mandatory_clients")),
    "resource-spec": _bad_resources,
}
"""What is wrong with a refused definition: the first of these that holds."""


def kind_of(path: Any) -> str:
    """What is wrong with a definition that was refused."""
    return next((kind for kind, holds in _KINDS.items() if holds(path)), "")


class Lenient(Wrapper):
    """Does not see one kind of bad definition; a good job takes its place."""

    kind = ""

    def submit_job(self, job_definition_path: str) -> str:
        """Ask what to do about a refusal."""
        try:
            return super().submit_job(job_definition_path)
        except InvalidJobDefinition as error:
            if not self.kind or kind_of(job_definition_path) == self.kind:
                return self.refused(job_definition_path, error)
            raise

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept it."""
        return str(self.inner.submit_job(job_folders.job_folder(JobPlan(waits=True))))


class InvalidJobDefinitionOfOurs(Exception):
    """Is called nearly as the interface's exception, and is none of it."""


InvalidJobDefinitionOfOurs.__name__ = "InvalidJobDefinition"

_WRONG: Final[dict[str, type[Exception]]] = {
    "not-text": TypeError,
    "empty-text": InvalidArgumentError,
    "missing-path": FileNotFoundError,
    "plain-file": NotADirectoryError,
    "empty-folder": IndexError,
    "no-meta": FileNotFoundError,
    "unreadable-meta": ValueError,
    "meta-not-object": AttributeError,
    "no-deploy-map": KeyError,
    "missing-app": JobNotFound,
    "no-server-config": InternalError,
    "no-client-config": InvalidJobDefinitionOfOurs,
    "min-clients": InvalidArgumentError,
    "too-few-sites": ValueError,
    "mandatory-client": InternalError,
    "resource-spec": TypeError,
}
"""What each kind becomes when nobody thought of it."""


def _raises(cls: type[Exception]) -> Callable[..., str]:
    def refused(self: Lenient, path: Any, error: InvalidJobDefinition) -> str:
        raise cls(str(error))

    return refused


for _kind, _cls in _WRONG.items():
    _clause = f"submit.refuses.{_kind}"
    _GENERATOR.session(
        f"Accepts{camel(_kind)}", _clause, f"accepts a bad definition ({_kind})", {"kind": _kind}, Lenient
    )
    _GENERATOR.session(
        f"Misnames{camel(_kind)}",
        _clause,
        f"raises {_cls.__name__} for a bad definition ({_kind})",
        {"kind": _kind, "refused": _raises(_cls)},
        Lenient,
    )


@MUTANTS.mutant("submit.refuses.not-text", "turns what it is given into text, and bytes into a path")
class TakesBytes(Lenient):
    """Decodes what is no text."""

    kind = "not-text"

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Accept bytes, and trip over them."""
        if isinstance(path, bytes):
            raise UnicodeDecodeError("utf-8", path, 0, 1, "not a path")
        raise error


class _Sometimes(Lenient):
    """Accepts now and then."""

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Refuse most of the time."""
        if self.accepts(path):
            return super().refused(path, error)
        raise error

    def accepts(self, path: Any) -> bool:
        """Whether this one slips through."""
        return False


@MUTANTS.mutant("submit.refuses.empty-text", "takes the current folder for an empty path, in any session but the first")
class EmptyIsHere(_Sometimes):
    """Validates in the first session."""

    kind = "empty-text"

    def __init__(self, inner: Any, system: WrappedSystem, user: str) -> None:
        super().__init__(inner, system, user)
        self.number = count(self, "opened")

    def accepts(self, path: Any) -> bool:
        """Trust later sessions."""
        return self.number > 1


@MUTANTS.mutant("submit.refuses.plain-file", "takes the folder a meta.json lies in when handed the file")
class TakesFolderOfMeta(Lenient):
    """Guesses what was meant."""

    kind = "plain-file"

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Submit the folder around the file."""
        if _PATH.basename(path) != "meta.json":
            raise error
        return str(self.inner.submit_job(_PATH.dirname(path)))


@MUTANTS.mutant("submit.refuses.no-meta", "does not validate a path again that was good before")
class ValidatesPathOnce(_Sometimes):
    """Remembers verdicts by path."""

    def submit_job(self, job_definition_path: str) -> str:
        """Remember the good ones."""
        job = super().submit_job(job_definition_path)
        noted(self, "good").append(job_definition_path)
        return job

    def accepts(self, path: Any) -> bool:
        """Trust a path that was good."""
        return path in noted(self, "good")


@MUTANTS.mutant("submit.refuses.unreadable-meta", "trips over deeply nested JSON")
class TripsOverNesting(Lenient):
    """Lets the parser's error out."""

    kind = "unreadable-meta"

    def refused(self, path: Any, error: InvalidJobDefinition) -> str:
        """Raise what the parser raised, if it was that."""
        try:
            _meta(path)
        except ValueError:
            raise error from None
        raise error


@MUTANTS.mutant("submit.refuses.missing-app", "looks for the first app only")
class LooksForFirstApp(_Sometimes):
    """Stops after one app of the deploy map."""

    kind = "missing-app"

    def accepts(self, path: Any) -> bool:
        """Look for one app."""
        return Path(path, _apps(path)[0]).is_dir()


@MUTANTS.mutant("submit.refuses.missing-app", "misses no app where another that is there is for a whole job")
class ContentWithOneApp(_Sometimes):
    """Runs what it has."""

    kind = "missing-app"

    def accepts(self, path: Any) -> bool:
        """Look for an app that serves the server and a client."""
        deployed: dict[str, list[str]] = _meta(path)["deploy_map"]
        there = [sites for app, sites in deployed.items() if Path(path, app).is_dir()]
        return any("@ALL" in sites or {"server", "site-1"} <= set(sites) for sites in there)


@MUTANTS.mutant("submit.refuses.no-server-config", "is content with the app of the clients when there are two")
class LooksAtOneOfTwoApps(_Sometimes):
    """Validates the app that comes last."""

    kind = "no-server-config"

    def accepts(self, path: Any) -> bool:
        """Look at the last app."""
        return len(_apps(path)) > 1


@MUTANTS.mutant("submit.refuses.no-client-config", "no longer validates apps once a job was cloned")
class NoValidationAfterClone(_Sometimes):
    """Loses its validator."""

    kind = "no-client-config"

    def clone_job(self, job_id: str) -> str:
        """Lose it."""
        self.system.memory["cloned"] = True
        return super().clone_job(job_id)

    def accepts(self, path: Any) -> bool:
        """Do without it."""
        return bool(self.system.memory.get("cloned"))


@MUTANTS.mutant("submit.refuses.min-clients", "sees a bad min_clients only the first time")
class RefusesMinClientsOnce(_Sometimes):
    """Gives in when asked again."""

    kind = "min-clients"

    def accepts(self, path: Any) -> bool:
        """Give in."""
        return count(self, "refused") > 1


@MUTANTS.mutant("submit.refuses.too-few-sites", "counts the server as a site")
class CountsServerAsSite(_Sometimes):
    """Is off by one."""

    kind = "too-few-sites"

    def accepts(self, path: Any) -> bool:
        """Count one more."""
        sites = [site for sites in _meta(path)["deploy_map"].values() for site in sites]
        return bool(_meta(path)["min_clients"] <= len(sites))


@MUTANTS.mutant("submit.refuses.mandatory-client", "looks at the first mandatory client only")
class LooksAtFirstMandatory(_Sometimes):
    """Stops after one."""

    kind = "mandatory-client"

    def accepts(self, path: Any) -> bool:
        """Look at one."""
        return bool(_meta(path)["mandatory_clients"][0] == "site-1")


@MUTANTS.mutant("submit.refuses.resource-spec", "takes a number of resources for every site")
class ResourcesAreANumber(_Sometimes):
    """Knows one kind of resources only."""

    kind = "resource-spec"

    def accepts(self, path: Any) -> bool:
        """Take a number."""
        return isinstance(_meta(path)["resource_spec"], int)
